"""Cuts a Go file into several, declaration by declaration: text in, text out.

Whole lines move: a declaration with the comments above and after it. The introduction of the file (licence, build
constraints, package clause, imports) is in every part; each part keeps only the imports that it uses.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from migrate.engines.golang.cutting.declaration_blocks import DeclarationBlock, SpecGroup
from migrate.engines.golang.cutting.layout import columns_in_order, laid_out
from migrate.engines.golang.generated import is_generated
from migrate.engines.golang.header import Header, ImportSpec, scan
from migrate.engines.golang.import_edits import without_import
from migrate.engines.golang.scope import Scopes
from migrate.engines.splice import line_number_at
from migrate.text import decode, encode

_LICENCE = re.compile(rb"copyright|licen[cs]e|spdx", re.IGNORECASE)
_COMMENT = re.compile(rb"//[^\n]*|/\*.*?\*/", re.DOTALL)
_CONSTRAINT = re.compile(rb"//go:build |//[ \t]*\+build ")
_NEEDED_FOR = {"embed": b"//go:embed", "unsafe": b"//go:linkname"}
"""The directives for which a package is imported under the name `_`."""


@dataclass(frozen=True)
class Piece:
    """A part of a file; `lines` has for each of its lines the number in the whole file, from 1, or 0 for a new line."""

    content: bytes
    lines: tuple[int, ...]


@dataclass
class _Text:
    """Lines of a new text, with their numbers in the old one."""

    lines: list[bytes] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def add(self, line: bytes, number: int = 0) -> None:
        self.lines.append(line)
        self.numbers.append(number)

    def replace(self, start: int, lines: Sequence[bytes]) -> None:
        """Replace the lines from `start` on."""
        self.lines[start:] = lines


def cut_file(
    content: bytes,
    header: Header,
    blocks: Sequence[DeclarationBlock],
    parts: Sequence[int],
    names: Mapping[ImportSpec, set[str]],
    copies: Mapping[int, Collection[int]] | None = None,
) -> dict[int, Piece]:
    """The parts of a file: `parts` has the number of the part to which each block goes, 0 for what stays.

    `names` are the possible names of each import in the file; `copies` are the numbers of blocks that a part gets as
    well.
    """
    lines = content.split(b"\n")
    copied = copies or {}
    texts = {0: _kept(lines, blocks, parts)}
    for part in sorted({*parts, *copied} - {0}):
        mine = {number for number, each in enumerate(parts) if each == part} | {*copied.get(part, ())}
        whole = {group for group, members in _groups_of_blocks(blocks) if mine.issuperset(members)}
        texts[part] = _taken_text(content, header, lines, [blocks[number] for number in sorted(mine)], whole)
    return {part: _with_its_imports(content, text, names, stays=not part) for part, text in texts.items()}


def _kept(lines: Sequence[bytes], blocks: Sequence[DeclarationBlock], parts: Sequence[int]) -> _Text:
    gone: set[int] = set()
    for block, part in zip(blocks, parts, strict=True):
        if part:
            gone.update(range(block.first, block.last + 1))
    groups = {}
    for group, members in _groups_of_blocks(blocks):
        if all(parts[number] for number in members):
            gone.update(range(_doc_of_group(lines, group), group.closing + 1))
        elif any(parts[number] for number in members):
            groups[group.opening] = group
    text = _Text()
    number = 0
    while number < len(lines):
        if number in gone:
            number = _skip(lines, gone, number, text)
            continue
        text.add(lines[number], number + 1)
        if number in groups:
            number = _kept_group(lines, gone, groups[number], text)
        number += 1
    while len(text.lines) > 1 and not text.lines[-1].strip() and not text.lines[-2].strip():
        text.lines.pop()
        text.numbers.pop()
    return text


def _kept_group(lines: Sequence[bytes], gone: set[int], group: SpecGroup, text: _Text) -> int:
    """Add the lines of a group that lost some of its specs; returns the last line that was handled."""
    start = len(text.lines) - 1
    number = group.opening + 1
    while number <= group.closing:
        if number in gone:
            number = _skip(lines, gone, number, text)
            continue
        if number == group.closing and not text.lines[-1].strip():
            text.lines.pop()
            text.numbers.pop()
        text.add(lines[number], number + 1)
        number += 1
    text.replace(start, laid_out(text.lines[start:], lines[group.opening : group.closing + 1]))
    return group.closing


def _skip(lines: Sequence[bytes], gone: set[int], number: int, text: _Text) -> int:
    """Skip removed lines, and blank lines after them if there are blank lines before."""
    while number in gone:
        number += 1
    above = text.lines[-1].strip() if text.lines else b""
    if not above or above.endswith(b"("):
        while number < len(lines) - 1 and not lines[number].strip():
            number += 1
            while number in gone:
                number += 1
    return number


def _taken_text(
    content: bytes,
    header: Header,
    lines: Sequence[bytes],
    blocks: Sequence[DeclarationBlock],
    whole: Collection[SpecGroup],
) -> _Text:
    eol = b"\r" if lines[0].endswith(b"\r") else b""
    text = _introduction(content, header, lines, eol)
    last = -1
    for group, run in groupby(blocks, key=lambda block: block.group):
        members = list(run)
        if group is None:
            for block in members:
                # Consecutive lines stay together.
                if block.first != last + 1 or last < 0:
                    text.add(eol)
                _copy(lines, block.first, block.last, text)
                last = block.last
            continue
        text.add(eol)
        if group in whole:
            _copy(lines, _doc_of_group(lines, group), group.closing, text)
        else:
            _copy_group(lines, group, members, text)
        last = -1
    text.add(b"")
    return text


def _copy(lines: Sequence[bytes], first: int, last: int, text: _Text) -> None:
    for number in range(first, last + 1):
        text.add(lines[number], number + 1)


def _copy_group(lines: Sequence[bytes], group: SpecGroup, members: Sequence[DeclarationBlock], text: _Text) -> None:
    """Add some specs of a group as a group of their own."""
    start = len(text.lines)
    keyword = encode(group.keyword)
    (only, *others) = members
    body = lines[only.first : only.last + 1]
    text.add(lines[group.opening], group.opening + 1)
    last = -1
    for block in members:
        if last >= 0 and block.first > last + 1:
            text.add(b"\r" if lines[0].endswith(b"\r") else b"")
        _copy(lines, block.first, block.last, text)
        last = block.last
    text.add(lines[group.closing], group.closing + 1)
    text.replace(start, laid_out(text.lines[start:], lines[group.opening : group.closing + 1]))
    if not others and not any(b"`" in line for line in body):
        _without_parentheses(text, start, keyword)


def _without_parentheses(text: _Text, start: int, keyword: bytes) -> None:
    """A group of one spec as a plain declaration."""
    inner = [line.removeprefix(b"\t") for line in text.lines[start + 1 : -1]]
    code = next(i for i, line in enumerate(inner) if not line.strip().startswith((b"//", b"/*")))
    is_plain = len(inner) == code + 1 or inner[code].rstrip().endswith((b"{", b"("))
    if any(b"/*" in line for line in inner[:code]) or not is_plain:
        return
    inner[code] = keyword + b" " + inner[code]
    text.lines[start:] = inner
    text.numbers[start:] = text.numbers[start + 1 : -1]


def _doc_of_group(lines: Sequence[bytes], group: SpecGroup) -> int:
    """The first line of the comment above a group."""
    first = group.opening
    while first and lines[first - 1].startswith(b"//"):
        first -= 1
    return first


def _groups_of_blocks(blocks: Sequence[DeclarationBlock]) -> list[tuple[SpecGroup, list[int]]]:
    """Every group of a file with the numbers of its specs."""
    found: dict[SpecGroup, list[int]] = {}
    for number, block in enumerate(blocks):
        if block.group is not None:
            found.setdefault(block.group, []).append(number)
    return list(found.items())


def _introduction(content: bytes, header: Header, lines: Sequence[bytes], eol: bytes) -> _Text:
    """The text before the first declaration, without comments about the package or a generator."""
    text = _Text()
    clause = line_number_at(content, header.package_start) - 1
    for start, end in _comment_groups(content, header.package_start):
        comment, last = content[start:end], line_number_at(content, end) - 1
        speaks = last + 1 >= clause and not _LICENCE.search(comment) and not _CONSTRAINT.search(comment)
        if not speaks and not is_generated(decode(comment), len(comment)):
            _copy(lines, line_number_at(content, start) - 1, last, text)
            text.add(eol)
    bom = b"\xef\xbb\xbf" if content.startswith(b"\xef\xbb\xbf") and not text.lines else b""
    text.add(bom + b"package " + content[header.package_start : header.package_end] + eol, clause + 1)
    if header.declarations:
        first = line_number_at(content, header.declarations[0].start) - 1
        last = line_number_at(content, header.declarations[-1].end) - 1
        text.add(eol)
        _copy(lines, first, last, text)
    return text


def _comment_groups(content: bytes, end: int) -> list[tuple[int, int]]:
    """The comments before a byte; comments on consecutive lines count as one."""
    groups: list[tuple[int, int]] = []
    for found in _COMMENT.finditer(content, 0, end):
        if groups and content.count(b"\n", groups[-1][1], found.start()) < 2:
            groups[-1] = (groups[-1][0], found.end())
        else:
            groups.append((found.start(), found.end()))
    return groups


def _with_its_imports(content: bytes, text: _Text, names: Mapping[ImportSpec, set[str]], *, stays: bool) -> Piece:
    """A part with only the imports that it uses, and with aligned columns; imports for their effect do not move."""
    whole = columns_in_order(b"\n".join(text.lines), content)
    numbers = text.numbers
    header = scan(whole)
    assert header is not None
    wanted = {name for each in names.values() for name in each}
    used = {use.name for use in Scopes(whole).free(wanted) if use.selected}
    called = {(spec.name, spec.path): each for spec, each in names.items()}
    pruned = whole
    for spec in header.imports:
        is_effect = spec.name == "_" and spec.path not in _NEEDED_FOR
        if not (stays if is_effect else _is_needed(spec, called[spec.name, spec.path] & used, whole)):
            pruned = without_import(pruned, spec.name, spec.path)
    return Piece(pruned, _numbers_left(whole.split(b"\n"), numbers, pruned.split(b"\n")))


def _is_needed(spec: ImportSpec, used: set[str], whole: bytes) -> bool:
    if spec.name == "_" and spec.path in _NEEDED_FOR:
        return _NEEDED_FOR[spec.path] in whole
    return bool(used)


def _numbers_left(before: Sequence[bytes], numbers: Sequence[int], after: Sequence[bytes]) -> tuple[int, ...]:
    """The numbers of the lines that are left when some were removed."""
    left, position = [], 0
    for line in after:
        while position < len(before) and before[position] != line:
            position += 1
        left.append(numbers[position] if position < len(before) else 0)
        position += 1
    return tuple(left)
