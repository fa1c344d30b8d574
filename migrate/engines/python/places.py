"""The name of a file as a module.

A place is the path of a module without its ending: `src/shop/cart` for `src/shop/cart.py`, for its stub, for
`src/shop/cart/__init__.py` and for a folder without one. A module that becomes a package keeps its place.
"""

from __future__ import annotations

import keyword
from posixpath import dirname

SOURCES = (".py", ".pyi")
INIT = "__init__"


def is_python_source(path: str) -> bool:
    """Whether a file is Python code, or a stub."""
    return path.endswith(SOURCES)


def place_of_module(path: str) -> str:
    """The place of a Python file or folder."""
    if not is_python_source(path):
        return path
    stem = path.rpartition(".")[0]
    return dirname(stem) if stem.rpartition("/")[2] == INIT else stem


def dotted_name(place: str, root: str) -> str:
    """The dotted name of a place below a root; "" for the root itself."""
    return (place[len(root) + 1 :] if root else place).replace("/", ".")


def joined_name(*parts: str) -> str:
    """Non-empty parts joined to a path, or to a dotted name."""
    return "/".join(part for part in parts if part)


def is_module_name(text: str) -> bool:
    """Whether an import statement can use this name."""
    return text.isidentifier() and not keyword.iskeyword(text)


def packages_above(folder: str) -> list[str]:
    """The folders above a path, nearest first, ending with the top."""
    found = []
    while folder:
        folder = dirname(folder)
        found.append(folder)
    return found
