"""The ignore rules of a tree: what git would hide, by which rule, and how to allow it.

Tracked files survive an ignore rule, but every later `git add` below it silently skips new ones. A phase that moves or
writes something there would leave a trap behind.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from migrate.errors import PathError
from migrate.git.paths import folder_of, parents
from migrate.text import decode, encode
from migrate.tree.overlay import Overlay
from migrate.tree.wildmatch import wildmatch_regex


@dataclass(frozen=True)
class Rule:
    """One line of an ignore file; `line` counts from 1."""

    file: str
    line: int
    pattern: str


class Gitignore:
    """The `.gitignore` files of an overlay, read as git reads them (gitignore(5))."""

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay
        self._known: dict[tuple[str, bool], Rule | None] = {}
        """The answer for each path, kept until a rule is added: files that move together share their folders."""

    def hiding(self, path: str) -> Rule | None:
        """The rule that hides `path`, or a folder above it."""
        found = self._hidden(path)
        return found and found[1]

    def hides(self, path: str) -> bool:
        """Whether git would skip `path` when it is new."""
        return self.hiding(path) is not None

    def check_visible(self, path: str) -> None:
        """Raise `PathError`, with advice, when a rule hides `path`."""
        found = self._hidden(path)
        if found is not None:
            place, rule = found
            raise PathError(
                f'{rule.file}:{rule.line} "{rule.pattern}" hides "{path}": new files there would never be added',
                advice=f'allow it in the phase first: ws.gitignore.unhide("{place.rstrip("/")}")',
            )

    def unhide(self, path: str) -> None:
        """Allow `path`, a file or a folder, by a negated rule right after the one that hides it.

        Does nothing when no rule hides it.
        """
        name = path.rstrip("/")
        for _ in range(name.count("/") + 1):
            hidden = self._hidden(name) or self._hidden(name + "/")
            if hidden is None:
                return
            place, rule = hidden
            base = folder_of(rule.file)
            lines = self._text(rule.file).split("\n")
            lines.insert(rule.line, "!/" + escape_pattern(place.removeprefix(base + "/" if base else "")))
            entry = self._overlay.entries[rule.file]
            self._overlay.put(rule.file, encode("\n".join(lines)), entry.mode)
            self._known.clear()
        if self._hidden(name) or self._hidden(name + "/"):
            raise PathError(f'"{path}" is still hidden after a rule was added to allow it')

    def _hidden(self, path: str) -> tuple[str, Rule] | None:
        """The outermost hidden path at or above `path` (a folder ends with `/`), with its rule."""
        folder = path.endswith("/")
        name = path.rstrip("/")
        for place in [*reversed(parents(name)), name]:
            key = (place, place != name or folder)
            if key not in self._known:
                self._known[key] = self._rule_for(place, is_folder=key[1])
            rule = self._known[key]
            if rule is not None:
                return (place + "/" if place != name or folder else place, rule)
        return None

    def _rule_for(self, place: str, *, is_folder: bool) -> Rule | None:
        for base in [*parents(place), ""]:
            file = f"{base}/.gitignore" if base else ".gitignore"
            entry = self._overlay.entries.get(file)
            if entry is None or not entry.is_text_candidate:
                continue
            text = self._text(file)
            relative = octets(place[len(base) + 1 :] if base else place)
            for rule in compile_pattern(octets(text)):
                if rule.matches(relative, is_folder=is_folder):
                    line = text.split("\n")[rule.index]
                    return None if rule.allows else Rule(file, rule.index + 1, line.strip())
        return None

    def _text(self, file: str) -> str:
        return decode(self._overlay.content(self._overlay.entries[file].oid))


def escape_pattern(place: str) -> str:
    """A rule that matches this path only."""
    rule = re.sub(r"([\\*?\[])", r"\\\1", place)
    return rule[:-1] + "\\ " if rule.endswith(" ") else rule


def octets(text: str) -> str:
    """Text with one character for each of its bytes, because git's `?` and `[…]` match bytes."""
    return encode(text).decode("latin-1")


@dataclass(frozen=True)
class Pattern:
    """One rule of an ignore file, to be matched against a path below the file's folder."""

    index: int
    allows: bool
    folders_only: bool
    by_name: bool
    is_meant: Callable[[str], object]
    """Whether the rule's text stands for a name or path, as a match or None."""

    def matches(self, path: str, *, is_folder: bool) -> bool:
        """Whether the rule speaks of this file or folder, not of one above it."""
        if self.folders_only and not is_folder:
            return False
        return bool(self.is_meant(path.rpartition("/")[2] if self.by_name else path))


@lru_cache(maxsize=64)
def compile_pattern(text: str) -> tuple[Pattern, ...]:
    """The rules of one ignore file, given as `octets`, the last one first."""
    lines = text.removeprefix(octets("\ufeff")).split("\n")
    patterns = [read_pattern(index, trim_pattern(line)) for index, line in enumerate(lines)]
    return tuple(found for found in reversed(patterns) if found is not None)


def trim_pattern(line: str) -> str:
    """A line without a carriage return and without spaces at its end, unless they are escaped.

    As `trim_trailing_spaces` in git's dir.c: other white space stays.
    """
    line = line.removesuffix("\r")
    whole = re.fullmatch(r"((?:\\.|[^\\])*?) *", line, re.DOTALL)
    return line if whole is None else whole[1]


def read_pattern(index: int, line: str) -> Pattern | None:
    """The rule of a line; None for a comment. As `parse_path_pattern` and `match_pathname` in git's dir.c."""
    if not line or line.startswith("#"):
        return None
    rule = line.removeprefix("!")
    name = rule.removesuffix("/")
    path = name.removeprefix("/")
    plain = re.match(r"[^*?\[\\]*", path)
    start = plain.end() if plain and "/" in name else 0
    # The part before the first wildcard is compared literally, so that in a/b**/c the stars begin a new component.
    return Pattern(
        index,
        allows=rule != line,
        folders_only=name != rule,
        by_name="/" not in name,
        is_meant=pattern_matcher(path[:start], path[start:]),
    )


@lru_cache(maxsize=4096)
def pattern_matcher(plain: str, rest: str) -> Callable[[str], object]:
    """The test of a rule, kept: a new version of a file shares most rules with the one before."""
    if not re.search(r"[*?\[\\]", rest):
        return (plain + rest).__eq__
    return re.compile(re.escape(plain) + wildmatch_regex(rest), re.DOTALL).fullmatch
