"""`submit` for somebody who may not push branches: the lowest phase becomes a request, and the rest waits.

The forge makes the request of a push to `refs/for/<base>` (AGit). A request for a phase above would stand on a branch
that is not there, and show the files of all phases below.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from migrate.errors import RefusedError
from migrate.forges.base import Action
from migrate.orchestrator.submit.decide import Present, decide
from migrate.orchestrator.submit.perform import rendered
from migrate.orchestrator.submit.proposal import Proposal, all_wanted, look, waiting_phases
from migrate.orchestrator.submit.run import Submission, Submitted, carry_out
from migrate.orchestrator.submit.stack_requests import open_phases
from migrate.orchestrator.submit.wanted import Wanted
from migrate.stack.model import Stack
from migrate.stack.phase_state import State
from migrate.stack.project import Project


def submit_lowest(run: Submission) -> Submitted | None:
    """Open or update the request of the lowest phase; None when `agree` said no. Nothing else is pushed.

    Raises `RefusedError` where it cannot have one, `ForgeError` when the forge did not do something.
    """
    project, forge = run.project, run.forge
    stack = project.look().stack
    failed = next((phase.id for phase in open_phases(stack)[:1] if phase.state is State.FAILED), None)
    if failed is not None and not run.allow_failed:
        raise RefusedError(f"{failed} failed", advice=f"migrate validate {failed}, or --allow-failed")

    def decided() -> tuple[tuple[Wanted, ...], Present, tuple[Action, ...]]:
        now = project.look().stack
        wanted = lowest_wanted(project, now, run.chosen)
        present = look(project, forge, now, wanted)
        return wanted, present, decide(now, wanted, present, forge.sign)

    wanted, present, actions = decided()
    calls = tuple(rendered(forge, actions))
    proposal = Proposal(run.place, None, (), actions, calls, wanted, (), waiting_phases(stack), present)
    if not run.agree(proposal) or run.is_dry:
        return None
    return carry_out(run, proposal, lambda: decided()[2])


def lowest_wanted(project: Project, stack: Stack, chosen: Collection[str]) -> tuple[Wanted, ...]:
    """What the request should be. Its description says the branch, which the forge does not have."""
    return tuple(
        replace(each, told_branch=each.branch) for each in all_wanted(project, stack, chosen, (), one_by_one=True)
    )
