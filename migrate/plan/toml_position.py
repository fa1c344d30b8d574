"""Where a key stands in a TOML file, so that an error can name the line.

`tomli` gives no positions. This finds tables and keys again by their lines. It serves only messages, so an unusually
written file costs at most a less exact line number.
"""

from __future__ import annotations

import re

HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\"'-]+)\s*\]\]?")
KEY = re.compile(r"^\s*([A-Za-z0-9_\"'-]+)\s*=")


class Positions:
    """The lines of a TOML text, counted from 1."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._tables: dict[tuple[str, int], int] = {}
        self._keys: dict[tuple[str, int, str], int] = {}
        table, index = "", 0
        seen: dict[str, int] = {}
        for number, line in enumerate(self._lines, 1):
            if header := HEADER.match(line):
                table = header[2].strip("\"'")
                index = seen.get(table, -1) + 1
                seen[table] = index
                self._tables.setdefault((table, index), number)
            elif key := KEY.match(line):
                self._keys.setdefault((table, index, key[1].strip("\"'")), number)

    def line(self, table: str, index: int = 0, key: str | None = None, value: str | None = None) -> int:
        """The line of a value in a key, else of the key, else of the table; 1 when none is found."""
        start = self._keys.get((table, index, key or ""))
        if start is None:
            return self._tables.get((table, index), 1)
        if value is not None:
            for number in range(start, min(len(self._lines), start + 200) + 1):
                line = self._lines[number - 1]
                if number > start and (HEADER.match(line) or KEY.match(line)):
                    break
                if f'"{value}"' in line or f"'{value}'" in line:
                    return number
        return start

    def text(self, table: str, index: int, key: str) -> int:
        """The line on which the text of a key begins: the next one when its quotes end the line of the key."""
        start = self.line(table, index, key)
        return start + self._lines[start - 1].rstrip().endswith(("'''", '"""'))
