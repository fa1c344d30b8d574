"""Finds names for files that move to a folder with a file of that name; suffixes for systems and tests are kept."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from posixpath import basename, join

from migrate.engines.golang.checking.relevance import SOURCES
from migrate.engines.golang.forward.build import suffix_of
from migrate.engines.golang.requests import Merge, Request, pairs
from migrate.engines.golang.tree import GoTree
from migrate.engines.notes import Remark
from migrate.git.paths import folder_of
from migrate.tree.moves import MoveMap

_FIRST_PART = re.compile(r"[^_.]*")


def free_name(name: str, taken: Collection[str], package: str = "") -> str:
    """`name`, or if that is `taken` the first free one: with the `package` in front, or else numbered.

    Names must differ in more than letter case. Suffixes for systems and tests come after the first underscore.
    """
    return next(each for each in _candidates(name, package) if each.lower() not in taken)


def _candidates(name: str, package: str) -> Iterator[str]:
    yield name
    longer = f"{package}_{name}"
    # `linux.go` is built everywhere, and `test.go` is not a test.
    if package and suffix_of(longer) == suffix_of(name) and longer.endswith("_test.go") == name.endswith("_test.go"):
        yield longer
    first = _FIRST_PART.match(name)
    end = 0 if first is None else first.end()
    number = 2
    while True:
        yield f"{name[:end]}{number}{name[end:]}"
        number += 1


def with_free_names(tree: GoTree, requests: Sequence[Request]) -> tuple[list[Request], list[Remark]]:
    """The requests, with new names for files that a merge would put over another file, and notes on them."""
    step = MoveMap(place for request in requests for place in pairs(request))
    if not any(isinstance(request, Merge) for request in requests):
        return list(requests), []
    merged = {request.old: request for request in requests if isinstance(request, Merge)}
    places = {path: step.resolve(path) for path in tree.entries}
    coming = [path for path in places if folder_of(path) in merged and path.endswith(SOURCES)]
    taken = {place.lower() for path, place in places.items() if path not in set(coming)}
    renamed: dict[str, list[tuple[str, str]]] = {}
    notes = []
    for path in coming:
        folder, name = folder_of(places[path]), basename(path)
        old = folder_of(path)
        here = {each.rpartition("/")[2] for each in taken if folder_of(each) == folder.lower()}
        free = free_name(name, here, basename(old))
        taken.add(join(folder, free).lower())
        if free != name:
            renamed.setdefault(old, []).append((path, join(folder, free)))
            to = f'is called "{free}" in "{folder}", which has a file of that name'
            notes.append(Remark(path, to, f'files get other names in "{folder}", which has some of theirs'))
    return [_with_new_names(request, renamed) for request in requests], notes


def _with_new_names(request: Request, renamed: Mapping[str, Sequence[tuple[str, str]]]) -> Request:
    if isinstance(request, Merge) and request.old in renamed:
        return replace(request, renamed=tuple(renamed[request.old]))
    return request
