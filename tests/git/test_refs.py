"""Moving refs in one transaction."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from migrate.errors import GitFailedError, RefusedError, RepositoryError
from migrate.git.conversation import Conversation
from migrate.git.refs import RefUpdate, exactly, is_branch_name, move_refs, read_refs, read_refs_and_head
from migrate.git.repository import Head

if TYPE_CHECKING:
    from tests.conftest import Sandbox


def everything(repo: Sandbox) -> dict[str, str]:
    return read_refs(repo.repository)


def test_refs_are_made_moved_and_deleted_together(repo: Sandbox) -> None:
    a, b = repo.commit("a"), repo.commit("b")
    repo.git("branch", "moved", a)
    repo.git("branch", "gone", a)
    updates = [
        RefUpdate("refs/heads/new", None, a),
        RefUpdate("refs/heads/moved", a, b),
        RefUpdate("refs/heads/gone", a, None),
        RefUpdate("refs/migrate/m/journal", None, b),
    ]
    move_refs(repo.repository, updates, "next p01")
    assert everything(repo) == {
        "refs/heads/main": b,
        "refs/heads/moved": b,
        "refs/heads/new": a,
        "refs/migrate/m/journal": b,
    }
    assert repo.git("log", "-g", "-1", "--format=%gs", "refs/migrate/m/journal") == "migrate: next p01"


@pytest.mark.parametrize("old", ["wrong", "none", "gone"])
def test_one_wrong_old_value_moves_nothing(repo: Sandbox, old: str) -> None:
    a, b = repo.commit("a"), repo.commit("b")
    repo.git("branch", "one", a)
    repo.git("branch", "two", a)
    before = everything(repo)
    wrong = {
        "wrong": RefUpdate("refs/heads/two", b, b),
        "none": RefUpdate("refs/heads/two", None, b),
        "gone": RefUpdate("refs/heads/three", a, b),
    }[old]
    updates = [RefUpdate("refs/heads/one", a, b), wrong, RefUpdate("refs/heads/new", None, b)]
    with pytest.raises(RefusedError) as refused:
        move_refs(repo.repository, updates, "x")
    assert everything(repo) == before
    assert refused.value.message.startswith('a branch changed while this ran, so "x" was not done (')
    assert wrong.ref in refused.value.message
    assert refused.value.advice == "run the command again"


def test_a_branch_that_stands_where_a_folder_is_needed_is_named(repo: Sandbox) -> None:
    a = repo.commit("a")
    repo.git("branch", "migrate", a)
    updates = [RefUpdate("refs/heads/other", None, a), RefUpdate("refs/heads/migrate/m/p01", None, a)]
    with pytest.raises(RepositoryError) as refused:
        move_refs(repo.repository, updates, "x")
    assert "'refs/heads/migrate'" in refused.value.message
    assert "branch_prefix" in (refused.value.advice or "")
    assert "refs/heads/other" not in everything(repo)


def test_an_object_that_is_not_there_moves_nothing(repo: Sandbox) -> None:
    a = repo.commit("a")
    updates = [RefUpdate("refs/heads/new", None, a), RefUpdate("refs/heads/bad", None, "1234567890" * 4)]
    with pytest.raises((GitFailedError, RepositoryError)):
        move_refs(repo.repository, updates, "x")
    assert set(everything(repo)) == {"refs/heads/main"}


def test_refs_are_read_by_name_and_by_folder_but_not_by_the_start_of_a_name(repo: Sandbox) -> None:
    a = repo.commit("a")
    for name in ("main-2", "team/one", "team/ünï\u2028x", "teams"):
        repo.git("branch", name, a)
    assert set(read_refs(repo.repository, "refs/heads/main", "refs/heads/team")) == {
        "refs/heads/main",
        "refs/heads/team/one",
        "refs/heads/team/ünï\u2028x",
    }
    assert read_refs(repo.repository, "refs/none") == {}


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("migrate/pllm/p01-analysis", True),
        ("ünï", True),
        ("-x", False),
        ("a..b", False),
        ("a b", False),
        ("a//b", False),
        ("/a", False),
        ("a.lock", False),
        ("a~1", False),
        ("a\x07", False),
        ("", False),
    ],
)
def test_a_branch_name_is_good_when_git_says_so(repo: Sandbox, name: str, good: bool) -> None:
    assert is_branch_name(repo.repository, name) is good


def test_head_is_told_with_the_refs_whatever_it_names(repo: Sandbox) -> None:
    a = repo.commit("a")
    repo.git("branch", "other", a)
    shown = ("refs/heads/main", "refs/heads/other")
    for place in (["main"], ["other"], ["--create", "elsewhere"], ["--detach"], ["--orphan", "new"]):
        repo.git("switch", "--quiet", *place)
        assert read_refs_and_head(repo.repository, *shown) == (dict.fromkeys(shown, a), repo.repository.head())
    assert read_refs_and_head(repo.repository, *shown)[1] == Head("new", None)


def test_more_refs_than_a_command_line_holds_are_read(repo: Sandbox) -> None:
    oid = repo.commit("one", {"a": "a"})
    names = [f"refs/heads/{'x' * 200}/{number}" for number in range(3)]
    move_refs(repo.repository, [RefUpdate(name, None, oid) for name in names], "many")
    asked = [*names, *(f"refs/none/{'y' * 200}/{number}" for number in range(12000))]
    assert exactly(repo.repository, *asked) == dict.fromkeys(names, oid)


def transactions_of(repo: Sandbox) -> list[Conversation]:
    """The gits that stay open for the refs of a repository."""
    return list(repo.repository.open_gits.values())


def test_one_git_moves_refs_again_and_again_and_a_new_one_where_that_is_gone(repo: Sandbox) -> None:
    a, b = repo.commit("a"), repo.commit("b")
    repository = repo.repository
    with repository.during("run"):
        move_refs(repository, [RefUpdate("refs/heads/one", None, a)], "make one")
        (git,) = transactions_of(repo)
        move_refs(repository, [RefUpdate("refs/heads/one", a, b)], "make it again")
        assert transactions_of(repo) == [git]
        os.kill(git.pid, signal.SIGKILL)
        move_refs(repository, [RefUpdate("refs/heads/two", None, a)], "make two")
        assert transactions_of(repo) != [git]
        with pytest.raises(RefusedError, match='"make it wrong" was not done'):
            move_refs(repository, [RefUpdate("refs/heads/two", b, a)], "make it wrong")
        assert transactions_of(repo) == []
        move_refs(repository, [RefUpdate("refs/heads/two", a, b)], "make it right")
    assert transactions_of(repo) == []
    assert (everything(repo)["refs/heads/one"], everything(repo)["refs/heads/two"]) == (b, b)
    assert repo.git("log", "-g", "--format=%gs", "refs/heads/two").split("\n") == ["migrate: run"] * 2
    assert list((repo.path / ".git").rglob("*.lock")) == []


def test_what_hooks_print_fills_nothing_up(repo: Sandbox) -> None:
    tip = repo.commit("a")
    hook = repo.write(".git/hooks/reference-transaction", "#!/bin/sh\nseq 20000 >&2\necho fatal: not this >&2\n")
    hook.chmod(0o755)
    repository = repo.repository
    with repository.during("run"):
        for number in range(3):
            move_refs(repository, [RefUpdate(f"refs/heads/{number}", None, tip)], "make")
        hook.write_text("#!/bin/sh\n")
        with pytest.raises(RefusedError) as refused:
            move_refs(repository, [RefUpdate("refs/heads/1", None, tip)], "make")
    assert "not this" not in refused.value.message
