"""What a phase module must offer, as types. Both a type checker and the loader check a module against them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from types import ModuleType
from typing import Protocol, cast

from migrate.errors import PhaseError
from migrate.phase.workspace import Workspace
from migrate.plan.phase_source import Problem

Found = Iterable[Problem | str] | Problem | str | None
"""What `preflight` may return: problems, one problem, or nothing."""


class Apply(Protocol):
    """The function `apply` of every phase."""

    def __call__(self, ws: Workspace, /) -> object:
        """Edit the workspace. The return value is ignored."""


class Preflight(Protocol):
    """The function `preflight` that a phase may have."""

    def __call__(self, ws: Workspace, /) -> Found:
        """Return the reasons why the phase cannot run on this tree; called before `apply`."""


@dataclass(frozen=True)
class PhaseModule:
    """A phase module, as it was loaded."""

    apply: Apply
    preflight: Preflight | None = None

    @classmethod
    def of(cls, module: ModuleType) -> PhaseModule:
        """The functions of a loaded module. Raises `PhaseError` when one of them cannot be called."""
        found = {name: function(module, name) for name in ("apply", "preflight")}
        if found["apply"] is None:
            raise PhaseError("apply was taken away while the module was loaded", advice="a phase needs apply(ws)")
        return cls(cast("Apply", found["apply"]), cast("Preflight | None", found["preflight"]))

    def problems(self, ws: Workspace) -> list[Problem]:
        """The problems that its `preflight` finds. Raises whatever that raises."""
        found = self.preflight(ws) if self.preflight is not None else None
        listed = [found] if isinstance(found, Problem | str) else found or ()
        return [each if isinstance(each, Problem) else Problem(str(each)) for each in listed]


def function(module: ModuleType, name: str) -> Callable[..., object] | None:
    """The function of a module with a name; None when there is none. Raises `PhaseError` when it cannot be called."""
    found = getattr(module, name, None)
    if found is not None and not callable(found):
        raise PhaseError(
            f"{name} must be a function that takes the workspace, but its type is {type(found).__name__}",
            advice=f"give that value another name, and write def {name}(ws)",
        )
    return found
