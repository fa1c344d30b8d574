"""The engines' settings of a plan. A tree carries them, and only the engine concerned reads them."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol


class EngineSettings(Protocol):
    """The settings of one engine. They are compared and used as keys of caches, so make them a frozen dataclass."""

    @property
    def digest(self) -> bytes:
        """Bytes that differ when phases would do something else; empty when nothing is set."""

    def __hash__(self) -> int: ...


SettingsByEngine = Mapping[str, EngineSettings]
"""The settings of each engine, by its name."""

NO_SETTINGS: SettingsByEngine = MappingProxyType({})


class SettingsError(ValueError):
    """A setting of an engine is wrong; `key` names it within the engine's table."""

    def __init__(self, message: str, key: str | None = None) -> None:
        super().__init__(message)
        self.key = key
