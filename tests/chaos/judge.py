"""What must hold after a fault, whatever it was: held against the repository from outside, with git itself."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.child import Ended

JOURNAL = re.compile(r"refs/migrate/[^/]+/journal")
UNJOURNALED = re.compile(r"refs/(?:remotes/.*|migrate-remotes/.*|migrate/[^/]+/(?:journal|intent))")
"""What moves without an entry of its own: the journal itself, and what a fetch brings."""
BUG = 3
MACHINERY = re.compile(r"Traceback|This is a bug|Error: |Errno")


@dataclass(frozen=True)
class Before:
    """A repository before the fault, and the files of the user's that nothing may touch."""

    refs: Mapping[str, str]
    commits: frozenset[str]
    files: Mapping[str, bytes]
    clean: bool
    """Whether every tracked file was as HEAD has it."""

    @classmethod
    def of(cls, folder: Path, *files: str) -> Before:
        """Look at a repository."""
        contents = {name: (folder / name).read_bytes() for name in files}
        return cls(refs(folder), reachable(folder), contents, not changed(folder))


def git(folder: Path, *arguments: str) -> str:
    """What a git command prints on either stream."""
    done = subprocess.run(["git", *arguments], cwd=folder, stdout=-1, stderr=subprocess.STDOUT, check=False)
    return done.stdout.decode("utf-8", "surrogateescape")


def refs(folder: Path) -> dict[str, str]:
    """Every ref and what it names."""
    lines = git(folder, "for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    return dict(line.split(" ") for line in lines)


def reachable(folder: Path) -> frozenset[str]:
    """Every commit that a ref or a HEAD reaches."""
    return frozenset(git(folder, "rev-list", "--all").split())


def changed(folder: Path) -> str:
    """The tracked files that are not as HEAD has them."""
    return git(folder, "--no-optional-locks", "status", "--porcelain", "--untracked-files=no")


def violations(folder: Path, before: Before, *, settled: bool = True) -> Iterator[str]:
    """Every promise that does not hold any more.

    Not `settled`, a transaction may have been cut in two by git's own death: then the next command settles what moved.
    """
    said = git(folder, "fsck", "--strict", "--no-dangling", "--no-progress")
    if said:
        yield f"git fsck says: {said.strip()}"
    lost = before.commits - reachable(folder)
    if lost:
        yield f"no ref reaches {', '.join(sorted(lost))} any more"
    for name, content in before.files.items():
        if not (folder / name).is_file() or (folder / name).read_bytes() != content:
            yield f"the user's {name} is not what it was"
    if settled:
        yield from half_done(folder, before.refs)
        if before.clean and (what := changed(folder)):
            yield f"the work tree was clean: {what.strip()}"


def half_done(folder: Path, before: Mapping[str, str]) -> Iterator[str]:
    """Refs that moved and of which the journal says nothing, or which it says moved and which did not."""
    after = refs(folder)
    names = {name for name in {*before, *after} if not UNJOURNALED.fullmatch(name)}
    told = dict(before)
    for name, new in journaled(folder, before, after):
        told[name] = new or ""
    for name in sorted(names | {name for name in told if not UNJOURNALED.fullmatch(name)}):
        if after.get(name, "") != told.get(name, ""):
            yield f"{name} is at {after.get(name)}, and by the journal at {told.get(name) or None}"


def journaled(folder: Path, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[tuple[str, str | None]]:
    """Every move that the journal got since, oldest first."""
    for name in filter(JOURNAL.fullmatch, after):
        since = [f"^{before[name]}"] if name in before else []
        bodies = git(folder, "log", "--reverse", "--format=%b%x00", after[name], *since).split("\0")
        for body in filter(str.strip, bodies):
            for moved in json.loads(body)["refs"]:
                yield moved["ref"], moved["new"]


def manners(ended: Ended) -> Iterator[str]:
    """What a command that was not killed owes a person: an end, one clear sentence, and never a traceback."""
    if ended.code is None:
        yield "it hangs"
    elif ended.code < 0:
        yield f"it died of signal {-ended.code}"
    elif ended.code == BUG or MACHINERY.search(ended.text):
        yield f"it takes the fault for a bug: {ended.text.strip()}"
    elif not ended.text.strip():
        yield f"it says nothing, and exits with {ended.code}"
