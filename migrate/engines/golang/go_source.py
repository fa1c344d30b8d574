"""A Go file for following strings: its syntax tree, its imports and its functions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from migrate.text import decode, encode

if TYPE_CHECKING:
    from tree_sitter import Node, Parser


@dataclass(frozen=True)
class GoSource:
    """A Go file as it is now."""

    path: str
    content: bytes

    @cached_property
    def root(self) -> Node:
        """Its syntax tree; unknown syntax becomes an error node, and the rest is read."""
        return parser().parse(self.content).root_node

    @cached_property
    def imports(self) -> Mapping[str, str]:
        """The import path of each name of an imported package."""
        found = {}
        declared = (node for node in self.root.named_children if node.type == "import_declaration")
        for spec in (spec for node in declared for spec in descendants(node, "import_spec")):
            path = spec.child_by_field_name("path")
            name = spec.child_by_field_name("name")
            if path is not None:
                written = node_text(path).strip('"`')
                base = re.sub(r"/v\d+$", "", written).rpartition("/")[2]
                found[node_text(name) if name is not None else base] = written
        return found

    @cached_property
    def functions(self) -> Mapping[str, list[Node]]:
        """The functions and methods that it declares, by name."""
        found: dict[str, list[Node]] = {}
        for node in self.root.named_children:
            if node.type in ("function_declaration", "method_declaration"):
                found.setdefault(node_text(node.child_by_field_name("name")), []).append(node)
        return found

    def closures(self, name: str) -> Iterator[Node]:
        """The function literals that are assigned to a variable."""
        for place in re.finditer(rb"\b" + re.escape(encode(name)) + rb"\s*:?=\s*func\b", self.content):
            node = self.root.descendant_for_byte_range(place.end() - 1, place.end() - 1)
            while node is not None and node.type != "func_literal":
                node = node.parent
            if node is not None:
                yield node


def descendants(node: Node, kind: str) -> Iterator[Node]:
    """The nodes of one kind below another, in order."""
    waiting = [node]
    while waiting:
        place = waiting.pop()
        if place.type == kind:
            yield place
        waiting.extend(reversed(place.named_children))


def node_text(node: Node | None) -> str:
    """The text of a node."""
    return "" if node is None or node.text is None else decode(node.text)


@cache
def parser() -> Parser:
    """The parser of Go."""
    import tree_sitter_go
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_go.language()))
