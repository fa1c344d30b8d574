"""Whether a commit has what changes between two others, told by their files alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from migrate.stack.containing import has_change
from migrate.tree.moves import MoveMap

if TYPE_CHECKING:
    from tests.conftest import Sandbox

LINES = [f"line {number}\n" for number in range(9)]
TEXT = "".join(LINES)
ENDED = "".join([*LINES, "and more\n"])
BEGUN = "".join(["before\n", *LINES])
BOTH = "".join(["before\n", *LINES, "and more\n"])
OTHER = "".join([*LINES, "and something else\n"])


def told(repo: Sandbox, before: str | None, after: str | None, there: str | None, at: str = "f") -> bool:
    """Whether a commit with a file has what changes from one content to another, and to another place."""
    start = repo.commit("before", {"f": before} if before is not None else {"g": ""})
    found = []
    for text in (after, there):
        repo.git("switch", "--quiet", "--detach", start)
        if before is not None:
            repo.git("rm", "--quiet", "f")
        found.append(repo.commit("after", {at: text} if text is not None else {}))
    moves = MoveMap({"f": at}) if at != "f" else MoveMap()
    return has_change(repo.repository, found[1], start, found[0], moves, start)


@pytest.mark.parametrize(
    ("before", "after", "there", "has"),
    [
        (TEXT, ENDED, ENDED, True),
        (TEXT, ENDED, BOTH, True),
        (TEXT, ENDED, BEGUN, False),
        (TEXT, ENDED, OTHER, False),
        (TEXT, ENDED, TEXT, False),
        (TEXT, ENDED, None, False),
        (TEXT, None, None, True),
        (TEXT, None, BEGUN, False),
        (None, TEXT, TEXT, True),
        (None, TEXT, ENDED, False),
        ("\0" + TEXT, "\0" + ENDED, "\0" + BOTH, False),
        (TEXT, TEXT, ENDED, False),
    ],
)
def test_a_file_has_a_change_beside_others(
    repo: Sandbox, before: str | None, after: str | None, there: str | None, has: bool
) -> None:
    assert told(repo, before, after, there) is has


@pytest.mark.parametrize(
    ("after", "there", "has"),
    [(TEXT, TEXT, True), (TEXT, OTHER, True), (ENDED, BOTH, True), (ENDED, BEGUN, False), (ENDED, None, False)],
)
def test_a_file_that_moved_is_held_against_what_it_was_before(
    repo: Sandbox, after: str, there: str | None, has: bool
) -> None:
    assert told(repo, TEXT, after, there, at="moved/f") is has


def test_what_is_not_here_shows_nothing_and_nothing_is_written(repo: Sandbox) -> None:
    commit = repo.commit("one", {"f": TEXT})
    before = repo.git("count-objects")
    assert not has_change(repo.repository, commit, "1" * 40, commit, MoveMap(), commit)
    assert repo.git("count-objects") == before
