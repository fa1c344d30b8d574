"""Finds imports that still name an old place, with Python's own parser.

This checks the rewriting, so it shares no code with it: it does not know roots, and does not resolve names as the
engine does. A name counts as old when it ends like an old place, its beginning fits the folder of that place, and
nothing is there any more. https://docs.python.org/3/library/ast.html
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Collection, Iterator, Mapping

from migrate.engines.base import StaleImport
from migrate.git.paths import folder_of
from migrate.text import decode
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay

_LINE = re.compile(r"^[ \t]*(?:from[ \t]+([.\w]+)[ \t]+import\b|import[ \t]+([\w.]+))([^\n#]*)", re.MULTILINE)
_ENDINGS = (".py", ".pyi")


def stale_python_imports(overlay: Overlay, moves: MoveMap) -> list[StaleImport]:
    """The file, the line and the text of each import of a module that a map took away; sorted.

    Files that Python cannot parse are read line by line.
    """
    gone = _missing_places(overlay, moves)
    if not gone:
        return []
    found = []
    code = [path for path in overlay.entries if path.endswith(_ENDINGS)]
    leaves = sorted({place.rpartition("/")[2] for place in gone})
    paths = [path for path in overlay.holding(leaves) if path.endswith(_ENDINGS)]
    for path, content in overlay.contents(paths):
        lines = decode(content).splitlines()
        for line, level, name in _imported_modules(content):
            place = _gone_place(path, level, name, gone, overlay, code)
            if place is not None:
                text = lines[line - 1].strip() if line <= len(lines) else name
                found.append(StaleImport(path, line, text, f'the module moved to "{gone[place]}"'))
    return sorted(set(found), key=lambda each: (each.path, each.line, each.text))


def _missing_places(overlay: Overlay, moves: MoveMap) -> dict[str, str]:
    """The old places at which no Python code is left, with the new paths; a package is its folder."""
    found = {}
    for old, new in moves:
        is_code = old.endswith(_ENDINGS) or any(path.endswith(_ENDINGS) for path in overlay.under(new))
        if old != new and is_code:
            place = re.sub(r"(?:/__init__)?\.pyi?$", "", old)
            if not _is_there(overlay, place):
                found[place] = new
    return found


def _is_there(overlay: Overlay, place: str) -> bool:
    return any(f"{place}{ending}" in overlay.entries for ending in _ENDINGS) or overlay.is_folder(place)


def _imported_modules(content: bytes) -> Iterator[tuple[int, int, str]]:
    """The line, the dots and the dotted name of each module that a file may import."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(content)
    except (SyntaxError, ValueError, RecursionError):
        yield from _in_lines(decode(content))
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, 0, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            yield node.lineno, node.level, module
            for alias in node.names:
                yield node.lineno, node.level, f"{module}.{alias.name}" if module else alias.name


def _in_lines(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _LINE.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        spelled = match[1] or match[2]
        level = len(spelled) - len(spelled.lstrip("."))
        yield line, level, spelled[level:]
        if match[1]:
            for name in re.findall(r"(?:^|,)\s*\(?\s*(\w+)", match[3]):
                yield line, level, f"{spelled[level:]}.{name}".lstrip(".")


def _gone_place(
    path: str, level: int, name: str, gone: Mapping[str, str], overlay: Overlay, code: Collection[str]
) -> str | None:
    """The old place at or above what an import means; None when it means none.

    `code` are the Python files of the tree.
    """
    if level:
        folders = path.split("/")[:-1]
        above = folders[: len(folders) - level + 1]
        place = "/".join([*above, *name.split(".")])
        return None if _is_defined(overlay, place) else _nearest(place, gone)
    whole = name.replace(".", "/")
    tops = [(top, place) for place in gone for top in _tops(place, whole) if not _is_package(overlay, top)]
    # The same name may be found elsewhere: below another root, or where a package defines it.
    first = whole.partition("/")[0]
    for top, place in tops:
        is_elsewhere = _found_elsewhere(code, whole, first, top) or _is_shared(
            overlay, code, top + whole, gone.get(place)
        )
        if not is_elsewhere and not _is_defined(overlay, top + whole):
            return place
    return None


def _tops(place: str, whole: str) -> Iterator[str]:
    """The folders below which a name, or a prefix of it, would be an old place."""
    parts = whole.split("/")
    for number in range(1, len(parts) + 1):
        head = "/".join(parts[:number])
        if place == head or place.endswith(f"/{head}"):
            yield place[: -len(head)]


def _is_package(overlay: Overlay, top: str) -> bool:
    return any(f"{top}__init__{ending}" in overlay.entries for ending in _ENDINGS)


def _found_elsewhere(code: Collection[str], whole: str, first: str, top: str) -> bool:
    ends = tuple(f"/{whole}{tail}" for tail in (".py", ".pyi", "/__init__.py"))
    return any(f"/{path}".endswith(ends) and not path.startswith(f"{top}{first}/") for path in code)


def _is_shared(overlay: Overlay, code: Collection[str], place: str, new: str | None) -> bool:
    """Whether a namespace package, part of which moved to `new`, also has modules below another root."""
    if new is None or new.endswith(_ENDINGS) or f"{new}/__init__.py" in overlay.entries:
        return False
    name = place.rpartition("/")[2]
    return any(f"/{name}/" in f"/{path}" and not path.startswith(f"{new}/") for path in code)


def _is_defined(overlay: Overlay, place: str) -> bool:
    """Whether the package that contains a place binds the last name itself."""
    package, _, name = place.rpartition("/")
    entry = overlay.entries.get(f"{package}/__init__.py")
    if entry is None:
        return False
    return re.search(rb"(?<![\w.])%b(?![\w.])" % re.escape(name).encode(), overlay.content(entry.oid)) is not None


def _nearest(place: str, gone: Collection[str]) -> str | None:
    while place and place not in gone:
        place = folder_of(place)
    return place or None
