"""Moving Go packages and everything that knows their import paths.

The engine plans from the files of the tree, never from `go list`: no build configuration decides what is edited. Moves
that follow each other form one simultaneous map, carried out by `flush`. If the compiler would refuse the result, the
engine refuses before anything changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from migrate.engines.golang.checking.checks import (
    check_destinations_free,
    check_embeds,
    check_hidden,
    check_no_cycles,
    check_visibility,
    embedders,
)
from migrate.engines.golang.checking.relevance import SOURCES, VENDORED
from migrate.engines.golang.checking.undeclared_modules import check_stated
from migrate.engines.golang.cutting.cut_plan import CutPlan
from migrate.engines.golang.cutting.merge_checks import check_left_behind, check_meeting
from migrate.engines.golang.cutting.target_file import join_pieces
from migrate.engines.golang.folder_names import folder_name_notes
from migrate.engines.golang.forward.forward_update import (
    forward_update_files,
    forward_update_imports,
    plan_past_forwarding,
)
from migrate.engines.golang.forward.importers import ForwardingResult, plan_forwarding
from migrate.engines.golang.forward.removal import unforward
from migrate.engines.golang.forwarding import go_forwarding_files
from migrate.engines.golang.requests import Qualifiers, RequestedMove, merges, package_moves, splits
from migrate.engines.golang.requiring.manifests import manifests
from migrate.engines.golang.requiring.notices import module_notes
from migrate.engines.golang.requiring.requirements import bind_requirements
from migrate.engines.golang.rewrite import Rewriter, early_needles
from migrate.engines.golang.sources import go_sources
from migrate.engines.golang.tree import GoTree
from migrate.engines.golang.unalias import unalias
from migrate.engines.notes import Note, note_summary
from migrate.engines.structure import Structure, structure_of
from migrate.errors import MigrateError
from migrate.git.objects import REGULAR
from migrate.git.paths import folder_of
from migrate.text import plural
from migrate.tree.editable_tree import EditableTree, Missing, skips

EMBED = "//go:embed"


class GoVerbs:
    """The Go verbs of a workspace."""

    def __init__(self, ws: EditableTree) -> None:
        self._ws = ws
        self._pending: list[RequestedMove] = []
        self._left: set[str] = set()
        self._said = ""

    def move(
        self,
        old: str,
        new: str,
        *,
        rename: str | None = None,
        qualifiers: Qualifiers = "rewrite",
        missing: Missing | None = None,
    ) -> None:
        """Move the package folder `old` to `new` with everything under it; importers follow.

        A package keeps its name unless `rename` gives another one. Then its callers use the new name, too. If that
        means something else in a file, the import keeps the old one, and a note says why. With `qualifiers="alias"` all
        callers keep theirs, as an explicit import name, until `unalias`. Consecutive moves form one map: every path
        means the tree before the first of them. Raises `PathError` or `PhaseError` when there is no such package; with
        `missing="skip"` a missing folder is skipped. A refusal that needs the whole map comes with the next verb.
        """
        skip = self._skips(missing)
        self._pending += package_moves(self._ws, old, new, rename, qualifiers, skip=skip)

    def split(
        self,
        old: str,
        parts: Mapping[str, str | Iterable[str]],
        *,
        rename: str | None = None,
        qualifiers: Qualifiers = "rewrite",
        export: bool | str | Iterable[str] = (),
        leave: str | Iterable[str] = (),
        copy: str | Iterable[str] = (),
        missing: Missing | None = None,
    ) -> None:
        """Move parts of the package folder `old` to other package folders: `{new: [files or declarations]}`.

        An item is a file name or pattern, or the name of a function, type, variable or constant at package level; a
        type takes its methods along. `rename` is the name of the package in the new place; without it the files take
        the name of the package that is there, or keep theirs. A name that ends with `_test` makes test files an
        external test package. What is used across the cut is qualified, in both directions, and callers import what
        they use, both halves if need be; `qualifiers` and `missing` as in `move`. `export` names what gets a capital
        letter for that, or is True for all that needs it. `leave` names files and declarations that stay: tests that
        would go along, or part of a file that goes; `copy` names helpers that both sides get. Raises `PathError` or
        `PhaseError` for an item that is not there; a refusal that needs the whole map comes with the next verb, with
        every place that stands in the way.
        """
        self._pending += splits(
            self._ws,
            old,
            parts,
            rename=rename,
            qualifiers=qualifiers,
            export=export,
            leave=leave,
            copy=copy,
            skip=self._skips(missing),
        )

    def merge(self, old: str, new: str, *, missing: Missing | None = None) -> None:
        """Move everything of the package folder `old` into the package folder `new`, with what stands below it.

        Files of each that import the other lose the import and the qualifiers; callers are left with one import.
        `missing` as in `move`.
        Raises `PathError` or `PhaseError` when there is no package at one of the two; names that both declare, and
        everything else that stands in the way, are refused as a list with the next verb.
        """
        self._pending += merges(self._ws, old, new, skip=self._skips(missing))

    def flush(self) -> None:
        """Carry out the collected moves. Raises `PhaseError` when they cannot be done; then nothing changed."""
        requested, self._pending = self._pending, []
        if requested:
            before = dict(self._ws.overlay.entries)
            tree = GoTree(self._ws.overlay, before)
            check_stated(self._ws.overlay, tree, [each.old for each in requested])
            try:
                # Planning takes about as long as the search for files that name the packages, so both run at once.
                with self._ws.overlay.searching([*early_needles(tree.modules, requested), EMBED], VENDORED):
                    self._carry_out(plan_past_forwarding(self._ws, tree, requested))
            except MigrateError:
                self._ws.overlay.reset(before)
                raise

    def unalias(self) -> int:
        """Replace the import names that renaming moves left behind by the packages' own; count the files changed.

        If a caller cannot use the real name, the import keeps its alias, and a note says why.
        """
        self._ws.flush()
        return unalias(self._ws)

    def forwarding(self) -> list[str]:
        """The files of all packages that forward from old places."""
        self._ws.flush()
        return go_forwarding_files(self._ws.overlay)

    def unforward(self) -> int:
        """Remove every package that forwards from an old place; returns the number of files that now name the new one.

        The result is the same as that of the moves with `imports = "rewrite"`, where this does nothing.
        Raises `PhaseError` with the file when somebody changed a forwarding package.
        """
        self._ws.flush()
        return len(unforward(self._ws))

    def analyze(self) -> Structure:
        """The structure of the Go code as it is now."""
        self._ws.flush()
        return structure_of(go_sources(GoTree.of(self._ws.overlay)))

    def _skips(self, missing: Missing | None) -> bool:
        return skips(missing or self._ws.missing)

    def _carry_out(self, planned: CutPlan) -> None:
        with planned.explaining():
            self._edit(planned)

    def _edit(self, planned: CutPlan) -> None:
        plan, found = planned.plan, planned.found
        touched = self._touched(planned)
        plan.before.preload(touched)
        check_meeting(plan)
        check_left_behind(plan)
        check_embeds(plan, embedders(plan, touched), planned.file_moves)
        rewriter = Rewriter(plan, found, forward_update_imports(plan, touched))
        others = plan.before.stored(manifests(plan))
        changed = plan.before.stored(planned.changed(rewriter, touched)) | others
        check_hidden(rewriter.hidden)
        result = plan.after.rewritten({plan.place(path): oid for path, oid in changed.items()})
        files = [plan.place(path) for path in touched]
        check_visibility(plan, result, files)
        check_no_cycles(plan, result, files, found)
        check_destinations_free(self._ws, plan, map(plan.place, planned.created))
        # All importers could be updated. Those that need not be keep the old names.
        forward = self._ws.imports == "forward"
        forwards = plan_forwarding(plan, result, touched, self._ws.phase) if forward else ForwardingResult()
        if forwards.kept:
            rewriter = Rewriter(plan, found, forwards.kept)
            changed = plan.before.stored(planned.changed(rewriter, touched)) | others
        binding = bind_requirements(plan, result)
        self._relocate(planned)
        renewed = {*map(plan.place, changed), *binding.files}
        notes: list[Note] = [*rewriter.notes, *binding.notes, *module_notes(plan, touched, renewed), *forwards.notes]
        notes += folder_name_notes(plan, result, planned.requests)
        note_summary(self._ws, planned.notes)
        note_summary(self._ws, notes, forwards.details, planned.in_terms_of_the_repository)
        places = {plan.place(path): oid for path, oid in changed.items()}
        standing = plan.before.stored({**dict(forward_update_files(plan, result, changed)), **forwards.files}.items())
        for path, oid in {**places, **standing}.items():
            entry = self._ws.overlay.entries.get(path)
            self._ws.overlay.place(path, oid, entry.mode if entry else REGULAR)
        self._join(planned)
        for path, content in binding.files.items():
            self._ws.write(path, content)
        if forward:
            self._say_forwarding(forwards.left)

    def _join(self, planned: CutPlan) -> None:
        """Join declarations for which the phase asked for one file."""
        overlay = self._ws.overlay
        for place, target in planned.joins.items():
            both = [overlay.content(overlay.entries[path].oid) for path in (target, place)]
            whole = join_pieces(*both)
            if whole is not None:
                overlay.put(target, whole, overlay.entries[target].mode)
                overlay.drop([place])

    def _say_forwarding(self, left: Iterable[str]) -> None:
        """Note how many packages forward, in one note for all steps of a phase."""
        self._left.update(left)
        packages = {folder_of(path) for path in go_forwarding_files(self._ws.overlay)}
        if not packages:
            return
        self._ws.notes = [note for note in self._ws.notes if note != self._said]
        self._ws.note(
            f"{plural(len(packages), 'package')} at old places forward to new ones, so that "
            f"{plural(len(self._left), 'importing file')} could stay as they are"
        )
        self._said = self._ws.notes[-1]

    def _touched(self, planned: CutPlan) -> list[str]:
        """Every file whose content may change: it names a moved package, moves itself, or is cut."""
        plan = planned.plan
        holding = self._ws.overlay.holding([*Rewriter(plan).needles(), EMBED], VENDORED)
        sources = [p for p in holding if p.endswith(SOURCES)]
        moving = [path for path in plan.files if path.endswith(".go")]
        # Comments of code that stays may name code that moves.
        beside = [path for package in plan.packages.values() if package.is_split for path in package.destinations]
        qualified = planned.found.qualified
        return list(dict.fromkeys([*sources, *moving, *beside, *plan.clauses, *planned.edited, *qualified]))

    def _relocate(self, planned: CutPlan) -> None:
        """Move everything except the forwarding files, which never move."""
        overlay = self._ws.overlay
        existing = {path: overlay.entries[path] for path in planned.plan.forwarding}
        if existing:
            overlay.drop(existing)
        self._ws.relocate({old: new for old, new in planned.plan.moves if old not in planned.created})
        if existing:
            overlay.reset({**overlay.entries, **existing})
