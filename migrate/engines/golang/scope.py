"""Tells what the identifiers of a Go file mean, by lexical scope.

A name that no parameter, variable, constant, type or type parameter of an enclosing scope binds is free: it means
something of the package, of an import or of the universe. Fields, labels, method names and the keys of struct literals
are never names in this sense. The scopes are those of the Go specification, "Declarations and scope"; tree-sitter
reads every file, build tags or not, without types.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache, cached_property
from typing import TYPE_CHECKING, NamedTuple

from migrate.engines.golang.literals import KeyMeaning, meaning_of_key
from migrate.engines.golang.repair import ReadableGo, readable_go
from migrate.text import decode, encode

if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Tree

_WORD = re.compile(rb"[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*")
_LEAVES = frozenset({"identifier", "type_identifier", "package_identifier"})
_FUNCTIONS = frozenset({"function_declaration", "method_declaration", "func_literal"})
_SCOPES = _FUNCTIONS | {
    "block",
    "if_statement",
    "for_statement",
    "expression_switch_statement",
    "type_switch_statement",
    "expression_case",
    "type_case",
    "default_case",
    "communication_case",
}
_NAMING = frozenset({"var_spec", "const_spec", "function_declaration"})
_CLAUSES = frozenset({"type_case", "default_case"})


class ScopeUse(NamedTuple):
    """A free identifier at bytes `start` to `end`; `line` counts from 1.

    `selected` is the name after its dot, "" when there is none. `may_be_field` is set for a key of a literal of unknown
    type: it may be a field or a value.
    """

    name: str
    start: int
    end: int
    line: int
    selected: str
    may_be_field: bool


class ScopeBinding(NamedTuple):
    """A local declaration: it binds a name from byte `start` to byte `end`."""

    start: int
    end: int


class Scopes:
    """The scopes of one Go file."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    @cached_property
    def _readable(self) -> ReadableGo:
        # In Go the end of a file ends its last line. The grammar needs a line feed there, for example after a type.
        return readable_go(self.content + b"\n", _go_parser().parse)

    @property
    def tree(self) -> Tree:
        """The syntax tree. Its offsets are those of the content; `repair` says where its text may differ."""
        return self._readable.tree

    @property
    def is_broken(self) -> bool:
        """Whether the file has syntax that the parser does not know."""
        return self.tree.root_node.has_error

    @property
    def broken_line(self) -> int:
        """The first line that cannot be read, counted from 1."""
        node = self.tree.root_node
        while (inner := next((child for child in node.children if child.has_error), None)) is not None:
            node = inner
        return node.start_point.row + 1

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the file that may be a name."""
        return frozenset(decode(word) for word in _WORD.findall(self.content))

    def free(self, names: Collection[str], types: Mapping[str, str] | None = None) -> list[ScopeUse]:
        """The free uses of `names`, in order.

        `types` says of the package's own types what they are ("struct_type", "map_type", …), to tell fields of struct
        literals from values.
        """
        bindings, uses = self._occurrences(names, types or {})
        return [use for use in uses if not _is_bound_at(bindings.get(use.name, ()), use.start)]

    def binds(self, name: str, offsets: Collection[int]) -> list[int]:
        """The offsets at which a local declaration gives `name` a meaning."""
        bindings, _ = self._occurrences({name}, {})
        return [offset for offset in offsets if _is_bound_at(bindings.get(name, ()), offset)]

    def _occurrences(
        self, names: Collection[str], types: Mapping[str, str]
    ) -> tuple[dict[str, list[ScopeBinding]], list[ScopeUse]]:
        bindings: dict[str, list[ScopeBinding]] = {}
        uses: list[ScopeUse] = []
        for node, name in self._leaves(names):
            found = _classify(node, name, types)
            if isinstance(found, ScopeUse):
                uses.append(found)
            else:
                bindings.setdefault(name, []).extend(found)
        return bindings, uses

    def _leaves(self, names: Collection[str]) -> Iterator[tuple[Node, str]]:
        wanted = {encode(name) for name in names}
        for word in _WORD.finditer(self.content):
            if word[0] in wanted:
                node = self._root_at(word.start()).descendant_for_byte_range(word.start(), word.end())
                if node is not None and node.type in _LEAVES:
                    yield node, decode(word[0])

    def _root_at(self, offset: int) -> Node:
        """The tree that contains the code at an offset."""
        tree, lists, other = self._readable
        within = other is not None and any(span.start <= offset < span.end for span in lists)
        return (other if within and other is not None else tree).root_node


def _is_bound_at(bindings: Iterable[ScopeBinding], offset: int) -> bool:
    return any(bound.start <= offset < bound.end for bound in bindings)


def _classify(node: Node, name: str, types: Mapping[str, str]) -> list[ScopeBinding] | ScopeUse:
    """The binding that an identifier makes, or its use; neither if it is not a name."""
    parent = node.parent
    assert parent is not None
    if parent.type in ("package_clause", "import_spec"):
        return []
    if parent.type == "qualified_type" and parent.child_by_field_name("name") == node:
        return []
    bound = _extent_of_binding(node, parent)
    if bound is not None:
        return [ScopeBinding(start, end) for start, end in bound]
    key = meaning_of_key(node, parent, types)
    if key is KeyMeaning.FIELD:
        return []
    selected = ""
    if parent.type in ("selector_expression", "qualified_type"):
        member = parent.child_by_field_name("field" if parent.type == "selector_expression" else "name")
        if member is not None and member != node and member.text is not None:
            selected = decode(member.text)
    return ScopeUse(name, node.start_byte, node.end_byte, node.start_point.row + 1, selected, key is KeyMeaning.UNKNOWN)


def _extent_of_binding(node: Node, parent: Node) -> list[tuple[int, int]] | None:
    """Where the declaration that `node` is holds, or None when it declares nothing."""
    if parent.type == "expression_list":
        return _assigned_names(parent)
    if parent.type in ("type_elem", "type_arguments"):
        return _receiver_type_parameter(node, parent)
    if node not in parent.children_by_field_name("name"):
        return None
    match parent.type:
        case "parameter_declaration" | "variadic_parameter_declaration":
            return _parameter(parent)
        case "type_parameter_declaration":
            return _type_parameter(parent)
        case "type_spec" | "type_alias":
            return _rest_of_scope(parent, node.start_byte)
    return _rest_of_scope(parent, parent.end_byte) if parent.type in _NAMING else None


def _parameter(declaration: Node) -> list[tuple[int, int]]:
    owner = _ancestor(declaration, 2)
    body = owner.child_by_field_name("body") if owner is not None and owner.type in _FUNCTIONS else None
    return [] if body is None else [(body.start_byte, body.end_byte)]


def _type_parameter(declaration: Node) -> list[tuple[int, int]]:
    parameters, owner = _ancestor(declaration, 1), _ancestor(declaration, 2)
    assert parameters is not None
    assert owner is not None
    return [(parameters.start_byte, owner.end_byte)]


def _receiver_type_parameter(node: Node, parent: Node) -> list[tuple[int, int]] | None:
    """`T` in `func (r *R[T]) M()` declares; in every other list of type arguments it is a use."""
    place: Node | None = parent
    while place is not None and place.type in ("type_elem", "type_arguments", "generic_type", "pointer_type"):
        place = place.parent
    if place is None or place.type != "parameter_declaration":
        return None
    method = _ancestor(place, 2)
    if method is None or method.type != "method_declaration":
        return None
    if method.child_by_field_name("receiver") != place.parent:
        return None
    return [(node.start_byte, method.end_byte)]


def _assigned_names(names: Node) -> list[tuple[int, int]] | None:
    """The names to the left of `:=`, in all statements that have one."""
    statement = names.parent
    if statement is None or not any(child.type == ":=" for child in statement.children):
        return None
    if statement.type == "type_switch_statement":
        return _switched(statement) if statement.child_by_field_name("alias") == names else None
    if statement.child_by_field_name("left") != names:
        return None
    if statement.type == "range_clause":
        loop = statement.parent
        body = None if loop is None else loop.child_by_field_name("body")
        return [] if body is None else [(body.start_byte, body.end_byte)]
    return _rest_of_scope(statement, statement.end_byte)


def _switched(statement: Node) -> list[tuple[int, int]]:
    """The name of a type switch lives in the bodies of its clauses, not in their lists of types."""
    clauses = [child for child in statement.children if child.type in _CLAUSES]
    colons = [next((c.end_byte for c in clause.children if c.type == ":"), clause.end_byte) for clause in clauses]
    return [(colon, clause.end_byte) for colon, clause in zip(colons, clauses, strict=True)]


def _rest_of_scope(declaration: Node, start: int) -> list[tuple[int, int]]:
    """From `start` to the end of the scope that a declaration stands in; nothing at package level."""
    place = declaration.parent
    while place is not None and place.type not in _SCOPES:
        place = place.parent
    return [] if place is None else [(start, place.end_byte)]


def _ancestor(node: Node, steps: int) -> Node | None:
    place: Node | None = node
    for _ in range(steps):
        place = None if place is None else place.parent
    return place


@cache
def _go_parser() -> Parser:
    import tree_sitter_go
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_go.language()))
