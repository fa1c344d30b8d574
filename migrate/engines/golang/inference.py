"""Infers the types of simple expressions from syntax: which struct of the package is before a dot.

What is declared with its type (parameters, receivers, variables, fields, results of functions) or made by a literal is
known. Everything else is unknown, and nothing is guessed. A pointer counts as what it points to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from migrate.engines.golang.declarations import receiver_of
from migrate.engines.golang.repair import STAND_INS
from migrate.engines.golang.scope import Scopes
from migrate.text import decode

if TYPE_CHECKING:
    from tree_sitter import Node

_ELEMENTS = frozenset({"slice_type", "array_type", "implicit_length_array_type"})
_COMMA_OK = frozenset({"unary_expression", "index_expression", "type_assertion_expression"})
"""Expressions that may give a second value, the "comma ok"."""
_GROUPED = frozenset({"var_declaration", "const_declaration", "type_declaration"})
_NEW_OF_A_VALUE = decode(STAND_INS[b"new"])
_DEPTH = 12
"""After this many steps a type counts as unknown, because types may be recursive."""


class Definition(NamedTuple):
    """A type as written at `node` of the file `path`; `name` is its package-level name, or ""."""

    name: str
    path: str
    node: Node


class _Found(NamedTuple):
    """What a name is bound to; None when its type is unknown."""

    type: Definition | None


class Types:
    """The types of the package of some files."""

    def __init__(self, files: Mapping[str, Scopes]) -> None:
        self.files = files
        self._types: dict[str, Definition] = {}
        self._results: dict[tuple[str, str], Definition] = {}
        self._variables: dict[str, tuple[str, Node]] = {}
        for path, scopes in files.items():
            for node in scopes.tree.root_node.named_children:
                self._read(path, node)

    def _read(self, path: str, node: Node) -> None:
        name = node.child_by_field_name("name")
        if node.type in ("function_declaration", "method_declaration") and name is not None:
            result = node.child_by_field_name("result")
            key = (receiver_of(node), decode(name.text or b""))
            self._results[key] = Definition("", path, node if result is None else result)
        elif node.type in ("type_declaration", "var_declaration"):
            for spec in _type_specs(node):
                kind = spec.child_by_field_name("type")
                for declared in spec.children_by_field_name("name"):
                    called = decode(declared.text or b"")
                    if node.type == "var_declaration":
                        self._variables[called] = (path, spec)
                    elif kind is not None:
                        self._types[called] = Definition(called, path, kind)

    def of_literal(self, body: Node, path: str) -> Definition | None:
        """The type of a literal, resolved to the struct, map or list."""
        return self._underlying(self._literal(body, path, _DEPTH), _DEPTH)

    def owner_of_member(self, operand: Node, path: str, member: str) -> Definition | None:
        """The type that declares the field or method after the dot of an expression; None when unknown."""
        found = self._of(operand, path, _DEPTH)
        return None if found is None else self.owner_in(found, member)

    def owner_in(self, found: Definition, member: str) -> Definition | None:
        """The type that declares a field or method of a type, itself or one that it embeds."""
        owners = [owner for owner, _ in self._members(found, member, _DEPTH)]
        return owners[0] if owners else None

    def _members(self, found: Definition, member: str, depth: int) -> Iterator[tuple[Definition, Definition | None]]:
        """The types that declare a member, nearest first, each with the type that the member has or returns."""
        if not depth:
            return
        result = self._results.get((found.name, member)) if found.name else None
        if result is not None:
            yield Definition(found.name, result.path, result.node), result
        node = found.node
        if node.type == "struct_type":
            yield from self._fields(found, member, depth)
        elif node.type == "interface_type":
            for child in node.named_children:
                name = child.child_by_field_name("name") if child.type == "method_elem" else None
                if name is not None and decode(name.text or b"") == member:
                    kind = child.child_by_field_name("result")
                    yield found, None if kind is None else Definition("", found.path, kind)
        else:
            below = self._resolved(node, found.path, depth - 1)
            if below is not None and below != found:
                yield from self._members(below, member, depth - 1)

    def _fields(self, found: Definition, member: str, depth: int) -> Iterator[tuple[Definition, Definition | None]]:
        embedded = []
        for child in (c for part in found.node.named_children for c in part.named_children):
            kind = child.child_by_field_name("type") if child.type == "field_declaration" else None
            if kind is None:
                continue
            names = [decode(name.text or b"") for name in child.children_by_field_name("name")]
            if member in names or (not names and _base_name(kind) == member):
                yield found, Definition("", found.path, kind)
            elif not names:
                embedded.append(kind)
        for kind in embedded:
            below = self._resolved(kind, found.path, depth - 1)
            if below is not None:
                yield from self._members(below, member, depth - 1)

    def _resolved(self, node: Node, path: str, depth: int) -> Definition | None:
        """The type that a type expression means: that of a package-level name, or what is written."""
        node = _pointed(node)
        if not depth or node.type == "qualified_type":
            return None
        if node.type != "type_identifier":
            return Definition("", path, node)
        name = decode(node.text or b"")
        local = _innermost_binding(node, name, lambda binder: self._binding(binder, name, path, depth - 1))
        if local is not None:
            return local.type
        return self._types.get(name)

    def _underlying(self, found: Definition | None, depth: int) -> Definition | None:
        while found is not None and depth:
            if _pointed(found.node).type not in ("type_identifier", "qualified_type"):
                return found
            found = self._resolved(found.node, found.path, depth)
            depth -= 1
        return None

    def _literal(self, body: Node, path: str, depth: int) -> Definition | None:
        parent = body.parent
        if parent is None or not depth:
            return None
        if parent.type == "composite_literal":
            kind = parent.child_by_field_name("type")
            return None if kind is None else self._resolved(kind, path, depth)
        pair = parent.parent
        if parent.type != "literal_element" or pair is None:
            return None
        is_key = pair.type == "keyed_element" and pair.child_by_field_name("key") == parent
        outer_body = pair.parent if pair.type == "keyed_element" else pair
        outer = None if outer_body is None else self._literal(outer_body, path, depth - 1)
        return self._element(self._underlying(outer, depth), depth, is_key=is_key)

    def _element(self, outer: Definition | None, depth: int, *, is_key: bool = False) -> Definition | None:
        if outer is None:
            return None
        field = "element" if outer.node.type in _ELEMENTS else "value" if not is_key else "key"
        is_container = outer.node.type in {*_ELEMENTS, "map_type", "channel_type"}
        inner = outer.node.child_by_field_name(field) if is_container else None
        return None if inner is None else self._resolved(inner, outer.path, depth)

    def _of(self, node: Node, path: str, depth: int) -> Definition | None:
        """The type of an expression; None when it cannot be read."""
        if not depth:
            return None
        match node.type:
            case "parenthesized_expression":
                return self._of(node.named_children[0], path, depth)
            case "unary_expression":
                return self._of_operated(node, path, depth)
            case "composite_literal" | "type_assertion_expression" | "type_conversion_expression":
                kind = node.child_by_field_name("type")
                return None if kind is None else self._resolved(kind, path, depth)
            case "identifier":
                return self._of_name(node, path, depth)
            case "selector_expression":
                return self._of_member(node, path, depth)
            case "call_expression":
                return self._of_call(node, path, depth)
            case "index_expression":
                operand = node.child_by_field_name("operand")
                outer = None if operand is None else self._of(operand, path, depth - 1)
                return self._element(self._underlying(outer, depth), depth)
        return None

    def _of_operated(self, node: Node, path: str, depth: int) -> Definition | None:
        """The type of an expression with `&`, `*` or `<-`."""
        operator, operand = node.child_by_field_name("operator"), node.child_by_field_name("operand")
        if operator is None or operand is None or operator.type not in ("&", "*", "<-"):
            return None
        found = self._of(operand, path, depth - 1)
        return self._element(self._underlying(found, depth), depth) if operator.type == "<-" else found

    def _of_name(self, node: Node, path: str, depth: int) -> Definition | None:
        name = decode(node.text or b"")
        local = _innermost_binding(node, name, lambda binder: self._binding(binder, name, path, depth - 1))
        if local is not None:
            return local.type
        if name in self._variables:
            where, spec = self._variables[name]
            found = self._binding(spec, name, where, depth - 1)
            return None if found is None else found.type
        return None

    def _of_member(self, node: Node, path: str, depth: int) -> Definition | None:
        operand, member = node.child_by_field_name("operand"), node.child_by_field_name("field")
        found = None if operand is None else self._of(operand, path, depth - 1)
        if found is None or member is None:
            return None
        for _, kind in self._members(found, decode(member.text or b""), depth):
            is_field = kind is not None and (kind.node.parent is None or kind.node.parent.type == "field_declaration")
            return self._resolved(kind.node, kind.path, depth) if kind is not None and is_field else None
        return None

    def _of_call(self, node: Node, path: str, depth: int, index: int = 0, count: int = 1) -> Definition | None:
        """The type of one of the `count` results of a call."""
        function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if function is None or arguments is None:
            return None
        if function.type == "identifier":
            name = decode(function.text or b"")
            if (
                _innermost_binding(function, name, lambda binder: self._binding(binder, name, path, depth - 1))
                is not None
            ):
                return None
            if name in ("new", "make") and arguments.named_children:
                return self._resolved(arguments.named_children[0], path, depth)
            if name == _NEW_OF_A_VALUE and arguments.named_children:
                return self._of(arguments.named_children[0], path, depth - 1)
            result = self._results.get(("", name))
            if result is not None:
                return self._returned(result, depth, index, count)
            return self._types.get(name)
        if function.type == "selector_expression":
            operand, member = function.child_by_field_name("operand"), function.child_by_field_name("field")
            found = None if operand is None else self._of(operand, path, depth - 1)
            if found is not None and member is not None:
                for _, kind in self._members(found, decode(member.text or b""), depth):
                    return None if kind is None else self._returned(kind, depth, index, count)
        return None

    def _returned(self, result: Definition, depth: int, index: int, count: int) -> Definition | None:
        if result.node.type in ("function_declaration", "method_declaration"):
            return None
        kinds = [result.node]
        if result.node.type == "parameter_list":
            kinds = []
            for child in result.node.named_children:
                kind = child.child_by_field_name("type") if child.type == "parameter_declaration" else None
                kinds += [kind] * max(1, len(child.children_by_field_name("name"))) if kind is not None else []
        return self._resolved(kinds[index], result.path, depth - 1) if len(kinds) == count else None

    def _binding(self, binder: Node, name: str, path: str, depth: int) -> _Found | None:
        """How a statement or a list of parameters binds a name; None when it does not."""
        match binder.type:
            case "parameter_list" | "type_parameter_list":
                return self._parameter(binder, name, path, depth)
            case "short_var_declaration" | "range_clause" | "receive_statement":
                return self._declared(binder, name, path, depth)
            case "var_spec" | "const_spec" | "type_spec" | "type_alias":
                return self._specified(binder, name, path, depth)
            case "var_declaration" | "const_declaration" | "type_declaration":
                found = (self._specified(spec, name, path, depth) for spec in _type_specs(binder))
            case "for_clause":
                inner = (child for child in binder.named_children if child.type == "short_var_declaration")
                found = (self._declared(child, name, path, depth) for child in inner)
            case _:
                return None
        return next((each for each in found if each is not None), None)

    def _parameter(self, parameters: Node, name: str, path: str, depth: int) -> _Found | None:
        for child in parameters.named_children:
            if any(decode(n.text or b"") == name for n in child.children_by_field_name("name")):
                kind = child.child_by_field_name("type") if child.type == "parameter_declaration" else None
                return _Found(None if kind is None else self._resolved(kind, path, depth))
        return None

    def _declared(self, binder: Node, name: str, path: str, depth: int) -> _Found | None:
        left, right = binder.child_by_field_name("left"), binder.child_by_field_name("right")
        if left is None or not any(child.type == ":=" for child in binder.children):
            return None
        names = [decode(child.text or b"") for child in left.named_children]
        if name not in names:
            return None
        return _Found(self._assigned(binder, names.index(name), len(names), right, path, depth))

    def _specified(self, spec: Node, name: str, path: str, depth: int) -> _Found | None:
        names = [decode(n.text or b"") for n in spec.children_by_field_name("name") if n.is_named]
        if name not in names:
            return None
        kind, value = spec.child_by_field_name("type"), spec.child_by_field_name("value")
        if kind is not None:
            return _Found(self._resolved(kind, path, depth))
        return _Found(self._assigned(spec, names.index(name), len(names), value, path, depth))

    def _assigned(
        self, binder: Node, index: int, count: int, right: Node | None, path: str, depth: int
    ) -> Definition | None:
        if right is None:
            return None
        if binder.type == "range_clause":
            container = right.named_children[0] if right.type == "expression_list" else right
            outer = self._underlying(self._of(container, path, depth - 1), depth)
            has_index = outer is None or outer.node.type != "channel_type"
            return self._element(outer, depth) if index == has_index else None
        values = right.named_children if right.type == "expression_list" else [right]
        if len(values) == count or (index == 0 and values[0].type in _COMMA_OK):
            return self._of(values[index], path, depth - 1)
        call = values[0] if values[0].type == "call_expression" else None
        return None if call is None else self._of_call(call, path, depth, index, count)


def _innermost_binding(node: Node, name: str, binding: Callable[[Node], _Found | None]) -> _Found | None:
    """How the innermost scope around a node binds a name; None when only the package can."""
    place: Node | None = node
    while place is not None and place.parent is not None and not _is_top(place):
        parent = place.parent
        before = place.prev_named_sibling
        while before is not None:
            found = binding(before)
            if found is not None:
                return found
            before = before.prev_named_sibling
        if parent.type in ("type_case", "default_case"):
            switch = parent.parent
            alias = None if switch is None else switch.child_by_field_name("alias")
            if alias is not None and any(decode(child.text or b"") == name for child in alias.named_children):
                return _Found(None)
        place = parent
    return None


def _is_top(node: Node) -> bool:
    """Whether a node is a declaration of the package, or a spec of one."""
    parent = node.parent
    while parent is not None and parent.type in ("var_spec_list", *_GROUPED):
        parent = parent.parent
    return parent is not None and parent.type == "source_file"


def _type_specs(node: Node) -> Iterator[Node]:
    for child in node.named_children:
        if child.type == "var_spec_list":
            yield from _type_specs(child)
        elif child.type in ("var_spec", "const_spec", "type_spec", "type_alias"):
            yield child


def _pointed(node: Node) -> Node:
    """A type without stars, parentheses and type arguments."""
    while node.type in ("pointer_type", "parenthesized_type", "generic_type", "unary_expression"):
        inner = node.child_by_field_name("type") or node.child_by_field_name("operand")
        node = inner or node.named_children[0]
    return node


def _base_name(kind: Node) -> str:
    node = _pointed(kind)
    if node.type == "qualified_type":
        node = node.child_by_field_name("name") or node
    return decode(node.text or b"")
