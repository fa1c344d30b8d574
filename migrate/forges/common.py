"""What forges have in common: how lists become requests by branch, drafts that are known by their title, statuses."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from migrate.errors import ForgeError
from migrate.forges.base import Call, Change, Post, PullRequest


def newest(requests: Iterable[PullRequest]) -> dict[str, PullRequest]:
    """By branch the request with the highest number."""
    found: dict[str, PullRequest] = {}
    for request in requests:
        if request.branch not in found or found[request.branch].number < request.number:
            found[request.branch] = request
    return found


def open_or_newest(
    branches: Collection[str],
    open_ones: Iterable[PullRequest],
    others: Callable[[Collection[str]], Iterable[PullRequest]],
) -> dict[str, PullRequest]:
    """By branch the open request; of the branches without one, for which alone `others` is asked, the newest."""
    found = newest(open_ones)
    missing = [branch for branch in branches if branch not in found]
    return found | newest(others(missing)) if missing else found


def no_such(what: str, name: str, project: str) -> ForgeError:
    """The error for a label or a milestone that a plan names and a project does not have."""
    return ForgeError(
        f'there is no {what} "{name}" in {project}',
        advice="make it there, or take it out of the plan; then run the command again",
    )


def status_call(path: str, action: Post, values: Mapping[str, object]) -> Call:
    """The call that gives a commit a status; `values` hold its name and its state as the forge calls them."""
    status, old = action.status, action.old
    before = f"{old.mark}: {old.description}" if old else ""
    changes = {status.context: Change(before, f"{status.mark}: {status.description}")}
    sent = {**values, "description": status.description}
    return Call("POST", f"{path}/statuses/{action.commit}", sent, "say how it was validated", changes=changes)


class DraftTitles(NamedTuple):
    """How a forge marks a draft in its title: what is put before it, and what counts for that."""

    prefix: str
    marked: re.Pattern[str]

    def titled(self, title: str, *, is_draft: bool) -> str:
        """A title as the forge keeps it."""
        return f"{self.prefix}{title}" if is_draft else title

    def plain(self, title: str) -> str:
        """A title as people read it."""
        return self.marked.sub("", title)

    def marks(self, title: str) -> bool:
        """Whether a title is that of a draft."""
        return self.marked.match(title) is not None

    def edited(self, request: PullRequest, changes: Mapping[str, Change]) -> dict[str, object]:
        """The title to send for an edit; nothing where it stays."""
        if "title" not in changes and "draft" not in changes:
            return {}
        title = changes["title"].new if "title" in changes else request.title
        is_draft = changes["draft"].new == "yes" if "draft" in changes else request.is_draft
        return {"title": self.titled(title, is_draft=is_draft)}
