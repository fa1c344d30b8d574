"""Writes calls that pass all arguments of a function on to another one with the same signature."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING, NamedTuple

from migrate.engines.golang.scope import Scopes
from migrate.engines.splice import Splice
from migrate.text import decode, encode

if TYPE_CHECKING:
    from tree_sitter import Node

_PARAMETERS = ("parameter_declaration", "variadic_parameter_declaration", "type_parameter_declaration")


class Call(NamedTuple):
    """The arguments of such a call: type parameters and parameters, each with a name."""

    types: tuple[str, ...]
    arguments: tuple[str, ...]
    """The arguments; the last one has its `...` if the function is variadic."""
    returns: bool
    names: tuple[Splice, ...]
    """The edits of the file that give a name to every parameter."""
    bound: frozenset[str]
    """Every name that means something else inside the function than outside."""


class SignatureName(NamedTuple):
    """An identifier of a signature; `is_qualifier` when a dot follows it."""

    name: str
    start: int
    end: int
    is_qualifier: bool


def call_of(function: Node) -> Call:
    """The call of a function from a function with the same signature."""
    parameters = function.child_by_field_name("parameters")
    result = function.child_by_field_name("result")
    assert parameters is not None
    types = tuple(_parameter_names(function.child_by_field_name("type_parameters")))
    bound = {*types, *_parameter_names(parameters), *_parameter_names(result)}
    fresh = (name for number in count(1) if (name := f"p{number}") not in bound)
    arguments: list[str] = []
    edits: list[Splice] = []
    for declaration in parameters.named_children:
        if declaration.type not in _PARAMETERS:
            continue
        dots = "..." if declaration.type == "variadic_parameter_declaration" else ""
        given = _name_nodes(declaration)
        if not given:
            arguments.append(next(fresh) + dots)
            name = arguments[-1].removesuffix(dots)
            edits.append(Splice(declaration.start_byte, declaration.start_byte, encode(f"{name} ")))
        for node in given:
            name = _node_text(node)
            if name == "_":
                name = next(fresh)
                edits.append(Splice(node.start_byte, node.end_byte, encode(name)))
            arguments.append(name + dots)
    bound.update(argument.removesuffix("...") for argument in arguments)
    return Call(types, tuple(arguments), result is not None, tuple(edits), frozenset(bound))


def signature_names(node: Node | None) -> Iterator[SignatureName]:
    """Every name in a signature that is declared outside: in the package, by an import, or by Go itself."""
    if node is None or node.type == "comment":
        return
    if node.type in ("type_identifier", "identifier"):
        yield SignatureName(_node_text(node), node.start_byte, node.end_byte, is_qualifier=False)
    elif node.type in ("qualified_type", "selector_expression"):
        first = node.named_children[0]
        yield SignatureName(_node_text(first), first.start_byte, first.end_byte, is_qualifier=True)
    else:
        own = _name_nodes(node) if node.type in _PARAMETERS else []
        for child in node.named_children:
            if child not in own:
                yield from signature_names(child)


def helper_of(function: Node, call: Call) -> str:
    """The parameter on which a test helper calls `t.Helper()`; "" when it does not."""
    for statement in _statements(function):
        line = _node_text(statement)
        name = line.removesuffix(".Helper()")
        if line != name and name in call.arguments:
            return name
    return ""


def recovers(function: Node, scopes: Scopes) -> bool:
    """Whether a function calls `recover` itself: that works only directly in a deferred function."""
    for use in scopes.free({"recover"}):
        node = scopes.tree.root_node.descendant_for_byte_range(use.start, use.end)
        while node is not None and node.type not in ("func_literal", "function_declaration", "method_declaration"):
            node = node.parent
        if node == function:
            return True
    return False


def _statements(function: Node) -> list[Node]:
    body = function.child_by_field_name("body")
    return [] if body is None else [line for block in body.named_children for line in block.named_children]


def _parameter_names(parameters: Node | None) -> Iterator[str]:
    for declaration in [] if parameters is None else parameters.named_children:
        if declaration.type in _PARAMETERS:
            yield from (name for name in named_parameters(declaration) if name != "_")


def named_parameters(declaration: Node) -> list[str]:
    """The names that a declaration gives."""
    return [_node_text(node) for node in _name_nodes(declaration)]


def _name_nodes(declaration: Node) -> list[Node]:
    return [node for node in declaration.children_by_field_name("name") if node.is_named]


def _node_text(node: Node) -> str:
    assert node.text is not None
    return decode(node.text)
