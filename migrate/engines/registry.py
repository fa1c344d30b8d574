"""The engines that there are: those built in, and those that other packages install."""

from __future__ import annotations

import sys
from functools import cache
from importlib import import_module
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from migrate.errors import PhaseError
from migrate.text import did_you_mean

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

    from migrate.engines.base import Engine

GROUP = "git_phases.engines"
"""The entry points of engines in other packages: each names a class."""

BUILT_IN = MappingProxyType(
    {
        "go": ("migrate.engines.golang.engine", "GoEngine"),
        "python": ("migrate.engines.python.engine", "PythonEngine"),
    }
)
"""The module and the class of each engine that is built in."""


@cache
def engine_named(name: str) -> Engine:
    """The engine of a name; packages are asked only for one that is not built in.

    Raises `PhaseError` where there is none, or it cannot be imported.
    """
    if name in BUILT_IN:
        module, owner = BUILT_IN[name]
        return cast("Engine", getattr(import_module(module), owner)())
    found = installed_engines()
    if name not in found:
        raise PhaseError(
            f'there is no engine "{name}"{did_you_mean(name, [*BUILT_IN, *found])}',
            advice=f"install the package that brings it; an engine is an entry point of the group {GROUP}",
        )
    try:
        return cast("Engine", found[name].load()())
    except Exception as error:
        raise PhaseError(
            f'the engine "{name}" of {found[name].value} does not load: {type(error).__name__}: {error}',
            advice="install that package again, or uninstall it",
        ) from error


@cache
def installed_engines() -> dict[str, EntryPoint]:
    """The entry points of the engines that are not built in, by name.

    `python -m migrate` searches the current folder first, which may be anybody's: it is skipped here.
    """
    from importlib.metadata import distributions  # Importing it takes as long as reading all plans.

    here = Path.cwd()
    places = [place for place in sys.path if place and Path(place).resolve() != here]
    points = chain.from_iterable(each.entry_points.select(group=GROUP) for each in distributions(path=places))
    return {point.name: point for point in points if point.name not in BUILT_IN}


@cache
def all_engines() -> tuple[Engine, ...]:
    """Every engine that there is, those built in first."""
    return tuple(engine_named(name) for name in (*BUILT_IN, *sorted(installed_engines())))


def engine_of_file(path: str) -> Engine | None:
    """The engine whose source code a file is."""
    for engine in all_engines():  # A loop, because every path of a tree is asked about.
        if engine.owns(path):
            return engine
    return None


def has_packages(path: str) -> bool:
    """Whether a file is source code of a language in which a folder is a package, called by its last word."""
    engine = engine_of_file(path)
    return engine is not None and engine.folders_are_packages
