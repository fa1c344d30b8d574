"""Refs: reading them, and moving several of them in one transaction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from migrate.errors import GitFailedError, RefusedError, RepositoryError
from migrate.git.objects import Oid
from migrate.git.process import encode
from migrate.git.repository import Repository

KINDS = ("commit", "tag", "tree", "blob")
REASON = "migrate: "
"""What the reasons begin with that we leave in reflogs."""
PLAIN_NAME = re.compile(r"[A-Za-z0-9_]+(?:[/-][A-Za-z0-9_]+)*")


@dataclass(frozen=True)
class RefUpdate:
    """One ref goes from `old` to `new`; None means that it does not exist before or after."""

    ref: str
    old: Oid | None
    new: Oid | None


def read_refs(repository: Repository, *prefixes: str) -> dict[str, Oid]:
    """Every ref below the prefixes by its full name."""
    listed = repository.git.text("for-each-ref", "--format=%(objectname) %(refname)", *prefixes)
    # Not splitlines(): git allows U+2028 in the name of a ref.
    return {name: oid for oid, _, name in (line.partition(" ") for line in listed.split("\n") if line)}


def read_kinds(repository: Repository, *prefixes: str) -> dict[str, tuple[str, Oid]]:
    """Every ref below the prefixes by its full name: the kind of object that it names, such as `commit`, and which."""
    try:
        listed = repository.git.text("for-each-ref", "--format=%(objecttype) %(objectname) %(refname)", *prefixes)
    except GitFailedError:  # One that is not here, or cannot be read, and git tells of none.
        refs = read_refs(repository, *prefixes)
        asked = "".join(f"{oid}\n" for oid in refs.values())
        answers = repository.git.run("cat-file", "--batch-check=%(objecttype)", stdin=encode(asked)).text.split("\n")
        kinds = (kind if kind in KINDS else "commit" for kind in answers)
        return {ref: (kind, oid) for (ref, oid), kind in zip(refs.items(), kinds, strict=False)}
    rows = (line.split(" ", 2) for line in listed.split("\n") if line)
    return {name: (kind, oid) for kind, oid, name in rows}


def last_reasons(repository: Repository, refs: Sequence[str]) -> dict[str, str]:
    """Why some refs were moved last, as their reflogs say, an empty text for one that says nothing any more.

    A ref without a reflog is left out.
    """
    told = repository.git.run("log", "-g", "--format=%gD%x00%gs", *refs, "--", accept=(0, 128))
    found: dict[str, str] = {}
    for selector, _, reason in (line.partition("\0") for line in told.text.split("\n") if line):
        found.setdefault(selector.rpartition("@{")[0], reason)
    silent = [ref for ref in refs if ref not in found and repository.git.succeeds("reflog", "exists", ref)]
    return found | dict.fromkeys(silent, "")


def exactly(repository: Repository, *refs: str) -> dict[str, Oid]:
    """The values of some refs; for a name without a ref nothing, also where refs stand below it."""
    return {ref: oid for ref, oid in read_refs(repository, *refs).items() if ref in refs} if refs else {}


def is_branch_name(repository: Repository, name: str) -> bool:
    """Whether git accepts `name` as a branch's; for names of plain words it need not be asked."""
    if PLAIN_NAME.fullmatch(name):
        return True
    return not name.startswith("-") and repository.git.succeeds("check-ref-format", f"refs/heads/{name}")


def move_refs(repository: Repository, updates: Sequence[RefUpdate], reason: str) -> None:
    """Move all refs in one transaction, or none.

    Every update names the value that it expects. Raises `RefusedError` when one of them changed meanwhile,
    `RepositoryError` when one cannot be written: then nothing was moved.
    """
    null = repository.null_oid
    lines = [encode(f"update {u.ref}\0{u.new or null}\0{u.old or null}\0") for u in updates]
    script = b"start\0" + b"".join(lines) + b"prepare\0commit\0"
    try:
        repository.git.run("update-ref", "-m", REASON + reason, "--create-reflog", "-z", "--stdin", stdin=script)
    except GitFailedError as error:
        if "cannot create" in error.stderr:
            said = error.stderr.splitlines()[-1]
            raise RepositoryError(
                f"a branch stands where a folder of branches is needed, so nothing was moved ({said})",
                advice="rename that branch, or choose another branch_prefix in the plan",
            ) from error
        if "Unable to create" in error.stderr:
            raise RepositoryError(
                f"a ref cannot be written, so nothing was moved ({error.stderr.splitlines()[-1]})",
                advice="see to that, then run the command again",
            ) from error
        if "cannot lock ref" in error.stderr or "reference already exists" in error.stderr:
            raise RefusedError(
                f"a branch changed while this ran, so nothing was moved ({error.stderr.splitlines()[-1]})",
                advice="run the command again",
            ) from error
        if "aborted by hook" in error.stderr:
            advice = "nothing was changed; ask what the reference-transaction hook of this repository wants"
            raise GitFailedError(error.message, stderr=error.stderr, advice=advice) from error
        raise
