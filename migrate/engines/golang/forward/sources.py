"""Finds the files of a package whose names are forwarded, and the names that cannot be."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from migrate.engines.golang.checking.checks import may_see
from migrate.engines.golang.crossing import declared_names
from migrate.engines.golang.forward.build import Constraint, constraint_of
from migrate.engines.golang.forward.calls import named_parameters
from migrate.engines.golang.forward.names import Forwarded, ForwardSource
from migrate.engines.golang.names import implied_names
from migrate.engines.golang.plan import Destination, GoPlan, Package
from migrate.engines.golang.scope import ScopeUse
from migrate.engines.golang.tree import GoTree

_GO = re.compile(rb"^go[ \t]+(\d+)\.(\d+)", re.MULTILINE)
_GENERIC_ALIASES = (1, 24)
_CALLERS = {"runtime": ("Caller", "Callers"), "log": ("Output",)}
"""Functions that report their callers, by import path."""


@dataclass(frozen=True)
class ForwardedFile:
    """One file that moved: its place now, its build constraint, and the names that it exports."""

    path: str
    home: Destination
    constraint: Constraint | None
    names: tuple[Forwarded, ...]


def forwarded_files_of(plan: GoPlan, result: GoTree, package: Package, old: str) -> Iterator[ForwardedFile]:
    """The files of a package that others can import and that leave its folder, whose import path is `old`.

    Raises `PhaseError` when one has syntax that cannot be read.
    """
    declared = set(declared_names(plan.before, package.destinations))
    for place, home in package.destinations.items():
        path = plan.place(place)
        header = result.header(path)
        if header is None or header.is_ignored or path.endswith("_test.go") or home.folder == package.folder:
            continue
        source = ForwardSource(result.scopes(path), header, old, declared, partial(implied_names, result))
        constraint = constraint_of(path, result.content(path), header)
        yield ForwardedFile(path, home, constraint, tuple(source.forwarded()))


def refused_names(
    plan: GoPlan, result: GoTree, package: Package, old: str, forwarded_files: Sequence[ForwardedFile]
) -> dict[str, str]:
    """Why some names cannot be forwarded from the import path `old`."""
    every = [(forwarded_file, each) for forwarded_file in forwarded_files for each in forwarded_file.names]
    generic = _go_version(plan, package.folder) >= _GENERIC_ALIASES
    looking = _lookers(result, forwarded_files)
    refused: dict[str, str] = {}
    for forwarded_file, each in every:
        reason = each.refusal or _forward_refusal(forwarded_file, each, old, looking)
        if each.kind == "type" and each.types and not generic:
            reason = reason or "is a generic type, which needs Go 1.24"
        if reason:
            refused.setdefault(each.name, reason)
    while True:
        more = {
            each.name: other for _, each in every for other in each.own & refused.keys() if each.name not in refused
        }
        if not more:
            return refused
        refused |= {name: f"names {other}, which {refused[other]}" for name, other in more.items()}


def _forward_refusal(forwarded_file: ForwardedFile, each: Forwarded, old: str, looking: Collection[str]) -> str:
    if forwarded_file.constraint is None:
        return "is built under a // +build line alone"
    if each.kind == "func" and each.name in looking:
        return "asks for its caller"
    hidden = sorted(name.path for name in each.imports if not may_see(old, name.path))
    return f'names a type of "{hidden[0]}", which cannot be imported from there' if hidden else ""


def _go_version(plan: GoPlan, folder: str) -> tuple[int, int]:
    module = plan.before.modules.of(folder)
    assert module is not None
    found = _GO.search(plan.before.content(f"{module.folder}/go.mod".lstrip("/")))
    return (int(found[1]), int(found[2])) if found else (1, 16)


def _lookers(result: GoTree, forwarded_files: Sequence[ForwardedFile]) -> set[str]:
    """The functions that ask for their caller, directly or through another function of the package."""
    found: set[str] = set()
    for forwarded_file in forwarded_files:
        header = result.header(forwarded_file.path)
        asking = {spec.name or spec.path: spec.path for spec in header.imports} if header else {}
        asking = {name: path for name, path in asking.items() if path in _CALLERS}
        uses = result.scopes(forwarded_file.path).free(asking) if asking else []
        found |= _around(result, forwarded_file, [use for use in uses if use.selected in _CALLERS[asking[use.name]]])
    while found:
        more = {
            name
            for forwarded_file in forwarded_files
            for name in _around(result, forwarded_file, result.scopes(forwarded_file.path).free(found))
        }
        if more <= found:
            break
        found |= more
    return found


def _around(result: GoTree, forwarded_file: ForwardedFile, uses: Sequence[ScopeUse]) -> set[str]:
    """The functions of a file that contain some uses."""
    found: set[str] = set()
    for node in result.scopes(forwarded_file.path).tree.root_node.named_children if uses else ():
        if node.type == "function_declaration" and any(node.start_byte < use.start < node.end_byte for use in uses):
            found.update(named_parameters(node))
    return found
