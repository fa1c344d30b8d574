"""Paths that count from the file's own folder, or from one that the file names: `context`, `docs_dir`, `cd web`."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import basename, dirname, join, normpath

from migrate.paths import parents
from migrate.references.proof.kinds import Kind, is_makefile, kind_of
from migrate.references.proof.past import Past
from migrate.references.proof.records import Hit
from migrate.references.proof.search import REST, plain, spelled

KEY = re.compile(
    r"""\b(?:working[-_]?dir(?:ectory)?|workdir|context|docs_dir|docsDir|baseUrl|base|root(?:Dir|_dir)?|cwd|build|"""
    r"""source_dir|srcDir|dir|directory|chdir|content_dir|contentDir)["']?[ \t]*[:=][ \t]*["']?(\.?[\w./-]*\w)"""
)
CHANGE = re.compile(r"""(?:^|[\s;&|(@`"'])(?:cd|pushd|\S+[ \t]+-C|-chdir)[ \t=]+["']?(\.?[\w./-]*\w)""", re.MULTILINE)
EDGE = r"(?<![\w./@~+%$-])(?:\./)?"
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

    def __init__(self, past: Past) -> None:
        self._past = past
        self._below: dict[str, list[str]] = defaultdict(list)
        for old in past.places:
            for folder in parents(old):
                self._below[folder].append(old[len(folder) + 1 :])
        self._regexes: dict[str, re.Pattern[str]] = {}

    def hits(self, path: str, text: str) -> Iterator[Hit]:
        """The paths of a text that count from a folder and name what is gone."""
        folder, origin = dirname(path), dirname(self._past.moved.get(path, path))
        yield from self._from(Base(0, folder, origin, is_key=True), path, text)
        if kind_of(path) in (Kind.SETTINGS, Kind.SCRIPT):
            lines = [found.start() for found in re.finditer(r"^", text, re.MULTILINE)]
            bases = list(self._stated(path, text, lines))
            for base in dict.fromkeys(Base(0, base.now, base.old, is_key=True) for base in bases):
                for hit in self._from(base, path, text):
                    nearest = governing(bases, bisect_right(lines, hit.start), is_makefile(path))
                    if nearest is not None and nearest.old == base.old:
                        yield hit

    def _stated(self, path: str, text: str, lines: list[int]) -> Iterator[Base]:
        """The folders that a text states, as far as something below them moved."""
        if has_own_base(path) and "docs_dir" not in text:
            yield from self._base(path, "docs", 1, is_key=True)
        for regex, is_key in ((KEY, True), (CHANGE, False)):
            for found in regex.finditer(text):
                yield from self._base(path, found[1], bisect_right(lines, found.start(1)), is_key=is_key)

    def _base(self, path: str, written: str, line: int, *, is_key: bool) -> Iterator[Base]:
        for now in dict.fromkeys((normpath(join(dirname(path), written)), normpath(written))):
            if self._past.overlay.is_folder(now) or now in self._past.places:
                yield Base(line, self._past.moves.resolve(now), self._past.origins.resolve(now), is_key)
                return

    def _from(self, base: Base, path: str, text: str) -> Iterator[Hit]:
        """The paths that count from one folder."""
        if not base.old or base.old not in self._below:
            return
        for match in self._regex(base.old).finditer(text):
            rest = REST.match(text, match.end())
            end = rest.end() if rest else match.end()
            written = plain(text[match.start(1) : end])
            if text.startswith("/", match.end()) and self._is_gone(base, path, written):
                entry = self._past.gone(join(base.old, written))
                if entry is not None:
                    yield Hit(match.start(1), end, *entry)

    def _is_gone(self, base: Base, path: str, written: str) -> bool:
        """Whether a path was in a folder, and is neither there nor anywhere else that it may count from."""
        places = {join(base.now, written), join(base.old, written), join(dirname(path), written), written}
        return self._past.existed(join(base.old, written)) and not any(map(self._past.exists, places))

    def _regex(self, folder: str) -> re.Pattern[str]:
        if folder not in self._regexes:
            names = sorted({rest.split("/")[0] for rest in self._below[folder]}, key=len, reverse=True)
            self._regexes[folder] = re.compile(rf"{EDGE}({'|'.join(map(spelled, names))})(?![\w-])")
        return self._regexes[folder]


def has_own_base(path: str) -> bool:
    """Whether what a file names counts from a folder that it need not name."""
    return PAGES.fullmatch(basename(path)) is not None


def governing(bases: list[Base], line: int, in_makefile: bool) -> Base | None:
    """The folder from which a path on a line counts: the nearest setting, or the last command before it.

    In a makefile each line is a shell of its own.
    """
    commands = [base for base in bases if not base.is_key and (base.line == line if in_makefile else base.line <= line)]
    if commands:
        return max(commands, key=lambda base: base.line)
    keys = [base for base in bases if base.is_key]
    return min(keys, key=lambda base: abs(base.line - line), default=None)
