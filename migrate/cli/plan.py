"""`migrate plan`"""

from __future__ import annotations

from dataclasses import replace

import click

from migrate.cli.checkout_message import plan_json, say_plan, say_unseen
from migrate.cli.failure import keep_document, spoken, tell_failure
from migrate.cli.options import fetch, phase_argument
from migrate.cli.plan_report import plan_json_of, plan_next_step, plan_summary, show_plan
from migrate.cli.progress import Passing
from migrate.cli.settings import Settings, options, settings_of
from migrate.describe.preview import preview_patch
from migrate.errors import Exit, FoundError
from migrate.orchestrator.plan_check import check_phase
from migrate.orchestrator.preview import PlanPreview, run_pending
from migrate.stack.project import Project
from migrate.stack.unknown_history import unseen_json


@click.command(name="plan", short_help="Show what every pending phase would do.")
@phase_argument
@click.option("--diff", "with_diff", is_flag=True, help="Show what changes in every file, as a patch for git apply.")
@fetch("Plan on the remote's base, as restack --fetch would. No branch moves.")
@click.option("--check", "prove", is_flag=True, help="Run PHASE again on its parent, and compare the trees.")
@options
@click.pass_context
def command(context: click.Context, phase: str | None, with_diff: bool, fetch: bool, prove: bool) -> int:
    """Show what every pending phase would do, computed for real and in memory.

    With PHASE, show only that phase; the phases below it are computed too. With --check, run a phase that has a commit
    again, and check that it makes the same tree.
    """
    settings = settings_of(context)
    project = settings.look(may_fetch=fetch)
    if prove:
        if phase is None or with_diff or fetch:
            raise click.UsageError("--check needs a PHASE and cannot be combined with other options of plan", context)
        return report_check(settings, project, project.plan.phase(phase).id)
    out = settings.output
    to = project.plan.phase(phase).id if phase is not None else None
    found = run_pending(project, to=to, fetch=fetch, watch=Passing(out))
    project = replace(project, location=found.location)
    shown = found.of(to)
    next_command, why = plan_next_step(found, to=to, fetch=fetch)
    if settings.json:
        patches = plan_diffs(project, shown, binary=True) if with_diff else {}
        out.json({**plan_json_of(shown, patches, next_command), **plan_json(project), **unseen_json(found.stack)})
    else:
        say_plan(out, project)
        say_unseen(out, found.stack)
        announce_base(settings, project, found)
        report_plan(settings, project, shown, with_diff=with_diff, alone=to is not None)
        out.result(plan_summary(shown, to))
        if next_command is None:
            out.say(f"Next: fix the problem, then {settings.typed}")
        else:
            out.next(next_command, why)
    if found.error is not None:
        return tell_failure(settings, found.error) if settings.json else keep_document(settings, found.error)
    return Exit.DONE if shown.applied or shown.rerun or found.base else Exit.NOTHING_LEFT


def report_check(settings: Settings, project: Project, phase: str) -> int:
    """Run a phase again and say whether its commit is what it makes."""
    out = settings.output
    out.live(f"{phase} …")
    found = check_phase(project.look(), phase)
    commit = found.commit[:7]
    if settings.json:
        out.json({"phase": phase, "commit": found.commit, "same": found.is_same, "differing": list(found.differing)})
    if found.is_same:
        out.say(f"{phase} makes the tree of its commit {commit}.")
        return Exit.DONE
    names = ", ".join(found.differing[:3]) + (" …" if len(found.differing) > 3 else "")
    advice = f"git show {commit} -- shows what the commit has; migrate status {phase} tells of hand edits"
    return tell_failure(
        settings, FoundError(f"{phase} does not make the tree of its commit {commit}: {names}", advice=advice)
    )


def announce_base(settings: Settings, project: Project, found: PlanPreview) -> None:
    """Say on which base all of it is computed, where that is not the one that is here."""
    step = found.base
    if step is not None and step.old and step.new:
        plan = project.plan
        settings.output.say(f"{plan.base}  {step.old[:7]} → {step.new[:7]}, as on {plan.remote}; it has not moved here")


def report_plan(settings: Settings, project: Project, shown: PlanPreview, *, with_diff: bool, alone: bool) -> None:
    """Print what would happen: on a terminal each patch below its phase, in a pipe one of all of them."""
    out = settings.output
    apart = with_diff and out.is_read_by_a_person
    advice = spoken(settings, shown.error) if shown.error is not None else ""
    show_plan(out, shown, plan_diffs(project, shown, binary=False) if apart else {}, alone=alone, advice=advice)
    if with_diff and not apart and shown.applied:
        # git takes no patch of several steps that renames a file twice.
        out.patch(preview_patch(project.repository, shown.applied, binary=True))


def plan_diffs(project: Project, shown: PlanPreview, *, binary: bool) -> dict[str, bytes]:
    """The patch of every pending phase."""
    return {each.source.id: preview_patch(project.repository, [each], binary=binary) for each in shown.applied}
