"""Whether a move map explains how two versions of a Go file differ."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from migrate.engines.explanation import ChangeKind, Renames
from migrate.engines.golang.header import Header, ImportSpec, scan
from migrate.git.paths import folder_of
from migrate.tree.moves import MoveMap

QUOTED = re.compile(rb"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\\n])*\"|`[^`]*`|'(?:\\.|[^'\\\n])+'", re.DOTALL)


def go_explainer(moves: MoveMap) -> Callable[[bytes, bytes], ChangeKind]:
    """A function that gives the class of a Go file whose bytes changed."""
    renames, imports = Renames(moves), ImportMoves(moves)

    def explain(old: bytes, new: bytes) -> ChangeKind:
        before, after = scan(old), scan(new)
        if before is None or after is None:
            return renames.kind(old, new)
        names = imports.renamed(before, after)
        if names is None:
            return ChangeKind.READ
        rest, now = without_header(old, before), without_header(new, after)
        if rest == now:
            return ChangeKind.IMPORTS if before.package == after.package else ChangeKind.CLAUSE
        kind = renames.of_packages(names).kind(rest, now)
        is_code = kind is ChangeKind.REFERENCES and quoted_import(rest) == quoted_import(now)
        return ChangeKind.QUALIFIERS if is_code else kind

    return explain


def quoted_import(code: bytes) -> list[bytes]:
    """The strings and comments of Go code."""
    return QUOTED.findall(code)


class ImportMoves:
    """Says which import path a move map turns into which, without knowing modules: a path ends with its folder."""

    def __init__(self, moves: MoveMap) -> None:
        files = [(old, new) for old, new in moves if old.endswith(".go")]
        between = [(folder_of(old), folder_of(new)) for old, new in files]
        pairs = dict.fromkeys([*moves, *between])
        self._pairs = [(f"/{old}/", f"/{new}/") for old, new in pairs if old and new]
        self._known: dict[tuple[str, str], bool] = {}

    def lead(self, old: str, new: str) -> bool:
        """Whether the package imported as `old` can now be imported as `new`."""
        key = (old, new)
        if key not in self._known:
            self._known[key] = old == new or any(self._steps(old, new))
        return self._known[key]

    def _steps(self, old: str, new: str) -> Iterator[bool]:
        path, wanted = f"/{old}/", f"/{new}/"
        for before, after in self._pairs:
            at = path.find(before)
            while at >= 0:
                yield path[:at] + after + path[at + len(before) :] == wanted
                at = path.find(before, at + 1)

    def renamed(self, old: Header, new: Header) -> dict[str, str] | None:
        """The package names that changed between two headers; None when an import came or went that no move explains.

        A split package can be two imports where it was one; blank and dot imports stay what they are.
        """
        names: dict[str, str] = {}
        for spec in new.imports:
            if not any(self._same(before, spec) for before in old.imports):
                return None
        for spec in old.imports:
            followers = [after for after in new.imports if self._same(spec, after)]
            if not followers:
                return None
            if len(followers) == 1 and local_name(spec) != local_name(followers[0]):
                names[local_name(spec)] = local_name(followers[0])
        return names

    def _same(self, old: ImportSpec, new: ImportSpec) -> bool:
        special = {"_", "."}
        alike = old.name == new.name or not special & {old.name, new.name}
        return alike and self.lead(old.path, new.path)


def local_name(spec: ImportSpec) -> str:
    """What a file calls an imported package, as far as its imports tell."""
    return spec.name or spec.path.rpartition("/")[2]


def without_header(content: bytes, header: Header) -> bytes:
    """A Go file without the name in its package clause, the path in an import comment, and its import declarations."""
    cuts = [(header.package_start, header.package_end)]
    if header.comment is not None:
        cuts.append((header.comment.start, header.comment.end))
    cuts += [(declaration.start, declaration.end) for declaration in header.declarations]
    kept, position = [], 0
    for start, end in cuts:
        kept.append(content[position:start])
        position = end
    return b"".join([*kept, content[position:]])
