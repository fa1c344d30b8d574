"""Old names of modules at places that no format reserves: they are said, and left to a person."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename

from migrate.engines.notes import Remark
from migrate.engines.python.dotted import Dotted
from migrate.engines.python.header import string_texts
from migrate.engines.python.places import is_python_source
from migrate.engines.python.step import PythonStep
from migrate.git.process import decode

_HISTORY = re.compile(r"(?:change|history|news|release)", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w./-])[^\W\d]\w*(?:\.[^\W\d]\w*)+(?![\w/-])")


def unreserved_mentions(step: PythonStep, path: str, content: bytes) -> Iterator[Remark]:
    """The lines of a file, as it is after the step, that name a module by what it was called before.

    `path` is the old one. In code only texts and comments are looked at, and a history may speak of what was.
    """
    if _HISTORY.match(basename(path)):
        return
    dotted, now = Dotted(step, path), step.moves.resolve(path)
    leaves = {basename(place) for place in step.tops}
    spans = string_texts(content) if is_python_source(path) else [(0, len(content))]
    for start, end in spans:
        text = decode(content[start:end])
        if not any(leaf in text for leaf in leaves):
            continue
        line = content.count(b"\n", 0, start) + 1
        for number, each in enumerate(text.split("\n"), line):
            for match in _NAME.finditer(each):
                if leaves.isdisjoint(match[0].split(".")):
                    continue
                found = dotted.module(match[0])
                if found is None or found.place not in step.moved or "." not in found.name:
                    continue
                if (there := step.after.longest(match[0], now)) is None or there.name != found.name:
                    yield Remark(
                        f"{now}:{number}", f"names {found.name} in a text", "places name old modules in a text"
                    )
