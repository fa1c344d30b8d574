"""What a commit does to files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from migrate.git.history import read_history
from migrate.git.objects import REGULAR, TreeEntry
from migrate.git.writer import CommitWriter, commit_identity
from migrate.phase.workspace import Workspace
from migrate.tree.changes import Counts, FileChange, count_changes, from_commit, from_trees, pair_changes
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay

if TYPE_CHECKING:
    from tests.conftest import Sandbox

A, B, C = (TreeEntry(REGULAR, digit * 40) for digit in "abc")


def test_each_file_is_moved_rewritten_written_or_deleted() -> None:
    files = pair_changes(
        {"a": A, "b": A, "c": A, "d": A}, {"x/a": A, "x/b": B, "c": C, "e": B}, MoveMap({"a": "x/a", "b": "x/b"})
    )
    assert files == (
        FileChange("c", "c", A, C),
        FileChange("d", None, A, None),
        FileChange(None, "e", None, B),
        FileChange("a", "x/a", A, A),
        FileChange("b", "x/b", A, B),
    )
    assert count_changes(files) == Counts(moved=2, rewritten=2, written=1, deleted=1)
    assert [file.path for file in files] == ["c", "d", "e", "x/a", "x/b"]


def test_a_swap_is_two_moves() -> None:
    files = pair_changes({"a": A, "b": B}, {"a": B, "b": A}, MoveMap({"a": "b", "b": "a"}))
    assert count_changes(files) == Counts(moved=2)


def test_a_file_left_behind_under_an_old_name_is_new_there() -> None:
    files = pair_changes({"a": A}, {"a": C, "b": A}, MoveMap({"a": "b"}))
    assert files == (FileChange(None, "a", None, C), FileChange("a", "b", A, A))


def test_a_moved_file_that_was_written_anew_in_its_old_place_counts_as_rewritten() -> None:
    assert pair_changes({"a": A}, {"a": C}, MoveMap({"a": "b"})) == (FileChange("a", "a", A, C),)


def test_a_file_that_another_one_replaced_is_deleted_and_counted_once() -> None:
    files = pair_changes({"a": A, "b": B}, {"a": B}, MoveMap({"b": "a", "a": "gone"}))
    assert files == (FileChange("a", None, A, None), FileChange("b", "a", B, B))


def test_counts_add_up_and_leave_out_what_is_none() -> None:
    total = Counts(moved=31, rewritten=74) + Counts(written=1_000, deleted=2)
    assert total.sentence() == "31 moved, 74 rewritten, 1,000 written, 2 deleted"
    assert Counts(deleted=1).sentence() == "1 deleted"
    assert Counts().sentence() == "nothing changed"


def test_the_commit_says_of_itself_what_the_overlay_said_before(repo: Sandbox) -> None:
    repo.commit("base", {"lib/a": "a\n", "lib/b": "b\n", "c": "c\n", "d": "d\n"})
    ws = Workspace(Overlay.of(repo.repository.objects, repo.git("rev-parse", "HEAD")))
    ws.move("lib", "pkg")
    ws.write("pkg/b", "other\n")
    ws.write("lib/a", "new\n")
    ws.write("c", "c2\n", executable=True)
    ws.delete("d")
    changed = ws.overlay.changes()
    with CommitWriter(repo.repository, commit_identity(repo.repository)) as writer:
        oid = writer.commit("x", (ws.overlay.anchor,), changed, ws.overlay.written.get)
    commit = read_history(repo.repository, [oid], [ws.overlay.anchor])[oid]
    foreseen = from_trees(ws.overlay.base, changed, ws.moved)
    assert from_commit(commit.changes, ws.moved) == foreseen
    assert count_changes(foreseen) == Counts(moved=2, rewritten=2, written=1, deleted=1)
