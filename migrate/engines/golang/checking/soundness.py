"""Finds what a compiler would refuse in the Go code after a phase, without a compiler.

It reads the files that the phase changed and those that name a package which it moved away, and reports only what the
phase made worse. It searches for cycles only through imports that the phase added.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from migrate.engines.golang.checking.affected_files import affected_files
from migrate.engines.golang.checking.checks import hidden_imports
from migrate.engines.golang.checking.cycles import ImportReach, new_cycles
from migrate.engines.golang.checking.embeds import embedding, lost_embeds
from migrate.engines.golang.checking.importable import ImportObstacle, import_obstacle
from migrate.engines.golang.checking.package_references import PackageReference, package_references, unknown_references
from migrate.engines.golang.checking.relevance import SOURCES, is_code, is_vendored
from migrate.engines.golang.checking.step import GoStep
from migrate.engines.golang.checking.verify import go_import_explainer
from migrate.engines.golang.header import ImportSpec, is_cut_short
from migrate.engines.golang.imports import disorder
from migrate.engines.golang.tree import GoTree
from migrate.engines.splice import line_number_at
from migrate.engines.verdict import EngineVerdict, Flaw, Unread
from migrate.git.objects import SUBMODULE, SYMLINK
from migrate.git.paths import folder_of
from migrate.tree.changes import FileChange
from migrate.tree.gitignore import Gitignore
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay

LFS_POINTER = b"version https://git-lfs.github.com/spec/"

FOLLOW = "move packages with ws.go.move, which updates what names them, or fix these lines in the phase"
GENERATE = "if a build step makes that package, an ignore rule should say so"
SHOW = "move the importers too, or move the package to where they may import it"
UNTIE = "move what both sides need to a package of its own"
KEEP = "embedded files must stay below the package that embeds them: move both together"
SORT = 'let gofmt sort them: ws.run("gofmt", "-w", "…")'


def examine_go(overlay: Overlay, files: Sequence[FileChange], moved: MoveMap, history: MoveMap) -> EngineVerdict:
    """Check the Go code of a tree after a phase that made these changes.

    `history` is the map of the phases before.
    """
    changes = [change for change in files if not is_vendored(change.path)]
    return GoExamination(overlay, changes, moved, history).verdict()


class GoExamination:
    """The checks of one phase."""

    def __init__(self, overlay: Overlay, changes: Sequence[FileChange], moved: MoveMap, history: MoveMap) -> None:
        self._overlay = overlay
        self._changes = changes
        self._all_moves = (history, moved)
        places = {change.new_path: change.old_path for change in changes if change.new_path is not None}
        gone = frozenset(c.old_path for c in changes if c.old_path is not None and c.new_path is None)
        before = GoTree(overlay, overlay.base)
        after = before.edited(dict(overlay.entries), overlay.changes())
        self._step = GoStep(before, after, moved, places, gone)
        self._unread: dict[str, Unread] = {}
        self._obstacles: dict[str, ImportObstacle | None] = {}

    def verdict(self) -> EngineVerdict:
        """All findings of the checks, by file and line."""
        paths = self._affected_files() if any(map(is_code, self._changes)) else []
        readable = [path for path in paths if self._is_readable(path)]
        flaws = [flaw for path in readable for flaw in self._flaws(path)]
        flaws += self._cycles([path for path in readable if path.endswith(".go")])
        flaws += [
            flaw for path in {*readable, *embedding(self._step)} if path.endswith(".go") for flaw in self._embeds(path)
        ]
        return EngineVerdict(
            "Go", tuple(sorted(set(flaws))), tuple(self._unread[path] for path in sorted(self._unread))
        )

    def _affected_files(self) -> list[str]:
        """The files to check, read into memory."""
        step = self._step
        step.before.preload(
            c.old_path for c in self._changes if c.old and c.old_path and _is_source(c.old_path, c.old.mode)
        )
        paths = affected_files(step, self._overlay, self._changes)
        step.after.preload(path for path in paths if step.after.entries[path].is_text_candidate)
        return paths

    def _flaws(self, path: str) -> Iterator[Flaw]:
        yield from self._unresolved(path)
        if self._step.after.modules is not self._step.before.modules:
            yield from self._estranged(path)
        if path.endswith(".go"):
            yield from self._hidden(path)
            if self._step.is_rewritten(path):
                yield from self._repeated(path)
                yield from self._unsorted(path)

    def _flaw(self, path: str, offset: int, text: str, advice: str) -> Flaw:
        return Flaw(path, line_number_at(self._step.after.content(path), offset), text, advice)

    # -- what is named and cannot be imported ---------------------------------------------------------------------

    def _unresolved(self, path: str) -> Iterator[Flaw]:
        """Imports, linknames and symbols of packages that are missing."""
        step = self._step
        old = step.source(path)
        kept = (
            {(mention.verb, step.place(mention.folder)) for mention in package_references(step.before, old)}
            if old
            else ()
        )
        for mention in package_references(step.after, path):
            named = (mention.verb, mention.folder)
            if named not in kept or mention.folder in step.touched:
                reason, advice = self._why_not(path, mention)
                if reason is not None and named not in self._broken_before(old):
                    yield self._flaw(path, mention.start, f'{mention.verb} "{mention.path}", but {reason}', advice)

    def _estranged(self, path: str) -> Iterator[Flaw]:
        """Imports, linknames and symbols with paths that belonged to a module of the tree, and now belong to none."""
        step = self._step
        for verb, imported, start in unknown_references(step.after, path):
            if step.before.local_import(step.origin(path) or path, imported) is not None:
                text = f'{verb} "{imported}", but no module of this tree has it now'
                yield self._flaw(path, start, text, FOLLOW)

    def _why_not(self, path: str, mention: PackageReference) -> tuple[str | None, str]:
        """Why a package that a file names is missing, and what to do; no reason when it is there or nobody can tell."""
        folder = mention.folder
        if folder == folder_of(path):
            is_own = mention.verb == "imports" and ImportReach(self._step.after).is_built(path)
            return ("that is its own package" if is_own else None), FOLLOW
        found = self._obstacle(folder)
        if found is not None and not found.is_sure:
            self._unread[path] = Unread(path, f'it names "{mention.path}", and "{folder}" {found.reason}')
        if found is None or not found.is_sure:
            return None, FOLLOW
        if self._step.after.folders.get(folder):
            return f'"{folder}" {found.reason}', FOLLOW
        gone = self._explain(folder)
        if gone is not None:
            return gone, FOLLOW
        return (None if self._is_generated(folder) else f'"{folder}" {found.reason}'), f"{FOLLOW}; {GENERATE}"

    def _broken_before(self, old: str | None) -> set[tuple[str, str]]:
        """The packages that a file named before and that were missing already, by their present places."""
        step = self._step
        found = set()
        for mention in () if old is None else package_references(step.before, old):
            if mention.folder == folder_of(old or "") or import_obstacle(step.before, mention.folder) is not None:
                found.add((mention.verb, step.place(mention.folder)))
        return found

    @cached_property
    def _explain(self) -> Callable[[str], str | None]:
        history, moved = self._all_moves
        return go_import_explainer(self._overlay, history.then(moved))

    def _is_generated(self, folder: str) -> bool:
        """Whether a build step fills a folder that no tree holds: git ignores it, or it was imported before.

        This is asked only for missing folders, so it may cost a search.
        """
        if Gitignore(self._overlay).hides(f"{folder}/generated.go".lstrip("/")):
            return True
        imported = self._step.after.modules.import_path(folder)
        paths = [] if imported is None else [p for p in self._overlay.holding([imported]) if p.endswith(".go")]
        return any(("imports", folder) in self._broken_before(self._step.source(path)) for path in paths)

    def _obstacle(self, folder: str) -> ImportObstacle | None:
        if folder not in self._obstacles:
            self._obstacles[folder] = import_obstacle(self._step.after, folder)
        return self._obstacles[folder]

    # -- the other rules ------------------------------------------------------------------------------------------

    def _hidden(self, path: str) -> Iterator[Flaw]:
        """Imports that the internal/ rule forbids."""
        step = self._step
        for spec, folder in hidden_imports(step.after, path):
            old = step.source(path)
            known = {step.place(hidden) for _, hidden in hidden_imports(step.before, old)} if old else ()
            if folder not in known:
                yield self._flaw(path, spec.start, f'may not import "{spec.path}": the internal/ rule forbids it', SHOW)

    def _embeds(self, path: str) -> Iterator[Flaw]:
        """What `//go:embed` names and a build would not find."""
        for lost in lost_embeds(self._step, path):
            # A build step may make files that git ignores.
            example = f"{folder_of(path)}/{lost.pattern}".lstrip("/").replace("*", "x")
            if not (lost.may_be_made and Gitignore(self._overlay).hides(example)):
                yield self._flaw(path, lost.offset, f'embeds "{lost.pattern}", {lost.reason}', KEEP)

    def _repeated(self, path: str) -> Iterator[Flaw]:
        """Imports that are in a file twice under one name, which compiles only for the blank name."""
        step = self._step
        for spec, place in _twice(step.after, path, str):
            old = step.source(path)
            if old is None or place not in {known for _, known in _twice(step.before, old, step.place)}:
                yield self._flaw(path, spec.start, f'imports "{spec.path}" a second time', FOLLOW)

    def _unsorted(self, path: str) -> Iterator[Flaw]:
        """Runs of imports that gofmt would sort, if the file has more of them than before."""
        step = self._step
        old, now = step.source(path), step.after.header(path)
        was = None if old is None else step.before.header(old)
        if old is None or was is None or now is None:
            return
        wrong = disorder(step.after.content(path), now)
        known = disorder(step.before.content(old), was) if wrong else []
        if len(wrong) > len(known):
            texts = {text for _, text in known}
            for start in (start for start, text in wrong if text not in texts):
                yield self._flaw(path, start, "begins a run of imports that gofmt would sort", SORT)

    def _cycles(self, paths: Sequence[str]) -> Iterator[Flaw]:
        """Packages that import each other."""
        for cycle in new_cycles(self._step, paths):
            edge = cycle.edges[0]
            others = ", ".join(cycle.lines(self._step.after)[1:])
            yield self._flaw(
                edge.path, edge.offset, f'imports "{edge.imported}", which closes a cycle: {others}', UNTIE
            )

    def _is_readable(self, path: str) -> bool:
        """Whether a file can be checked; one that cannot is listed."""
        reason = _why_unreadable(self._step.after, path)
        if reason is not None:
            self._unread[path] = Unread(path, reason)
        return reason is None


def _is_source(path: str, mode: str) -> bool:
    return path.endswith(SOURCES) and mode not in (SYMLINK, SUBMODULE)


def _why_unreadable(tree: GoTree, path: str) -> str | None:
    entry = tree.entries[path]
    if not entry.is_text_candidate:
        return "it is a symlink" if entry.mode == SYMLINK else "it is a submodule"
    content = tree.content(path)
    if content.startswith(LFS_POINTER):
        return "its content is in git-lfs"
    if path.endswith(".s"):
        return None
    header = tree.header(path)
    if header is None:
        return "it has no package clause"
    return "it has an import declaration that cannot be read" if is_cut_short(content, header) else None


def _twice(tree: GoTree, path: str, place: Callable[[str], str]) -> Iterator[tuple[ImportSpec, tuple[str, str]]]:
    """The imports that repeat an earlier one, with their name and the present folder of the package."""
    seen = set()
    for spec, folder in tree.local_imports(path):
        key = (spec.name, spec.path if folder is None else place(folder))
        if key in seen and spec.name != "_" and spec.path != "C":
            yield spec, key
        seen.add(key)
