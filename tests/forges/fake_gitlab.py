"""A GitLab on loopback, as far as `submit` needs one, over a real bare repository.

What each call takes, and what it answers, is recorded by hand from docs.gitlab.com (API v4: merge requests, notes,
commit statuses, users, milestones, branches): a parameter that is not documented is against it, and so is a value of
another type.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from tests.conftest import Sandbox
from tests.forges.served import RefusedCallError, Served

PROJECT = "shop/app"
MR = "/merge_requests/{iid}"
TAKES: dict[tuple[str, str], dict[str, type]] = {
    ("GET", ""): {},
    ("GET", "/user"): {},
    ("GET", "/users"): {"username": str},
    ("GET", "/merge_requests"): {
        "state": str, "order_by": str, "sort": str, "per_page": str, "page": str, "source_branch": str,
    },
    ("POST", "/merge_requests"): {
        "source_branch": str, "target_branch": str, "title": str, "description": str, "target_project_id": int,
    },
    ("GET", MR): {},
    ("PUT", MR): {
        "title": str, "description": str, "target_branch": str, "state_event": str, "add_labels": str,
        "reviewer_ids": list, "assignee_ids": list, "milestone_id": int,
    },
    ("PUT", f"{MR}/merge"): {
        "sha": str, "squash": bool, "squash_commit_message": str, "merge_commit_message": str,
        "should_remove_source_branch": bool,
    },
    ("GET", f"{MR}/notes"): {"sort": str, "order_by": str, "per_page": str, "page": str},
    ("POST", f"{MR}/notes"): {"body": str},
    ("PUT", f"{MR}/notes/{{note}}"): {"body": str},
    ("GET", f"{MR}/approvals"): {},
    ("GET", "/milestones"): {"title": str, "include_ancestors": str},
    ("GET", "/repository/commits/{sha}/statuses"): {"per_page": str, "page": str},
    ("POST", "/statuses/{sha}"): {"name": str, "state": str, "description": str},
    ("DELETE", "/repository/branches/{branch}"): {},
}  # fmt: skip
"""The parameters of each call, by its path below `/projects/:id`."""
PEOPLE = {"ada": 1, "bob": 2}


@dataclass
class Merge:
    """One merge request."""

    iid: int
    source: str
    target: str
    title: str
    description: str
    sha: str
    state: str = "opened"
    labels: list[str] = field(default_factory=list)
    reviewers: list[int] = field(default_factory=list)
    approved_by: list[str] = field(default_factory=list)
    merged_as: str = ""
    project: int = 3
    """The project of its branch."""


class FakeGitLab(Served):
    """The server."""

    def __init__(self, origin: Path) -> None:
        super().__init__()
        self.origin = Sandbox(origin)
        self.merges: dict[int, Merge] = {}
        self.notes: dict[int, tuple[int, str]] = {}
        self.fork: tuple[str, Path] = ("", origin)
        """A fork, whose number is 4: its name, and where it is."""
        self.statuses: list[dict[str, Any]] = []
        self.notes_of_others: set[int] = set()
        """Notes that somebody else wrote: only their author, or a maintainer, may change them."""

    def tip(self, branch: str, project: int = 3) -> str:
        """The commit of a branch, empty where there is none."""
        there = self.origin if project == 3 else Sandbox(self.fork[1])
        listed = there.git("for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")
        return listed.strip()

    def answer(self, method: str, target: str, raw: bytes) -> tuple[int, Any]:
        """What a call does, and what it answers."""
        parts = urlsplit(target)
        below = parts.path.removeprefix(f"/projects/{PROJECT.replace('/', '%2F')}")
        project = 3
        if self.fork[0] and below.startswith(there := f"/projects/{self.fork[0].replace('/', '%2F')}"):
            below, project = below.removeprefix(there), 4
        for (known, template), takes in TAKES.items():
            pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(template))
            found = re.fullmatch(pattern, below)
            if found and known == method:
                given = {**dict(parse_qsl(parts.query)), **(json.loads(raw) if raw else {})}
                for name, value in given.items():
                    assert name in takes, f"GitLab's {method} {template} takes no {name}"
                    assert type(value) is takes[name], f"{name} of {template} is {value!r}"
                if (known, template) == ("GET", ""):
                    return 200, {"id": project}
                if (known, template) == ("POST", "/merge_requests"):
                    assert given.get("target_project_id", project) == 3
                    return self.opened(given, project)
                return self.do(
                    method, template, {key: unquote(value) for key, value in found.groupdict().items()}, given
                )
        raise AssertionError(f"nothing is recorded of {method} {below}")

    def do(self, method: str, template: str, names: dict[str, str], given: dict[str, Any]) -> tuple[int, Any]:
        """One call whose parameters are right."""
        merge = self.merges.get(int(names["iid"])) if "iid" in names else None
        if "iid" in names and merge is None:
            raise RefusedCallError(404, "404 Not found")
        match method, template:
            case "GET", "/user":
                return 200, {"id": 1, "username": "ada"}
            case "GET", "/users":
                return 200, [{"id": PEOPLE[n], "username": n} for n in PEOPLE if n == given["username"]]
            case "GET", "/milestones":
                return 200, [{"id": 7, "title": given["title"]}] if given["title"] == "v2" else []
            case "GET", "/merge_requests":
                state = given["state"]
                rows = [self.row(m) for m in self.merges.values() if state in ("all", m.state)]
                return 200, rows if given.get("page") == "1" else []
            case "GET", "/repository/commits/{sha}/statuses":
                rows = [row for row in self.statuses if row["sha"] == names["sha"]]
                return 200, rows if given.get("page") == "1" else []
            case "POST", "/statuses/{sha}":
                row = {"id": len(self.statuses) + 1, "sha": names["sha"], "name": given["name"]}
                same = [each for each in self.statuses if (each["sha"], each["name"]) == (row["sha"], row["name"])]
                if same and same[-1]["status"] == given["state"] == "pending":
                    raise RefusedCallError(400, "Cannot transition status via :enqueue from :pending")
                self.statuses.append({**row, "status": given["state"], "description": given["description"]})
                return 201, self.statuses[-1]
            case "DELETE", "/repository/branches/{branch}":
                if not self.tip(names["branch"]):
                    raise RefusedCallError(404, "404 Branch Not Found")
                self.origin.git("update-ref", "-d", f"refs/heads/{names['branch']}")
                return 204, None
        assert merge is not None
        return self.do_one(method, template, merge, names, given)

    def do_one(
        self, method: str, template: str, merge: Merge, names: dict[str, str], given: dict[str, Any]
    ) -> tuple[int, Any]:
        """One call about a merge request."""
        match method, template.removeprefix(MR):
            case "PUT", "":
                merge.title = given.get("title", merge.title)
                merge.description = given.get("description", merge.description)
                merge.target = given.get("target_branch", merge.target)
                merge.state = {"close": "closed", "reopen": "opened"}.get(given.get("state_event", ""), merge.state)
                merge.labels += given.get("add_labels", "").split(",") if given.get("add_labels") else []
                merge.reviewers = given.get("reviewer_ids", merge.reviewers)
                return 200, self.row(merge)
            case "PUT", "/merge":
                return self.merged(merge, given)
            case "GET", "/notes":
                rows = [{"id": key, "body": body, "system": False} for key, (on, body) in self.notes.items()
                        if on == merge.iid]  # fmt: skip
                return 200, [*rows, {"id": 9, "body": "changed the target", "system": True}]
            case "POST", "/notes":
                key = 100 + len(self.notes)
                self.notes[key] = (merge.iid, given["body"])
                return 201, {"id": key, "body": given["body"], "system": False}
            case "PUT", "/notes/{note}" if int(names["note"]) in self.notes_of_others:
                raise RefusedCallError(403, "403 Forbidden")
            case "PUT", "/notes/{note}":
                self.notes[int(names["note"])] = (merge.iid, given["body"])
                return 200, {"id": int(names["note"]), "body": given["body"], "system": False}
            case "GET", "/approvals":
                return 200, {"approved_by": [{"user": {"username": who}} for who in merge.approved_by]}
            case _:
                return 200, self.row(merge)

    def row(self, merge: Merge) -> dict[str, Any]:
        """A merge request as the API shows it."""
        if merge.state == "opened":
            merge.sha = self.tip(merge.source, merge.project) or merge.sha
        return {
            "id": 1000 + merge.iid,
            "iid": merge.iid,
            "project_id": 3,
            "source_project_id": merge.project,
            "target_project_id": 3,
            "title": merge.title,
            "description": merge.description,
            "state": merge.state,
            "draft": merge.title.startswith("Draft:"),
            "source_branch": merge.source,
            "target_branch": merge.target,
            "sha": merge.sha,
            "merge_commit_sha": None,
            "squash_commit_sha": merge.merged_as or None,
            "labels": merge.labels,
            "assignees": [],
            "milestone": None,
            "web_url": f"https://gitlab.com/{PROJECT}/-/merge_requests/{merge.iid}",
        }

    def opened(self, given: dict[str, Any], project: int) -> tuple[int, Any]:
        """A new merge request."""
        source = given["source_branch"]
        if not self.tip(source, project):
            raise RefusedCallError(400, "source_branch does not exist")
        if any(m.state == "opened" and (m.source, m.project) == (source, project) for m in self.merges.values()):
            raise RefusedCallError(409, "Another open merge request already exists for this source branch")
        iid = len(self.merges) + 1
        self.merges[iid] = Merge(
            iid, source, given["target_branch"], given["title"], given.get("description", ""), self.tip(source, project)
        )
        self.merges[iid].project = project
        return 201, self.row(self.merges[iid])

    def merged(self, merge: Merge, given: dict[str, Any]) -> tuple[int, Any]:
        """A merge request squashed into its target."""
        if given["sha"] != self.tip(merge.source) or merge.title.startswith("Draft:"):
            raise RefusedCallError(405, "405 Method Not Allowed")
        base, head = self.tip(merge.target), self.tip(merge.source)
        tree = self.origin.git("merge-tree", "--write-tree", base, head).split("\n")[0]
        message = given.get("squash_commit_message", merge.title)
        new = self.origin.git("commit-tree", tree, "-p", base, "-m", message)
        self.origin.git("update-ref", f"refs/heads/{merge.target}", new, base)
        merge.state, merge.merged_as = "merged", new
        return 200, self.row(merge)


@contextmanager
def running_gitlab(origin: Path) -> Iterator[FakeGitLab]:
    """A server for a bare repository; nothing that went through it was against what is recorded."""
    with FakeGitLab(origin).running() as server:
        yield server
