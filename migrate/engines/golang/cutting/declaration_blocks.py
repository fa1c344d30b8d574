"""The parts of a Go file that can be taken out of it: its declarations, each with its comments, as whole lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from migrate.engines.golang.declarations import receiver_of
from migrate.engines.golang.scope import Scopes
from migrate.engines.splice import line_bounds
from migrate.text import decode

if TYPE_CHECKING:
    from tree_sitter import Node

_GROUPED = frozenset({"var_declaration", "const_declaration", "type_declaration"})
_SPECS = frozenset({"var_spec", "const_spec", "type_spec", "type_alias"})
_BEHIND = re.compile(rb"[ \t]*(?:;[ \t]*)?(?://[^\n]*|/\*.*)?\r?", re.DOTALL)


CROWDED = "something else is on its line; run gofmt first"


class SpecGroup(NamedTuple):
    """A declaration in parentheses; `opening` and `closing` are the lines of these, counted from 0."""

    keyword: str
    opening: int
    closing: int


class DeclarationBlock(NamedTuple):
    """One declaration, or one spec of a group that can be split.

    `names` are the package-level names that it declares, none for `init` and `_`; a method has the name of its receiver
    as `receiver` instead. `start` and `end` count bytes of the code. `first` and `last` count lines from 0 and include
    the comments above and after it. `problem` says why it cannot leave its file by itself, "" when it can.
    """

    names: tuple[str, ...]
    receiver: str
    start: int
    end: int
    first: int
    last: int
    group: SpecGroup | None
    problem: str
    title: str
    """Its name in messages."""
    bond: str = ""
    """Why everything that it declares must stay together."""
    is_bodiless: bool = False
    """Whether it is a function whose body is not in Go."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The names whose destination decides about it."""
        return (self.receiver,) if self.receiver else self.names


def declaration_blocks(scopes: Scopes) -> list[DeclarationBlock]:
    """Every package-level declaration of a file, in order."""
    root = scopes.tree.root_node
    return [block for node in root.named_children for block in _blocks_of(scopes, node)]


def _blocks_of(scopes: Scopes, node: Node) -> Iterator[DeclarationBlock]:
    if node.type in ("function_declaration", "method_declaration"):
        yield _function(scopes, node)
    elif node.type in _GROUPED:
        specs = list(_block_specs(node))
        opening = next((child for child in _parts(node) if child.type == "("), None)
        if opening is None or not specs or _is_bound(node, specs) or not _is_listed(node, opening, specs):
            bond = "they share lines; run gofmt first" if len(specs) > 1 else ""
            bond = "the group counts with iota or repeats a value" if _is_bound(node, specs) else bond
            yield _declaration_block(
                scopes, node, [name for spec in specs for name in _block_names(spec)], None, ""
            )._replace(bond=bond)
        else:
            group = SpecGroup(decode(node.children[0].text or b""), opening.start_point.row, node.end_point.row)
            for spec in specs:
                yield _declaration_block(scopes, spec, _block_names(spec), group, "")


def _function(scopes: Scopes, node: Node) -> DeclarationBlock:
    name = node.child_by_field_name("name")
    called = "" if name is None else decode(name.text or b"")
    receiver = receiver_of(node)
    bodiless = node.child_by_field_name("body") is None
    problem = "it has no body here: assembly or the linker provides it; move the file instead" if bodiless else ""
    block = _declaration_block(scopes, node, [] if receiver else [called], None, problem)
    title = f"{receiver}.{called}" if receiver else called
    return block._replace(
        names=() if receiver or called == "init" else block.names, receiver=receiver, title=title, is_bodiless=bodiless
    )


def _declaration_block(
    scopes: Scopes, node: Node, names: Sequence[str], group: SpecGroup | None, problem: str
) -> DeclarationBlock:
    named = tuple(name for name in names if name != "_")
    first, last = _first_line_of_block(scopes, node), node.end_point.row
    behind = _comment_behind(node)
    if behind is not None:
        last = behind.end_point.row
    if not _is_alone(scopes.content, node):
        problem = CROWDED
    title = ", ".join(named) or ", ".join(names)
    return DeclarationBlock(named, "", node.start_byte, node.end_byte, first, last, group, problem, title)


def _is_alone(content: bytes, node: Node) -> bool:
    """Whether nothing but comments shares the lines of a declaration."""
    start, end = line_bounds(content, node.start_byte, node.end_byte)
    return not content[start : node.start_byte].strip() and _BEHIND.fullmatch(content, node.end_byte, end) is not None


def _first_line_of_block(scopes: Scopes, node: Node) -> int:
    """The first line of the comments directly above."""
    row = node.start_point.row
    above = node.prev_sibling
    while above is not None and above.type == "comment" and above.end_point.row == row - 1:
        if scopes.content[scopes.content.rfind(b"\n", 0, above.start_byte) + 1 : above.start_byte].strip():
            break  # it belongs to the declaration before
        row = above.start_point.row
        above = above.prev_sibling
    return row


def _comment_behind(node: Node) -> Node | None:
    found, after = None, node.next_sibling
    while after is not None and (after.type == "comment" or not after.is_named):
        if after.start_point.row != node.end_point.row or after.type == ")":
            break
        found = after if after.type == "comment" else found
        after = after.next_sibling
    return found


def _parts(node: Node) -> Iterator[Node]:
    """The children of a declaration, those of the list that tree-sitter puts around the specs of `var` included."""
    for child in node.children:
        yield from child.children if child.type == "var_spec_list" else [child]


def _block_specs(node: Node) -> Iterator[Node]:
    yield from (child for child in _parts(node) if child.type in _SPECS)


def _block_names(spec: Node) -> list[str]:
    return [decode(name.text or b"") for name in spec.children_by_field_name("name") if name.is_named]


def _is_bound(node: Node, specs: Sequence[Node]) -> bool:
    """Whether the values of the specs of a group depend on their position."""
    if node.type != "const_declaration" or len(specs) < 2:
        return False
    has_iota = b"iota" in (node.text or b"")
    return has_iota or any(spec.child_by_field_name("value") is None for spec in specs)


def _is_listed(node: Node, opening: Node, specs: Sequence[Node]) -> bool:
    """Whether the parentheses and each spec are on lines of their own."""
    first, last = opening.start_point.row, node.end_point.row
    rows = [(first, first), *((spec.start_point.row, spec.end_point.row) for spec in specs), (last, last)]
    return all(before[1] < after[0] for before, after in pairwise(rows))
