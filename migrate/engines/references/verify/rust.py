"""Modules of Rust: `mod x;` without its file, and paths below `crate` that name such a module."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname, join

from migrate.engines.code_proof import Hit
from migrate.engines.old_paths import OldPaths

MOD = re.compile(r"^[ \t]*(?:pub(?:\([^)]*\))?[ \t]+)?mod[ \t]+(\w+)[ \t]*;", re.MULTILINE)
PLACED = re.compile(r"#\[path\b[^\n]*\n[ \t]*$")
CRATE = re.compile(r"\bcrate((?:::\w+)+)")
DOUBT = "a path of Rust, which a re-export may keep right"


def rust_hits(path: str, text: str, old_paths: OldPaths) -> Iterator[Hit]:
    """The modules that a file declares or names, and that are gone."""
    origin = old_paths.moved.get(path, path)
    for found in MOD.finditer(text):
        here = [join(folder, found[1]) for folder in inside_module(path)]
        there = [join(folder, found[1]) for folder in inside_module(origin)]
        if PLACED.search(text, 0, found.start()) is None and not any(is_module(place, old_paths) for place in here):
            entries = (gone_module(place, old_paths) for place in (*there, *here))
            entry = next((entry for entry in entries if entry is not None), None)
            if entry is not None:
                yield Hit(*found.span(1), *entry)
    root = crate_root(path)
    for found in CRATE.finditer(text) if root is not None else ():
        parts = found[1].removeprefix("::").split("::")
        for count in range(1, len(parts) + 1):
            entry = gone_module(join(root or "", *parts[:count]), old_paths)
            if entry is not None:
                yield Hit(*found.span(), *entry, doubt=DOUBT)
                break


def inside_module(path: str) -> tuple[str, str]:
    """The folders in which the modules of a file may stand: below its name, or beside it where a crate begins."""
    return path.removesuffix(".rs"), dirname(path)


def is_module(path: str, old_paths: OldPaths) -> bool:
    """Whether a module is there."""
    return f"{path}.rs" in old_paths.overlay.entries or f"{path}/mod.rs" in old_paths.overlay.entries


def gone_module(path: str, old_paths: OldPaths) -> tuple[str, str] | None:
    """The new place of a module that was at a path and no longer is."""
    if is_module(path, old_paths):
        return None
    for file in (f"{path}.rs", f"{path}/mod.rs"):
        now = old_paths.moves.resolve(file)
        if now != file and now in old_paths.overlay.entries:
            return old_paths.gone(file)
        if now == file and file in old_paths.moved.values():
            return old_paths.gone(file)
    return None


def crate_root(path: str) -> str | None:
    """The folder of a crate's sources that a file stands below."""
    parts = path.split("/")[:-1]
    return "/".join(parts[: len(parts) - parts[::-1].index("src")]) if "src" in parts else None
