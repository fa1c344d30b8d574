"""Where a phase stands: its state, its commits, what people did on it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from migrate.git.history import Commit
from migrate.git.objects import CommitId
from migrate.plan.phase_source import PhaseSource
from migrate.plan.validation import Validation
from migrate.stack.former import OrphanBranch
from migrate.stack.tracking import BranchPlace, Tracking
from migrate.stack.trailers import Trailers, read_trailers
from migrate.tree.changes import Counts, FileChange, count_changes, from_commit
from migrate.tree.moves import MoveMap
from migrate.validation.outcome import Outcome
from migrate.validation.receipt import Receipt, Signature


class State(StrEnum):
    """What a phase is."""

    PENDING = "pending"
    WAITING = "waiting"
    PASSED = "passed"
    UNVALIDATED = "unvalidated"
    """No validation could run on it, or the plan has none for it."""
    FAILED = "failed"
    STALE = "stale"
    MERGED = "merged"
    """Its commit is part of the branch of a phase below."""
    LANDED = "landed"
    REVERTED = "reverted"
    """The base had it, and took it back."""
    UNKNOWN = "unknown"
    """The history that would tell is not in this shallow clone."""


OPEN = (State.PENDING, State.REVERTED)
"""The states of a phase that can be made."""


def name_of_commit(receipt: Receipt) -> str:
    """Who made a receipt, without the address."""
    return receipt.who.partition("<")[0].strip() or "an unknown person"


@dataclass(frozen=True)
class ValidationState:
    """One validation on a phase's present tree. `outcome` is None when it has not run on it."""

    spec: Validation
    receipt: Receipt | None
    earlier: Receipt | None = None
    """For a gate that waits: who confirmed it on an earlier commit of the phase."""
    signature: Signature = Signature.UNSIGNED
    """What the signature of the receipt is worth."""
    doubted: Receipt | None = None
    """Where there is no receipt: one that would count if it were signed as the plan wants it."""
    doubt: Signature = Signature.UNSIGNED
    """What the signature of that one is worth."""

    @property
    def outcome(self) -> Outcome | None:
        """What the receipt says; a gate without one is waiting."""
        if self.receipt is not None:
            return self.receipt.outcome
        return Outcome.WAITING if self.spec.manual else None

    @property
    def before(self) -> str:
        """`Ann approved it on 1a2b3c4`, an earlier commit; nothing where nobody did.

        Of what does not count for want of a signature it says so.
        """
        if self.doubted is not None:
            did = "approved it" if self.spec.manual else f"ran it ({self.doubted.outcome})"
            return f"{name_of_commit(self.doubted)} {did}, but {self.doubt}: the plan wants it signed"
        if self.earlier is None:
            return ""
        who = name_of_commit(self.earlier)
        return f"{who} approved it on {self.earlier.commit[:7]}, before the phase changed"

    @property
    def signed(self) -> str:
        """What the signature of the receipt is worth, in words; of what nobody made, nothing."""
        return str(self.signature) if self.receipt is not None else ""

    @property
    def word(self) -> str:
        """The outcome in one word."""
        return str(self.outcome or "not-run")


def unable(validations: Iterable[ValidationState]) -> str:
    """The names of what could not run, as they are shown, where nothing failed: no commit fixes that."""
    outcomes = {validation.spec.name: validation.outcome for validation in validations}
    missing = [f"`{name}`" for name, outcome in outcomes.items() if outcome is Outcome.UNAVAILABLE]
    return "" if Outcome.FAILED in outcomes.values() else ", ".join(missing)


def enabling(validations: Iterable[ValidationState]) -> str:
    """What to do so that what could not run can, where nothing failed; empty where a commit may fix what did."""
    missing = unable(validations)
    return f"make sure that {missing} can run here" if missing else ""


@dataclass(frozen=True)
class PhaseState:
    """Where one phase stands."""

    source: PhaseSource
    state: State
    branch: str
    reason: str = ""
    """Why it is stale, failed, waiting, merged, reverted or unknown."""
    tip: Commit | None = None
    """The commit that its branch names: here, or on the remote where that has moved on."""
    commit: Commit | None = None
    """The commit that running the phase made."""
    trailers: Trailers | None = None
    made: Commit | None = None
    """The same as it was before anybody amended it; None when nothing says so."""
    above: tuple[Commit, ...] = ()
    """What the branch holds above the phase's own commit, newest first: hand edits, merges, and phases merged in."""
    undone: frozenset[CommitId] = frozenset()
    """What of it was merged in and taken back, with the merge and the commit that took it back: nobody's edit."""
    validations: tuple[ValidationState, ...] = ()
    remote: Tracking = field(default_factory=Tracking)
    into: str = ""
    """The phase whose branch it was merged into."""
    former: OrphanBranch | None = None
    """The branch that it still has under another name."""
    lost_trailers: bool = False
    """Whether its commit is known only by what was made before: somebody amended the trailers away."""
    is_end: bool = False
    """Whether a shallow clone ends at its commit: nobody can say what that changed."""

    @property
    def id(self) -> str:
        """The phase's identity."""
        return self.source.id

    @property
    def moves(self) -> MoveMap:
        """What it moved, as its commit says."""
        return self.trailers.moves if self.trailers else MoveMap()

    @property
    def files(self) -> tuple[FileChange, ...]:
        """What it did to files."""
        return from_commit(self.commit.changes, self.moves) if self.commit else ()

    @property
    def counts(self) -> Counts:
        """How many files it moved, rewrote, wrote and deleted."""
        return count_changes(self.files)

    @property
    def held(self) -> tuple[Commit, ...]:
        """What its branch holds above its own commit, newest first, without what was taken back there."""
        return tuple(commit for commit in self.above if commit.oid not in self.undone)

    @property
    def hand_edits(self) -> tuple[Commit, ...]:
        """What people did, newest first: commits on top, and the phase's own commit where they amended it."""
        amended = (self.commit,) if self.is_amended and self.commit is not None else ()
        return (*(commit for commit in self.held if is_edit(commit)), *amended)

    @property
    def merges(self) -> tuple[Commit, ...]:
        """The merges on its branch, newest first, such as a forge's "Update branch"."""
        return tuple(commit for commit in self.held if len(commit.parents) > 1)

    @property
    def is_amended(self) -> bool:
        """Whether a person changed files in the phase's own commit."""
        if self.made is None or self.commit is None or self.made.tree == self.commit.tree:
            return False
        return self.made.parents == self.commit.parents or not is_rebased(self.made, self.commit)

    @property
    def exists(self) -> bool:
        """Whether it has a branch that is not yet part of the base, here or on the remote."""
        return self.tip is not None

    @property
    def is_merged(self) -> bool:
        """Whether it is part of the base, or of the phase that holds it now."""
        return self.state in (State.LANDED, State.MERGED)

    @property
    def is_bare(self) -> bool:
        """Whether it has no branch of its own that this clone knows: the branch above holds its commit."""
        return self.exists and self.former is None and self.remote.place is BranchPlace.NOWHERE

    @property
    def published(self) -> bool:
        """Whether the remote has its branch."""
        return self.remote.is_published

    @property
    def present_branch(self) -> str:
        """The branch that it has now: under its own name, or under a former one."""
        return self.former.name.branch if self.former is not None else self.branch

    @property
    def needs_sync(self) -> bool:
        """Whether the remote has it, or newer commits of it, and this clone does not; what landed needs neither."""
        return self.remote.needs_sync and self.state not in (State.LANDED, State.REVERTED, State.MERGED)

    @property
    def failed(self) -> tuple[ValidationState, ...]:
        """The validations that failed on its present tree, also when it is stale."""
        return tuple(validation for validation in self.validations if validation.outcome is Outcome.FAILED)


def is_edit(commit: Commit) -> bool:
    """Whether a commit on a phase's branch is what a person did: no merge, and no other phase that was merged in."""
    return len(commit.parents) < 2 and not read_trailers(commit.message)


def is_rebased(made: Commit, commit: Commit) -> bool:
    """Whether a commit is another one on a new parent, as far as that shows.

    What came to a file on the side of the parent cannot be told from what a person changed in it.
    """
    before, now = ({c.path: (c.old, c.new) for c in each.changes} for each in (made, commit))
    return before.keys() == now.keys() and all(
        old != now[path][0] or new == now[path][1] for path, (old, new) in before.items()
    )


@dataclass(frozen=True)
class OrphanState:
    """A branch of a migration that no phase of the plan owns, with what people did on it, newest first."""

    orphan: OrphanBranch
    hand_edits: tuple[Commit, ...]

    @property
    def branch(self) -> str:
        """Its name."""
        return self.orphan.name.branch

    @property
    def holds_work(self) -> bool:
        """Whether it holds what a person did, and nothing else does."""
        return bool(self.hand_edits) and not self.orphan.is_archived

    def where(self, remote: str) -> str:
        """`here`, `on origin`, or both."""
        places = (("here", self.orphan.here), (f"on {remote}", self.orphan.there))
        return " and ".join(place for place, oid in places if oid is not None)
