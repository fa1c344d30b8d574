"""What a plan says to the engines: carried through a tree, and read by the engine alone that it is for."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol


class EngineSettings(Protocol):
    """What a plan says to one engine. It is compared, and a key of caches: a frozen dataclass will do."""

    @property
    def digest(self) -> bytes:
        """What decides with it what phases do; empty where nothing is said."""

    def __hash__(self) -> int: ...


SettingsByEngine = Mapping[str, EngineSettings]
"""By the name of an engine what the plan says to it."""

NO_SETTINGS: SettingsByEngine = MappingProxyType({})


class SettingsError(ValueError):
    """What a plan says to an engine is wrong; `key` of its table is where."""

    def __init__(self, message: str, key: str | None = None) -> None:
        super().__init__(message)
        self.key = key
