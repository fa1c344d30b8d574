"""Notes folders that got modules but have no `__init__.py`, although the old package had one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from posixpath import dirname

from migrate.engines.python.places import INIT, is_python_source
from migrate.engines.python.roots import roots_of
from migrate.tree.overlay import Overlay


def package_notes(overlay: Overlay, moved: Mapping[str, str]) -> Iterator[str]:
    """A note for each such folder. Python can import from it, but tools that search for packages skip it.

    https://setuptools.pypa.io/en/latest/userguide/package_discovery.html
    """
    found = {
        dirname(new): dirname(old)
        for old, new in moved.items()
        if is_python_source(new) and dirname(new) and not _has_init(overlay.entries, dirname(new))
    }
    roots = {root.folder for root in roots_of(overlay)} if found else set()
    for folder, old in sorted(found.items()):
        if folder not in roots and _has_init(overlay.base, old):
            yield (
                f"{folder} has no {INIT}.py, and {old} has one: tools that search for packages skip {folder}; "
                f'ws.write("{folder}/{INIT}.py", "") makes it one'
            )


def _has_init(paths: Mapping[str, object], folder: str) -> bool:
    return any(f"{folder}/{INIT}{ending}" in paths for ending in (".py", ".pyi"))
