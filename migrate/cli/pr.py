"""`migrate pr`"""

from __future__ import annotations

from pathlib import Path

import click

from migrate.cli.app import Exit
from migrate.cli.settings import options, settings
from migrate.describe.links import links
from migrate.describe.pull_request import describe, title
from migrate.describe.review import review_phase
from migrate.errors import RefusedError
from migrate.orchestrator.validating import targets


@click.command(name="pr")
@click.argument("phase", required=False)
@click.option("--all", "everything", is_flag=True, help="Every phase that has a branch.")
@click.option("--out", metavar="DIR", help="Write one file a phase into this folder instead of printing.")
@options
@click.pass_context
def command(context: click.Context, phase: str | None, everything: bool, out: str | None) -> int:
    """Print the pull-request description of a phase: the one you are on when none is named.

    The title is the first line of standard error; the description alone is on standard output.
    """
    chosen = settings(context)
    if phase is not None and everything:
        raise RefusedError("name a phase or say --all, not both", advice="migrate pr --help")
    project = chosen.project()
    repository = project.repository
    snapshot, stack = project.look()
    pages = links(repository.config(f"remote.{project.plan.remote}.url"))
    texts = {}
    for name in targets(project, snapshot, stack, phase, everything=everything):
        state = stack.get(name)
        review = review_phase(repository.objects, stack, state)
        texts[name] = (title(state), describe(project.plan, stack, state, review, pages))
    if out is not None:
        for path in write_all(Path(out), {name: text for name, (_, text) in texts.items()}):
            chosen.output.say(f"wrote {path}")
    if chosen.json:
        chosen.output.json(
            [
                {"phase": name, "branch": stack.get(name).branch, "title": heading, "body": text}
                for name, (heading, text) in texts.items()
            ]
        )
    elif out is None:
        for heading, text in texts.values():
            chosen.output.say(heading, bold=True)
            chosen.output.document(text.rstrip("\n"))
    return Exit.DONE


def write_all(folder: Path, texts: dict[str, str]) -> list[Path]:
    """Write one Markdown file a phase. Raises `RefusedError` when the folder cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            (folder / f"{name}.md").write_text(text, encoding="utf-8", errors="backslashreplace")
    except OSError as error:
        raise RefusedError(f'"{folder}" cannot be written: {error.strerror}', advice="name another folder") from error
    return [folder / f"{name}.md" for name in texts]
