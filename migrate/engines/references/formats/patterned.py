"""Files without keys in which some words must be paths or commands: build files, pipelines, servers' settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from migrate.engines.references.common.spans import Reading, Region, divided
from migrate.engines.references.formats.shell import command_regions
from migrate.engines.references.rewrite.positions import SPELLINGS, Kind, Spelling
from migrate.engines.references.rewrite.reserved import is_one_of


def regions(text: str, path: str) -> Iterable[Region]:
    """The whole text, with what stands at reserved places read as that."""
    return divided(text, at_places(text, path))


def code_regions(text: str, path: str) -> Iterable[Region]:
    """The same of a file in a programming language."""
    return divided(text, at_places(text, path), rest=Reading.CODE)


def at_places(text: str, path: str) -> Iterator[Region]:
    """The regions of reserved places."""
    for rule in rules(path):
        for found in rule.expression.finditer(text):
            start, end = found.span(found.lastindex or 0)
            if rule.kind is Kind.COMMAND:
                yield from command_regions(text, start, end)
            else:
                yield Region(start, end, Reading.PATH)


@lru_cache(maxsize=4096)
def rules(path: str) -> tuple[Spelling, ...]:
    """The rules for a file."""
    return tuple(rule for rule in SPELLINGS if is_one_of(path, rule.files))
