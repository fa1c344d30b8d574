"""The pull requests of a stack, as `status` shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from migrate.stack.model import Stack
from migrate.stack.project import Project
from migrate.text import duration

if TYPE_CHECKING:
    from migrate.orchestrator.submit.overview import Overview


def requests_of(project: Project, stack: Stack) -> Overview:
    """The pull requests of a stack."""
    from migrate.orchestrator.submit.overview import overview  # Slow to import, and many have none.

    return overview(project, stack)


def requests_json(requests: Overview | None) -> dict[str, object]:
    """The pull requests for programs; nothing where there are none."""
    if requests is None or not requests.views:
        return {}
    rows = [
        {
            "branch": each.branch,
            "number": each.number,
            "state": each.state,
            "draft": each.draft,
            "review": each.review,
            "checks": each.checks,
            "url": each.url,
        }
        for each in requests.views
    ]
    return {"requests": {"age": round(requests.age), "problem": requests.problem, "rows": rows}}


def request_lines(requests: Overview, stack: Stack) -> Iterator[str]:
    """The pull requests, and how old that is where the forge was not asked just now."""
    if requests.problem:
        yield ""
        yield f"requests: {requests.problem}"
    if not requests.views:
        return
    yield ""
    age = f", {duration(requests.age)} ago" if requests.age >= 1 else ""
    yield f"requests on {requests.web}{age}:"
    names = {phase.branch: phase.id for phase in stack}
    width = max(len(names.get(each.branch, each.branch)) for each in requests.views)
    for each in requests.views:
        yield f"  {names.get(each.branch, each.branch):<{width}}  {requests.sign}{each.number}  {each.words}"
