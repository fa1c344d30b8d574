"""`migrate where`"""

from __future__ import annotations

import click

from migrate.cli.settings import here, options, settings
from migrate.errors import Exit, RepositoryError
from migrate.git.repository import Repository
from migrate.landmarks import moves_of
from migrate.paths import check_path


@click.command(name="where", short_help="Print where an old path is now.")
@click.argument("old_path")
@options
@click.pass_context
def command(context: click.Context, old_path: str) -> int:
    """Print where a path from before the migration is on the current branch.

    It needs no plan: the commits say what they moved. A path that was not moved is printed as it is.
    """
    chosen = settings(context)
    repository = Repository.open(here())
    head = repository.head()
    if head.commit is None:
        raise RepositoryError("this repository has no commit yet", advice="commit something first")
    path = check_path(old_path.removeprefix("./"))
    now = moves_of(repository, head.commit).resolve(path)
    if chosen.json:
        chosen.output.json({"old": path, "new": now, "moved": now != path})
    else:
        chosen.output.document(now)
    return Exit.DONE
