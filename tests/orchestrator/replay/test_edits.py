"""What people did on a phase's branch, told from its commits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from migrate.errors import PhaseError, RefusedError
from migrate.git.history import Commit, read_history
from migrate.orchestrator.replay.edits import HandEdit, edits_of, ran_there
from migrate.plan.phase_source import Phase, PhaseSource
from migrate.stack.phase_state import PhaseState, State
from migrate.stack.trailers import Trailers
from migrate.tree.moves import MoveMap

if TYPE_CHECKING:
    from tests.conftest import Sandbox

SOURCE = PhaseSource("p01-a", Path("p01_a.py"), "phases/p01_a.py", "Do a", "", Phase(), "d1")


def never(phase: PhaseState, parent: str) -> str:
    """A phase that need not run again to tell."""
    raise AssertionError(f"{phase.id} ran on {parent}")


def cannot(phase: PhaseState, parent: str) -> str:
    raise PhaseError(f"{phase.id} cannot run on {parent}")


def state(
    commit: Commit | None, made: Commit | None, *edits: Commit, digest: str = "d1", trailers: bool = True
) -> PhaseState:
    """A phase with its commit, what it was before anybody amended it, and the commits on top, newest first."""
    said = Trailers("m", SOURCE.id, digest, MoveMap(), ()) if trailers else None
    return PhaseState(SOURCE, State.PASSED, "b", tip=commit, commit=commit, trailers=said, made=made, above=edits)


def commit(repo: Sandbox, on: str | None, text: str, **more: str) -> Commit:
    """A commit of one file on another one."""
    if on is not None:
        repo.git("switch", "--quiet", "--detach", on)
    oid = repo.commit(more.pop("message", text), {"f": text, **more})
    return read_history(repo.repository, [oid], changes=False, walk=False)[oid]


def edits(repo: Sandbox, phase: PhaseState, rerun: Callable[[PhaseState, str], str] = never) -> list[HandEdit]:
    made_here = phase.made is not None
    ran = None if made_here else ran_there(phase, rerun)
    return edits_of(repo.repository, phase, rerun, ran, made_here=made_here)


@pytest.fixture
def base(repo: Sandbox) -> Commit:
    return commit(repo, None, "base")


def test_a_phase_that_was_not_run_has_none(repo: Sandbox) -> None:
    assert edits(repo, state(None, None)) == []


def test_a_phase_that_nobody_touched_has_none(repo: Sandbox, base: Commit) -> None:
    made = commit(repo, base.oid, "made")
    assert edits(repo, state(made, made)) == []


def test_commits_on_top_come_oldest_first_each_from_the_tree_below(repo: Sandbox, base: Commit) -> None:
    made = commit(repo, base.oid, "made")
    one, two = commit(repo, made.oid, "one"), commit(repo, None, "two")
    found = edits(repo, state(made, made, two, one))
    assert found == [HandEdit(one, made.tree, one.tree), HandEdit(two, one.tree, two.tree)]
    assert found[0].what == f'hand edit {one.oid[:7]} "one"'


def test_a_message_alone_that_was_reworded_is_no_edit_wherever_the_commit_stands(repo: Sandbox, base: Commit) -> None:
    made = commit(repo, base.oid, "made")
    reworded = commit(repo, base.oid, "made", message="in other words")
    assert edits(repo, state(reworded, made)) == []
    assert edits(repo, state(reworded, made, trailers=False)) == []


def test_what_was_amended_is_told_from_what_the_phase_made_and_comes_first(repo: Sandbox, base: Commit) -> None:
    made = commit(repo, base.oid, "made")
    amended = commit(repo, base.oid, "amended")
    above = commit(repo, amended.oid, "above")
    found = edits(repo, state(amended, made, above))
    assert found == [HandEdit(amended, made.tree, amended.tree, amends=True), HandEdit(above, amended.tree, above.tree)]
    assert found[0].what == f'amended commit {amended.oid[:7]} "amended"'


def test_a_parent_that_was_only_reworded_is_the_same_ground(repo: Sandbox, base: Commit) -> None:
    again = commit(repo, None, "base", message="base, in other words")
    made, amended = commit(repo, base.oid, "made"), commit(repo, again.oid, "amended")
    assert edits(repo, state(amended, made)) == [HandEdit(amended, made.tree, amended.tree, amends=True)]


def test_where_it_was_rebased_the_phase_run_there_tells(repo: Sandbox, base: Commit) -> None:
    made = commit(repo, base.oid, "made")
    newer = commit(repo, base.oid, "base", other="newer")
    plain = commit(repo, newer.oid, "made")
    rebased = commit(repo, newer.oid, "by hand")
    asked = []

    def rerun(phase: PhaseState, parent: str) -> str:
        asked.append((phase.id, parent))
        return plain.tree

    expected = HandEdit(rebased, plain.tree, rebased.tree, amends=True, is_late=True)
    assert edits(repo, state(rebased, made), rerun) == [expected]
    assert edits(repo, state(plain, made), rerun) == []
    assert asked == [("p01-a", newer.oid)] * 2


def test_where_nothing_says_what_was_made_the_phase_tells_if_it_can(repo: Sandbox, base: Commit) -> None:
    made, amended = commit(repo, base.oid, "made"), commit(repo, base.oid, "amended")
    found = edits(repo, state(amended, None), lambda *_: made.tree)
    assert found == [HandEdit(amended, made.tree, amended.tree, amends=True)]
    assert edits(repo, state(amended, None), cannot) == []
    assert edits(repo, state(amended, None, digest="d2")) == []
    assert edits(repo, state(amended, None, trailers=False)) == []


def test_where_it_was_rebased_without_a_conflict_git_tells_what_the_phase_cannot(repo: Sandbox, base: Commit) -> None:
    made = commit(repo, base.oid, "made")
    newer = commit(repo, base.oid, "base", other="newer")
    plain, rebased = commit(repo, newer.oid, "made"), commit(repo, newer.oid, "by hand")
    assert edits(repo, state(plain, made), cannot) == []
    expected = HandEdit(rebased, plain.tree, rebased.tree, amends=True, is_late=True)
    assert edits(repo, state(rebased, made, digest="d2")) == [expected]


@pytest.mark.parametrize(
    ("how", "rerun"),
    [({"digest": "d2"}, never), ({"trailers": False}, never), ({}, cannot)],
    ids=["module changed", "no trailers", "cannot run there"],
)
def test_where_nobody_can_tell_it_is_refused(
    repo: Sandbox, base: Commit, how: dict[str, Any], rerun: Callable[[PhaseState, str], str]
) -> None:
    made = commit(repo, base.oid, "made")
    newer = commit(repo, base.oid, "newer")
    rebased = commit(repo, newer.oid, "by hand")
    with pytest.raises(RefusedError, match="the commit of p01-a was rebased by hand") as refused:
        edits(repo, state(rebased, made, **how), rerun)
    assert "phases/p01_a.py" in (refused.value.advice or "")
    assert "migrate rollback p01-a" in (refused.value.advice or "")


def test_a_commit_that_lost_its_parent_is_told_by_nobody(repo: Sandbox, base: Commit) -> None:
    made = commit(repo, base.oid, "made")
    root = replace(commit(repo, base.oid, "by hand"), parents=())
    with pytest.raises(RefusedError, match="was rebased by hand"):
        edits(repo, state(root, made))
