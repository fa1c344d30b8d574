"""YAML, TOML, JSON and INI settings: values that are paths, commands or names by their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from migrate.references.formats.outline import Value, ini_values, json_values, toml_values, yaml_values
from migrate.references.formats.shell import commands
from migrate.references.positions import Kind
from migrate.references.regions import Reading, Region, divided
from migrate.references.reserved import Reserved, reserved

# The folder into which a step of a workflow puts the repository: it stands in no tree, whatever its name.
CHECKOUT = re.compile(
    r"^([ \t]*)(?:-[ \t]+(?:uses:[^\n]*\b)?|uses:[^\n]*\b)checkout\b[^\n]*"
    r"(?:\r?\n(?!\1-)\1[ \t]*[^\n]*)*?\r?\n[ \t]+path:[ \t]*[\"']?([^\s\"'#]+)",
    re.MULTILINE,
)


def regions(text: str, path: str) -> Iterable[Region]:
    """A YAML file."""
    return by_place(text, path, yaml_values)


def json_regions(text: str, path: str) -> Iterable[Region]:
    """A JSON file."""
    return by_place(text, path, json_values)


def toml_regions(text: str, path: str) -> Iterable[Region]:
    """A TOML file."""
    return by_place(text, path, toml_values)


def ini_regions(text: str, path: str) -> Iterable[Region]:
    """An INI file."""
    return by_place(text, path, ini_values)


def by_place(text: str, path: str, values: Callable[[str], Iterable[Value]]) -> Iterable[Region]:
    """The whole text, with the values at reserved places read as what stands there."""
    checkouts = {found[2] for found in CHECKOUT.finditer(text)} if "checkout" in text else set()
    known = [
        place
        for place in reserved(path, text, values(text))
        if text[place.value.start : place.value.end] not in checkouts
    ]
    names = ((place.value.start, place.value.end) for place in known if place.kind is Kind.NAME)
    return divided(text, (region for place in known for region in read(text, place)), names)


def read(text: str, place: Reserved) -> Iterator[Region]:
    """The regions of a value."""
    start, end = place.value.start, place.value.end
    if place.kind is Kind.PATH:
        yield Region(start, end, Reading.PATH, place.base)
    elif place.kind is Kind.COMMAND:
        inner = commands(text, start, end, place.base)
        yield from within(start, end, sorted(inner, key=lambda region: (region.start, region.end)), place.base)


def within(start: int, end: int, inner: Iterable[Region], base: str) -> Iterator[Region]:
    """A stretch of command lines: what is read in its own way, and the words between."""
    position = start
    for region in inner:
        if region.start >= position:
            if region.start > position:
                yield Region(position, region.start, Reading.WORDS, base)
            yield region
            position = region.end
    if position < end:
        yield Region(position, end, Reading.WORDS, base)
