"""`migrate pr`"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import click

from migrate.cli.checkout_message import say_unseen
from migrate.cli.options import everything, phase_argument
from migrate.cli.settings import Settings, options, settings_of
from migrate.cli.shell_paths import complete_folders
from migrate.describe.combined import combined_phases
from migrate.describe.describable import describable_phases, unreadable_commit
from migrate.describe.links import links_of
from migrate.describe.markers import renew_generated
from migrate.describe.pull_request import describe_phase, pull_request_title
from migrate.describe.revert import Reverted, describe_revert, revert_title
from migrate.describe.review import review_phase
from migrate.errors import Exit, MachineError, RefusedError
from migrate.limits import DESCRIPTION_BYTES
from migrate.orchestrator.reverted import revert_branch
from migrate.orchestrator.validate import find_apart
from migrate.stack.model import Stack
from migrate.stack.next_step import next_step_of
from migrate.stack.phase_state import PhaseState, State
from migrate.stack.project import Context, Project
from migrate.stack.unknown_history import unseen_json
from migrate.templating.documents import read_document, write_document
from migrate.text import decode, encode, plural


@dataclass(frozen=True)
class Description:
    """One pull request. `name` is that of its file."""

    name: str
    branch: str
    title: str
    body: str


@click.command(name="pr", short_help="Print pull-request descriptions.")
@phase_argument
@everything("Every phase that has a branch.")
@click.option("--revert", is_flag=True, help="Describe the branch that reverts PHASE, made by rollback.")
@click.option(
    "--out",
    metavar="DIR",
    shell_complete=complete_folders,
    help="Write one file per phase into this folder instead of printing.",
)
@options
@click.pass_context
def command(context: click.Context, phase: str | None, everything: bool, revert: bool, out: str | None) -> int:
    """Print the pull-request description of PHASE. Default: the phase you are on.

    The title is the first line of standard error; the description alone is on standard output.
    """
    settings = settings_of(context)
    if everything and (phase is not None or revert):
        raise click.UsageError("--all cannot be combined with PHASE or --revert", context)
    if revert and phase is None:
        raise click.UsageError("--revert needs the PHASE that was taken back", context)
    project = settings.look()
    now = project.look()
    stack = now.stack
    say_unseen(settings.output, stack)
    if phase is None and not everything and stack.top() is not None:
        phase, revert = meant(now)
    if revert and phase:
        texts = [of_revert(project, phase)]
    else:
        found = describable_phases(
            stack, now.snapshot.head, phase and project.plan.phase(phase).id, everything=everything
        )
        for left in found.left_out if everything else ():
            settings.output.say(f"{left.id} is left out: {unreadable_commit(left)}")
        settings.output.live("describing …")
        texts = of_phases(now, found.phases)
        if not texts:
            return nothing_to_describe(settings, stack)
    if out is not None:
        for path in write_all(Path(out), texts):
            settings.output.say(f"wrote {path}")
    if settings.json:
        rows = [{"phase": t.name, "branch": t.branch, "title": t.title, "body": t.body} for t in texts]
        settings.output.json([{**row, **unseen_json(stack)} for row in rows])
    elif out is None:
        for text in texts:
            settings.output.say(text.title, bold=True)
            settings.output.document(text.body.rstrip("\n"))
    return Exit.DONE


def meant(context: Context) -> tuple[str | None, bool]:
    """The phase that is meant where none is named, and whether its revert is; None leaves the choice open.

    Raises `RefusedError` on a branch of the migration that has no description.
    """
    found = find_apart(context)
    if found is None:
        return None, False
    if not found.phase and not found.takes_back:
        raise RefusedError(
            f"{found.name} belongs to no phase, so it has no description", advice="migrate pr PHASE names one"
        )
    return found.phase or found.takes_back[0], bool(found.takes_back)


def nothing_to_describe(settings: Settings, stack: Stack) -> Exit:
    """Say that every phase that was made has landed."""
    if settings.json:
        settings.output.json([])
    landed = sum(phase.state is State.LANDED for phase in stack)
    total = len(stack.phases)
    all_of_it = "Every phase has landed" if landed == total else f"{landed} of {plural(total, 'phase')} landed"
    rest = "" if landed == total else ", and no other has a branch yet"
    settings.output.say(f"{all_of_it}{rest}: there is no pull request to describe.")
    next_step = next_step_of(stack)
    settings.output.next(next_step.command or "status", next_step.why)
    return Exit.NOTHING_LEFT


def of_phases(context: Context, phases: Iterable[PhaseState]) -> list[Description]:
    """The descriptions of phases."""
    project, stack = context.project, context.stack
    pages = links_of(project.repository.config(f"remote.{project.plan.remote}.url"), project.plan.forge)
    found = []
    for phase in phases:
        state = combined_phases(stack, phase)
        review = review_phase(project.repository.objects, stack, state)
        body = describe_phase(project.plan, stack, state, review, pages)
        found.append(Description(phase.id, phase.branch, pull_request_title(state), body))
    return found


def of_revert(project: Project, phase: str) -> Description:
    """The description of the branch that takes a phase back."""
    branch = revert_branch(project.look(), phase)
    reverted = [Reverted(state.id, oid, state.source.title) for state, oid in branch.reverted]
    body = describe_revert(
        project.plan,
        branch=branch.branch,
        commit=branch.tip.oid,
        base=branch.base,
        reverted=reverted,
        validations=branch.validations,
        links=links_of(project.repository.config(f"remote.{project.plan.remote}.url"), project.plan.forge),
    )
    return Description(branch.branch.rpartition("/")[2], branch.branch, revert_title(reverted), body)


def write_all(folder: Path, texts: list[Description]) -> list[Path]:
    """Write one Markdown file a pull request; what a person wrote around a description stays, to the byte.

    Every file is read before one is written. Raises `RefusedError` when one of them is a symlink out of the folder,
    `MachineError` when one cannot be read or written.
    """
    files = [folder / f"{text.name}.md" for text in texts]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        there = [read_document(folder, file, DESCRIPTION_BYTES) for file in files]
        for file, old, text in zip(files, there, texts, strict=True):
            write_document(folder, file, encode(renew_generated(decode(old), text.body)))
    except OSError as error:
        what = error.filename or folder
        raise MachineError(f'"{what}" cannot be written: {error.strerror}', advice="name another folder") from error
    return files
