"""What the rest of the program asks of an engine. It knows no language: it asks every engine that there is."""

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
    """Neither: a test from outside, or what no build takes."""


class SourceImport(NamedTuple):
    """One import of this program: its line in the file, from 1, and the folder that it means, be it there or not."""

    line: int
    folder: str


@dataclass(frozen=True)
class SourceSummary:
    """One file of source code, with what it imports of this program; `imports` is None where that cannot be read.

    `package` is what the code of its folder is called, "" where nothing says so.
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
    """An import that names a place which no longer holds what it means; `line` counts from 1."""

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
    """Lines of a phase that moves something, for a person to put in other places."""


StringReading = Callable[[str, int], Reading]
"""How the text at a byte of a file is to be read: by where a string goes, as far as that is known."""


class Engine(Protocol):
    """What knows one language. An engine keeps no state; nothing slow is imported before it is needed."""

    name: str
    """How a workspace calls it: `ws.engine("go")`."""
    language: str
    """How people call it: `Go`."""

    unforward: str
    """What a phase calls so that nothing names old places any more: `ws.go.unforward()`; "" where nothing forwards."""
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
        """The keys of the table that a plan may have for it, called as it is; none where a plan says nothing to it."""

    def settings(self, table: Mapping[str, object]) -> EngineSettings:
        """Read its table of a plan, which has no other keys. Raises `SettingsError`."""

    def first_plan(self, top: Collection[str]) -> FirstPlan | None:
        """What a new plan begins with, by what stands at the top of the repository; None where it knows nothing."""

    def modules(self, overlay: Overlay, entries: Mapping[str, TreeEntry]) -> Iterable[ModuleFolder]:
        """The folders that code knows by an import path which says nothing of where they stand."""

    def strings(self, overlay: Overlay, modules: tuple[ModuleFolder, ...]) -> StringReading | None:
        """What follows strings of its code to where they go in a tree; None where nobody does."""

    def is_library(self, name: str) -> bool:
        """Whether a path names a package of its standard library, as `database/sql` does: no folder of the tree."""

    def owns(self, path: str) -> bool:
        """Whether a file is source code of the language, by its path."""

    def is_test(self, path: str) -> bool:
        """Whether a file of code is a test, by its path."""

    def is_manifest(self, path: str) -> bool:
        """Whether a file says which modules there are, so that nothing but the engine rewrites it."""

    def kind_of_file(self, path: str) -> str | None:
        """What a description calls such files, `Go tests`; None for what is no file of the language."""

    @property
    def references(self) -> CodeReferences:
        """How its code names paths of the tree, for whoever rewrites references."""

    def proof(self, old_paths: OldPaths, modules: tuple[ModuleFolder, ...]) -> CodeProof:
        """The search for what its code still says of old paths, for `migrate verify`."""

    def verbs(self, tree: EditableTree) -> Pending:
        """What a phase calls; it may hold moves back until `flush`."""

    def relocate(self, tree: EditableTree, route: Route, late: Mapping[str, str]) -> MoveMap:
        """Take those of the late files that are its source code where they belong; returns the moves that were made.

        `late` says where each file at an old place belongs. Everything that names an old place in an import follows.
        Raises `PhaseError` for what the engine refuses.
        """

    def affects(self, changes: Sequence[FileChange], entries: Collection[str]) -> bool:
        """Whether changes of files may decide about the code of a tree with these paths. Each phase asks this."""

    def check(self, overlay: Overlay, changes: Sequence[FileChange], moved: MoveMap, history: MoveMap) -> EngineVerdict:
        """What a compiler would refuse after a phase that made these changes and moves, where that needs no compiler.

        `history` is the map of the phases before.
        """

    def notes(self, overlay: Overlay, moved: Mapping[str, str]) -> Iterator[str]:
        """What a person should know because files moved, each old path with its new one: names derived from a path."""

    def kept_names(self, overlay: Overlay, moved: Mapping[str, str]) -> Summary:
        """The places that still call a file by a name which its old path gave it; only an engine could tell.

        `moved` holds the files whose names the phase did not follow, each old path with its new one.
        """

    def stale(self, overlay: Overlay, moves: MoveMap) -> Sequence[StaleImport]:
        """Every import of what `moves` took away, or of what is simply gone."""

    def forwarding(self, overlay: Overlay, entries: Mapping[str, TreeEntry]) -> Collection[str]:
        """The files of entries that stand at an old place on purpose, so that who imports it finds the new one."""

    def forwarded(self, overlay: Overlay) -> tuple[int, int]:
        """How many imports go through what forwards from old places, and how many such places there are."""

    def explainer(self, moves: MoveMap) -> Callable[[bytes, bytes], ChangeKind]:
        """A function that says how two versions of a file of the language differ, as far as moves explain it."""

    def sources(self, overlay: Overlay) -> Iterator[SourceSummary]:
        """Every file of source code of a tree that is not somebody else's, sorted by path."""
