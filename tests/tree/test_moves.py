"""The move map."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from migrate.errors import PathError
from migrate.tree.moves import MoveMap, parse_trailer, quote_path, unquote_path

PROPERTY = settings(max_examples=60)

names = st.sampled_from(["a", "b", "ab", "c"])
paths = st.lists(names, min_size=1, max_size=4).map("/".join)
maps = st.dictionaries(paths, paths, max_size=5).map(MoveMap)
any_path = st.binary(min_size=1).map(lambda raw: raw.decode("utf-8", "surrogateescape"))


def test_the_longest_prefix_decides() -> None:
    moves = MoveMap({"internal": "core", "internal/cache": "pkg/cache", "internal/cache/pricing": "data/pricing"})
    assert moves.resolve("internal/x.go") == "core/x.go"
    assert moves.resolve("internal/cache/lru.go") == "pkg/cache/lru.go"
    assert moves.resolve("internal/cache/pricing/p.go") == "data/pricing/p.go"
    assert moves.entry("internal/cache/lru.go") == ("internal/cache", "pkg/cache")


def test_a_prefix_ends_at_a_slash() -> None:
    moves = MoveMap({"internal/api": "api"})
    assert moves.resolve("internal/apiserver/main.go") == "internal/apiserver/main.go"
    assert moves.entry("internal/apiserver/main.go") is None
    assert moves.resolve("other/internal/api") == "other/internal/api"


def test_two_folders_swap_in_one_step() -> None:
    swap = MoveMap({"a": "b", "b": "a"})
    assert (swap.resolve("a/x"), swap.resolve("b/x")) == ("b/x", "a/x")
    assert len(swap.then(swap)) == 0


def test_a_chain_is_one_step_and_does_not_run_on() -> None:
    chain = MoveMap({"a": "b", "b": "c"})
    assert (chain.resolve("a/x"), chain.resolve("b/x")) == ("b/x", "c/x")


def test_a_child_that_stays_is_not_carried_along_by_its_folder() -> None:
    step = MoveMap({"a": "b", "a/kept": "a/kept"})
    whole = MoveMap().then(step)
    assert whole.resolve("a/kept/x") == "a/kept/x"
    assert whole.resolve("a/x") == "b/x"
    assert not whole.moves("a/kept/x")


def test_a_child_taken_back_by_a_later_step_ends_where_it_began() -> None:
    assert MoveMap({"a": "b"}).then(MoveMap({"b/k": "a/k"})).resolve("a/k/x") == "a/k/x"


def test_what_stood_in_a_folder_that_received_another_one_follows_the_next_move() -> None:
    whole = MoveMap({"a": "b"}).then(MoveMap({"b": "d"}))
    assert whole.resolve("a/x") == "d/x"
    assert whole.resolve("b/x") == "d/x"


def test_there_and_back_moves_nothing_that_was_there_first() -> None:
    whole = MoveMap({"a": "b"}).then(MoveMap({"b": "a"}))
    assert not whole.moves("a/x")
    assert whole.among({"a", "a/x"}.__contains__) == MoveMap()


def test_a_path_that_existed_only_in_between_leads_on_but_is_never_the_origin() -> None:
    whole = MoveMap({"a": "b"}).then(MoveMap({"b": "c"}))
    assert whole.resolve("b/x") == "c/x"
    assert whole.inverse().resolve("c/x") == "a/x"


@PROPERTY
@given(maps, maps, paths)
@example(MoveMap({"a": "b"}), MoveMap({"b/c": "c"}), "b/c")
def test_then_is_one_step_after_the_other(first: MoveMap, second: MoveMap, path: str) -> None:
    assert first.then(second).resolve(path) == second.resolve(first.resolve(path))


@PROPERTY
@given(maps, maps, maps, paths)
def test_three_steps_compose_in_any_grouping(a: MoveMap, b: MoveMap, c: MoveMap, path: str) -> None:
    assert a.then(b).then(c).resolve(path) == a.then(b.then(c)).resolve(path)


@PROPERTY
@given(maps, paths)
def test_inverse_takes_back_what_moved_to_a_place_of_its_own(moves: MoveMap, path: str) -> None:
    new = moves.resolve(path)
    news = [place for _, place in moves]
    alone = all(place == new or not (new + "/").startswith(place + "/") for place in news) and news.count(new) == 1
    if path in dict(moves) and alone:
        assert moves.inverse().resolve(new) == path


def test_inverse_of_a_folder_whose_child_goes_elsewhere() -> None:
    back = MoveMap({"a": "b", "a/k": "c"}).inverse()
    assert (back.resolve("b/x"), back.resolve("c/x")) == ("a/x", "a/k/x")


def test_maps_compare_by_what_they_hold() -> None:
    assert MoveMap({"a": "b", "c": "d"}) == MoveMap([("c", "d"), ("a", "b")])
    assert hash(MoveMap({"a": "b", "c": "d"})) == hash(MoveMap({"c": "d", "a": "b"}))
    assert repr(MoveMap({"a": "b"})) == "MoveMap({'a': 'b'})"
    assert MoveMap({"a": "b"}) != {"a": "b"}


@PROPERTY
@given(any_path, any_path)
@example("a =>", "=> b")
@example(" a", "b ")
@example("100%", "a => b")
@example("a\nMoved: x => y", "\udcff\u2028")
def test_a_trailer_reads_back_whatever_the_paths_hold(old: str, new: str) -> None:
    (line,) = MoveMap({old: new}).trailers()
    assert parse_trailer(line) == (old, new)
    assert line.isprintable()


@PROPERTY
@given(any_path)
def test_quoting_keeps_one_line_without_edge_spaces(path: str) -> None:
    quoted = quote_path(path)
    assert quoted
    assert quoted == quoted.strip()
    assert len(quoted.splitlines()) == 1
    assert unquote_path(quoted) == path


def test_ordinary_paths_stay_readable() -> None:
    moves = MoveMap({"docs/Übersicht 2.md": "docs/guide (old).md"})
    assert moves.trailers() == ["docs/Übersicht 2.md => docs/guide (old).md"]


@pytest.mark.parametrize("text", ["", "a -> b", "a=>b", "%ZZ => b", "a => %"])
def test_a_malformed_trailer_is_an_error(text: str) -> None:
    with pytest.raises(PathError, match="Moved trailer"):
        parse_trailer(text)
