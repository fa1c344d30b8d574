"""The workspace that a phase's `apply` gets: a tree to edit, and the engines that know languages."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from migrate.engines.registry import engine_named
from migrate.tree.allowed import Allowed
from migrate.tree.editable_tree import EditableTree, Imports, Missing, ToolRunner
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay

if TYPE_CHECKING:
    from migrate.contracts.crossings import LayerCrossing
    from migrate.engines.golang.verbs import GoVerbs
    from migrate.engines.python.verbs import PythonVerbs
    from migrate.engines.references.rewrite.updater import References
    from migrate.plan.layers import Layer


class Workspace(EditableTree):
    """The tree of a phase, with the verbs of each engine."""

    def __init__(
        self,
        overlay: Overlay,
        *,
        phase: str = "",
        history: MoveMap | None = None,
        templates: Path | None = None,
        run_tool: ToolRunner | None = None,
        allowed: Sequence[Allowed] = (),
        layers: Sequence[Layer] = (),
        imports: Imports = "rewrite",
        missing: Missing = "fail",
    ) -> None:
        super().__init__(
            overlay,
            phase=phase,
            history=history,
            templates=templates,
            run_tool=run_tool,
            allowed=allowed,
            imports=imports,
            missing=missing,
        )
        self.layers = tuple(layers)

    def engine(self, name: str) -> Any:
        """The verbs of an engine, built in or installed. Each engine has its own.

        Raises `PhaseError` for a name that no engine has.
        """
        if name not in self._pending:
            self._pending[name] = engine_named(name).verbs(self)
        return self._pending[name]

    @property
    def go(self) -> GoVerbs:
        """Moving Go packages and everything that knows their import paths."""
        return cast("GoVerbs", self.engine("go"))

    @property
    def python(self) -> PythonVerbs:
        """Moving Python modules and packages and everything that knows their import paths."""
        return cast("PythonVerbs", self.engine("python"))

    @cached_property
    def references(self) -> References:
        """Old paths outside imports."""
        from migrate.engines.references.rewrite.updater import References

        return References(self)

    def crossings(self) -> list[LayerCrossing]:
        """The imports that the plan's layers forbid, by file and line; those that the plan excepts are included."""
        from migrate.contracts.crossings import judge_layers
        from migrate.engines.sources import all_sources

        self.flush()
        return list(judge_layers(self.layers, all_sources(self.overlay)).crossings)
