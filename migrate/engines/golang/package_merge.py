"""Files that move into the package that they import: its names lose their qualifier there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from migrate.engines.golang.names import implied_names
from migrate.engines.golang.plan import Destination, GoPlan
from migrate.engines.golang.scope import ScopeUse
from migrate.engines.splice import Splice
from migrate.git.paths import folder_of


def own_destination(plan: GoPlan, path: str) -> Destination | None:
    """The package in which a file ends up; None when its header cannot be read."""
    header = plan.before.header(path)
    if header is None:
        return None
    return Destination(folder_of(plan.place(path)), plan.clauses.get(path, header.package))


def bare_edits(plan: GoPlan, path: str, uses: Sequence[ScopeUse]) -> Iterator[Splice]:
    """The edits that remove the qualifiers of some uses."""
    content = plan.before.content(path)
    for use in uses:
        dot = content.index(b".", use.end)
        after = dot + 1
        while content[after : after + 1].isspace():
            after += 1
        yield Splice(use.start, after, b"")


def hidden(plan: GoPlan, path: str, uses: Sequence[ScopeUse]) -> Iterator[str]:
    """Why a name would mean something else without its qualifier."""
    scopes, header = plan.before.scopes(path), plan.before.header(path)
    assert header is not None
    for use in uses:
        if scopes.binds(use.selected, [use.start]):
            yield f"{path}:{use.line} {use.name}.{use.selected}: a local {use.selected} hides it"
    called = {
        name
        for spec in header.imports
        for name in ({spec.name} if spec.name else implied_names(plan.before, spec.path))
    }
    for use in uses:
        if use.selected in called:
            yield f"{path}:{use.line} {use.name}.{use.selected}: an import is called {use.selected}"


def joining(plan: GoPlan) -> frozenset[str]:
    """The folders of packages that are merged with another package, which a caller may import as well."""
    found = set()
    for package in plan.packages.values():
        for destination in package.importable:
            beside = plan.after.folders.get(destination.folder, ())
            if any(folder_of(plan.origin(path)) != package.folder for path in beside):
                found.add(package.folder)
    return frozenset(found)


def final_folder(plan: GoPlan, folder: str) -> str | None:
    """The folder of a package after the map; None when it is in several places."""
    package = plan.packages.get(folder)
    if package is None:
        return plan.moves.resolve(folder)
    return None if package.is_split else package.importable[0].folder
