"""What becomes of a ref that two clones have: pure functions of its values.

Each ref has three: ours, theirs, and the one that both had when they last agreed. One side that changed wins; where
both did, the one that contains the other does, or what the ref is for decides. Git's own remote-tracking branches are
not asked for what both had: a mere `git fetch` moves them, and a lease on them would then throw away what came by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, StrEnum

from migrate.git.objects import Oid
from migrate.stack.entries import JournalEntry

Contains = Callable[[Oid, Oid], bool]
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
    CLASH = "clash"


@dataclass(frozen=True)
class RefValues:
    """One ref here and on a remote; None where it is not. `agreed` was noted as what both had last."""

    ref: str
    role: RefRole
    ours: Oid | None
    theirs: Oid | None
    agreed: Oid | None = None
    phase: str = ""
    """The phase that it belongs to, if it does."""
    withdrawn: Oid | None = None
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

    sides: RefValues
    action: RefAction
    why: str = ""

    @property
    def ref(self) -> str:
        """Its name."""
        return self.sides.ref


def decide_refs(
    sides: Iterable[RefValues],
    contains: Contains,
    here: Sequence[JournalEntry],
    there: Sequence[JournalEntry],
    base: Oid | None,
) -> tuple[RefDecision, ...]:
    """What becomes of every ref.

    `here` and `there` are the entries of both journals, `base` is the base branch of the remote.
    """
    decided = [decide_ref(each, last_common_value(each, contains, here, there), contains, base) for each in sides]
    branches = {each.sides.phase: each for each in decided if each.sides.role is RefRole.BRANCH}
    return tuple(following_branch(each, branches) for each in decided)


def decide_ref(sides: RefValues, agreed: Oid | None, contains: Contains, base: Oid | None) -> RefDecision:
    """What becomes of one ref of which both had `agreed` last."""
    ours, theirs = sides.ours, sides.theirs
    if ours == theirs:
        return RefDecision(sides, RefAction.SAME)
    if theirs is not None and theirs == sides.withdrawn:
        return RefDecision(sides, RefAction.DELETE if ours is None else RefAction.PUSH)
    if ours is None:
        # A branch that is on the remote counts, so it comes back unless nobody needs it any more.
        wanted = sides.role is RefRole.BRANCH and sides.phase and not sides.over
        left = theirs == agreed and not wanted
        return RefDecision(sides, RefAction.LEAVE, "removed here") if left else RefDecision(sides, RefAction.TAKE)
    if theirs is None:
        return without_theirs(sides, contains, base)
    if theirs == agreed:
        return RefDecision(sides, RefAction.PUSH)
    if ours == agreed:
        return RefDecision(sides, RefAction.TAKE)
    return RefDecision(sides, both_changed(sides.role, ours, theirs, contains))


def without_theirs(sides: RefValues, contains: Contains, base: Oid | None) -> RefDecision:
    """A ref that the remote does not have: a branch may be gone from there on purpose, as after a merge."""
    assert sides.ours is not None
    if sides.role is RefRole.BRANCH and sides.taken_back is not None:
        withdrawn = {update.old for update in sides.taken_back.refs if update.ref == sides.ref}
        is_same = sides.is_news and sides.ours in {sides.agreed, *withdrawn}
        return (
            RefDecision(sides, RefAction.REMOVE) if is_same else RefDecision(sides, RefAction.LEAVE, "taken back there")
        )
    if sides.role is RefRole.BRANCH and (sides.ours == sides.agreed or (sides.agreed is None and sides.was_there)):
        return RefDecision(sides, RefAction.LEAVE, "gone from there")
    if sides.role is RefRole.BRANCH and sides.over:
        return RefDecision(sides, RefAction.LEAVE, sides.over)
    if sides.role is RefRole.BRANCH and base is not None and contains(base, sides.ours):
        return RefDecision(sides, RefAction.LEAVE, "landed")
    return RefDecision(sides, RefAction.PUSH)


def both_changed(role: RefRole, ours: Oid, theirs: Oid, contains: Contains) -> RefAction:
    """What becomes of a ref that both sides changed."""
    if role is RefRole.RECEIPTS:
        return RefAction.MERGE
    if role is RefRole.START:
        # What landed is looked for from here on: the older one sees all that the newer one does.
        return RefAction.PUSH if contains(theirs, ours) else RefAction.TAKE
    if contains(theirs, ours):
        return RefAction.TAKE
    if contains(ours, theirs):
        return RefAction.PUSH
    # What was resolved on one side only is asked again; ours stays in the archive.
    return RefAction.TAKE if role is RefRole.RESOLUTIONS else RefAction.CLASH


def following_branch(decision: RefDecision, branches: Mapping[str, RefDecision]) -> RefDecision:
    """A ref that no person edits goes with the branch of its phase, where both changed it or that one is taken back."""
    sides, branch = decision.sides, branches.get(decision.sides.phase)
    if sides.role is RefRole.BRANCH:
        return decision
    if sides.role is RefRole.MADE and branch is not None:
        if branch.action is RefAction.DELETE and sides.ours is None and sides.theirs is not None:
            return replace(decision, action=RefAction.DELETE)
        if branch.action is RefAction.REMOVE and sides.theirs is None and sides.ours is not None:
            return replace(decision, action=RefAction.REMOVE)
        if branch.action is RefAction.LEAVE and branch.sides.taken_back is not None and sides.theirs is None:
            return replace(decision, action=RefAction.LEAVE, why=branch.why)
    if decision.action is not RefAction.CLASH:
        return decision
    pushed = branch is not None and branch.action is RefAction.PUSH
    return replace(decision, action=RefAction.PUSH if pushed else RefAction.TAKE)


def last_common_value(
    sides: RefValues, contains: Contains, here: Sequence[JournalEntry], there: Sequence[JournalEntry]
) -> Oid | None:
    """What both had last: what was noted, or the value of one side, when the other's journal leads on from there.

    So a branch that was pushed by hand once, or by a sync that was killed before it could note so, is known again.
    """
    ours, theirs, agreed = sides.ours, sides.theirs, sides.agreed
    if sides.role is RefRole.RECEIPTS and ours is not None and theirs is not None:
        agreed = came_from(sides, agreed, contains, here, there)
    if ours is None or theirs is None or agreed in (ours, theirs):
        return agreed
    forth = leads(here, sides.ref, theirs, ours, agreed, contains)
    back = leads(there, sides.ref, ours, theirs, agreed, contains)
    if forth == back:
        return agreed
    return theirs if forth else ours


def came_from(
    sides: RefValues,
    agreed: Oid | None,
    contains: Contains,
    here: Sequence[JournalEntry],
    there: Sequence[JournalEntry],
) -> Oid | None:
    """What both had last, if each side came from there: by history, or because its journal tells that it went back.

    Else a ref that somebody set back to an older value would look like one that was changed.
    """
    if agreed is None:
        return None
    for oid, entries in ((sides.ours, here), (sides.theirs, there)):
        if oid is None or not (contains(oid, agreed) or leads(entries, sides.ref, agreed, oid, None, contains)):
            return None
    return agreed


def leads(
    entries: Iterable[JournalEntry], ref: str, start: Oid, end: Oid, without: Oid | None, contains: Contains
) -> bool:
    """Whether a journal moved a ref from `start` to `end`, or to a commit on which `end` stands.

    A way that goes through `without` does not count: what was agreed on later is not what this is about.
    """
    steps: dict[Oid, set[Oid]] = {}
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
