"""Signatures of receipts and approvals: making and checking them.

A signature covers everything that a receipt says: migration, tree, phase, validation and its definition, outcome,
person and time. Copied to another tree or phase it is therefore wrong.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from fnmatch import fnmatchcase

from migrate.git.attestation import CheckedSignature, SignedStatement, attest_statement, check_attestation
from migrate.git.repository import Repository
from migrate.validation.receipt import Receipt, Signature, parse_moment, shareable

KEY_TYPES = ("ssh-", "ecdsa-", "sk-", "openpgp")
"""How the type of a key begins in a file of allowed signers."""

SSH = "SHA256:"
"""How the fingerprint of an ssh key begins."""

GOOD, GOOD_BY_SOMEBODY = "G", "U"
"""git's letters for a good signature by a known person, and by an unknown one."""

UNCHECKED = ("E", "N")
"""git's letters for a signature that could not be checked, for instance without the public key."""


@dataclass(frozen=True)
class AllowedSigner:
    """One line of a file of allowed signers: patterns of mail addresses, and the fingerprint of a key.

    `rest` is the part after the patterns, which ssh-keygen reads; empty for a GnuPG key.
    """

    principals: tuple[str, ...]
    fingerprint: str
    rest: str

    def is_for(self, mail: str) -> bool:
        """Whether the line is for a person. A pattern with `!` excludes what another one allows."""
        taken_out = any(matches_pattern(each[1:], mail) for each in self.principals if each.startswith("!"))
        return not taken_out and any(
            matches_pattern(each, mail) for each in self.principals if not each.startswith("!")
        )


def matches_pattern(pattern: str, mail: str) -> bool:
    """Whether a pattern of ssh matches: `*` stands for any characters, `?` for one (ssh_config(5), PATTERNS)."""
    return fnmatchcase(mail, pattern.replace("[", "[[]"))


def allowed_signers(text: str) -> list[AllowedSigner]:
    """The lines of a file of allowed signers (ssh-keygen(1)), and `MAIL openpgp FINGERPRINT` for keys of GnuPG.

    A certificate authority does not count, because the file does not say for whom it vouches.
    """
    found = []
    for line in text.splitlines():
        words = line.split()
        at = next((index for index, word in enumerate(words) if index and word.startswith(KEY_TYPES)), None)
        if at is None or line.lstrip().startswith("#") or len(words) <= at + 1:
            continue
        if "cert-authority" in " ".join(words[1:at]).lower():
            continue
        is_ssh = words[at] != "openpgp"
        fingerprint = ssh_fingerprint(words[at + 1]) if is_ssh else words[at + 1].upper()
        if fingerprint:
            rest = " ".join(words[1:]) if is_ssh else ""
            found.append(AllowedSigner(tuple(words[0].strip('"').split(",")), fingerprint, rest))
    return found


def lines_for(signers: Iterable[AllowedSigner], mail: str) -> str:
    """A file of allowed signers, reduced to the lines for one person.

    ssh-keygen accepts a signature by any line with the key, whoever the line is for. Among these lines one must allow
    the key, for this person, this use and that time. The lines name nobody, because ssh-keygen searches by the
    principal of the first.
    """
    return "".join(f"signer {each.rest}\n" for each in signers if each.rest and each.is_for(mail))


def ssh_fingerprint(key: str) -> str:
    """`SHA256:…` of a public key in base64, as git shows it; empty for anything else."""
    try:
        digest = hashlib.sha256(base64.b64decode(key, validate=True)).digest()
    except (binascii.Error, ValueError):
        return ""
    return SSH + base64.b64encode(digest).decode().rstrip("=")


def signed_statement(migration: str, receipt: Receipt) -> SignedStatement:
    """The text that the signature of a receipt signs."""
    values = {name: value for name, value in asdict(receipt).items() if name != "signature"}
    text = json.dumps({"migration": migration, **values}, sort_keys=True, indent=1)
    title = f"migrate: {migration} {receipt.phase or '-'} {receipt.validation} {receipt.outcome}"
    return SignedStatement(receipt.tree, receipt.who, int(parse_moment(receipt.when).timestamp()), f"{title}\n\n{text}")


def with_signature(repository: Repository, migration: str, receipt: Receipt) -> Receipt:
    """A receipt signed by the user of this command. Raises `GitFailedError` when git cannot sign."""
    plain = shareable(replace(receipt, signature=""))
    return replace(plain, signature=attest_statement(repository, signed_statement(migration, plain)))


def check_signatures(
    repository: Repository, migration: str, receipts: Iterable[Receipt], allowed: str | None
) -> Mapping[Receipt, Signature]:
    """The result of checking the signatures of receipts; receipts without one are left out.

    `allowed` is the text of the plan's file of allowed signers. It is None when the plan names none: then the user's
    own settings and keys decide.
    """
    wanted = [receipt for receipt in dict.fromkeys(receipts) if receipt.signature]
    if not wanted:
        return {}
    signers = None if allowed is None else allowed_signers(allowed)
    together: dict[str | None, list[Receipt]] = {}
    for receipt in wanted:
        lines = None if signers is None else lines_for(signers, mail_of(receipt.who))
        together.setdefault(lines, []).append(receipt)
    found: dict[Receipt, Signature] = {}
    for lines, same in together.items():
        pairs = [(signed_statement(migration, receipt), receipt.signature) for receipt in same]
        checked = zip(same, check_attestation(repository, pairs, lines), strict=True)
        found |= {receipt: signature_worth(receipt, each, signers) for receipt, each in checked}
    return found


def signature_worth(
    receipt: Receipt, checked: CheckedSignature | None, signers: Sequence[AllowedSigner] | None
) -> Signature:
    """What a signature is worth: it counts only when it is good, and by a key that may sign for the person."""
    mail = mail_of(receipt.who)
    if checked is not None and checked.letter in UNCHECKED:
        return Signature.UNKNOWN
    if checked is None or checked.letter not in (GOOD, GOOD_BY_SOMEBODY):
        return Signature.WRONG
    if signers is not None:
        # git names nobody for an ssh key when all of its lines are for another time or use.
        is_known = checked.letter == GOOD or not any(each.startswith(SSH) for each in checked.fingerprints)
        is_allowed = is_known and any(each.fingerprint in checked.fingerprints for each in signers if each.is_for(mail))
        return Signature.SIGNED if is_allowed else Signature.WRONG
    if checked.letter == GOOD_BY_SOMEBODY:
        return Signature.UNKNOWN
    named = mail_of(checked.signer) or checked.signer
    return Signature.SIGNED if any(matches_pattern(each, mail) for each in named.split(",")) else Signature.WRONG


def mail_of(who: str) -> str:
    """`Ada <ada@example.com>` → `ada@example.com`; empty when there is no address."""
    found = re.search(r"<([^<>]*)>\s*\Z", who)
    return found[1] if found else ""
