"""`migrate clean`"""

from __future__ import annotations

from collections.abc import Sequence

import click

from migrate.cli.complete import readable_plan
from migrate.cli.failure import declined
from migrate.cli.options import everything
from migrate.cli.output import Output, storage
from migrate.cli.settings import command_folder, options, settings_of
from migrate.errors import Exit
from migrate.orchestrator.clean import CacheItem, CleanFailure, CleanScope, delete_items, find_items


@click.command(name="clean", short_help="Delete the slots and other data that is recreated when needed.")
@everything("Also delete logs and caches in .git/migrate.")
@click.option("--orphaned", is_flag=True, help="Also delete the slots of repositories that no longer exist.")
@options
@click.pass_context
def command(context: click.Context, everything: bool, orphaned: bool) -> int:
    """Delete the slots of this repository: the work trees in which commands run, with the build caches in them.

    They are recreated when needed. A slot that is in use, or that holds a conflict to resolve, is kept. Branches,
    records and your files are not touched.
    """
    settings = settings_of(context)
    out = settings.output
    repository = settings.repository()
    has_plan = readable_plan(context) is not None  # Asked for now: reading it later would lay it out anew.
    scope = CleanScope(command_folder(), everything, orphaned)
    items = find_items(repository, scope)
    going = [item for item in items if not item.kept]
    announce_clean(out, items)
    if going and not settings.confirm("Continue?"):
        raise declined()
    deleted, failed = delete_items(repository, going, scope) if going else ([], [])
    if settings.json:
        out.json(clean_row(items, deleted, failed))
    for failure in failed:
        out.say(f"{failure.item.name} was not deleted: {failure.why}", fg="red")
    if going:
        out.say(f"{storage(sum(item.size for item in deleted))} deleted.")
    if has_plan:
        out.next("status")
    return Exit.FAILED if failed else Exit.DONE


def announce_clean(out: Output, items: Sequence[CacheItem]) -> None:
    """Say exactly what will be deleted, and what is kept."""
    going = [item for item in items if not item.kept]
    kept = [item for item in items if item.kept]
    if going:
        out.say("These will be deleted. They are recreated when needed:")
        names, sizes = max(len(item.name) for item in going), [storage(item.size) for item in going]
        for item, size in zip(going, sizes, strict=True):
            out.say(f"  {item.name:<{names}}  {size:>{max(map(len, sizes))}}  {item.path}")
    elif not kept:
        out.say("Nothing to delete.")
    if kept:
        out.say("These are kept:")
        names = max(len(item.name) for item in kept)
        for item in kept:
            out.say(f"  {item.name:<{names}}  {item.kept}")


def clean_row(
    items: Sequence[CacheItem], deleted: Sequence[CacheItem], failed: Sequence[CleanFailure]
) -> dict[str, object]:
    """What was deleted, for programs."""
    return {
        "deleted": [{"name": item.name, "path": str(item.path), "bytes": item.size} for item in deleted],
        "kept": [{"name": item.name, "path": str(item.path), "why": item.kept} for item in items if item.kept],
        "failed": [{"name": each.item.name, "path": str(each.item.path), "why": each.why} for each in failed],
        "bytes": sum(item.size for item in deleted),
    }
