"""What becomes of a ref that two clones have: pure functions of its values.

Each ref has three: ours, theirs, and the one that both had when they last agreed. One side that changed wins; where
both did, the one that contains the other does, or what the ref is for decides. Git's own remote-tracking branches are
not asked for what both had: a mere `git fetch` moves them, and a lease on them would then throw away what came by it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, StrEnum

from migrate.entries import Entry
from migrate.git.objects import Oid

Contains = Callable[[Oid, Oid], bool]
"""Whether the first commit contains the second."""


class Role(Enum):
    """What a ref is for."""

    BRANCH = "branch"
    START = "start"
    MADE = "made"
    LANDED = "landed"
    RECEIPTS = "receipts"


class Action(StrEnum):
    """What becomes of a ref."""

    SAME = "same"
    PUSH = "push"
    TAKE = "take"
    LEAVE = "leave"
    MERGE = "merge"
    CLASH = "clash"


@dataclass(frozen=True)
class Sides:
    """One ref here and on a remote; None where it is not. `agreed` was noted as what both had last."""

    ref: str
    role: Role
    ours: Oid | None
    theirs: Oid | None
    agreed: Oid | None = None
    phase: str = ""
    """The phase that it belongs to, if it does."""


@dataclass(frozen=True)
class Decision:
    """What becomes of one ref; `why` says why it is left as it is."""

    sides: Sides
    action: Action
    why: str = ""

    @property
    def ref(self) -> str:
        """Its name."""
        return self.sides.ref


def decide_all(
    sides: Iterable[Sides], contains: Contains, here: Sequence[Entry], there: Sequence[Entry], base: Oid | None
) -> tuple[Decision, ...]:
    """What becomes of every ref.

    `here` and `there` are the entries of both journals, `base` is the base branch of the remote.
    """
    decided = [decide(each, agreed_on(each, contains, here, there), contains, base) for each in sides]
    branches = {each.sides.phase: each.action for each in decided if each.sides.role is Role.BRANCH}
    return tuple(following(each, branches) for each in decided)


def decide(sides: Sides, agreed: Oid | None, contains: Contains, base: Oid | None) -> Decision:
    """What becomes of one ref of which both had `agreed` last."""
    ours, theirs = sides.ours, sides.theirs
    if ours == theirs:
        return Decision(sides, Action.SAME)
    if ours is None:
        # It was removed here. That is no reason to remove it for others, and none to bring it back each time.
        return Decision(sides, Action.LEAVE, "removed here") if theirs == agreed else Decision(sides, Action.TAKE)
    if theirs is None:
        return without_theirs(sides, contains, base)
    if theirs == agreed:
        return Decision(sides, Action.PUSH)
    if ours == agreed:
        return Decision(sides, Action.TAKE)
    return Decision(sides, both_changed(sides.role, ours, theirs, contains))


def without_theirs(sides: Sides, contains: Contains, base: Oid | None) -> Decision:
    """A ref that the remote does not have: a branch may be gone from there on purpose, as after a merge."""
    assert sides.ours is not None
    if sides.role is Role.BRANCH and sides.ours == sides.agreed:
        return Decision(sides, Action.LEAVE, "gone from there")
    if sides.role is Role.BRANCH and base is not None and contains(base, sides.ours):
        return Decision(sides, Action.LEAVE, "landed")
    return Decision(sides, Action.PUSH)


def both_changed(role: Role, ours: Oid, theirs: Oid, contains: Contains) -> Action:
    """What becomes of a ref that both sides changed."""
    if role is Role.RECEIPTS:
        return Action.MERGE
    if role is Role.START:
        # What landed is looked for from here on: the older one sees all that the newer one does.
        return Action.PUSH if contains(theirs, ours) else Action.TAKE
    if contains(theirs, ours):
        return Action.TAKE
    return Action.PUSH if contains(ours, theirs) else Action.CLASH


def following(decision: Decision, branches: Mapping[str, Action]) -> Decision:
    """A ref that no person edits goes with the branch of its phase where both sides changed it."""
    if decision.action is not Action.CLASH or decision.sides.role is Role.BRANCH:
        return decision
    pushed = branches.get(decision.sides.phase) is Action.PUSH
    return replace(decision, action=Action.PUSH if pushed else Action.TAKE)


def agreed_on(sides: Sides, contains: Contains, here: Sequence[Entry], there: Sequence[Entry]) -> Oid | None:
    """What both had last: what was noted, or the value of one side, when the other's journal leads on from there.

    So a branch that was pushed by hand once, or by a sync that was killed before it could note so, is known again.
    """
    ours, theirs, agreed = sides.ours, sides.theirs, sides.agreed
    if ours is None or theirs is None or agreed in (ours, theirs):
        return agreed
    forth = leads(here, sides.ref, theirs, ours, agreed, contains)
    back = leads(there, sides.ref, ours, theirs, agreed, contains)
    if forth == back:
        return agreed
    return theirs if forth else ours


def leads(entries: Iterable[Entry], ref: str, start: Oid, end: Oid, without: Oid | None, contains: Contains) -> bool:
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
