"""Import declarations and raw strings of Go code, read line by line."""

from __future__ import annotations

import re

SPEC = re.compile(r"""[ \t]*(?:import[ \t]+)?\(?[ \t]*(?:[\w.]+[ \t]+)?["`]([^"`\n]+)["`][ \t]*(?:;|\)|//|/\*|\r?$)""")
PIECE = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`[^`]*`""", re.DOTALL)
"""A comment or a literal."""
DECLARATION = re.compile(r"^(?:func|type|var|const)\b", re.MULTILINE)


def import_spec(path: str, text: str, position: int) -> str | None:
    """The import path of the declaration that a position of a file stands in; None when it stands in none."""
    if not path.endswith(".go"):
        return None
    begin = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    spec = SPEC.match(text, begin, end if end >= 0 else len(text))
    if spec is None or not spec.start(1) <= position < spec.end(1):
        return None
    return None if DECLARATION.search(text, 0, begin) else spec[1]


def in_raw_string(text: str, position: int) -> bool:
    """Whether a position of Go code stands in a string between back quotes."""
    found = next((piece for piece in PIECE.finditer(text) if piece.end() > position), None)
    return found is not None and found.start() < position and found[0].startswith("`")
