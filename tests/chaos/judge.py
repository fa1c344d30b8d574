"""What must hold after a fault, whatever it was: held against the repository from outside, with git itself."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from migrate.git.repository import SLOT
from tests.chaos.child import Ended

ORIGIN = ".git/origin.git"
"""Where the remote of a repository stands, if it has one."""
JOURNAL = re.compile(r"refs/migrate/[^/]+/journal")
UNJOURNALED = re.compile(r"refs/(?:remotes/.*|migrate-(?:remotes|ended)/.*|migrate/[^/]+/(?:journal|intent))")
"""What moves without an entry of its own: the journal itself, and what a fetch brings."""
NONE = r"(?!)"
"""A pattern that nothing matches."""
BUG = 3
MACHINERY = re.compile(r"Traceback|This is a bug|Error: |Errno")
CLAIMS = re.compile(r"nothing (?:was|has been|is) (moved|changed|written|deleted|kept|pushed)|it (never) began")
"""What claims that all is as before."""
VERBS = "switch|branch|update-ref|worktree|restore|reset|checkout|symbolic-ref|fetch|push"
COMMAND = re.compile(
    rf"(?<![\w/.-])(?:rm [^\s;,()\"']+|git (?:{VERBS})(?: (?!said|failed|to\b)[^\s;,()\"']+)+"
    r"|migrate [a-z]+(?: (?:-[\w-]+|p?\d[\w-]*|[\w.-]*/\S*[\w/]))*)"
)
"""A command in what a person is told to type: `migrate` without the words of the sentence that follow."""


@dataclass(frozen=True)
class Before:
    """A repository before the fault, and the files of the user's that nothing may touch.

    `prose` is what a person wrote in files that a command may write. `done` are the refs that a command leaves which
    also takes the journal away.
    """

    refs: Mapping[str, str]
    commits: frozenset[str]
    files: Mapping[str, bytes]
    clean: bool
    """Whether every tracked file was as HEAD has it."""
    branch: str
    """The branch that was checked out."""
    prose: Mapping[str, str] = field(default_factory=dict)
    done: Mapping[str, str] | None = None
    silent: str = NONE
    """A pattern of refs that the command moves without an entry."""

    @classmethod
    def of(cls, folder: Path, *files: str, prose: Mapping[str, str] | None = None, silent: str = NONE) -> Before:
        """Look at a repository."""
        contents = {name: (folder / name).read_bytes() for name in files}
        clean = not changed(folder)
        return cls(refs(folder), reachable(folder), contents, clean, branch(folder), prose or {}, silent=silent)


class Scene(NamedTuple):
    """What a command may say that it left alone: the refs that it moves, those of the remote, and the user's files."""

    refs: Mapping[str, str]
    remote: Mapping[str, str]
    files: frozenset[str]

    @classmethod
    def of(cls, folder: Path) -> Scene:
        """Look at a repository, right before a command."""
        found = {name: oid for name, oid in refs(folder).items() if not UNJOURNALED.fullmatch(name)}
        remote = folder / ORIGIN
        return cls(found, refs(remote) if remote.exists() else {}, listing(folder))


def git(folder: Path, *arguments: str) -> str:
    """What a git command prints on either stream."""
    done = subprocess.run(["git", *arguments], cwd=folder, stdout=-1, stderr=subprocess.STDOUT, check=False)
    return done.stdout.decode("utf-8", "surrogateescape")


def refs(folder: Path) -> dict[str, str]:
    """Every ref and what it names."""
    lines = git(folder, "for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    return dict(line.split(" ") for line in lines if line.startswith("refs/"))


def reachable(folder: Path) -> frozenset[str]:
    """Every commit that a ref or HEAD reaches; `--all` would give up at the HEAD of a work tree that is not whole."""
    return frozenset(git(folder, "rev-list", "--glob=refs/*", "HEAD").split())


def branch(folder: Path) -> str:
    """The branch that is checked out; empty when HEAD is detached."""
    return git(folder, "branch", "--show-current").strip()


def listing(folder: Path) -> frozenset[str]:
    """Every file of the work tree."""
    return frozenset(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if ".git" not in path.relative_to(folder).parts[:1] and path.is_file()
    )


def changed(folder: Path) -> str:
    """The tracked files that are not as HEAD has them."""
    return git(folder, "--no-optional-locks", "status", "--porcelain", "--untracked-files=no")


def kept(folder: Path, before: Before) -> Iterator[str]:
    """What was lost: at no instant may anything be."""
    said = git(folder, "fsck", "--strict", "--no-dangling", "--no-progress")
    if said:
        yield f"git fsck says: {said.strip()}"
    lost = before.commits - reachable(folder)
    if lost:
        yield f"no ref reaches {', '.join(sorted(lost))} any more"
    for name, content in before.files.items():
        if not (folder / name).is_file() or (folder / name).read_bytes() != content:
            yield f"the user's {name} is not what it was"
    for name, text in before.prose.items():
        if not (folder / name).is_file() or text not in (folder / name).read_bytes().decode():
            yield f"what the user wrote in {name} is gone"


def settled(folder: Path, before: Before) -> Iterator[str]:
    """What is half done: at most one more command after a fault nothing may be."""
    yield from half_done(folder, before)
    if before.clean and (what := changed(folder)):
        yield f"the work tree was clean: {what.strip()}"
    if before.branch and not branch(folder):
        yield f"HEAD was on {before.branch} and is detached"


def violations(folder: Path, before: Before) -> Iterator[str]:
    """Every promise that does not hold any more when all is over."""
    yield from kept(folder, before)
    yield from settled(folder, before)
    yield from locks(folder)


def locks(folder: Path) -> Iterator[str]:
    """What a process that is gone left, and what stands in the way of others for ever.

    What a git that was killed on the remote left there no other can see until it is in its way: then it must be named.
    What stands in git's folder for a slot goes when the slot is taken next (tests/execution/test_slot_repairs.py).
    """
    top = folder / ".git"
    slots = [mark.parent for mark in top.glob("worktrees/[!c]*/locked") if mark.read_text().strip() == SLOT]
    elsewhere = (top / "migrate", folder / ORIGIN, *slots)
    for left in (*top.rglob("*.lock"), *top.rglob("packed-refs.new")):
        # Laying out a conflict anew removes that one.
        if not any(map(left.is_relative_to, elsewhere)) and left.name != "MERGE_MSG.lock":
            yield f"{left.relative_to(folder)} is left"


def half_done(folder: Path, before: Before) -> Iterator[str]:
    """Refs that moved and of which the journal says nothing, or which it says moved and which did not."""
    after = refs(folder)
    if before.done is not None and not any(map(JOURNAL.fullmatch, after)):
        told: dict[str, str] = dict(before.done)
    else:
        told = dict(before.refs)
        for name, new in journaled(folder, before.refs, after):
            told[name] = new or ""
    for name in sorted(name for name in {*told, *after} if not UNJOURNALED.fullmatch(name)):
        if re.fullmatch(before.silent, name):
            continue
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


def truth(ended: Ended, before: Scene, look: Callable[[], Scene]) -> Iterator[str]:
    """Whether it is so when a command says that it left something alone; `look` tells what is there now."""
    claims = {word for found in CLAIMS.finditer(ended.text) for word in found.groups() if word}
    if not claims:
        return
    after = look()
    wrong = differing(before.remote, after.remote) if "pushed" in claims else []
    wrong += differing(before.refs, after.refs) if claims - {"pushed"} else []
    wrong += sorted(before.files ^ after.files) if claims & {"changed", "written", "kept"} else []
    if wrong:
        yield f"it says that nothing was {'/'.join(claims)}, and {', '.join(wrong)} was: {ended.text.strip()}"


def differing(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """The refs that are not what they were."""
    return sorted(name for name in {*before, *after} if before.get(name) != after.get(name))


def advised(text: str) -> list[str]:
    """The commands that a person is told to type, in order."""
    return list(dict.fromkeys(found.group() for found in COMMAND.finditer(text)))
