"""The modules of a tree: the import path of each folder, and the folder of each import path.

The import path of a package comes from the nearest `go.mod` above it. A tree may hold several modules, bound together
by `go.work` or by `replace` directives with local paths (https://go.dev/ref/mod).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from migrate.engines.golang.header import ImportSpec
from migrate.engines.golang.stated_modules import NOTHING_STATED, StatedModules
from migrate.git.objects import BlobId
from migrate.git.paths import parents
from migrate.text import decode

_WORD = r'(?:"[^"\n]*"|`[^`\n]*`|[^\s"`()]+)'
MODULE_LINE = re.compile(rf"^[ \t]*module[ \t]*(?:\(\s*)?[ \t]*({_WORD})", re.MULTILINE)
_BLOCK_OR_LINE = re.compile(r"^[ \t]*(replace|use)[ \t]*(?:\(([^)]*)\)|([^\n]*))", re.MULTILINE)
_LINE = re.compile(r"[^\n]+")
_REPLACED = re.compile(rf"[ \t]*({_WORD})(?:[ \t]+v\S+)?[ \t]*=>[ \t]*({_WORD})")
_USED = re.compile(rf"[ \t]*({_WORD})[ \t\r]*(?://|$)", re.MULTILINE)

LocalImports = tuple[tuple[ImportSpec, str | None], ...]
"""Imports, each with the folder of the tree that it means."""


@dataclass(frozen=True)
class LocalPath:
    """A folder that a `go.mod` or `go.work` names relative to itself; `start` and `end` count characters."""

    file: str
    folder: str
    start: int
    end: int


@dataclass(frozen=True)
class GoModule:
    """One `go.mod`: the folder that it stands in ("" for the top), its module path, what it replaces by a folder."""

    folder: str
    path: str
    replaced: Mapping[str, str] = field(default_factory=dict, hash=False)
    """The folders of this tree that replace modules, by module path."""
    file: str = "go.mod"
    """The name of its `go.mod`; "" when only the plan names the module."""

    @property
    def manifest(self) -> str:
        """The path of its `go.mod`; "" when there is none."""
        return self.file and f"{self.folder}/{self.file}".lstrip("/")


@dataclass(frozen=True)
class Work:
    """One `go.work`: the folders of modules that it uses, and what it replaces by a folder."""

    used: frozenset[str]
    replaced: Mapping[str, str]


class ModuleBinding(Enum):
    """Why a module builds against this tree's copy of another one."""

    SAME = "it is the same module"
    REPLACE = "it is replaced by its folder, and has to be required"
    WORK = "one go.work uses both, and nothing has to be required"
    GOPATH = "without a go.mod every import means what is beside it"


@dataclass(frozen=True)
class GoModules:
    """The modules of one tree."""

    by_folder: Mapping[str, GoModule]
    workspaces: Mapping[str, Work]
    """Each `go.work`, by the folder that it stands in."""

    imports: dict[tuple[str | None, BlobId], LocalImports] = field(default_factory=dict, compare=False, repr=False)
    """The cache of `GoTree.local_imports`, by the folder of the module and the importing blob."""
    _owners: dict[str, GoModule | None] = field(default_factory=dict, compare=False, repr=False)
    _found: dict[str, str | None] = field(default_factory=dict, compare=False, repr=False)
    _seen: dict[tuple[str | None, str], str | None] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def read(
        cls, paths: Iterable[str], content: Callable[[str], bytes], stated: StatedModules = NOTHING_STATED
    ) -> GoModules:
        """The modules that some `go.mod` and `go.work` files make; `content` gives the bytes of a path.

        The `stated` modules count for folders without a `go.mod`.
        """
        by_folder, workspaces = {}, {}
        for path in paths:
            folder, _, name = path.rpartition("/")
            source = decode(content(path))
            if name == "go.work":
                used = frozenset(found for word, _, found in _local_lines(folder, source) if word == "use")
                workspaces[folder] = Work(used, _replaced(folder, source))
            elif (declared := MODULE_LINE.search(source)) is not None and (name == "go.mod" or folder not in by_folder):
                by_folder[folder] = GoModule(folder, bare(declared[1]), _replaced(folder, source), name)
        for folder, path in stated.paths:
            by_folder.setdefault(folder, GoModule(folder, path, file=""))
        return cls(by_folder, workspaces)

    def of(self, folder: str) -> GoModule | None:
        """The module that a folder belongs to."""
        if folder not in self._owners:
            above = (place for place in (folder, *parents(folder), "") if place in self.by_folder)
            place = next(above, None)
            self._owners[folder] = None if place is None else self.by_folder[place]
        return self._owners[folder]

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

    def seen_from(self, user: GoModule | None, import_path: str) -> str | None:
        """The folder that an import path means in the module `user`.
        None when it belongs to no module of this tree, or `user` uses a published version of that module.
        """
        key = (None if user is None else user.folder, import_path)
        if key not in self._seen:
            self._seen[key] = next(
                (folder for module, folder in self.owners(import_path) if self.sees(user, module)), None
            )
        return self._seen[key]

    def _find(self, import_path: str) -> str | None:
        return next((folder for _, folder in self.owners(import_path)), None)

    def owners(self, import_path: str) -> Iterator[tuple[GoModule, str]]:
        """The modules of an import path, with its folder in each; copies with the same path, topmost first.

        The longest module path counts, as it does for the go command.
        """
        prefix, rest = import_path, ""
        while True:
            found = False
            for module in self._by_path.get(prefix, ()):
                folder = "/".join(part for part in (module.folder, rest) if part)
                if self.of(folder) == module:
                    found = True
                    yield module, folder
            if found or "/" not in prefix:
                return
            prefix, _, last = prefix.rpartition("/")
            rest = f"{last}/{rest}" if rest else last

    def sees(self, user: GoModule | None, used: GoModule) -> bool:
        """Whether `user` builds against this tree's copy of `used`, not against a published version of it."""
        return user is None or self.binding(user, used) is not None

    def binding(self, user: GoModule, used: GoModule) -> ModuleBinding | None:
        """Why `user` builds against this tree's copy of `used`; None when it does not."""
        if user.folder == used.folder:
            return ModuleBinding.SAME
        if not user.file:
            return ModuleBinding.GOPATH
        works = [work for work in self.workspaces.values() if user.folder in work.used]
        if used.folder in {place.get(used.path) for place in (user.replaced, *(work.replaced for work in works))}:
            return ModuleBinding.REPLACE
        return ModuleBinding.WORK if any(used.folder in work.used for work in works) else None

    @cached_property
    def _by_path(self) -> dict[str, list[GoModule]]:
        # Test data often contains modules with the path of the real one: the topmost counts.
        found: dict[str, list[GoModule]] = {}
        for module in sorted(self.by_folder.values(), key=lambda module: len(parents(module.folder + "/"))):
            found.setdefault(module.path, []).append(module)
        return found


def is_manifest(path: str, stated: StatedModules = NOTHING_STATED) -> bool:
    """Whether a file is a `go.mod` or `go.work` outside vendor/, or named as such in the plan."""
    if path == stated.modfile:
        return True
    # Most paths of a large tree have another ending, so test that first.
    if not path.endswith(("go.mod", "go.work")):
        return False
    *folders, name = path.split("/")
    return name in ("go.mod", "go.work") and "vendor" not in folders


def local_paths(file: str, source: str) -> list[LocalPath]:
    """Every folder of this tree that a `go.mod` or `go.work` names: `replace x => ./y` and `use ./y`."""
    found = []
    for word, line, folder in _local_lines(posixpath.dirname(file), source):
        target = 1 if word == "use" else 2
        found.append(LocalPath(file, folder, line.start(target), line.end(target)))
    return found


def _local_lines(base: str, source: str) -> Iterator[tuple[str, re.Match[str], str]]:
    """The lines of `replace` and `use` that name a folder of this tree: the verb, the line, the folder."""
    for word, line in _lines(source):
        written = bare(line[1 if word == "use" else 2])
        folder = posixpath.normpath(posixpath.join(base, written))
        # `use` needs no "./"; in `replace` a word without it is a module.
        if (word == "use" or _is_local(written)) and not folder.startswith(("..", "/")):
            yield word, line, "" if folder == "." else folder


def _replaced(base: str, source: str) -> dict[str, str]:
    return {bare(line[1]): folder for word, line, folder in _local_lines(base, source) if word == "replace"}


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
