"""The files that a phase may have broken: those that it changed, and those that name a package which it moved away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from migrate.engines.golang.checking.importable import import_obstacle
from migrate.engines.golang.checking.relevance import SOURCES, VENDORED
from migrate.engines.golang.checking.step import GoStep
from migrate.engines.golang.directives import assembly_needle
from migrate.engines.golang.modules import GoModule, Work
from migrate.git.paths import folder_of
from migrate.tree.changes import FileChange
from migrate.tree.overlay import Overlay


def affected_files(step: GoStep, overlay: Overlay, changes: Sequence[FileChange]) -> list[str]:
    """The Go and assembly files of the tree after the phase that must be checked. `overlay` holds that tree."""
    found = {path for path in step.changed if path.endswith(SOURCES)}
    paths = {*_moved(step), *_lost(step, changes), *_other_modules(step, changes)}
    if paths:
        needles = list(_needles(paths))
        found.update(path for path in overlay.holding(needles, VENDORED) if path.endswith(SOURCES))
    return sorted(found)


def _needles(paths: Iterable[str]) -> Iterator[str]:
    """Texts one of which is in every file that names one of some import paths."""
    last = None
    for path in sorted(paths):
        if last is None or not path.startswith(f"{last}/"):
            last = path
            yield from (path, assembly_needle(path))


def _moved(step: GoStep) -> Iterator[str]:
    """The import paths of the folders that moved, including those that a build step fills."""
    for old, new in step.moves:
        if old != new and old not in step.before.entries:
            yield from _former_import_paths(step, old)


def _lost(step: GoStep, changes: Iterable[FileChange]) -> Iterator[str]:
    """The import paths of folders that lost Go files and hold nothing to import any more."""
    for folder in sorted(
        {folder_of(change.old_path) for change in changes if change.old_path and _leaves(step, change)}
    ):
        if import_obstacle(step.after, folder) is not None:
            yield from _former_import_paths(step, folder)


def _leaves(step: GoStep, change: FileChange) -> bool:
    """Whether a Go file is gone, or belongs to another package now."""
    old, new = change.old_path, change.new_path
    if old is None or not old.endswith(".go"):
        return False
    if old != new or not all(entry is not None and entry.is_text_candidate for entry in (change.old, change.new)):
        return True
    was, now = step.before.header(old), step.after.header(new)
    return was is not None and (now is None or (was.package, was.is_ignored) != (now.package, now.is_ignored))


def _other_modules(step: GoStep, changes: Iterable[FileChange]) -> Iterator[str]:
    """The import paths that belong to another module than before."""
    paths = {path for each in changes for path in (each.old_path, each.new_path) if path is not None}
    if not any(map(step.before.is_manifest, paths)):
        return
    before, after = step.before.modules, step.after.modules
    kept = {_placed(step, module) for module in before.by_folder.values()}
    there = set(after.by_folder.values())
    yield from (module.path for module in before.by_folder.values() if _placed(step, module) not in there)
    yield from (path for module in there - kept for path in (module.path, *_former_import_paths(step, module.folder)))
    works = {step.place(folder): _placed_work(step, work) for folder, work in before.workspaces.items()}
    if works != dict(after.workspaces):
        used = {folder for work in (*works.values(), *after.workspaces.values()) for folder in work.used}
        yield from (module.path for module in there if module.folder in used)


def _placed(step: GoStep, module: GoModule) -> GoModule:
    return replace(module, folder=step.place(module.folder), replaced=_placed_folders(step, module.replaced))


def _placed_work(step: GoStep, work: Work) -> Work:
    return Work(frozenset(map(step.place, work.used)), _placed_folders(step, work.replaced))


def _placed_folders(step: GoStep, replaced: Mapping[str, str]) -> dict[str, str]:
    return {path: step.place(folder) for path, folder in replaced.items()}


def _former_import_paths(step: GoStep, folder: str) -> list[str]:
    """The import path that a folder of the tree before had, if any."""
    path = step.before.modules.import_path(folder)
    return [] if path is None else [path]
