"""Slots: reusable work trees that hold exactly a commit, whatever happened in them before."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from migrate.errors import GitFailedError, RepositoryError
from migrate.execution.slots import Slot, index_hash, take_slot
from migrate.git.registry import named_by
from migrate.git.repository import Repository
from migrate.tree.moves import MoveMap

HOLDER = """
import os, sys
from pathlib import Path
from migrate.git.repository import Repository
from migrate.execution.slots import Slot, index_hash, take_slot
from migrate.git.registry import named_by
with take_slot(Repository.open(Path(sys.argv[1]))) as place:
    place.checkout(sys.argv[2])
    (place.path / "cache" ).mkdir()
    (place.path / "cache/half-written").write_text("")
    print(place.path, flush=True)
    sys.stdin.read()
    os._exit(9)
"""


@pytest.fixture
def history(repo):
    """Two commits: `old/` moves to `new/`, and `cache/` and generated Go files are ignored."""
    ignore = "cache/\n*_gen.go\n"
    first = repo.commit("first", {".gitignore": ignore, "old/a.go": "a\n", "file": "1\n"})
    repo.git("mv", "old", "new")
    second = repo.commit("second", {"file": "2\n"})
    return repo, first, second


def files(place):
    """Every file of a slot but git's own."""
    return sorted(str(f.relative_to(place.path)) for f in place.path.rglob("*") if f.is_file() and f.name != ".git")


def test_slot_holds_the_files_of_the_commit(history):
    repo, first, second = history
    with take_slot(repo.repository) as place:
        place.checkout(first)
        assert files(place) == [".gitignore", "file", "old/a.go"]
        place.checkout(second)
        assert files(place) == [".gitignore", "file", "new/a.go"]
        assert place.git("rev-parse", "HEAD").text == second


def test_users_work_tree_and_head_are_left_alone(history):
    repo, first, _ = history
    repo.write("file", "being edited")
    before = repo.git("status", "--porcelain"), repo.repository.head()
    with take_slot(repo.repository) as place:
        place.checkout(first)
    assert (repo.git("status", "--porcelain"), repo.repository.head()) == before


def test_next_use_takes_the_same_slot_and_keeps_its_caches(history):
    repo, first, second = history
    with take_slot(repo.repository) as place:
        place.checkout(first)
        (place.path / "cache").mkdir()
        (place.path / "cache/warm").touch()
        used = place.path
    with take_slot(repo.repository) as place:
        place.checkout(second)
        assert place.path == used
        assert "cache/warm" in files(place)


def test_what_a_command_changed_is_restored(history):
    repo, first, _ = history
    with take_slot(repo.repository) as place:
        place.checkout(first)
        before = files(place)
        (place.path / "file").write_text("changed")
        (place.path / "old/a.go").unlink()
        (place.path / "untracked").touch()
        place.checkout(first)
        assert files(place) == before
        assert (place.path / "file").read_text() == "1\n"


def test_ignored_file_left_at_an_old_place_is_removed(history):
    repo, first, second = history
    with take_slot(repo.repository) as place:
        place.checkout(first)
        (place.path / "old/made_gen.go").touch()
        place.checkout(second, MoveMap({"old": "new"}))
        assert files(place) == [".gitignore", "file", "new/a.go"]


def test_ignored_file_left_at_a_new_place_is_removed_on_the_way_back(history):
    repo, first, second = history
    with take_slot(repo.repository) as place:
        place.checkout(second, MoveMap({"old": "new"}))
        (place.path / "new/made_gen.go").touch()
    with take_slot(repo.repository) as place:
        place.checkout(first)
        assert files(place) == [".gitignore", "file", "old/a.go"]


def test_leftovers_behind_a_symlink_are_not_followed(repo):
    repo.write("elsewhere/kept", "1")
    repo.path.joinpath("old").symlink_to("elsewhere")
    commit = repo.commit("a link where a folder was", {".gitignore": "*.tmp\n"})
    with take_slot(repo.repository) as place:
        place.checkout(commit)
        (place.path / "elsewhere/warm.tmp").touch()
        place.checkout(commit, MoveMap({"old/warm.tmp": "new/warm.tmp"}))
        assert "elsewhere/warm.tmp" in files(place)


def test_busy_slot_is_not_shared_and_a_killed_one_is_cleaned(history):
    repo, first, second = history
    command = [sys.executable, "-c", HOLDER, str(repo.path), first]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        theirs = other.stdout.readline().strip()
        with take_slot(repo.repository) as place:
            assert str(place.path) != theirs
        other.stdin.close()
        other.wait()
    with take_slot(repo.repository) as place:
        assert str(place.path) == theirs
        place.checkout(second)
        assert files(place) == [".gitignore", "file", "new/a.go"]


def test_slot_in_which_a_command_was_killed_keeps_nothing(history):
    repo, first, _ = history
    with take_slot(repo.repository) as place:
        place.checkout(first)
        (place.path / "cache").mkdir()
        (place.path / "cache/half-written").touch()
        place.mark_dirty()
    with take_slot(repo.repository) as place:
        place.checkout(first)
        assert "cache/half-written" not in files(place)
    assert not list(repo.slots.glob("*.dirty"))


@pytest.mark.parametrize("deleted", [".git/migrate", ".git/worktrees", "the slot", "its link", "the cache"])
def test_slot_deleted_by_hand_is_made_anew(history, deleted):
    repo, first, second = history
    with take_slot(repo.repository) as place:
        place.checkout(first)
    elsewhere = {"the slot": place.path, "its link": place.path / ".git", "the cache": place.path.parents[2]}
    path = elsewhere.get(deleted, repo.path / deleted)
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    with take_slot(repo.repository) as place:
        place.checkout(second)
        assert files(place) == [".gitignore", "file", "new/a.go"]
    assert repo.git("worktree", "list", "--porcelain").count("worktree ") == 2
    assert repo.git("status", "--porcelain") == ""


def test_slot_that_is_made_is_never_a_work_tree_whose_head_names_nothing(history, monkeypatch):
    repo, first, _ = history
    seen = []
    for moment in ("mkdir", "write_bytes", "rename"):
        real = getattr(Path, moment)

        def watched(path, *rest, real=real, **options):
            done = real(path, *rest, **options)
            lines = repo.git("worktree", "list", "--porcelain").splitlines()
            heads = [line.removeprefix("HEAD ") for line in lines if line.startswith("HEAD ")]
            seen.append(repo.git("fsck") + "".join(heads[1:]))
            return done

        monkeypatch.setattr(Path, moment, watched)
    with take_slot(repo.repository) as place:
        place.checkout(first)
    assert set(seen) == {"", first}


def test_locked_or_broken_index_does_not_stop_a_slot(history):
    repo, first, second = history
    with take_slot(repo.repository) as place:
        place.checkout(first)
        admin = repo.path / ".git/worktrees" / place.path.name
        (admin / "index").write_bytes(b"DIRC cut short")
        (admin / "index.lock").touch()
        place.checkout(second)
        assert place.git("status", "--porcelain").text == ""


def test_slots_survive_a_move_of_the_repository(history, tmp_path):
    repo, first, second = history
    with take_slot(repo.repository) as place:
        place.checkout(first)
        (place.path / "cache").mkdir()
        (place.path / "cache/warm").touch()
    moved = tmp_path / "moved"
    repo.path.rename(moved)
    with take_slot(Repository.open(moved)) as place:
        place.checkout(second)
        assert "cache/warm" in files(place)
    listed = subprocess.run(["git", "worktree", "list"], cwd=moved, capture_output=True, text=True, check=True)
    assert len(listed.stdout.splitlines()) == 2


def test_bare_repository_has_slots(history, tmp_path):
    repo, first, _ = history
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "bare"))
    with take_slot(Repository.open(tmp_path / "bare")) as place:
        place.checkout(first)
        assert "old/a.go" in files(place)


def test_linked_work_tree_shares_the_slots(history, tmp_path):
    repo, first, _ = history
    with take_slot(repo.repository) as place:
        place.checkout(first)
    repo.git("worktree", "add", "-q", "--detach", str(tmp_path / "linked"))
    with take_slot(Repository.open(tmp_path / "linked")) as shared:
        assert shared.path == place.path


def test_hooks_and_sparse_checkout_are_not_for_slots(history):
    repo, first, _ = history
    hook = repo.write(".git/hooks/post-checkout", f"#!/bin/sh\ntouch {repo.path}/hooked\n")
    hook.chmod(0o755)
    repo.git("sparse-checkout", "set", "--cone", "new")
    (repo.path / "hooked").unlink(missing_ok=True)
    with take_slot(repo.repository) as place:
        place.checkout(first)
        assert "old/a.go" in files(place)
    assert not (repo.path / "hooked").exists()


def test_line_ends_and_filters_are_those_of_the_user(repo):
    repo.git("config", "core.autocrlf", "true")
    repo.git("config", "filter.upper.smudge", "tr a-z A-Z")
    repo.git("config", "filter.upper.clean", "tr A-Z a-z")
    commit = repo.commit("first", {".gitattributes": "*.up filter=upper\n", "a.txt": "one\r\ntwo\r\n", "b.up": "shout"})
    with take_slot(repo.repository) as place:
        place.checkout(commit)
        assert (place.path / "a.txt").read_bytes() == b"one\r\ntwo\r\n"
        assert (place.path / "b.up").read_text() == "SHOUT"
        assert place.git("status", "--porcelain").text == ""


def test_submodules_are_left_to_a_setup(history, tmp_path):
    repo, _, _ = history
    other = tmp_path / "library"
    repo.git("clone", "-q", ".", str(other))
    repo.git("submodule", "--quiet", "add", str(other), "library")
    commit = repo.commit("a submodule")
    with take_slot(repo.repository) as place:
        place.checkout(commit)
        assert list((place.path / "library").iterdir()) == []
        repo.git("submodule", "--quiet", "update", "--init", cwd=place.path)
        place.checkout(commit)
        assert (place.path / "library/file").read_text() == "2\n"
        place.checkout(commit, pristine=True)
        assert place.git("status", "--porcelain").text == ""


def test_missing_commit_is_an_error_and_the_slot_recovers(history):
    repo, first, _ = history
    with take_slot(repo.repository) as place:
        with pytest.raises(GitFailedError):
            place.checkout("0" * 39 + "1")
        place.checkout(first)
        assert "old/a.go" in files(place)


def test_folder_that_cannot_be_written_is_one_clear_error(history):
    repo, _, _ = history
    repo.write(".git/migrate", "a file where the folder should be")
    with pytest.raises(RepositoryError, match="cannot be written"), take_slot(repo.repository):
        pass


def test_what_a_command_hides_from_git_is_restored_by_the_same_command_too(history, monkeypatch):
    repo, first, _ = history
    asked, plain = [], Slot.unhide
    monkeypatch.setattr(Slot, "unhide", lambda place: (asked.append(place.path), plain(place)))
    repository = repo.repository
    for hidden in ([], [], ["--assume-unchanged"], ["--skip-worktree"], []):
        with take_slot(repository) as place:
            place.checkout(first)
            assert (place.path / "file").read_text() == "1\n"
            for bit in hidden:
                place.git("update-index", bit, "file")
                (place.path / "file").write_text("hidden\n")
    assert len(asked) == 2  # After each that hid something.
    (named_by(place.path / ".git") / "index").write_bytes(b"0" * 100 + bytes(20))
    assert index_hash(named_by(place.path / ".git")) is None
