"""What the compiler would refuse after a map, found before anything changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from migrate.errors import PhaseError
from migrate.golang.directives import embed_patterns, embed_regex
from migrate.golang.graph import ImportGraph
from migrate.golang.plan import Plan
from migrate.golang.requests import FileMove
from migrate.golang.splice import line_at
from migrate.golang.tree import GoTree
from migrate.paths import is_under, parents

SHOWN = 20


def check_visibility(plan: Plan, result: GoTree, files: Iterable[str]) -> None:
    """Every import of something internal must still be allowed where it stands; `files` are those that changed."""
    found = []
    origin = {new: old for old, new in plan.files.items()}
    for path in sorted(set(files)):
        old = origin.get(path, path)
        if not any(True for _ in _hidden_imports(plan.before, old)):
            found += [f'{path}:{line} cannot see "{hidden}"' for line, hidden in _hidden_imports(result, path)]
    if found:
        raise PhaseError(
            "the move would break the internal/ rule:\n" + "\n".join(f"  {line}" for line in found[:SHOWN]),
            advice="move the importers too, or move the package to where they may see it",
        )


def _hidden_imports(tree: GoTree, path: str) -> Iterator[tuple[int, str]]:
    """The line and path of each import of this tree that the internal/ rule forbids (go help packages)."""
    header = tree.header(path) if path.endswith(".go") else None
    importer = tree.modules.import_path(path.rpartition("/")[0])
    if header is None or importer is None:
        return
    for spec in header.imports:
        parts = spec.path.split("/")
        if "internal" in parts and tree.local_import(path, spec.path) is not None:
            last = len(parts) - 1 - parts[::-1].index("internal")
            if not is_under(importer, "/".join(parts[:last])):
                yield line_at(tree.content(path), spec.start), spec.path


def check_self_imports(plan: Plan, result: GoTree, files: Iterable[str]) -> None:
    """A file that joins the package that it imports would have to lose its qualifiers."""
    for path in sorted(set(files)):
        header = result.header(path) if path.endswith(".go") else None
        folder = path.rpartition("/")[0]
        if header is None or header.package.endswith("_test"):
            continue
        for spec in header.imports:
            if result.modules.folder(spec.path) == folder and plan.merges:
                raise PhaseError(
                    f"{path}:{line_at(result.content(path), spec.start)} imports the package that it moves into",
                    advice='take the qualifiers out first, or make it an external test with package="…_test"',
                )


def check_cycles(plan: Plan, result: GoTree) -> None:
    """A whole package that moves makes no cycle; a cut or a merge can."""
    if not plan.merges:
        return
    before, after = ImportGraph.of(plan.before), ImportGraph.of(result)
    cycles = [" and ".join(cycle) for cycle in after.cycles()]
    cycles += [f"the tests of {folder} and {imported}" for folder, imported in after.test_cycles()]
    if cycles and not before.cycles() and not before.test_cycles():
        raise PhaseError(f"the move would make an import cycle: {'; '.join(cycles)} import each other")


def check_embeds(plan: Plan, files: Iterable[str], moved_alone: Iterable[FileMove]) -> None:
    """What a `//go:embed` names must keep its place relative to the file that names it."""
    alone = {path for move in moved_alone for path in move.files}
    for path in files:
        content = plan.before.content(path)
        for offset, pattern in embed_patterns(content):
            where = f"{path}:{line_at(content, offset)}"
            embedded = list(_embedded(plan.before, path, pattern))
            if not embedded and path in alone:
                raise PhaseError(
                    f'{where} embeds "{pattern}", which is not in the tree, so it cannot be seen to move along',
                    advice="move the whole folder with ws.go.move",
                )
            for file in embedded:
                if plan.place(file) != _beside(plan.place(path), path, file):
                    raise PhaseError(
                        f'{where} embeds "{pattern}", but "{file}" would not keep its place beside it',
                        advice="move both together",
                    )


def _embedded(tree: GoTree, path: str, pattern: str) -> Iterator[str]:
    base = path.rpartition("/")[0]
    regex = embed_regex(pattern)
    for file in tree.entries:
        if is_under(file, base) and regex.fullmatch(file[len(base) :].lstrip("/")):
            yield file


def _beside(new: str, old: str, file: str) -> str:
    """Where `file` must go when `old`, in a folder above it, goes to `new`."""
    base, new_base = old.rpartition("/")[0], new.rpartition("/")[0]
    return f"{new_base}/{file[len(base) :].lstrip('/')}".lstrip("/")


def embedders(plan: Plan, candidates: Iterable[str]) -> list[str]:
    """The Go files whose embedded files may be touched: in a folder that holds, or is above, something that moves."""
    touched = {folder for old in plan.files for folder in [*parents(old), ""]}
    return [path for path in candidates if path.endswith(".go") and path.rpartition("/")[0] in touched]
