"""What the plan allows to name old paths."""

from __future__ import annotations

from collections.abc import Sequence

from migrate.tree.allowed import Allowed
from migrate.tree.globs import glob_matches


def permit(path: str, line: str, allowed: Sequence[Allowed]) -> str | None:
    """Why the plan lets a line of a file name an old path, or None when it does not."""
    fitting = (item for item in allowed if item.text is None or item.text in line)
    return next((item.reason for item in fitting if glob_matches(path, [item.files])), None)


def line_text_at(text: str, position: int) -> tuple[int, str]:
    """The beginning of the line around a position, and its text without the line end."""
    begin = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    return begin, text[begin : end if end >= 0 else len(text)].removesuffix("\r")
