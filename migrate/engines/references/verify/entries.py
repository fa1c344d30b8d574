"""Which moved path a place names, counted from the top, from the file's own folder, or from the top of its module."""

from __future__ import annotations

import re
from posixpath import dirname

from migrate.engines.references.common.modules import ModuleFolder, module_at
from migrate.engines.references.verify.old_paths import OldPaths
from migrate.engines.references.verify.relative import resolved_path
from migrate.engines.references.verify.search import FoundPlace

UNFINISHED = re.compile(r"\$[\w{(]")
"""A variable that ends a name: `internal/auth$SUFFIX` is another path than `internal/auth`."""

EXPORTED = re.compile(r"\.[A-Z]\w*$")
"""A symbol of a package: `internal/auth.Service`."""


def place_entry(place: FoundPlace, path: str, text: str, past: OldPaths) -> tuple[str, str] | None:
    """The moved path that a place names, and where that is now."""
    folder = dirname(path)
    if place.climb:
        named = resolved_path(folder, place.climb + place.path)
        if named is not None and (past.exists(named) or past.entry(named)):
            return None
    elif not place.qualified and folder and past.exists(f"{folder}/{place.path}"):
        return None
    entry = past.entry(place.path) or symbol_entry(place, text, past)
    if entry is not None and entry[0] == place.path and UNFINISHED.match(text, place.end):
        return None
    if entry is None or "/" in entry[0] or place.hosted or place.qualified:
        return entry
    return entry if is_evident(place, text, past) else None


def is_evident(place: FoundPlace, text: str, past: OldPaths) -> bool:
    """Whether a path below a folder of one word is surely one, wherever it stands."""
    if "/" in place.path:
        return past.existed(place.path) or past.existed(EXPORTED.sub("", place.path))
    dot = text.startswith("./", max(0, place.start - 2)) and not is_run(place, text)
    return (text.startswith("/", place.end) or dot) and not place.behind_slash


def is_run(place: FoundPlace, text: str) -> bool:
    """Whether the one word of a place is a command, `./shop -v`, and so no folder."""
    before = text[max(0, place.start - 80) : place.start].rpartition("\n")[2]
    return (
        text.startswith(" ", place.end) and re.search(r"(?:^\s*(?:[$#>] )?|[;&|(`]\s*|sudo )\./$", before) is not None
    )


def module_entry(
    place: FoundPlace, path: str, text: str, past: OldPaths, modules: tuple[ModuleFolder, ...]
) -> tuple[str, str] | None:
    """The moved path that a place names from the top of the file's own module, where that is not the tree's."""
    home = module_at(modules, path)
    if home is None or not home.folder or place.qualified or place.climb or past.existed(place.path):
        return None
    if past.exists(f"{dirname(path)}/{place.path}") or UNFINISHED.match(text, place.end):
        return None
    entry = past.entry(f"{home.folder}/{place.path}")
    return entry if entry and "/" in entry[0][len(home.folder) + 1 :] else None


def symbol_entry(place: FoundPlace, text: str, past: OldPaths) -> tuple[str, str] | None:
    """The entry of a package whose symbol a place names: `internal/auth.Service`, `-X module/internal/auth.key=`."""
    if past.exists(place.path):
        return None
    begin = place.path.rfind("/") + 1
    for dot in re.finditer(r"\.", place.path[begin:]):
        folder, symbol = place.path[: begin + dot.start()], place.path[begin + dot.end() :]
        if folder in past.places and (place.qualified or symbol[:1].isupper() or text.startswith("=", place.end)):
            return past.entry(folder)
    return None
