"""The tree that a phase edits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.git.objects import EXECUTABLE, SYMLINK, GrepSearch, TreeEntry
from migrate.git.repository import Repository
from migrate.text import encode
from migrate.tree.overlay import Overlay

if TYPE_CHECKING:
    from tests.conftest import Sandbox

CONTENT = st.lists(
    st.sampled_from(
        [
            b"pkg/retry",
            b"pkg",
            b"\n",
            b"\r\n",
            b"\0",
            b"\xff\xfe",
            "ü→".encode(),
            b"a",
            b" ",
            b"\\E",
            b".*",
            b"[",
            b"-e",
        ]
    ),
    max_size=8,
).map(b"".join)
NEEDLE = st.sampled_from(
    [
        "pkg/retry",
        "pkg",
        "retrypkg",
        "ü",
        "→a",
        "\udcff",
        "\udcc3",
        ".*",
        "\\E",
        "\\Ea",
        "[",
        "-e",
        "a\npkg",
        "pkg\n\n",
        " a",
    ]
)


@pytest.fixture(params=["in memory", "git grep"])
def search(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Both ways of searching: a tree small enough to be read, and one that is not."""
    way: str = request.param
    if way == "git grep":
        monkeypatch.setattr("migrate.tree.overlay.IN_MEMORY", -1)
    return way


def opened(repo: Sandbox) -> Overlay:
    """The tree of HEAD, with no blob read yet."""
    return Overlay.of(Repository.open(repo.path).objects, repo.git("rev-parse", "HEAD"))


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(CONTENT, min_size=1, max_size=12), st.lists(CONTENT, max_size=4), st.lists(NEEDLE, min_size=1, max_size=3)
)
def test_the_files_that_hold_a_text_are_those_that_a_naive_search_finds(
    repo: Sandbox, search: str, old: list[bytes], new: list[bytes], needles: list[str]
) -> None:
    repo.commit("files", {f"old {n}.txt": content for n, content in enumerate(old)})
    overlay = opened(repo)
    overlay.relocate({"old 0.txt": "moved.txt"})
    for n, content in enumerate(new):
        overlay.put(f"old {n}.txt", content)
    found = overlay.holding(needles)
    wanted = [encode(needle) for needle in needles]
    naive = [p for p, e in overlay.entries.items() if any(needle in overlay.content(e.oid) for needle in wanted)]
    assert found == sorted(naive)


@pytest.mark.parametrize(
    "asked", [["pkg/retry", "x\\Ey"], ["pkg"], ["pkg/retry"], ["other"], ["x\\Ey"], ["pkg", "pkg/retry"]]
)
@pytest.mark.parametrize("early", [["pkg"], ["pkg", "x\\Ey"], ["pkg/retry", "x"], []])
def test_a_search_begun_early_finds_what_one_at_the_end_does(
    repo: Sandbox, search: str, early: list[str], asked: list[str]
) -> None:
    repo.commit("a", {"a": "pkg/retry\n", "b": "pkg\n", "c": "other", "d": "x\\Ey"})
    overlay = opened(repo)
    with overlay.searching(early):
        overlay.put("new", b"other pkg/retry")
        found = overlay.holding(asked)
    naive = [p for p, e in overlay.entries.items() if any(encode(n) in overlay.content(e.oid) for n in asked)]
    assert found == sorted(naive) == overlay.holding(asked)


@pytest.mark.parametrize("before", [[], ["needle"], ["need"]])
def test_folders_of_some_names_are_passed_over_but_not_what_has_left_them(
    repo: Sandbox, search: str, before: list[str]
) -> None:
    files = dict.fromkeys(["a", "sub/vendor/b", "vendor/c", "vendor/d", "vendored/e"], "needle")
    repo.commit("a", {path: f"{text} in {path}" for path, text in files.items()})
    overlay = opened(repo)
    overlay.holding(before)
    overlay.relocate({"vendor/d": "own/d", "a": "vendor/a"})
    overlay.put("vendor/new", b"needle")
    assert overlay.holding(["needle"], frozenset({"vendor"})) == ["own/d", "vendored/e"]
    assert overlay.next().holding(["needle in"], frozenset({"vendor", "sub"})) == ["own/d", "vendored/e"]
    assert len(overlay.holding(["needle"])) == 6


def test_a_search_that_nobody_asks_for_is_stopped_with_its_block(
    repo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migrate.tree.overlay.IN_MEMORY", -1)
    repo.commit("a", {"a": "needle"})
    overlay = opened(repo)
    stop, pending_conflict = GrepSearch.stop, []
    monkeypatch.setattr(GrepSearch, "stop", lambda search: (stop(search), pending_conflict.append(search)))
    with pytest.raises(KeyError), overlay.searching(["needle"]):
        raise KeyError("a refusal")
    assert len(pending_conflict) == 1
    assert overlay.holding(["needle"]) == ["a"]


def test_colour_and_pattern_settings_of_a_user_do_not_change_what_is_found(repo: Sandbox, search: str) -> None:
    repo.commit("a", {"a.txt": "x.y\n", "b.txt": "xzy\n"})
    for key, value in (("color.ui", "always"), ("grep.patternType", "perl"), ("grep.fullName", "false")):
        repo.git("config", key, value)
    assert opened(repo).holding(["x.y"]) == ["a.txt"]


def test_files_marked_as_binary_are_searched_too(repo: Sandbox, search: str) -> None:
    repo.commit("a", {".gitattributes": "*.bin binary\n", "a.bin": b"\0needle\0", "b.txt": "needle"})
    assert opened(repo).holding(["needle"]) == ["a.bin", "b.txt"]


def test_links_hold_nothing_even_when_their_target_reads_like_the_text(repo: Sandbox, search: str) -> None:
    (repo.path / "link").symlink_to("needle")
    repo.commit("a", {"same": "needle"})
    assert opened(repo).holding(["needle"]) == ["same"]


def test_looking_for_nothing_finds_nothing(repo: Sandbox, search: str) -> None:
    repo.commit("a", {"a": "a"})
    assert opened(repo).holding([]) == []


def test_writing_what_was_there_is_no_change(repo: Sandbox) -> None:
    repo.commit("a", {"a": "a\n", "b": "b\n"})
    overlay = opened(repo)
    overlay.put("a", b"other")
    overlay.put("a", b"a\n")
    overlay.relocate({"b": "c"})
    overlay.relocate({"c": "b"})
    assert overlay.changes() == {}


def test_changes_name_what_is_new_what_is_other_and_what_is_gone(repo: Sandbox) -> None:
    repo.commit("a", {"a": "a\n", "b": "b\n", "c": "c\n"})
    overlay = opened(repo)
    a = overlay.entries["a"]
    overlay.put("b", b"b\n", EXECUTABLE)
    overlay.relocate({"a": "d"})
    overlay.drop(["c"])
    assert overlay.changes() == {"b": TreeEntry(EXECUTABLE, overlay.entries["b"].oid), "d": a, "a": None, "c": None}


def test_a_swap_gives_each_file_the_place_of_the_other(repo: Sandbox) -> None:
    repo.commit("a", {"a": "1", "b": "2"})
    overlay = opened(repo)
    overlay.relocate({"a": "b", "b": "a"})
    assert [overlay.content(overlay.entries[path].oid) for path in "ab"] == [b"2", b"1"]


def test_a_folder_is_there_as_long_as_something_is_in_it(repo: Sandbox) -> None:
    repo.commit("a", {"x/y/z": "1"})
    overlay = opened(repo)
    assert overlay.is_folder("x")
    assert overlay.is_folder("x/y")
    assert overlay.is_folder("")
    assert not overlay.is_folder("x/y/z")
    overlay.relocate({"x/y/z": "w/z"})
    assert (overlay.is_folder("x"), overlay.is_folder("w")) == (False, True)
    overlay.put("v/u", b"")
    assert overlay.is_folder("v")
    overlay.drop(["w/z"])
    assert not overlay.is_folder("w")
    overlay.reset({"k/l": TreeEntry(SYMLINK, "0" * 40)})
    assert overlay.under("") == ["k/l"]
    assert overlay.is_folder("k")


def test_the_next_step_counts_its_changes_from_where_this_one_ended(repo: Sandbox, search: str) -> None:
    repo.commit("a", {"a": "1"})
    overlay = opened(repo)
    overlay.put("b", b"2")
    after = overlay.next()
    assert after.changes() == {}
    assert after.existed("b")
    after.put("c", b"needle")
    assert set(after.changes()) == {"c"}
    assert "c" not in overlay.entries
    assert after.holding(["needle"]) == ["c"]
    assert after.content(after.entries["b"].oid) == b"2"
