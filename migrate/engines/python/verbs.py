"""Moving Python modules and packages, and everything that knows their import paths.

The engine plans from the files of the tree, never by importing or running them. Moves that follow each other are one
simultaneous map, carried out by `flush`. If Python would refuse the result, the engine refuses before anything changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from posixpath import basename, dirname, splitext

from migrate.engines.notes import Note, note_summary
from migrate.engines.python.changed_files import ChangedFiles
from migrate.engines.python.checks import check_attributes, check_import_cycles, check_imports, check_module_names
from migrate.engines.python.mentions import computed_imports
from migrate.engines.python.places import is_python_source, joined_name
from migrate.engines.python.roots import roots_of
from migrate.engines.python.sources import FOREIGN
from migrate.engines.python.step import PythonStep
from migrate.errors import MigrateError, PathError, PhaseError
from migrate.git.paths import check_path
from migrate.tree.editable_tree import EditableTree, Missing, skips, whereabouts
from migrate.tree.moves import MoveMap


class PythonVerbs:
    """The Python verbs of a workspace."""

    def __init__(self, ws: EditableTree) -> None:
        self._ws = ws
        self._pending: dict[str, str] = {}

    def move(self, old: str, new: str, *, missing: Missing | None = None) -> None:
        """Move the module or package `old` to `new`; both are paths of the repository, and importers follow.

        A module is a file (`src/shop/cart.py`) and takes its stub along; a package is a folder, with or without an
        `__init__.py`. A module becomes a package when it moves to `src/shop/cart/__init__.py`. Consecutive moves form
        one map: every path means the tree before the first of them. Raises `PathError` or `PhaseError` when there is no
        such module. With `missing="skip"` a missing one is skipped, and imports of its old name are updated if it is at
        the new place already. A refusal that needs the whole map comes with the next verb.
        """
        old, new = check_path(old), check_path(new)
        overlay = self._ws.overlay
        if not any(is_python_source(path) for path in overlay.under(old)):
            if not skips(missing or self._ws.missing):
                raise PathError(f'there is no Python code at "{old}"{whereabouts(self._ws, old, self._known())}')
        elif is_python_source(old) != is_python_source(new):
            what, wanted = ("module", "a file that ends with .py") if is_python_source(old) else ("package", "a folder")
            raise PhaseError(
                f'"{old}" is a {what} and cannot move to "{new}"', advice=f"name {wanted} as its new place"
            )
        if self._pending.get(old, new) != new:
            raise PhaseError(
                f'"{old}" is to move to "{self._pending[old]}" and to "{new}"', advice="keep one of the two"
            )
        self._pending[old] = new

    def rename(self, path: str, new_name: str, *, missing: Missing | None = None) -> None:
        """Give the module or package at `path` another name in its folder; `new_name` has no ending.

        Callers use the new name, too. If that already means something else in a file, the file keeps the old name as an
        alias, and a note says so. Raises as `move` does.
        """
        path = check_path(path)
        ending = splitext(path)[1] if is_python_source(path) else ""
        self.move(path, joined_name(dirname(path), new_name + ending), missing=missing)

    def flush(self) -> None:
        """Carry out the collected moves. Raises `PhaseError` when they cannot be done; then nothing changed."""
        requested, self._pending = self._pending, {}
        if not requested:
            return
        before = dict(self._ws.overlay.entries)
        try:
            self._carry_out(requested)
        except MigrateError:
            self._ws.overlay.reset(before)
            raise

    def _carry_out(self, requested: dict[str, str]) -> None:
        overlay = self._ws.overlay
        moves = {old: new for old, new in requested.items() if overlay.holds(old)}
        moves |= dict(self._stubs(moves))
        ghosts = [old for old, new in requested.items() if old not in moves and overlay.holds(new)]
        whole = MoveMap({**moves, **{old: requested[old] for old in ghosts}})
        step = PythonStep(overlay.entries, roots_of(overlay), whole, ghosts, read=self._read)
        check_module_names(step)
        check_attributes(step)
        changed, notes = self._rewritten(step)
        self._ws.followed |= {path for path in overlay.entries if step.moves.moves(path)}
        self._ws.relocate(moves)
        for path, content in changed.items():
            overlay.put(path, content, overlay.entries[path].mode)
        note_summary(self._ws, notes)

    def _rewritten(self, step: PythonStep) -> tuple[dict[str, bytes], list[Note]]:
        """The new contents by new path, and notes."""
        overlay = self._ws.overlay
        needles = {basename(place) for place in step.tops}
        moving = [path for path in step.before.sources if step.moves.moves(path)]
        naming = set(overlay.holding(needles))
        sources = sorted({*moving, *naming & step.before.sources})
        contents = dict(overlay.contents([p for p in sources if overlay.entries[p].is_text_candidate]))
        edited = ChangedFiles(step, contents, needles, self._ws.allowed)
        edited.pages(overlay.contents(sorted(naming - step.before.sources)))
        check_imports(step, contents, edited.changed)
        affected = {*edited.changed, *map(step.moves.resolve, moving)}
        edited.notes += self._computed(step)
        edited.notes += check_import_cycles(step, self._read, edited.changed, affected)
        return edited.changed, edited.notes

    def _computed(self, step: PythonStep) -> Iterator[Note]:
        """Notes of imports with computed names."""
        overlay = self._ws.overlay
        found = set(overlay.holding(["import_module(", "__import__(", "import_string("])) & step.before.sources
        contents = overlay.contents(sorted(path for path in found if FOREIGN.isdisjoint(path.split("/"))))
        return computed_imports((step.moves.resolve(path), content) for path, content in contents)

    def _stubs(self, moves: dict[str, str]) -> dict[str, str]:
        """The stubs beside modules that move; they move, too."""
        found = {}
        for old, new in moves.items():
            if old.endswith(".py"):
                stub = f"{old}i"
                if stub in self._ws.overlay.entries and stub not in moves:
                    found[stub] = f"{new}i"
        return found

    def _read(self, path: str) -> bytes:
        return self._ws.overlay.content(self._ws.overlay.entries[path].oid)

    def _known(self) -> set[str]:
        sources = {path for path in self._ws.overlay.entries if is_python_source(path)}
        return sources | {dirname(path) for path in sources}
