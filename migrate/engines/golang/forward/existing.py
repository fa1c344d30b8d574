"""Reads forwarding files back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from migrate.engines.golang.crossing import declared_names
from migrate.engines.golang.forward.build import constraint_of
from migrate.engines.golang.forward.files import ForwardingFile, ForwardTarget, declaration
from migrate.engines.golang.forward.names import Forwarded, ForwardSource
from migrate.engines.golang.forwarding import forwarding_marker, is_forwarding
from migrate.engines.golang.header import Header
from migrate.engines.golang.names import implied_names
from migrate.engines.golang.tree import GoTree
from migrate.engines.splice import line_number_at
from migrate.errors import PhaseError
from migrate.git.paths import folder_of

_ABOVE = ("comment", "package_clause", "import_declaration")


def read_file(tree: GoTree, path: str, targets: Iterable[ForwardTarget] = ()) -> ForwardingFile:
    """Read a forwarding file; `targets` are its present targets, if its first line still names others.

    Raises `PhaseError` when it does anything other than forward.
    """
    content, header = tree.content(path), tree.header(path)
    first = forwarding_marker(content)
    if header is None or first is None:
        raise _edited(path, 1)
    chosen = tuple(targets) or tuple(ForwardTarget(*part.split(" as ", 1)) for part in first[2].split(", "))
    names = tuple(_forwarded_names(tree, path, header, chosen))
    effects = {spec.path for spec in header.imports if spec.name == "_"} & {target.path for target in chosen}
    constraint = constraint_of(path, content, header)
    return ForwardingFile(
        path=path,
        package=header.package,
        phase=first[1] or "",
        expression=constraint.expression if constraint else "",
        targets=chosen,
        names=names,
        effects=frozenset(effects),
        is_alone=all(is_forwarding(other, tree.content(other)) for other in tree.folders[folder_of(path)]),
    )


def _forwarded_names(
    tree: GoTree, path: str, header: Header, targets: Iterable[ForwardTarget]
) -> Iterator[tuple[Forwarded, str]]:
    scopes = tree.scopes(path)
    folder = folder_of(path)
    called = dict(_called_target(tree, header, targets))
    source = ForwardSource(
        scopes=scopes,
        header=header,
        import_path=tree.modules.import_path(folder) or "",
        declared=declared_names(tree, tree.folders[folder]),
        implied=partial(implied_names, tree),
    )
    for node in scopes.tree.root_node.named_children:
        if node.type in _ABOVE:
            continue
        written = scopes.content[node.start_byte : node.end_byte]
        found = [
            (each, target)
            for each in source.declared_by(node)
            for name, target in called.items()
            if each.kind != "var" and declaration(each, name) == written
        ]
        if len(found) != 1:
            raise _edited(path, line_number_at(scopes.content, node.start_byte))
        yield found[0]


def _called_target(tree: GoTree, header: Header, targets: Iterable[ForwardTarget]) -> Iterator[tuple[str, str]]:
    """The import path of each target by the name that a file has for it."""
    paths = {target.path for target in targets}
    for spec in header.imports:
        if spec.path in paths and spec.name != "_":
            folder = tree.modules.folder(spec.path)
            yield spec.name or (tree.package_name(folder or "") or ""), spec.path


def _edited(path: str, line: int) -> PhaseError:
    return PhaseError(
        f"{path}:{line} is not what migrate wrote: its first line says that it only forwards",
        advice="take that first line out when the package is to stay, else the change",
    )
