"""Finds a fixed text that every match of an expression contains, so that files can be searched before reading them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

# The parser of the standard library, under its name since 3.11: it alone knows what an expression means.
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

_REPEATS = frozenset({codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT})
_CUT = ""
"""Marks a gap: something else may stand between the text before it and the one after it."""


def required_text(pattern: re.Pattern[str]) -> str:
    """The longest fixed text that each match of `pattern` contains; empty when none is known.

    Letters of an expression that ignores case are no fixed text.
    """
    runs = [""]
    for piece in _required_pieces(parser.parse(pattern.pattern, pattern.flags), pattern.flags):
        if piece == _CUT:
            runs.append("")
        else:
            runs[-1] += piece
    return max(runs, key=len)


def _required_pieces(parsed: Iterable[tuple[Any, Any]], flags: int) -> Iterator[str]:
    """The characters that every match contains, in order, with `_CUT` between those that need not be neighbours."""
    for code, argument in parsed:
        if code is codes.LITERAL and (not flags & re.IGNORECASE or _is_caseless(argument)):
            yield chr(argument)
        elif code is codes.SUBPATTERN:
            _, added, removed, inner = argument
            yield from _required_pieces(inner, (flags | added) & ~removed)
        elif code in _REPEATS and argument[0] > 0:
            yield _CUT
            yield from _required_pieces(argument[2], flags)
            yield _CUT
        elif code is not codes.AT:  # An anchor takes no character.
            yield _CUT


def _is_caseless(character: int) -> bool:
    """Whether a character is the same in upper and lower case."""
    return character < 128 and not chr(character).isalpha()
