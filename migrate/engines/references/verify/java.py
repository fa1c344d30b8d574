"""Packages of Java and its relatives: clauses that no longer fit their folder, and imports of moved classes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from posixpath import basename, dirname, splitext

from migrate.engines.code_proof import Hit
from migrate.engines.old_paths import OldPaths
from migrate.text import decode

PACKAGE = re.compile(r"^[ \t]*package[ \t]+([\w.]+)", re.MULTILINE)
IMPORT = re.compile(r"^[ \t]*import[ \t]+(?:static[ \t]+)?([\w.]+)(\.\*|\._)?", re.MULTILINE)
ENDS = (".java", ".kt", ".kts", ".scala", ".groovy")


class JavaNames:
    """The search for names that moved files had by their folder."""

    def __init__(self, old_paths: OldPaths) -> None:
        self._old_paths = old_paths

    @cached_property
    def _declared(self) -> frozenset[str]:
        """The classes that there are now, by their packages and the names of their files, and the packages."""
        overlay, found = self._old_paths.overlay, set()
        for path, entry in overlay.entries.items():
            if path.endswith(ENDS) and entry.is_text_candidate:
                clause = PACKAGE.search(decode(overlay.content(entry.oid)))
                package = clause[1] if clause else ""
                found |= {package, f"{package}.{splitext(basename(path))[0]}"}
        return frozenset(found)

    @cached_property
    def _gone(self) -> dict[str, str]:
        """The classes and packages that files had by their old folder and do not have now, each with its old path."""
        found: dict[str, str] = {}
        for now, old in self._old_paths.moved.items():
            if old.endswith(ENDS):
                for package in packages_of(old, now, self._clause(now)):
                    found[package] = dirname(old)
                    found[f"{package}.{splitext(basename(old))[0]}"] = old
        return {name: old for name, old in found.items() if name not in self._declared}

    def _clause(self, path: str) -> str:
        overlay = self._old_paths.overlay
        clause = PACKAGE.search(decode(overlay.content(overlay.entries[path].oid)))
        return clause[1] if clause else ""

    def hits(self, path: str, text: str) -> Iterator[Hit]:
        """The clause of a file that does not fit its folder any more, and the imports of what is gone."""
        clause, old = PACKAGE.search(text), self._old_paths.moved.get(path)
        if clause and old and is_below(old, clause[1]) and not is_below(path, clause[1]):
            yield Hit(*clause.span(1), dirname(old), dirname(path))
        for found in IMPORT.finditer(text):
            parts = found[1].split(".")
            for count in range(len(parts), 0, -1):
                name = ".".join(parts[:count])
                if name in self._declared:
                    break
                if name in self._gone:
                    was = self._gone[name]
                    yield Hit(*found.span(1), was, self._old_paths.moves.resolve(was))
                    break


def is_below(path: str, package: str) -> bool:
    """Whether a file stands in the folder that a package is named after."""
    return f"/{dirname(path)}".endswith("/" + package.replace(".", "/"))


def packages_of(old: str, now: str, clause: str) -> Iterator[str]:
    """The package that a file had at its old place, told by the one that it has at its new place."""
    folder = f"/{dirname(now)}"
    if clause and is_below(now, clause):
        root = folder[: len(folder) - len(clause)].strip("/")
        was = dirname(old)
        if was.startswith(f"{root}/" if root else ""):
            yield was[len(root) :].strip("/").replace("/", ".")
