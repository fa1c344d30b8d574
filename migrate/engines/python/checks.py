"""Checks what Python would refuse after a step, before anything changes.

Only import statements are read, before and after, by code that is independent of the rewriting.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from posixpath import basename, dirname

from migrate.engines.graph import strongly_connected
from migrate.engines.python.graph import import_edges
from migrate.engines.python.header import ImportStatement, import_statements
from migrate.engines.python.import_order import Loading
from migrate.engines.python.places import INIT, is_module_name, place_of_module
from migrate.engines.python.step import PythonStep
from migrate.engines.python.tree import PythonTree
from migrate.engines.splice import line_number_at
from migrate.errors import PhaseError
from migrate.text import some_of

Read = Callable[[str], bytes]


def check_module_names(step: PythonStep) -> None:
    """Raise `PhaseError` for a new place that no import can name, or that hides another module."""
    for old, new in sorted(step.moved.items()):
        if old not in step.tops:
            continue
        root = step.after.owner(new)
        parts = new[len(root) + 1 if root else 0 :].split("/")
        was = old[len(step.before.owner(old)) + 1 if step.before.owner(old) else 0 :].split("/")
        if not is_module_name(parts[-1]) and is_module_name(was[-1]):
            raise PhaseError(
                f'"{new}" cannot be imported: "{parts[-1]}" is not a name that an import can use',
                advice="choose a name of letters, digits and underscores that is not a keyword",
            )
        if len(parts) == 1 and parts[0] in sys.stdlib_module_names and was[-1:] != parts:
            raise PhaseError(
                f'"{new}" would hide the module "{parts[0]}" of the standard library',
                advice="choose another name, or a package that holds it",
            )
        _check_free(step, old, new)


def _check_free(step: PythonStep, old: str, new: str) -> None:
    """Raise `PhaseError` for a module beside a package of its name, or a top-level module that another root has."""
    forms = sorted(path for path in step.after.sources if place_of_module(path) == new and not path.endswith(".pyi"))
    if len(forms) > 1:
        raise PhaseError(
            f'"{old}" cannot move to "{new}": {forms[0]} and {forms[1]} would be one module',
            advice="move one of the two elsewhere in the same step",
        )
    if new in step.after.files and not step.after.is_regular(new) and new in step.after.folders:
        raise PhaseError(
            f'"{old}" cannot move to "{new}": {step.after.files[new]} would hide the modules in the folder {new}',
            advice=f'name "{new}/{INIT}.py" as the new place',
        )
    root = step.after.owner(new)
    if dirname(new) == root:
        others = [r.folder for r in step.after.roots if r.folder != root and step.before.owner(old) != r.folder]
        name = basename(new)
        taken = next((f"{folder}/{name}" for folder in others if f"{folder}/{name}" in step.after.files), None)
        if taken is not None and basename(old) != name:
            raise PhaseError(f'"{new}" would hide {step.after.files[taken]}, which is called "{name}", too')


def check_attributes(step: PythonStep) -> None:
    """Raise `PhaseError` for a module that moves into a package which defines its name itself."""
    for old in step.tops:
        new = step.moved[old]
        package = step.before.files.get(dirname(new))
        if package is None or dirname(new) == dirname(old) == "" or step.moves.moves(package):
            continue
        if step.defines(dirname(new), basename(new)) and basename(package).startswith(f"{INIT}."):
            raise PhaseError(
                f'"{old}" cannot move to "{new}": {package} defines "{basename(new)}" itself',
                advice="choose another name, or rename what the package defines",
            )


def check_imports(step: PythonStep, before: Mapping[str, bytes], after: Mapping[str, bytes]) -> None:
    """Raise `PhaseError` when an import in one of the files found a module before and finds none now.

    `before` holds contents by old path, `after` those that changed by new path.
    """
    for path, content in before.items():
        new = step.moves.resolve(path)
        now = after.get(new, content)
        was = [name for name, _ in missing_imports(step.before, path, content)]
        missing = list(missing_imports(step.after, new, now, partial(_is_found, step.before, path)))
        for name, offset in missing if len(missing) > len(was) else ():
            if name not in was:
                raise PhaseError(
                    f'"{name}" would be imported, and no module has that name after the moves',
                    where=f"{new}:{line_number_at(now, offset)}",
                    advice="first change that import so that it names the module",
                )


def _is_found(tree: PythonTree, path: str, name: str) -> bool:
    return tree.find(name, path) is not None


def missing_imports(
    tree: PythonTree, path: str, content: bytes, was_there: Callable[[str], bool] = lambda _: False
) -> Iterator[tuple[str, int]]:
    """The imports of missing modules of the tree: their package is there, or the module was there before."""
    for statement in import_statements(content):
        for name in _names_in_statement(statement):
            if name.startswith("."):
                level = len(name) - len(name.lstrip("."))
                place = tree.relative(path, level, name[level:])
                if place is None or not tree.has(place):
                    yield name, statement.start
            elif tree.find(name, path) is None and (
                tree.find(name.partition(".")[0], path) is not None or was_there(name)
            ):
                yield name, statement.start


def _names_in_statement(statement: ImportStatement) -> list[str]:
    return [statement.source] if statement.is_from else [item.name for item in statement.items]


def check_import_cycles(
    step: PythonStep, read: Read, after: Mapping[str, bytes], changed: Iterable[str]
) -> Iterator[str]:
    """Note the files that import each other in a circle at import time and did not before.

    Only circles through a file whose imports, or whose place, changed can be new. Raises `PhaseError` for one in which
    an import would not find a name, because the module is not loaded far enough by then.
    """
    old_of = {step.moves.resolve(path): path for path in step.before.sources}

    def now(path: str) -> bytes:
        content = after.get(path)
        return read(old_of[path]) if content is None else content

    graph = import_edges(step.after, [path for path in changed if path.endswith(".py")], now)
    circles = [circle for circle in strongly_connected(graph) if len(circle) > 1]
    if not circles:
        return
    was = import_edges(step.before, [old_of[path] for circle in circles for path in circle], read)
    groups = {path: number for number, circle in enumerate(strongly_connected(was)) for path in circle}
    new = [circle for circle in circles if len({groups.get(old_of[path]) for path in circle}) > 1]
    loading, loaded = Loading(step.after, now), Loading(step.before, read)
    for circle in new:
        for first in circle:
            _check_loading(first, loading, {name for _, _, name in loaded.broken(old_of[first])}, now)
        yield f"files import each other in a circle now: {some_of(sorted(circle))}"


def _check_loading(first: str, loading: Loading, known: set[str], read: Read) -> None:
    for path, offset, name in sorted(loading.broken(first)):
        if name not in known:
            raise PhaseError(
                f'the moves would close a circle of imports: "{name}" is not there yet when {first} is imported first',
                where=f"{path}:{line_number_at(read(path), offset)}",
                advice="import it inside of the function that needs it, before the moves",
            )
