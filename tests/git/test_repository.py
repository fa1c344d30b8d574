"""Finding a repository and reading what it says of itself."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrate.errors import GitFailedError, RepositoryError
from migrate.git.repository import Head, Repository
from migrate.git.writer import CommitWriter, commit_identity
from migrate.tree.overlay import Overlay

if TYPE_CHECKING:
    from tests.conftest import Sandbox


def test_a_repository_is_found_from_any_folder_of_its_work_tree(repo: Sandbox) -> None:
    repo.commit("a", {"x/y/z": "1"})
    found = Repository.open(repo.path / "x/y")
    assert found.work_tree == repo.path
    assert found.git_dir == found.common_dir == repo.path / ".git"
    assert found.state_dir == repo.path / ".git/migrate"


def test_a_linked_work_tree_has_a_folder_of_its_own_and_shares_the_rest(repo: Sandbox, tmp_path: Path) -> None:
    repo.commit("a", {"a": "1"})
    repo.git("worktree", "add", "--quiet", "-b", "side", str(tmp_path / "side"))
    found = Repository.open(tmp_path / "side")
    assert found.work_tree == tmp_path / "side"
    assert found.common_dir == repo.path / ".git"
    assert found.git_dir == repo.path / ".git/worktrees/side"
    assert found.head().branch == "side"
    assert found.state_dir == repo.repository.state_dir


def test_a_bare_repository_has_no_work_tree(repo: Sandbox, tmp_path: Path) -> None:
    head = repo.commit("a", {"a": "1"})
    repo.git("clone", "--quiet", "--bare", str(repo.path), str(tmp_path / "bare.git"))
    found = Repository.open(tmp_path / "bare.git")
    assert found.work_tree is None
    assert found.head() == Head("main", head)
    assert found.objects.blob(found.objects.tree("HEAD")["a"].oid) == b"1"


@pytest.mark.parametrize("name", ["with space", 'it\'s "quoted"', "ünï", "line\nfeed", "-dash", "raw\udcff"])
def test_a_repository_may_stand_in_a_folder_of_any_name(repo: Sandbox, tmp_path: Path, name: str) -> None:
    folder = tmp_path / name / "repo"
    folder.parent.mkdir()
    repo.commit("a", {"a": "1"})
    repo.git("clone", "--quiet", str(repo.path), str(folder))
    found = Repository.open(folder)
    assert found.work_tree == folder
    assert found.git_dir == found.common_dir == folder / ".git"
    assert found.objects.blob(found.objects.tree("HEAD")["a"].oid) == b"1"


def test_a_repository_with_sha256_names_can_be_read_and_written(tmp_path: Path, repo: Sandbox) -> None:
    folder = tmp_path / "long"
    repo.git("init", "--quiet", "--object-format=sha256", str(folder))
    (folder / "a").write_bytes(b"\0content")
    repo.git("add", "a", cwd=folder)
    repo.git("commit", "--quiet", "-m", "a", cwd=folder)
    found = Repository.open(folder)
    head = found.commit("HEAD")
    assert head is not None
    assert found.null_oid == "0" * 64
    overlay = Overlay.of(found.objects, head)
    assert overlay.content(overlay.entries["a"].oid) == b"\0content"
    overlay.relocate({"a": "b/a"})
    overlay.put("c", b"new")
    with CommitWriter(found, commit_identity(found)) as writer:
        made = writer.commit("x", (head,), overlay.changes(), overlay.written.get)
    assert found.objects.tree(made) == overlay.entries
    with pytest.raises(GitFailedError, match="cannot be read"):
        found.objects.blob("12" * 32)


def test_a_folder_without_a_repository_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="is not in a git repository"):
        Repository.open(tmp_path)
    with pytest.raises(RepositoryError, match="no folder"):
        Repository.open(tmp_path / "none")


def test_git_s_own_folder_is_not_taken_for_a_work_tree(repo: Sandbox) -> None:
    with pytest.raises(RepositoryError, match="inside git's own folder"):
        Repository.open(repo.path / ".git")


def test_a_repository_of_another_user_gets_git_s_own_advice(repo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrate.git.process.is_foreign_variable", lambda _: False)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(RepositoryError) as refused:
        Repository.open(repo.path)
    assert "belongs to another user" in refused.value.message
    assert "safe.directory" in (refused.value.advice or "")


def test_head_is_a_branch_a_commit_or_a_branch_without_a_commit(repo: Sandbox) -> None:
    assert repo.repository.head() == Head("main", None)
    head = repo.commit("a")
    assert repo.repository.head() == Head("main", head)
    repo.git("checkout", "--quiet", "--detach")
    assert repo.repository.head() == Head(None, head)
    repo.git("switch", "--quiet", "-c", "team/ünï")
    assert repo.repository.head() == Head("team/ünï", head)
    repo.git("pack-refs", "--all")
    assert repo.repository.head() == Head("team/ünï", head)
    repo.git("symbolic-ref", "refs/heads/other", "refs/heads/main")
    repo.git("switch", "--quiet", "other")
    assert repo.repository.head().commit == head
    (repo.path / ".git/HEAD").write_text("ref: refs/heads/../../HEAD\n")
    with pytest.raises(GitFailedError):
        repo.repository.head()


def test_a_git_that_fails_does_not_pass_for_a_repository_without_a_commit(
    repo: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.commit("a")
    repo.git("pack-refs", "--all")
    program = tmp_path / "git"
    program.write_text(
        f'#!/bin/sh\ncase "$*" in *--symbolic-full-name*) exit 128 ;; esac\nexec {shutil.which("git")} "$@"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(GitFailedError, match="where HEAD is"):
        repo.repository.head()


def test_revisions_that_name_no_commit_are_none(repo: Sandbox) -> None:
    repo.commit("a", {"a": "1"})
    assert repo.repository.commit("nothing") is None
    assert repo.repository.commit("HEAD:a") is None
    assert repo.repository.commit("--all") is None
    assert repo.repository.tree_of("HEAD") == repo.git("rev-parse", "HEAD^{tree}")
    with pytest.raises(GitFailedError):
        repo.repository.tree_of("nothing")


def test_configuration_and_ancestry_are_git_s_answers(repo: Sandbox) -> None:
    old, new = repo.commit("a"), repo.commit("b")
    assert repo.repository.config("user.name") == "Ada Lovelace"
    assert repo.repository.config("no.such") is None
    assert repo.repository.is_ancestor(old, new)
    assert not repo.repository.is_ancestor(new, old)


def test_remotes_are_those_that_git_names(repo: Sandbox) -> None:
    def as_git_says() -> tuple[str, ...]:
        return tuple(filter(None, repo.git("remote").split("\n")))

    assert Repository.open(repo.path).remotes == as_git_says() == ()
    for name in ("origin", "a.b/c", "Zed"):
        repo.git("remote", "add", name, "/nowhere")
    repo.git("config", "remote.pushDefault", "origin")
    repo.git("config", "remote.only.fetch", "x")
    assert Repository.open(repo.path).remotes == as_git_says() != ()
    repo.write(".git/remotes/old", "URL: /nowhere\nPull: refs/heads/main\n")
    assert Repository.open(repo.path).remotes == as_git_says()
