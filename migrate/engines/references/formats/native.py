"""Protocol Buffers and C: imports and includes count from a search path, or from the file's own folder."""

from __future__ import annotations

import re
from collections.abc import Iterable

from migrate.engines.references.common.spans import Reading, Span, split_spans

PROTO_IMPORT = re.compile(r"^[ \t]*import[ \t]+(?:public[ \t]+|weak[ \t]+)?\"([^\"\n]+)\"", re.MULTILINE)
INCLUDE = re.compile(r"^[ \t]*#[ \t]*(?:include|import)[ \t]+[<\"]([^>\"\n.][^>\"\n]*)[>\"]", re.MULTILINE)


def proto_spans(text: str, path: str) -> Iterable[Span]:  # noqa: ARG001 (every format is asked alike)
    """The whole text of a .proto file, with its imports as they are searched for."""
    return split_spans(text, (Span(*found.span(1), Reading.ROOTED) for found in PROTO_IMPORT.finditer(text)))


def c_spans(text: str, path: str) -> Iterable[Span]:  # noqa: ARG001
    """The whole text of a C file, with its includes as the compiler searches them; `../` counts from the file."""
    found = (Span(*include.span(1), Reading.ROOTED) for include in INCLUDE.finditer(text))
    return split_spans(text, found, rest=Reading.CODE)
