"""The Python engine: what the rest of the program asks about Python."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from migrate.engines.base import Engine, FirstPlan, SourceSummary, StaleImport
from migrate.engines.explanation import ChangeKind
from migrate.engines.module_folder import ModuleFolder
from migrate.engines.notes import Summary
from migrate.engines.old_paths import OldPaths
from migrate.engines.python.places import is_python_source
from migrate.engines.verdict import EngineVerdict
from migrate.git.objects import TreeEntry
from migrate.tree.changes import FileChange
from migrate.tree.editable_tree import EditableTree
from migrate.tree.engine_settings import EngineSettings, SettingsError
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay
from migrate.tree.route import Route

if TYPE_CHECKING:
    from migrate.engines.python.code_references import PythonReferences
    from migrate.engines.python.proof.proof import PythonProof
    from migrate.engines.python.verbs import PythonVerbs


class PythonEngine:
    """Python, as `migrate.engines.base.Engine` asks for it."""

    name = "python"
    language = "Python"
    keys = ()
    unforward = ""
    omitted = (".py",)
    folders_are_packages = False
    follows_strings = False
    tests_run_in_place = False

    def settings(self, table: Mapping[str, object]) -> EngineSettings:
        """Nothing: a plan has no table for it."""
        raise SettingsError(f"a plan says nothing to the engine {self.name}, and has {sorted(table)}")

    def first_plan(self, top: Collection[str]) -> FirstPlan | None:  # noqa: ARG002
        """None: no commands are right for most Python programs."""
        return None

    def modules(self, overlay: Overlay, entries: Mapping[str, TreeEntry]) -> Iterable[ModuleFolder]:  # noqa: ARG002
        """Nothing: a module is imported by its path below a folder of the search path."""
        return ()

    def strings(self, overlay: Overlay, modules: tuple[ModuleFolder, ...]) -> None:
        """None: strings are not followed."""

    def is_library(self, name: str) -> bool:  # noqa: ARG002
        """Nothing: names of its standard library have no slash."""
        return False

    def owns(self, path: str) -> bool:
        """Whether a file is Python source code, or a stub."""
        return is_python_source(path)

    def is_test(self, path: str) -> bool:
        """Whether pytest or unittest takes a file by its name."""
        name = path.rpartition("/")[2]
        return self.owns(path) and (name.startswith("test_") or name.removesuffix(".py").endswith("_test"))

    def is_manifest(self, path: str) -> bool:  # noqa: ARG002
        """Nothing: folders on the search path are modules, and no file lists them."""
        return False

    def kind_of_file(self, path: str) -> str | None:
        """One kind for all."""
        return "Python" if self.owns(path) else None

    @property
    def references(self) -> PythonReferences:
        """How Python code names paths of the tree."""
        from migrate.engines.python.code_references import PythonReferences

        return PythonReferences()

    def proof(self, old_paths: OldPaths, modules: tuple[ModuleFolder, ...]) -> PythonProof:  # noqa: ARG002
        """The search for old modules in imports, strings and chains of `Path(__file__)`."""
        from migrate.engines.python.proof.proof import PythonProof

        return PythonProof(old_paths)

    def verbs(self, tree: EditableTree) -> PythonVerbs:
        """`ws.python`."""
        from migrate.engines.python.verbs import PythonVerbs

        return PythonVerbs(tree)

    def relocate(self, tree: EditableTree, route: Route, late: Mapping[str, str]) -> MoveMap:
        """Take late Python files where they belong, and let imports of old places follow."""
        from migrate.engines.python.late_files import relocate_python

        return relocate_python(tree, route, late)

    def affects(self, changes: Sequence[FileChange], entries: Collection[str]) -> bool:  # noqa: ARG002
        """Whether changes may decide about Python code."""
        return any(
            path is not None and is_python_source(path) for each in changes for path in (each.old_path, each.new_path)
        )

    def check(self, overlay: Overlay, changes: Sequence[FileChange], moved: MoveMap, history: MoveMap) -> EngineVerdict:  # noqa: ARG002
        """Imports of modules of the tree that are not there."""
        from migrate.engines.python.soundness import examine_python

        return examine_python(overlay, changes)

    def notes(self, overlay: Overlay, moved: Mapping[str, str]) -> Iterator[str]:
        """Folders that got modules and have no `__init__.py`; names that stay are noted where files move."""
        from migrate.engines.python.package_notes import package_notes

        return package_notes(overlay, moved)

    def kept_names(self, overlay: Overlay, moved: Mapping[str, str]) -> Summary:
        """Where commands and settings still call a module by its old name."""
        from migrate.engines.python.kept_names import kept_names, told_names

        found = kept_names(overlay, moved)
        return Summary(list(told_names(found)), [line for each in found for line in each.details()])

    def stale(self, overlay: Overlay, moves: MoveMap) -> Sequence[StaleImport]:
        """Imports of modules that moved away."""
        from migrate.engines.python.stale import stale_python_imports

        return stale_python_imports(overlay, moves)

    def forwarding(self, overlay: Overlay, entries: Mapping[str, TreeEntry]) -> Collection[str]:  # noqa: ARG002
        """Nothing: no module is left at an old place."""
        return ()

    def forwarded(self, overlay: Overlay) -> tuple[int, int]:  # noqa: ARG002
        """No import goes through a module at an old place."""
        return 0, 0

    def explainer(self, moves: MoveMap) -> Callable[[bytes, bytes], ChangeKind]:
        """A function that explains the difference between two Python files."""
        from migrate.engines.python.explain import python_explainer

        return python_explainer(moves)

    def sources(self, overlay: Overlay) -> Iterator[SourceSummary]:
        """Every Python file that is not somebody else's."""
        from migrate.engines.python.sources import python_sources

        return python_sources(overlay)


if TYPE_CHECKING:
    CONFORMS: Engine = PythonEngine()
    """The type checker holds the class against the protocol."""
