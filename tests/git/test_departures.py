"""How a path that is not there went, looked up in the history."""

from __future__ import annotations

import pytest

from migrate.git import departures
from migrate.git.departures import Departure, departure
from tests.conftest import Sandbox

DAY = "2024-05-01"
TEXT = "".join(f"line {number}\n" for number in range(20))


@pytest.fixture
def history(repo: Sandbox) -> Sandbox:
    """One commit with a folder of four files."""
    repo.commit("first", {f"old/pkg/{name}.go": f"{name}\n{TEXT}" for name in "abcd"})
    return repo


def went(repo: Sandbox, path: str) -> Departure | None:
    """How a path went that is not in the tree of HEAD."""
    files = repo.git("ls-tree", "-r", "-z", "--name-only", "HEAD").split("\0")
    return departure(
        repo.repository.git,
        "HEAD",
        path,
        lambda place: any(file == place or file.startswith(f"{place}/") for file in files),
    )


def moved(repo: Sandbox, old: str, new: str) -> str:
    """A commit that moves something."""
    (repo.path / new).parent.mkdir(parents=True, exist_ok=True)
    repo.git("mv", old, new)
    return repo.commit(f"move {old}")


def test_folder_that_was_moved_is_found(history: Sandbox) -> None:
    commit = moved(history, "old/pkg", "new/deep/pkg")
    history.commit("else", {"x": ""})
    assert went(history, "old/pkg") == Departure(commit, DAY, "new/deep/pkg")
    assert went(history, "old") == Departure(commit, DAY, "new/deep")
    assert went(history, "old/pkg/a.go") == Departure(commit, DAY, "new/deep/pkg/a.go")


def test_folder_goes_where_most_of_it_went_and_files_may_change_on_the_way(history: Sandbox) -> None:
    for name, new in {"a": "core/a.go", "b": "core/b.go", "c": "core/other.go", "d": "misc/d.go"}.items():
        text = (history.path / f"old/pkg/{name}.go").read_text()
        history.git("rm", "--quiet", f"old/pkg/{name}.go")
        history.write(new, text.replace("line 3", "line three"))
    commit = history.commit("take apart")
    assert went(history, "old/pkg") == Departure(commit, DAY, "core")


def test_what_moved_on_is_followed_to_where_it_is(history: Sandbox) -> None:
    moved(history, "old/pkg", "between/pkg")
    last = moved(history, "between/pkg", "new/pkg")
    assert went(history, "old/pkg") == Departure(last, DAY, "new/pkg")


def test_what_was_deleted_is_said_to_be(history: Sandbox) -> None:
    history.git("rm", "--quiet", "-r", "old")
    commit = history.commit("no more")
    assert went(history, "old/pkg") == Departure(commit, DAY, None)


def test_what_moved_and_was_deleted_there_is_said_to_be_deleted(history: Sandbox) -> None:
    moved(history, "old/pkg", "new/pkg")
    history.git("rm", "--quiet", "-r", "new")
    commit = history.commit("no more")
    assert went(history, "old/pkg") == Departure(commit, DAY, None)


def test_move_is_found_though_the_last_of_a_folder_was_deleted_later(history: Sandbox) -> None:
    (history.path / "new").mkdir()
    for name in "abc":
        history.git("mv", f"old/pkg/{name}.go", f"new/{name}.go")
    commit = history.commit("most of it")
    history.git("rm", "--quiet", "old/pkg/d.go")
    history.commit("the rest")
    assert went(history, "old/pkg") == Departure(commit, DAY, "new")


def test_move_on_a_branch_that_was_merged_is_found(history: Sandbox) -> None:
    history.git("switch", "--quiet", "-c", "side")
    commit = moved(history, "old/pkg", "new/pkg")
    history.git("switch", "--quiet", "main")
    history.commit("else", {"x": ""})
    history.git("merge", "--quiet", "--no-edit", "side")
    assert went(history, "old/pkg") == Departure(commit, DAY, "new/pkg")


def test_path_that_never_was_there_went_nowhere(history: Sandbox) -> None:
    assert went(history, "old/pgk") is None
    assert went(history, "*") is None
    assert went(history, "--all") is None


def test_names_of_any_kind_are_read_right(repo: Sandbox) -> None:
    repo.commit("first", {"a b\n\udcff/é.txt": TEXT})
    commit = moved(repo, "a b\n\udcff", "b\n c")
    assert went(repo, "a b\n\udcff") == Departure(commit, DAY, "b\n c")


def test_settings_for_renames_and_signatures_change_nothing(history: Sandbox) -> None:
    commit = moved(history, "old/pkg", "new/pkg")
    for setting in ("diff.renames=false", "log.showSignature=true", "log.follow=true", "diff.noprefix=true"):
        history.git("config", *setting.split("="))
    assert went(history, "old/pkg") == Departure(commit, DAY, "new/pkg")


def test_only_the_last_commits_are_looked_at(history: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(departures, "COMMITS", 3)
    commit = moved(history, "old/pkg", "new/pkg")
    history.commit("1")
    history.commit("2")
    assert went(history, "old/pkg") == Departure(commit, DAY, "new/pkg")
    history.commit("3")
    assert went(history, "old/pkg") is None
