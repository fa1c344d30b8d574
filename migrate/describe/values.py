"""What templates are given: plain data, so that a template of a plan can call nothing of ours."""

from __future__ import annotations

from collections.abc import Sequence

Values = dict[str, object]

LONGEST_LIST = 50
"""Rows of a table or a list in a description; the rest is counted."""


def listed_values(items: Sequence[object]) -> Values:
    """`rows` short enough to show, how many there are in all (`count`), and how many `more`."""
    shown = list(items[:LONGEST_LIST])
    return {"rows": shown, "count": len(items), "more": len(items) - len(shown)}
