"""`.gitmodules`: the path of a submodule is updated, its name stays, because clones know it by that name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.engines.references.common.spans import Span, split_spans

NAME = re.compile(r"^[ \t]*\[submodule[^\n]*", re.MULTILINE)


def spans(text: str, path: str) -> Iterator[Span]:  # noqa: ARG001 (every format is asked alike)
    """The whole text without the names of submodules."""
    return split_spans(text, (), without=(found.span() for found in NAME.finditer(text)))
