"""Keys and variables whose values are paths, by the words of their names: `working-directory`, `WEB_DIR`, `context`."""

from __future__ import annotations

import re
from functools import lru_cache
from posixpath import basename, splitext

from migrate.engines.references.verify.kinds import FileKind, is_makefile, kind_names, kind_of
from migrate.text import line_before

WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
PATH_WORDS = kind_names(
    "dir dirs directory directories folder folders cwd path paths workdir root roots src srcs sources testpaths "
    "pythonpath rootdir outdir basedir srcdir pathspec"
)
URL_WORDS = kind_names("url http https route uri request api cookie metrics health import module")
# Keys that hold a path in settings alone.
KEYS = kind_names(
    "context base input inputs include includes exclude excludes publish location entry files file watch ignore source "
    "workspaces"
)
OWN_KEYS = (
    ("packages", re.compile(r"pnpm-workspace\.ya?ml|lerna\.json|package\.json|pyproject\.toml|setup\.cfg|melos\.yaml")),
    ("members", re.compile(r"Cargo\.toml|pyproject\.toml")),
    ("build", re.compile(r".*\.ya?ml")),
    ("use", re.compile(r"go\.work")),
)

SIGN = r"(?::=|\?=|\+=|=>|[:=])"
OPENING = r"""(?:!|\./|/)?"""
ON_LINE = re.compile(
    rf"""["']?([\w.-]+)["']?[ \t]*{SIGN}[ \t]*(?:\[[^\]{{}}]*?|["'(]?(?:[\w./*-]+[ \t]+)+)?["'`]?{OPENING}$"""
)
ITEM = re.compile(rf"""^[ \t]*(?:-[ \t]+)?["']?{OPENING}$""")
OPENER = re.compile(rf"""^[ \t]*(?:-[ \t]+)?["']?([\w.-]+)["']?[ \t]*{SIGN}[ \t]*[\[|>(]?[-+]?[ \t]*(?:#.*)?$""")
CHECKOUT = re.compile(r"""\bcheckout\b[^\n]*\n(?:[ \t]++(?!-)[^\n]*\n)*?[ \t]+path:[ \t]*["']?([\w.-]+)""")
FAR = 80
"""Lines above an item up to which its key is looked for."""


def key_at(text: str, start: int) -> str | None:
    """The key whose value begins at `start`: on its line, or above the list or block that it is an item of."""
    before = line_before(text, start)
    if (found := ON_LINE.search(before)) is not None:
        return found[1]
    if ITEM.match(before) is None:
        return None
    is_item = before.lstrip().startswith("-")
    begin, indent = start - len(before), width(before)
    for line in reversed(text[max(0, begin - FAR * 80) : max(0, begin - 1)].split("\n")[-FAR:]):
        above = width(line)
        is_above = above < indent or (above == indent and is_item and not line.lstrip().startswith("-"))
        if line.strip() and is_above:
            opener = OPENER.match(line.rstrip("\r"))
            return opener[1] if opener else None
    return None


def width(line: str) -> int:
    """How far a line is indented."""
    return len(line) - len(line.lstrip(" \t"))


def is_path_name(name: str) -> bool:
    """Whether a name says that it holds a path."""
    words = [word.lower() for word in WORD.findall(name)]
    if not URL_WORDS.isdisjoint(words):
        return False
    return not PATH_WORDS.isdisjoint(words) or name.lower().endswith(("dir", "dirs", "_path", "folder"))


@lru_cache(maxsize=2)
def checkouts(text: str) -> frozenset[str]:
    """The folders into which the steps of a workflow check something out."""
    return frozenset(CHECKOUT.findall(text))


def is_path_key(key: str, path: str, text: str, word: str) -> bool:
    """Whether the word after a key of a file is a path. The folder of a checkout is not a path of the tree."""
    if is_path_name(key):
        return word not in checkouts(text)
    if is_makefile(path):
        return False
    name = key.lower()
    own = any(name == known and files.fullmatch(basename(path)) for known, files in OWN_KEYS)
    return own or (kind_of(path) is FileKind.SETTINGS and name in KEYS and splitext(path)[1] != ".lock")
