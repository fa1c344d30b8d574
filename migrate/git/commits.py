"""Reads a commit from its object: the same as `git log --no-walk`, without a process."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from migrate.git.objects import CommitId, TreeId
from migrate.text import decode

HEAD = re.compile(
    rb"tree (?P<tree>[0-9a-f]+)\n"
    rb"(?P<parents>(?:parent [0-9a-f]+\n)*)"
    rb"author (?P<name>[^<>\n\s](?:[^<>\n]*[^<>\n\s])?) <(?P<mail>[^<>\n\s]+)> "
    rb"(?P<seconds>\d{6,11}) (?P<zone>[+-]\d{4})\n"
    rb"committer [^\n]*> (?P<committed>\d{1,11}) [+-]\d{4}\n"
    rb"(?!encoding |(?:[^\n]+\n)+encoding )(?:[^\n]+\n)*\n"
)
"""The header of a commit as git writes it.

Any other commit is left to git, and so is one whose text must be converted.
"""


FARTHEST = 1400
"""The zone farthest from UTC, as hours and minutes, that git takes for one (`date.c`)."""


@dataclass(frozen=True)
class Parsed:
    """What the object of a commit says, in the words of `history.Commit`."""

    tree: TreeId
    parents: tuple[CommitId, ...]
    author: str
    date: str
    stamp: str
    message: str
    committed: int
    """When it was committed, in seconds."""


def parse_commit(raw: bytes) -> Parsed | None:
    """A commit from its object; None for one that git may read in another way."""
    found = HEAD.match(raw)
    if found is None or b"\0" in raw:
        return None
    seconds, zone = int(found["seconds"]), decode(found["zone"])
    if int(zone[1:]) > FARTHEST:
        return None
    return Parsed(
        tree=TreeId(decode(found["tree"])),
        parents=tuple(map(CommitId, decode(found["parents"]).replace("parent ", "").split())),
        author=f"{decode(found['name'])} <{decode(found['mail'])}>",
        date=iso(seconds, zone),
        stamp=f"{seconds} {zone}",
        message=decode(raw[found.end() :]),
        committed=int(found["committed"]),
    )


def iso(seconds: int, zone: str) -> str:
    """A time as `git log --format=%aI` writes it."""
    offset = int(zone[1:3]) * 60 + int(zone[3:5])
    where = timezone(timedelta(minutes=-offset if zone[0] == "-" else offset))
    return datetime.fromtimestamp(seconds, where).isoformat()
