"""The Go engine: what the rest of the program asks about Go."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from migrate.engines.base import Engine, FirstPlan, FirstValidation, SourceSummary, StaleImport, StringReading
from migrate.engines.explanation import ChangeKind
from migrate.engines.golang.checking.relevance import may_decide
from migrate.engines.golang.forwarding import go_forwarding_files
from migrate.engines.module_folder import ModuleFolder
from migrate.engines.notes import Summary
from migrate.engines.old_paths import OldPaths
from migrate.engines.verdict import EngineVerdict
from migrate.git.objects import TreeEntry
from migrate.tree.changes import FileChange
from migrate.tree.editable_tree import EditableTree
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay
from migrate.tree.route import Route

if TYPE_CHECKING:
    from migrate.engines.golang.code_references import GoReferences
    from migrate.engines.golang.proof.proof import GoProof
    from migrate.engines.golang.stated_modules import StatedModules
    from migrate.engines.golang.verbs import GoVerbs

MANIFESTS = frozenset({"go.mod", "go.work"})


class GoEngine:
    """Go, as `migrate.engines.base.Engine` asks for it."""

    name = "go"
    language = "Go"
    keys = ("modules", "modfile")
    unforward = "ws.go.unforward()"
    omitted = ()
    folders_are_packages = True
    follows_strings = True
    tests_run_in_place = True

    def settings(self, table: Mapping[str, object]) -> StatedModules:
        """The modules that no `go.mod` declares."""
        from migrate.engines.golang.plan_table import stated_modules

        return stated_modules(table)

    def first_plan(self, top: Collection[str]) -> FirstPlan | None:
        """A build and `go vet`, where a `go.mod` is at the top."""
        commands = tuple(FirstValidation(word, ("go", word, "./...")) for word in ("build", "vet"))
        example = ('ws.go.move("internal/services/retry", "pkg/retry")', "ws.references.update()")
        return FirstPlan(commands, example) if "go.mod" in top else None

    def modules(self, overlay: Overlay, entries: Mapping[str, TreeEntry]) -> Iterator[ModuleFolder]:
        """The modules that a `go.mod` declares, or the plan."""
        from migrate.engines.golang.module_folders import go_module_folders

        return go_module_folders(overlay, entries)

    def strings(self, overlay: Overlay, modules: tuple[ModuleFolder, ...]) -> StringReading:
        """Through joins, variables, fields and functions of the tree."""
        from migrate.engines.golang.string_flow import StringFlow

        return StringFlow(overlay, modules).reading

    def is_library(self, name: str) -> bool:
        """Whether Go's standard library has a package of this path."""
        from migrate.engines.golang.standard import STANDARD

        return name in STANDARD

    def owns(self, path: str) -> bool:
        """Whether a file is Go source code."""
        return path.endswith(".go")

    def is_test(self, path: str) -> bool:
        """Whether `go test` alone takes a file."""
        return path.endswith("_test.go")

    def is_manifest(self, path: str) -> bool:
        """Whether a file is a `go.mod` or a `go.work`."""
        return path.endswith((".mod", ".work")) and path.rpartition("/")[2] in MANIFESTS

    def kind_of_file(self, path: str) -> str | None:
        """Code, tests, or what says which modules there are."""
        if path.rpartition("/")[2] in (*MANIFESTS, "go.sum"):
            return "Go module"
        return ("Go tests" if self.is_test(path) else "Go") if self.owns(path) else None

    @property
    def references(self) -> GoReferences:
        """How Go code names paths of the tree."""
        from migrate.engines.golang.code_references import GoReferences

        return GoReferences()

    def proof(self, old_paths: OldPaths, modules: tuple[ModuleFolder, ...]) -> GoProof:
        """The search for old paths in Go code, manifests and patterns of packages."""
        from migrate.engines.golang.proof.proof import GoProof

        return GoProof(old_paths, modules)

    def verbs(self, tree: EditableTree) -> GoVerbs:
        """`ws.go`."""
        from migrate.engines.golang.verbs import GoVerbs

        return GoVerbs(tree)

    def relocate(self, tree: EditableTree, route: Route, late: Mapping[str, str]) -> MoveMap:
        """Take late Go files where they belong; packages join those that stand there."""
        from migrate.engines.golang.late_files import relocate_go

        return relocate_go(tree, route, late)

    def affects(self, changes: Sequence[FileChange], entries: Collection[str]) -> bool:
        """Whether changes may decide about the Go code, or about what it embeds."""
        return may_decide(changes, entries)

    def check(self, overlay: Overlay, changes: Sequence[FileChange], moved: MoveMap, history: MoveMap) -> EngineVerdict:
        """Imports, cycles, visibility, embedded files and the order of imports."""
        from migrate.engines.golang.checking.soundness import examine_go

        return examine_go(overlay, changes, moved, history)

    def notes(self, overlay: Overlay, moved: Mapping[str, str]) -> Iterator[str]:
        """Names of programs and packages, and builds that a file's name limits."""
        from migrate.engines.golang.implied import go_implied_notes

        return go_implied_notes(overlay, moved)

    def kept_names(self, overlay: Overlay, moved: Mapping[str, str]) -> Summary:  # noqa: ARG002
        """None: the import path is the name, and every import follows."""
        return Summary([], [])

    def stale(self, overlay: Overlay, moves: MoveMap) -> Sequence[StaleImport]:
        """Imports of packages that moved away."""
        from migrate.engines.golang.checking.verify import stale_imports

        return stale_imports(overlay, moves)

    def forwarding(self, overlay: Overlay, entries: Mapping[str, TreeEntry]) -> Collection[str]:
        """The files of packages that forward."""
        return go_forwarding_files(overlay, entries)

    def forwarded(self, overlay: Overlay) -> tuple[int, int]:
        """How many imports go through packages that forward, and how many such packages there are."""
        from migrate.engines.golang.checking.verify import forwarded_imports

        return forwarded_imports(overlay)

    def explainer(self, moves: MoveMap) -> Callable[[bytes, bytes], ChangeKind]:
        """A function that explains the difference between two Go files."""
        from migrate.engines.golang.explanation import go_explainer

        return go_explainer(moves)

    def sources(self, overlay: Overlay) -> Iterator[SourceSummary]:
        """Every Go file outside vendor/."""
        from migrate.engines.golang.sources import go_sources
        from migrate.engines.golang.tree import GoTree

        return go_sources(GoTree.of(overlay))


if TYPE_CHECKING:
    CONFORMS: Engine = GoEngine()
    """The type checker holds the class against the protocol."""
