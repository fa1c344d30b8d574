"""From what is wanted and what the forge has to what is done there: pure functions.

What a person set stays: a title that is not the one that was set last, a request that they closed, the text around the
generated part. Labels, reviewers, assignees and the milestone are given once, until the comment with the stack is
there, which is written after them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from migrate.describe.request_body import request_body, with_last_set
from migrate.describe.since_approved import since_begins
from migrate.describe.stack_comment import begins, stack_comment
from migrate.forges.base import (
    BODY_CHARACTERS,
    Action,
    Add,
    Change,
    Comment,
    Edit,
    Extras,
    Link,
    Open,
    Post,
    PullRequest,
    Push,
    RequestState,
    Rewrite,
    Say,
    Status,
    number_of,
)
from migrate.forges.last_set import LastSet, last_set
from migrate.git.objects import CommitId
from migrate.orchestrator.submit.wanted import Wanted
from migrate.stack.model import Stack


@dataclass(frozen=True)
class Present:
    """What a forge has of a stack: requests by branch, comments by number, statuses by commit."""

    requests: Mapping[str, PullRequest] = field(default_factory=dict)
    comments: Mapping[int, tuple[Comment, ...]] = field(default_factory=dict)
    statuses: Mapping[CommitId, tuple[Status, ...]] = field(default_factory=dict)
    since: Mapping[str, str] = field(default_factory=dict)
    """By branch the comment on what is new since somebody approved the request."""
    over: frozenset[str] = frozenset()
    """The branches whose newest request was merged into a base that is known here: what they hold is new again."""


def decide(
    stack: Stack, wanted: Sequence[Wanted], present: Present, sign: str, *, has_stacks: bool = False
) -> tuple[Action, ...]:
    """All that is to be done, in its order: requests from the bottom up, extras, the stack, comments, statuses.

    A request that somebody closed, or merged, is left as it is.
    """
    live = [each for each in wanted if is_live(each, present)]
    requests = [action for each in live if (action := request_action(each, present)) is not None]
    return (
        *requests,
        *(action for each in live if (action := push_action(each, present)) is not None),
        *(action for each in live if (action := extra_action(stack, each, present)) is not None),
        *(link_actions(live, present) if has_stacks else ()),
        *comment_actions(stack, live, present, sign),
        *(action for each in live if (action := since_action(stack, each, present)) is not None),
        *(action for each in live for action in status_actions(each, present)),
    )


def is_live(wanted: Wanted, present: Present) -> bool:
    """Whether a request is to be opened or kept true.

    One that somebody closed stays closed while its branch is the same, and after a merge it is `land` that comes next.
    """
    request = present.requests.get(wanted.branch)
    if request is None or request.is_open or wanted.branch in present.over or is_ours_to_reopen(request):
        return True
    return request.state is RequestState.CLOSED and request.commit != wanted.commit


def is_ours_to_reopen(request: PullRequest) -> bool:
    """Whether `undo` closed a request, and no person."""
    last = last_set(request.body)
    return request.state is RequestState.CLOSED and last is not None and last.is_closed


def known(present: Present, wanted: Wanted) -> PullRequest | None:
    """The request of a phase that is open, or that is opened again."""
    request = present.requests.get(wanted.branch)
    return request if request is not None and (request.is_open or is_ours_to_reopen(request)) else None


def reference(present: Present, wanted: Wanted) -> str:
    """The number of a phase's request, or what stands for it until it is opened."""
    request = known(present, wanted)
    return str(request.number) if request is not None else number_of(wanted.branch)


def request_action(wanted: Wanted, present: Present) -> Action | None:
    """What makes the request of a phase what it should be."""
    request = known(present, wanted)
    if request is None:
        generated = with_last_set(wanted.body, LastSet(wanted.title, wanted.is_draft, branch=wanted.told_branch))
        body = request_body("", generated, BODY_CHARACTERS, wanted.whole)
        return Open(wanted.branch, wanted.base, wanted.title, body, wanted.is_draft, wanted.commit)
    changes = changed(wanted, request)
    return Edit(request, changes) if changes else None


def push_action(wanted: Wanted, present: Present) -> Action | None:
    """What gives a request the commit of its branch, where that is not pushed by itself."""
    request = known(present, wanted)
    is_other = request is not None and bool(wanted.told_branch) and request.commit != wanted.commit
    return Push(wanted.branch, wanted.base, wanted.commit) if is_other else None


def changed(wanted: Wanted, request: PullRequest) -> dict[str, Change]:
    """The properties of a request that are not as they should be, and that nobody else has set since."""
    last = last_set(request.body)
    is_own_title = last is not None and last.title == request.title
    is_own_draft = last is not None and last.is_draft == request.is_draft
    title = wanted.title if is_own_title else request.title
    is_draft = wanted.is_draft if is_own_draft else request.is_draft
    # What a person chose is not noted as ours, so that it stays theirs. A request that was taken over has its title.
    before = last or LastSet(wanted.title, wanted.is_draft)
    noted = LastSet(
        title if is_own_title else before.title,
        is_draft if is_own_draft else before.is_draft,
        branch=wanted.told_branch,
    )
    body = request_body(request.body, with_last_set(wanted.body, noted), BODY_CHARACTERS, wanted.whole)
    values = {
        "state": (str(request.state), str(RequestState.OPEN)),
        "title": (request.title, title),
        "draft": ("yes" if request.is_draft else "no", "yes" if is_draft else "no"),
        "base": (request.base, wanted.base),
        "body": (request.body, body),
    }
    return {key: Change(old, new) for key, (old, new) in values.items() if not same(old, new)}


def same(old: str, new: str) -> bool:
    """Whether two texts are one but for line ends and what a forge cuts at the ends."""
    return old == new or old.replace("\r\n", "\n").strip() == new.replace("\r\n", "\n").strip()


def extra_action(stack: Stack, wanted: Wanted, present: Present) -> Action | None:
    """What a request is given besides its texts, until the stack's comment is there."""
    request = known(present, wanted)
    had = Extras()
    if request is not None:
        if own_comment(stack, present, request) is not None:
            return None
        had = Extras(request.labels, (), request.assignees, request.milestone)
    missing = Extras(
        tuple(each for each in wanted.extras.labels if each not in had.labels),
        wanted.extras.reviewers,
        tuple(each for each in wanted.extras.assignees if each not in had.assignees),
        "" if had.milestone else wanted.extras.milestone,
    )
    return Add(wanted.branch, reference(present, wanted), missing, had) if missing else None


def link_actions(live: Sequence[Wanted], present: Present) -> Iterator[Action]:
    """What makes the requests a stack of the forge's own: a new one, or what is missing on top of the one there is.

    Where people put them into several, or otherwise, theirs stays.
    """
    stacks = [request.stack if (request := known(present, each)) is not None else 0 for each in live]
    there = max(stacks, default=0)
    below = len(stacks) - stacks.count(0)
    is_prefix = stacks == [there] * below + [0] * (len(stacks) - below)
    missing = tuple(reference(present, each) for each in live[below:])
    if is_prefix and missing and (there or len(missing) > 1):
        yield Link(live[below].branch, missing, there)


def since_action(stack: Stack, wanted: Wanted, present: Present) -> Action | None:
    """What says on a request what is new since it was approved."""
    request, body = known(present, wanted), present.since.get(wanted.branch)
    if request is None or body is None:
        return None
    comment = own_comment(stack, present, request, since_begins(stack.plan))
    if comment is None:
        return Say(wanted.branch, str(request.number), body)
    if same(comment.body, body):
        return None
    return Rewrite(wanted.branch, str(request.number), comment.id, Change(comment.body, body))


def own_comment(stack: Stack, present: Present, request: PullRequest, marker: str = "") -> Comment | None:
    """The comment that shows the stack, or another one of ours: the first one with its marker."""
    marker = marker or begins(stack.plan)
    comments = present.comments.get(request.number, ())
    return next((each for each in comments if each.body.replace("\r\n", "\n").startswith(f"{marker}\n")), None)


def comment_actions(stack: Stack, live: Sequence[Wanted], present: Present, sign: str) -> Iterator[Action]:
    """What keeps the comment with the whole stack true on each request."""
    numbers = {
        branch: f"{sign}{request.number}"
        for branch, request in present.requests.items()
        if request.state is not RequestState.CLOSED
    }
    numbers |= {each.branch: sign + reference(present, each) for each in live}
    for each in live:
        body = stack_comment(stack.plan, stack, each.phase.id, numbers, present.requests)
        request = known(present, each)
        comment = own_comment(stack, present, request) if request is not None else None
        if comment is None:
            yield Say(each.branch, reference(present, each), body)
        elif not same(comment.body, body):
            yield Rewrite(each.branch, reference(present, each), comment.id, Change(comment.body, body))


def status_actions(wanted: Wanted, present: Present) -> Iterator[Action]:
    """What says on a phase's commit how it was validated."""
    there = {status.context: status for status in present.statuses.get(wanted.commit, ())}
    for status in wanted.statuses:
        if there.get(status.context) != status:
            yield Post(wanted.branch, wanted.commit, status, there.get(status.context))
