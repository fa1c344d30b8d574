"""What the rest of the program asks of an engine. The program itself knows no language: it asks every engine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import NamedTuple, Protocol

from migrate.engines.code_proof import CodeProof
from migrate.engines.code_references import CodeReferences
from migrate.engines.explanation import ChangeKind
from migrate.engines.module_folder import ModuleFolder
from migrate.engines.notes import Summary
from migrate.engines.old_paths import OldPaths
from migrate.engines.references.common.spans import Reading
from migrate.engines.verdict import EngineVerdict
from migrate.git.objects import TreeEntry
from migrate.git.paths import folder_of
from migrate.tree.changes import FileChange
from migrate.tree.editable_tree import EditableTree, Pending
from migrate.tree.engine_settings import EngineSettings
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay
from migrate.tree.route import Route


class FileRole(Enum):
    """What a file is to the package of its folder."""

    BUILT = auto()
    """A build takes it, in some configuration."""
    TEST = auto()
    """A test in the package itself."""
    BESIDE = auto()
    """Neither: an external test, or a file that no build includes."""


class SourceImport(NamedTuple):
    """One import of this program: its line in the file, from 1, and the folder that it means, even a missing one."""

    line: int
    folder: str


@dataclass(frozen=True)
class SourceSummary:
    """One file of source code, with what it imports of this program; `imports` is None where that cannot be read.

    `package` is the name of the code in its folder, "" when it has none.
    """

    path: str
    package: str
    role: FileRole
    imports: tuple[SourceImport, ...] | None

    @property
    def folder(self) -> str:
        """The folder that it stands in, "" for the top."""
        return folder_of(self.path)


@dataclass(frozen=True)
class StaleImport:
    """An import of something that is no longer in its place; `line` counts from 1."""

    path: str
    line: int
    text: str
    message: str


class FirstValidation(NamedTuple):
    """What a new plan runs on every phase: a name, and a program with its arguments."""

    name: str
    run: tuple[str, ...]


class FirstPlan(NamedTuple):
    """What `init` writes for a repository in a language."""

    validations: tuple[FirstValidation, ...]
    example: tuple[str, ...]
    """Lines of an example phase that moves something, for a person to change."""


StringReading = Callable[[str, int], Reading]
"""A function that says how to read the string at a byte of a file, by the function that takes it."""


class Engine(Protocol):
    """Knows one language. An engine keeps no state, and imports nothing slow before it is needed."""

    name: str
    """Its name in a workspace: `ws.engine("go")`."""
    language: str
    """Its name for people: `Go`."""

    unforward: str
    """The call that removes what forwards from old places: `ws.go.unforward()`; "" if the engine never forwards."""
    folders_are_packages: bool
    """Whether a folder of code is one package, which texts call by its last word: `auth` for `internal/auth`."""
    follows_strings: bool
    """Whether `strings` tells which strings of code are paths, so that the others need not be."""
    tests_run_in_place: bool
    """Whether a test runs in the folder of its file, so that what it reads counts from there."""

    @property
    def omitted(self) -> Sequence[str]:
        """The endings that a path may leave out: `.py` where `shop/cart` means `shop/cart.py`."""

    @property
    def keys(self) -> Sequence[str]:
        """The keys of the table with its name that a plan may have; none if there is no such table."""

    def settings(self, table: Mapping[str, object]) -> EngineSettings:
        """Read its table of a plan, which has only these keys. Raises `SettingsError`."""

    def first_plan(self, top: Collection[str]) -> FirstPlan | None:
        """The beginning of a new plan, by the files at the top of the repository; None if it has none to suggest."""

    def modules(self, overlay: Overlay, entries: Mapping[str, TreeEntry]) -> Iterable[ModuleFolder]:
        """The folders with an import path of their own, which does not depend on their place."""

    def strings(self, overlay: Overlay, modules: tuple[ModuleFolder, ...]) -> StringReading | None:
        """Follows strings of its code to the functions that take them; None if the engine cannot do that."""

    def is_library(self, name: str) -> bool:
        """Whether a path names a package of its standard library, like `database/sql`, and no folder of the tree."""

    def owns(self, path: str) -> bool:
        """Whether a file is source code of the language, by its path."""

    def is_test(self, path: str) -> bool:
        """Whether a file of code is a test, by its path."""

    def is_manifest(self, path: str) -> bool:
        """Whether a file declares modules, so that only the engine rewrites it."""

    def kind_of_file(self, path: str) -> str | None:
        """What a description calls such files, `Go tests`; None for what is no file of the language."""

    @property
    def references(self) -> CodeReferences:
        """How its code names paths of the tree, for whoever rewrites references."""

    def proof(self, old_paths: OldPaths, modules: tuple[ModuleFolder, ...]) -> CodeProof:
        """The search for what its code still says of old paths, for `migrate verify`."""

    def verbs(self, tree: EditableTree) -> Pending:
        """The object that a phase calls; it may collect moves until `flush`."""

    def relocate(self, tree: EditableTree, route: Route, late: Mapping[str, str]) -> MoveMap:
        """Move the late files that are its source code to where they belong; returns the moves.

        `late` says where each file at an old place belongs. Imports of old places are updated.
        Raises `PhaseError` for what the engine refuses.
        """

    def affects(self, changes: Sequence[FileChange], entries: Collection[str]) -> bool:
        """Whether changes of files may affect the code of a tree with these paths. Each phase asks this."""

    def check(self, overlay: Overlay, changes: Sequence[FileChange], moved: MoveMap, history: MoveMap) -> EngineVerdict:
        """What a compiler would refuse after a phase with these changes and moves, as far as that is known without one.

        `history` is the map of the phases before.
        """

    def notes(self, overlay: Overlay, moved: Mapping[str, str]) -> Iterator[str]:
        """Notes about moved files, each old path with its new one: for example about names derived from a path."""

    def kept_names(self, overlay: Overlay, moved: Mapping[str, str]) -> Summary:
        """The places that still use a name derived from the old path of a file.

        `moved` holds the files whose names the phase did not update, each old path with its new one.
        """

    def stale(self, overlay: Overlay, moves: MoveMap) -> Sequence[StaleImport]:
        """Every import of what `moves` moved away, or of what is missing."""

    def forwarding(self, overlay: Overlay, entries: Mapping[str, TreeEntry]) -> Collection[str]:
        """The forwarding files of entries: they are at old places on purpose, so that importers find the new ones."""

    def forwarded(self, overlay: Overlay) -> tuple[int, int]:
        """The number of imports through forwarding places, and the number of such places."""

    def explainer(self, moves: MoveMap) -> Callable[[bytes, bytes], ChangeKind]:
        """A function that says how two versions of a file differ, as far as moves explain it."""

    def sources(self, overlay: Overlay) -> Iterator[SourceSummary]:
        """Every file of source code of a tree, except copies of other people's code, sorted by path."""
