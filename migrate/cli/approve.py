"""`migrate approve`"""

from __future__ import annotations

import click

from migrate.cli.checkout_message import say_next
from migrate.cli.complete import complete_gates, complete_phases
from migrate.cli.settings import options, settings_of
from migrate.cli.stack_table import current_place
from migrate.errors import Exit
from migrate.orchestrator.validate import approve, approved_before
from migrate.stack.next_step import next_step_of
from migrate.text import printable


@click.command(name="approve", short_help="Confirm a manual gate of a phase.")
@click.argument("phase", shell_complete=complete_phases)
@click.argument("gate", shell_complete=complete_gates)
@click.option("--note", default="", help="Note for the record: what was done.")
@options
@click.pass_context
def command(context: click.Context, phase: str, gate: str, note: str) -> int:
    """Confirm a manual gate of a phase. Who confirmed it and when is recorded on its current tree."""
    settings = settings_of(context)
    project = settings.project()
    before = approved_before(project, phase, gate)
    stack, receipt = approve(project, phase, gate, note)
    state = stack.get(project.plan.phase(phase).id)
    signature = next((each.signed for each in state.validations if each.receipt == receipt), "signer unknown")
    if settings.json:
        settings.output.json(
            {
                "phase": state.id,
                "gate": gate,
                "who": receipt.who,
                "when": receipt.when,
                "note": receipt.note,
                "signature": signature,
            }
        )
    settings.output.say(f"{gate} approved on {state.id} by {receipt.who}, {signature}. {current_place(state)}.")
    if receipt.note != printable(note):
        settings.output.say(f"The note says: {receipt.note}")
    if before:
        settings.output.say(f"{before}.")
    say_next(settings.output, next_step_of(stack))
    return Exit.DONE
