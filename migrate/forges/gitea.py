"""Gitea and Forgejo, by their API (`/api/swagger` of a server; measured on Gitea 1.26).

A draft is a request whose title begins with `WIP:`. A body is edited with the version that was read, so that a text
which a person wrote meanwhile is never written over: the server answers 409.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from migrate.errors import RefusedError
from migrate.forges.answers import (
    LONGEST_NUMBER,
    address,
    body,
    comments,
    flag,
    inside,
    items,
    names,
    number,
    oid,
    text,
)
from migrate.forges.base import (
    NO_COMMIT,
    REVIEW,
    Action,
    Add,
    Call,
    Change,
    Comment,
    DeleteBranch,
    Edit,
    Extras,
    Link,
    Merge,
    Method,
    Open,
    Post,
    PullRequest,
    Push,
    RequestState,
    Review,
    Rewrite,
    Say,
    Status,
    Verdict,
    head_of,
    number_of,
)
from migrate.forges.client import PAGES, Client
from migrate.forges.common import DraftTitles, no_such, open_or_newest
from migrate.forges.errors import AnswerError, ExistsError
from migrate.forges.hosts import Place
from migrate.forges.last_set import last_set, set_line
from migrate.forges.like_github import (
    combined_statuses,
    label_and_review_calls,
    milestone_number,
    post_call,
    rewrite_call,
    say_call,
)
from migrate.forges.sending import send_when_ready
from migrate.forges.tokens import Token
from migrate.git.objects import CommitId

PAGE = 50
"""Items of a page: the most that Gitea gives unless its administrator says otherwise."""
CLOSED_PAGES = 6
"""Pages of requests that are not open, the last changed ones first, in which a branch's request is looked for."""
DRAFTS = DraftTitles("WIP: ", re.compile(r"\A(?:WIP:|\[WIP\])\s*", re.IGNORECASE))
"""`WORK_IN_PROGRESS_PREFIXES` of a server that nobody configured."""
FOR = "refs/for/"
"""Where a push makes a request for the branch that follows (AGit, docs.gitea.com/usage/agit)."""
MADE = re.compile(r"/pulls/([0-9]{1,12})\s*$", re.MULTILINE)
"""What the server prints of the request."""
SAME = "new commit is same with old commit"
"""What it says of a commit that the request has already."""
METHODS = {Method.MERGE: "merge", Method.SQUASH: "squash", Method.REBASE: "rebase"}
VERDICTS = {"APPROVED": Verdict.APPROVED, "REQUEST_CHANGES": Verdict.CHANGES}


def headers(token: Token) -> Mapping[str, str]:
    """What a token becomes in a call."""
    return {"Authorization": f"token {token.secret}"}


class Gitea:
    """One repository on a Gitea or a Forgejo."""

    has_stacks = False

    def __init__(self, place: Place, client: Client, push: Callable[[CommitId, str, Mapping[str, str]], str]) -> None:
        self.sign = place.sign
        self._client = client
        self._project = place.project
        self._path = f"/repos/{quote(place.project)}"
        self._milestones: dict[str, int] = {}
        self._me = ""
        self._push = push
        self._fork = place.fork
        self._may_push: bool | None = None

    def may_push(self) -> bool:
        """Whether branches may be pushed; where not, requests are opened by a push to `refs/for/…` (AGit)."""
        self._may_push = bool(self._fork) or flag(self._client.get(self._path), "permissions", "push")
        return self._may_push

    def requests(self, branches: Collection[str]) -> dict[str, PullRequest]:
        """By branch the open request, or else the newest one. There is no search by branch, so lists are read.

        One without a branch of its own is known by what its description says, if who asks has opened it.
        """
        path = f"{self._path}/pulls"
        if self._may_push is not True and not self._me:
            self._me = text(self._client.get("/user"), "login")
        me = "" if self._may_push else self._me

        def listed(wanted: Collection[str], state: str, most: int = PAGES) -> Iterator[PullRequest]:
            pages = self._client.pages(path, "limit", PAGE, most, state=state, sort="recentupdate")
            return own_requests(pages, wanted, me, self._fork)

        return open_or_newest(
            branches, listed(branches, "open"), lambda missing: listed(missing, "closed", CLOSED_PAGES)
        )

    def comments(self, request: PullRequest) -> tuple[Comment, ...]:
        """All comments, oldest first: the server gives them without pages."""
        listed = self._client.listed(f"{self._path}/issues/{request.number}/comments")
        return comments(listed)

    def reviews(self, request: PullRequest) -> tuple[Review, ...]:
        """The last verdict of each reviewer; one that was dismissed or asked for again counts no more."""
        path = f"{self._path}/pulls/{request.number}/reviews"
        last: dict[str, Review] = {}
        for each in self._client.pages(path, "limit", PAGE):
            who, verdict = text(each, "user", "login"), VERDICTS.get(text(each, "state"))
            if verdict is not None and not flag(each, "dismissed"):
                last[who] = Review(who, verdict, oid(each, "commit_id"))
            elif verdict is not None:
                last.pop(who, None)
        return tuple(last.values())

    def statuses(self, commit: CommitId) -> tuple[Status, ...]:
        """The present statuses of a commit."""
        combined = self._client.found(f"{self._path}/commits/{commit}/status", limit=PAGE)
        return combined_statuses(combined, "status")

    def prepare(self, extras: Extras) -> None:
        """Look up the milestone, which calls name by its number, and who asks: nobody reviews what they opened."""
        if extras.reviewers and not self._me:
            self._me = text(self._client.get("/user"), "login")
        if extras.labels:
            listed = [*self._client.pages(f"{self._path}/labels", "limit", PAGE)]
            known = {text(each, "name") for each in listed}
            missing = [label for label in extras.labels if label not in known]
            if missing:
                raise no_such("label", missing[0], self._project)
        if extras.milestone:
            listed = self._client.listed(f"{self._path}/milestones", state="all", name=extras.milestone)
            self._milestones[extras.milestone] = milestone_number(listed, extras.milestone, "id", self._project)

    def render(self, action: Action) -> tuple[Call, ...]:
        """The calls that an action takes."""
        match action:
            case Open() if self._may_push is False:
                return self._opened_by_push(action)
            case Push():
                values: dict[str, object] = {"topic": action.branch, "commit": action.commit}
                return (Call(REVIEW, f"{FOR}{action.base}", values, "push the branch"),)
            case Open():
                values = {
                    "head": head_of(self._fork, action.branch),
                    "base": action.base,
                    "title": DRAFTS.titled(action.title, is_draft=action.is_draft),
                    "body": action.body,
                }
                return (Call("POST", f"{self._path}/pulls", values, "open a request", action.branch),)
            case Edit():
                path, values = f"{self._path}/pulls/{action.request.number}", edited(action.request, action.changes)
                return (Call("PATCH", path, values, "change the request", changes=action.changes),)
            case Add():
                return tuple(self._added(action))
            case Say():
                return (say_call(self._path, action),)
            case Rewrite():
                return (rewrite_call(self._path, action),)
            case Post():
                return (post_call(self._path, action),)
            case Link():
                return ()
            case Merge():
                values = {
                    "do": METHODS[action.method],
                    "merge_title_field": action.title,
                    "merge_message_field": action.message,
                    "head_commit_id": action.request.commit,
                }
                path = f"{self._path}/pulls/{action.request.number}/merge"
                return (Call("POST", path, values, "merge"),)
            case DeleteBranch():
                path = f"{self._path}/branches/{quote(action.branch, safe='')}"
                return (Call("DELETE", path, {}, "delete the branch"),)

    def send(self, call: Call) -> int | None:
        """Make a call. Right after a push the server may not know the branch yet: that is tried again."""
        if call.method == REVIEW:
            return self._pushed(call)
        try:
            return number(send_when_ready(self._client, call, is_not_yet), "number") or None
        except AnswerError as error:
            if call.method == "DELETE" and error.status == 404:
                return None  # Somebody, or a setting of the repository, deleted it.
            if error.status == 409 and call.gives:
                raise ExistsError(error.message, advice=error.advice) from None
            raise

    def _opened_by_push(self, action: Open) -> tuple[Call, ...]:
        """A push makes the request; then it is described. What it is known by until then fits into one line."""
        title = DRAFTS.titled(action.title, is_draft=action.is_draft)
        last = last_set(action.body)
        said = {"topic": action.branch, "title": title, "description": set_line(last) if last else ""}
        path = f"{self._path}/pulls/{number_of(action.branch)}"
        return (
            Call(REVIEW, f"{FOR}{action.base}", {**said, "commit": action.commit}, "open a request", action.branch),
            Call("PATCH", path, {"body": action.body}, "describe it"),
        )

    def _pushed(self, call: Call) -> int | None:
        """Push for review; the number of the request that came of it. A commit that is there already is no error."""
        options = {key: str(value) for key, value in call.values.items() if key != "commit"}
        try:
            said = self._push(CommitId(str(call.values["commit"])), call.path, {**options, "force-push": "true"})
        except RefusedError as error:
            if SAME in error.message:
                raise ExistsError(error.message, advice=error.advice) from None
            raise
        found = MADE.search(said)
        return int(found[1]) if found else None

    def _added(self, action: Add) -> Iterator[Call]:
        extras, had = action.extras, action.had
        yield from label_and_review_calls(self._path, action, self._me)
        values: dict[str, object] = {}
        if extras.assignees:
            values["assignees"] = list(dict.fromkeys((*had.assignees, *extras.assignees)))
        if extras.milestone and not had.milestone:
            values["milestone"] = self._milestones[extras.milestone]
        if values:
            yield Call("PATCH", f"{self._path}/issues/{action.number}", values, "assign")


def own_requests(listed: Iterable[Any], branches: Collection[str], me: str, fork: str) -> Iterator[PullRequest]:
    """The requests for some branches that are in the repository itself, or in a fork.

    Those that `me` opened by a push have no branch. Nobody else's count: their description may say anything.
    """
    for each in listed:
        branch = text(each, "head", "ref")
        is_own = inside(each, "head", "repo_id") == inside(each, "base", "repo_id")
        if fork:
            is_own = text(each, "head", "repo", "full_name").lower() == fork.lower()
        if branch not in branches:
            # Once its branch is deleted, a request is known by a ref of its own; its label is still the branch.
            branch = text(each, "head", "label")
        if not branch and me and text(each, "user", "login") == me:
            last = last_set(body(each, "body"))
            branch = last.branch if last is not None else ""
        if branch in branches and is_own and number(each, "number"):
            yield read(each, branch)


def read(value: Any, branch: str) -> PullRequest:
    """One request."""
    title = text(value, "title")
    closed = RequestState.MERGED if flag(value, "merged") else RequestState.CLOSED
    return PullRequest(
        number=number(value, "number"),
        branch=branch,
        base=text(value, "base", "ref") or text(value, "base", "label"),
        title=DRAFTS.plain(title),
        body=body(value, "body"),
        state=RequestState.OPEN if text(value, "state") == "open" else closed,
        is_draft=flag(value, "draft") or DRAFTS.marks(title),
        url=address(value, "html_url"),
        commit=oid(value, "head", "sha"),
        merged_as=oid(value, "merge_commit_sha") if closed is RequestState.MERGED else NO_COMMIT,
        key=version(value),
        labels=names(items(value, "labels"), "name"),
        assignees=names(items(value, "assignees"), "login"),
        milestone=text(value, "milestone", "title"),
    )


def version(value: Any) -> str:
    """The version of a request's body, from 0, empty where the server knows of none."""
    found = inside(value, "content_version")
    is_number = isinstance(found, int) and not isinstance(found, bool)
    return str(found) if is_number and 0 <= found < LONGEST_NUMBER else ""


def edited(request: PullRequest, changes: Mapping[str, Change]) -> dict[str, object]:
    """The values of an edit."""
    values: dict[str, object] = {key: changes[key].new for key in ("body", "base", "state") if key in changes}
    values |= DRAFTS.edited(request, changes)
    if "body" in changes and request.key:
        values["content_version"] = int(request.key)
    return values


def is_not_yet(call: Call, error: AnswerError) -> bool:
    """Whether the server has not yet seen what was pushed just now."""
    if call.path.endswith("/merge"):
        return error.status == 405 and "later" in error.said  # It looks in the background whether it can merge.
    is_new = call.gives != "" or "/statuses/" in call.path
    return is_new and (error.status == 404 or (error.status == 422 and "branch" in error.said.lower()))
