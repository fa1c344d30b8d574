"""GitHub, on github.com, ghe.com and servers of one's own, by its REST API (docs.github.com, version 2022-11-28).

Whether a request is a draft is changed by GraphQL alone. Stacks of GitHub's own are used where a repository has them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from migrate.errors import ForgeError
from migrate.forges.answers import address, body, comments, flag, inside, items, names, number, oid, text
from migrate.forges.base import (
    NO_COMMIT,
    Action,
    Add,
    Call,
    Comment,
    DeleteBranch,
    Edit,
    Extras,
    Link,
    Merge,
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
)
from migrate.forges.client import Client
from migrate.forges.common import open_or_newest
from migrate.forges.errors import AnswerError, ExistsError
from migrate.forges.hosts import Place
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

PAGE = 100
CLOSED_PAGES = 3
"""Pages of requests that are not open, the last changed ones first, in which a branch's request is looked for."""
VERDICTS = {"APPROVED": Verdict.APPROVED, "CHANGES_REQUESTED": Verdict.CHANGES}
DRAFT = "mutation($id: ID!) { convertPullRequestToDraft(input: {pullRequestId: $id}) { clientMutationId } }"
READY = "mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { clientMutationId } }"
MERGING = (1.0, 2.0, 3.0, 5.0, 8.0, 13.0)
"""Seconds between two looks at a merge that goes on in the background."""


def headers(token: Token) -> Mapping[str, str]:
    """What a token becomes in a call."""
    return {
        "Accept": "application/vnd.github+json",
        "Authorization": f"Bearer {token.secret}",
        "X-GitHub-Api-Version": "2022-11-28",
    }


class GitHub:
    """One repository on GitHub."""

    def __init__(self, place: Place, client: Client) -> None:
        self.sign = place.sign
        self._client = client
        self._project = place.project
        self._fork = place.fork
        self._path = f"/repos/{quote(place.project)}"
        # A server of one's own has GraphQL beside the REST API, and not below it.
        self._graphql = f"{place.api.removesuffix('/v3')}/graphql" if place.api.endswith("/api/v3") else "/graphql"
        self._milestones: dict[str, int] = {}
        self._me = ""
        self.has_stacks = False

    def may_push(self) -> bool:
        """It is not asked: a push that is not allowed is refused, and changes nothing."""
        return True

    def requests(self, branches: Collection[str]) -> dict[str, PullRequest]:
        """By branch the open request, or else the newest one: two lists cost less than a search for each branch."""
        path = f"{self._path}/pulls"

        def closed(missing: Collection[str]) -> Iterator[PullRequest]:
            recent = {"state": "closed", "sort": "updated", "direction": "desc"}
            listed = self._client.pages(path, "per_page", PAGE, CLOSED_PAGES, **recent)
            return own_requests(listed, missing, self._fork or self._project)

        listed = self._client.pages(path, "per_page", PAGE, state="open")
        found = open_or_newest(branches, own_requests(listed, branches, self._fork or self._project), closed)
        self.has_stacks = self._client.found(f"{self._path}/stacks", per_page=1) is not None
        return found

    def comments(self, request: PullRequest) -> tuple[Comment, ...]:
        """All comments, oldest first."""
        listed = self._client.pages(f"{self._path}/issues/{request.number}/comments", "per_page", PAGE)
        return comments(listed)

    def reviews(self, request: PullRequest) -> tuple[Review, ...]:
        """The last verdict of each reviewer; one that was dismissed counts no more."""
        last: dict[str, Review] = {}
        for each in self._client.pages(f"{self._path}/pulls/{request.number}/reviews", "per_page", PAGE):
            who, state = text(each, "user", "login"), text(each, "state")
            if state in VERDICTS:
                last[who] = Review(who, VERDICTS[state], oid(each, "commit_id"))
            elif state == "DISMISSED":
                last.pop(who, None)
        return tuple(last.values())

    def statuses(self, commit: CommitId) -> tuple[Status, ...]:
        """The present statuses of a commit."""
        combined = self._client.found(f"{self._path}/commits/{commit}/status", per_page=PAGE)
        return combined_statuses(combined, "state")

    def prepare(self, extras: Extras) -> None:
        """Look up the milestone, which calls name by its number, and who asks: nobody reviews what they opened."""
        if extras.reviewers and not self._me:
            self._me = text(self._client.get("/user"), "login")
        if extras.milestone and extras.milestone not in self._milestones:
            listed = self._client.pages(f"{self._path}/milestones", "per_page", PAGE, state="all")
            self._milestones[extras.milestone] = milestone_number(listed, extras.milestone, "number", self._project)

    def render(self, action: Action) -> tuple[Call, ...]:
        """The calls that an action takes."""
        match action:
            case Open():
                values = {
                    "head": head_of(self._fork, action.branch),
                    "base": action.base,
                    "title": action.title,
                    "body": action.body,
                    "draft": action.is_draft,
                }
                return (Call("POST", f"{self._path}/pulls", values, "open a request", action.branch),)
            case Edit():
                return tuple(self._edited(action))
            case Add():
                return tuple(self._added(action))
            case Say():
                return (say_call(self._path, action),)
            case Rewrite():
                return (rewrite_call(self._path, action),)
            case Post():
                return (post_call(self._path, action),)
            case Push():
                return ()  # Branches are pushed there.
            case Link():
                path = f"{self._path}/stacks/{action.stack}/add" if action.stack else f"{self._path}/stacks"
                return (Call("POST", path, {"pull_requests": list(action.numbers)}, "stack the requests"),)
            case Merge():
                return (self._merged(action),)
            case DeleteBranch():
                path = f"{self._path}/git/refs/heads/{quote(action.branch)}"
                return (Call("DELETE", path, {}, "delete the branch"),)

    def send(self, call: Call) -> int | None:
        """Make a call. GraphQL answers with 200 also where it did nothing."""
        if "pull_requests" in call.values:
            call = Call(call.method, call.path, {"pull_requests": [int(n) for n in numbers(call)]}, call.what)
        try:
            answer = send_when_ready(self._client, call, is_not_yet)
        except AnswerError as error:
            if call.gives and error.status == 422 and "already exists" in error.said:
                raise ExistsError(error.message, advice=error.advice) from None
            if call.method == "DELETE" and error.status == 422:
                return None  # "Reference does not exist": somebody, or the repository's setting, deleted it.
            raise
        if call.path == self._graphql and items(answer, "errors"):
            said = "; ".join(text(each, "message") for each in items(answer, "errors"))
            raise AnswerError(422, said, f"{self._client.host} did not {call.what}: {said}")
        if call.method == "PUT" and call.path.endswith("/merge-async"):
            self._await_merge(call)
        return number(answer, "number") if call.gives else None

    def _await_merge(self, call: Call) -> None:
        """Wait until a merge in the background is done. Raises `ForgeError` when it takes too long."""
        path = call.path.removesuffix("/merge-async")
        for pause in MERGING:
            if flag(self._client.get(path), "merged"):
                return
            self._client.sleep(pause)
        raise ForgeError(f"{self._client.host} has not merged {path} yet", advice="migrate land --fetch, when it has")

    def _edited(self, action: Edit) -> Iterable[Call]:
        request, changes = action.request, action.changes
        values = {key: changes[key].new for key in ("title", "body", "base", "state") if key in changes}
        if values:
            shown = {key: change for key, change in changes.items() if key in values}
            yield Call("PATCH", f"{self._path}/pulls/{request.number}", values, "change the request", "", shown)
        if "draft" in changes:
            is_draft = changes["draft"].new == "yes"
            asked = {"query": DRAFT if is_draft else READY, "variables": {"id": request.key}}
            what = f"make #{request.number} {'a draft' if is_draft else 'ready for review'}"
            yield Call("POST", self._graphql, asked, what, "", {"draft": changes["draft"]})

    def _added(self, action: Add) -> Iterable[Call]:
        extras = action.extras
        issue = f"{self._path}/issues/{action.number}"
        yield from label_and_review_calls(self._path, action, self._me)
        if extras.assignees:
            yield Call("POST", f"{issue}/assignees", {"assignees": list(extras.assignees)}, "assign")
        if extras.milestone:
            yield Call("PATCH", issue, {"milestone": self._milestones[extras.milestone]}, "set the milestone")

    def _merged(self, action: Merge) -> Call:
        request = action.request
        values: dict[str, object] = {"merge_method": str(action.method), "sha": request.commit}
        if action.title:
            values |= {"commit_title": action.title, "commit_message": action.message}
        way = "merge-async" if request.stack else "merge"
        return Call("PUT", f"{self._path}/pulls/{request.number}/{way}", values, "merge")


def numbers(call: Call) -> list[str]:
    """The requests that a call stacks."""
    found = call.values["pull_requests"]
    return [str(each) for each in found] if isinstance(found, list) else []


def own_requests(listed: Iterable[Any], branches: Collection[str], project: str) -> Iterator[PullRequest]:
    """The requests for some branches that are in a project: its own, or a fork."""
    for each in listed:
        branch = text(each, "head", "ref")
        is_own = text(each, "head", "repo", "full_name").lower() == project.lower()
        if branch in branches and is_own and number(each, "number"):
            yield read(each)


def read(value: Any) -> PullRequest:
    """One request."""
    closed = RequestState.MERGED if text(value, "merged_at") else RequestState.CLOSED
    return PullRequest(
        number=number(value, "number"),
        branch=text(value, "head", "ref"),
        base=text(value, "base", "ref"),
        title=text(value, "title"),
        body=body(value, "body"),
        state=RequestState.OPEN if text(value, "state") == "open" else closed,
        is_draft=flag(value, "draft"),
        url=address(value, "html_url"),
        commit=oid(value, "head", "sha"),
        merged_as=oid(value, "merge_commit_sha") if closed is RequestState.MERGED else NO_COMMIT,
        key=text(value, "node_id"),
        labels=names(items(value, "labels"), "name"),
        assignees=names(items(value, "assignees"), "login"),
        milestone=text(value, "milestone", "title"),
        stack=number(inside(value, "stack"), "number"),
    )


def is_not_yet(call: Call, error: AnswerError) -> bool:
    """Whether GitHub has not yet seen what was pushed just now: `head` or `sha` is then said to be invalid."""
    if call.gives:
        return error.status == 422 and "already exists" not in error.said and "invalid" in error.said
    return "/statuses/" in call.path and error.status == 422 and "No commit found" in error.said
