"""Running git."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrate.errors import GitFailedError, RepositoryError
from migrate.git.process import LONG, Git, Result, seal_environment, user_environment
from migrate.text import decode, encode

if TYPE_CHECKING:
    from tests.conftest import Sandbox


def test_variables_that_point_git_elsewhere_are_dropped_and_those_that_reach_a_remote_stay(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE"):
        monkeypatch.setenv(name, "/elsewhere")
    kept = ("GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_CONFIG_GLOBAL", "GIT_AUTHOR_NAME", "GIT_TRACE", "HOME")
    for name in kept:
        monkeypatch.setenv(name, "kept")
    seal_environment()
    left = {name for name in os.environ if name.startswith("GIT_") and os.environ[name] == "/elsewhere"}
    assert left == set()
    assert [os.environ[name] for name in kept] == ["kept"] * len(kept)


def test_git_speaks_english_whatever_language_the_user_has(repo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.setenv("LANGUAGE", "de")
    told = 'alias.told=!echo "$LC_ALL,$LANGUAGE"'
    assert Git(repo.path).text("-c", told, "told") == "C.UTF-8,"
    assert user_environment(repo.path)["LC_ALL"] == "de_DE.UTF-8"
    assert user_environment(repo.path)["LANGUAGE"] == "de"


def test_a_hook_s_index_is_not_written_to(repo: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    repo.commit("a", {"a": "a"})
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    seal_environment()
    assert Git(repo.path).text("ls-files") == "a"
    assert not (tmp_path / "index").exists()


def test_a_failure_says_which_command_failed_and_what_git_said(repo: Sandbox) -> None:
    with pytest.raises(GitFailedError) as failed:
        Git(repo.path).run("rev-parse", "--verify", "nothing")
    assert failed.value.message == "git rev-parse said: fatal: Needed a single revision"
    assert failed.value.stderr == "fatal: Needed a single revision"
    with pytest.raises(GitFailedError, match="git config said: exit code 1"):
        Git(repo.path).run("config", "--get", "no.such")
    with pytest.raises(GitFailedError, match="git rev-parse said: fatal: Needed a single revision"):
        Git(repo.path).run("-c", "core.bare=false", "rev-parse", "--verify", "nothing")


def test_what_git_says_of_a_hostile_name_cannot_move_the_cursor(repo: Sandbox) -> None:
    with pytest.raises(GitFailedError) as failed:
        Git(repo.path).run("rev-parse", "--verify", "\x1b[2J..\x1b]0;x\x07")
    assert failed.value.message.replace("\n", "").isprintable()


def test_exit_codes_that_are_answers_are_no_failures(repo: Sandbox) -> None:
    git = Git(repo.path)
    assert git.run("config", "--get", "no.such", accept=(0, 1)).code == 1
    assert git.succeeds("check-ref-format", "refs/heads/a")
    assert not git.succeeds("check-ref-format", "refs/heads/a..b")


def test_fields_and_text_keep_what_is_no_utf8(repo: Sandbox) -> None:
    repo.commit("a", {"\udcff \n": "x", "b": "y"})
    assert Git(repo.path).run("ls-files", "-z").fields() == ["b", "\udcff \n"]
    assert encode(decode(b"\xff\x00\xc3")) == b"\xff\x00\xc3"


def test_a_path_that_looks_like_a_pattern_means_itself(repo: Sandbox) -> None:
    repo.commit("a", {"*": "x", "b": "y"})
    assert Git(repo.path).text("ls-files", "--", "*") == "*"


def test_looking_does_not_run_the_program_that_the_repository_names_as_its_monitor(
    repo: Sandbox, tmp_path: Path
) -> None:
    repo.commit("a", {"a": "a"})
    trace = tmp_path / "ran"
    monitor = tmp_path / "monitor"
    monitor.write_text(f"#!/bin/sh\ntouch {trace}\n")
    monitor.chmod(0o755)
    repo.git("config", "core.fsmonitor", str(monitor))
    Git(repo.path).run("status", "--porcelain")
    assert not trace.exists()


def test_a_folder_that_is_not_there_and_a_file_in_its_place_are_clear_errors(tmp_path: Path) -> None:
    with pytest.raises(RepositoryError, match="no folder "):
        Git(tmp_path / "none").run("version")
    (tmp_path / "file").write_text("")
    with pytest.raises(RepositoryError, match="no folder "):
        Git(tmp_path / "file").run("version")


def test_a_machine_without_git_is_a_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(RepositoryError, match="git is not installed"):
        Git(tmp_path).run("version")


def test_what_can_never_change_is_asked_once(repo: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = repo.commit("a", {"a": "1", "large": "0123456789abcdef" * (LONG // 16 + 1)})
    git = Git(repo.path)
    monkeypatch.setenv("GIT_TRACE", str(tmp_path / "trace"))

    def tree(name: str) -> Result:
        return git.ask("rev-parse", "--verify", f"{name}^{{tree}}", about=[name])

    def blob(path: str) -> Result:
        return git.ask("cat-file", "--batch", about=[first], stdin=f"{first}:{path}\n".encode())

    for ask, argument, processes in (
        (tree, first, 1),
        (tree, "main", 3),  # A branch moves.
        (blob, "a", 1),
        (blob, "none", 3),  # A fetch may bring what is missing.
        (blob, "large", 3),
    ):
        (tmp_path / "trace").write_bytes(b"")
        assert len({ask(argument) for _ in range(3)}) == 1
        assert (tmp_path / "trace").read_text().count("built-in: git") == processes, argument
    second = repo.commit("b", {"a": "2"})
    assert tree("main") == tree(second) != tree(first)


def test_a_failure_is_no_answer_to_keep(repo: Sandbox) -> None:
    ours = repo.commit("a")
    later = repo.repository.objects.hash_blob(b"later\n")
    for _ in range(2):
        assert repo.repository.git.ask("cat-file", "-e", later, about=[later], accept=(0, 1)).code == 1
        with pytest.raises(GitFailedError):
            repo.repository.git.ask("merge-base", "--is-ancestor", ours, later, about=[ours, later], accept=(0, 1))
    repo.write("later", "later\n")
    repo.git("add", "later")
    assert repo.repository.git.ask("cat-file", "-e", later, about=[later], accept=(0, 1)).code == 0
