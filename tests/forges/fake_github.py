"""A GitHub on loopback, as far as `submit` needs one, over a real bare repository; and the ways in which it can fail.

Every request that comes and every response that goes is held against GitHub's own description of its API. GraphQL has
another description; the two mutations are held against what they are by hand.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.forges.contract import check_request, check_response, made, operation, schema
from tests.forges.served import RefusedCallError, Served

PROJECT = "shop/app"
REPOSITORY = f"/repos/{PROJECT}"
LONGEST = 65_536
MUTATIONS = {"convertPullRequestToDraft": True, "markPullRequestReadyForReview": False}


@dataclass
class Pull:
    """One pull request."""

    number: int
    head: str
    base: str
    title: str
    body: str
    draft: bool
    sha: str
    state: str = "open"
    merged_as: str = ""
    labels: list[str] = field(default_factory=list)
    assignees: list[str] = field(default_factory=list)
    reviewers: list[str] = field(default_factory=list)
    milestone: str = ""
    stack: int = 0
    fork: str = ""
    """The project that its branch is in, where that is another one."""


class FakeGitHub(Served):
    """The server."""

    def __init__(self, origin: Path) -> None:
        super().__init__()
        self.origin = origin
        self.pulls: dict[int, Pull] = {}
        self.comments: dict[int, tuple[int, str]] = {}
        self.reviews: dict[int, list[dict[str, Any]]] = {}
        self.statuses: dict[str, dict[str, dict[str, str]]] = {}
        self.stacks: dict[int, list[int]] = {}
        self.has_stacks = True
        self.me = "ada"
        self.fork: tuple[str, Path] = ("", origin)
        """A fork: its name, and where it is."""
        self.strangers: set[str] = set()
        """People without access to the repository."""

    def state(self) -> dict[str, Any]:
        """All that there is, for comparing: numbers aside, which a fault may use up."""
        heads = {pull.number: pull.head for pull in self.pulls.values()}
        return {
            "pulls": sorted(
                (p.head, p.base, p.title, p.body, p.draft, p.state, p.labels, p.reviewers) for p in self.pulls.values()
            ),
            "comments": sorted((heads[number], body) for number, body in self.comments.values()),
            "statuses": {sha: sorted(map(sorted_items, each.values())) for sha, each in self.statuses.items()},
            "stacks": [[heads[number] for number in stack] for stack in self.stacks.values()],
        }

    def git(self, *arguments: str) -> str:
        """Run git in the bare repository."""
        done = subprocess.run(["git", *arguments], cwd=self.origin, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RefusedCallError(422, done.stderr.strip())
        return done.stdout.strip()

    def tip(self, branch: str, fork: str = "") -> str:
        """The commit of a branch, empty where there is none."""
        done = subprocess.run(
            ["git", "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}"],
            cwd=self.fork[1] if fork else self.origin,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout.strip()

    def answer(self, method: str, target: str, raw: bytes) -> tuple[int, Any]:
        """What a call does, and what it answers."""
        parts = urlsplit(target)
        body = json.loads(raw) if raw else None
        if parts.path == "/graphql":
            return self.graphql(body)
        found = operation(method, unquote(parts.path))
        check_request(found, dict(parse_qsl(parts.query)), body)
        query = dict(parse_qsl(parts.query))
        name = found.template.removeprefix("/repos/{owner}/{repo}")
        do = {
            ("GET", "/user"): lambda: (200, made(schema("public-user"), {"login": self.me})),
            ("GET", "/pulls"): lambda: (200, self.listed(query)),
            ("POST", "/pulls"): lambda: (201, self.opened(body)),
            ("GET", "/pulls/{pull_number}"): lambda: (200, self.full(self.pull(found.names["pull_number"]))),
            ("PATCH", "/pulls/{pull_number}"): lambda: (200, self.edited(found.names["pull_number"], body)),
            ("PUT", "/pulls/{pull_number}/merge"): lambda: (200, self.merged(found.names["pull_number"], body)),
            ("PUT", "/pulls/{pull_number}/merge-async"): lambda: self.merged_later(found.names["pull_number"], body),
            ("POST", "/pulls/{pull_number}/requested_reviewers"): lambda: (201, self.asked(found.names, body)),
            ("GET", "/pulls/{pull_number}/reviews"): lambda: (200, self.reviewed(int(found.names["pull_number"]))),
            ("PATCH", "/issues/{issue_number}"): lambda: (200, self.with_milestone(found.names, body)),
            ("GET", "/issues/{issue_number}/comments"): lambda: (200, self.said(int(found.names["issue_number"]))),
            ("POST", "/issues/{issue_number}/comments"): lambda: (201, self.say(found.names, body)),
            ("POST", "/issues/{issue_number}/labels"): lambda: (200, self.labelled(found.names, body)),
            ("POST", "/issues/{issue_number}/assignees"): lambda: (201, self.assigned(found.names, body)),
            ("PATCH", "/issues/comments/{comment_id}"): lambda: (200, self.say_again(found.names, body)),
            ("DELETE", "/issues/comments/{comment_id}"): lambda: (204, self.unsay(found.names)),
            ("GET", "/milestones"): lambda: (200, [made(schema("milestone"), {"number": 7, "title": "v2"})]),
            ("POST", "/statuses/{sha}"): lambda: (201, self.posted(found.names["sha"], body)),
            ("GET", "/commits/{ref}/status"): lambda: (200, self.combined(found.names["ref"])),
            ("DELETE", "/git/refs/{ref}"): lambda: (204, self.deleted(found.names["ref"])),
            ("GET", "/stacks"): self.stacks_listed,
            ("POST", "/stacks"): lambda: (201, self.stacked(body)),
            ("POST", "/stacks/{stack_number}/add"): lambda: (200, self.stacked(body, int(found.names["stack_number"]))),
        }[method, name]
        status, answer = do()
        check_response(found, status, answer)
        return status, answer

    def graphql(self, body: Any) -> tuple[int, Any]:
        """The two mutations that change whether a request is a draft."""
        assert body.keys() == {"query", "variables"}, body
        name = next(each for each in MUTATIONS if each in body["query"])
        pull = next((p for p in self.pulls.values() if f"node-{p.number}" == body["variables"]["id"]), None)
        if pull is None:
            return 200, {"data": None, "errors": [{"message": "Could not resolve to a node"}]}
        pull.draft = MUTATIONS[name]
        return 200, {"data": {name: {"clientMutationId": None}}}

    def pull(self, number: str) -> Pull:
        """One request."""
        if int(number) not in self.pulls:
            raise RefusedCallError(404, "Not Found")
        return self.pulls[int(number)]

    def values(self, pull: Pull) -> dict[str, Any]:
        """A request as the API shows it."""
        sha = self.tip(pull.head, pull.fork) or pull.sha
        pull.sha = sha if pull.state == "open" else pull.sha
        here = {"full_name": PROJECT}
        there = {"full_name": pull.fork or PROJECT}
        owner = there["full_name"].partition("/")[0]
        return {
            "number": pull.number,
            "node_id": f"node-{pull.number}",
            "html_url": f"https://github.com/{PROJECT}/pull/{pull.number}",
            "state": pull.state,
            "title": pull.title,
            "body": pull.body,
            "draft": pull.draft,
            "head": {"ref": pull.head, "sha": pull.sha, "label": f"{owner}:{pull.head}", "repo": there},
            "base": {"ref": pull.base, "label": f"shop:{pull.base}", "repo": here},
            "labels": [{"name": label, "description": "", "color": "ffffff"} for label in pull.labels],
            "assignees": [{"login": each} for each in pull.assignees],
            "milestone": {"title": pull.milestone} if pull.milestone else None,
            "merged_at": "2026-12-01T12:00:00Z" if pull.merged_as else None,
            "merge_commit_sha": pull.merged_as or None,
            "auto_merge": None,
            "assignee": None,
            "closed_at": None,
            "stack": {"number": pull.stack, "base": {"ref": "main", "sha": "x"}} if pull.stack else None,
        }

    def simple(self, pull: Pull) -> Any:
        """A request in a list."""
        return made(schema("pull-request-simple"), self.values(pull))

    def full(self, pull: Pull) -> Any:
        """A request by itself."""
        more = {"merged": bool(pull.merged_as), "mergeable": None, "merged_by": None}
        return made(schema("pull-request"), {**self.values(pull), **more})

    def listed(self, query: dict[str, str]) -> list[Any]:
        """A page of requests."""
        state = query.get("state", "open")
        found = [p for p in self.pulls.values() if state in ("all", p.state)]
        size, page = int(query.get("per_page", 30)), int(query.get("page", 1))
        found.sort(key=lambda p: -p.number)
        return [self.simple(each) for each in found[(page - 1) * size : page * size]]

    def opened(self, body: Any) -> Any:
        """A new request."""
        owner, _, head = body["head"].rpartition(":")
        base, fork = body["base"], self.fork[0] if owner == self.fork[0].partition("/")[0] else ""
        if not self.tip(head, fork) or not self.tip(base):
            raise RefusedCallError(422, "Validation Failed: head: invalid")
        if any(p.state == "open" and (p.head, p.base, p.fork) == (head, base, fork) for p in self.pulls.values()):
            raise RefusedCallError(422, f"A pull request already exists for shop:{head}.")
        check_length(body["body"])
        number = 1 + max((*self.pulls, *(n for n, _ in self.comments.values())), default=0)
        pull = Pull(number, head, base, body["title"], body["body"], body.get("draft", False), self.tip(head, fork))
        pull.fork = fork
        self.pulls[number] = pull
        return self.full(pull)

    def edited(self, number: str, body: Any) -> Any:
        """A request with some values changed."""
        pull = self.pull(number)
        if "base" in body and not self.tip(body["base"]):
            raise RefusedCallError(422, "Validation Failed: base: invalid")
        check_length(body.get("body", ""))
        for key in ("title", "body", "base", "state"):
            if key in body:
                setattr(pull, key, body[key])
        return self.full(pull)

    def merged(self, number: str, body: Any) -> Any:
        """A request merged into its base, as git merges."""
        pull = self.pull(number)
        if pull.draft or pull.state != "open":
            raise RefusedCallError(405, "Pull Request is not mergeable")
        if body.get("sha", pull.sha) != self.tip(pull.head):
            raise RefusedCallError(409, "Head branch was modified. Review and try the merge again.")
        base, head = self.tip(pull.base), self.tip(pull.head)
        tree = self.git("merge-tree", "--write-tree", base, head).split("\n")[0]
        parents = ["-p", base] + (["-p", head] if body.get("merge_method") == "merge" else [])
        title = body.get("commit_title") or pull.title
        message = f"{title}\n\n{body.get('commit_message', '')}"
        author = ("-c", "user.name=GitHub", "-c", "user.email=g@g")
        if body.get("merge_method") == "rebase":  # The last commit is what others see of it.
            author = ()
            message = self.git("log", "-1", "--format=%B", head)
        new = self.git(*author, "commit-tree", tree, *parents, "-m", message)
        self.git("update-ref", f"refs/heads/{pull.base}", new, base)
        pull.state, pull.merged_as = "closed", new
        return made(schema("pull-request-merge-result"), {"sha": new, "merged": True, "message": "merged"})

    def merged_later(self, number: str, body: Any) -> tuple[int, Any]:
        """The same in the background: done at once here."""
        given = {key: value for key, value in body.items() if key != "merge_action"}
        self.merged(number, given)
        return 202, made(schema("pull-request-merge-async-result"), {"status": "pending"})

    def asked(self, names: Any, body: Any) -> Any:
        """Reviewers."""
        pull = self.pull(names["pull_number"])
        if self.me in body.get("reviewers", []):
            raise RefusedCallError(422, "Review cannot be requested from pull request author.")
        if self.strangers & set(body.get("reviewers", [])):
            raise RefusedCallError(422, "Reviews may only be requested from collaborators.")
        asked = [*body.get("reviewers", []), *(f"shop/{team}" for team in body.get("team_reviewers", []))]
        pull.reviewers = list(dict.fromkeys([*pull.reviewers, *asked]))
        return self.simple(pull)

    def reviewed(self, number: int) -> list[Any]:
        """The reviews of a request."""
        return [made(schema("pull-request-review"), each) for each in self.reviews.get(number, [])]

    def with_milestone(self, names: Any, body: Any) -> Any:
        """A milestone."""
        pull = self.pull(names["issue_number"])
        pull.milestone = "v2" if body["milestone"] == 7 else ""
        return made(schema("issue"), {"number": pull.number, "closed_at": None, "assignee": None, "milestone": None})

    def said(self, number: int) -> list[Any]:
        """The comments of a request."""
        return [self.comment(key) for key, (on, _) in sorted(self.comments.items()) if on == number]

    def comment(self, key: int) -> Any:
        """A comment as the API shows it."""
        return made(schema("issue-comment"), {"id": key, "body": self.comments[key][1], "user": {"login": self.me}})

    def say(self, names: Any, body: Any) -> Any:
        """A new comment."""
        pull = self.pull(names["issue_number"])
        check_length(body["body"])
        key = 1000 + len(self.comments)
        self.comments[key] = (pull.number, body["body"])
        return self.comment(key)

    def say_again(self, names: Any, body: Any) -> Any:
        """A comment with another text."""
        key = int(names["comment_id"])
        self.comments[key] = (self.comments[key][0], body["body"])
        return self.comment(key)

    def unsay(self, names: Any) -> None:
        """A comment that goes."""
        if self.comments.pop(int(names["comment_id"]), None) is None:
            raise RefusedCallError(404, "Not Found")

    def labelled(self, names: Any, body: Any) -> Any:
        """Labels."""
        pull = self.pull(names["issue_number"])
        pull.labels = list(dict.fromkeys([*pull.labels, *body["labels"]]))
        return [made(schema("label"), {"name": each, "description": None}) for each in pull.labels]

    def assigned(self, names: Any, body: Any) -> Any:
        """Assignees."""
        pull = self.pull(names["issue_number"])
        pull.assignees = list(dict.fromkeys([*pull.assignees, *body["assignees"]]))
        return made(schema("issue"), {"number": pull.number, "closed_at": None, "assignee": None, "milestone": None})

    def posted(self, sha: str, body: Any) -> Any:
        """A commit status."""
        self.git("cat-file", "-e", f"{sha}^{{commit}}")
        self.statuses.setdefault(sha, {})[body["context"]] = {**body}
        return made(schema("status"), {**body, "target_url": None, "creator": None, "avatar_url": None})

    def combined(self, sha: str) -> Any:
        """The statuses of a commit."""
        rows = [{**each, "target_url": None, "avatar_url": None} for each in self.statuses.get(sha, {}).values()]
        return made(schema("combined-commit-status"), {"sha": sha, "state": "success", "statuses": rows})

    def deleted(self, ref: str) -> None:
        """A ref that goes; the requests that stand on it are closed."""
        branch = ref.removeprefix("heads/")
        if not self.tip(branch):
            raise RefusedCallError(422, "Reference does not exist")
        self.git("update-ref", "-d", f"refs/heads/{branch}")
        for pull in self.pulls.values():
            if pull.state == "open" and branch in (pull.base, pull.head):
                pull.state = "closed"

    def stacks_listed(self) -> tuple[int, Any]:
        """The stacks."""
        if not self.has_stacks:
            raise RefusedCallError(404, "Not Found")
        return 200, [made(schema("pull-request-stack-minimal"), self.stack(number)) for number in self.stacks]

    def stack(self, number: int) -> dict[str, Any]:
        """What the API shows of a stack."""
        rows = [self.pulls[each] for each in self.stacks[number]]
        pulls = [
            {
                "number": p.number,
                "state": p.state,
                "draft": p.draft,
                "merged_at": None,
                "head": {"ref": p.head, "sha": p.sha},
            }
            for p in rows
        ]
        return {"number": number, "base": {"ref": "main"}, "open": True, "pull_requests": pulls}

    def stacked(self, body: Any, number: int = 0) -> Any:
        """Requests made a stack, or put on top of one."""
        below = self.stacks.get(number, [])
        new = body["pull_requests"]
        chain = [*below, *new]
        for lower, upper in pairwise(chain):
            if self.pulls[upper].base != self.pulls[lower].head:
                raise RefusedCallError(422, "base does not match the previous head")
        if any(self.pulls[each].stack for each in new):
            raise RefusedCallError(422, "already in a stack")
        number = number or 1 + len(self.stacks)
        self.stacks[number] = chain
        for each in chain:
            self.pulls[each].stack = number
        described = operation("POST", f"{REPOSITORY}/stacks").described["responses"]["201"]
        return made(described["content"]["application/json"]["schema"], self.stack(number))


def sorted_items(value: dict[str, str]) -> list[tuple[str, str]]:
    """A table as a list that can be sorted."""
    return sorted(value.items())


def check_length(text: str) -> None:
    """What GitHub says of a text that is too long."""
    if len(text) > LONGEST:
        raise RefusedCallError(422, f"body is too long (maximum is {LONGEST} characters)")


@contextmanager
def running(origin: Path) -> Iterator[FakeGitHub]:
    """A server for a bare repository; nothing that went through it was against the description of the API."""
    with FakeGitHub(origin).running() as server:
        yield server
