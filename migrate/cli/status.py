"""`migrate status`"""

from __future__ import annotations

from pathlib import Path

import click

from migrate.cli.complete import phases
from migrate.cli.output import Output
from migrate.cli.picture import failure_lines, render, rows
from migrate.cli.settings import options, settings
from migrate.conclusion import Conclusion, conclude
from migrate.errors import Exit
from migrate.stack import PhaseState, Stack
from migrate.text import plural


@click.command(name="status", short_help="Show every phase, or one in detail, and what to do next.")
@click.argument("phase", required=False, shell_complete=phases)
@options
@click.pass_context
def command(context: click.Context, phase: str | None) -> int:
    """Show every phase: its state, branch, commit, validations, hand edits; then what to do next.

    With PHASE, show all that is known of that one: what it moved and changed, what ran and when, its notes.
    """
    chosen = settings(context)
    project = chosen.look()
    snapshot, stack = project.look()
    said = conclude(stack)
    if phase is not None:
        from migrate.cli.detail import show_one

        return show_one(chosen, project, stack, said, phase)
    if chosen.json:
        chosen.output.json(as_json(stack, said))
        return Exit.DONE
    out = chosen.output
    out.result(f"{stack.plan.name} · {stack.plan.title}", bold=True)
    newer = f", {plural(stack.newer, 'commit')} newer than the stack" if stack.newer else ""
    newer += f"   ({out.again('restack')})" if stack.newer and stack.top() else ""
    out.result(f"base {stack.base_branch} at {stack.base[:7]}{newer}\n")
    render(out, rows(stack))
    for warning in snapshot.receipts.warnings:
        out.say(warning, fg="yellow")
    out.result("")
    print_conclusion(out, said, stack, project.repository.state_dir)
    return Exit.DONE


def print_conclusion(out: Output, said: Conclusion, stack: Stack, state_dir: Path) -> None:
    """Print the conclusion and the next command."""
    if said.failed is not None:
        for line in failure_lines(out, stack.get(said.failed), state_dir):
            out.result(line)
        return
    out.result(said.sentence)
    if said.command is not None:
        out.result(out.following(said.command, said.why))


def as_json(stack: Stack, said: Conclusion) -> dict[str, object]:
    """The state for programs."""
    return {
        "migration": stack.plan.name,
        "title": stack.plan.title,
        "base": {"branch": stack.base_branch, "commit": stack.base, "newer": stack.newer},
        "phases": [phase_json(phase) for phase in stack],
        "conclusion": said.sentence,
        "next": None if said.command is None else f"migrate {said.command}",
    }


def phase_json(phase: PhaseState) -> dict[str, object]:
    """One phase for programs; `seconds` is null for what did not run."""
    tip = phase.tip or phase.commit
    counts = phase.counts
    return {
        "id": phase.id,
        "title": phase.source.title,
        "state": str(phase.state),
        "reason": phase.reason or None,
        "branch": phase.branch,
        "commit": tip.oid if tip else None,
        "parent": phase.commit.parents[0] if phase.commit and phase.commit.parents else None,
        "hand_edits": len(phase.hand_edits),
        "published": phase.published,
        "files": {
            "moved": counts.moved,
            "rewritten": counts.rewritten,
            "written": counts.written,
            "deleted": counts.deleted,
        },
        "validations": [
            {
                "name": validation.spec.name,
                "outcome": validation.word,
                "seconds": validation.receipt.seconds if validation.receipt else None,
                "reason": (validation.receipt.reason or None) if validation.receipt else None,
            }
            for validation in phase.validations
        ],
    }
