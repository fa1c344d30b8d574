"""Exports fields and methods of a package's types, by giving them a capital letter.

A selector names no type. It is rewritten when the type before its dot can be read, or when only one type of the package
has a member of that name; any other is listed and refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from migrate.engines.golang.edit import edit_go
from migrate.engines.golang.inference import Types
from migrate.engines.golang.member_names import INTERFACE_METHOD, Member, members_of, nodes_of
from migrate.engines.golang.members import keys_of
from migrate.engines.golang.tree import GoTree
from migrate.engines.splice import Splice
from migrate.errors import PhaseError
from migrate.text import decode, encode, joined_list

if TYPE_CHECKING:
    from tree_sitter import Node


class ExportedMembers(NamedTuple):
    """The new contents of the files of a package, by their paths, and what a person should know."""

    contents: dict[str, bytes]
    notes: list[str]


def exported_members(tree: GoTree, folder: str, names: Collection[str]) -> ExportedMembers:
    """The files that change when members such as `T.name` are exported.

    Raises `PhaseError` with a list when one cannot be exported, or when syntax does not tell whose member is meant.
    """
    package = tree.package_name(folder)
    files = [p for p in tree.folders[folder] if (header := tree.header(p)) is not None and header.package == package]
    requested = {name.partition(".")[2] for name in names}
    types = Types({path: tree.scopes(path, requested) for path in files})
    members = list(members_of(tree, files))
    fields = {f"{member.owner}.{member.name}" for member in members if member.kind == "field"}
    edits: dict[str, set[Splice]] = {}
    problems: list[str] = []
    notes: list[str] = []
    for each in names:
        owner, _, name = each.partition(".")
        new = name[:1].upper() + name[1:]
        problems += _name_conflicts(members, owner, name, new)
        notes += [f"{owner}.{new} is exported: encoders such as encoding/json see it now"] if each in fields else []
        for path, place, is_sure in _member_places(types, members, owner, name):
            if is_sure:
                edits.setdefault(path, set()).add(Splice(place.start_byte, place.end_byte, encode(new)))
            else:
                problems.append(f"{path}:{place.start_point.row + 1} .{name} may be that of {owner} or of another type")
    if problems:
        raise PhaseError(
            f'not everything in "{folder}" can be exported:\n{joined_list(list(dict.fromkeys(problems)))}',
            advice="rename those by hand first",
        )
    headers = {path: header for path in edits if (header := tree.header(path)) is not None}
    contents = {path: edit_go(tree.content(path), header, sorted(edits[path])) for path, header in headers.items()}
    return ExportedMembers(contents, notes)


def _name_conflicts(members: Iterable[Member], owner: str, name: str, new: str) -> Iterator[str]:
    for member in members:
        where = f"{member.path}:{member.node.start_point.row + 1}"
        if member.owner == owner and member.name == new:
            yield f"{where} declares {owner}.{new} already"
        elif member.kind == INTERFACE_METHOD and member.name == name:
            yield f"{where} {name} is a method of an interface"


def _member_places(types: Types, members: Iterable[Member], owner: str, name: str) -> Iterator[tuple[str, Node, bool]]:
    """The places where a member is declared and used: file and node, and whether surely this member is meant."""
    named = [member for member in members if member.name == name]
    is_only = {member.owner for member in named} == {owner}
    yield from ((member.path, member.node, True) for member in named if member.owner == owner)
    for path, scopes in types.files.items():
        root = scopes.tree.root_node
        for node in nodes_of(root, "field_identifier"):
            parent = node.parent
            if decode(node.text or b"") == name and parent is not None and parent.type == "selector_expression":
                operand = parent.child_by_field_name("operand")
                found = None if operand is None else types.owner_of_member(operand, path, name)
                if found is None or found.name == owner:
                    yield path, node, is_only or found is not None
        for body in nodes_of(root, "literal_value"):
            definition = types.of_literal(body, path)
            for key in keys_of(body):
                if decode(key.text or b"") == name:
                    found = None if definition is None else types.owner_in(definition, name)
                    if definition is None or (found is not None and found.name == owner):
                        yield path, key, definition is not None
