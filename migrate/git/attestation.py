"""Signing a statement as git signs a commit, and checking such signatures.

What is signed is a commit that has the tree in question, no parent, the person as author and committer, and the
statement as its message. So `gpg.format`, `user.signingkey`, the programs and agents of the user work as for
`git commit -S`, and git does the checking. No ref names that commit: the signature alone is kept, and the commit is
written again, outside of the repository, to be looked at.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from migrate.errors import GitFailedError
from migrate.git.commit_signing import person_line, signing_failure
from migrate.git.objects import TreeId
from migrate.git.repository import Repository
from migrate.text import decode, encode

PROGRAMS = {
    "gpg.program": "gpg",
    "gpg.openpgp.program": "gpg",
    "gpg.x509.program": "gpgsm",
    "gpg.ssh.program": "ssh-keygen",
}
"""The programs that check, by the setting that names another one (git-config(1))."""
OWN_SCOPES = ("system", "global", "command")
"""Scopes whose settings may name a program that runs when somebody only looks: not those of the repository."""

ARMOR = re.compile(
    r"-----BEGIN (SSH SIGNATURE|PGP SIGNATURE|PGP MESSAGE|SIGNED MESSAGE)-----\n(?:[ -~]*\n){1,400}-----END \1-----"
)
"""The forms of signatures that git knows (`gpg-interface.c`)."""

IDENT = re.compile(r"[^<>\n\0]* <[^<>\n\0]*>")
"""A person as a commit can name them."""


@dataclass(frozen=True)
class SignedStatement:
    """A person's statement about a tree: `who` is `Name <mail>`, `seconds` count from 1970."""

    tree: TreeId
    who: str
    seconds: int
    text: str

    @property
    def raw(self) -> bytes:
        """The commit that is signed."""
        ident = f"{self.who} {self.seconds} +0000"
        return encode(f"tree {self.tree}\nauthor {ident}\ncommitter {ident}\n\n{self.text}\n")

    def signed(self, signature: str) -> bytes:
        """The same with a signature, as git stores it."""
        head, _, message = self.raw.partition(b"\n\n")
        name = "gpgsig" if len(self.tree) == 40 else "gpgsig-sha256"
        lines = "\n ".join(signature.rstrip("\n").split("\n"))
        return head + encode(f"\n{name} {lines}") + b"\n\n" + message


@dataclass(frozen=True)
class CheckedSignature:
    """git's verdict on a signature: its letter for `%G?`, the signer, and the fingerprints of the key."""

    letter: str
    signer: str
    fingerprints: tuple[str, ...]


def attest_statement(repository: Repository, statement: SignedStatement) -> str:
    """The signature of a statement. Raises `GitFailedError` when git cannot sign, as without a key."""
    ident = f"{statement.who} {statement.seconds} +0000"
    try:
        oid = repository.git.run(
            *("-c", "i18n.commitEncoding=UTF-8", "commit-tree", "-S", "-F", "-", statement.tree),
            stdin=encode(statement.text + "\n"),
            env={**person_line("AUTHOR", ident), **person_line("COMMITTER", ident)},
        ).text
    except GitFailedError as error:
        raise GitFailedError(
            f"this cannot be signed, so nothing was recorded: {signing_failure(error.stderr)}",
            stderr=error.stderr,
            advice="make git commit -S work here, then run the command again",
        ) from error
    raw = next(repository.objects.blobs([oid]))[1]
    signature = signature_of(raw)
    if not signature or statement.signed(signature) != raw:
        raise GitFailedError("git signed something else, so nothing was recorded", stderr=decode(raw))
    return signature


def signature_of(raw: bytes) -> str:
    """The signature in a commit; empty when it has none."""
    lines: list[str] = []
    for line in decode(raw.partition(b"\n\n")[0]).split("\n"):
        if line.startswith(("gpgsig ", "gpgsig-sha256 ")):
            lines = [line.partition(" ")[2]]
        elif lines and line.startswith(" "):
            lines.append(line[1:])
    return "\n".join(lines)


def check_attestation(
    repository: Repository, signed: Sequence[tuple[SignedStatement, str]], allowed: str | None
) -> list[CheckedSignature | None]:
    """git's verdicts on signatures, in their order; None for something that is not a signature.

    `allowed` is the text of a file of allowed signers (ssh-keygen(1)); None takes the user's own. Nothing is written
    into the repository, and no program runs that only the repository's settings name.
    """
    raws = {
        index: statement.signed(signature)
        for index, (statement, signature) in enumerate(signed)
        if ARMOR.fullmatch(signature.strip()) and IDENT.fullmatch(statement.who) and "\0" not in statement.text
    }
    found = looked_at(repository, raws, allowed) if raws else {}
    return [found.get(index) for index in range(len(signed))]


def looked_at(repository: Repository, raws: Mapping[int, bytes], allowed: str | None) -> dict[int, CheckedSignature]:
    """git's verdicts on the signatures of some commits; if one makes git fail, the others are checked without it."""
    try:
        return shown_signature(repository, raws, allowed)
    except GitFailedError:
        if len(raws) == 1:
            return {}
        one_by_one = (looked_at(repository, {index: raw}, allowed) for index, raw in raws.items())
        return {index: checked for found in one_by_one for index, checked in found.items()}


def shown_signature(
    repository: Repository, raws: Mapping[int, bytes], allowed: str | None
) -> dict[int, CheckedSignature]:
    """What git shows of the signatures of some commits, which are written into a folder of their own for that."""
    with TemporaryDirectory(prefix="migrate-") as name:
        folder = Path(name)
        for index, raw in raws.items():
            (folder / str(index)).write_bytes(raw)
        (folder / "objects").mkdir()
        env = {
            "GIT_OBJECT_DIRECTORY": str(folder / "objects"),
            "GIT_ALTERNATE_OBJECT_DIRECTORIES": str(repository.common_dir / "objects"),
        }
        paths = "".join(f"{folder / str(index)}\n" for index in raws)
        made = repository.git.run(
            *("hash-object", "-t", "commit", "-w", "--stdin-paths", "--no-filters"), stdin=encode(paths), env=env
        )
        oids = made.text.split()
        options = [*programs(repository), *allowing(folder, allowed)]
        listed = repository.git.run(
            *(word for option in options for word in ("-c", option)),
            *("log", "-z", "--no-walk=unsorted", "--no-patch", "--no-show-signature"),
            *("--format=%H%x1f%G?%x1f%GS%x1f%GF%x1f%GP", "--stdin"),
            stdin=encode("".join(f"{oid}\n" for oid in oids)),
            env=env,
        )
    rows = [row.split("\x1f") for row in decode(listed.stdout).split("\0") if row]
    found = {oid: CheckedSignature(letter, signer, (key, primary)) for oid, letter, signer, key, primary in rows}
    return {index: found[oid] for index, oid in zip(raws, oids, strict=True) if oid in found}


def allowing(folder: Path, allowed: str | None) -> list[str]:
    """The setting by which ssh-keygen knows whose keys are allowed."""
    if allowed is None:
        return []
    file = folder / "allowed"
    file.write_bytes(encode(allowed))
    return [f"gpg.ssh.allowedSignersFile={file}"]


def programs(repository: Repository) -> list[str]:
    """The settings that name the programs that check: the user's, or those that git takes."""
    listed = repository.git.run("config", "-z", "--show-scope", "--get-regexp", r"^gpg\.(.*\.)?program$", accept=(0, 1))
    fields = decode(listed.stdout).split("\0")
    own: Mapping[str, str] = {
        entry.partition("\n")[0].lower(): entry.partition("\n")[2]
        for scope, entry in zip(fields[::2], fields[1::2], strict=False)
        if scope in OWN_SCOPES
    }
    openpgp = own.get("gpg.openpgp.program", own.get("gpg.program", PROGRAMS["gpg.program"]))
    chosen = {**PROGRAMS, **own, "gpg.program": openpgp, "gpg.openpgp.program": openpgp}
    return [f"{key}={value}" for key, value in chosen.items()]
