"""Makes Go code readable that the grammar does not know yet, by text of the same length, so that every offset holds.

tree-sitter-go 0.25 knows neither `new(expr)` of Go 1.26 nor the methods with type parameters of Go 1.27. A call of
`new` with a value becomes one of an ordinary function. The type parameters of a method become blank in the tree; a
second tree, in which those methods are functions, has them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tree_sitter import Tree

Parse = Callable[[bytes], "Tree"]

STAND_INS = {b"new": b"nEw", b"make": b"mAke"}
"""Replacements for calls of builtins whose argument is a value although the grammar expects a type."""

_LITERAL = rb"//[^\n]*|/\*.*?\*/|\"(?:[^\"\\\n]|\\.)*\"|`[^`]*`|'(?:[^'\\\n]|\\.)+'"
_CALL = rb"(?P<call>(?<![\w.\x80-\xff])(?:new|make)[ \t]*\()"
_TOKEN = re.compile(rb"(?:" + _LITERAL + rb")|" + _CALL + rb"|[()]", re.DOTALL)
_BRACKET = re.compile(rb"(?:" + _LITERAL + rb")|[\[\]]", re.DOTALL)
_METHOD = re.compile(rb"^func[ \t]*(\((?:[^()]|\([^()]*\))*\))[ \t]*[\w\x80-\xff]+[ \t]*(?=\[)", re.MULTILINE)


class ByteRange(NamedTuple):
    """The bytes from `start` to `end`."""

    start: int
    end: int


class ReadableGo(NamedTuple):
    """The syntax tree of a file. Type parameters of methods, in `lists`, are only in the tree `other`."""

    tree: Tree
    lists: tuple[ByteRange, ...] = ()
    other: Tree | None = None


def readable_go(content: bytes, parse: Parse) -> ReadableGo:
    """Parse a file; if that fails because the grammar lacks something, parse it again with replacements."""
    tree = parse(content)
    if not tree.root_node.has_error:
        return ReadableGo(tree)
    masked = _with_stand_ins(content, parse)
    methods = list(_generic_methods(masked))
    lists = tuple(parameters for _, parameters in methods)
    if masked != content or methods:
        tree = parse(_blanked(masked, lists))
    other = parse(_blanked(masked, [receiver for receiver, _ in methods])) if methods else None
    return ReadableGo(tree, lists, other)


def _with_stand_ins(content: bytes, parse: Parse) -> bytes:
    """The same code with a stand-in for every `new` or `make` that the grammar cannot read as such."""
    masked = bytearray(content)
    for call in _calls(content):
        word = content[call.start : call.end].partition(b"(")[0].rstrip()
        alone = bytes(masked[call.start : call.end])
        stand_in = STAND_INS[word] + alone[len(word) :]
        if _is_broken(alone, parse) and not _is_broken(stand_in, parse):
            masked[call.start : call.start + len(word)] = STAND_INS[word]
    return bytes(masked)


def _is_broken(expression: bytes, parse: Parse) -> bool:
    return parse(b"package p\n\nvar _ = " + expression + b"\n").root_node.has_error


def _calls(content: bytes) -> Iterator[ByteRange]:
    """Every `new(…)` and `make(…)` with arguments, an inner one before the one around it."""
    opened: list[int | None] = []
    for token in _TOKEN.finditer(content):
        if token["call"] is not None:
            before = content[: token.start()].rstrip(b" \t")
            # This is a function or method of that name, not a call.
            is_declared = before.endswith((b")", b"func"))
            opened.append(None if is_declared else token.start())
        elif token[0] == b"(":
            opened.append(None)
        elif token[0] == b")" and opened:
            start = opened.pop()
            if start is not None and content[start : token.start()].rstrip()[-1:] != b"(":
                yield ByteRange(start, token.end())


def _generic_methods(content: bytes) -> Iterator[tuple[ByteRange, ByteRange]]:
    """The receiver and the type parameters of every method that has some."""
    for method in _METHOD.finditer(content):
        depth = 0
        for bracket in _BRACKET.finditer(content, method.end()):
            depth += {b"[": 1, b"]": -1}.get(bracket[0], 0)
            if depth == 0:
                yield ByteRange(*method.span(1)), ByteRange(method.end(), bracket.end())
                break


def _blanked(content: bytes, spans: list[ByteRange] | tuple[ByteRange, ...]) -> bytes:
    """The same code with blanks in place of some of it; lines stay lines."""
    text = bytearray(content)
    for span in spans:
        text[span.start : span.end] = re.sub(rb"[^\r\n]", b" ", content[span.start : span.end])
    return bytes(text)
