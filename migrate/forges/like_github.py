"""The part of GitHub's API that Gitea and Forgejo have just so: comments, labels, reviewers, milestones, statuses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from migrate.forges.answers import items, number, text
from migrate.forges.base import Add, Call, Mark, Post, Rewrite, Say, Status
from migrate.forges.common import no_such, status_call

MARKS = {"success": Mark.SUCCESS, "failure": Mark.FAILURE, "error": Mark.FAILURE}


def combined_statuses(combined: Any, key: str) -> tuple[Status, ...]:
    """The statuses of a commit, each with its state under `key`."""
    return tuple(
        Status(text(each, "context"), MARKS.get(text(each, key), Mark.PENDING), text(each, "description"))
        for each in items(combined, "statuses")
    )


def milestone_number(listed: Iterable[Any], title: str, key: str, project: str) -> int:
    """The number, under `key`, by which calls name a milestone. Raises `ForgeError` where the project has none."""
    found = [number(each, key) for each in listed if text(each, "title") == title]
    if not found:
        raise no_such("milestone", title, project)
    return found[0]


def say_call(path: str, action: Say) -> Call:
    """The call that comments on a request of the repository at `path`."""
    return Call("POST", f"{path}/issues/{action.number}/comments", {"body": action.body}, "comment")


def rewrite_call(path: str, action: Rewrite) -> Call:
    """The call that writes a comment again."""
    values, changes = {"body": action.change.new}, {"body": action.change}
    what = "write the comment again"
    return Call("PATCH", f"{path}/issues/comments/{action.comment}", values, what, changes=changes)


def post_call(path: str, action: Post) -> Call:
    """The call that gives a commit a status."""
    return status_call(path, action, {"context": action.status.context, "state": str(action.status.mark)})


def label_and_review_calls(path: str, action: Add, me: str) -> Iterator[Call]:
    """The calls that add labels and ask for reviews; `me` opened the request, and reviews it not."""
    extras = action.extras
    if extras.labels:
        yield Call("POST", f"{path}/issues/{action.number}/labels", {"labels": list(extras.labels)}, "add labels")
    people = [each for each in extras.reviewers if "/" not in each and each != me]
    teams = [each.rpartition("/")[2] for each in extras.reviewers if "/" in each]
    if people or teams:
        reviewers = {"reviewers": people, "team_reviewers": teams}
        yield Call("POST", f"{path}/pulls/{action.number}/requested_reviewers", reviewers, "ask for reviews")
