"""The names that a package defines itself, so that they hide its modules of the same names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from migrate.engines.python.header import statements
from migrate.engines.python.places import joined, place_of
from migrate.engines.python.wanted import Wanted

if TYPE_CHECKING:
    from migrate.engines.python.step import Step

DEFINED = re.compile(
    rb"^(?:(?:async[ \t]+)?def[ \t]+|class[ \t]+)(?P<one>[\w\x80-\xff]+)"
    rb"|^(?P<two>[\w\x80-\xff]+)[ \t]*(?::[^=\n]+)?=(?!=)",
    re.MULTILINE,
)


def defined(step: Step, path: str) -> frozenset[str]:
    """The names that a file binds at its top to something else than a module below it of the same name."""
    content = step.read(path)
    names = {(match["one"] or match["two"]).decode("utf-8", "surrogateescape") for match in DEFINED.finditer(content)}
    place, wanted = place_of(path), Wanted(step, path)
    for statement in statements(content):
        if content[statement.start - 1 : statement.start] in b" \t" and statement.start:
            continue
        module = wanted.module(statement) if statement.is_from else None
        for item in statement.items:
            bound = item.alias or item.name.partition(".")[0]
            if module is not None:
                is_own = joined(module.place, item.name) == joined(place, bound)
            else:
                target = None if statement.is_from else wanted.target(item.name if item.alias else bound)
                is_own = target is not None and target.place == joined(place, bound)
            if not is_own:
                names.add(bound)
    return frozenset(names)
