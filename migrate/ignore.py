"""The ignore rules of a tree: what git would hide, by which rule, and how to allow it.

Tracked files survive an ignore rule, but every later `git add` below it silently skips new ones. A phase that moves or
writes something there would leave a trap behind.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from functools import lru_cache

import pathspec

from migrate.errors import PathError
from migrate.overlay import Overlay
from migrate.paths import parents


CLASSES = {
    "alpha": "a-zA-Z",
    "digit": "0-9",
    "alnum": "a-zA-Z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "xdigit": "0-9a-fA-F",
    "space": " \\t\\n\\r\\f\\v",
}


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

    def hiding(self, path: str) -> Rule | None:
        """The rule that hides `path`, or a folder above it."""
        found = self._hidden(path)
        return found and found[1]

    def hides(self, path: str) -> bool:
        """Whether git would skip `path` when it is new."""
        return self.hiding(path) is not None

    def check_visible(self, path: str) -> None:
        """Raise `PathError` with the way out when a rule hides `path`."""
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
            base = rule.file.rpartition("/")[0]
            lines = self._text(rule.file).split("\n")
            lines.insert(rule.line, "!/" + escaped(place.removeprefix(base + "/" if base else "")))
            entry = self._overlay.entries[rule.file]
            self._overlay.put(rule.file, "\n".join(lines).encode("utf-8", "surrogateescape"), entry.mode)
        if self._hidden(name) or self._hidden(name + "/"):
            raise PathError(f'"{path}" is still hidden after a rule was added to allow it')

    def _hidden(self, path: str) -> tuple[str, Rule] | None:
        """The outermost hidden place above or at `path` (a folder ends with `/`), with its rule."""
        folder = path.endswith("/")
        name = path.rstrip("/")
        for place in [*reversed(parents(name)), name]:
            rule = self._rule_for(place, is_folder=place != name or folder)
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
            relative = place[len(base) + 1 :] if base else place
            result = compiled(text).check_file(relative + "/" if is_folder else relative)
            if result.include is not None and result.index is not None:
                line = text.split("\n")[result.index]
                return Rule(file, result.index + 1, line.strip()) if result.include else None
        return None

    def _text(self, file: str) -> str:
        return self._overlay.content(self._overlay.entries[file].oid).decode("utf-8", "surrogateescape")


def escaped(place: str) -> str:
    """A rule that means this path alone."""
    rule = re.sub(r"([\\*?\[])", r"\\\1", place)
    return rule[:-1] + "\\ " if rule.endswith(" ") else rule


@lru_cache(maxsize=64)
def compiled(text: str) -> pathspec.GitIgnoreSpec:
    """The rules of one ignore file, each with the index of its line."""
    lines = [readable(line) for line in text.removeprefix("\ufeff").split("\n")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pathspec makes `[[]` an expression that Python calls a possible nested set.
        try:
            return pathspec.GitIgnoreSpec.from_lines(lines)
        except pathspec.PatternError:
            return pathspec.GitIgnoreSpec.from_lines(line if is_valid(line) else "#" for line in lines)


def readable(line: str) -> str:
    """A line of an ignore file in the form in which pathspec reads what git reads.

    git cuts a carriage return and the spaces at the end, unless they are escaped (`trim_trailing_spaces` in dir.c);
    pathspec cuts any white space, drops blank lines, which would shift the index, and has no `[:alpha:]`.
    """
    whole = re.fullmatch(r"((?:\\.|[^\\])*?) *", line.removesuffix("\r"), re.DOTALL)
    if whole is None or not whole[1] or whole[1].startswith("#"):
        return "#"
    rule = re.sub(r"(?:\\?\s)+\Z", lambda end: "".join(f"[{c}]" for c in end[0] if c != "\\"), whole[1])
    return re.sub(r"\[:(\w+):\]", lambda found: CLASSES.get(found[1], found[0]), rule)


def is_valid(line: str) -> bool:
    """Whether pathspec can read a rule. What it cannot read matches nothing for git either."""
    try:
        pathspec.GitIgnoreSpec.from_lines([line])
    except pathspec.PatternError:
        return False
    return True
