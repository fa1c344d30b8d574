"""The tables of a plan that have the names of engines.

Each engine reads its own table, and is not asked without one.
"""

from __future__ import annotations

from collections.abc import Collection

from migrate.engines.registry import BUILT_IN, all_engines, engine_named, installed_engines
from migrate.plan.toml_tables import Tables
from migrate.tree.engine_settings import SettingsByEngine, SettingsError


def is_engine_table(name: str) -> bool:
    """Whether there is an engine of this name that reads a table of the plan."""
    return (name in BUILT_IN or name in installed_engines()) and bool(engine_named(name).keys)


def engine_tables() -> list[str]:
    """The tables that a plan may have for engines."""
    return [each.name for each in all_engines() if each.keys]


class EngineTables(Tables):
    """Reads the tables for engines."""

    def settings(self, own: Collection[str]) -> SettingsByEngine:
        """The settings of each engine, from all tables that are not the plan's `own`. Raises `PlanError`."""
        found = {}
        for name, table in self.document.items():
            if name in own or not is_engine_table(name):
                continue
            if not isinstance(table, dict):
                self.fail(f"write [{name}] as one table", name)
            self._known(name, 0, table, engine_named(name).keys)
            try:
                found[name] = engine_named(name).settings(table)
            except SettingsError as error:
                self.fail(str(error), name, 0, error.key)
        return found
