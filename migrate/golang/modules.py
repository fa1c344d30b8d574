"""Modules of a tree: which import path a folder has, and which folder an import path means.

The import path of a package comes from the nearest `go.mod` above it. A tree may hold several modules, bound together
by `go.work` or by `replace` directives with local paths (https://go.dev/ref/mod).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from migrate.golang.header import text
from migrate.paths import parents

_WORD = r'(?:"[^"\n]*"|`[^`\n]*`|[^\s"`()]+)'
_MODULE = re.compile(rf"^[ \t]*module[ \t]*(?:\(\s*)?[ \t]*({_WORD})", re.MULTILINE)
_BLOCK_OR_LINE = re.compile(r"^[ \t]*(replace|use)[ \t]*(?:\(([^)]*)\)|([^\n]*))", re.MULTILINE)
_LINE = re.compile(r"[^\n]+")
_REPLACED = re.compile(rf"[ \t]*({_WORD})(?:[ \t]+v\S+)?[ \t]*=>[ \t]*({_WORD})")
_USED = re.compile(rf"[ \t]*({_WORD})[ \t\r]*(?://|$)", re.MULTILINE)


@dataclass(frozen=True)
class LocalPath:
    """A folder that a `go.mod` or `go.work` names relative to itself; `start` and `end` count characters."""

    file: str
    folder: str
    start: int
    end: int


@dataclass(frozen=True)
class Module:
    """One `go.mod`: the folder that it stands in ("" for the top), its module path, what it replaces by a folder."""

    folder: str
    path: str
    replaced: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Modules:
    """The modules of one tree."""

    by_folder: Mapping[str, Module]
    workspaces: Mapping[str, frozenset[str]]
    """The folders that each `go.work` uses, by the folder that it stands in."""

    _found: dict[str, str | None] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def read(cls, paths: Iterable[str], content: Callable[[str], bytes]) -> Modules:
        """The modules that some `go.mod` and `go.work` files make; `content` gives the bytes of a path."""
        by_folder, workspaces = {}, {}
        for path in paths:
            folder, _, name = path.rpartition("/")
            source = text(content(path))
            if name == "go.work":
                workspaces[folder] = frozenset(local.folder for local in local_paths(path, source))
            elif (declared := _MODULE.search(source)) is not None:
                by_folder[folder] = Module(folder, bare(declared[1]), frozenset(_replaced_modules(source)))
        return cls(by_folder, workspaces)

    def of(self, folder: str) -> Module | None:
        """The module that a folder belongs to."""
        for place in (folder, *parents(folder), ""):
            if place in self.by_folder:
                return self.by_folder[place]
        return None

    def import_path(self, folder: str) -> str | None:
        """The import path of a folder; None outside every module."""
        module = self.of(folder)
        if module is None:
            return None
        below = folder[len(module.folder) :].strip("/")
        return f"{module.path}/{below}" if below else module.path

    def folder(self, import_path: str) -> str | None:
        """The folder that an import path means; None when it belongs to no module of this tree."""
        if import_path not in self._found:
            self._found[import_path] = self._find(import_path)
        return self._found[import_path]

    def _find(self, import_path: str) -> str | None:
        prefix, rest = import_path, ""
        while True:
            module = self._by_path.get(prefix)
            if module is not None:
                folder = "/".join(part for part in (module.folder, rest) if part)
                if self.of(folder) == module:
                    return folder
            if "/" not in prefix:
                return None
            prefix, _, last = prefix.rpartition("/")
            rest = f"{last}/{rest}" if rest else last

    def sees(self, user: Module | None, used: Module) -> bool:
        """Whether `user` builds against this tree's copy of `used`, not against a published version of it."""
        if user is None or user == used or used.path in user.replaced:
            return True
        return any({user.folder, used.folder} <= folders for folders in self.workspaces.values())

    @cached_property
    def _by_path(self) -> dict[str, Module]:
        # Test data often holds modules that borrow the path of the real one: the topmost has it.
        deepest_first = sorted(self.by_folder.values(), key=lambda module: -len(parents(module.folder + "/")))
        return {module.path: module for module in deepest_first}


def is_manifest(path: str) -> bool:
    """Whether a file is a `go.mod` or `go.work` that counts: one outside vendor/."""
    *folders, name = path.split("/")
    return name in ("go.mod", "go.work") and "vendor" not in folders


def local_paths(file: str, source: str) -> list[LocalPath]:
    """Every folder of this tree that a `go.mod` or `go.work` names: `replace x => ./y` and `use ./y`."""
    base = posixpath.dirname(file)
    found = []
    for word, line in _lines(source):
        target = 1 if word == "use" else 2
        written = bare(line[target])
        folder = posixpath.normpath(posixpath.join(base, written))
        if _is_local(written) and not folder.startswith(".."):
            found.append(LocalPath(file, "" if folder == "." else folder, line.start(target), line.end(target)))
    return found


def _replaced_modules(source: str) -> list[str]:
    return [bare(line[1]) for word, line in _lines(source) if word == "replace" and _is_local(bare(line[2]))]


def _lines(source: str) -> Iterator[tuple[str, re.Match[str]]]:
    """The lines of `replace` and `use` directives, in blocks or alone."""
    for directive in _BLOCK_OR_LINE.finditer(source):
        group = 2 if directive[2] is not None else 3
        pattern = _USED if directive[1] == "use" else _REPLACED
        for line in _LINE.finditer(source, directive.start(group), directive.end(group)):
            if (found := pattern.match(source, line.start(), line.end())) is not None:
                yield directive[1], found


def _is_local(written: str) -> bool:
    return written in (".", "..") or written.startswith(("./", "../"))


def bare(token: str) -> str:
    """A token of a go.mod without its quotes."""
    return token[1:-1] if token[:1] in ('"', "`") else token
