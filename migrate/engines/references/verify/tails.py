"""Ends of old paths: `guide/a.md` in a navigation that counts from `docs/`, `net/drivers` in a `grep` of a script.

The folder from which such a path counts is named elsewhere (by a key, a command, another file) or nowhere. It need not
be known: the end of an old path that no path has any more names nothing.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from posixpath import dirname, join

from migrate.engines.code_proof import Hit
from migrate.engines.old_paths import OldPaths
from migrate.engines.references.common.scope import is_third_party
from migrate.engines.references.verify.kinds import FileKind, kind_of
from migrate.engines.references.verify.search import REST, plain_path
from migrate.git.paths import folder_of
from migrate.text import decode

IN_WORD = re.compile(r"[\w-]")
LEFT = re.compile(r"[\w./@~+%$*-]*$")
AFTER_VARIABLE = re.compile(r"(?:[)}>]|\$\w+|%\w+%)[\"']?/$")
GO_LIST = "go list"
LAST = re.compile(r"/([\w.-]*\w)(?![\w/-])")
"""The name after the last slash of a path."""
BREAK = re.compile(r"[^\w.-]")
FEW = 16
"""Up to this many names are searched one by one."""
LONG = 80
"""Longer names than this are not searched."""
PACKAGE = re.compile(r"(?:^|/)package\.json$")
NAME = re.compile(r'"name"\s*:\s*"([^"]+)"')
DOUBT = "the end of an old path, which may count from elsewhere"


@dataclass(frozen=True)
class PathEnding:
    """A text that is spelled like the end of an old path."""

    before: str
    """The line up to it."""
    written: str
    needle: str
    """The part of it that moved."""
    old: str

    @property
    def lead(self) -> str:
        """The beginning of the old path before it, with the slash."""
        return self.old[: -len(self.needle)]

    @property
    def whole(self) -> str:
        """The old path with everything that the text adds below it."""
        return self.lead + self.written

    @property
    def left(self) -> str:
        """The characters of paths right before it."""
        found = LEFT.search(self.before)
        assert found is not None  # it matches nothing at the end of any text
        return found[0]

    @property
    def is_listed(self) -> bool:
        """Whether it filters the output of `go list`: `go list ./... | grep -v /libnetwork`."""
        return self.left == "/" and self.written == self.needle and GO_LIST in self.before

    @property
    def said(self) -> str | None:
        """The end of the path in the text, from its beginning; None when the text before is not part of it."""
        bare = self.left.removeprefix("./").removeprefix(".../")
        if not bare or AFTER_VARIABLE.search(self.before):
            return self.written
        is_part = bare != self.lead and self.lead.endswith(f"/{bare}")
        return f"{bare}{self.written}" if is_part else None


class Tails:
    """The search for the ends of old paths that no path ends with any more."""

    def __init__(self, old_paths: OldPaths) -> None:
        self._old_paths = old_paths
        self._olds: dict[str, list[str]] = defaultdict(list)
        for old, new in old_paths.places.items():
            kept, parts = shared_end(old, new), old.split("/")
            if ", " not in new and kept + 1 < len(parts):
                self._olds["/".join(parts[-kept - 1 :])].append(old)
        self._is_end = cache(old_paths.is_end)
        self._packages = package_names(old_paths)
        self._firsts = {needle.partition("/")[0] for needle in self._olds}
        self._files = {needle for needle in self._olds if "/" not in needle and "." in needle}
        """The old names of renamed files: one of them ends a path."""

    def hits(self, path: str, text: str) -> Iterator[Hit]:
        """The ends of old paths in a text."""
        is_listing = GO_LIST in text
        for first in sorted(self._firsts if is_listing or len(self._firsts) <= FEW else self._firsts & heads(text)):
            for start in starts(text, first, alone=is_listing):
                rest = REST.match(text, start + len(first))
                end = rest.end() if rest else start + len(first)
                yield from self._hit(path, text, start, end)
        for found in LAST.finditer(text) if self._files and not is_listing else ():
            if found[1] in self._files:
                yield from self._hit(path, text, *found.span(1))

    def _hit(self, path: str, text: str, start: int, end: int) -> Iterator[Hit]:
        before = text[max(0, start - 200) : start].rpartition("\n")[2]
        found = self._ending(before, plain_path(text[start:end]), path)
        if found is not None:
            doubt = DOUBT if kind_of(path) in (FileKind.PROSE, FileKind.CODE) else None
            yield Hit(start, end, found.old, self._old_paths.places[found.old], doubt=doubt)

    def _ending(self, before: str, written: str, path: str) -> PathEnding | None:
        """The old path whose end a text is, with the text before it; None when there is none."""
        endings = self._endings(before, written)
        return next((ending for ending in endings if self._is_gone(ending, path)), None)

    def _endings(self, before: str, written: str) -> Iterator[PathEnding]:
        """The old paths of which a text may be the end."""
        for needle in prefixes(written):
            for old in self._olds.get(needle, ()):
                yield PathEnding(before, written, needle, old)

    def _is_gone(self, ending: PathEnding, path: str) -> bool:
        """Whether a text names the end of an old path, and nothing that exists now."""
        if self._old_paths.exists(join(dirname(path), ending.written)) or self._old_paths.exists(ending.whole):
            return False
        said = ending.said
        if said is not None and not self._packages.isdisjoint(prefixes(said)):
            return False
        if ending.is_listed:
            return not self._is_end(ending.written)
        return said is not None and "/" in said and self._old_paths.existed(ending.whole) and not self._is_end(said)


def heads(text: str) -> set[str]:
    """The names before the slashes of a text, in a tenth of the time that an expression for them takes."""
    return {BREAK.split(piece[-LONG:])[-1] for piece in text.split("/")}


def starts(text: str, name: str, *, alone: bool) -> Iterator[int]:
    """The positions at which a name begins a path of several names; `alone` also takes the last name of a path."""
    written = f"{name}/"
    position = text.find(written)
    while position >= 0:
        if not position or not IN_WORD.match(text, position - 1):
            yield position
        position = text.find(written, position + 1)
    if alone and f"/{name}" in text:
        yield from (found.start() + 1 for found in re.finditer(rf"/{re.escape(name)}(?![\w/-])", text))


def package_names(old_paths: OldPaths) -> frozenset[str]:
    """The names of JavaScript packages in the tree: `vue/compiler` names the package and not a folder."""
    overlay = old_paths.overlay
    files = [path for path, entry in overlay.entries.items() if entry.is_text_candidate and PACKAGE.search(path)]
    texts = (decode(overlay.content(overlay.entries[path].oid)) for path in files if not is_third_party(path))
    return frozenset(name for text in texts for name in NAME.findall(text)[:1])


def shared_end(old: str, new: str) -> int:
    """How many last components two paths have in common."""
    count = 0
    for one, other in zip(reversed(old.split("/")), reversed(new.split("/")), strict=False):
        if one != other:
            break
        count += 1
    return count


def prefixes(path: str) -> Iterator[str]:
    """A path and every folder above it, longest first."""
    while path:
        yield path
        path = folder_of(path)
