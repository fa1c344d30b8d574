"""Rewrites names of modules in the strings of Python code."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from posixpath import basename
from typing import TYPE_CHECKING

from migrate.engines.notes import Remark
from migrate.engines.python.dotted import Dotted
from migrate.engines.python.places import INIT, joined_name, place_of_module
from migrate.engines.python.reserved import (
    IMPORTING,
    VALUE,
    is_attribute,
    is_logger,
    is_module_option,
    is_reserved_text,
)
from migrate.engines.python.step import PythonStep
from migrate.engines.python.syntax import PythonSource
from migrate.engines.splice import Splice, line_number_at
from migrate.text import encode

if TYPE_CHECKING:
    from tree_sitter import Node


def in_string(names: Iterable[str]) -> re.Pattern[bytes]:
    """An expression that matches when a string of a file may name one of some modules: a cheap test before parsing."""
    any_name = "|".join(map(re.escape, sorted(names)))
    return re.compile(rf"[\"'][\w.:=\[\], -]*(?<![A-Za-z0-9_])(?:{any_name})(?![A-Za-z0-9_])".encode())


class ModuleTexts:
    """Makes the edits of the strings of one file, and notes what cannot be followed."""

    def __init__(self, step: PythonStep, path: str, source: PythonSource, pinned: Collection[str] = ()) -> None:
        """`pinned` are explicitly given names, which stay."""
        self._step = step
        self._path = path
        self._source = source
        self._pinned = pinned
        self._dotted = Dotted(step, path)
        self.remarks: list[Remark] = []

    @cached_property
    def _names(self) -> re.Pattern[bytes]:
        """The names in a string that may mean what moves."""
        leaves = sorted({basename(place) for place in self._step.tops})
        return re.compile(("(?<![A-Za-z0-9_])(?:" + "|".join(map(re.escape, leaves)) + ")(?![A-Za-z0-9_])").encode())

    def edits(self) -> Iterator[Splice]:
        """The edits of every string that is the name of a module by some format."""
        content = self._source.content
        for node in self._source.strings:
            if self._names.search(content, node.start_byte, node.end_byte) is None:
                continue
            pieces = [child for child in node.children if child.type not in {"string_start", "string_end"}]
            if any(piece.type == "interpolation" for piece in pieces):
                self._unfollowed(node)
            elif len(pieces) == 1 and is_attribute(node, self._source) and self._is_taken(node, pieces[0]):
                self._remark(node, "takes a module by the name of an attribute", "modules are taken as attributes")
            elif len(pieces) == 1 and (edit := self._edit(node, pieces[0])) is not None:
                yield edit

    def _is_taken(self, node: Node, piece: Node) -> bool:
        """Whether `getattr(package, "name")` gets a module that leaves the package or is renamed in it."""
        package = node.prev_named_sibling
        found = self._dotted.module(self._source.text(package)) if package is not None else None
        if found is None or self._step.defines(found.place, self._source.text(piece)):
            return False
        place = joined_name(found.place, self._source.text(piece))
        there = joined_name(self._step.destination(found.place), self._source.text(piece))
        return place in self._step.moved and self._step.destination(place) != there

    def _edit(self, node: Node, piece: Node) -> Splice | None:
        text = self._source.text(piece)
        found = VALUE.fullmatch(text)
        if found is None:
            return None
        if self._is_exported(node):
            return self._exported(piece, text)
        name = found["name"]
        if is_module_option(node, self._source):
            new = self._dotted.run(name)
        elif not is_reserved_text(node, self._source) and not self._is_path(node, name, found["rest"] or ""):
            return None
        else:
            new = self._relative(name) if name.startswith(".") else self._dotted.renamed(name)
        if new is None or new == name:
            return None
        start = piece.start_byte + len(encode(text[: found.start("name")]))
        return Splice(start, start + len(encode(name)), encode(new))

    def _is_path(self, node: Node, name: str, rest: str) -> bool:
        """Whether a string that no format reserves is still a module's dotted path as a whole.

        It is when a name that the module defines follows, or a class. The name of a module alone may be the name of a
        logger, which changes only if the module itself names its logger so.
        """
        found = None if name.startswith(".") else self._dotted.module(name)
        if found is None or found.place not in self._step.moved:
            return False
        if name in self._pinned or is_attribute(node, self._source):
            return False
        inside = (name[len(found.name) + 1 :] or rest.strip(":.*")).partition(".")[0]
        if inside:
            is_there = self._step.defines(found.place, inside) or (inside[0].isupper() and not inside.isupper())
            return "." in found.name + rest and is_there
        if is_logger(node, self._source):
            return self._step.names_logger(found.place)
        if "." not in found.name:
            return False
        self._remark(
            node, f'says "{name}" as an import path, so it was updated', "texts are import paths, so they were updated"
        )
        return True

    def _relative(self, name: str) -> str | None:
        """A relative name, which counts from the file's own package."""
        level = len(name) - len(name.lstrip("."))
        place = self._step.before.relative(self._path, level, name[level:])
        if place is None or not self._step.before.has(place):
            return None
        found = self._step.relative(self._step.destination(place), self._step.moves.resolve(self._path))
        return "." * found[0] + found[1] if found else None

    def _is_exported(self, node: Node) -> bool:
        """Whether a string is an item of `__all__`."""
        above = node.parent
        while above is not None and above.type in {"list", "tuple", "parenthesized_expression", "binary_operator"}:
            above = above.parent
        left = above.child_by_field_name("left") if above is not None and "assignment" in above.type else None
        return left is not None and self._source.text(left) == "__all__"

    def _exported(self, piece: Node, text: str) -> Splice | None:
        """A module that its package exports: under its new name while it stays in the package."""
        here = place_of_module(self._path)
        place = joined_name(here, text)
        if not basename(self._path).startswith(f"{INIT}.") or not self._step.before.has(place):
            return None
        if self._step.defines(here, text):
            return None
        parent, _, name = self._step.destination(place).rpartition("/")
        if parent == self._step.destination(here) and name != text:
            return Splice(piece.start_byte, piece.end_byte, encode(name))
        if parent != self._step.destination(here):
            self._remark(piece, f'exports "{text}", which leaves the package', "names in __all__ may be missing")
        return None

    def _unfollowed(self, node: Node) -> None:
        """Note where a computed name begins like one that moves."""
        head = re.match(r"[rRfFbB]*[\"']+([\w.]+)", self._source.text(node))
        name = head[1].rstrip(".") if head else ""
        call = node.parent.parent if node.parent is not None else None
        function = call.child_by_field_name("function") if call is not None and call.type == "call" else None
        imports = function is not None and self._source.text(function).rpartition(".")[2] in IMPORTING
        if imports or ("." in name and self._dotted.renamed(name) not in (None, name)):
            self._remark(node, "computes the name of a module", "names of modules are computed")

    def _remark(self, node: Node, of_one: str, of_many: str) -> None:
        line = line_number_at(self._source.content, node.start_byte)
        self.remarks.append(Remark(f"{self._step.moves.resolve(self._path)}:{line}", of_one, of_many))
