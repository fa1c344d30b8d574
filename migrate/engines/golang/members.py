"""Finds fields and methods that cannot be reached from another package.

A selector names no type. So a name is refused if only types of the other side declare it, and refused as a possible
problem if both sides declare it, unless the type before the dot can be read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from migrate.engines.golang.declarations import is_exported
from migrate.engines.golang.inference import Definition, Types
from migrate.engines.golang.member_names import INTERFACE_METHOD, members_of, nodes_of
from migrate.engines.golang.plan import Destination
from migrate.engines.golang.tree import GoTree
from migrate.text import decode

if TYPE_CHECKING:
    from tree_sitter import Node


class MemberProblem(NamedTuple):
    """A member of a type that is used where it cannot be; `declared_in` is a file and a line."""

    name: str
    path: str
    line: int
    declared_in: str
    reason: str
    export: str = ""
    """What `export=` must name to make it possible, "" when that does not help or is not sure."""


@dataclass(frozen=True)
class _Member:
    """An unexported field or method: where it is declared."""

    path: str
    line: int
    kind: str
    owner: str = ""
    """The type that it belongs to, if it can be exported by itself."""


def member_problems(tree: GoTree, destinations: Mapping[str, Destination]) -> list[MemberProblem]:
    """Every use of a field or method, and every literal, that a cut makes impossible."""
    types = Types({path: tree.syntax(path) for path in destinations})
    members: dict[str, list[_Member]] = {}
    for path in destinations:
        for name, member in _members(tree, path):
            members.setdefault(name, []).append(member)
    found: list[MemberProblem] = []
    for path in destinations:
        found += _reached_members(types, path, destinations, members)
        found += _literals(types, path, destinations)
    return [*found, *_interfaces(types, destinations)]


def _members(tree: GoTree, path: str) -> Iterator[tuple[str, _Member]]:
    """The unexported fields and methods of a file, except those of interfaces, which are checked separately."""
    for each in members_of(tree, [path]):
        if not is_exported(decode(each.node.text or b"")):
            kind, owner = (each.kind, each.owner) if each.kind != INTERFACE_METHOD else ("method", "")
            yield each.name, _Member(path, each.node.start_point.row + 1, kind, owner)
    for node in nodes_of(tree.syntax(path).tree.root_node, "field_declaration"):
        if not node.children_by_field_name("name"):
            kind_node = node.child_by_field_name("type")
            if kind_node is not None and kind_node.type == "generic_type":
                kind_node = kind_node.child_by_field_name("type")
            if (
                kind_node is not None
                and kind_node.type == "type_identifier"
                and not is_exported(decode(kind_node.text or b""))
            ):
                yield decode(kind_node.text or b""), _Member(path, node.start_point.row + 1, "field")


def _reached_members(
    types: Types, path: str, destinations: Mapping[str, Destination], members: Mapping[str, list[_Member]]
) -> Iterator[MemberProblem]:
    """Selectors and keys of fields that another package declares."""
    root = types.files[path].tree.root_node
    for node in nodes_of(root, "field_identifier"):
        parent = node.parent
        if parent is not None and parent.type == "selector_expression" and not is_exported(decode(node.text or b"")):
            operand = parent.child_by_field_name("operand")
            owner = None if operand is None else types.owner_of_member(operand, path, decode(node.text or b""))
            yield from _judged(node, path, destinations, members, owner)
    for body in nodes_of(root, "literal_value"):
        definition = types.of_literal(body, path)
        for key in keys_of(body):
            if not is_exported(decode(key.text or b"")):
                name = decode(key.text or b"")
                if definition is None:
                    yield from _judged(key, path, destinations, members, None)
                elif definition.node.type == "struct_type":
                    yield from _judged(key, path, destinations, members, types.owner_in(definition, name) or definition)


def _judged(
    node: Node,
    path: str,
    destinations: Mapping[str, Destination],
    members: Mapping[str, list[_Member]],
    owner: Definition | None,
) -> Iterator[MemberProblem]:
    name, line = decode(node.text or b""), node.start_point.row + 1
    foreign = [member for member in members.get(name, ()) if destinations[member.path] != destinations[path]]
    if owner is not None:
        foreign = [
            member for member in foreign if destinations[owner.path] == destinations[member.path] != destinations[path]
        ]
    if foreign:
        is_sure = owner is not None or len(foreign) == len(members[name])
        sure = "cannot be reached" if is_sure else "may be this one, which cannot be reached"
        reason = f"{foreign[0].kind}, not exported: it {sure} from another package"
        export = f"{foreign[0].owner}.{name}" if is_sure and foreign[0].owner else ""
        yield MemberProblem(f".{name}", path, line, f"{foreign[0].path}:{foreign[0].line}", reason, export)


def keys_of(body: Node) -> Iterator[Node]:
    """The keys of a literal."""
    for element in body.named_children:
        if element.type == "keyed_element":
            key = element.child_by_field_name("key") or element.named_children[0]
            inner = key.named_children[0] if key.type == "literal_element" and key.named_children else key
            if inner.type in ("identifier", "field_identifier"):
                yield inner


def _literals(types: Types, path: str, destinations: Mapping[str, Destination]) -> Iterator[MemberProblem]:
    """Literals without keys whose struct is declared in another package."""
    for body in nodes_of(types.files[path].tree.root_node, "literal_value"):
        elements = [child for child in body.named_children if child.type != "comment"]
        if elements and elements[0].type != "keyed_element":
            definition = types.of_literal(body, path)
            is_struct = definition is not None and definition.node.type == "struct_type"
            if definition is not None and is_struct and destinations[definition.path] != destinations[path]:
                yield MemberProblem(
                    f"{definition.name}{{…}}",
                    path,
                    body.start_point.row + 1,
                    f"{definition.path}:{definition.node.start_point.row + 1}",
                    "a literal without keys of a struct of another package",
                )


def _interfaces(types: Types, destinations: Mapping[str, Destination]) -> Iterator[MemberProblem]:
    """Interfaces with unexported methods that a type of another package would have to implement."""
    methods: dict[str, list[tuple[str, int]]] = {}
    for path, scopes in types.files.items():
        for node in scopes.tree.root_node.named_children:
            name = node.child_by_field_name("name") if node.type == "method_declaration" else None
            if name is not None and not is_exported(decode(name.text or b"")):
                methods.setdefault(decode(name.text or b""), []).append((path, name.start_point.row + 1))
    for path, scopes in types.files.items():
        for node in nodes_of(scopes.tree.root_node, "interface_type"):
            wanted = [
                decode(name.text or b"")
                for child in node.named_children
                if child.type == "method_elem" and (name := child.child_by_field_name("name")) is not None
            ]
            hidden = [name for name in wanted if not name[:1].isupper()]
            others = [
                [place for place in methods.get(name, ()) if destinations[place[0]] != destinations[path]]
                for name in hidden
            ]
            if hidden and all(others):
                where, line = others[0][0]
                yield MemberProblem(
                    f".{hidden[0]}",
                    where,
                    line,
                    f"{path}:{node.start_point.row + 1}",
                    "a method that is not exported cannot be that of an interface of another package",
                )
