"""`migrate verify`"""

from __future__ import annotations

from collections.abc import Iterator

import click

from migrate.cli.checkout_message import plan_json, say_plan
from migrate.cli.failure import keep_document
from migrate.cli.options import phase_argument
from migrate.cli.settings import options, settings_of
from migrate.cli.verify_report import report_verify
from migrate.errors import Exit, FoundError
from migrate.orchestrator.verify import VerifyResult, verify
from migrate.text import printable


@click.command(name="verify", short_help="Check the result against the plan: old paths, layout, layers.")
@phase_argument
@click.option("--doubtful", is_flag=True, help="Also list places that may not be paths.")
@options
@click.pass_context
def command(context: click.Context, phase: str | None, doubtful: bool) -> int:
    """List every remaining reference to a moved path, and fail unless the plan allows it.

    Generated files, and places that may not be paths, do not make it fail.

    If the plan states a target tree and layers, check the result against them too.

    Without PHASE, the highest phase that has a branch is checked.
    """
    settings = settings_of(context)
    out = settings.output
    project = settings.look()
    out.live("looking for old paths …")
    found = verify(project, phase)
    say_plan(settings.output, project)
    lines = [printable(line) for line in report_verify(found, project.plan.label, doubtful=doubtful)]
    if settings.json:
        out.json({**found.as_json(), **plan_json(project)})
    else:
        for line in lines:
            out.result(line)
    wrong = FoundError(f"{found.where} is not as the plan says", advice="\n".join(advices(found)))
    if settings.json and not found.is_kept:
        out.say(wrong.message)
    for advice in advices(found):
        out.say(advice)
    return Exit.DONE if found.is_kept else keep_document(settings, wrong)


def advices(found: VerifyResult) -> Iterator[str]:
    """What to do about what must be fixed."""
    if found.stale:
        yield "Fix them in the phase that moved them, or allow them in the plan: [[allow]] files, text, reason."
    if found.to_come:
        return
    if found.layout is not None and not found.layout.is_kept:
        yield "Change a phase, or the tree in the plan's [layout]; a line … says that there are others."
    if found.layers is not None and not found.layers.is_kept:
        yield "Fix the imports in a phase, or except them in the plan: [[layer.except]] files, imports, reason."
