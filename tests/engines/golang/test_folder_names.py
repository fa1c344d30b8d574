"""A package that comes to a folder of another name is noted, with the `rename` that gives it that name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

CACHE = {
    "cache/cache.go": "package cache\n\n// Open opens.\nfunc Open() {}\n",
    "cache/price.go": "package cache\n\n// Price is one.\ntype Price struct{}\n",
    "cache/sub/s.go": "package sub\n",
}


def offered(folder: str, package: str, name: str) -> str:
    """The note for a folder."""
    return f'"{folder}" holds package {package}; rename="{name}" gives it the name of its folder'


@pytest.mark.parametrize("items", [["price.go"], ["Price"]])
def test_split_into_a_folder_of_another_name_is_noted_and_the_rename_that_is_offered_ends_that(
    go_repo: Make, items: list[str]
) -> None:
    repo = go_repo(CACHE)
    ws = repo.workspace()
    ws.go.split("cache", {"internal/pricing": items})
    ws.flush()
    assert ws.notes == [offered("internal/pricing", "cache", "pricing")]
    ws = repo.workspace()
    ws.go.split("cache", {"internal/pricing": items}, rename="pricing")
    ws.flush()
    assert ws.notes == []
    assert repo.vet(ws) == ""


def test_each_new_folder_has_its_note(go_repo: Make) -> None:
    ws = go_repo(CACHE).workspace()
    ws.go.split("cache", {"pkg/cache": "cache.go", "pricing": "price.go"})
    ws.flush()
    assert ws.notes == [offered("pricing", "cache", "pricing")]


def test_move_to_a_folder_of_another_name_is_noted_once_and_not_for_what_is_below(go_repo: Make) -> None:
    ws = go_repo(CACHE).workspace()
    ws.go.move("cache", "pkg/store")
    ws.flush()
    assert ws.notes == [offered("pkg/store", "cache", "store")]


def test_offer_is_a_name_that_a_package_can_have(go_repo: Make) -> None:
    repo = go_repo(CACHE)
    for folder, name in (("My-Prices", "myprices"), ("prices_v1", "prices_v1"), ("func", ""), ("1st", "")):
        ws = repo.workspace()
        ws.go.split("cache", {folder: "price.go"})
        ws.flush()
        assert ws.notes == [offered(folder, "cache", name) if name else f'"{folder}" holds package cache']
        ws = repo.workspace()
        ws.go.split("cache", {folder: "price.go"}, rename=name or None)
        ws.flush()


@pytest.mark.parametrize(
    ("files", "old", "new"),
    [
        ({"cache/c.go": "package cache\n"}, "cache", "lib/cache"),
        ({"cache/c.go": "package cache\n"}, "cache", "lib/go-cache"),
        ({"cache/c.go": "package cache\n"}, "cache", "cache/v2"),
        ({"go-store/c.go": "package kv\n"}, "go-store", "lib/storage"),
        ({"tool/main.go": "package main\n\nfunc main() {}\n"}, "tool", "cmd/other"),
    ],
)
def test_nothing_is_noted_where_the_name_fits_or_was_chosen_before(
    go_repo: Make, files: dict[str, str], old: str, new: str
) -> None:
    ws = go_repo(files).workspace()
    ws.go.move(old, new)
    ws.flush()
    assert ws.notes == []


def test_nothing_is_noted_where_files_join_a_package(go_repo: Make) -> None:
    ws = go_repo({**CACHE, "pricing/p.go": "package money\n"}).workspace()
    ws.go.split("cache", {"pricing": "price.go"})
    ws.flush()
    assert ws.notes == []
    assert ws.read_text("pricing/price.go").startswith("package money\n")
