"""The fields and methods that the types of a package declare."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from migrate.engines.golang.declarations import receiver_of
from migrate.engines.golang.tree import GoTree
from migrate.text import decode

if TYPE_CHECKING:
    from tree_sitter import Node


def nodes_of(root: Node, kind: str) -> Iterator[Node]:
    """Every node of a kind below another one, in order."""
    cursor = root.walk()
    while True:
        node = cursor.node
        if node is not None and node.type == kind:
            yield node
        if cursor.goto_first_child():
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


INTERFACE_METHOD = "interface method"


class Member(NamedTuple):
    """A field or method at `node` of the file `path`; `owner` is its type, "" for one without a name."""

    owner: str
    name: str
    path: str
    node: Node
    kind: str


def members_of(tree: GoTree, files: Iterable[str]) -> Iterator[Member]:
    """Every field, method, and method of an interface that some files of one package declare by name."""
    for path in files:
        root = tree.syntax(path).tree.root_node
        for node in nodes_of(root, "field_identifier"):
            parent = node.parent
            if parent is None or node not in parent.children_by_field_name("name"):
                continue
            name = decode(node.text or b"")
            if parent.type == "method_declaration":
                yield Member(receiver_of(parent), name, path, node, "method")
            elif parent.type in ("field_declaration", "method_elem"):
                kind = "field" if parent.type == "field_declaration" else INTERFACE_METHOD
                yield Member(_type_around(parent), name, path, node, kind)


def _type_around(node: Node) -> str:
    """The name of the type whose definition directly contains a field or method, "" for nested ones."""
    place = node.parent
    while place is not None and place.type in ("field_declaration_list", "struct_type", "interface_type"):
        node, place = place, place.parent
    is_spec = place is not None and place.type in ("type_spec", "type_alias")
    name = place.child_by_field_name("name") if place is not None and is_spec else None
    return "" if name is None else decode(name.text or b"")
