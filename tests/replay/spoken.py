"""What of a Go file can name a place: its package clause, strings, comments, and qualifiers of what moved."""

from __future__ import annotations

import re
from collections.abc import Collection

from migrate.engines.golang.scope import Scopes
from migrate.text import decode, encode

TOKEN = re.compile(
    rb"^package[^\n]*|//[^\n]*|/\*.*?\*/|\"(?:[^\"\\\n]|\\.)*\"|`[^`]*`|'(?:[^'\\\n]|\\.)*'|(?P<name>[A-Za-z_\x80-\xff][\w\x80-\xff]*)",
    re.DOTALL | re.MULTILINE,
)


def spoken(body: str, qualifiers: Collection[str]) -> dict[str, str]:
    """The lines of a file, each with what is left of it without the names of variables, functions, types and fields."""
    content = encode(body)
    kept = {use.start for use in Scopes(content).free(qualifiers) if use.selected}
    rest = TOKEN.sub(lambda found: found[0] if found["name"] is None or found.start() in kept else b"", content)
    return dict(zip(body.splitlines(), decode(rest).splitlines(), strict=True))
