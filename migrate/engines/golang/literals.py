"""The keys of composite literals: `K` in `T{K: v}` is a field when T is a struct, else a value."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

_INDEXED = frozenset({"map_type", "slice_type", "array_type", "implicit_length_array_type"})


class KeyMeaning(Enum):
    """The meaning of an identifier in a literal."""

    VALUE = "value"
    FIELD = "field"
    UNKNOWN = "unknown"


def meaning_of_key(node: Node, parent: Node, types: Mapping[str, str]) -> KeyMeaning:
    """The meaning of `node`; `types` describes the package's own types. `VALUE` for anything that is not a key."""
    pair = parent.parent
    if parent.type != "literal_element" or pair is None or pair.type != "keyed_element":
        return KeyMeaning.VALUE
    if pair.child_by_field_name("key") != parent or pair.parent is None:
        return KeyMeaning.VALUE
    kind = _literal_kind(_type_of(pair.parent), types)
    if kind == "struct_type":
        return KeyMeaning.FIELD
    if kind in _INDEXED:
        return KeyMeaning.VALUE
    name = "" if node.text is None else node.text.decode()
    if name in types:
        return KeyMeaning.FIELD  # A type cannot be a value.
    # Another package's struct has no field that this package could name in lower case.
    foreign = kind == "qualified_type" and not name[:1].isupper()
    return KeyMeaning.VALUE if foreign else KeyMeaning.UNKNOWN


def _literal_kind(written: Node | None, types: Mapping[str, str]) -> str:
    if written is None:
        return ""
    if written.type == "generic_type":
        written = written.child_by_field_name("type") or written
    if written.type == "type_identifier" and written.text is not None:
        return types.get(written.text.decode(), "")
    return written.type


def _type_of(body: Node) -> Node | None:
    """The type of the literal with this body; an inner one may leave its type to the outer one."""
    parent = body.parent
    if parent is None or parent.type == "composite_literal":
        return None if parent is None else parent.child_by_field_name("type")
    pair = parent.parent
    if parent.type != "literal_element" or pair is None:
        return None
    is_key = pair.type == "keyed_element" and pair.child_by_field_name("key") == parent
    outer_body = pair.parent if pair.type == "keyed_element" else pair
    outer = None if outer_body is None else _type_of(outer_body)
    if outer is None or outer.type not in _INDEXED:
        return None
    if outer.type == "map_type":
        inner = outer.child_by_field_name("key" if is_key else "value")
    else:
        inner = outer.child_by_field_name("element")
    if inner is not None and inner.type == "pointer_type":
        return inner.named_children[0]
    return inner
