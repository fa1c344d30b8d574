"""The tables of a TOML document, read key by key. Every error names the file, the line and what would be right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

from migrate.errors import PlanError
from migrate.execution.command import Command
from migrate.plan.toml_position import Positions
from migrate.text import did_you_mean, printable

Table = Mapping[str, object]


class Tables:
    """One document. Classes that read some of its tables derive from this one."""

    def __init__(self, path: Path, label: str, positions: Positions, document: Table) -> None:
        self.path = path
        self.label = label
        self.positions = positions
        self.document = document

    def fail(
        self, message: str, table: str, index: int = 0, key: str | None = None, value: str | None = None
    ) -> NoReturn:
        """Raise `PlanError` for a place in the document."""
        raise PlanError(message, where=f"{self.label}:{self.positions.line(table, index, key, value)}")

    def _known(self, name: str, index: int, table: Table, keys: Sequence[str]) -> None:
        for key in table:
            if key not in keys:
                self.fail(f'[{name}] knows no "{printable(key)}"{did_you_mean(key, keys)}', name, index, key)

    def _tables(self, name: str) -> list[Table]:
        value = self.document.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fail(f"write each {name} as its own [[{name}]] table", name)
        return value

    def _text(self, name: str, index: int, table: Table, key: str) -> str | None:
        value = table.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or not value.strip():
            self.fail(f"{key} must be a text, not {described_type(value)}", name, index, key)
        if "\0" in value:
            self.fail(f"{key} holds a NUL byte", name, index, key)
        return value

    def _flag(self, name: str, index: int, table: Table, key: str) -> bool:
        value = table.get(key, False)
        if not isinstance(value, bool):
            self.fail(f"{key} must be true or false, not {described_type(value)}", name, index, key)
        return value

    def _strings(self, name: str, index: int, table: Table, key: str) -> tuple[str, ...] | None:
        value = table.get(key)
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.fail(f"{key} must be a list of texts, not {described_type(value)}", name, index, key)
        if any("\0" in item for item in value):
            self.fail(f"{key} holds a NUL byte", name, index, key)
        return tuple(value)

    def _command(self, name: str, index: int, table: Table, key: str) -> Command | None:
        value = table.get(key)
        if value is None or isinstance(value, str):
            return self._text(name, index, table, key)
        if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
            self.fail(
                f"{key} must be a list of arguments or a text for the shell, not {described_type(value)}",
                name,
                index,
                key,
            )
        return self._strings(name, index, table, key)


def described_type(value: object) -> str:
    """The type of a TOML value, in words."""
    if value in ("", []):
        return "nothing"
    kinds = {bool: "a boolean", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a table"}
    return kinds.get(type(value), "that")
