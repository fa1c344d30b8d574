"""Go modules that a plan names because no `go.mod` does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from migrate.tree.overlay import Overlay


@dataclass(frozen=True)
class StatedModules:
    """The import path of each folder that a plan names ("" for the top), and the file that stands for a `go.mod`."""

    paths: tuple[tuple[str, str], ...] = ()
    modfile: str = ""

    @property
    def digest(self) -> bytes:
        """What decides with it what phases do; empty where nothing is stated."""
        return repr((self.paths, self.modfile)).encode() if self.paths or self.modfile else b""


NOTHING_STATED = StatedModules()


def stated_in(overlay: Overlay) -> StatedModules:
    """What the plan says of the modules of a tree."""
    return cast("StatedModules", overlay.settings.get("go", NOTHING_STATED))
