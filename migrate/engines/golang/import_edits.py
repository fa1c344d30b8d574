"""Adds an import to a Go file, or removes one, as goimports would."""

from __future__ import annotations

import re

from migrate.engines.golang.header import Header, ImportDeclaration, ImportSpec, scan
from migrate.engines.golang.imports import added_import, tidy
from migrate.engines.splice import Splice, line_bounds, splice
from migrate.text import encode

_REST_OF_CLAUSE = re.compile(rb"[ \t]*(?://[^\n]*|/\*[^\n]*\*/[ \t]*)?\r?$", re.MULTILINE)
_OWN_LINE = re.compile(rb"[ \t]*;?[ \t]*(?://[^\n]*|/\*(?:[^*\n]|\*(?!/))*\*/[ \t]*)?\r?")


def with_import(content: bytes, name: str, path: str) -> bytes:
    """`content` with one more import, beside the one whose path is most like it; unchanged when it is there."""
    header = scan(content)
    assert header is not None
    if any((spec.name, spec.path) == (name, path) for spec in header.imports):
        return content
    return tidy(content, header, splice(content, [_addition(content, header, name, path)]))


def _addition(content: bytes, header: Header, name: str, path: str) -> Splice:
    literal = encode(f'{name} "{path}"' if name else f'"{path}"')
    blocks = [declaration for declaration in header.declarations if declaration.is_block and declaration.specs]
    if blocks:
        declaration, spec = _neighbour(blocks, path)
        start, end = line_bounds(content, declaration.specs[-1].begin, declaration.specs[-1].end)
        has_lines = _OWN_LINE.fullmatch(content, declaration.specs[-1].end, end) and not content[
            start : declaration.specs[-1].begin
        ].strip(b" \t")
        if _likeness(spec.path, path) or not has_lines:
            return added_import(content, declaration, spec, name, path)
        return _line_with_blank(content, end, b"\t" + literal)
    if header.declarations:
        declaration = header.declarations[-1]
        if declaration.specs:
            return added_import(content, declaration, declaration.specs[-1], name, path)
        return Splice(declaration.end, declaration.end, b"; import " + literal)
    rest = _REST_OF_CLAUSE.match(content, header.package_end)
    if rest is None:
        return Splice(header.package_end, header.package_end, b"; import " + literal)
    return _line_with_blank(content, rest.end(), b"import " + literal)


def _line_with_blank(content: bytes, end: int, line: bytes) -> Splice:
    """The edit that adds a line after the one that ends at `end`, with a blank line between."""
    if content[:end].endswith(b"\r"):
        return Splice(end - 1, end - 1, b"\r\n\r\n" + line)
    return Splice(end, end, b"\n\n" + line)


def _neighbour(blocks: list[ImportDeclaration], path: str) -> tuple[ImportDeclaration, ImportSpec]:
    """The import beside which a new one is put: the first of those with the most leading folders in common."""
    places = [(declaration, spec) for declaration in blocks for spec in declaration.specs]
    best = max(_likeness(spec.path, path) for _, spec in places)
    if best:
        return next(place for place in places if _likeness(place[1].path, path) == best)
    return places[-1]


def _likeness(one: str, two: str) -> int:
    """How many leading folders two paths share, plus a half if neither is in the standard library."""
    shared = 0
    for a, b in zip(one.split("/"), two.split("/"), strict=False):
        if a != b:
            break
        shared += 2
    return shared or int("." in one.partition("/")[0])


def without_import(content: bytes, name: str, path: str) -> bytes:
    """`content` without an import and the lines that only it needs; unchanged when it is not there."""
    header = scan(content)
    assert header is not None
    for declaration in header.declarations:
        for spec in declaration.specs:
            if (spec.name, spec.path) == (name, path):
                return tidy(content, header, splice(content, [_removal(content, declaration, spec)]))
    return content


def _removal(content: bytes, declaration: ImportDeclaration, spec: ImportSpec) -> Splice:
    if len(declaration.specs) == 1:
        start, end = line_bounds(content, declaration.start, declaration.end)
        alone = not content[start : declaration.start].strip() and _OWN_LINE.fullmatch(content, declaration.end, end)
        if alone:
            return _without_lines(content, start, end)
        return Splice(declaration.start, _past_semicolon(content, declaration.end), b"")
    start, end = line_bounds(content, spec.begin, spec.end)
    if not content[start : spec.begin].strip() and _OWN_LINE.fullmatch(content, spec.end, end):
        while (above := line_bounds(content, start - 1, start - 1))[0] > declaration.start and content[
            above[0] : above[1]
        ].strip().startswith(b"//"):
            start = above[0]
        return _without_lines(content, start, end)
    return Splice(spec.begin, _past_semicolon(content, spec.end), b"")


def _past_semicolon(content: bytes, end: int) -> int:
    found = re.compile(rb"[ \t]*;[ \t]*").match(content, end)
    return end if found is None else found.end()


def _without_lines(content: bytes, start: int, end: int) -> Splice:
    """Remove the lines from `start` to `end`, and a blank line that would be left over."""
    above = content.rfind(b"\n", 0, max(start - 1, 0)) + 1
    before = content[above:start].strip()
    after_end = content.find(b"\n", end + 1)
    after = content[end + 1 : after_end if after_end >= 0 else len(content)].strip()
    if not before and (after == b")" or not content[end:].strip()):
        return Splice(above, min(end + 1, len(content)), b"")
    if not after and (not before or before.endswith(b"(")) and after_end >= 0:
        return Splice(start, after_end + 1, b"")
    return Splice(start, min(end + 1, len(content)), b"")
