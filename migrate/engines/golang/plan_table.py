"""The table `[go]` of a plan: the modules of a tree that no `go.mod` declares."""

from __future__ import annotations

import re
from collections.abc import Mapping

from migrate.engines.golang.stated_modules import StatedModules
from migrate.errors import PathError
from migrate.git.paths import check_path
from migrate.text import printable
from migrate.tree.engine_settings import SettingsError

_IMPORT_PATH = re.compile(r"[A-Za-z0-9._~+-]+(?:/[A-Za-z0-9._~+-]+)*")


def stated_modules(table: Mapping[str, object]) -> StatedModules:
    """The modules in the table. Raises `SettingsError`."""
    modules, modfile = table.get("modules", {}), table.get("modfile")
    if not isinstance(modules, dict):
        raise SettingsError('modules must be a table, such as { "." = "example.com/shop" }', "modules")
    if modfile is not None and (not isinstance(modfile, str) or not modfile.strip()):
        raise SettingsError('modfile must be the path of a file, such as "vendor.mod"', "modfile")
    paths = tuple((_table_folder(folder), _checked_import_path(path)) for folder, path in modules.items())
    return StatedModules(paths, "" if modfile is None else _checked("modfile", modfile))


def _table_folder(folder: str) -> str:
    return "" if folder in (".", "") else _checked("modules", folder)


def _checked(key: str, path: str) -> str:
    try:
        return check_path(path)
    except PathError as error:
        raise SettingsError(str(error), key) from None


def _checked_import_path(path: object) -> str:
    if not isinstance(path, str) or not _IMPORT_PATH.fullmatch(path):
        shown = printable(path) if isinstance(path, str) else str(path)
        raise SettingsError(f'"{shown}" is not an import path; write one such as "example.com/shop"', "modules")
    return path
