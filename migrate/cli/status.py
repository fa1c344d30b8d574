"""`migrate status`"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from migrate.cli.checkout_message import plan_json
from migrate.cli.failure import keep_document
from migrate.cli.options import phase_argument
from migrate.cli.output import Output
from migrate.cli.phase_json import phase_json
from migrate.cli.requests_table import request_lines, requests_json, requests_of
from migrate.cli.reverts import revert_json, revert_lines
from migrate.cli.settings import options, settings_of
from migrate.cli.stack_table import failure_lines, render_stack, stack_rows
from migrate.errors import Exit, IncompleteError, MigrateError, ValidationFailedError
from migrate.git.fetch import command_that_renames
from migrate.git.repository import Repository
from migrate.plan.location import PlanLocation
from migrate.stack.kept_data import Holdings, read_holdings
from migrate.stack.model import Stack
from migrate.stack.next_step import NextStep, exit_code_of, next_step_of
from migrate.stack.phase_state import State
from migrate.stack.requests_file import is_submitted
from migrate.stack.unknown_history import unseen_json, unseen_words
from migrate.text import EXAMPLES, plural, printable


@click.command(name="status", short_help="Show every phase, or one in detail, and what to do next.")
@phase_argument
@click.option("--exit-code", "by_code", is_flag=True, help="Exit with 0 only when every phase passed or landed.")
@click.option("--offline", is_flag=True, help="Ask no forge for the pull requests.")
@options
@click.pass_context
def command(context: click.Context, phase: str | None, by_code: bool, offline: bool) -> int:
    """Show every phase: its state, branch, commit, validations, hand edits; then what to do next.

    With PHASE, show everything about that phase: what it moved and changed, what ran and when, its notes.
    """
    if phase is not None and by_code:
        raise click.UsageError("--exit-code is about the whole stack and takes no PHASE", context)
    settings = settings_of(context)
    project = settings.look()
    now = project.look()
    stack = now.stack
    next_step = next_step_of(stack)
    short = shortcoming(stack, next_step) if by_code else None
    if short is not None:
        keep_document(settings, short)
    code = short.exit_code if short is not None else Exit.DONE
    if phase is not None:
        from migrate.cli.detail import show_one

        return show_one(settings, now, next_step, phase)
    place = place_of_conflict(project.repository, stack)
    requests = None if offline or not is_submitted(project) else requests_of(project, stack)
    if settings.json:
        kept = kept_json(read_holdings(project.repository, project.names)) if settings.verbose else {}
        settings.output.json(
            {
                **status_json(stack, next_step),
                **conflict_json(stack, place),
                **plan_json(project),
                **kept,
                **requests_json(requests),
            }
        )
        if short is not None:
            settings.output.say(short.message)
        return code
    out = settings.output
    out.result(f"{stack.plan.name} · {stack.plan.title}", bold=True)
    for line in (*status_header(out, stack, project.location), *unknown_remote(project.repository, stack.plan.remote)):
        out.result(line)
    out.result("")
    render_stack(out, stack_rows(stack))
    strange = (*(each.sentence for each in now.snapshot.strange), *strange_moves(stack))
    for warning in few([*strange, *now.snapshot.receipts.warnings]):
        out.say(warning, fg="yellow")
    for line in (
        *orphan_lines(stack),
        *revert_lines(out, project.repository, stack, now.snapshot.head.branch),
    ):
        out.result(line)
    for line in request_lines(requests, stack) if requests is not None else ():
        out.result(line)
    out.result("")
    print_next_step(out, next_step, stack, project.repository, place)
    if settings.verbose:
        for line in kept_lines(read_holdings(project.repository, project.names)):
            out.result(line)
    return code


def strange_moves(stack: Stack) -> Iterator[str]:
    """What to say of commits that say of moves what no phase can do."""
    for phase in stack:
        if phase.trailers is not None and phase.commit is not None and phase.trailers.strange:
            many = plural(len(phase.trailers.strange), "Moved: line of its commit is", "Moved: lines of its commit are")
            shown = f"git show --no-patch {phase.commit.oid[:12]}"
            yield f"{phase.id}: {many} not valid, and ignored   ({shown})"


def few(warnings: Sequence[str]) -> list[str]:
    """The first of many warnings, and how many more there are."""
    more = len(warnings) - EXAMPLES
    return [*warnings[:EXAMPLES], *([f"and {plural(more, 'warning')} more like that"] if more > 0 else [])]


def shortcoming(stack: Stack, next_step: NextStep) -> MigrateError | None:
    """Why `--exit-code` does not end with 0, None where it does."""
    code, advice = exit_code_of(stack), f"migrate {next_step.command or 'status'}"
    if code is Exit.CONFLICT:
        from migrate.orchestrator.replay.conflict import UnresolvedError  # Slow to import, and seldom needed.

        return UnresolvedError(next_step.sentence.removesuffix("."), advice=advice)
    if code is Exit.FAILED:
        failed = next(phase for phase in stack if phase.state is State.FAILED or phase.failed)
        why = failed.reason if failed.state is State.FAILED else f"failed {failed.failed[0].spec.name}"
        return ValidationFailedError(f"{failed.id} {why}", advice=advice)
    return None if code is Exit.DONE else IncompleteError(next_step.sentence.removesuffix("."), advice=advice)


def status_header(out: Output, stack: Stack, location: PlanLocation | None) -> list[str]:
    """What the stack stands on, and which plan was read."""
    newer = f", {plural(stack.newer, 'commit')} newer than the stack" if stack.newer else ""
    newer += f"   ({out.again('restack')})" if stack.newer and stack.top() and not stack.stranded else ""
    lines = [f"base {stack.base_branch} at {stack.base[:7]}{newer}"]
    there = f"{stack.plan.remote}/{stack.plan.base}"
    count = plural(stack.remote_newer or stack.remote_beside, "commit")
    lacking = f"     {there} has {count} that {stack.base_branch} lacks"
    if stack.remote_newer:
        lines.append(f"{lacking}   ({out.again('restack --fetch')})")
    elif stack.remote_beside:
        unseen_there = "what landed with them is not seen here"
        lines.append(f"{lacking}, and {unseen_there}   (git rebase {there} {stack.plan.base})")
    if location is not None:
        lines.append(f"plan {location.sentence}")
    return [*lines, *unseen_words(stack)]


def unknown_remote(repository: Repository, remote: str) -> list[str]:
    """What to say where the remote of the plan has another name here: what others have is not known then."""
    if not repository.remotes or remote in repository.remotes:
        return []
    words = f'no remote here is named "{printable(remote)}", as the plan says: it does not show what others have'
    return [words, f"     ({command_that_renames(repository, remote)})"]


def kept_lines(holdings: Holdings) -> list[str]:
    """How much is kept beside the branches."""
    folders = ", ".join(f"{name} {size_words(size)}" for name, size in holdings.folders.items())
    return [
        "",
        f"archive       {plural(holdings.operations, 'operation')}, {plural(holdings.refs, 'ref')}",
        f".git/migrate  {size_words(sum(holdings.folders.values()))}" + (f": {folders}" if folders else ""),
    ]


def size_words(size: int) -> str:
    """`812 B`, `14 kB`, `3.2 MB`."""
    if size < 1000:
        return f"{size} B"
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def kept_json(holdings: Holdings) -> dict[str, object]:
    """How much is kept, for programs: bytes by folder."""
    return {"kept": {"operations": holdings.operations, "refs": holdings.refs, "folders": dict(holdings.folders)}}


def orphan_lines(stack: Stack) -> list[str]:
    """The branches of the migration that are of no phase."""
    if not stack.orphans and not stack.more_orphans:
        return []
    lines = ["", "branches of no phase in the plan:"]
    for orphan in stack.orphans:
        edits = f"  +{plural(len(orphan.hand_edits), 'hand edit')}" if orphan.hand_edits else ""
        lines.append(f"  {orphan.branch}  {orphan.orphan.tip[:7]}  {orphan.where(stack.plan.remote)}{edits}")
    if stack.more_orphans:
        listing = f"git branch --all --list '*{stack.plan.branch_prefix}/*'"
        lines.append(f"  and {stack.more_orphans:,} more, which are not looked into   ({listing})")
    return lines


def print_next_step(
    out: Output, next_step: NextStep, stack: Stack, repository: Repository, place: Path | None = None
) -> None:
    """Print the conclusion and the next command; `place` is the folder in which a conflict is to be resolved first."""
    if next_step.failed is not None:
        for line in failure_lines(out, stack.get(next_step.failed), repository):
            out.result(line)
        return
    out.result(next_step.sentence)
    if place is not None:
        out.result(f"  resolve it in  {place}")
    if next_step.command is not None:
        out.result(out.following(next_step.command, next_step.why))


def place_of_conflict(repository: Repository, stack: Stack) -> Path | None:
    """The folder in which the conflict is to be resolved at which a command stopped; None where there is none."""
    if stack.pending_conflict is None:
        return None
    from migrate.stack.conflict_place import conflict_place  # Slow to import, and seldom needed.

    return conflict_place(repository, stack.plan.name, stack.pending_conflict)


def conflict_json(stack: Stack, place: Path | None) -> dict[str, object]:
    """The conflict that waits for a person: the files, and the folder in which it is laid out, if it is."""
    if stack.pending_conflict is None:
        return {"conflict": None}
    return {"conflict": {"folder": str(place) if place else None, "files": list(stack.pending_conflict.conflict.paths)}}


def status_json(stack: Stack, next_step: NextStep) -> dict[str, object]:
    """The state for programs."""
    return {
        "migration": stack.plan.name,
        "title": stack.plan.title,
        "base": {
            "branch": stack.base_branch,
            "commit": stack.base,
            "newer": None if stack.is_shallow else stack.newer,
            "remote_newer": stack.remote_newer + stack.remote_beside,
        },
        **unseen_json(stack),
        "phases": [phase_json(phase) for phase in stack],
        "reverts": [revert_json(revert) for revert in stack.reverts],
        "orphans": [
            {
                "branch": orphan.branch,
                "commit": orphan.orphan.tip,
                "local": orphan.orphan.here is not None,
                "published": orphan.orphan.there is not None,
                "hand_edits": len(orphan.hand_edits),
            }
            for orphan in stack.orphans
        ],
        "more_orphans": stack.more_orphans,
        "conclusion": next_step.sentence,
        "next": None if next_step.command is None else f"migrate {next_step.command}",
    }
