"""What a forge has, what can be done there, and the protocol that each forge satisfies.

Reading asks the network. Doing is data first: an `Action` says what is wanted on any forge, and `render` turns it into
the calls of one forge without asking anybody, so that a dry run prints just what a real run sends.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from migrate.git.objects import CommitId

NO_COMMIT = CommitId("")
"""What stands for a commit of which a forge says nothing."""

BODY_CHARACTERS = 65_536
"""Characters that GitHub and Gitea take of a body or a comment."""


class RequestState(StrEnum):
    """What became of a pull request."""

    OPEN = "open"
    CLOSED = "closed"
    MERGED = "merged"


class Verdict(StrEnum):
    """What a reviewer said last."""

    APPROVED = "approved"
    CHANGES = "changes requested"


class Mark(StrEnum):
    """The state of a commit status."""

    SUCCESS = "success"
    FAILURE = "failure"
    PENDING = "pending"


class Method(StrEnum):
    """How a request gets into its base."""

    MERGE = "merge"
    SQUASH = "squash"
    REBASE = "rebase"


@dataclass(frozen=True)
class PullRequest:
    """One pull request, with its title as people read it: without the prefix by which a forge marks a draft."""

    number: int
    branch: str
    base: str
    title: str
    body: str = ""
    state: RequestState = RequestState.OPEN
    is_draft: bool = False
    url: str = ""
    commit: CommitId = NO_COMMIT
    """The commit of its branch, as the forge knows it."""
    merged_as: CommitId = NO_COMMIT
    """The commit of the base that brought it, where it was merged."""
    key: str = ""
    """By what else the forge knows it."""
    labels: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    milestone: str = ""
    stack: int = 0
    """The number of the forge's own stack that it is part of, 0 for none."""

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed and merged."""
        return self.state is RequestState.OPEN


@dataclass(frozen=True)
class Comment:
    """A comment on a request."""

    id: int
    body: str


@dataclass(frozen=True)
class Review:
    """The last verdict of one reviewer, and the commit that they looked at."""

    who: str
    verdict: Verdict
    commit: CommitId = NO_COMMIT


@dataclass(frozen=True)
class Status:
    """A commit status; `context` is its name."""

    context: str
    mark: Mark
    description: str = ""


@dataclass(frozen=True)
class Extras:
    """What a request is given besides its texts. Names with a slash among the reviewers are those of teams."""

    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    milestone: str = ""
    owners: frozenset[str] = frozenset()
    """Those of the reviewers whom only CODEOWNERS names: one that the forge does not know, or a group, is left out."""

    def __bool__(self) -> bool:
        return bool(self.labels or self.reviewers or self.assignees or self.milestone)


@dataclass(frozen=True)
class Change:
    """One property before and after; texts, or `yes` and `no`."""

    old: str
    new: str


@dataclass(frozen=True)
class Open:
    """Open a request for `branch`."""

    branch: str
    base: str
    title: str
    body: str
    is_draft: bool = False
    commit: CommitId = NO_COMMIT
    """The commit of the branch, for a forge that takes it with the request."""


@dataclass(frozen=True)
class Push:
    """Give the request of a branch another commit, where the branch itself cannot be pushed."""

    branch: str
    base: str
    commit: CommitId


@dataclass(frozen=True)
class Edit:
    """Change a request: `title`, `body`, `base`, `draft` and `state` are the keys."""

    request: PullRequest
    changes: Mapping[str, Change]


@dataclass(frozen=True)
class Add:
    """Give a request labels, reviewers, assignees and a milestone beside those that it has."""

    branch: str
    number: str
    extras: Extras
    had: Extras = field(default_factory=Extras)


@dataclass(frozen=True)
class Say:
    """Comment on a request."""

    branch: str
    number: str
    body: str


@dataclass(frozen=True)
class Rewrite:
    """Write a comment of ours again."""

    branch: str
    number: str
    comment: int
    change: Change


@dataclass(frozen=True)
class Post:
    """Give a commit a status; `old` is what it has now."""

    branch: str
    commit: CommitId
    status: Status
    old: Status | None = None


@dataclass(frozen=True)
class Merge:
    """Merge a request by a method, while its branch is at `commit`; then delete the branch."""

    request: PullRequest
    method: Method
    title: str
    message: str


@dataclass(frozen=True)
class DeleteBranch:
    """Delete a branch that was merged."""

    branch: str


@dataclass(frozen=True)
class Link:
    """Make some requests, bottom first, a stack of the forge's own, or put them on top of the one with a number."""

    branch: str
    numbers: tuple[str, ...]
    stack: int = 0


Action = Open | Push | Edit | Add | Say | Rewrite | Post | Link | Merge | DeleteBranch


@dataclass(frozen=True)
class Call:
    """One call that changes something. `what` says it in words; `gives` names the branch whose number the answer has.

    Path and values may hold `number_of(branch)` for a request that does not exist yet.
    """

    method: str
    path: str
    values: Mapping[str, object]
    what: str
    gives: str = ""
    changes: Mapping[str, Change] = field(default_factory=dict)


PLACE = re.compile("\0([^\0]*)\0")


def head_of(fork: str, branch: str) -> str:
    """How a forge is told a branch that may be in a fork: with its owner."""
    return f"{fork.partition('/')[0]}:{branch}" if fork else branch


REVIEW = "PUSH"
"""The method of a call that is a `git push` to a ref of which the forge makes a request."""


def number_of(branch: str) -> str:
    """What stands for the number of a branch's request until it is known: no text from outside holds a NUL byte."""
    return f"\0{branch}\0"


def filled(value: object, numbers: Mapping[str, int]) -> object:
    """Data with the numbers that are known by now. Raises `KeyError` for one that is not."""
    if isinstance(value, str):
        return PLACE.sub(lambda found: str(numbers[found[1]]), value)
    if isinstance(value, Mapping):
        return {key: filled(each, numbers) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [filled(each, numbers) for each in value]
    return value


class Forge(Protocol):
    """One repository on one forge."""

    @property
    def sign(self) -> str:
        """What stands before the number of a request in a text: `#` or `!`."""

    @property
    def has_stacks(self) -> bool:
        """Whether it has stacks of its own, as far as `requests` has found out."""

    def may_push(self) -> bool:
        """Whether branches may be pushed there, as far as it says so. Raises `ForgeError`."""

    def requests(self, branches: Collection[str]) -> dict[str, PullRequest]:
        """By branch the request that is open, or else the newest one. Requests from forks are not among them."""

    def comments(self, request: PullRequest) -> tuple[Comment, ...]:
        """All comments on a request, oldest first."""

    def reviews(self, request: PullRequest) -> tuple[Review, ...]:
        """The last verdict of each reviewer."""

    def statuses(self, commit: CommitId) -> tuple[Status, ...]:
        """The present statuses of a commit, one for each context."""

    def prepare(self, extras: Extras) -> None:
        """Look up what `render` needs to know of some labels and milestones. Raises `ForgeError` for unknown ones."""

    def render(self, action: Action) -> tuple[Call, ...]:
        """The calls that an action takes here; nothing is asked."""

    def send(self, call: Call) -> int | None:
        """Make a call whose numbers are filled in; gives the number of the request that it opened.

        Raises `ExistsError` where that exists, `UnsureError` when nobody knows whether it was done, `ForgeError` else.
        """
