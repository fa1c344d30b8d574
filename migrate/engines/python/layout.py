"""Rewriting import statements: unchanged ones are not touched, and sorted blocks stay sorted.

A block is a run of lines with one import statement each, at one indentation. In a sorted block, a changed line moves to
its new place, and names from one module are put into one statement. Elsewhere a statement stays where it is, and the
part that is cut off follows it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from migrate.engines.python.header import ImportItem, ImportStatement
from migrate.engines.python.import_targets import WantedImport, stated_target
from migrate.engines.python.lists import with_items, without_items
from migrate.engines.splice import Splice, splice
from migrate.text import encode

WIDTH = 88
"""A new import that is wider than this is put in parentheses, one name a line, as black does."""


@dataclass
class StatementLine:
    """One statement of a block on its line or lines: what it says, and what it must say."""

    statement: ImportStatement | None
    """None for what was cut off."""
    text: bytes
    wants: list[WantedImport]
    start: int
    prefix: bytes
    """The text on the line before the statement."""
    is_alone: bool
    """Whether its lines hold nothing else but a comment."""
    changed: bool = False
    origin: str = ""
    """The module from which the statement imported names before."""

    @property
    def head(self) -> str:
        """The module from which it imports names; "" for a plain import."""
        return self.wants[0].head


@dataclass
class ImportLayout:
    """Makes the edits of a file's import statements; `is_code` is False for examples in a text."""

    content: bytes
    is_code: bool = True
    edits: list[Splice] = field(default_factory=list)

    def write(self, wanted: Iterable[tuple[ImportStatement, list[WantedImport]]]) -> list[Splice]:
        """The edits that make each statement say what it must."""
        for block in self._blocks(self._line(*each) for each in wanted):
            if not any(line.changed for line in block):
                continue
            if block[0].is_alone:
                self._write_block(block)
            else:
                self._write_inline(block[0])
        return self.edits

    def _line(self, statement: ImportStatement, wants: list[WantedImport]) -> StatementLine:
        begin = self.content.rfind(b"\n", 0, statement.start) + 1
        prefix = self.content[begin : statement.start]
        rest = _REST_OF_LINE.match(self.content, statement.end)
        is_alone = self.is_code and rest is not None and not prefix.strip(b" \t\f\xef\xbb\xbf")
        start, end = (begin, rest.end()) if is_alone and rest else (statement.start, statement.end)
        changed = wants != stated_target(statement)
        return StatementLine(
            statement, self.content[start:end], wants, start, prefix, is_alone, changed, statement.source
        )

    def _blocks(self, lines: Iterable[StatementLine]) -> Iterator[list[StatementLine]]:
        """Runs of lines that hold one statement each; any other statement is a run of its own."""
        block: list[StatementLine] = []
        for line in lines:
            last = block[-1] if block else None
            if last and not (
                last.is_alone
                and line.is_alone
                and line.start == last.start + len(last.text)
                and line.prefix == last.prefix
            ):
                yield block
                block = []
            block.append(line)
        if block:
            yield block

    def _write_block(self, block: list[StatementLine]) -> None:
        whole = b"".join(line.text for line in block)
        newline = b"\r\n" if b"\r\n" in whole else b"\n"
        key = order([line.statement for line in block if line.statement])
        written = merged_statements(
            [piece for line in block for piece in cut_statement(line, newline)], is_sorted=key is not None
        )
        if key is not None and any(line.changed for line in written):
            written.sort(key=lambda line: key(line.head, line.wants[0].name, is_from=bool(line.head)))
        text = b"".join(line.text if line.text.endswith(b"\n") else line.text + newline for line in written)
        if not whole.endswith(b"\n"):
            text = text.removesuffix(newline)
        self.edits += trimmed_statement(Splice(block[0].start, block[0].start + len(whole), text), whole)

    def _write_inline(self, line: StatementLine) -> None:
        """Write a statement that shares its line: what is cut off follows after a semicolon, or on its own line."""
        assert line.statement is not None
        separator = b"; " if self.is_code else b"\n" + line.prefix
        text = separator.join(piece.text for piece in cut_statement(line, b""))
        self.edits.append(Splice(line.statement.start, line.statement.end, text))


_REST_OF_LINE = re.compile(rb"[ \t\f]*(?:#[^\n]*)?(?:\r?\n|\Z)")


def cut_statement(line: StatementLine, newline: bytes) -> list[StatementLine]:
    """A line for each module from which names are imported; the first is the old statement, edited in place.

    Without a `newline` the pieces have no lines of their own.
    """
    statement = line.statement
    assert statement is not None
    if not line.changed:
        return [line]
    said = stated_target(statement)
    mine = _staying_items(statement, line.wants, said)
    pieces = []
    if mine:
        text = _rewritten_statement(line.text, statement.start - line.start, statement, line.wants, mine)
        pieces.append(replace(line, text=text, wants=mine))
    rest = [want for want in line.wants if want not in mine]
    said_beside = _comments_of_statement(line) if newline else {}
    for wants in _by_module(rest):
        text = statement_text(wants)
        beside = [said_beside.get(want, b"") for want in wants]
        if newline and wants[0].head and (len(text) + len(line.prefix) > WIDTH or (len(wants) > 1 and any(beside))):
            text = hanging(wants, beside, line.prefix, newline)
        else:
            text += beside[0] if len(wants) == 1 else b""
        if not pieces:
            at = statement.start - line.start
            text = line.text[:at] + text + line.text[at + statement.end - statement.start :]
        elif newline:
            text = line.prefix.removeprefix(b"\xef\xbb\xbf") + text + newline
        pieces.append(replace(line, statement=None, text=text, wants=wants))
    return pieces


def _staying_items(
    statement: ImportStatement, wants: list[WantedImport], said: list[WantedImport]
) -> list[WantedImport]:
    """The items that the old statement keeps: those of its module, else those of the first other module."""
    own = wants[: len(said)]
    if not statement.is_from:
        return [want for want in own if not want.head]
    heads = [want.head for want in own if want.head]
    head = statement.source if statement.source in heads else heads[0] if heads else None
    return [want for want in wants if want.head == head]


def _by_module(wants: Iterable[WantedImport]) -> Iterator[list[WantedImport]]:
    """The items, grouped by the statement that can import them together."""
    groups: dict[object, list[WantedImport]] = {}
    for want in wants:
        groups.setdefault(want.head or want, []).append(want)
    return iter(groups.values())


def _rewritten_statement(
    text: bytes, at: int, statement: ImportStatement, wants: list[WantedImport], mine: list[WantedImport]
) -> bytes:
    """The text of a statement with its new module and names, without items that come from elsewhere."""
    shift = statement.start - at
    edits = []
    gone = []
    for number, (item, old, want) in enumerate(zip(statement.items, stated_target(statement), wants, strict=False)):
        if want not in mine:
            gone.append(number)
        elif want.text != old.text:
            edits.append(_item_edit(item, shift, old, want))
    removed = without_items(text, [(item.start - shift, item.end - shift) for item in statement.items], gone)
    if statement.is_from and mine[0].head != statement.source:
        edits.append(_module_edit(text, statement, shift, mine[0].head))
    new = splice(text, [*edits, *removed])
    more = [want.text for want in mine if want not in wants[: max(1, len(statement.items))]]
    return with_items(new, at, more) if more else new


def _module_edit(text: bytes, statement: ImportStatement, shift: int, head: str) -> Splice:
    start, end = statement.module_start - shift, statement.module_end - shift
    new = encode(head)
    if text[start - 1 : start].isalpha():
        new = b" " + new
    if text[end : end + 1].isalpha():
        new += b" "
    return Splice(start, end, new)


def _item_edit(item: ImportItem, shift: int, old: WantedImport, new: WantedImport) -> Splice:
    """The edit of one name in a list; if its alias stays, the text between the two stays as well."""
    end = item.name_end if old.alias == new.alias else item.end
    text = new.name if old.alias == new.alias else new.text
    return Splice(item.start - shift, end - shift, encode(text))


def statement_text(wants: Sequence[WantedImport]) -> bytes:
    """A statement that imports some names, on one line."""
    names = ", ".join(want.text for want in wants)
    head = wants[0].head
    return encode(f"from {head} import {names}" if head else f"import {names}")


def _comments_of_statement(line: StatementLine) -> dict[WantedImport, bytes]:
    """The comments of names that have lines of their own, with the space before them."""
    found = {}
    for item, want in zip(line.statement.items if line.statement else (), line.wants, strict=False):
        at = item.end - line.start
        comment = re.compile(rb"[ \t]*,?([ \t]*#[^\r\n]*)").match(line.text, at)
        is_alone = not line.text[
            line.text.rfind(b"\n", 0, item.start - line.start) + 1 : item.start - line.start
        ].strip()
        if comment is not None and is_alone:
            found[want] = comment[1]
    return found


def hanging(wants: Sequence[WantedImport], comments: Sequence[bytes], prefix: bytes, newline: bytes) -> bytes:
    """A statement with one name a line, in parentheses, each with its comment."""
    names = [
        b"%b    %b,%b%b" % (prefix, encode(want.text), comment, newline)
        for want, comment in zip(wants, comments, strict=True)
    ]
    head = encode(wants[0].head)
    return b"from %b import (%b%b%b)" % (head, newline, b"".join(names), prefix)


def merged_statements(lines: Iterable[StatementLine], *, is_sorted: bool) -> list[StatementLine]:
    """The lines, with new names added to a statement that already imports from their module.

    When nothing is sorted, only the statement directly before is considered.
    """
    found: list[StatementLine] = []
    for line in lines:
        if line.statement is None and not line.head and any(line.wants[0] in other.wants for other in found):
            continue
        other = next((each for each in (found if is_sorted else found[-1:]) if _is_partner(each, line)), None)
        if other is None:
            found.append(line)
            continue
        more = [want for want in line.wants if want not in other.wants]
        other.text = with_items(other.text, len(other.prefix), [want.text for want in more])
        other.wants = [*other.wants, *more]
        other.changed = True
    return found


def _is_partner(one: StatementLine, two: StatementLine) -> bool:
    """Whether two statements can be merged: both now import from one module, and did not before."""
    alike = one.head == two.head != "" and one.origin != two.origin
    return alike and b"#" not in two.text and "*" not in (one.wants[0].name, two.wants[0].name)


def trimmed_statement(edit: Splice, old: bytes) -> list[Splice]:
    """An edit without its unchanged lines at the beginning and the end."""
    before, after = old.splitlines(keepends=True), edit.new.splitlines(keepends=True)
    first = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], zip(before, after, strict=False)))
    rest = zip(reversed(before[first:]), reversed(after[first:]), strict=False)
    last = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], rest))
    start = edit.start + len(b"".join(before[:first]))
    end = edit.end - len(b"".join(before[len(before) - last :]))
    return [Splice(start, end, b"".join(after[first : len(after) - last]))]


SortKey = Callable[..., tuple[object, ...]]


def order(statements: Sequence[ImportStatement]) -> SortKey | None:
    """The order of the statements: the first order of a known formatter that they follow; None for none."""
    for key in _ORDERS:
        keys = [_key_of(key, statement) for statement in statements]
        if all(one <= two for one, two in itertools.pairwise(keys)):
            return key
    return None


def _key_of(key: SortKey, statement: ImportStatement) -> tuple[object, ...]:
    first = statement.items[0].name if statement.items else "*"
    return key(statement.source, first, is_from=statement.is_from)


def _order(*, mixed: bool, cased: bool, near_first: bool) -> SortKey:
    """A key of isort and ruff: plain imports first or not, capital letters first or not, the nearest package first."""

    def key(head: str, name: str, *, is_from: bool) -> tuple[object, ...]:
        module = head if is_from else name
        level = len(module) - len(module.lstrip("."))
        rank = (level > 0, level if near_first else -level)
        text = module if cased else module.lower()
        return (not mixed and is_from, rank, text, is_from)

    return key


_ORDERS = [
    _order(mixed=mixed, cased=cased, near_first=near_first)
    for mixed, cased, near_first in itertools.product((False, True), (False, True), (False, True))
]
