"""Reads what a Go file declares at package level."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from migrate.engines.golang.scope import Scopes
from migrate.text import decode

if TYPE_CHECKING:
    from tree_sitter import Node

_SPECS = frozenset({"var_spec", "const_spec", "type_spec", "type_alias"})
_NAME = rb"[A-Za-z_\x80-\xff][\w\x80-\xff]*"
_NAMES = rb"(" + _NAME + rb"(?:,[ \t]*" + _NAME + rb")*)(?![\w\x80-\xff])"
_METHOD = re.compile(rb"func[ \t]*\((?:" + _NAME + rb"[ \t]+)?\*?[ \t]*(" + _NAME + rb")[^)]*\)[ \t]*(" + _NAME + rb")")
_GROUP = re.compile(rb"(?:var|const|type)[ \t]*\(")
_ALONE = re.compile(rb"(?:var|const|type|func)[ \t]+" + _NAMES)
_IN_GROUP = re.compile(rb"\t" + _NAMES)


class Declaration(NamedTuple):
    """One name; `line` counts from 1.

    `receiver` is the type of a method, "" for anything else; `kind` is the node type of a type's definition
    ("struct_type", …), "" for anything else.
    """

    name: str
    line: int
    receiver: str
    kind: str


def is_exported(name: str) -> bool:
    """Whether other packages may use a name: it begins with a capital letter."""
    return name[:1].isupper()


def declarations(scopes: Scopes) -> Iterator[Declaration]:
    """Every package-level name and every method of a file; `init` and `_` cannot be named and are not of it.

    A file that cannot be parsed is read line by line, as gofmt formats it.
    """
    for declaration in _of_lines(scopes.content) if scopes.is_broken else _declarations_below(scopes.tree.root_node):
        if declaration.name not in ("_", "init") or declaration.receiver:
            yield declaration


def declared_by_lines(content: bytes) -> frozenset[str]:
    """The package-level names of a file as gofmt leaves it, without the time that a parser takes."""
    return frozenset(each.name for each in _of_lines(content) if not each.receiver)


def _of_lines(content: bytes) -> Iterator[Declaration]:
    in_group = False
    for number, line in enumerate(content.split(b"\n"), 1):
        if (method := _METHOD.match(line)) is not None:
            yield Declaration(decode(method[2]), number, decode(method[1]), "")
            continue
        in_group = bool(_GROUP.match(line)) or (in_group and not line.startswith(b")"))
        found = _IN_GROUP.match(line) if in_group else _ALONE.match(line)
        for name in found[1].split(b",") if found is not None else ():
            yield Declaration(decode(name.strip()), number, "", "")


def _declarations_below(root: Node) -> Iterator[Declaration]:
    for node in root.named_children:
        if node.type in ("function_declaration", "method_declaration"):
            yield from (_named_nodes(name, receiver_of(node), "") for name in node.children_by_field_name("name"))
        elif node.type in ("var_declaration", "const_declaration", "type_declaration"):
            for spec in specs(node):
                definition = spec.child_by_field_name("type") if spec.type.startswith("type") else None
                kind = "" if definition is None else definition.type
                yield from (
                    _named_nodes(name, "", kind) for name in spec.children_by_field_name("name") if name.is_named
                )


def specs(node: Node) -> Iterator[Node]:
    """The specs of a `var`, `const` or `type` declaration."""
    for child in node.named_children:
        if child.type in _SPECS:
            yield child
        elif child.type == "var_spec_list":
            yield from specs(child)


def _named_nodes(name: Node, receiver: str, kind: str) -> Declaration:
    assert name.text is not None
    return Declaration(decode(name.text), name.start_point.row + 1, receiver, kind)


def receiver_of(node: Node) -> str:
    """The name of a method's receiver type: `R` of `(r *R[T])`."""
    receiver = node.child_by_field_name("receiver")
    while receiver is not None and receiver.type != "type_identifier":
        inner = receiver.child_by_field_name("type")
        receiver = inner or next((child for child in receiver.named_children if child.type != "comment"), None)
    return "" if receiver is None or receiver.text is None else decode(receiver.text)
