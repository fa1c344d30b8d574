"""Python files that are added at an old place after its module moved, and imports of old places."""

from __future__ import annotations

from collections.abc import Mapping

from migrate.engines.python.places import is_python_source
from migrate.engines.python.verbs import PythonVerbs
from migrate.git.paths import is_under
from migrate.tree.editable_tree import EditableTree
from migrate.tree.moves import MoveMap
from migrate.tree.route import Route


def relocate_python(tree: EditableTree, route: Route, late: Mapping[str, str]) -> MoveMap:
    """Move late Python files to where they belong; returns the moves.

    A folder is moved as a whole when everything in it is late. Raises `PhaseError` for what the Python engine refuses.
    """
    python = PythonVerbs(tree)
    requested: dict[str, str] = {}
    for old, new in route.moves:
        if not route.leads_on(old):
            continue
        here = tree.overlay.under(old)
        is_late = all(path in late for path in here)
        if is_late and any(map(is_python_source, here or tree.overlay.under(new))):
            python.move(old, new, missing="skip")
            requested[old] = new
    for path, place in late.items():
        if is_python_source(path) and path != place and not any(is_under(path, old) for old in requested):
            python.move(path, place)
            requested[path] = place
    python.flush()
    return MoveMap(requested)
