"""Asking a forge what it merged, for `land`. That stays so, and is kept: `continue` goes on with what was said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from migrate.errors import ForgeError
from migrate.forges.base import Edit, RequestState
from migrate.forges.registry import open_forge
from migrate.forges.request_place import request_place
from migrate.git.kept import keep_values, kept_file, kept_values
from migrate.git.objects import CommitId
from migrate.orchestrator.land.merged_requests import MergedRequest, RequestsThere
from migrate.orchestrator.submit.overview import forget
from migrate.orchestrator.submit.perform import perform
from migrate.orchestrator.submit.proposal import place_of_project
from migrate.orchestrator.submit.stack_requests import branches_of
from migrate.stack.model import Stack
from migrate.stack.project import Project

FORMAT_VERSION = 1


def ask_merged(project: Project, stack: Stack, tell: Callable[[str], None]) -> RequestsThere:
    """What a forge has of a stack now; what it said before where it cannot be asked, which is told."""
    plan, repository = project.plan, project.repository
    place = request_place(repository, plan.remote, plan.forge)
    if place is None:
        return before(project)
    try:
        with open_forge(repository, place, tell) as forge:
            requests = forge.requests(branches_of(stack))
    except ForgeError as error:
        tell(f"{error.message}; so git alone tells what landed.")
        return before(project)
    merged = {
        branch: MergedRequest(each.number, each.commit, each.merged_as, forge.sign)
        for branch, each in requests.items()
        if each.state is RequestState.MERGED and each.merged_as
    }
    keep_values(file_of(project), FORMAT_VERSION, {"merged": {branch: asdict(each) for branch, each in merged.items()}})
    return RequestsThere(merged, tuple(each for each in requests.values() if each.is_open), place.web, forge.sign)


def before(project: Project) -> RequestsThere:
    """What a forge said of merged requests the last time."""
    return RequestsThere(kept_values(file_of(project), FORMAT_VERSION, read) or {})


def file_of(project: Project) -> Path:
    """Where that is kept."""
    return kept_file(project.repository, f"merged-{project.plan.name}")


def read(values: Mapping[str, Any]) -> dict[str, MergedRequest]:
    """What was kept. Raises what `kept_values` expects for what this did not write."""
    return {
        branch: MergedRequest(
            int(each["number"]), CommitId(str(each["head"])), CommitId(str(each["commit"])), str(each["sign"])
        )
        for branch, each in values["merged"].items()
    }


def move_requests(project: Project, edits: Sequence[Edit], tell: Callable[[str], None]) -> None:
    """Give open requests another base. What does not work is told: the next submit does it."""
    place = place_of_project(project)
    try:
        with open_forge(project.repository, place, tell) as forge:
            forget(project)
            perform(forge, lambda: edits, edits)
    except ForgeError as error:
        tell(f"{error.message}; migrate submit points the requests at their bases.")
