"""Files that colleagues put into old folders after the phases that took these away had landed.

The phase that moves them is no plan's: it stands in the stack right above what has landed, while there are any.
"""

from __future__ import annotations

from collections.abc import Iterable

from migrate.git.history import added_since
from migrate.git.objects import CommitId
from migrate.git.repository import Repository
from migrate.stack.landings import Landing
from migrate.text import plural
from migrate.tree.moves import MoveMap


def arrivals(
    repository: Repository, base: CommitId, start: CommitId | None, landings: Iterable[Landing]
) -> tuple[str, ...]:
    """The files of the base that others brought since the first phase that landed ran, or since one landed.

    Nothing is looked up while no phase has landed. What a landing itself brought is where it should be.
    """
    landed = [each for each in landings if each.reverted is None]
    before = next((each.trailers.base for each in landed if each.trailers.base), start) if landed else None
    points = {each.commit.oid for each in landed} | ({before} if before else set())
    ours = {change.path for each in landed for change in each.commit.changes if change.status == "A"}
    return tuple(sorted(added_since(repository, points - {base}, base) - ours))


def late_arrivals(arrived: Iterable[str], moves: MoveMap) -> tuple[str, ...]:
    """The files among those that arrived which stand where something moved away from."""
    return tuple(sorted(path for path in arrived if moves.moves(path)))


def stragglers_sentence(paths: tuple[str, ...]) -> str:
    """What to say of them."""
    shown = ", ".join(paths[:3]) + (" …" if len(paths) > 3 else "")
    return f"{plural(len(paths), 'file')} arrived at places that have moved: {shown}"
