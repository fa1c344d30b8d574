"""What becomes of a ref that two clones have: pure functions of its values.

Each ref has three: local, remote, and the one that both had after the last sync. If one side changed, it wins. If both
did, the one that contains the other wins, or what the ref is for decides. Git's own remote-tracking branches do not say
what both had: a plain `git fetch` moves them, and a lease on them would then throw away what it brought.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, StrEnum

from migrate.git.objects import CommitId
from migrate.stack.entries import JournalEntry

Contains = Callable[[CommitId, CommitId], bool]
"""Whether the first commit contains the second."""


class RefRole(Enum):
    """What a ref is for."""

    BRANCH = "branch"
    START = "start"
    MADE = "made"
    LANDED = "landed"
    RECEIPTS = "receipts"
    RESOLUTIONS = "resolutions"


class RefAction(StrEnum):
    """What becomes of a ref."""

    SAME = "same"
    PUSH = "push"
    TAKE = "take"
    ADOPT = "adopt"
    """Both made the same, and the remote's is taken."""
    LEAVE = "leave"
    DELETE = "delete"
    """It was taken back here, and is deleted there."""
    REMOVE = "remove"
    """It was taken back there, and is removed here."""
    HOLD = "hold"
    """It is not to be published as it is."""
    MERGE = "merge"
    DIVERGED = "diverged"


@dataclass(frozen=True)
class RefValues:
    """One ref here and on a remote; None where it is not. `last_synced` was noted as what both had last."""

    ref: str
    role: RefRole
    local: CommitId | None
    remote: CommitId | None
    last_synced: CommitId | None = None
    phase: str = ""
    """The phase that it belongs to, if it does."""
    withdrawn: CommitId | None = None
    """What the remote had of it when it was taken back here."""
    taken_back: JournalEntry | None = None
    """The entry by which a colleague took it back, if that was the last thing done to it."""
    is_news: bool = False
    """Whether this clone did not know of that."""
    over: str = ""
    """Why nobody needs the branch of its phase any more, in one word: `landed`, `merged`, `reverted`."""
    was_there: bool = False
    """Whether git knows that the remote had the branch, where no sync noted so."""


@dataclass(frozen=True)
class RefDecision:
    """What becomes of one ref; `why` says why it is left as it is."""

    ref_values: RefValues
    action: RefAction
    why: str = ""

    @property
    def ref(self) -> str:
        """Its name."""
        return self.ref_values.ref


def decide_refs(
    ref_values: Iterable[RefValues],
    contains: Contains,
    here: Sequence[JournalEntry],
    there: Sequence[JournalEntry],
    base: CommitId | None,
) -> tuple[RefDecision, ...]:
    """What becomes of every ref.

    `here` and `there` are the entries of both journals, `base` is the base branch of the remote.
    """
    decided = [decide_ref(each, last_common_value(each, contains, here, there), contains, base) for each in ref_values]
    branches = {each.ref_values.phase: each for each in decided if each.ref_values.role is RefRole.BRANCH}
    return tuple(following_branch(each, branches) for each in decided)


def decide_ref(
    ref_values: RefValues, last_synced: CommitId | None, contains: Contains, base: CommitId | None
) -> RefDecision:
    """What becomes of one ref of which both had `last_synced` last."""
    local, remote = ref_values.local, ref_values.remote
    if local == remote:
        return RefDecision(ref_values, RefAction.SAME)
    if remote is not None and remote == ref_values.withdrawn:
        return RefDecision(ref_values, RefAction.DELETE if local is None else RefAction.PUSH)
    if local is None:
        # A branch that is on the remote counts, so it comes back unless nobody needs it any more.
        wanted = ref_values.role is RefRole.BRANCH and ref_values.phase and not ref_values.over
        left = remote == last_synced and not wanted
        return (
            RefDecision(ref_values, RefAction.LEAVE, "removed here")
            if left
            else RefDecision(ref_values, RefAction.TAKE)
        )
    if remote is None:
        return without_remote(ref_values, contains, base)
    if remote == last_synced:
        return RefDecision(ref_values, RefAction.PUSH)
    if local == last_synced:
        return RefDecision(ref_values, RefAction.TAKE)
    return RefDecision(ref_values, both_changed(ref_values.role, local, remote, contains))


def without_remote(ref_values: RefValues, contains: Contains, base: CommitId | None) -> RefDecision:
    """A ref that the remote does not have: a branch may be gone from there on purpose, as after a merge."""
    assert ref_values.local is not None
    if ref_values.role is RefRole.BRANCH and ref_values.taken_back is not None:
        withdrawn = {update.old for update in ref_values.taken_back.refs if update.ref == ref_values.ref}
        is_same = ref_values.is_news and ref_values.local in {ref_values.last_synced, *withdrawn}
        return (
            RefDecision(ref_values, RefAction.REMOVE)
            if is_same
            else RefDecision(ref_values, RefAction.LEAVE, "taken back there")
        )
    if ref_values.role is RefRole.BRANCH and (
        ref_values.local == ref_values.last_synced or (ref_values.last_synced is None and ref_values.was_there)
    ):
        return RefDecision(ref_values, RefAction.LEAVE, "gone from there")
    if ref_values.role is RefRole.BRANCH and ref_values.over:
        return RefDecision(ref_values, RefAction.LEAVE, ref_values.over)
    if ref_values.role is RefRole.BRANCH and base is not None and contains(base, ref_values.local):
        return RefDecision(ref_values, RefAction.LEAVE, "landed")
    return RefDecision(ref_values, RefAction.PUSH)


def both_changed(role: RefRole, local: CommitId, remote: CommitId, contains: Contains) -> RefAction:
    """What becomes of a ref that both sides changed."""
    if role is RefRole.RECEIPTS:
        return RefAction.MERGE
    if role is RefRole.START:
        # What landed is looked for from here on: the older one sees all that the newer one does.
        return RefAction.PUSH if contains(remote, local) else RefAction.TAKE
    if contains(remote, local):
        return RefAction.TAKE
    if contains(local, remote):
        return RefAction.PUSH
    # What was resolved on one side only is asked again; ours stays in the archive.
    return RefAction.TAKE if role is RefRole.RESOLUTIONS else RefAction.DIVERGED


def following_branch(decision: RefDecision, branches: Mapping[str, RefDecision]) -> RefDecision:
    """A ref that no person edits goes with the branch of its phase, where both changed it or that one is taken back."""
    ref_values, branch = decision.ref_values, branches.get(decision.ref_values.phase)
    if ref_values.role is RefRole.BRANCH:
        return decision
    if ref_values.role is RefRole.MADE and branch is not None:
        if branch.action is RefAction.DELETE and ref_values.local is None and ref_values.remote is not None:
            return replace(decision, action=RefAction.DELETE)
        if branch.action is RefAction.REMOVE and ref_values.remote is None and ref_values.local is not None:
            return replace(decision, action=RefAction.REMOVE)
        if branch.action is RefAction.LEAVE and branch.ref_values.taken_back is not None and ref_values.remote is None:
            return replace(decision, action=RefAction.LEAVE, why=branch.why)
    if decision.action is not RefAction.DIVERGED:
        return decision
    pushed = branch is not None and branch.action is RefAction.PUSH
    return replace(decision, action=RefAction.PUSH if pushed else RefAction.TAKE)


def last_common_value(
    ref_values: RefValues, contains: Contains, here: Sequence[JournalEntry], there: Sequence[JournalEntry]
) -> CommitId | None:
    """What both had last: what was noted, or the value of one side, when the other's journal leads on from there.

    So a branch that was pushed by hand once, or by a sync that was killed before it could note so, is known again.
    """
    local, remote, last_synced = ref_values.local, ref_values.remote, ref_values.last_synced
    if ref_values.role is RefRole.RECEIPTS and local is not None and remote is not None:
        last_synced = came_from(ref_values, last_synced, contains, here, there)
    if local is None or remote is None or last_synced in (local, remote):
        return last_synced
    forth = leads(here, ref_values.ref, remote, local, last_synced, contains)
    back = leads(there, ref_values.ref, local, remote, last_synced, contains)
    if forth == back:
        return last_synced
    return remote if forth else local


def came_from(
    ref_values: RefValues,
    last_synced: CommitId | None,
    contains: Contains,
    here: Sequence[JournalEntry],
    there: Sequence[JournalEntry],
) -> CommitId | None:
    """What both had last, if each side came from there: by history, or because its journal tells that it went back.

    Else a ref that somebody set back to an older value would look like one that was changed.
    """
    if last_synced is None:
        return None
    for oid, entries in ((ref_values.local, here), (ref_values.remote, there)):
        if oid is None or not (
            contains(oid, last_synced) or leads(entries, ref_values.ref, last_synced, oid, None, contains)
        ):
            return None
    return last_synced


def leads(
    entries: Iterable[JournalEntry],
    ref: str,
    start: CommitId,
    end: CommitId,
    without: CommitId | None,
    contains: Contains,
) -> bool:
    """Whether a journal moved a ref from `start` to `end`, or to a commit on which `end` stands.

    A way that goes through `without` does not count: what was agreed on later is not what this is about.
    """
    steps: dict[CommitId, set[CommitId]] = {}
    for update in (update for entry in entries for update in entry.refs if update.ref == ref):
        if update.old is not None and update.new is not None:
            steps.setdefault(update.old, set()).add(update.new)
    seen, queue = {start, without}, [start]
    while queue:
        for reached in steps.get(queue.pop(), set()) - seen:
            if reached == end or contains(end, reached):
                return True
            seen.add(reached)
            queue.append(reached)
    return False
