"""`migrate verify`"""

from __future__ import annotations

import click

from migrate.cli.app import Exit
from migrate.cli.complete import phases
from migrate.cli.settings import options, settings
from migrate.orchestrator.verifying import verify
from migrate.text import plural, printable


@click.command(name="verify", short_help="List references to moved paths that are left.")
@click.argument("phase", required=False, shell_complete=phases)
@options
@click.pass_context
def command(context: click.Context, phase: str | None) -> int:
    """List every reference to a moved path that is left, and fail unless the plan allows it.

    Looks at the highest phase that has a branch when none is named.
    """
    chosen = settings(context)
    out = chosen.output
    project = chosen.project()
    found = verify(project, phase)
    if chosen.json:
        out.json(found.as_json())
        return Exit.FAILED if found.stale else Exit.DONE
    for finding in found.allowed:
        out.result(printable(f"{finding.position}: {finding.old} (allowed: {finding.reason})"))
    for finding in found.stale:
        out.result(printable(f"{finding.position}: {finding.old} is {finding.now} now: {finding.text.strip()}"))
    allowed = f", {len(found.allowed):,} allowed" if found.allowed else ""
    out.result(
        f"{plural(len(found.stale), 'stale reference')}{allowed}: "
        f"{plural(found.moves, 'moved path')} looked for in {plural(found.files, 'file')} of {found.where}"
    )
    if found.stale:
        out.say("Mend them in the phase that moved them, or allow them in the plan: [[allow]] files, text, reason.")
        return Exit.FAILED
    return Exit.DONE
