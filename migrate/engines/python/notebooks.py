"""Jupyter notebooks: reading the code of all cells as one text, and writing changed code back.

https://nbformat.readthedocs.io/en/latest/format_description.html: the `source` of a cell is a text, or a list of lines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from migrate.engines.splice import Splice, splice
from migrate.text import decode, encode

MARK = "# %%"
"""The beginning of the line between two cells in the code, which belongs to neither."""
COMPARED_PAIRS = 250_000
"""Pairs of lines that are compared where lines were added to a cell: many that are alike take minutes."""
_MARKS = re.compile(f"{MARK}%*")
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|[{}\[\]:,]', re.DOTALL)
_OTHER_LANGUAGE = re.compile(rb'"language"\s*:\s*"(?!python")', re.IGNORECASE)
_ESCAPED = re.compile(rb"\\u00[89a-f]|\\u0[1-9a-f]|\\u[1-9a-f]", re.IGNORECASE)
_CELLS, _SOURCE, _TYPE = b'"cells"', b'"source"', b'"cell_type"'


class CodeCell(NamedTuple):
    """The texts of one cell: their spans with quotes, their values, and whether they are a list."""

    spans: tuple[tuple[int, int], ...]
    lines: tuple[str, ...]
    is_list: bool

    @property
    def code(self) -> str:
        """What the cell says."""
        return "".join(self.lines)


class Notebook:
    """A notebook of Python; `code` is what all its cells say, one after the other."""

    def __init__(self, content: bytes, cells: Sequence[CodeCell]) -> None:
        """`cells` are those of `content` that hold code."""
        self._content = content
        self._cells = cells
        marks = [len(mark) for cell in cells for mark in _MARKS.findall(cell.code)]
        self._between = f"\n{MARK.ljust(max(marks) + 1, '%') if marks else MARK}\n"
        self._is_escaped = _ESCAPED.search(content) is not None
        self.code = encode(self._between.join(cell.code for cell in cells))

    def with_code(self, code: bytes) -> bytes:
        """The file with new code for the same cells; unchanged lines keep their bytes."""
        texts = decode(code).split(self._between)
        if len(texts) != len(self._cells):
            return self._content
        changed = ((cell, text) for cell, text in zip(self._cells, texts, strict=True) if text != cell.code)
        return splice(self._content, [self._edit(cell, text) for cell, text in changed])

    def _edit(self, cell: CodeCell, text: str) -> Splice:
        lines = text.splitlines(keepends=True) if cell.is_list else [text]
        spelled = [self._spelled(line) for line in lines]
        for old, new in unchanged_lines(cell.lines, lines):
            start, end = cell.spans[old]
            spelled[new] = self._content[start:end]
        return Splice(cell.spans[0][0], cell.spans[-1][1], self._separator(cell).join(spelled))

    def _separator(self, cell: CodeCell) -> bytes:
        """What stands between two lines of a list."""
        if len(cell.spans) > 1:
            return self._content[cell.spans[0][1] : cell.spans[1][0]]
        start = cell.spans[0][0]
        before = self._content[self._content.rfind(b"\n", 0, start) + 1 : start]
        return b", " if before.strip() else b",\n" + before

    def _spelled(self, text: str) -> bytes:
        return encode(json.dumps(text, ensure_ascii=self._is_escaped))


def unchanged_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The numbers of lines that are the same before and after, as far as that can be told in a moment."""
    if len(old) == len(new):
        yield from ((number, number) for number, line in enumerate(old) if line == new[number])
        return
    least = min(len(old), len(new))
    first = next((number for number in range(least) if old[number] != new[number]), least)
    last = next((number for number in range(least - first) if old[~number] != new[~number]), least - first)
    yield from ((number, number) for number in range(first))
    yield from ((len(old) - number, len(new) - number) for number in range(last, 0, -1))
    middle, other = old[first : len(old) - last], new[first : len(new) - last]
    if len(middle) * len(other) <= COMPARED_PAIRS:
        for block in SequenceMatcher(None, middle, other, autojunk=False).get_matching_blocks():
            yield from ((first + block.a + number, first + block.b + number) for number in range(block.size))


def read_notebook(path: str, content: bytes) -> Notebook | None:
    """The notebook at a path; None when it is not a Python notebook, or cannot be read."""
    if not path.endswith(".ipynb") or _OTHER_LANGUAGE.search(content):
        return None
    try:
        json.loads(content.decode("utf-8-sig"))
        cells = list(_code_cells(content))
        return Notebook(content, cells) if cells else None
    except (ValueError, RecursionError):
        return None


def _code_cells(content: bytes) -> Iterator[CodeCell]:
    """The code cells that are not empty, and whose source is one text or one list of texts.

    Raises `ValueError` when the content is not JSON.
    """
    keys: list[bytes] = []
    """The key of each bracket that is open now."""
    is_code, is_list, spans, last = False, False, list[tuple[int, int]](), b""
    is_table, commas = False, 0
    for token in _TOKEN.finditer(content):
        text = token[0]
        if text in (b"{", b"["):
            keys.append(b"")
            if len(keys) == 3:
                is_code, is_list, spans = False, False, []
                is_table, commas = False, 0
            is_table |= text == b"{" and keys[2:] == [_SOURCE, b""]
        elif text in (b"}", b"]"):
            if len(keys) == 3 and is_code and len(spans) == commas + 1 and not is_table:
                yield _code_cell(content, spans, is_list=is_list)
            keys.pop()
        elif text == b":":
            keys[-1] = last
        elif text == b",":
            keys[-1] = b""
            commas += keys[2:] == [_SOURCE, b""]
        else:
            last = text
            if keys[:1] == [_CELLS] and keys[2:3] == [_SOURCE] and len(keys) <= 4:
                spans.append(token.span())
                is_list = len(keys) == 4
            elif keys[:1] == [_CELLS] and keys[2:] == [_TYPE]:
                is_code = text == b'"code"'


def _code_cell(content: bytes, spans: Sequence[tuple[int, int]], *, is_list: bool) -> CodeCell:
    return CodeCell(tuple(spans), tuple(str(json.loads(content[start:end])) for start, end in spans), is_list)
