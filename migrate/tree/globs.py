"""Path patterns as phases and plans write them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from migrate.tree.wildmatch import wildmatch_regex


def glob_matches(path: str, globs: Iterable[str]) -> bool:
    """Whether one of the patterns of `Workspace.glob` matches."""
    return any(glob_regex(pattern).fullmatch(path) for pattern in globs)


@lru_cache(maxsize=256)
def glob_regex(pattern: str) -> re.Pattern[str]:
    """The expression that a path pattern stands for: gitignore's `*`, `?`, `**` and `[…]`, anchored at the top."""
    return re.compile(wildmatch_regex(pattern, crossing=".*"), re.DOTALL)
