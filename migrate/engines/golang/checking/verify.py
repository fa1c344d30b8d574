"""Imports that a map left behind, and those that it could leave because something forwards."""

from __future__ import annotations

from collections.abc import Callable

from migrate.engines.base import StaleImport
from migrate.engines.golang.forwarding import go_forwarding_files
from migrate.engines.golang.tree import GoTree
from migrate.engines.splice import line_bounds, line_number_at
from migrate.git.paths import folder_of
from migrate.text import decode
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay


def stale_imports(overlay: Overlay, moves: MoveMap) -> list[StaleImport]:
    """Every import of a package of this tree that `moves` took away, or that is simply gone.

    An import of generated code that no tree ever held is fine at the place where the map put it.
    """
    tree = GoTree.of(overlay)
    tree.read_headers()
    explain = go_import_explainer(overlay, moves)
    found = []
    for path in sorted(tree.files):
        header = tree.header(path)
        for spec in () if header is None else header.imports:
            folder = tree.local_import(path, spec.path)
            message = None if folder is None or folder in tree.folders else explain(folder)
            if message is not None:
                content = tree.content(path)
                start, end = line_bounds(content, spec.begin, spec.end)
                line = decode(content[start:end]).strip()
                found.append(StaleImport(path, line_number_at(content, spec.start), line, message))
    return found


def forwarded_imports(overlay: Overlay) -> tuple[int, int]:
    """How many imports go through packages that forward from old places, and how many such packages there are."""
    files = set(go_forwarding_files(overlay))
    folders = {folder_of(path) for path in files}
    if not folders:
        return 0, 0
    tree = GoTree.of(overlay)
    tree.read_headers()
    headers = ((path, tree.header(path)) for path in tree.files if path not in files)
    specs = ((path, spec.path) for path, header in headers if header is not None for spec in header.imports)
    return sum(tree.local_import(path, imported) in folders for path, imported in specs), len(folders)


def go_import_explainer(overlay: Overlay, moves: MoveMap) -> Callable[[str], str | None]:
    """A function that says why a folder without Go files is no place to import from, or None when it may be."""
    before = {folder_of(path) for path in (*overlay.anchored, *overlay.base) if path.endswith(".go")}
    files_to = {folder_of(old): folder_of(new) for old, new in moves if old.endswith(".go")}
    origin = moves.inverse()

    def explain(folder: str) -> str | None:
        # A folder that the map filled may lack generated code, even if it was an old place before, as in a chain.
        if moves.moves(folder) and origin.entry(folder) is None:
            return f'the package moved to "{moves.resolve(folder)}"'
        if folder in files_to:
            return f'the package moved to "{files_to[folder]}"'
        return f'there is no longer a Go file in "{folder}"' if origin.resolve(folder) in before else None

    return explain
