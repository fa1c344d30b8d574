"""Finds files that only one part of a package reads: those of `testdata/`, and files that are embedded.

They move along in a split, so that tests find them and embeds compile.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from migrate.engines.golang.checking.embeds import embedded
from migrate.engines.golang.directives import embed_patterns
from migrate.engines.golang.member_names import nodes_of
from migrate.engines.golang.requests import FileMove, Request
from migrate.engines.golang.tree import GoTree
from migrate.engines.notes import Remark
from migrate.git.paths import folder_of, is_under, parents
from migrate.text import decode, encode

if TYPE_CHECKING:
    from tree_sitter import Node

TEST_DATA = "testdata"
_STRINGS = ("interpreted_string_literal", "raw_string_literal")
_COMPUTED = re.compile(r"[^/]*[%*?\[{$].*", re.DOTALL)
_FUZZ = re.compile(rb"^func (Fuzz[^\s(]*)\(", re.MULTILINE)


def with_what_they_read(tree: GoTree, requests: Sequence[Request]) -> tuple[list[Request], list[Remark]]:
    """The requests, with the files that only one of them reads added, and notes on these."""
    notes: list[Remark] = []
    found: dict[FileMove, dict[str, str]] = {}
    moves = [request for request in requests if isinstance(request, FileMove)]
    for folder in dict.fromkeys(move.old for move in moves):
        mine = [move for move in moves if move.old == folder]
        readers = _readers(tree, folder, mine)
        for move in mine:
            files = [path for path in readers if readers[path] == {move.new}]
            there = {path: posixpath.join(move.new, _below(folder, path)) for path in files}
            free = {path: new for path, new in there.items() if new not in tree.entries}
            found[move] = dict(_as_folders(tree, folder, free))
            to = f'along to "{move.new}": only what goes there reads'
            notes += [Remark(path, f"goes {to} it", f"files go {to} them") for path in found[move]]
            stays = f'stays: there is one in "{move.new}"'
            notes += [Remark(path, stays, stays.replace("stays", "files stay")) for path in there if path not in free]
        for path in sorted(path for path, places in readers.items() if len(places) > 1):
            others = ", ".join(f'"{place}"' for place in sorted(readers[path] - {folder}))
            both = f"{others} too, where it will be missing"
            notes.append(Remark(path, f"stays, and is read from {both}", f"files stay, and are read from {both}"))
    return [_with_read_files(request, found) for request in requests], notes


def _with_read_files(request: Request, found: Mapping[FileMove, Mapping[str, str]]) -> Request:
    if isinstance(request, FileMove) and found.get(request):
        return replace(request, places=tuple({**found[request], **dict(request.places)}.items()))
    return request


def _readers(tree: GoTree, folder: str, moves: Sequence[FileMove]) -> dict[str, set[str]]:
    """For each file that something moving reads: the folders of its readers afterwards."""
    place = {path: move.new for move in moves for path in move.files}
    files = [path for path in tree.folders.get(folder, ()) if tree.header(path) is not None]
    data = [path for path in tree.below(posixpath.join(folder, TEST_DATA)) if path not in place]
    readers: dict[str, set[str]] = {}
    for path in files:
        for each in _read_by(tree, path, folder, data):
            if each not in place and not (each.endswith(".go") and folder_of(each) == folder):
                readers.setdefault(each, set()).add(place.get(path, folder))
    for path, places in readers.items():
        if len(places) > 1:
            # A helper on both sides may read all of it, so the name of the file decides whose it is.
            users = {place.get(test, folder) for test in files if _speaks_of(tree, test, path)}
            readers[path] = users if len(users) == 1 and folder not in users else places
    tests = {place.get(path, folder) for path in files if path.endswith("_test.go")}
    if len(tests) == 1 and folder not in tests:
        # Nothing that could read the rest is left there.
        readers |= {path: tests for path in data if path not in readers}
    return {path: places for path, places in readers.items() if places != {folder}}


def _read_by(tree: GoTree, path: str, folder: str, data: Sequence[str]) -> Iterator[str]:
    for _, pattern in embed_patterns(tree.content(path)):
        yield from embedded(tree, folder, pattern)
    named = set(_named_files(tree, path)) if data and path.endswith("_test.go") else ()
    for name in named:
        yield from (each for each in data if is_under(each, posixpath.join(folder, name)))


def _speaks_of(tree: GoTree, test: str, path: str) -> bool:
    """Whether a test file contains the name of a file, with or without its ending, as a string."""
    name = posixpath.basename(path)
    names = {name, name.partition(".")[0]}
    if not test.endswith("_test.go") or not any(encode(each) in tree.content(test) for each in names):
        return False
    root = tree.syntax(test).tree.root_node
    strings = (decode(node.text or b"")[1:-1] for kind in _STRINGS for node in nodes_of(root, kind))
    return any(posixpath.basename(each) in names for each in strings)


def _named_files(tree: GoTree, path: str) -> Iterator[str]:
    """The places below `testdata/` that a test file names, as far as they can be read."""
    content = tree.content(path)
    if TEST_DATA.encode() in content:
        for kind in _STRINGS:
            for node in nodes_of(tree.syntax(path).tree.root_node, kind):
                written = posixpath.normpath(_COMPUTED.sub("", _joined(node)) or ".")
                if is_under(written, TEST_DATA):
                    yield written
    yield from (f"{TEST_DATA}/fuzz/{decode(found[1])}" for found in _FUZZ.finditer(content))


def _joined(node: Node) -> str:
    """A string joined with the strings after it in the same call: `filepath.Join("testdata", "a", name)`."""
    written = decode(node.text or b"")[1:-1]
    after = node.next_named_sibling if node.parent is not None and node.parent.type == "argument_list" else None
    while after is not None and after.type in _STRINGS and is_under(written, TEST_DATA):
        written = f"{written}/{decode(after.text or b'')[1:-1]}"
        after = after.next_named_sibling
    return written


def _as_folders(tree: GoTree, folder: str, files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Moved files, with whole folders instead of their files where possible, because people read the map."""
    whole: dict[str, bool] = {}
    done: set[str] = set()
    for path, new in sorted(files.items()):
        above = [place for place in reversed(parents(path)) if is_under(place, folder) and place != folder]
        top = next((place for place in above if _is_whole(tree, place, files, whole)), path)
        if top not in done:
            done.add(top)
            yield top, new[: len(new) - (len(path) - len(top))]


def _is_whole(tree: GoTree, folder: str, files: Collection[str], known: dict[str, bool]) -> bool:
    if folder not in known:
        known[folder] = all(path in files for path in tree.below(folder))
    return known[folder]


def _below(folder: str, path: str) -> str:
    return path[len(folder) :].lstrip("/")
