"""Files without keys in which some words must be paths or commands: build files, pipelines, settings of servers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from migrate.engines.references.common.spans import Reading, Span, split_spans
from migrate.engines.references.formats.shell import command_spans
from migrate.engines.references.formats.spellings import SPELLINGS, Spelling
from migrate.engines.references.rewrite.positions import PositionKind
from migrate.engines.references.rewrite.reserved import is_one_of


def spans(text: str, path: str) -> Iterable[Span]:
    """The whole text, with the words at reserved places read as paths or commands."""
    return split_spans(text, at_places(text, path))


def patterned_code_spans(text: str, path: str) -> Iterable[Span]:
    """The same of a file in a programming language."""
    return split_spans(text, at_places(text, path), rest=Reading.CODE)


def at_places(text: str, path: str) -> Iterator[Span]:
    """The regions of reserved places."""
    for rule in spelling_rules(path):
        for found in rule.expression.finditer(text):
            start, end = found.span(found.lastindex or 0)
            if rule.kind is PositionKind.COMMAND:
                yield from command_spans(text, start, end)
            else:
                yield Span(start, end, Reading.PATH)


@lru_cache(maxsize=4096)
def spelling_rules(path: str) -> tuple[Spelling, ...]:
    """The rules for a file."""
    return tuple(rule for rule in SPELLINGS if is_one_of(path, rule.files))
