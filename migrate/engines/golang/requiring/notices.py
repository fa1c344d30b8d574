"""Notes on modules that a move affects and that the engine does not change."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator

from migrate.engines.golang.header import ImportSpec
from migrate.engines.golang.modules import GoModule, GoModules
from migrate.engines.golang.plan import GoPlan
from migrate.engines.golang.requiring.gomod import Manifest
from migrate.engines.splice import line_number_at
from migrate.git.paths import folder_of
from migrate.text import decode

_MAJOR = re.compile(r"/v\d+$")


def module_notes(plan: GoPlan, sources: Iterable[str], changed: Collection[str]) -> Iterator[str]:
    """One sentence for each such module.

    `sources` are the files of the tree before that may import what moves, `changed` the files after it whose content is
    new.
    """
    yield from _published(plan, sources)
    yield from _vendored(plan, changed)
    yield from _misnamed(plan)


def _published(plan: GoPlan, sources: Iterable[str]) -> Iterator[str]:
    """Notes modules that use a published version of another one, and so keep importing the old paths."""
    tree = plan.before
    told = set()
    for path in sorted(sources):
        user = tree.modules.of(folder_of(path))
        if user is None or not path.endswith(".go"):
            continue
        for used, spec in _taken_from_outside(plan, path):
            if (user.folder, used.path) not in told:
                told.add((user.folder, used.path))
                # A module without a manifest uses the modules beside it, so this one has its own.
                required = Manifest(decode(tree.content(user.manifest))).requirements.get(used.path)
                version = "" if required is None else f" {required.version}"
                yield (
                    f"{plan.place(user.manifest)} still builds against the published {used.path}{version}: "
                    f"{plan.place(path)}:{line_number_at(tree.content(path), spec.start)} "
                    f'imports "{spec.path}" from there'
                )


def _taken_from_outside(plan: GoPlan, path: str) -> Iterator[tuple[GoModule, ImportSpec]]:
    """The imports of a file that name something that moves, but mean a published version of its module."""
    tree = plan.before
    header = tree.header(path)
    for spec in () if header is None else header.imports:
        folder = tree.modules.folder(spec.path)
        used = None if folder is None else tree.modules.of(folder)
        if folder is None or used is None or tree.local_import(path, spec.path) is not None:
            continue
        if _goes(plan, folder, spec.path):
            yield used, spec


def _goes(plan: GoPlan, folder: str, import_path: str) -> bool:
    """Whether a package, or some of its files, gets another import path."""
    package = plan.packages.get(folder)
    if package is not None and package.is_split:
        return True
    new = package.importable[0].folder if package is not None else plan.moves.resolve(folder)
    return plan.after.modules.import_path(new) != import_path


def _vendored(plan: GoPlan, changed: Collection[str]) -> Iterator[str]:
    """Notes vendor folders: go builds nothing when vendor/modules.txt and go.mod disagree."""
    gone = {path for folder in plan.packages if (path := _import_path_of(plan, folder)) and _goes(plan, folder, path)}
    for listing in sorted(path for path in plan.before.entries if f"/{path}".endswith("/vendor/modules.txt")):
        folder = posixpath.dirname(posixpath.dirname(listing))
        work = plan.before.modules.workspaces.get(folder)
        places = sorted(work.used) if work else [folder]
        manifests = [module.manifest for place in places if (module := plan.before.modules.by_folder.get(place))]
        stale = [plan.place(path) for path in manifests if plan.place(path) in changed]
        lines = set(decode(plan.before.content(listing)).split("\n"))
        if stale or not gone.isdisjoint(lines):
            command = "go work vendor" if work else "go mod vendor"
            place = posixpath.dirname(posixpath.dirname(plan.place(listing))) or "."
            yield f'run "{command}" in "{place}": vendor/ there is left alone and out of date, so go refuses to build'


def _import_path_of(plan: GoPlan, folder: str) -> str | None:
    return plan.before.modules.import_path(folder)


def _misnamed(plan: GoPlan) -> Iterator[str]:
    """Notes modules whose path does not name their folder: others fetch a module from the folder in its path."""
    for folder, module in sorted(plan.before.modules.by_folder.items()):
        new = posixpath.dirname(plan.place(module.manifest)) if module.manifest else folder
        was_named = new != folder and _is_named_after(plan.before.modules, module, folder)
        if was_named and not _is_named_after(plan.after.modules, module, new):
            yield f'module {module.path} keeps its path in "{new}", but others will look for it in "{folder}"'


def _is_named_after(modules: GoModules, module: GoModule, folder: str) -> bool:
    """Whether a module path is that of the module above it and the folder below that, a version suffix aside."""
    above = modules.of(posixpath.dirname(folder)) if folder else None
    below = folder if above is None else folder[len(above.folder) :].strip("/")
    path = _without_major(module.path)
    named = f"/{_without_major(below)}"
    return path.endswith(named) if above is None else path == _without_major(above.path) + named


def _without_major(path: str) -> str:
    return _MAJOR.sub("", path)
