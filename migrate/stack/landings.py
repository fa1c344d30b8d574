"""What the history of the base says of the phases: which landed, which were taken back, and by which commits.

The base alone decides, so that every clone that has its commits gets the same answer. A landing is found however old it
is: the messages of the whole history are searched once, and after that only those of new commits. What was found is
kept in a file of git's folder that can be deleted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from migrate.errors import GitFailedError, MissingObjectError
from migrate.git.history import Commit, TreeChange, commit_at, read_history
from migrate.git.kept import keep_values, kept_file, kept_values
from migrate.git.objects import CommitId, TreeEntry
from migrate.git.repository import Repository
from migrate.stack.searched import searched_since
from migrate.stack.trailers import Trailers, read_reverts, read_trailers, taken_back_by

FORMAT_VERSION = 1
SAMPLE = 40
"""So many files of a phase are compared first: in nearly every case they tell that it was not taken back."""


@dataclass(frozen=True)
class Landing:
    """A phase that the base has, or had. `commit` is the commit of the base that brought it.

    `is_silent` when its message does not say so; `reverted` is the commit that took the phase back.
    """

    commit: Commit
    trailers: Trailers
    is_silent: bool = False
    reverted: Commit | None = None


@dataclass(frozen=True)
class MessageHistory:
    """What the messages of the base say: the commits that speak of a migration, oldest first.

    `brought` holds, for merges that a revert names, the commits that came in with them; `silent` the commits that
    brought a phase and do not say so, as others tell. `by_hand` names, for phases that were taken back without a word,
    the commit that did it.
    """

    tip: CommitId
    commits: tuple[CommitId, ...] = ()
    brought: Mapping[CommitId, frozenset[CommitId]] = field(default_factory=dict)
    silent: frozenset[CommitId] = frozenset()
    by_hand: Mapping[str, CommitId] = field(default_factory=dict)


def fold_landings(
    migration: str,
    commits: Iterable[Commit],
    brought: Mapping[CommitId, Collection[CommitId]] | None = None,
    silently: Mapping[CommitId, Commit] | None = None,
) -> dict[str, Landing]:
    """What became of each phase, from the commits of the base that speak of it, oldest first: a pure function.

    `brought` are merges and what came in with them, `silently` commits that brought a phase and do not say so.
    """
    found: dict[str, Landing] = {}
    undone: dict[CommitId, dict[str, Landing]] = {}
    for commit in commits:
        for trailers in read_trailers(commit.message):
            if trailers.migration == migration and not trailers.landed:
                found[trailers.phase] = Landing(commit, trailers)
            elif trailers.migration == migration:
                silent = (silently or {}).get(trailers.landed, commit) if trailers.landed else commit
                found.setdefault(trailers.phase, Landing(silent, trailers, is_silent=True))
        for oid in taken_back_by(commit.message):
            for phase, landing in undone.get(oid, {}).items():  # The revert of a revert.
                revert = found[phase].reverted
                if revert is not None and revert.oid == oid:
                    found[phase] = landing
        taken = reverted_by(commit, migration, found, brought or {})
        undone[commit.oid] = {phase: found[phase] for phase in taken}
        for phase in taken:
            found[phase] = replace(found[phase], reverted=commit)
    return found


def reverted_by(
    commit: Commit, migration: str, landed: Mapping[str, Landing], brought: Mapping[CommitId, Collection[CommitId]]
) -> list[str]:
    """The phases that a commit takes back, as its message says: by its trailers, or as `git revert` writes it."""
    named = read_reverts(commit.message, migration)
    undone = set(taken_back_by(commit.message))
    for merge in list(undone):
        undone |= set(brought.get(merge, ()))
    return [
        phase
        for phase, landing in landed.items()
        if landing.reverted is None and (phase in named or landing.commit.oid in undone)
    ]


def read_landings(repository: Repository, migration: str, base: CommitId, *, seen_from: str = "") -> dict[str, Landing]:
    """What became of each phase in a commit of the base, by its phase's name.

    What was found is kept for each place that a base is `seen_from`: of two commits that are asked for by turns each
    would be searched anew. Of a shallow clone nothing is kept: its history can grow at the other end.
    A history that git cannot read, as in a damaged repository, says nothing: `git fsck` tells of that.
    """
    try:
        return found_landings(repository, migration, base, seen_from)
    except MissingObjectError:
        raise
    except GitFailedError:
        return {}


def found_landings(repository: Repository, migration: str, base: CommitId, seen_from: str) -> dict[str, Landing]:
    """The same, from what was found before and what is new. Raises `GitFailedError` for a history with holes."""
    file = cache_file(repository, migration, seen_from)
    kept = read_cached_history(file)
    history = kept or read_cached_history(cache_file(repository, migration))
    try:
        if history is None or (history.tip != base and not repository.is_ancestor(history.tip, base)):
            history = search_messages(repository, migration, base, None)
        elif history.tip != base:
            history = search_messages(repository, migration, base, history)
        landed = landings_of(repository, migration, history)
    except GitFailedError:  # What was kept speaks of commits that are gone.
        history = search_messages(repository, migration, base, None)
        landed = landings_of(repository, migration, history)
    if history != kept:
        history = replace(history, by_hand=taken_back_by_hand(repository, base, landed))
        if not repository.shallow:
            cache_history(file, history)
    by_hand = read_history(repository, history.by_hand.values(), changes=False, walk=False)
    return landed | {phase: replace(landed[phase], reverted=by_hand[oid]) for phase, oid in history.by_hand.items()}


def landings_of(repository: Repository, migration: str, history: MessageHistory) -> dict[str, Landing]:
    """What the commits that were found say."""
    commits = read_history(repository, history.commits, walk=False)
    silent = {oid for commit in commits.values() for oid in landed_elsewhere(commit.message, migration)}
    there = read_history(repository, silent, walk=False, passes_over=True) if silent else {}
    return fold_landings(migration, (commits[oid] for oid in history.commits), history.brought, there)


def landed_elsewhere(message: str, migration: str) -> list[CommitId]:
    """The commits of which a message says that phases landed with them."""
    return [each.landed for each in read_trailers(message) if each.migration == migration and each.landed]


def search_messages(
    repository: Repository, migration: str, base: CommitId, before: MessageHistory | None
) -> MessageHistory:
    """What the history of the base says; with `before` only what came since is searched."""
    taken_back = ("^This reverts commit [0-9a-f]{40}", r"^This takes back [^ ]+ \([0-9a-f]{40}")
    patterns = (rf"^( {{4}})?Migration: {re.escape(migration)}[[:space:]]*$", *taken_back)
    listed = repository.git.run(
        *("log", "-z", "--topo-order", "--reverse", "--encoding=UTF-8", "--no-show-signature", "--no-patch"),
        *("--format=%H%x00%B", "--extended-regexp", *(f"--grep={pattern}" for pattern in patterns)),
        *(base, *((f"^{before.tip}",) if before else ()), "--"),
    )
    fields = listed.fields()
    commits = list(before.commits) if before else []
    brought = dict(before.brought) if before else {}
    silent = set(before.silent) if before else set()
    for name, message in zip(fields[::2], fields[1::2], strict=True):
        oid = CommitId(name)
        if speaks_of(message, migration):
            commits.append(oid)
            silent.update(landed_elsewhere(message, migration))
        elif commits:
            # A revert of something else is of no interest, so the file stays small in a history with many.
            ours, undone = {*commits, *silent}, taken_back_by(message)
            brought |= merges_with(repository, [each for each in undone if each not in ours], ours)
            if any(each in ours or each in brought for each in undone):
                commits.append(oid)
    return MessageHistory(base, tuple(commits), brought, frozenset(silent))


def speaks_of(message: str, migration: str) -> bool:
    """Whether a message has trailers of a migration."""
    return any(trailers.migration == migration for trailers in read_trailers(message)) or bool(
        read_reverts(message, migration)
    )


def merges_with(
    repository: Repository, reverted: Sequence[CommitId], ours: Collection[CommitId]
) -> dict[CommitId, frozenset[CommitId]]:
    """Those of some commits that are merges, and which of our commits came in with each."""
    found = {}
    for oid in reverted:
        parents = repository.git.run("rev-list", "--parents", "-1", oid, "--", accept=(0, 128)).text.split()[1:]
        if len(parents) > 1:
            listed = repository.git.text("rev-list", oid, f"^{parents[0]}", "--").split()
            if inside := frozenset(map(CommitId, listed)) & set(ours):
                found[oid] = frozenset(inside)
    return found


def taken_back_by_hand(repository: Repository, base: CommitId, landed: Mapping[str, Landing]) -> dict[str, CommitId]:
    """The phases of which every file is in the base as it was before, and the commit that made it so.

    Whoever takes a phase back by hand, or by a forge's button, leaves no message that says so.
    """
    there = {phase: each.commit.changes for phase, each in landed.items() if each.reverted is None}
    paths = {change.path for changes in there.values() for change in changes[:SAMPLE]}
    entries = repository.objects.entries_of(base, sorted(paths)) if paths else {}
    ours = {each.commit.oid for each in landed.values()}
    found = {}
    for phase, changes in there.items():
        if not changes or not all(is_as_before(change, entries) for change in changes[:SAMPLE]):
            continue
        rest = repository.objects.entries_of(base, [change.path for change in changes[SAMPLE:]])
        if all(is_as_before(change, rest) for change in changes[SAMPLE:]):
            commit = landed[phase].commit.oid
            last = repository.git.text("log", "-1", "--format=%H", base, f"^{commit}", "--", changes[0].path)
            # What a later phase moved on or deleted was not taken back.
            if last and last not in ours:
                found[phase] = CommitId(last)
    return found


def is_as_before(change: TreeChange, entries: Mapping[str, TreeEntry]) -> bool:
    """Whether a file is as it was before a change."""
    entry = entries.get(change.path)
    if change.status == "A":
        return entry is None
    return entry is not None and (entry.mode, entry.oid) == (change.old_mode, change.old)


def with_reverts(repository: Repository, base: CommitId, silent: Mapping[str, Landing]) -> dict[str, Landing]:
    """Phases that landed in silence, each with the commit that took it back, if one did."""
    by_hand = taken_back_by_hand(repository, base, silent)
    commits = read_history(repository, by_hand.values(), changes=False, walk=False)
    reverts = {oid: revert_of(repository, base, oid) for oid in {each.commit.oid for each in silent.values()}}
    return {
        phase: replace(landing, reverted=reverts[landing.commit.oid] or commit_at(commits, by_hand.get(phase)))
        for phase, landing in silent.items()
    }


def revert_of(repository: Repository, base: CommitId, landed: CommitId) -> Commit | None:
    """The commit of the base that says that it takes one back, unless a later one takes that one back in turn."""
    found = searched_since(repository, "reverts", landed, base, partial(reverting, repository, landed))
    return read_history(repository, found[-1:], changes=False, walk=False)[found[-1]] if found else None


def reverting(
    repository: Repository, landed: CommitId, newer: Sequence[str], known: Sequence[CommitId]
) -> list[CommitId]:
    """The commit that takes one back, as some that are newer say beside what is known; none where that is taken back.

    `newer` is a commit, and those that with what they contain were searched before.
    """
    listed = repository.git.run(
        *("log", "-z", "--topo-order", "--reverse", "--encoding=UTF-8", "--no-show-signature", "--no-patch"),
        *("--format=%H%x00%B", "--extended-regexp", "--grep=^This (reverts commit|takes back) "),
        *(*newer, "--"),
    )
    fields, found = listed.fields(), list(known)
    for oid, message in zip(fields[::2], fields[1::2], strict=True):
        named = taken_back_by(message)
        if landed in named:
            found = [CommitId(oid)]
        elif found and found[0] in named:
            found = []
    return found


def cache_file(repository: Repository, migration: str, seen_from: str = "") -> Path:
    """Where what was found is kept; deleting it loses nothing but time."""
    return kept_file(repository, f"landings-{migration}{'.' if seen_from else ''}{seen_from}")


def read_cached_history(file: Path) -> MessageHistory | None:
    """What was found before, None when nothing was or nobody can read it."""
    return kept_values(file, FORMAT_VERSION, history_in)


def history_in(values: Any) -> MessageHistory:
    """What a file holds."""
    return MessageHistory(
        CommitId(str(values["tip"])),
        tuple(CommitId(str(oid)) for oid in values["commits"]),
        {
            CommitId(merge): frozenset(CommitId(str(oid)) for oid in inside)
            for merge, inside in values["brought"].items()
        },
        frozenset(CommitId(str(oid)) for oid in values["silent"]),
        {str(phase): CommitId(str(oid)) for phase, oid in values["by_hand"].items()},
    )


def cache_history(file: Path, history: MessageHistory) -> None:
    """Keep what was found, where that is possible."""
    values = {
        "tip": history.tip,
        "commits": history.commits,
        "brought": {merge: sorted(inside) for merge, inside in history.brought.items()},
        "silent": sorted(history.silent),
        "by_hand": dict(history.by_hand),
    }
    keep_values(file, FORMAT_VERSION, values)
