"""Commits that say of themselves that they move or rename something, and what git finds that they moved."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from posixpath import dirname

from migrate.engines.references.common.scope import is_third_party
from migrate.git.objects import CommitId
from migrate.git.repository import Repository
from migrate.text import decode

SAYS_SO = re.compile(r"\b(?:re-?)?(?:mov(?:e[ds]?|ing)|renam(?:e[ds]?|ing)|relocat(?:e[ds]?|ing))\b", re.IGNORECASE)
MARK = "\x01"


@dataclass(frozen=True)
class PeoplesMove:
    """One commit, and what git's rename detection finds in it; third-party code is left out."""

    commit: CommitId
    parent: CommitId
    date: str
    subject: str
    renames: tuple[tuple[str, str], ...]
    """The old and the new path of each file."""
    others: int
    """How many files came or went otherwise."""

    @property
    def is_pure(self) -> bool:
        """Whether files that can be known again are most of what came and went."""
        return self.others <= max(1, len(self.renames) // 4)

    @property
    def moves_go(self) -> bool:
        """Whether Go code, or what is beside it, comes to another folder."""
        leaves = any(dirname(old) != dirname(new) for old, new in self.renames)
        return leaves and any(path.endswith(".go") for path, _ in self.renames)


def peoples_moves(repository: Repository, revisions: Sequence[str]) -> Iterator[PeoplesMove]:
    """The commits whose subject speaks of a move and in which a file got another path, newest first."""
    arguments = ["--no-merges", "-M", "-l0", "--raw", "--no-abbrev", "-z", f"--format={MARK}%H%n%P%n%cs%n%s"]
    output = decode(repository.git.run("log", *arguments, *revisions).stdout)
    for record in output.split(MARK)[1:]:
        head, _, changes = record.partition("\0")
        commit, parents, date, subject = head.split("\n")[:4]
        if SAYS_SO.search(subject) and parents:
            renames, others = found_in(changes.lstrip("\0\n").split("\0"))
            if renames:
                yield PeoplesMove(commit, parents, date, subject, tuple(renames), others)


def found_in(fields: Sequence[str]) -> tuple[list[tuple[str, str]], int]:
    """The renames, and how many files came or went otherwise, of the fields that `--raw -z` prints."""
    renames, others = [], 0
    rest = iter(fields)
    for head in rest:
        if not head.startswith(":"):
            continue
        status, path = head.rpartition(" ")[2], next(rest)
        if status.startswith("R"):
            new = next(rest)
            if not is_third_party(path) and not is_third_party(new):
                renames.append((path, new))
        elif status in {"A", "D"} and not is_third_party(path):
            others += 1
    return renames, others
