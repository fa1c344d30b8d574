"""Finds what moves along with declarations that leave a package: their tests, and assertions.

A test moves when all names that it uses move to one place; whatever only such tests use moves with them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from migrate.engines.golang.cutting.declaration_blocks import DeclarationBlock
from migrate.engines.golang.scope import ScopeUse
from migrate.engines.golang.tree import GoTree

_TEST = re.compile(r"(?:Test|Benchmark|Fuzz|Example)(?![a-z])\w*")

Place = tuple[str, int]
"""A declaration block: its file and its number there."""


@dataclass(frozen=True)
class Following:
    """The blocks of files that are not named as a whole, the request for each block, and for each name."""

    blocks: Mapping[str, Sequence[DeclarationBlock]]
    parts: Mapping[str, Sequence[int | None]]
    destinations: Mapping[str, int | None]
    left: Collection[Place] = ()
    """The names that stay because the request says so."""
    copied: Collection[str] = ()
    """The names that are copied, so that they hold nothing back."""
    exported: Collection[str] = ()
    """The names that are exported, so that both sides can use them."""
    tests: bool = True
    """Whether tests move along, and not only assertions that cannot stay."""


@dataclass
class _Node:
    """A declaration with what belongs to it: a type of a test file with its methods, or one block."""

    places: list[Place] = field(default_factory=list)
    helpers: set[str] = field(default_factory=set)
    """The declarations of test files that it uses."""
    destinations: set[int | None] = field(default_factory=set)
    """The destinations of what it uses of other files."""
    bound: set[int | None] = field(default_factory=set)
    """The destinations of unexported names that it uses."""
    is_candidate: bool = False


def followers(tree: GoTree, folder: str, following: Following) -> Iterator[tuple[str, int, int]]:
    """The file, number and request of each block that moves along."""
    nodes = _nodes(tree, folder, following)
    for node in nodes.values():
        # An assertion goes where it must, or else where everything that it uses goes.
        destinations = node.bound or (node.destinations if following.tests else set())
        if len(destinations) == 1 and not node.helpers and (destination := next(iter(destinations))) is not None:
            yield from _assertions(following, node, destination)
    for name, destination in _settled(nodes).items() if following.tests else ():
        for path, number in nodes[name].places:
            yield path, number, destination


def _assertions(following: Following, node: _Node, destination: int) -> Iterator[tuple[str, int, int]]:
    for path, number in node.places:
        if following.blocks[path][number].title == "_":
            yield path, number, destination


def _nodes(tree: GoTree, folder: str, following: Following) -> dict[str, _Node]:
    """Every declaration of the test files, and every `var _`, by name or place."""
    name = tree.package_name(folder) or ""
    external = {path for path in following.blocks if _clause(tree, path) == f"{name}_test"}
    helpers = {
        _declaration_key(path in external, key)
        for path, number, block in _all_declarations(following)
        if path.endswith("_test.go") and following.parts[path][number] is None
        for key in block.keys
    }
    nodes: dict[str, _Node] = {}
    for path in following.blocks:
        found = _Uses(tree, path, folder, name if path in external else "")
        for number, block in enumerate(following.blocks[path]):
            is_test = following.tests and path.endswith("_test.go")
            if (is_test or block.title == "_") and following.parts[path][number] is None:
                key = (
                    _declaration_key(path in external, block.keys[0]) if is_test and block.keys else f"{path}:{number}"
                )
                node = nodes.setdefault(key, _Node())
                node.places.append((path, number))
                if (path, number) in following.left:
                    node.destinations.add(None)
                    node.bound.add(None)
                node.is_candidate |= is_test and not block.receiver and _is_test(block.title)
                for used, is_external in found.within(block):
                    if used in following.copied:
                        continue
                    if _declaration_key(is_external, used) in helpers:
                        node.helpers.add(_declaration_key(is_external, used))
                    elif not is_external and used in following.destinations:
                        node.destinations.add(following.destinations[used])
                        if not used[:1].isupper() and used not in following.exported:
                            node.bound.add(following.destinations[used])
    return nodes


def _all_declarations(following: Following) -> Iterator[tuple[str, int, DeclarationBlock]]:
    for path, blocks in following.blocks.items():
        for number, block in enumerate(blocks):
            yield path, number, block


def _is_test(name: str) -> bool:
    return name != "TestMain" and _TEST.fullmatch(name) is not None


def _declaration_key(is_external: bool, name: str) -> str:
    return f"test {name}" if is_external else name


def _clause(tree: GoTree, path: str) -> str:
    header = tree.header(path)
    return "" if header is None else header.package


class _Uses:
    """Finds the names that a file uses; `package` is the qualifier in an external test, "" inside the package."""

    def __init__(self, tree: GoTree, path: str, folder: str, package: str) -> None:
        self._is_external = bool(package)
        self._scopes = tree.scopes(path)
        header = tree.header(path)
        specs = [spec for spec in (header.imports if header else ()) if tree.modules.folder(spec.path) == folder]
        self._qualifiers = {spec.name or package for spec in specs}

    @cached_property
    def _free(self) -> list[ScopeUse]:
        return self._scopes.free(self._scopes.words)

    def within(self, block: DeclarationBlock) -> Iterator[tuple[str, bool]]:
        """Each name of the package that a block uses, and whether it belongs to the external test package."""
        for use in self._free:
            if block.start <= use.start < block.end:
                if not self._is_external:
                    yield use.name, False
                elif use.name in self._qualifiers:
                    yield use.selected, False
                else:
                    yield use.name, True


def _settled(nodes: Mapping[str, _Node]) -> dict[str, int]:
    """The request of each declaration of a test file that moves along."""
    refused: set[str] = set()
    while True:
        going = _tests(nodes, refused)
        helpers = _helpers(nodes, going)
        wrong = {name for name in going if not _reached_nodes(nodes, name) - {name} <= going.keys() | helpers.keys()}
        if not wrong:
            return going | helpers
        refused |= wrong


def _tests(nodes: Mapping[str, _Node], refused: set[str]) -> dict[str, int]:
    going = {}
    for name, node in nodes.items():
        if node.is_candidate and name not in refused:
            destinations = {
                destination for other in _reached_nodes(nodes, name) for destination in nodes[other].destinations
            }
            if len(destinations) == 1 and (destination := destinations.pop()) is not None:
                going[name] = destination
    return going


def _helpers(nodes: Mapping[str, _Node], going: Mapping[str, int]) -> dict[str, int]:
    """The helpers that only those tests use: everything that uses them goes to the same place."""
    found: dict[str, int] = {}
    while True:
        new = {}
        for name, node in nodes.items():
            users = [other for other in nodes if name in nodes[other].helpers and other != name]
            destinations = {going.get(user, found.get(user)) for user in users}
            if (
                not node.is_candidate
                and name not in found
                and len(destinations) == 1
                and (destination := destinations.pop()) is not None
            ):
                new[name] = destination
        if not new:
            return found
        found |= new


def _reached_nodes(nodes: Mapping[str, _Node], name: str) -> set[str]:
    """A declaration and everything in test files that it needs."""
    seen, waiting = {name}, [name]
    while waiting:
        more = {helper for helper in nodes[waiting.pop()].helpers if helper in nodes} - seen
        seen |= more
        waiting += more
    return seen
