"""An engine for a language that does not exist, as another package would bring it.

A file `a/b.lore` is a module. Each of its lines that begins with `use` names the folder of another one; a line
`forward` at its top says that the module has moved on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from migrate.engines.base import Engine, FileRole, FirstPlan, FirstValidation, SourceImport, SourceSummary, StaleImport
from migrate.engines.code_proof import CodeProof, PlainProof
from migrate.engines.code_references import PlainReferences
from migrate.engines.explanation import ChangeKind, Renames
from migrate.engines.module_folder import ModuleFolder
from migrate.engines.notes import Summary
from migrate.engines.old_paths import OldPaths
from migrate.engines.verdict import EngineVerdict, Flaw
from migrate.git.objects import TreeEntry
from migrate.tree.changes import FileChange
from migrate.tree.editable_tree import EditableTree
from migrate.tree.engine_settings import SettingsError
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay
from migrate.tree.route import Route

ENDING, USE, FORWARD = ".lore", "use ", "forward"


class LoreVerbs:
    """`ws.engine("lore")`."""

    def __init__(self, tree: EditableTree) -> None:
        self._tree = tree
        self._waiting: dict[str, str] = {}

    def move(self, old: str, new: str) -> None:
        """Move a folder; who uses it follows."""
        self._waiting[old] = new

    def flush(self) -> None:
        """Carry out the moves as one map."""
        moves, self._waiting = MoveMap(self._waiting), {}
        if moves:
            self._tree.relocate(dict(moves))
            follow(self._tree, moves)


def follow(tree: EditableTree, moves: MoveMap) -> None:
    """Let every `use` of an old place name the new one."""
    for path, lines in modules(tree.overlay):
        new = [USE + moves.resolve(line[len(USE) :]) if line.startswith(USE) else line for line in lines]
        if new != lines:
            tree.write(path, "\n".join(new))


def modules(overlay: Overlay) -> Iterator[tuple[str, list[str]]]:
    """Every module of a tree, with its lines."""
    for path in sorted(overlay.entries):
        if path.endswith(ENDING):
            yield path, overlay.content(overlay.entries[path].oid).decode().split("\n")


def uses(overlay: Overlay) -> Iterator[tuple[str, int, str]]:
    """Every use: the file, the line, the folder."""
    for path, lines in modules(overlay):
        for number, line in enumerate(lines, 1):
            if line.startswith(USE):
                yield path, number, line[len(USE) :]


@dataclass(frozen=True)
class LoreSettings:
    """What a plan says: `[lore] library = "alexandria"` is how the world calls the top of the tree."""

    library: str

    @property
    def digest(self) -> bytes:
        return self.library.encode()


class LoreEngine:
    """The language, as the rest of the program asks for it."""

    name = "lore"
    language = "Lore"
    keys = ("library",)
    unforward = 'ws.engine("lore").unforward()'
    omitted = (ENDING,)
    folders_are_packages = False
    follows_strings = False
    tests_run_in_place = False
    references = PlainReferences()

    def settings(self, table: Mapping[str, object]) -> LoreSettings:
        library = table.get("library")
        if not isinstance(library, str):
            raise SettingsError("library must be a name", "library")
        return LoreSettings(library)

    def first_plan(self, top: Collection[str]) -> FirstPlan | None:
        example = ('ws.engine("lore").move("tales", "books/tales")',)
        return (
            FirstPlan((FirstValidation("recite", ("lore", "recite")),), example) if any(map(self.owns, top)) else None
        )

    def modules(self, overlay: Overlay, entries: Mapping[str, TreeEntry]) -> Iterator[ModuleFolder]:
        said = overlay.settings.get("lore")
        if isinstance(said, LoreSettings):
            yield ModuleFolder(said.library, "")

    def strings(self, overlay: Overlay, modules: tuple[ModuleFolder, ...]) -> None:
        return None

    def is_library(self, name: str) -> bool:
        return False

    def owns(self, path: str) -> bool:
        return path.endswith(ENDING)

    def is_test(self, path: str) -> bool:
        return False

    def is_manifest(self, path: str) -> bool:
        return False

    def kind_of_file(self, path: str) -> str | None:
        return "tale" if self.owns(path) else None

    def proof(self, old_paths: OldPaths, modules: tuple[ModuleFolder, ...]) -> CodeProof:
        return PlainProof()

    def verbs(self, tree: EditableTree) -> LoreVerbs:
        return LoreVerbs(tree)

    def relocate(self, tree: EditableTree, route: Route, late: Mapping[str, str]) -> MoveMap:
        step = MoveMap({path: place for path, place in late.items() if self.owns(path) and path != place})
        tree.relocate(dict(step))
        follow(tree, MoveMap({old: new for old, new in route.moves if route.leads_on(old)}))
        return step

    def affects(self, changes: Sequence[FileChange], entries: Collection[str]) -> bool:
        return any(self.owns(change.path) for change in changes)

    def check(self, overlay: Overlay, changes: Sequence[FileChange], moved: MoveMap, history: MoveMap) -> EngineVerdict:
        lost = [each for each in uses(overlay) if not overlay.is_folder(each[2])]
        return EngineVerdict(
            "Lore", tuple(Flaw(path, line, f"uses {used}", "move its users") for path, line, used in lost)
        )

    def notes(self, overlay: Overlay, moved: Mapping[str, str]) -> Iterator[str]:
        yield from (f"the tale {path} has another name now" for path in moved.values() if self.owns(path))

    def kept_names(self, overlay: Overlay, moved: Mapping[str, str]) -> Summary:
        return Summary([f"{old} keeps its title" for old in moved if self.owns(old)], [])

    def stale(self, overlay: Overlay, moves: MoveMap) -> Sequence[StaleImport]:
        return [
            StaleImport(path, line, USE + used, f'it moved to "{moves.resolve(used)}"')
            for path, line, used in uses(overlay)
            if moves.moves(used)
        ]

    def forwarding(self, overlay: Overlay, entries: Mapping[str, TreeEntry]) -> Collection[str]:
        return [path for path, lines in modules(overlay) if path in entries and lines[0] == FORWARD]

    def forwarded(self, overlay: Overlay) -> tuple[int, int]:
        folders = {path.rpartition("/")[0] for path in self.forwarding(overlay, overlay.entries)}
        return sum(used in folders for _, _, used in uses(overlay)), len(folders)

    def explainer(self, moves: MoveMap) -> Callable[[bytes, bytes], ChangeKind]:
        renames = Renames(moves)
        return lambda old, new: (
            ChangeKind.IMPORTS if renames.kind(old, new) is ChangeKind.REFERENCES else ChangeKind.READ
        )

    def sources(self, overlay: Overlay) -> Iterator[SourceSummary]:
        for path, lines in modules(overlay):
            found = (SourceImport(n, line[len(USE) :]) for n, line in enumerate(lines, 1) if line.startswith(USE))
            yield SourceSummary(path, "", FileRole.BUILT, tuple(found))


def conforms(engine: LoreEngine) -> Engine:
    """Let mypy hold the class against the protocol."""
    return engine
