"""Collects declarations in one file: each is first cut into a file of its own, and joined to that file at the end."""

from __future__ import annotations

from migrate.engines.golang.forward.build import constraint_of, suffix_of
from migrate.engines.golang.header import Header, ImportSpec, scan
from migrate.engines.golang.import_edits import with_import
from migrate.engines.golang.names import usual_names
from migrate.engines.golang.tree import GoTree
from migrate.engines.splice import line_bounds


def target_name(target: str, name: str) -> str:
    """The name for parts of the file `name` if a person wants `target`; suffixes for tests and systems are kept."""
    is_test = name.endswith("_test.go")
    wanted = f"{target.removesuffix('.go')}_test.go" if is_test and not target.endswith("_test.go") else target
    fits = is_test == wanted.endswith("_test.go") and suffix_of(wanted) == suffix_of(name)
    return wanted if target and fits else name


def can_join(tree: GoTree, one: str, other: str) -> bool:
    """Whether two files have the same build constraints, apart from their names."""
    first, second = (_expression(tree, path) for path in (one, other))
    return first is not None and first == second


def _expression(tree: GoTree, path: str) -> str | None:
    header = tree.header(path)
    constraint = None if header is None else constraint_of(path, tree.content(path), header)
    return None if constraint is None else constraint.expression


def join_pieces(base: bytes, piece: bytes) -> bytes | None:
    """`base` followed by the declarations of `piece`, with their imports; None when they cannot be one file."""
    header, other = scan(base), scan(piece)
    if header is None or other is None or header.package != other.package:
        return None
    if (b"\r\n" in base) != (b"\r\n" in piece) or _disagree(header, other):
        return None
    eol = b"\r\n" if b"\r\n" in base else b"\n"
    end = other.declarations[-1].end if other.declarations else other.package_end
    body = piece[line_bounds(piece, end, end)[1] :].strip()
    whole = base.rstrip() + eol + eol + body + eol
    for spec in other.imports:
        whole = with_import(whole, spec.name, spec.path)
    return whole


def _disagree(one: Header, other: Header) -> bool:
    """Whether the imports of two files may mean different packages by one name."""
    names = {name: spec.path for spec in one.imports for name in _names_of_import(spec)}
    return any(
        names.get(name, spec.path) != spec.path
        for spec in other.imports
        for name in _names_of_import(spec) - {"_", "."}
    )


def _names_of_import(spec: ImportSpec) -> set[str]:
    return {spec.name} if spec.name else usual_names(spec.path)
