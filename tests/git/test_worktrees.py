"""What is checked out where, what is clean, and switching without losing anything."""

from __future__ import annotations

import pytest

from migrate.errors import RepositoryError
from migrate.git.repository import Repository
from migrate.git.worktrees import checked_out, is_dirty, switch, told_by_files, worktrees


@pytest.fixture
def two_branches(repo):
    """`main` with one file, `topic` with two more, the work tree on `main`."""
    repo.commit("first", {"kept": "1\n", ".gitignore": "*.log\n"})
    repo.git("switch", "-qc", "topic")
    repo.write("new", "topic\n")
    repo.write("made.log", "topic\n")
    repo.git("add", "--force", "made.log")
    repo.commit("second")
    repo.git("switch", "-q", "main")
    return repo


def test_every_work_tree_is_listed_with_what_it_holds(two_branches, tmp_path):
    repo = two_branches
    repo.git("worktree", "add", "-q", "--lock", str(tmp_path / "a b\nc"), "topic")
    repo.git("worktree", "add", "-q", "--detach", str(tmp_path / "gone"))
    (tmp_path / "gone" / ".git").unlink()
    main, linked, gone = worktrees(repo.repository)
    assert (main.path, main.branch, main.is_slot) == (repo.path, "main", False)
    assert (linked.path, linked.branch, linked.is_slot) == (tmp_path / "a b\nc", "topic", False)
    assert (gone.path, gone.branch) == (tmp_path / "gone", None)


def test_branch_without_a_commit_is_listed(repo):
    (only,) = worktrees(repo.repository)
    assert only.branch == "main"


def test_bare_repository_is_listed_as_such(repo, tmp_path):
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "bare"))
    bare = Repository.open(tmp_path / "bare")
    assert [tree.path for tree in worktrees(bare)] == [tmp_path / "bare"]
    assert checked_out(bare) == {}
    assert is_dirty(bare) == []


def test_branch_in_another_work_tree_is_checked_out_there(two_branches, tmp_path):
    two_branches.git("worktree", "add", "-q", str(tmp_path / "other"), "topic")
    assert checked_out(two_branches.repository) == {"main": two_branches.path, "topic": tmp_path / "other"}


def test_branch_that_is_being_rebased_is_held_though_head_is_detached(repo, monkeypatch):
    repo.commit("first", {"file": "1\n"})
    repo.git("switch", "-qc", "topic")
    repo.commit("second", {"file": "2\n"})
    monkeypatch.setenv("GIT_SEQUENCE_EDITOR", "sed -i.orig s/^pick/edit/")
    repo.git("rebase", "-q", "-i", "main")
    assert checked_out(repo.repository) == {"topic": repo.path}
    assert is_dirty(repo.repository) == ["a rebase is in progress"]


def test_untracked_files_leave_a_tree_clean(two_branches):
    two_branches.write("unknown")
    assert is_dirty(two_branches.repository) == []


def test_changes_in_the_tree_and_in_the_index_make_it_dirty(two_branches):
    two_branches.git("mv", "kept", "moved")
    two_branches.write(".gitignore", "changed")
    two_branches.write("added\x1b")
    two_branches.git("add", "added\x1b")
    assert sorted(is_dirty(two_branches.repository)) == [".gitignore", "added\\x1b", "moved"]


def test_merge_in_progress_makes_a_tree_dirty(two_branches):
    two_branches.git("merge", "-q", "--no-commit", "--no-ff", "topic")
    assert "a merge is in progress" in is_dirty(two_branches.repository)


def test_switch_changes_branch_and_files(two_branches):
    switch(two_branches.repository, "topic")
    assert two_branches.repository.head().branch == "topic"
    assert (two_branches.path / "new").read_text() == "topic\n"


@pytest.mark.parametrize("path", ["new", "made.log"])
def test_switch_never_overwrites_what_is_untracked_or_ignored(two_branches, path):
    two_branches.write(path, "precious")
    with pytest.raises(RepositoryError, match=f'"topic" has files that are untracked here: {path}') as caught:
        switch(two_branches.repository, "topic")
    assert caught.value.advice == "move them away, then: git switch topic"
    assert (two_branches.path / path).read_text() == "precious"
    assert two_branches.repository.head().branch == "main"


def test_switch_names_the_work_tree_that_holds_the_branch(two_branches, tmp_path):
    two_branches.git("worktree", "add", "-q", str(tmp_path / "other"), "topic")
    with pytest.raises(RepositoryError, match=f'"topic" is checked out in {tmp_path / "other"}'):
        switch(two_branches.repository, "topic")


def test_switch_passes_on_what_git_says(two_branches):
    two_branches.write(".git/index.lock")
    with pytest.raises(RepositoryError, match=r'git does not switch to "topic": .*index\.lock'):
        switch(two_branches.repository, "topic")


def test_failing_hook_after_a_switch_does_not_undo_it(two_branches):
    hook = two_branches.write(".git/hooks/post-checkout", "#!/bin/sh\nexit 3\n")
    hook.chmod(0o755)
    switch(two_branches.repository, "topic")
    assert two_branches.repository.head().branch == "topic"


def test_files_tell_what_git_tells_of_each_work_tree(two_branches, tmp_path):
    repo = two_branches
    assert told_by_files(repo.repository) == as_git_tells(repo)
    repo.git("worktree", "add", "-q", str(tmp_path / "a b\nc"), "topic")
    repo.git("worktree", "add", "-q", "--detach", str(tmp_path / "gone"))
    (tmp_path / "gone" / ".git").unlink()
    assert told_by_files(repo.repository) == as_git_tells(repo)
    repo.git("switch", "-q", "--orphan", "new/one")
    assert told_by_files(repo.repository) == as_git_tells(repo)
    assert checked_out(repo.repository) == {"new/one": repo.path, "topic": tmp_path / "a b\nc"}


def as_git_tells(repo):
    """The same by `git worktree list`."""
    return [(tree.path, tree.branch, tree.is_slot) for tree in worktrees(repo.repository)]


def test_where_files_do_not_tell_git_is_asked(two_branches, tmp_path):
    repo = two_branches
    bare = tmp_path / "bare"
    repo.git("clone", "-q", "--bare", str(repo.path), str(bare))
    assert told_by_files(Repository.open(bare)) is None
    assert checked_out(Repository.open(bare)) == {}
    (repo.path / ".git/HEAD").unlink()
    (repo.path / ".git/HEAD").symlink_to("refs/heads/main")
    assert told_by_files(repo.repository) is None
    assert checked_out(repo.repository) == {"main": repo.path}
