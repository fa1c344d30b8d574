"""A commit read from its object is what `git log` tells of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.git.commits import parse_commit
from migrate.git.history import FORMAT, parse_log, read_alone
from migrate.git.writer import write_empty_tree

if TYPE_CHECKING:
    from tests.conftest import Sandbox

PEOPLE = (
    "Ada <ada@example.com>",
    "A. B.  C <a@b>",
    "É ü <é@x>",
    "  Ada <a@b>",
    "Ada  <a@b>",
    " <a@b>",
    "Ada <>",
    "A <a b>",
)
TIMES = (
    "1714564800 +0000",
    "0 -0330",
    "100000 -0330",
    "17145648000 +0530",
    "1714564800 +1400",
    "007 +0100",
    "1 +9999",
    "-5 +0000",
)


def written(repo: Sandbox, people: str, time: str, more: str, message: bytes) -> str:
    """A commit of these words, whatever they are."""
    tree = write_empty_tree(repo.repository)
    head = f"tree {tree}\nauthor {people} {time}\ncommitter Ada <a@b> 5 +0000\n{more}\n"
    raw = head.encode("utf-8", "surrogateescape") + message
    return repo.repository.git.run("hash-object", "--literally", "-t", "commit", "-w", "--stdin", stdin=raw).text


def as_git_tells(repo: Sandbox, oid: str) -> object:
    """The same commit by `git log`."""
    options = ("-z", "--no-walk", "--encoding=UTF-8", "--date=raw", "--no-patch", f"--format={FORMAT}")
    told = repo.repository.git.run("log", *options, oid)
    return list(parse_log(told.stdout))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(PEOPLE),
    st.sampled_from(TIMES),
    st.sampled_from(("", "gpgsig x\n encoding y\n z\n", "encoding latin-1\n", "mergetag a\nencoding UTF-8\n")),
    st.one_of(st.binary(max_size=30), st.text("a\n é", max_size=12).map(str.encode)),
)
def test_what_is_read_is_what_git_log_tells(repo: Sandbox, people: str, time: str, more: str, message: bytes) -> None:
    oid = written(repo, people, time, more, message)
    read = read_alone(repo.repository, [oid])
    assert read is None or list(read.values()) == as_git_tells(repo, oid)


@pytest.mark.parametrize("more", ["encoding latin-1\n", "gpgsig x\n y\nencoding UTF-8\n"])
def test_a_text_to_convert_is_left_to_git(repo: Sandbox, more: str) -> None:
    assert read_alone(repo.repository, [written(repo, PEOPLE[0], TIMES[0], more, b"a")]) is None


def test_usual_commits_are_read_without_git_log(repo: Sandbox) -> None:
    first, second = repo.commit("one\n\nbody", {"a": "1"}), repo.commit("two", {"a": "2"})
    read = read_alone(repo.repository, [first, second])
    assert read is not None
    assert {first, second} == set(read)
    assert read[second].parents == (first,)
    assert [read[oid] for oid in (first,)] == as_git_tells(repo, first)


def test_what_is_missing_or_no_commit_is_left_to_git(repo: Sandbox) -> None:
    head = repo.commit("one", {"a": "1"})
    repo.git("tag", "-a", "-m", "t", "t")
    tag, tree = repo.git("rev-parse", "t"), repo.git("rev-parse", "HEAD^{tree}")
    for oid in (tag, tree, "1" * 40, head[:10]):
        assert read_alone(repo.repository, [head, oid]) is None
    assert parse_commit(b"tree 1\n") is None
