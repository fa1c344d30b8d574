"""Moving Go packages and everything that knows their import paths.

The engine plans from the files of the tree, never from `go list`: no build configuration decides what is edited. Moves
that follow each other are one simultaneous map, carried out by `flush`. What the compiler would refuse afterwards is
refused before anything changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from migrate.golang.checks import check_cycles, check_embeds, check_self_imports, check_visibility, embedders
from migrate.golang.crossing import check_collisions, check_cuts
from migrate.golang.manifests import manifests
from migrate.golang.notices import module_notes
from migrate.golang.plan import Plan, make_plan
from migrate.golang.requests import FileMove, Qualifiers, Request, file_move, package_move
from migrate.golang.requirements import bound
from migrate.golang.rewrite import Rewriter
from migrate.golang.structure import Structure, structure_of
from migrate.golang.tree import GoTree
from migrate.golang.unalias import unalias

if TYPE_CHECKING:
    from migrate.workspace import Workspace


class GoEngine:
    """The Go verbs of a workspace."""

    def __init__(self, ws: Workspace) -> None:
        self._ws = ws
        self._pending: list[Request] = []

    def move(self, old: str, new: str, *, rename: str | None = None, qualifiers: Qualifiers = "rewrite") -> None:
        """Move the package folder `old` to `new` with everything under it; importers follow.

        A package keeps its name unless `rename` gives another one. Then its callers say the new name too; where that
        means something else in a file, the import keeps the old one and a note says why. With `qualifiers="alias"` all
        callers keep theirs, as an explicit import name, until `unalias`.
        Moves in a row are one map: every path means the tree before the first of them.
        Raises `PathError` or `PhaseError` when there is no such package; a refusal that needs the whole map comes with
        the next verb.
        """
        self._pending.append(package_move(self._ws.overlay, old, new, rename, qualifiers))

    def move_files(
        self,
        old: str,
        new: str,
        files: Iterable[str],
        *,
        package: str | None = None,
        qualifiers: Qualifiers = "rewrite",
    ) -> None:
        """Move files of the package folder `old`, by name or pattern, to the package folder `new`.

        `package` is their package's name there; without it they take the name of the package that is there, or keep
        theirs. A name that ends with `_test` makes test files an external test package. Refused when a name that one
        side declares is used on the other. Callers import what they use, both halves if need be;
        `qualifiers` as in `move`.
        """
        self._pending.append(file_move(self._ws.overlay, old, new, files, package, qualifiers))

    def flush(self) -> None:
        """Carry out the moves that wait. Raises `PhaseError` when they cannot be done; then nothing changed."""
        requests, self._pending = self._pending, []
        if requests:
            self._carry_out(make_plan(GoTree.of(self._ws.overlay), requests), requests)

    def unalias(self) -> int:
        """Replace the import names that renaming moves left behind by the packages' own; count the files changed.

        Where a caller cannot use the real name, the import keeps its alias and a note says why.
        """
        self._ws.settle()
        return unalias(self._ws)

    def analyze(self) -> Structure:
        """The structure of the Go code as it is now."""
        self._ws.settle()
        return structure_of(GoTree.of(self._ws.overlay))

    def _carry_out(self, plan: Plan, requests: list[Request]) -> None:
        rewriter = Rewriter(plan)
        holding = self._ws.overlay.holding([*rewriter.needles(), "//go:embed"])
        sources = [p for p in holding if p.endswith((".go", ".s")) and "vendor" not in p.split("/")]
        touched = dict.fromkeys([*sources, *(path for path in plan.files if path.endswith(".go")), *plan.clauses])
        plan.before.preload(touched)
        check_cuts(plan)
        check_collisions(plan)
        check_embeds(plan, embedders(plan, touched), [r for r in requests if isinstance(r, FileMove)])
        contents = {path: rewriter.content(path) for path in touched} | dict(manifests(plan))
        changed = {path: new for path, new in contents.items() if new != plan.before.content(path)}
        result = plan.after.rewritten({plan.place(path): content for path, content in changed.items()})
        files = [plan.place(path) for path in touched]
        check_visibility(plan, result, files)
        check_self_imports(plan, result, files)
        check_cycles(plan, result, files)
        binding = bound(plan, result)
        self._ws.relocate(dict(plan.moves))
        renewed = {*map(plan.place, changed), *binding.files}
        for note in (*rewriter.notes, *binding.notes, *module_notes(plan, touched, renewed)):
            self._ws.note(note)
        for path, content in changed.items():
            new = plan.place(path)
            self._ws.overlay.put(new, content, self._ws.overlay.entries[new].mode)
        for path, content in binding.files.items():
            self._ws.write(path, content)
