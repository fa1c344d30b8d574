"""Go modules that a plan states because no `go.mod` does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from migrate.tree.overlay import Overlay


@dataclass(frozen=True)
class StatedModules:
    """The import path of each folder that a plan states ("" for the top), and the file that serves as `go.mod`."""

    paths: tuple[tuple[str, str], ...] = ()
    modfile: str = ""

    @property
    def digest(self) -> bytes:
        """Bytes that differ when phases would do something else; empty when nothing is stated."""
        return repr((self.paths, self.modfile)).encode() if self.paths or self.modfile else b""


NOTHING_STATED = StatedModules()


def stated_in(overlay: Overlay) -> StatedModules:
    """The modules of a tree that the plan states."""
    return cast("StatedModules", overlay.settings.get("go", NOTHING_STATED))
