"""Finds what the compiler would refuse after a map, before anything changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from migrate.engines.golang.checking.cycles import Cycle, new_cycles
from migrate.engines.golang.checking.embeds import embedded
from migrate.engines.golang.checking.step import GoStep
from migrate.engines.golang.crossing import Crossings
from migrate.engines.golang.directives import embed_patterns
from migrate.engines.golang.header import ImportSpec
from migrate.engines.golang.plan import GoPlan
from migrate.engines.golang.requests import FileMove
from migrate.engines.golang.tree import GoTree
from migrate.engines.splice import line_number_at
from migrate.errors import PathError, PhaseError
from migrate.git.paths import folder_of, is_under, parents
from migrate.text import LISTED, joined_list
from migrate.tree.editable_tree import EditableTree


def check_visibility(plan: GoPlan, result: GoTree, files: Iterable[str]) -> None:
    """Raise `PhaseError` for imports of internal packages that are not allowed; `files` are the changed ones."""
    found = []
    for path in sorted(set(files)):
        hidden = [spec for spec, _ in hidden_imports(result, path)]
        if hidden and not any(True for _ in hidden_imports(plan.before, plan.origin(path))):
            lines = [(line_number_at(result.content(path), spec.start), spec.path) for spec in hidden]
            found += [f'{path}:{line} may not import "{imported}"' for line, imported in lines]
    if found:
        raise PhaseError(
            "the move would break the internal/ rule:\n" + "\n".join(f"  {line}" for line in found[:LISTED]),
            advice="move the importers too, or move the package to where they may import it",
        )


def hidden_imports(tree: GoTree, path: str) -> Iterator[tuple[ImportSpec, str]]:
    """Each import of a package of this tree that the internal/ rule forbids (go help packages), and its folder."""
    importer = tree.modules.import_path(folder_of(path))
    for spec, folder in tree.local_imports(path) if path.endswith(".go") else ():
        if folder is not None and importer is not None and not may_see(importer, spec.path):
            yield spec, folder


def may_see(importer: str, imported: str) -> bool:
    """Whether the internal/ rule allows one import path to import another."""
    last = f"/{imported}/".rfind("/internal/")
    return last < 0 or is_under(importer, imported[: max(last - 1, 0)])


def check_hidden(found: Sequence[str]) -> None:
    """Raise `PhaseError` when a file joins the package that it imports and a bare name would mean something else."""
    if found:
        raise PhaseError(
            f"these names would mean something else without their qualifiers:\n{joined_list(found)}",
            advice="rename what hides them first",
        )


def check_no_cycles(plan: GoPlan, result: GoTree, files: Iterable[str], found: Crossings) -> None:
    """Raise `PhaseError` for new import cycles.

    Only cuts and merges make them; `files` are the changed ones of the result.
    """
    if not plan.merges:
        return
    step = GoStep(plan.before, result, plan.moves, {path: plan.origin(path) for path in files})
    lines = [line for cycle in new_cycles(step, step.changed) for line in _causes(plan, result, found, cycle)]
    if lines:
        raise PhaseError(
            f"the move would make an import cycle:\n{joined_list(lines)}",
            advice="move what both sides need to a package of its own",
        )


def _causes(plan: GoPlan, result: GoTree, found: Crossings, cycle: Cycle) -> Iterator[str]:
    """Why the packages of a cycle import each other: the names that are used across a cut, and imports."""
    for edge, line in zip(cycle.edges, cycle.lines(result), strict=True):
        crossing = [
            f'{old}:{use.line} uses {use.name}, so "{edge.user}" needs "{edge.used}"'
            for old, destinations in found.qualified.items()
            if folder_of(plan.place(old)) == edge.user and old.endswith("_test.go") == edge.is_test
            for destination, uses in destinations.items()
            if destination.folder == edge.used
            for use in uses
        ]
        yield from crossing or [line]


def check_destinations_free(ws: EditableTree, plan: GoPlan, created: Iterable[str]) -> None:
    """Raise `PathError` when a file that a split makes would be hidden by an ignore rule, or stand below a file."""
    for path in created:
        for folder in parents(path):
            if folder in plan.after.entries:
                raise PathError(f'"{path}" goes through the file "{folder}"')
        ws.gitignore.check_visible(path)


def check_embeds(plan: GoPlan, candidates: Iterable[str], moved_alone: Iterable[FileMove]) -> None:
    """Raise `PhaseError` when files of a `//go:embed` do not keep their place relative to the file that names them."""
    alone = {path for move in moved_alone for path in move.files}
    for path in candidates:
        content = plan.before.content(path)
        for offset, pattern in embed_patterns(content):
            where = f"{path}:{line_number_at(content, offset)}"
            files = embedded(plan.before, folder_of(path), pattern)
            if not files and path in alone:
                raise PhaseError(
                    f'{where} embeds "{pattern}", which is not in the tree, so nobody can tell that it moves along',
                    advice="move the whole folder with ws.go.move",
                )
            for file in files:
                if plan.place(file) != _beside(plan.place(path), path, file):
                    raise PhaseError(
                        f'{where} embeds "{pattern}", but "{file}" would not keep its place beside it',
                        advice="move both together",
                    )


def _beside(new: str, old: str, file: str) -> str:
    """The new path of `file` when `old`, in a folder above it, moves to `new`."""
    base, new_base = folder_of(old), folder_of(new)
    return f"{new_base}/{file[len(base) :].lstrip('/')}".lstrip("/")


def embedders(plan: GoPlan, candidates: Iterable[str]) -> list[str]:
    """The Go files whose embedded files may move: in folders of something that moves, and in those above."""
    touched = {folder for old in plan.files for folder in [*parents(old), ""]}
    return [path for path in candidates if path.endswith(".go") and folder_of(path) in touched]
