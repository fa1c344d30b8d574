"""The target tree of a plan, read from the drawing that people put into documents.

A drawing is what `tree` prints, in box characters or in ASCII, or lines that are only indented; with comments, and with
lines that only connect others. A line that is indented deeper than one before it stands in that folder.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple, NoReturn

from migrate.errors import PathError, PlanError
from migrate.git.paths import check_path
from migrate.text import printable

OTHERS = ("…", "...")
"""Names of a line that means "and others"."""

_LINE = re.compile(
    r"(?P<stem>(?:[│┃]|\|(?!-)|\s)*)"
    r"(?P<connector>(?:[├└┣┗╰][─━┬]*|[|+`\\]-+)?)\s*"
    r"(?P<name>[^\s#]*)\s*"
    r"(?P<rest>.*)"
)
_COMMENT = ("#", "//", "-", "–", "—")
_COUNTED = re.compile(r"\d+ director(?:y|ies)(?:, \d+ files?)?\s*")
"""The last line that `tree` prints, with its counts."""


class Drawn(NamedTuple):
    """One file or folder of a drawing; `line` is its line in the plan."""

    path: str
    line: int
    is_folder: bool
    """Whether it is drawn as a folder: with a final slash, or with something in it."""

    @property
    def name(self) -> str:
        """The path as it would be drawn."""
        return f"{self.path}/" if self.is_folder else self.path


@dataclass(frozen=True)
class Drawing:
    """A target tree; the top of the repository is "" and not among its `places`."""

    label: str
    """The file that holds the drawing."""
    places: tuple[Drawn, ...]
    unfinished: frozenset[str]
    """The folders in which a line says that there are others."""


class _Named(NamedTuple):
    """A line of the drawing that names something.

    `column` is where its connecting line begins, or else its name. It counts half columns, because the connecting line
    of a child begins in the same column as the name of its folder.
    """

    line: int
    column: int
    connected: bool
    name: str


def read_drawing(text: str, label: str, first: int) -> Drawing:
    """Read a drawing whose first line is the line `first` of the file `label`.

    The first name means the whole repository when nothing connects it and all others stand deeper. Raises `PlanError`
    with the line that cannot be read, or that names something that cannot be in a git tree.
    """
    named = _named_lines(text, label, first)
    if named and not named[0].connected and all(other.column > named[0].column for other in named[1:]):
        if named[0].name.rstrip("/") != ".":
            _path("", named[0], label)
        named = named[1:]
    if not named:
        raise PlanError("the tree draws nothing below its first line", where=f"{label}:{first}")
    places: dict[str, Drawn] = {}
    unfinished = set()
    above: list[tuple[int, str | None]] = []
    for item in named:
        parent = _parent(above, item, label)
        if item.name in OTHERS:
            unfinished.add(parent)
            above.append((item.column, None))
            continue
        path = _path(parent, item, label)
        if path in places:
            _refuse(label, item, f'"{path}" is drawn twice, first in line {places[path].line}')
        if parent:
            places[parent] = places[parent]._replace(is_folder=True)
        places[path] = Drawn(path, item.line, item.name.endswith("/"))
        above.append((item.column, path))
    return Drawing(label, tuple(places.values()), frozenset(unfinished))


def _named_lines(text: str, label: str, first: int) -> list[_Named]:
    found = []
    for number, line in enumerate(text.split("\n"), first):
        read = _LINE.match(line)
        assert read is not None
        if _COUNTED.fullmatch(line) or not (read["name"] or read["connector"]):
            continue  # Only bars, only a comment, or empty.
        column = 2 * len(read["stem"].expandtabs(4)) + bool(read["connector"])
        item = _Named(number, column, bool(read["connector"]), read["name"])
        if not item.name:
            _refuse(label, item, "this line of the tree names nothing")
        if read["rest"] and not read["rest"].startswith(_COMMENT):
            _refuse(label, item, f'only a comment may follow "{printable(item.name)}", such as # what it is for')
        found.append(item)
    return found


def _parent(above: list[tuple[int, str | None]], item: _Named, label: str) -> str:
    """The folder that a line stands in; `above` holds the lines that may still get children."""
    left = False
    while above and above[-1][0] > item.column:
        above.pop()
        left = True
    if above and above[-1][0] == item.column:
        above.pop()
    elif left:
        _refuse(
            label, item, f'"{printable(item.name)}" does not line up with the lines above, so its folder is unclear'
        )
    parent = above[-1][1] if above else ""
    if parent is None:
        _refuse(label, item, f'"{printable(item.name)}" is drawn below "…", which is not a folder')
    return parent


def _path(parent: str, item: _Named, label: str) -> str:
    if not item.name.isprintable():
        _refuse(label, item, f'"{printable(item.name)}" holds characters that cannot be printed')
    if item.name.startswith("/"):
        _refuse(label, item, f'"{item.name}" is absolute; draw what stands below the top of the repository')
    try:
        return check_path(f"{parent}/{item.name}" if parent else item.name)
    except PathError as error:
        _refuse(label, item, error.message)


def _refuse(label: str, item: _Named, message: str) -> NoReturn:
    raise PlanError(message, where=f"{label}:{item.line}")
