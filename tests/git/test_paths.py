"""Which paths a phase may name."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from migrate.errors import PathError
from migrate.git.paths import check_path, is_under, parents

if TYPE_CHECKING:
    from tests.conftest import Sandbox


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("..", "leads out"),
        ("../x", "leads out"),
        ("a/../b", "leads out"),
        ("a/..", "leads out"),
        ("/etc/passwd", "is absolute"),
        ("//x", "is absolute"),
        ("", "not a plain path"),
        ("/", "not a plain path"),
        (".", "not a plain path"),
        ("./a", "not a plain path"),
        ("a//b", "not a plain path"),
        ("a//", "not a plain path"),
        ("a/./b", "not a plain path"),
        (".git", "git's own folder"),
        (".git/config", "git's own folder"),
        ("a/.git/hooks/x", "git's own folder"),
        (".GIT/config", "git's own folder"),
        (".Git", "git's own folder"),
        (".git ./x", "git's own folder"),
        ("git~1/config", "git's own folder"),
        ("GIT~1", "git's own folder"),
        (".git::$INDEX_ALLOCATION/config", "git's own folder"),
        (".git\\config", "git's own folder"),
        (".g\u200cit/config", "git's own folder"),
        ("a\0b", "NUL"),
        ("a\ud800", "an incomplete character"),
    ],
)
def test_a_path_that_could_do_harm_is_refused(path: str, why: str) -> None:
    with pytest.raises(PathError, match=why):
        check_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "a",
        "a/b.go",
        ".gitignore",
        ".github/workflows/ci.yml",
        "..a/b..",
        "...",
        "a b/'c'\"d",
        "ä/日本\n\\x",
        "a\udcff",
        "git~2",
        "-rf",
        "C:/x",
    ],
)
def test_any_other_path_is_taken_as_it_is(path: str) -> None:
    assert check_path(path) == path


def test_one_trailing_slash_is_dropped() -> None:
    assert check_path("a/b/") == "a/b"


spellings = st.text(alphabet=".giTt~1 :\\a\u200d/", min_size=1, max_size=9)


@settings(
    max_examples=5,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(spellings, min_size=50, max_size=100))
@example([".git", "a/.gIT", "git~1/a", ".git .:a", ".gi\u200dt", "a", "..", "a//a", ".git\\a", "/a", "a/.", "git~1:"])
def test_nothing_passes_that_git_itself_refuses(repo: Sandbox, candidates: list[str]) -> None:
    blob = repo.repository.git.run("hash-object", "-w", "--stdin", stdin=b"x").text
    git = ["git", "-c", "core.protectHFS=true", "-c", "core.protectNTFS=true", "update-index", "--add", "--cacheinfo"]

    def refused(path: str) -> bool:
        done = subprocess.run([*git, f"100644,{blob},{path}"], cwd=repo.path, capture_output=True, check=False)
        return b"Invalid path" in done.stderr

    assert refused(".git/x")
    for path in candidates:
        try:
            accepted = check_path(path)
        except PathError:
            continue
        assert not refused(accepted), path


def test_below_means_at_a_slash() -> None:
    assert is_under("a/b", "a")
    assert is_under("a", "a")
    assert is_under("a", "")
    assert not is_under("ab", "a")
    assert not is_under("a", "a/b")


def test_parents_come_nearest_first() -> None:
    assert parents("a/b/c") == ["a/b", "a"]
    assert parents("a") == []
