"""The verbs that an author would have written for what people moved, and a workspace in which they are carried out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from posixpath import basename, dirname, join

from migrate.engines.golang.header import scan
from migrate.engines.golang.stated_modules import StatedModules
from migrate.engines.references.common.scope import is_third_party
from migrate.git.objects import TreeEntry
from migrate.git.paths import folders_of_paths, is_under, parents
from migrate.phase.workspace import Workspace
from migrate.tree.overlay import Overlay
from tests.replay.commits import PeoplesMove

ENOUGH = 300
"""How many Go files are read to learn what the tree is imported as."""


@dataclass
class Verbs:
    """What a phase would say, in this order."""

    folders: dict[str, str] = field(default_factory=dict)
    """Folders that go as a whole."""
    names: dict[str, str] = field(default_factory=dict)
    """The new names of packages, by their old folders."""
    merged: set[str] = field(default_factory=set)
    """Those of the folders that go into a package which is there already."""
    deleted: list[str] = field(default_factory=list)
    """Files that did not go along to such a package, which has one of the same name."""
    first: dict[str, str] = field(default_factory=dict)
    """Go files that get another name before they leave their folder, because theirs is taken elsewhere."""
    parts: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """Go files that leave their folder for another one."""
    parts_names: dict[tuple[str, str], str] = field(default_factory=dict)
    """What the package is called where they go, if that is a new one with a name of its own."""
    files: dict[str, str] = field(default_factory=dict)
    """Everything else, from where it is after the verbs above."""

    @property
    def kind(self) -> str:
        """Whether whole folders move, or parts of packages too."""
        return "parts" if self.parts else "folders"

    def lines(self) -> Iterator[str]:
        """The verbs as a phase would spell them."""
        for path in self.deleted:
            yield f'delete("{path}")'
        for old, new in self.folders.items():
            verb = "merge" if old in self.merged else "move"
            rename = f', rename="{self.names[old]}"' if old in self.names else ""
            yield f'{verb}("{old}", "{new}"{rename})'
        for old, new in self.first.items():
            yield f'move("{old}", "{new}")'
        for (old, new), names in self.parts.items():
            rename = f', rename="{self.parts_names[old, new]}"' if (old, new) in self.parts_names else ""
            yield f'split("{old}", {{"{new}": {names}}}{rename})'
        for old, new in self.files.items():
            yield f'move("{old}", "{new}")'


def verbs_for(move: PeoplesMove, before: Overlay, after: Mapping[str, TreeEntry]) -> Verbs:
    """What an author would have written to get from one tree to the other."""
    verbs = Verbs(folders=dict(whole_folders(move, before.entries, after)))
    was = {dirname(path) for path in before.entries if path.endswith(".go")}
    paired, meets = {path for path, _ in move.renames}, before.entries.keys()
    for old, new in verbs.folders.items():
        if old in was and new in was and new not in verbs.folders:
            verbs.merged.add(old)
            verbs.deleted += [
                path for path in before.under(old) if path not in paired and new + path[len(old) :] in meets
            ]
        name = package_name(before, after, new)
        if old in was and old not in verbs.merged and name not in (None, package_name(before, before.entries, old)):
            verbs.names[old] = str(name)
    for old, new in move.renames:
        now = resolved(verbs.folders, old)
        if now == new:
            continue
        if old.endswith(".go") and dirname(now) != dirname(new):
            place, own = join(dirname(new), basename(now)), join(dirname(now), basename(new))
            if place in before.entries and own not in before.entries:
                verbs.first[now] = now = own
            verbs.parts.setdefault((dirname(now), dirname(new)), []).append(basename(now))
            now = join(dirname(new), basename(now))
        if now != new:
            verbs.files[now] = new
    for old, new in verbs.parts:
        name = None if new in was else package_name(before, after, new)
        if name not in (None, package_name(before, before.entries, old)):
            verbs.parts_names[old, new] = str(name)
    return verbs


def whole_folders(
    move: PeoplesMove, before: Mapping[str, TreeEntry], after: Mapping[str, TreeEntry]
) -> Iterator[tuple[str, str]]:
    """The outermost folders of which nothing stayed, each with where most of it went."""
    gone = set(before) - set(after)
    stayed = folders_of_paths(path for path in before if path not in gone)
    found: list[str] = []
    for folder in sorted({above for old, _ in move.renames for above in parents(old)}):
        if folder in stayed or any(is_under(folder, each) for each in found):
            continue
        below = {old: new for old, new in move.renames if is_under(old, folder)}
        places = Counter(
            new[: -len(old) + len(folder)] for old, new in below.items() if new.endswith(old[len(folder) :])
        )
        places |= Counter(dirname(new) for old, new in below.items() if dirname(old) == folder)
        place, count = places.most_common(1)[0] if places else ("", 0)
        if place and place != folder and 2 * count > len(below):
            found.append(folder)
            yield folder, place


def resolved(folders: Mapping[str, str], path: str) -> str:
    """Where a path is when the folders have moved."""
    for above in (path, *parents(path)):
        if above in folders:
            return folders[above] + path[len(above) :]
    return path


def package_name(overlay: Overlay, entries: Mapping[str, TreeEntry], folder: str) -> str | None:
    """What most Go files of a folder call their package."""
    names: Counter[str] = Counter()
    for path, entry in entries.items():
        if dirname(path) == folder and path.endswith(".go") and entry.is_text_candidate:
            header = scan(overlay.content(entry.oid))
            if header is not None and not header.is_ignored:
                names[header.package.removesuffix("_test")] += 1
    return names.most_common(1)[0][0] if names else None


def stated(overlay: Overlay) -> StatedModules:
    """The module that a plan names for a tree without a go.mod at its top: what its files import of it."""
    if "go.mod" in overlay.entries:
        return StatedModules()
    if "vendor.mod" in overlay.entries:
        return StatedModules(modfile="vendor.mod")
    sources = [path for path in overlay.entries if path.endswith(".go") and not is_third_party(path)]
    folders = {dirname(path) for path in sources}
    roots: Counter[str] = Counter()
    for path in islice(sources, 0, None, max(1, len(sources) // ENOUGH)):
        entry = overlay.entries[path]
        header = scan(overlay.content(entry.oid)) if entry.is_text_candidate else None
        for spec in () if header is None else header.imports:
            root, *rest = next(
                ((spec.path[: -len(f) - 1], f) for f in ends(spec.path) if f in folders and "." in spec.path), ("",)
            )
            roots.update([root] if rest else [])
    return StatedModules((("", roots.most_common(1)[0][0]),)) if roots else StatedModules()


def ends(path: str) -> Iterator[str]:
    """What follows each slash of a path, the longest first."""
    while "/" in path:
        path = path.partition("/")[2]
        yield path


def carry_out(verbs: Verbs, before: Overlay) -> Workspace:
    """The workspace of a phase that says these verbs and then `ws.references.update()`.

    Raises `MigrateError` when one is refused.
    """
    ws = Workspace(before)
    plain = {}
    for path in verbs.deleted:
        ws.delete(path)
    for old, new in verbs.folders.items():
        if not any(path.endswith(".go") for path in before.under(old)):
            plain[old] = new
        elif old in verbs.merged:
            ws.go.merge(old, new)
        else:
            ws.go.move(old, new, rename=verbs.names.get(old))
    ws.flush()
    if verbs.first:
        ws.relocate(verbs.first)
    for (old, new), names in verbs.parts.items():
        ws.go.split(old, {new: names}, rename=verbs.parts_names.get((old, new)))
    ws.flush()
    for moves in (plain, verbs.files):
        # The test data of a test that left its folder is there already.
        left = {old: new for old, new in moves.items() if ws.moved.resolve(old) != new}
        if left:
            ws.relocate(left)
    ws.references.update()
    return ws
