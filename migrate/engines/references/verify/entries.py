"""The moved path that a place names, counted from the top, from the file's own folder, or from its module's top."""

from __future__ import annotations

import re
from posixpath import dirname

from migrate.engines.module_folder import ModuleFolder, module_at
from migrate.engines.old_paths import OldPaths
from migrate.engines.references.verify.relative import resolved_path
from migrate.engines.references.verify.search import FoundPlace

UNFINISHED = re.compile(r"\$[\w{(]")
"""A variable that ends a name: `internal/auth$SUFFIX` is another path than `internal/auth`."""

EXPORTED = re.compile(r"\.[A-Z]\w*$")
"""A symbol of a package: `internal/auth.Service`."""


def place_entry(place: FoundPlace, path: str, text: str, old_paths: OldPaths) -> tuple[str, str] | None:
    """The moved path that a place names, and where that is now."""
    folder = dirname(path)
    if place.parent_relative:
        named = resolved_path(folder, place.parent_relative + place.path)
        if named is not None and (old_paths.exists(named) or old_paths.entry(named)):
            return None
    elif not place.qualified and folder and old_paths.exists(f"{folder}/{place.path}"):
        return None
    entry = old_paths.entry(place.path) or symbol_entry(place, text, old_paths)
    if entry is not None and entry[0] == place.path and UNFINISHED.match(text, place.end):
        return None
    if entry is None or "/" in entry[0] or place.hosted or place.qualified:
        return entry
    return entry if is_evident(place, text, old_paths) else None


def is_evident(place: FoundPlace, text: str, old_paths: OldPaths) -> bool:
    """Whether a path below a top-level folder is surely a path, wherever it is."""
    if "/" in place.path:
        return old_paths.existed(place.path) or old_paths.existed(EXPORTED.sub("", place.path))
    dot = text.startswith("./", max(0, place.start - 2)) and not is_run(place, text)
    return (text.startswith("/", place.end) or dot) and not place.behind_slash


def is_run(place: FoundPlace, text: str) -> bool:
    """Whether the one word of a place is a command, `./shop -v`, and so no folder."""
    before = text[max(0, place.start - 80) : place.start].rpartition("\n")[2]
    return (
        text.startswith(" ", place.end) and re.search(r"(?:^\s*(?:[$#>] )?|[;&|(`]\s*|sudo )\./$", before) is not None
    )


def module_entry(
    place: FoundPlace, path: str, text: str, old_paths: OldPaths, modules: tuple[ModuleFolder, ...]
) -> tuple[str, str] | None:
    """The moved path that a place names from the top of the file's own module, where that is not the tree's."""
    home_module = module_at(modules, path)
    if (
        home_module is None
        or not home_module.folder
        or place.qualified
        or place.parent_relative
        or old_paths.existed(place.path)
    ):
        return None
    if old_paths.exists(f"{dirname(path)}/{place.path}") or UNFINISHED.match(text, place.end):
        return None
    entry = old_paths.entry(f"{home_module.folder}/{place.path}")
    return entry if entry and "/" in entry[0][len(home_module.folder) + 1 :] else None


def symbol_entry(place: FoundPlace, text: str, old_paths: OldPaths) -> tuple[str, str] | None:
    """The entry of a package whose symbol a place names: `internal/auth.Service`, `-X module/internal/auth.key=`."""
    if old_paths.exists(place.path):
        return None
    begin = place.path.rfind("/") + 1
    for dot in re.finditer(r"\.", place.path[begin:]):
        folder, symbol = place.path[: begin + dot.start()], place.path[begin + dot.end() :]
        if folder in old_paths.places and (place.qualified or symbol[:1].isupper() or text.startswith("=", place.end)):
            return old_paths.entry(folder)
    return None
