"""`.gitmodules`: a submodule's path follows, its name stays, because clones keep what they know of it by that name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.engines.references.common.spans import Region, divided

NAME = re.compile(r"^[ \t]*\[submodule[^\n]*", re.MULTILINE)


def regions(text: str, path: str) -> Iterator[Region]:  # noqa: ARG001 (every format is asked alike)
    """The whole text without the names of submodules."""
    return divided(text, (), without=(found.span() for found in NAME.finditer(text)))
