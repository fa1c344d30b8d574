"""Pushing with exact leases, to a bare repository on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.errors import RefusedError
from migrate.git.fetch import list_refs
from migrate.git.push import NotAtomicError, RefPush, push_refs
from tests.conftest import Sandbox

A, B = "refs/heads/a", "refs/notes/b"


@pytest.fixture
def origin(repo: Sandbox, tmp_path: Path) -> Sandbox:
    there = Sandbox(tmp_path / "origin.git")
    repo.git("init", "--quiet", "--bare", str(there.path))
    repo.git("remote", "add", "origin", str(there.path))
    return there


def test_new_and_rewritten_refs_of_any_kind_get_there(repo: Sandbox, origin: Sandbox) -> None:
    one, two = repo.commit("one"), repo.commit("two")
    assert (
        push_refs(repo.repository, "origin", [RefPush(A, None, two), RefPush(B, None, one)], atomic=True).rejected == {}
    )
    assert push_refs(repo.repository, "origin", [RefPush(A, two, one)], atomic=True).rejected == {}
    assert list_refs(repo.repository, "origin", "refs/*") == {A: one, B: one}


def test_a_ref_that_is_not_where_it_was_seen_holds_up_all(repo: Sandbox, origin: Sandbox) -> None:
    one, two = repo.commit("one"), repo.commit("two")
    push_refs(repo.repository, "origin", [RefPush(A, None, one)], atomic=True)
    for seen in (None, two):
        answer = push_refs(repo.repository, "origin", [RefPush(A, seen, two), RefPush(B, None, two)], atomic=True)
        assert set(answer.rejected) == {A, B}
        assert list(answer.causes) == [A]
        assert answer.is_race
    assert list_refs(repo.repository, "origin", "refs/*") == {A: one}


def test_what_a_killed_git_left_on_the_remote_is_named_and_is_no_race(repo: Sandbox, origin: Sandbox) -> None:
    one, two = repo.commit("one"), repo.commit("two")
    push_refs(repo.repository, "origin", [RefPush(A, None, one)], atomic=True)
    origin.git("pack-refs", "--all")
    for name, new in ((f"{A}.lock", two), ("packed-refs.lock", None), ("packed-refs.new", None)):
        left = origin.write(name)
        for atomic in (True, False):
            answer = push_refs(repo.repository, "origin", [RefPush(A, one, new)], atomic=atomic)
            assert (answer.locks, answer.is_race) == ([str(left)], False), (name, answer)
        left.unlink()


def test_without_atomic_the_others_get_there(repo: Sandbox, origin: Sandbox) -> None:
    one, two = repo.commit("one"), repo.commit("two")
    push_refs(repo.repository, "origin", [RefPush(A, None, one)], atomic=True)
    answer = push_refs(repo.repository, "origin", [RefPush(A, None, two), RefPush(B, None, two)], atomic=False)
    assert set(answer.rejected) == {A}
    assert list_refs(repo.repository, "origin", "refs/*") == {A: one, B: two}


def test_a_remote_that_cannot_do_it_at_once_says_so_and_takes_nothing(repo: Sandbox, origin: Sandbox) -> None:
    origin.git("config", "receive.advertiseAtomic", "false")
    with pytest.raises(NotAtomicError):
        push_refs(repo.repository, "origin", [RefPush(A, None, repo.commit("one"))], atomic=True)
    assert list_refs(repo.repository, "origin", "refs/*") == {}


def test_tags_and_other_refs_do_not_go_along(repo: Sandbox, origin: Sandbox) -> None:
    one = repo.commit("one")
    repo.git("tag", "-a", "v1", "-m", "v1")
    repo.git("config", "push.followTags", "true")
    push_refs(repo.repository, "origin", [RefPush(A, None, one)], atomic=True)
    assert list_refs(repo.repository, "origin", "refs/*") == {A: one}


def test_a_push_that_never_began_is_an_error_with_gits_own_words(repo: Sandbox, origin: Sandbox) -> None:
    repo.git("config", "remote.origin.mirror", "true")
    with pytest.raises(RefusedError, match="--mirror"):
        push_refs(repo.repository, "origin", [RefPush(A, None, repo.commit("one"))], atomic=True)
