"""Branches that take phases back, as `status` shows them, with what remains to be done."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from migrate.cli.output import Output
from migrate.git.fetch import has_remote
from migrate.git.repository import Repository
from migrate.stack.model import Stack
from migrate.stack.revert_branches import RevertBranch, RevertProgress
from migrate.stack.tracking import BranchPlace


def revert_lines(out: Output, repository: Repository, stack: Stack, here: str | None) -> Iterator[str]:
    """One line a branch; `here` is the branch that is checked out."""
    remote = stack.plan.remote
    waits_for_push = any(each.progress is RevertProgress.UNPUSHED for each in stack.reverts)
    can_push = waits_for_push and has_remote(repository, remote)
    for each in stack.reverts:
        what = f"{each.branch} takes back {', '.join(each.phases)}"
        describing = out.again(f"pr {each.phases[0]} --revert")
        if each.progress is RevertProgress.UNPUSHED and can_push:
            yield f"{what}; it is not on {remote} yet: {out.again('sync')}"
        elif each.progress is RevertProgress.UNPUSHED:
            yield f"{what}; it waits to be merged: {describing}"
        elif each.progress is RevertProgress.OPEN:
            yield f"{what} and is on {remote}; open its pull request: {describing}"
        elif each.progress is RevertProgress.MERGED and each.is_here:
            yield f"{each.branch} was merged: {out.again('land')} deletes it"
        elif each.progress is RevertProgress.MERGED:
            yield f"{each.branch} was merged; to delete it on {remote}: {deleting(each, stack, here)}"
        else:
            yield f"{what}, and is no longer needed; to delete it: {deleting(each, stack, here)}"
        if each.is_waiting:
            yield f"  if it is no longer needed: {deleting(each, stack, here)}"


def deleting(revert: RevertBranch, stack: Stack, here: str | None) -> str:
    """The commands that delete a branch wherever it is."""
    branch = shlex.quote(revert.branch)
    commands = [f"git switch {shlex.quote(stack.plan.base)}"] if here == revert.branch else []
    if revert.is_here:
        commands.append(f"git branch -D {branch}")
    if revert.remote.place not in (BranchPlace.NOWHERE, BranchPlace.LOCAL):
        commands.append(f"git push {shlex.quote(stack.plan.remote)} --delete {branch}")
    return " && ".join(commands)


def revert_json(revert: RevertBranch) -> dict[str, object]:
    """One branch for programs."""
    return {
        "branch": revert.branch,
        "commit": revert.tip,
        "phases": list(revert.phases),
        "state": str(revert.progress),
        "remote": str(revert.remote.place),
    }
