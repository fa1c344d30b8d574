"""What a forge says of the requests of a stack, for people who look: kept for a while, and with its age."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from migrate.errors import ForgeError
from migrate.forges.base import Forge, Mark, PullRequest, RequestState, Review, Status, Verdict
from migrate.forges.registry import open_forge
from migrate.forges.request_place import request_place
from migrate.git.kept import keep_values, kept_values
from migrate.orchestrator.submit.stack_requests import branches_of
from migrate.stack.model import Stack
from migrate.stack.project import Project
from migrate.stack.requests_file import requests_file

FORMAT_VERSION = 2
FRESH = 60.0
"""Seconds for which a forge is not asked again, whether it answered or not."""


@dataclass(frozen=True)
class RequestView:
    """One request as `status` shows it."""

    branch: str
    number: int
    state: str
    url: str
    draft: bool
    review: str
    checks: str

    @property
    def words(self) -> str:
        """Its state, what reviewers said and what the checks say."""
        state = "draft" if self.draft and self.state == RequestState.OPEN else self.state
        return "  ".join(filter(None, (state, self.review, self.checks)))


@dataclass(frozen=True)
class Overview:
    """All requests of a stack. `problem` says why the forge could not be asked the last time."""

    web: str = ""
    sign: str = "#"
    when: float = 0.0
    """Seconds since 1970, 0 where it never said anything."""
    asked: float = 0.0
    """When it was asked last, whatever came of that."""
    views: tuple[RequestView, ...] = ()
    problem: str = ""

    @property
    def age(self) -> float:
        """Seconds since the forge said this."""
        return max(0.0, time.time() - self.when)


def overview(project: Project, stack: Stack) -> Overview:
    """What the forge says now, or what it said last where that is fresh, or the forge cannot be asked."""
    kept = read_kept(project)
    if 0 <= time.time() - kept.asked < FRESH:
        return kept
    plan, repository = project.plan, project.repository
    place = request_place(repository, plan.remote, plan.forge)
    if place is None:
        return kept
    try:
        with open_forge(repository, place, lambda _: None, is_looking=True) as forge:
            try:
                return keep(project, ask(stack, forge, place.web))
            except ForgeError as error:
                return keep(project, replace(kept, asked=time.time(), problem=error.message))
    except ForgeError as error:  # There is no token: nobody was asked.
        return replace(kept, problem=error.message)


def ask(stack: Stack, forge: Forge, web: str) -> Overview:
    """What the forge says now."""
    branches = branches_of(stack)
    requests = forge.requests(branches)
    views = tuple(view(forge, requests[branch]) for branch in branches if branch in requests)
    now = time.time()
    return Overview(web, forge.sign, now, now, views)


def view(forge: Forge, request: PullRequest) -> RequestView:
    """One request; only of an open one reviews and checks matter still."""
    review = review_words(forge.reviews(request)) if request.is_open else ""
    checks = check_words(forge.statuses(request.commit)) if request.is_open and request.commit else ""
    return RequestView(
        request.branch, request.number, str(request.state), request.url, request.is_draft, review, checks
    )


def review_words(reviews: Sequence[Review]) -> str:
    """What reviewers said last, in words."""
    against = [each.who for each in reviews if each.verdict is Verdict.CHANGES]
    if against:
        return f"changes requested by {', '.join(against)}"
    who = [each.who for each in reviews if each.verdict is Verdict.APPROVED]
    return f"approved by {', '.join(who)}" if who else "not reviewed"


def check_words(statuses: Iterable[Status]) -> str:
    """What the statuses of a commit say, in words."""
    found = list(statuses)
    for mark, word in ((Mark.FAILURE, "failed"), (Mark.PENDING, "pending")):
        names = [each.context for each in found if each.mark is mark]
        if names:
            return f"checks {word}: {', '.join(names)}"
    return f"{len(found)} checks passed" if len(found) > 1 else "1 check passed" if found else "no checks"


def keep(project: Project, found: Overview) -> Overview:
    """The same, kept for the next one who looks."""
    keep_values(requests_file(project.repository, project.plan.name), FORMAT_VERSION, asdict(found))
    return found


def forget(project: Project) -> None:
    """Let the next one who looks ask: something was just done there. That there is a file says that it can be asked."""
    keep_values(requests_file(project.repository, project.plan.name), FORMAT_VERSION, asdict(Overview()))


def read_kept(project: Project) -> Overview:
    """What was kept; nothing where that is not what was written."""
    return kept_values(requests_file(project.repository, project.plan.name), FORMAT_VERSION, taken) or Overview()


def taken(values: Mapping[str, Any]) -> Overview:
    """What was kept as it was. Raises what `kept_values` expects for what this did not write."""
    views = tuple(RequestView(**each) for each in values["views"])
    said = (str(values["web"]), str(values["sign"]), float(values["when"]), float(values["asked"]))
    return Overview(*said, views, str(values["problem"]))
