"""Reading Python code: its names and strings, each by its bytes.

tree-sitter reads newer and older syntax than Python 3.11, even Python 2, and continues after errors. It sees only
UTF-8: other bytes can occur only in strings, comments and names, and are replaced by letters.
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
    """A parsed Python file, or piece of code in another file."""

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
        """The text of a node."""
        return decode(self.content[node.start_byte : node.end_byte])


def readable_python(content: bytes) -> bytes:
    """The content in valid UTF-8 for tree-sitter, with every byte at its place."""
    if content.startswith(BOM):
        content = b"\n\n\n" + content[3:]
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return re.sub(rb"[\x80-\xff]", b"x", content)
    return content


def attribute_chain(node: Node, source: PythonSource) -> Iterator[tuple[str, Node]]:
    """The attributes after a name, each with the node that it ends."""
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
