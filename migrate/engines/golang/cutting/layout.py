"""Aligns the columns of a group of specs, and of comments after declarations, as gofmt does.

When a spec is taken out of a group, the columns of the others may be too wide. The rules are those of go/printer
(`valueSpec`, `keepTypeColumn`) and of text/tabwriter: consecutive lines share a column; blank lines, comments and specs
of several lines end it. A text is aligned again only if the same rules explain how it was before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from migrate.engines.golang.scope import Scopes
from migrate.text import decode, encode

if TYPE_CHECKING:
    from tree_sitter import Node

_CLAUSE = b"package p\n\n"
_SPECS = frozenset({"var_spec", "const_spec", "type_spec", "type_alias"})
_DECLARATIONS = frozenset(
    {"var_declaration", "const_declaration", "type_declaration", "function_declaration", "method_declaration"}
)


class _Row(NamedTuple):
    """A line of a group: its cells, the last of which is not padded; `ends` if gofmt starts a new section after it."""

    line: int
    cells: tuple[str, ...]
    ends: bool


def laid_out(lines: Sequence[bytes], before: Sequence[bytes]) -> list[bytes]:
    """The lines of a group as gofmt lays them out, if it would have left the lines `before` as they were."""
    return list(lines) if _rendered(before) != list(before) else _rendered(lines)


def columns_in_order(content: bytes, before: bytes) -> bytes:
    """`content` with declarations of one line in columns, if those of the file `before` were."""
    return content if _of_one_line(before) != before else _of_one_line(content)


def _rendered(lines: Sequence[bytes]) -> list[bytes]:
    scopes = Scopes(_CLAUSE + b"\n".join(lines) + b"\n")
    if scopes.is_broken:
        return list(lines)
    offset = _CLAUSE.count(b"\n")
    rows = [row._replace(line=row.line - offset) for row in _rows(scopes)]
    result = list(lines)
    for section in _sections(rows):
        for row, line in zip(section, _padded([row.cells for row in section]), strict=True):
            result[row.line] = b"\t" + encode(line) + (b"\r" if lines[row.line].endswith(b"\r") else b"")
    return result


def _rows(scopes: Scopes) -> Iterator[_Row]:
    content = scopes.content
    specs = [node for node in _walk(scopes.tree.root_node) if node.type in _SPECS]
    keeps = _keep_type_column(specs)
    for spec, keep in zip(specs, keeps, strict=True):
        cells = _type_cells(content, spec) if spec.type.startswith("type") else _value_cells(content, spec, keep)
        if len(specs) == 1:
            cells = [" ".join(cell for cell in cells if cell)]
        is_long = spec.start_point.row != spec.end_point.row
        behind = None if is_long else _comment_behind_spec(spec)
        if behind is not None:
            cells += [""] * (0 if len(specs) == 1 or spec.type.startswith("type") else 3 - len(cells))
            cells.append(behind)
        yield _Row(spec.start_point.row, tuple(cells), is_long)


def _walk(root: Node) -> Iterator[Node]:
    for declaration in root.named_children:
        for child in declaration.children:
            yield from child.children if child.type == "var_spec_list" else [child]


def _keep_type_column(specs: Sequence[Node]) -> list[bool]:
    """Whether each spec has a column for a type: in a run of specs with values all have it when one has a type."""
    keeps: list[bool] = []
    for has_value, run in groupby(specs, key=lambda spec: spec.child_by_field_name("value") is not None):
        members = list(run)
        keep = has_value and any(spec.child_by_field_name("type") is not None for spec in members)
        keeps += [keep] * len(members)
    return keeps


def _value_cells(content: bytes, spec: Node, keep: bool) -> list[str]:
    names = [child for child in spec.children_by_field_name("name") if child.is_named]
    cells = [_first_line_of_row(content, names[0].start_byte, names[-1].end_byte)]
    kind, value = spec.child_by_field_name("type"), spec.child_by_field_name("value")
    if kind is not None:
        cells.append(_first_line_of_row(content, kind.start_byte, kind.end_byte))
    elif keep:
        cells.append("")
    if value is not None:
        cells.append("= " + _first_line_of_row(content, value.start_byte, value.end_byte))
    return cells


def _type_cells(content: bytes, spec: Node) -> list[str]:
    kind = spec.child_by_field_name("type")
    assert kind is not None
    name = _first_line_of_row(content, spec.start_byte, kind.start_byte).rstrip()
    sign = "= " if name.endswith("=") else ""
    return [name.removesuffix("=").rstrip(), sign + _first_line_of_row(content, kind.start_byte, kind.end_byte)]


def _first_line_of_row(content: bytes, start: int, end: int) -> str:
    """The text from `start` to `end`, up to the end of the line."""
    return decode(content[start:end].partition(b"\n")[0].rstrip(b"\r"))


def _comment_behind_spec(spec: Node) -> str | None:
    after = spec.next_sibling
    while after is not None and after.type in (";", "\n"):
        after = after.next_sibling
    if after is None or after.type != "comment" or after.start_point.row != spec.end_point.row:
        return None
    return decode(after.text or b"").rstrip("\r")


def _sections(rows: Sequence[_Row]) -> list[list[_Row]]:
    """Rows on lines that follow each other, up to a spec of several lines."""
    sections: list[list[_Row]] = [[*rows[:1]]]
    for before, row in pairwise(rows):
        if before.ends or row.line != before.line + 1:
            sections.append([])
        sections[-1].append(row)
    return sections


def _padded(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Rows of cells as lines of text, each column as wide as consecutive rows need it (text/tabwriter)."""
    widths: list[list[int]] = [[] for _ in rows]

    def fill(first: int, last: int, column: int) -> None:
        row = first
        while row < last:
            if column >= len(rows[row]) - 1:
                row += 1
                continue
            end = row
            while end < last and column < len(rows[end]) - 1:
                end += 1
            longest = max(len(cells[column]) for cells in rows[row:end])
            for each in widths[row:end]:
                each.append(longest + 1 if longest else 0)
            fill(row, end, column + 1)
            row = end

    fill(0, len(rows), 0)
    lines = []
    for cells, width in zip(rows, widths, strict=True):
        padded = "".join(cell.ljust(wide) for cell, wide in zip(cells, width, strict=False))
        lines.append((padded + cells[-1]).rstrip(" "))
    return lines


def _of_one_line(content: bytes) -> bytes:
    """A file with successive declarations of one line each in columns: bodies of functions, and comments."""
    lines = content.split(b"\n")
    rows = []
    for node in Scopes(content).tree.root_node.named_children:
        if node.type in _DECLARATIONS and node.start_point.row == node.end_point.row:
            behind, body = _comment_behind_spec(node), node.child_by_field_name("body")
            code = [
                _first_line_of_row(
                    content, node.start_byte, node.end_byte if body is None else body.start_byte
                ).rstrip()
            ]
            code += [] if body is None else [decode(content[body.start_byte : body.end_byte])]
            rows.append(_Row(node.start_point.row, (*code, *([] if behind is None else [behind])), ends=False))
    for section in _sections(rows):
        for row, line in zip(section, _padded([row.cells for row in section]), strict=True):
            eol = b"\r" if lines[row.line].endswith(b"\r") else b""
            if lines[row.line].startswith(encode(row.cells[0])):
                lines[row.line] = encode(line) + eol
    return b"\n".join(lines)
