"""YAML, TOML, JSON and INI settings: values that are paths, commands or names by their place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from migrate.engines.references.common.spans import Reading, Span, split_spans
from migrate.engines.references.formats.outline import Value, ini_values, json_values, toml_values, yaml_values
from migrate.engines.references.formats.patterned import at_places
from migrate.engines.references.formats.shell import command_spans
from migrate.engines.references.rewrite.positions import PositionKind
from migrate.engines.references.rewrite.reserved import ReservedValue, reserved_values

# The folder into which a step of a workflow checks out the repository: it is in no tree, whatever its name.
CHECKOUT = re.compile(
    r"^([ \t]*)(?:-[ \t]+(?:uses:[^\n]*\b)?|uses:[^\n]*\b)checkout\b[^\n]*"
    r"(?:\r?\n(?!\1-)\1[ \t]*[^\n]*)*?\r?\n[ \t]+path:[ \t]*[\"']?([^\s\"'#]+)",
    re.MULTILINE,
)
# The path of a page has the end of its name, or a slash; a title may be any phrase.
PAGE = re.compile(r"\S*[./]\S*")


def spans(text: str, path: str) -> Iterable[Span]:
    """A YAML file."""
    return by_place(text, path, yaml_values)


def json_spans(text: str, path: str) -> Iterable[Span]:
    """A JSON file."""
    return by_place(text, path, json_values)


def toml_spans(text: str, path: str) -> Iterable[Span]:
    """A TOML file."""
    return by_place(text, path, toml_values)


def ini_spans(text: str, path: str) -> Iterable[Span]:
    """An INI file."""
    return by_place(text, path, ini_values)


def by_place(text: str, path: str, values: Callable[[str], Iterable[Value]]) -> Iterable[Span]:
    """The whole text, with the values at reserved places read as their places say."""
    checkouts = checkouts_of(text)
    known = [
        place
        for place in reserved_values(path, text, values(text))
        if unquoted_value(text, place.value) not in checkouts
    ]
    names = ((place.value.start, place.value.end) for place in known if is_name_value(text, place))
    spans = (span for place in known for span in read_value(text, place, checkouts))
    return split_spans(text, [*spans, *at_places(text, path)], names)


def is_name_value(text: str, place: ReservedValue) -> bool:
    """Whether a value is a name and not a path, even if it looks like one."""
    return place.kind is PositionKind.NAME or (
        place.kind is PositionKind.PAGE and PAGE.fullmatch(unquoted_value(text, place.value)) is None
    )


def unquoted_value(text: str, value: Value) -> str:
    """The content of a value, without quotes."""
    return text[value.start : value.end]


def checkouts_of(text: str) -> set[str]:
    """The folders into which the steps of a workflow put repositories."""
    return {found[2].rstrip("/") for found in CHECKOUT.finditer(text)} if "checkout" in text else set()


def read_value(text: str, place: ReservedValue, checkouts: set[str]) -> Iterator[Span]:
    """The regions of a value. A checkout's folder is the top, and a command that runs there runs at the top."""
    start, end = place.value.start, place.value.end
    base = next((place.base[len(top) + 1 :] for top in checkouts if f"{place.base}/".startswith(f"{top}/")), place.base)
    if place.kind is PositionKind.PATH or (place.kind is PositionKind.PAGE and not is_name_value(text, place)):
        yield Span(start, end, Reading.PATH, base)
    elif place.kind is PositionKind.COMMAND:
        yield from command_spans(text, start, end, base)
