"""YAML and TOML settings: values that are paths by the name of their key, and the commands of workflows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from migrate.references.formats.shell import commands
from migrate.references.regions import Reading, Region, among_text, divided

KEYS = (
    r"paths?|paths-ignore|files?|dirs?|director(?:y|ies)|working[-_]directory|context|dockerfile|"
    r"(?:skip|exclude|include|watch)[-_](?:dirs?|files?|paths?|regex)|(?:test)?data[-_]dir|root|entrypoint_dir"
)
KEY = re.compile(
    rf"^(?P<indent>[ \t]*)(?:-[ \t]+)?[\"']?(?:{KEYS})[\"']?[ \t]*[:=][ \t]*(?P<value>[^\n#]*)", re.MULTILINE
)
URL_PATH = re.compile(r"\bpaths?[\"']?[ \t]*[:=][ \t]*[\"']?/$")
LISTED = re.compile(r"""["']?([^\s"',\[\]]+)""")
OPEN_LIST = re.compile(r"\[[^\]]*\]")
ITEMS = re.compile(r"(?:[ \t]*(?:#[^\n]*)?\r?\n[ \t]*-[ \t]+[^\n]*)+")
# The folder into which a step of a workflow puts the repository: it stands in no tree, whatever its name.
CHECKOUT = re.compile(
    r"^([ \t]*)(?:-[ \t]+(?:uses:[^\n]*\b)?|uses:[^\n]*\b)checkout\b[^\n]*"
    r"(?:\r?\n(?!\1-)\1[ \t]*[^\n]*)*?\r?\n[ \t]+path:[ \t]*[\"']?([^\s\"'#]+)",
    re.MULTILINE,
)
ITEM = re.compile(r"""^[ \t]*-[ \t]+["']?([^\s"'#]+)""", re.MULTILINE)


def regions(text: str) -> Iterable[Region]:
    """The whole text, with the values of keys that name paths read as paths."""
    return among_text(text, values(text), Reading.PATH)


def workflow_regions(text: str) -> Iterable[Region]:
    """The same, with the commands of its steps read as commands."""
    return divided(text, [*(Region(*span, Reading.PATH) for span in values(text)), *commands(text)])


def values(text: str) -> Iterator[tuple[int, int]]:
    """Where values that are paths stand: one on the key's line, a bracketed list, or the items below the key.

    The folder of a checkout is no path of the tree, and `path: /api` is one of a URL.
    """
    checkouts = {found[2] for found in CHECKOUT.finditer(text)} if "checkout" in text else set()
    for start, end in _values(text):
        if text[start:end] not in checkouts and not URL_PATH.search(text, text.rfind("\n", 0, start) + 1, start + 1):
            yield start, end


def _values(text: str) -> Iterator[tuple[int, int]]:
    for found in KEY.finditer(text):
        start, end = found.span("value")
        if not found["value"].strip():
            items = ITEMS.match(text, end)
            if items:
                yield from (item.span(1) for item in ITEM.finditer(text, *items.span()))
        elif found["value"].startswith("["):
            listed = OPEN_LIST.match(text, start)
            if listed:
                yield from (item.span(1) for item in LISTED.finditer(text, *listed.span()))
        else:
            value = LISTED.match(text, start, end)
            if value:
                yield value.span(1)
