"""The values for templates: plain data, so that a plan's template cannot call functions of the program."""

from __future__ import annotations

from collections.abc import Sequence

Values = dict[str, object]

LONGEST_LIST = 50
"""The most rows that a table or list in a description shows; the rest is counted."""


def listed_values(items: Sequence[object]) -> Values:
    """`rows` short enough to show, how many there are in all (`count`), and how many `more`."""
    shown = list(items[:LONGEST_LIST])
    return {"rows": shown, "count": len(items), "more": len(items) - len(shown)}
