"""The table `[go]` of a plan: the modules of a tree that no `go.mod` declares."""

from __future__ import annotations

import re

from migrate.errors import PathError
from migrate.git.paths import check_path
from migrate.plan.toml_tables import Tables
from migrate.text import printable
from migrate.tree.stated_modules import StatedModules

GO_KEYS = ("modules", "modfile")
_IMPORT_PATH = re.compile(r"[A-Za-z0-9._~+-]+(?:/[A-Za-z0-9._~+-]+)*")


class GoTableReader(Tables):
    """Reads the table `[go]` of a plan."""

    def stated(self) -> StatedModules:
        """What the table says; nothing where it is not there."""
        table = self.document.get("go", {})
        if not isinstance(table, dict):
            self.fail("write [go] as one table", "go")
        self._known("go", 0, table, GO_KEYS)
        modules = table.get("modules", {})
        if not isinstance(modules, dict):
            self.fail('modules must be a table, such as { "." = "example.com/shop" }', "go", 0, "modules")
        paths = tuple((self._path("modules", folder), self._import_path(path)) for folder, path in modules.items())
        modfile = self._text("go", 0, table, "modfile")
        return StatedModules(paths, "" if modfile is None else self._path("modfile", modfile))

    def _path(self, key: str, path: str) -> str:
        try:
            return "" if path in (".", "") and key == "modules" else check_path(path)
        except PathError as error:
            self.fail(str(error), "go", 0, key)

    def _import_path(self, path: object) -> str:
        if not isinstance(path, str) or not _IMPORT_PATH.fullmatch(path):
            shown = printable(path) if isinstance(path, str) else str(path)
            self.fail(f'"{shown}" is no import path; write one such as "example.com/shop"', "go", 0, "modules")
        return path
