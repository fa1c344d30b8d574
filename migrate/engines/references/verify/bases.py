"""Paths that count from the file's own folder, or from one that the file names: `context`, `docs_dir`, `cd web`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from posixpath import basename, dirname, join, normpath

from migrate.engines.code_proof import Hit
from migrate.engines.old_paths import OldPaths
from migrate.engines.references.verify.kinds import FileKind, is_makefile, kind_of
from migrate.engines.references.verify.search import REST, plain_path
from migrate.git.paths import parents
from migrate.text import line_before

KEY = re.compile(
    r"""\b(?:working[-_]?dir(?:ectory)?|workdir|context|docs_dir|docsDir|baseUrl|base|root(?:Dir|_dir)?|cwd|build|"""
    r"""source_dir|srcDir|dir|directory|chdir|content_dir|contentDir)["']?[ \t]*[:=][ \t]*["']?$"""
)
CHANGE = re.compile(r"""(?:(?:^|[\s;&|(@`"'])(?:cd|pushd|-chdir)|\S[ \t]+-C)[ \t=]+["']?$""")
LEAD, TRAIL = re.compile(r"[\w./-]*$"), re.compile(r"[\w./-]*")
EDGE = re.compile(r"(?:^|[^\w./@~+%$-])(?:\./)?$")
PAGES = re.compile(r"mkdocs[\w.-]*\.ya?ml")


@dataclass(frozen=True)
class Base:
    """A folder from which paths count: the folder now, and where it was."""

    line: int
    now: str
    old: str
    is_key: bool
    """Whether a setting names it, which may stand behind what counts from it; a command comes before."""


class Bases:
    """The search for moved paths that count from a folder between the top and them."""

    def __init__(self, old_paths: OldPaths) -> None:
        self._old_paths = old_paths
        self._below: dict[str, list[str]] = defaultdict(list)
        for old in old_paths.places:
            for folder in parents(old):
                self._below[folder].append(old[len(folder) + 1 :])

    def hits(self, path: str, text: str) -> Iterator[Hit]:
        """The paths of a text that count from a folder and name a moved path."""
        folder, origin = dirname(path), dirname(self._old_paths.moved.get(path, path))
        yield from self._from(Base(0, folder, origin, is_key=True), path, text)
        bases = list(self._stated(path, text)) if kind_of(path) in (FileKind.SETTINGS, FileKind.SCRIPT) else []
        for base in dict.fromkeys(Base(0, base.now, base.old, is_key=True) for base in bases):
            for hit in self._from(base, path, text):
                nearest = governing(bases, line_of_offset(text, hit.start), is_makefile(path))
                if nearest is not None and nearest.old == base.old:
                    yield hit

    @cached_property
    def _names(self) -> dict[str, re.Pattern[str]]:
        """The last names of the folders from which moved paths count, before and now."""
        folders = {*self._below, *map(self._old_paths.moves.resolve, self._below)}
        return {name: re.compile(rf"{re.escape(name)}(?![\w-])") for name in sorted({basename(f) for f in folders})}

    def _stated(self, path: str, text: str) -> Iterator[Base]:
        """The folders that a text states, as far as something below them moved."""
        if has_own_base(path) and "docs_dir" not in text:
            yield from self._base(path, "docs", 1, is_key=True)
        for name, regex in self._names.items():
            for found in regex.finditer(text) if name in text else ():
                before = line_before(text, found.start())
                lead = LEAD.search(before)
                before = before[: lead.start()] if lead else before
                is_key = KEY.search(before) is not None
                if is_key or CHANGE.search(before):
                    trail = TRAIL.match(text, found.end())
                    written = f"{lead[0] if lead else ''}{name}{trail[0] if trail else ''}"
                    yield from self._base(path, written, line_of_offset(text, found.start()), is_key=is_key)

    def _base(self, path: str, written: str, line: int, *, is_key: bool) -> Iterator[Base]:
        for now in dict.fromkeys((normpath(join(dirname(path), written)), normpath(written))):
            if self._old_paths.overlay.is_folder(now) or now in self._old_paths.places:
                yield Base(line, self._old_paths.moves.resolve(now), self._old_paths.origins.resolve(now), is_key)
                return

    def _from(self, base: Base, path: str, text: str) -> Iterator[Hit]:
        """The paths that count from one folder."""
        if not base.old or base.old not in self._below:
            return
        for name in sorted({rest.split("/")[0] for rest in self._below[base.old]}):
            for match in re.finditer(f"{re.escape(name)}/", text) if f"{name}/" in text else ():
                rest = REST.match(text, match.end() - 1)
                end = rest.end() if rest else match.end()
                written = plain_path(text[match.start() : end])
                starts = EDGE.search(text[max(0, match.start() - 3) : match.start()]) is not None
                entry = self._gone(base, path, written) if starts else None
                if entry is not None:
                    yield Hit(match.start(), end, *entry)

    def _gone(self, base: Base, path: str, written: str) -> tuple[str, str] | None:
        """The moved path that was in a folder, and is neither there nor in another folder from which it may count."""
        places = {join(base.now, written), join(base.old, written), join(dirname(path), written), written}
        if not self._old_paths.existed(join(base.old, written)) or any(map(self._old_paths.exists, places)):
            return None
        return self._old_paths.gone(join(base.old, written))


def has_own_base(path: str) -> bool:
    """Whether paths in a file count from a folder that it need not name."""
    return PAGES.fullmatch(basename(path)) is not None


def line_of_offset(text: str, position: int) -> int:
    """The line of a position, counted from 1."""
    return text.count("\n", 0, position) + 1


def governing(bases: list[Base], line: int, in_makefile: bool) -> Base | None:
    """The folder from which a path on a line counts: the nearest setting, or the last command before it.

    In a makefile each line is a shell of its own.
    """
    commands = [base for base in bases if not base.is_key and (base.line == line if in_makefile else base.line <= line)]
    if commands:
        return max(commands, key=lambda base: base.line)
    keys = [base for base in bases if base.is_key]
    return min(keys, key=lambda base: abs(base.line - line), default=None)
