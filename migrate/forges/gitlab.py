"""GitLab, on gitlab.com and servers of one's own, by its REST API v4 (docs.gitlab.com).

A request is a merge request, known by its number in the project (`iid`) and written `!12`. A draft is one whose title
begins with `Draft:`. People are named by numbers, which are looked up. Stacks are recognised by GitLab itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from migrate.errors import ForgeError
from migrate.forges.answers import address, body, comments, flag, items, names, number, oid, text
from migrate.forges.base import (
    NO_COMMIT,
    Action,
    Add,
    Call,
    Change,
    Comment,
    DeleteBranch,
    Edit,
    Extras,
    Link,
    Mark,
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
)
from migrate.forges.client import Client
from migrate.forges.common import DraftTitles, no_such, open_or_newest, status_call
from migrate.forges.errors import AnswerError, ExistsError
from migrate.forges.hosts import Place
from migrate.forges.sending import send_when_ready
from migrate.forges.tokens import Token
from migrate.git.objects import CommitId

PAGE = 100
CLOSED_PAGES = 3
"""Pages of requests that are not open, the last changed ones first, in which a branch's request is looked for."""
DRAFTS = DraftTitles("Draft: ", re.compile(r"\A(?:Draft:|\[Draft\]|\(Draft\))\s*", re.IGNORECASE))
STATES = {"opened": RequestState.OPEN, "merged": RequestState.MERGED, "locked": RequestState.OPEN}
SENT = {Mark.SUCCESS: "success", Mark.FAILURE: "failed", Mark.PENDING: "pending"}
MARKS = {"success": Mark.SUCCESS, "failed": Mark.FAILURE, "canceled": Mark.FAILURE}


def headers(token: Token) -> Mapping[str, str]:
    """What a token becomes in a call."""
    return {"Authorization": f"Bearer {token.secret}"}


class GitLab:
    """One project on GitLab."""

    has_stacks = False

    def __init__(self, place: Place, client: Client) -> None:
        self.sign = place.sign
        self._client = client
        self._project = place.project
        self._path = project_path(place.project)
        self._source = project_path(place.fork) if place.fork else self._path
        self._target = 0
        """The number of the project, where branches are in a fork of it."""
        self._milestones: dict[str, int] = {}
        self._people: dict[str, int] = {}
        self._me = ""

    def may_push(self) -> bool:
        """It is not asked: a push that is not allowed is refused, and changes nothing."""
        return True

    def requests(self, branches: Collection[str]) -> dict[str, PullRequest]:
        """By branch the open request, or else the newest one."""
        path = f"{self._path}/merge_requests"
        source = 0
        if self._source != self._path:
            source, self._target = (number(self._client.get(each), "id") for each in (self._source, self._path))

        def recent(missing: Collection[str]) -> Iterator[PullRequest]:
            last = {"state": "all", "order_by": "updated_at", "sort": "desc"}
            return own_requests(self._client.pages(path, "per_page", PAGE, CLOSED_PAGES, **last), missing, source)

        listed = self._client.pages(path, "per_page", PAGE, state="opened")
        return open_or_newest(branches, own_requests(listed, branches, source), recent)

    def comments(self, request: PullRequest) -> tuple[Comment, ...]:
        """All comments, oldest first, without what GitLab itself noted."""
        path = f"{self._path}/merge_requests/{request.number}/notes"
        listed = self._client.pages(path, "per_page", PAGE, sort="asc", order_by="created_at")
        return comments(each for each in listed if not flag(each, "system"))

    def reviews(self, request: PullRequest) -> tuple[Review, ...]:
        """Who approves the request now. GitLab does not say which commit they saw: it takes an approval back itself."""
        answer = self._client.found(f"{self._path}/merge_requests/{request.number}/approvals")
        people = (text(each, "user", "username") for each in items(answer, "approved_by"))
        return tuple(Review(who, Verdict.APPROVED) for who in people if who)

    def statuses(self, commit: CommitId) -> tuple[Status, ...]:
        """The present statuses of a commit: those that are not of a pipeline job have no `ref` of their own."""
        path = f"{self._path}/repository/commits/{commit}/statuses"
        try:
            listed = [*self._client.pages(path, "per_page", PAGE)]
        except AnswerError as error:
            if error.status == 404:
                return ()
            raise
        last: dict[str, tuple[int, Status]] = {}
        for each in listed:
            name, key = text(each, "name"), number(each, "id")
            if name not in last or last[name][0] < key:
                mark = MARKS.get(text(each, "status"), Mark.PENDING)
                last[name] = (key, Status(name, mark, text(each, "description")))
        return tuple(status for _, status in last.values())

    def prepare(self, extras: Extras) -> None:
        """Look up the milestone and the people, which calls name by numbers."""
        if extras.reviewers and not self._me:
            self._me = text(self._client.get("/user"), "username")
        for name in (*extras.reviewers, *extras.assignees):
            if name not in self._people:
                listed = self._client.get("/users", username=name)
                self._people[name] = next((number(each, "id") for each in items({"all": listed}, "all")), 0)
            if not self._people[name] and name not in extras.owners:
                raise ForgeError(
                    f'there is nobody named "{name}" on {self._client.host}',
                    advice="correct the plan, or the phase that names them; then run the command again",
                )
        if extras.milestone and extras.milestone not in self._milestones:
            listed = self._client.get(f"{self._path}/milestones", title=extras.milestone, include_ancestors="true")
            found = [number(each, "id") for each in items({"all": listed}, "all")]
            if not found:
                raise no_such("milestone", extras.milestone, self._project)
            self._milestones[extras.milestone] = found[0]

    def render(self, action: Action) -> tuple[Call, ...]:
        """The calls that an action takes."""
        match action:
            case Open():
                values: dict[str, object] = {
                    "source_branch": action.branch,
                    "target_branch": action.base,
                    "title": DRAFTS.titled(action.title, is_draft=action.is_draft),
                    "description": action.body,
                }
                if self._source != self._path:
                    values["target_project_id"] = self._target
                return (Call("POST", f"{self._source}/merge_requests", values, "open a request", action.branch),)
            case Edit():
                path, values = self._request(action.request.number), edited(action.request, action.changes)
                return (Call("PUT", path, values, "change the request", changes=action.changes),)
            case Add():
                return self._added(action)
            case Say():
                return (Call("POST", f"{self._request(action.number)}/notes", {"body": action.body}, "comment"),)
            case Rewrite():
                path, change = f"{self._request(action.number)}/notes/{action.comment}", {"body": action.change}
                return (Call("PUT", path, {"body": action.change.new}, "write the comment again", changes=change),)
            case Post() if action.old is not None and {action.old.mark, action.status.mark} == {Mark.PENDING}:
                return ()  # GitLab refuses it: "Cannot transition status via :enqueue from :pending".
            case Post():
                values = {"name": action.status.context, "state": SENT[action.status.mark]}
                return (status_call(self._path, action, values),)
            case Push():
                return ()  # Branches are pushed there.
            case Link():
                return ()
            case Merge():
                return (self._merged(action),)
            case DeleteBranch():
                path = f"{self._path}/repository/branches/{quote(action.branch, safe='')}"
                return (Call("DELETE", path, {}, "delete the branch"),)

    def send(self, call: Call) -> int | None:
        """Make a call."""
        try:
            answer = send_when_ready(self._client, call, is_not_yet)
        except AnswerError as error:
            if call.gives and error.status == 409:
                raise ExistsError(error.message, advice=error.advice) from None
            if call.method == "DELETE" and error.status == 404:
                return None  # Somebody, or a setting of the project, deleted it.
            raise
        return number(answer, "iid") if call.gives else None

    def _request(self, iid: int | str) -> str:
        return f"{self._path}/merge_requests/{iid}"

    def _added(self, action: Add) -> tuple[Call, ...]:
        extras, had = action.extras, action.had
        values: dict[str, object] = {}
        if extras.labels:
            values["add_labels"] = ",".join(extras.labels)
        reviewers = [self._people[each] for each in extras.reviewers if each != self._me and self._people[each]]
        if reviewers:
            values["reviewer_ids"] = reviewers
        if extras.assignees and not had.assignees:  # The call replaces those that a person chose.
            values["assignee_ids"] = [self._people[each] for each in extras.assignees]
        if extras.milestone:
            values["milestone_id"] = self._milestones[extras.milestone]
        return (Call("PUT", self._request(action.number), values, "add labels and people"),) if values else ()

    def _merged(self, action: Merge) -> Call:
        is_squash = action.method is Method.SQUASH
        values: dict[str, object] = {"sha": action.request.commit, "squash": is_squash}
        if action.title:
            key = "squash_commit_message" if is_squash else "merge_commit_message"
            values[key] = f"{action.title}\n\n{action.message}"
        return Call("PUT", f"{self._request(action.request.number)}/merge", values, "merge")


def own_requests(listed: Iterable[Any], branches: Collection[str], source: int) -> Iterator[PullRequest]:
    """The requests for some branches that are in the project itself, or in the one with the number `source`."""
    for each in listed:
        branch = text(each, "source_branch")
        is_own = number(each, "source_project_id") == (source or number(each, "target_project_id"))
        if branch in branches and is_own and number(each, "iid"):
            yield read(each)


def read(value: Any) -> PullRequest:
    """One request."""
    title = text(value, "title")
    state = STATES.get(text(value, "state"), RequestState.CLOSED)
    merged_as = oid(value, "squash_commit_sha") or oid(value, "merge_commit_sha") or oid(value, "sha")
    return PullRequest(
        number=number(value, "iid"),
        branch=text(value, "source_branch"),
        base=text(value, "target_branch"),
        title=DRAFTS.plain(title),
        body=body(value, "description"),
        state=state,
        is_draft=flag(value, "draft") or DRAFTS.marks(title),
        url=address(value, "web_url"),
        commit=oid(value, "sha"),
        merged_as=merged_as if state is RequestState.MERGED else NO_COMMIT,
        labels=tuple(each for each in items(value, "labels") if isinstance(each, str)),
        assignees=names(items(value, "assignees"), "username"),
        milestone=text(value, "milestone", "title"),
    )


def project_path(project: str) -> str:
    """Where the API has a project."""
    return f"/projects/{quote(project, safe='')}"


def edited(request: PullRequest, changes: Mapping[str, Change]) -> dict[str, object]:
    """The values of an edit."""
    keys = {"body": "description", "base": "target_branch"}
    values: dict[str, object] = {name: changes[key].new for key, name in keys.items() if key in changes}
    values |= DRAFTS.edited(request, changes)
    if "state" in changes:
        values["state_event"] = "reopen" if changes["state"].new == "open" else "close"
    return values


def is_not_yet(call: Call, error: AnswerError) -> bool:
    """Whether GitLab has not yet seen what was pushed just now."""
    if call.gives:
        return error.status == 400 and "source_branch" in error.said
    return "/statuses/" in call.path and error.status == 404
