"""Where a name of a Python file is bound, and what each of its uses means.

https://docs.python.org/3/reference/executionmodel.html#resolution-of-names: functions, lambdas, classes and
comprehensions are scopes; what a class binds is not seen in the functions inside of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from migrate.engines.python.syntax import PythonSource, attribute_chain
from migrate.text import decode, encode

if TYPE_CHECKING:
    from tree_sitter import Node

COMPREHENSIONS = frozenset(
    {"list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"}
)
SCOPES = COMPREHENSIONS | {"function_definition", "lambda", "class_definition", "module"}
PATTERNS = frozenset({"pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern", "splat_pattern"})
TYPES_IN_TEXT = frozenset({"cast", "TypeVar", "ForwardRef", "NewType"})
"""Functions that take the name of a type as a text: https://docs.python.org/3/library/typing.html."""

Scope = tuple[int, int]
"""A scope, by the bytes of its node."""


class NameUse(NamedTuple):
    """A name that is read, the names behind it, and where each of them ends."""

    name: str
    start: int
    ends: tuple[int, ...]
    names: tuple[str, ...]
    scope: Scope


@dataclass
class Bindings:
    """Finds the scopes that bind some names by something else than an import, and every use of these names."""

    source: PythonSource
    names: frozenset[str]
    others: dict[tuple[Scope, str], list[int]] = field(default_factory=dict)
    """The scopes and names that something other than an import binds, and where."""
    uses: list[NameUse] = field(default_factory=list)
    deletions: dict[tuple[Scope, str], list[Scope]] = field(default_factory=dict)
    """Where a name is deleted or declared to be a global one, by its bytes."""

    def __post_init__(self) -> None:
        self._globals: set[tuple[Scope, str]] = set()
        read = []
        for node in self.source.identifiers(self.names):
            role, scope = _role(node)
            key = (byte_span(scope), self.source.text(node))
            if role == "bind" and node.parent is not None and node.parent.type == "delete_statement":
                self.deletions.setdefault(key, []).append(byte_span(node))
            if role == "bind":
                self.others.setdefault(key, []).append(node.start_byte)
            elif role == "global":
                self._globals.add(key)
                self.deletions.setdefault((byte_span(self.source.root), key[1]), []).append(byte_span(node))
            elif role == "use":
                read.append(node)
        for node in read:
            names, ends = zip(
                *[(self.source.text(node), node.end_byte), *_attributes_behind(node, self.source)], strict=True
            )
            self.uses.append(NameUse(names[0], node.start_byte, ends, names, byte_span(scope_of(node))))
        self.uses += self._texts()

    def scope_at(self, offset: int, name: str) -> Scope:
        """The scope in which a statement binds a name."""
        node = self.source.root.descendant_for_byte_range(offset, offset + 1)
        scope = byte_span(scope_of(node)) if node is not None else byte_span(self.source.root)
        return byte_span(self.source.root) if (scope, name) in self._globals else scope

    def binder(self, use: NameUse, imported: Iterable[Scope]) -> Scope | None:
        """The scope that binds the name of a use: one that imports it, or one that binds it in another way."""
        imported = set(imported)
        for scope in self._outwards(use):
            if (scope, use.name) in self._globals:
                return byte_span(self.source.root)
            if scope in imported or (scope, use.name) in self.others:
                return scope
        return None

    def is_other(self, scope: Scope, name: str) -> bool:
        """Whether something other than an import binds a name in a scope."""
        return (scope, name) in self.others

    def is_doubtful(self, use: NameUse, scope: Scope, imported: Iterable[int]) -> bool:
        """Whether a use may mean something else, because another binding follows the imports at `imported`."""
        last = max((offset for offset in imported if offset < use.start), default=-1)
        return any(last < offset < use.start for offset in self.others.get((scope, use.name), ()))

    def is_class(self, scope: Scope) -> bool:
        """Whether a scope is the body of a class, so that its names are attributes."""
        node = self.source.root.descendant_for_byte_range(*scope) if scope != (-1, -1) else None
        return node is not None and node.type == "class_definition"

    def _outwards(self, use: NameUse) -> Iterator[Scope]:
        node = self.source.root.descendant_for_byte_range(use.start, use.start + 1)
        scope = scope_of(node) if node is not None else self.source.root
        is_first = True
        while True:
            if is_first or scope.type != "class_definition":
                yield byte_span(scope)
            if scope.parent is None:
                return
            scope, is_first = scope_of(scope), False

    def _texts(self) -> Iterator[NameUse]:
        """The uses in string annotations and in type comments."""
        if not self.names:
            return
        any_name = "|".join(map(re.escape, sorted(self.names)))
        pattern = re.compile(rf"(?<![\w.])(?:{any_name})(?:\.\w+)*".encode())
        content = self.source.content
        typed = re.compile(rb"#\s*type:\s*(?!ignore)")
        places = [node for node in self.source.strings if _is_type(node, self.source)]
        places += [node for node in self.source.comments if typed.match(content, node.start_byte, node.end_byte)]
        for node in places:
            for found in pattern.finditer(content, node.start_byte, node.end_byte):
                names = decode(found[0]).split(".")
                ends = [found.start() + len(encode(".".join(names[: n + 1]))) for n in range(len(names))]
                yield NameUse(names[0], found.start(), tuple(ends), tuple(names), byte_span(scope_of(node)))


def byte_span(node: Node) -> Scope:
    """The bytes of a node, which identify its scope."""
    return (-1, -1) if node.type == "module" else (node.start_byte, node.end_byte)


def scope_of(node: Node) -> Node:
    """The scope in which a node is evaluated."""
    child, parent = node, node.parent
    while parent is not None:
        if parent.type in SCOPES and not _is_outside(child, parent):
            return parent
        child, parent = parent, parent.parent
    return child


def _is_outside(child: Node, scope: Node) -> bool:
    """Whether a part of a scope's node is evaluated outside of it."""
    if scope.type in COMPREHENSIONS:
        first = next((each for each in scope.children if each.type == "for_in_clause"), None)
        return child == first
    if scope.type == "module":
        return False
    return child != scope.child_by_field_name("body") and child.type != "type_parameter"


def _attributes_behind(node: Node, source: PythonSource) -> list[tuple[str, int]]:
    return [(name, end.end_byte) for name, end in attribute_chain(node, source)]


def _role(node: Node) -> tuple[str, Node]:
    """What an identifier does (`bind`, `global`, `use` or `skip`), and the scope of what it binds."""
    child, parent = node, node.parent
    if parent is None:
        return "use", node
    if parent.type == "attribute" and parent.child_by_field_name("attribute") == node:
        return "skip", node
    if parent.type in {"keyword_argument", "keyword_pattern"} and parent.children[0] == node:
        return "skip", node
    if _is_import(node):
        return "skip", node
    if parent.type in {"global_statement", "nonlocal_statement"}:
        return "global", scope_of(node)
    if parent.type == "dotted_name":
        return _role_in_case(node, parent)
    while parent.type in PATTERNS and parent.parent is not None:
        child, parent = parent, parent.parent
    if (function := _function_of_parameter(child, parent)) is not None:
        return "bind", function
    if _is_bound_by(child, parent):
        scope = scope_of(parent)
        while parent.type == "named_expression" and scope.type in COMPREHENSIONS:
            scope = scope_of(scope)
        if parent.type == "for_in_clause" and parent.parent is not None:
            scope = parent.parent
        return "bind", scope
    return "use", node


def _is_import(node: Node) -> bool:
    parent = node.parent
    while parent is not None and parent.type in {"dotted_name", "aliased_import", "relative_import"}:
        parent = parent.parent
    return parent is not None and parent.type.startswith("import_")


def _role_in_case(node: Node, name: Node) -> tuple[str, Node]:
    """The role of a name in a `case` pattern: a plain name is bound; a dotted one and the name of a class are read."""
    if name.named_children[0] != node:
        return "skip", node
    around = name.parent
    is_bound = len(name.named_children) == 1 and around is not None and around.type != "class_pattern"
    return ("bind", scope_of(node)) if is_bound else ("use", node)


def _function_of_parameter(child: Node, parent: Node) -> Node | None:
    """The function whose parameter a node names."""
    if parent.type in {"default_parameter", "typed_default_parameter"}:
        if parent.child_by_field_name("name") != child:
            return None
        child, parent = parent, parent.parent or parent
    elif parent.type == "typed_parameter":
        if parent.children[0] != child:
            return None
        child, parent = parent, parent.parent or parent
    while parent.type in {"dictionary_splat_pattern", "list_splat_pattern", "typed_parameter"}:
        child, parent = parent, parent.parent or parent
    return parent.parent if parent.type in {"parameters", "lambda_parameters"} else None


def _is_bound_by(child: Node, parent: Node) -> bool:
    """Whether a node stands where its parent binds a name."""
    kind = parent.type
    if kind in {"assignment", "augmented_assignment", "for_statement", "for_in_clause"}:
        return parent.child_by_field_name("left") == child
    if kind in {"function_definition", "class_definition", "named_expression"}:
        return parent.child_by_field_name("name") == child
    if kind == "as_pattern":
        return parent.children[-1] == child
    return kind in {"as_pattern_target", "delete_statement", "type_parameter"}


def _is_type(string: Node, source: PythonSource) -> bool:
    """Whether a string is read as a type: in an annotation, or as an argument of a function of `typing`."""
    node = string.parent
    while node is not None and node.type not in {"block", "module", "argument_list", "string", "interpolation"}:
        if node.type == "type":
            return True
        node = node.parent
    if node is None or node.type != "argument_list" or node.parent is None:
        return False
    function = node.parent.child_by_field_name("function")
    return function is not None and source.text(function).rpartition(".")[2] in TYPES_IN_TEXT
