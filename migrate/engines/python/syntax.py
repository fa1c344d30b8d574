"""Reading Python code: its names and strings, each by its bytes.

tree-sitter reads what comes after Python 3.11 and what came before 3.0, and goes on behind what it cannot read. It
never sees another encoding: bytes that are no UTF-8 can only stand in strings, comments and names, and are taken for
letters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING

from migrate.engines.python.header import ImportStatement, import_statements
from migrate.text import decode

if TYPE_CHECKING:
    from tree_sitter import Language, Node, Parser, Query

BOM = b"\xef\xbb\xbf"


class PythonSource:
    """A Python file, or a piece of code in another file, taken apart."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    @cached_property
    def root(self) -> Node:
        """The syntax tree."""
        return _python_parser().parse(readable_python(self.content)).root_node

    @cached_property
    def statements(self) -> Sequence[ImportStatement]:
        """The import statements in their order."""
        return import_statements(self.content)

    def identifiers(self, names: frozenset[str]) -> list[Node]:
        """Every identifier with one of these names, outside import statements."""
        if not names:
            return []
        alternatives = " ".join(f'"{name}"' for name in sorted(names))
        return _captures(f"((identifier) @it (#any-of? @it {alternatives}))", self.root)

    @cached_property
    def strings(self) -> list[Node]:
        """Every string literal."""
        return _captures("(string) @it", self.root)

    @cached_property
    def comments(self) -> list[Node]:
        """Every comment."""
        return _captures("(comment) @it", self.root)

    def text(self, node: Node) -> str:
        """What a node spells."""
        return decode(self.content[node.start_byte : node.end_byte])


def readable_python(content: bytes) -> bytes:
    """The same bytes for tree-sitter, which reads UTF-8 alone: as many, and each at its place."""
    if content.startswith(BOM):
        content = b"\n\n\n" + content[3:]
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return re.sub(rb"[\x80-\xff]", b"x", content)
    return content


def attribute_chain(node: Node, source: PythonSource) -> Iterator[tuple[str, Node]]:
    """The attributes that follow a name, each with the node that ends with it."""
    while (parent := node.parent) is not None:
        if parent.type == "attribute" and parent.child_by_field_name("object") == node:
            attribute = parent.child_by_field_name("attribute")
            if attribute is None:
                return
            yield source.text(attribute), parent
            node = parent
        elif parent.type in {"dotted_name", "member_type"} and parent.parent is not None:
            names = [child for child in parent.named_children if child.type in {"identifier", "type"}]
            if node in names:
                for name in names[names.index(node) + 1 :]:
                    yield source.text(name), name
            return
        else:
            return


def _captures(pattern: str, node: Node) -> list[Node]:
    from tree_sitter import QueryCursor

    return QueryCursor(_query(pattern)).captures(node).get("it", [])


@cache
def _query(pattern: str) -> Query:
    from tree_sitter import Query

    return Query(_language(), pattern)


@cache
def _language() -> Language:
    import tree_sitter_python
    from tree_sitter import Language

    return Language(tree_sitter_python.language())


@cache
def _python_parser() -> Parser:
    from tree_sitter import Parser

    return Parser(_language())
