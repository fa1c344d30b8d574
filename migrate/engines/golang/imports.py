"""Sorts and aligns imports after an edit as gofmt does.

The rules are those of go/ast.SortImports and go/printer: a run is a series of specs on successive lines of one block,
which a blank line or a comment on a line of its own ends; its specs are sorted by path, then name, then comment, and
keep their trailing comments; an exact duplicate without a comment is removed. Only a run that was sorted before is
sorted again, and only trailing comments that were aligned before are aligned again: so a file stays formatted if it
was, and no other file is formatted by the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import NamedTuple

from migrate.engines.golang.header import Header, ImportDeclaration, ImportSpec, scan
from migrate.engines.splice import Splice, line_bounds, splice
from migrate.text import encode

_BLOCK_COMMENTS = rb"(?:[ \t]*/\*(?:[^*\n]|\*(?!/))*\*/)*[ \t]*"
_ALONE_BEFORE = re.compile(_BLOCK_COMMENTS)
_ALONE_AFTER = re.compile(_BLOCK_COMMENTS + rb";?" + _BLOCK_COMMENTS + rb"(//[^\n]*)?\r?")
_COMMENT_BEHIND = re.compile(rb"[ \t]+/[/*]")
_SPEC_LINE = re.compile(
    rb"(?P<code>[ \t]*(?:import[ \t]+)?(?:/\*(?:[^*]|\*(?!/))*\*/[ \t]*)*"
    rb"(?:[\w\x80-\xff]+[ \t]+|\.[ \t]+)?(?:\"[^\"]*\"|`[^`]*`))"
    rb"[ \t]+(?P<comment>(?://|/\*).*)"
)


class _ImportLine(NamedTuple):
    """One spec on a line of its own: the line, and its sort key."""

    key: tuple[bytes, bytes, bytes]
    text: bytes


class _Run(NamedTuple):
    """Specs on consecutive lines, from `start` to `end` of the file; no lines when one of them shares its line."""

    start: int
    end: int
    lines: tuple[_ImportLine, ...]

    @property
    def is_sorted(self) -> bool:
        return all(a.key <= b.key and not _repeats(a, b) for a, b in pairwise(self.lines))

    def sorted_text(self, eol: bytes) -> bytes:
        ordered = sorted(self.lines, key=lambda line: line.key)
        kept = [line.text for line, after in pairwise(ordered) if not _repeats(line, after)]
        return eol.join([*kept, ordered[-1].text])


def tidy(before: bytes, old: Header, after: bytes) -> bytes:
    """`after`, an edited `before`, with the runs sorted and comments aligned that were so in `before`.

    `old` is the header of `before`. If the number of runs changed, an import was removed or got a run of its own; then
    all runs are in order.
    """
    new = scan(after)
    if new is None:
        return after
    edits = []
    runs, runs_now = _runs(before, old), _runs(after, new)
    for was, now in zip(runs, runs_now, strict=True) if len(runs) == len(runs_now) else ():
        if not _ascends(now) and _line_text(before, was) != _line_text(after, now):
            was_run, run = _run_of_imports(before, was), _run_of_imports(after, now)
            if was_run.is_sorted and was_run.lines and run.lines:
                edits.append(Splice(run.start, run.end, run.sorted_text(b"\n")))
    return _align(splice(after, edits), as_in=(before, old))


def stays_tidy(content: bytes, header: Header, edits: Iterable[Splice]) -> bool:
    """Whether edits of a header leave `tidy` nothing to do: only paths change, and each still follows the one before.

    So it is in most files; `header` is that of `content`, the file before.
    """
    if not header.declarations:
        return False
    start, end = _import_bounds(content, header)
    if b"//" in content[start:end] or b"/*" in content[start:end]:
        return False
    new = {(edit.start, edit.end): edit.new[1:-1] for edit in edits}
    for declaration in header.declarations:
        paths = [new.pop((spec.start, spec.end), None) for spec in declaration.specs]
        for (a, b), (path_a, path_b) in zip(pairwise(declaration.specs), pairwise(paths), strict=True):
            is_same = path_a is None and path_b is None
            if not is_same and (path_a or encode(a.path)) >= (path_b or encode(b.path)) and _is_one_run(content, a, b):
                return False
    return not new


def disorder(content: bytes, header: Header) -> list[tuple[int, bytes]]:
    """The beginning and text of each run of imports that gofmt would sort."""
    runs = [_run_of_imports(content, specs) for specs in _runs(content, header) if not _ascends(specs)]
    return [(run.start, content[run.start : run.end]) for run in runs if not run.is_sorted]


def added_import(content: bytes, declaration: ImportDeclaration, spec: ImportSpec, name: str, path: str) -> Splice:
    """The edit that imports `path` right beside `spec`: on a line of its own if `spec` has one."""
    start, end = line_bounds(content, spec.begin, spec.end)
    literal = encode(f'{name} "{path}"' if name else f'"{path}"')
    alone = _ALONE_AFTER.fullmatch(content, spec.end, end)
    if declaration.is_block:
        if alone and _ALONE_BEFORE.fullmatch(content, start, spec.begin):
            return _line_behind(content, end, _indent(content, start) + literal)
        return Splice(spec.end, spec.end, b"; " + literal)
    if alone:
        return _line_behind(content, end, b"import " + literal)
    return Splice(declaration.end, declaration.end, b"; import " + literal)


def _line_behind(content: bytes, end: int, line: bytes) -> Splice:
    if content[:end].endswith(b"\r"):
        return Splice(end - 1, end - 1, b"\r\n" + line)
    return Splice(end, end, b"\n" + line)


def _indent(content: bytes, start: int) -> bytes:
    end = start
    while content[end : end + 1] in (b" ", b"\t"):
        end += 1
    return content[start:end]


def _runs(content: bytes, header: Header) -> list[list[ImportSpec]]:
    found: list[list[ImportSpec]] = []
    for declaration in header.declarations:
        if declaration.is_block and declaration.specs:
            found.append([declaration.specs[0]])
            for before, spec in pairwise(declaration.specs):
                if not _is_one_run(content, before, spec):
                    found.append([])
                found[-1].append(spec)
    return found


def _is_one_run(content: bytes, before: ImportSpec, spec: ImportSpec) -> bool:
    """Whether no blank line, and no comment on a line of its own, stands between two specs of a block."""
    return content.count(b"\n", before.end, spec.begin) < 2


def _ascends(specs: list[ImportSpec]) -> bool:
    """Whether the paths alone show that a run is sorted, as for most runs."""
    return all(a.path < b.path for a, b in pairwise(specs))


def _line_text(content: bytes, specs: list[ImportSpec]) -> bytes:
    start, end = line_bounds(content, specs[0].begin, specs[-1].end)
    return content[start:end]


def _run_of_imports(content: bytes, specs: list[ImportSpec]) -> _Run:
    start, end = line_bounds(content, specs[0].begin, specs[-1].end)
    lines = []
    for spec in specs:
        first, last = line_bounds(content, spec.begin, spec.end)
        after = _ALONE_AFTER.fullmatch(content, spec.end, last)
        if after is None or _ALONE_BEFORE.fullmatch(content, first, spec.begin) is None:
            return _Run(start, end, ())
        comment = content[spec.end : last].strip()
        lines.append(_ImportLine((encode(spec.path), encode(spec.name), comment), content[first:last]))
    return _Run(start, end, tuple(lines))


def _repeats(line: _ImportLine, after: _ImportLine) -> bool:
    return line.key[:2] == after.key[:2] and not line.key[2]


def _align(content: bytes, as_in: tuple[bytes, Header]) -> bytes:
    """`content` with the comments behind its imports in one column, when those of the file before were."""
    before, old = as_in
    if not any(_COMMENT_BEHIND.match(before, spec.end) for spec in old.imports):
        return content
    start, end = _import_bounds(before, old)
    if _aligned(before[start:end]) != before[start:end]:
        return content
    header = scan(content)
    assert header is not None
    if not header.declarations:
        return content
    start, end = _import_bounds(content, header)
    return splice(content, [Splice(start, end, _aligned(content[start:end]))])


def _import_bounds(content: bytes, header: Header) -> tuple[int, int]:
    return line_bounds(content, header.declarations[0].start, header.declarations[-1].end)


def _aligned(section: bytes) -> bytes:
    lines = section.split(b"\n")
    found = [_SPEC_LINE.fullmatch(line) for line in lines]
    position = 0
    while position < len(lines):
        end = position
        while end < len(lines) and found[end] is not None:
            end += 1
        group = [match for match in found[position:end] if match is not None]
        width = max((_name_width(match["code"]) for match in group), default=0)
        for index, match in enumerate(group, position):
            lines[index] = match["code"] + b" " * (width - _name_width(match["code"]) + 1) + match["comment"]
        position = end + 1
    return b"\n".join(lines)


def _name_width(code: bytes) -> int:
    return len(code.decode("utf-8", "replace"))
