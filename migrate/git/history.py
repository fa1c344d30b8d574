"""Commits with their messages and what they change, many at once, by one `git log`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from weakref import WeakKeyDictionary

from migrate.git.commits import parse_commit
from migrate.git.objects import BlobId, CommitId, TreeEntry, TreeId
from migrate.git.repository import Repository
from migrate.text import decode, encode

Key = TypeVar("Key")
NO_MODE = "000000"
"""The mode of an absent side."""
ALONE = 64
"""Up to this many commits are read one by one."""
FORMAT = "%H%x00%T%x00%P%x00%an <%ae>%x00%aI%x00%ad%x00%B%x00"


@dataclass(frozen=True)
class TreeChange:
    """One path of a commit against its first parent. `status` is A, M, D or T; an absent side has a null oid."""

    status: str
    path: str
    old_mode: str
    new_mode: str
    old: BlobId
    new: BlobId


@dataclass(frozen=True)
class Commit:
    """One commit. A merge has no `changes`: git shows none against several parents."""

    oid: CommitId
    tree: TreeId
    parents: tuple[CommitId, ...]
    author: str
    date: str
    """When it was written, ISO 8601."""
    message: str
    changes: tuple[TreeChange, ...]
    stamp: str = ""
    """When it was written, as git stores it: seconds and zone."""

    @property
    def authorship(self) -> str:
        """Who wrote it and when, in git's own form."""
        return f"{self.author} {self.stamp}"

    @property
    def subject(self) -> str:
        """The first line of the message."""
        return self.message.partition("\n")[0]


def read_history(
    repository: Repository,
    tips: Iterable[CommitId],
    excluded: Iterable[CommitId] = (),
    *,
    changes: bool = True,
    walk: bool = True,
    passes_over: bool = False,
) -> dict[CommitId, Commit]:
    """Every commit that the tips contain and the excluded do not, newest first; without `walk` the tips alone.

    A missing tip is an error unless git `passes_over` it: somebody else's message may name anything.
    """
    wanted = [*dict.fromkeys(tips)]
    if not wanted:
        return {}
    if not walk and not changes:
        known = read_alone(repository, wanted)
        if known is not None:
            return known
    left_out = list(excluded)
    if walk and not changes and not left_out and len(wanted) == 1:
        known = read_line(repository, wanted[0])
        if known is not None:
            return known
    revisions = "\n".join([*wanted, *(f"^{oid}" for oid in left_out)]) + "\n"
    # -O: the user's order file for diffs does not concern us, and may be missing.
    shown = ["--raw", "--root", "--no-renames", "--no-abbrev", "--ignore-submodules=none", "-O/dev/null"]
    raw = shown if changes else ["--no-patch"]
    output = repository.git.ask(
        *("log", "-z", "--topo-order", "--encoding=UTF-8", "--no-show-signature", "--date=raw"),
        *(f"--format={FORMAT}", *raw, *(() if walk else ("--no-walk",))),
        *(*(("--ignore-missing",) if passes_over else ()), "--stdin"),
        about=("--ignore-missing",) if passes_over else (*wanted, *left_out),  # A missing object may still arrive.
        stdin=revisions.encode(),
    )
    found = {commit.oid: commit for commit in parse_log(output.stdout)}
    ends = found.keys() & repository.shallow
    return {**found, **with_real_parents(repository, [found[oid] for oid in ends], changes)} if ends else found


def read_alone(repository: Repository, oids: Sequence[CommitId]) -> dict[CommitId, Commit] | None:
    """Some commits without their changes, newest first, read from their objects; None when git must be asked.

    That is when one is missing, is not a commit, or is not written as git would write it.
    """
    found = []
    for oid in oids if len(oids) <= ALONE else ():
        read = repository.objects.reader.content(oid)
        is_it = read is not None and (read[0].oid, read[0].kind) == (oid, "commit")
        parsed = parse_commit(read[1]) if read is not None and is_it else None
        if parsed is None:
            return None
        said = Commit(oid, parsed.tree, parsed.parents, parsed.author, parsed.date, parsed.message, (), parsed.stamp)
        found.append((parsed.committed, said))
    found.sort(key=lambda each: -each[0])
    return {commit.oid: commit for _, commit in found} or None


def read_line(repository: Repository, tip: CommitId) -> dict[CommitId, Commit] | None:
    """A commit and all that it contains, newest first, where that is a few on one line; None where git must be asked.

    So it is of a shallow clone, too: git shows the commits at its end as if they had no parents.
    """
    found: dict[CommitId, Commit] = {}
    oid: CommitId | None = None if repository.shallow else tip
    while oid is not None and len(found) < ALONE:
        read = read_alone(repository, [oid])
        if read is None or len(read[oid].parents) > 1:
            return None
        found |= read
        oid = next(iter(read[oid].parents), None)
    return found if found and oid is None else None


_WRITTEN: WeakKeyDictionary[Repository, dict[CommitId, Commit]] = WeakKeyDictionary()


def differences(before: Mapping[str, TreeEntry], changed: Mapping[str, TreeEntry | None]) -> list[TreeChange]:
    """New entries at some paths, as `git log --raw` would show them; None deletes an entry."""
    found = []
    for path in sorted(changed, key=encode):
        old, new = before.get(path), changed[path]
        null = BlobId("0" * len((old or new or TreeEntry("", BlobId(""))).oid))
        status = "A" if old is None else "D" if new is None else "M" if old.mode[:2] == new.mode[:2] else "T"
        one, other = old or TreeEntry(NO_MODE, null), new or TreeEntry(NO_MODE, null)
        found.append(TreeChange(status, path, one.mode, other.mode, one.oid, other.oid))
    return found


def entries_after(changes: Iterable[TreeChange]) -> dict[str, TreeEntry | None]:
    """The new entry of each path, None for a deleted one."""
    return {each.path: None if each.status == "D" else TreeEntry(each.new_mode, each.new) for each in changes}


def note_written(repository: Repository, oid: CommitId, changes: Iterable[TreeChange]) -> None:
    """Remember a commit that was just written, with its changes, so that it need not be read."""
    read = read_alone(repository, [oid])
    if read is not None:
        _WRITTEN.setdefault(repository, {})[oid] = replace(read[oid], changes=tuple(changes))


def written_commits(repository: Repository) -> Mapping[CommitId, Commit]:
    """The commits that this command noted as written by it."""
    return _WRITTEN.get(repository, {})


def with_real_parents(repository: Repository, commits: Sequence[Commit], changes: bool) -> dict[CommitId, Commit]:
    """The commits at the end of a shallow clone, with their real parents, although these are missing.

    git shows them without parents, and everything in them as new. If the single parent is here nevertheless, as the tip
    of another branch, the changes are those against it.
    """
    asked = "".join(f"{commit.oid}\n" for commit in commits)
    raw = repository.git.run("cat-file", "--batch", stdin=asked.encode()).stdout
    found = {}
    for commit in commits:
        _, _, rest = raw.partition(f"{commit.oid} commit ".encode())
        lines = rest.partition(b"\n\n")[0].split(b"\n")
        parents = tuple(CommitId(decode(line[7:])) for line in lines if line.startswith(b"parent "))
        found[commit.oid] = replace(commit, parents=parents, changes=())
    if not changes:
        return found
    there = repository.objects.trees_of([parent for commit in found.values() for parent in commit.parents])
    pairs = {oid: (there.get(each.parents[0]), each.tree) for oid, each in found.items() if len(each.parents) == 1}
    changed = changes_between(repository, {oid: (old, new) for oid, (old, new) in pairs.items() if old is not None})
    return {oid: replace(each, changes=changed.get(oid, ())) for oid, each in found.items()}


def changes_between(
    repository: Repository, pairs: Mapping[Key, tuple[TreeId, TreeId]]
) -> dict[Key, tuple[TreeChange, ...]]:
    """What differs between each of some pairs of trees, by the name of the pair: one process tells of all."""
    asked = "".join(f"{old} {new}\n" for old, new in pairs.values())
    if not asked:
        return {}
    options = ("-r", "-z", "--raw", "--no-renames", "--no-abbrev", "--ignore-submodules=none", "-O/dev/null")
    told = repository.git.run("diff-tree", *options, "--stdin", stdin=asked.encode()).fields()
    # Each pair is named in a line of its own, which ends as text ends: the changes end with NUL.
    heads = iter([*(f"{old} {new}\n" for old, new in pairs.values()), ""])
    names, head = iter(pairs), next(heads)
    found: dict[Key, list[TreeChange]] = {name: [] for name in pairs}
    name = next(iter(pairs))
    for field, path in zip(told[::2], told[1::2], strict=True):
        rest = field
        while head and rest.startswith(head):
            name, rest, head = next(names), rest.removeprefix(head), next(heads)
        found[name].append(change_of(rest, path))
    return {name: tuple(changes) for name, changes in found.items()}


def change_of(how: str, path: str) -> TreeChange:
    """A change from the two fields that git has for it."""
    old_mode, new_mode, old, new, status = how.removeprefix(":").split(" ")
    return TreeChange(status, path, old_mode, new_mode, BlobId(old), BlobId(new))


def added_since(repository: Repository, points: Iterable[CommitId], tip: CommitId) -> set[str]:
    """The files of a commit that at least one of some other commits does not have; missing commits are ignored."""
    olds = list(points)
    trees = repository.objects.trees_of([tip, *olds]) if olds else {}
    pairs = [f"{trees[old]} {trees[tip]}\n" for old in olds if old in trees and tip in trees]
    if not pairs:
        return set()
    options = ("-r", "-z", "--no-renames", "--name-only", "--diff-filter=A", "--stdin")
    listed = repository.git.ask("diff-tree", *options, about=trees.values(), stdin="".join(pairs).encode())
    # Each pair is named in a line of its own, which ends as text ends: the files end with NUL.
    heads = re.compile(rf"(?:{'|'.join(map(re.escape, pairs))})*")
    return {heads.sub("", field, count=1) for field in listed.fields()}


def commit_at(commits: Mapping[CommitId, Commit], oid: CommitId | None) -> Commit | None:
    """The commit with a name among those that were read; None when there is none, or no name is given."""
    return commits.get(oid) if oid is not None else None


def first_parents(commits: Mapping[CommitId, Commit], tip: Commit) -> list[Commit]:
    """A commit and its first-parent ancestors, newest first, as far as they were read."""
    found: list[Commit] = []
    commit: Commit | None = tip
    while commit is not None:
        found.append(commit)
        commit = commits.get(commit.parents[0]) if commit.parents else None
    return found


def reachable(commits: Mapping[CommitId, Commit], *tips: CommitId | None) -> set[CommitId]:
    """The commits that some contain, themselves included, among those that were read."""
    seen: set[CommitId] = set()
    queue = [tip for tip in tips if tip in commits]
    while queue:
        oid = queue.pop()
        if oid is not None and oid not in seen and oid in commits:
            seen.add(oid)
            queue.extend(commits[oid].parents)
    return seen


def parse_log(output: bytes) -> Iterator[Commit]:
    """The commits in the output of `git log -z --raw` with our format: fields by position, so that nothing in a
    message or a path can be taken for a separator."""
    fields = output.split(b"\0")
    position = 0
    while position + 7 <= len(fields):
        oid, tree, parents, author, date, stamp, message = (decode(field) for field in fields[position : position + 7])
        changes = []
        position += 7
        while position < len(fields) and not (field := fields[position].lstrip(b"\n")).isalnum():
            if field:
                changes.append(change_of(decode(field), decode(fields[position + 1])))
                position += 1
            position += 1
        above = tuple(map(CommitId, parents.split()))
        yield Commit(CommitId(oid.lstrip("\n")), TreeId(tree), above, author, date, message, tuple(changes), stamp)


def absent(repository: Repository, oids: Iterable[str]) -> frozenset[str]:
    """Those of some objects, by their full names, that are not here now."""
    loose = repository.loose
    unsure = [oid for oid in oids if loose is None or not loose.holds(oid)]
    return frozenset(oid for oid, kind in object_kinds(repository, unsure).items() if kind == "missing")


def object_kinds(repository: Repository, oids: Iterable[str]) -> dict[str, str]:
    """The kinds of some objects, such as `commit`; `missing` for a missing one."""
    asked = "".join(f"{oid}\n" for oid in oids)
    if not asked:
        return {}
    answered = repository.git.run(
        "cat-file", "--batch-check=%(objectname) %(objecttype)", "--buffer", stdin=asked.encode()
    )
    rows = (line.partition(" ") for line in answered.text.split("\n") if line)
    return {oid: kind for oid, _, kind in rows}
