"""The requests of a phase to the engine, checked at the line that makes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from migrate.engines.golang.declarations import declarations
from migrate.engines.golang.member_names import members_of
from migrate.engines.golang.package_names import check_importable_place, check_package_name
from migrate.engines.golang.tree import GoTree
from migrate.errors import PathError, PhaseError
from migrate.git.paths import check_path, folder_of, is_under
from migrate.text import did_you_mean
from migrate.tree.editable_tree import EditableTree, whereabouts
from migrate.tree.globs import glob_regex
from migrate.tree.overlay import Overlay

Qualifiers = Literal["rewrite", "alias"]
"""What callers of a renamed package use: the new name, or their present one as an alias."""

Places = tuple[tuple[str, str], ...]
"""Old and new paths of what is in a folder that moves to the top: each moves by itself, as no path names the top."""


@dataclass(frozen=True)
class PackageMove:
    """A folder moves with everything in it; `rename` is the new name of its own package."""

    old: str
    new: str
    rename: str | None
    qualifiers: Qualifiers
    places: Places = ()


@dataclass(frozen=True)
class Split:
    """Part of the package in the folder `old` goes to the folder `new`.

    `files` are paths, `names` are package-level declarations; `rename` is the name of the new package. `export` lists
    what gets an exported name, `exports_all` asks for that wherever it is needed. What `leave` and `leave_files` list
    stays, even if it would move along.
    """

    old: str
    new: str
    files: tuple[str, ...]
    names: tuple[str, ...]
    rename: str | None
    qualifiers: Qualifiers
    export: frozenset[str] = frozenset()
    exports_all: bool = False
    leave: frozenset[str] = frozenset()
    leave_files: frozenset[str] = frozenset()
    copy: frozenset[str] = frozenset()
    """The names that are declared on both sides afterwards."""
    target: str = ""
    """The name of the file for all declarations; "" when each keeps the name of its own file."""


@dataclass(frozen=True)
class Merge:
    """Everything in the package folder `old` moves into the package folder `new`, subfolders included."""

    old: str
    new: str
    qualifiers: Qualifiers = "rewrite"
    places: Places = ()
    renamed: Places = ()
    """Files that get another name, because `new` has a file with theirs."""


@dataclass(frozen=True)
class FileMove:
    """Some files of the folder `old` move to the folder `new`; `package` is their package name there.

    `places` has the old and the new path of each.
    """

    old: str
    new: str
    places: tuple[tuple[str, str], ...]
    package: str | None
    qualifiers: Qualifiers
    copied: frozenset[str] = frozenset()
    """The names that both `old` and `new` declare afterwards."""

    @property
    def files(self) -> tuple[str, ...]:
        """The old paths."""
        return tuple(old for old, _ in self.places)

    @property
    def is_external_test(self) -> bool:
        """Whether the files become the external test package of what stands in `new`."""
        return self.package is not None and self.package.endswith("_test")


Request = PackageMove | FileMove | Merge
"""The requests of a plan."""

RequestedMove = PackageMove | Split | Merge
"""The requests of a phase."""


def pairs(request: Request) -> Places:
    """The old and new places of a request."""
    if isinstance(request, FileMove):
        return request.places
    renamed = request.renamed if isinstance(request, Merge) else ()
    if request.places:
        return tuple({**dict(request.places), **dict(renamed)}.items())
    held = ((request.new, request.new),) if isinstance(request, Merge) and is_under(request.new, request.old) else ()
    return ((request.old, request.new), *held, *renamed)


def package_moves(
    ws: EditableTree, old: str, new: str, rename: str | None, qualifiers: Qualifiers, *, skip: bool = False
) -> list[PackageMove]:
    """Read a `move`: one request, or none for a missing folder that may be skipped.

    Raises `PathError` or `PhaseError` when there is no such package or no such name.
    """
    overlay, old, new = ws.overlay, _checked_folder(old), _checked_folder(new)
    check_package_name(rename)
    _check_qualifiers(qualifiers)
    if skip and not overlay.holds(old):
        return []
    _check_folder(ws, old)
    check_importable_place(overlay, new)
    _check_not_top("move", old, new)
    if old == new and rename is None:
        raise PhaseError(f'"{old}" would move to itself', advice='name another folder, or rename="…"')
    if not any(path.endswith(".go") for path in overlay.under(old)):
        raise PhaseError(f'there is no Go file in "{old}"', advice=f'move it with ws.move("{old}", "{new}")')
    if rename == "main" and "main" not in _declared(_requested_package(overlay, old)):
        raise PhaseError(f'package main needs a func main, which no file of "{old}" declares')
    return [PackageMove(old, new, rename, qualifiers, _checked_places(overlay, old, new))]


def splits(
    ws: EditableTree,
    old: str,
    parts: Mapping[str, str | Iterable[str]],
    *,
    rename: str | None,
    qualifiers: Qualifiers,
    export: bool | str | Iterable[str],
    leave: str | Iterable[str] = (),
    copy: str | Iterable[str] = (),
    skip: bool = False,
) -> list[Split]:
    """Read a `split`: one request for each new place, or none for a missing folder that may be skipped.

    Raises `PathError` or `PhaseError` when an item is neither a file nor a name of the package.
    """
    overlay, old = ws.overlay, _checked_folder(old)
    check_package_name(rename)
    _check_qualifiers(qualifiers)
    if rename is not None and len({_target(new)[0] for new in parts}) > 1:
        raise PhaseError("several new places cannot all have the one name of rename=", advice="split one by one")
    if skip and not overlay.holds(old):
        return []
    _check_folder(ws, old)
    tree = _requested_package(overlay, old)
    wanted = [] if isinstance(export, bool) else _listed_requests(export)
    _check_exports(tree, old, wanted)
    left_files, left = _request_items(ws, tree, old, _listed_requests(leave))
    copied_files, copied = _request_items(ws, tree, old, _listed_requests(copy))
    if copied_files:
        raise PhaseError(f'"{copied_files[0]}" is a file: copy= takes declarations')
    common = Split(
        old=old,
        new="",
        files=(),
        names=(),
        rename=rename,
        qualifiers=qualifiers,
        export=frozenset(wanted),
        exports_all=export is True,
        leave=frozenset(left),
        leave_files=frozenset(left_files),
        copy=frozenset(copied),
    )
    found = [_part(ws, tree, common, new, _listed_requests(items)) for new, items in parts.items()]
    if not found:
        raise PhaseError(f'ws.go.split("{old}", …) names no new place')
    return found


def _listed_requests(items: str | Iterable[str]) -> list[str]:
    return [items] if isinstance(items, str) else list(items)


def _part(ws: EditableTree, tree: GoTree, common: Split, new: str, items: Sequence[str]) -> Split:
    """The request for one new place. Raises `PathError` or `PhaseError` when it is impossible."""
    place, target = _target(new)
    if place == common.old:
        raise PhaseError(f'part of "{common.old}" would move to where it is')
    check_importable_place(ws.overlay, place)
    named, names = _request_items(ws, tree, common.old, items)
    files = tuple(path for path in named if path not in common.leave_files)
    if not files and not names:
        raise PhaseError(f'ws.go.split("{common.old}", {{"{new}": …}}) names no file and no declaration')
    if both := (common.leave | common.copy).intersection(names):
        raise PhaseError(f'"{min(both)}" cannot go and be left')
    if target and len(files) > 1:
        raise PhaseError(f'several files cannot all become "{new}"', advice="name declarations, or one file")
    split = replace(common, new=place, files=files, names=names, target=target)
    _check_test_package(tree, split)
    return split


def merges(ws: EditableTree, old: str, new: str, *, skip: bool = False) -> list[Merge]:
    """Read a `merge`: one request, or none if the folder `old` is missing and may be skipped.

    Raises `PathError` or `PhaseError` when there is no package at one of the two.
    """
    overlay, old, new = ws.overlay, _checked_folder(old), _checked_folder(new)
    if skip and not overlay.holds(old):
        return []
    for folder in (old, new):
        _check_folder(ws, folder)
        if not any(path.endswith(".go") and folder_of(path) == folder for path in overlay.entries):
            raise PhaseError(f'there is no Go file in "{folder}"')
    if old == new:
        raise PhaseError(f'"{old}" would be merged into itself')
    _check_not_top("merge", old, new)
    return [Merge(old, new, places=_checked_places(overlay, old, new))]


def _checked_folder(path: str) -> str:
    """A checked folder; the top is ""."""
    return "" if path in ("", ".") else check_path(path)


def _target(place: str) -> tuple[str, str]:
    """A new place as a folder, and the requested file in it, or ""."""
    if not place.endswith(".go"):
        return _checked_folder(place), ""
    folder, _, name = check_path(place).rpartition("/")
    return folder, name


def _checked_places(overlay: Overlay, old: str, new: str) -> Places:
    """The content of `old` with its new places when the new folder is the top; empty otherwise."""
    if new:
        return ()
    if {"go.mod", f"{old}/go.mod"} <= overlay.entries.keys():
        raise PhaseError(
            f'"{old}" is a module of its own, and there is one at the top already',
            advice=f'move its folders one by one: ws.go.move("{old}/x", "x")',
        )
    names = {path[len(old) + 1 :].partition("/")[0] for path in overlay.under(old)}
    return tuple((f"{old}/{name}", name) for name in sorted(names))


def _check_not_top(verb: str, old: str, new: str) -> None:
    """Raise `PhaseError` for a move of the top, the whole repository: only its package can move to a folder."""
    if not old:
        raise PhaseError(
            f'ws.go.{verb}("", "{new}") would move everything in the repository',
            advice=f'to move only the package at the top: ws.go.split("", {{"{new}": ["*.go"]}}); name other folders',
        )


def _request_items(
    ws: EditableTree, tree: GoTree, folder: str, items: Iterable[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The files and the package-level names that some items mean."""
    here = {path.rpartition("/")[2]: path for path in tree.entries}
    files: list[str] = []
    names: list[str] = []
    for item in items:
        regex = glob_regex(item)
        found = [path for name, path in here.items() if name == item or regex.fullmatch(name)]
        if found and ("." in item or set(item) & set("*?[")):
            files += found
        elif item in _declared(tree):
            names.append(item)
        elif found:
            files += found
        else:
            raise _unknown_items(ws, tree, folder, item, here)
    return tuple(dict.fromkeys(files)), tuple(dict.fromkeys(names))


def _unknown_items(ws: EditableTree, tree: GoTree, folder: str, item: str, here: Iterable[str]) -> PathError:
    owner, dot, _ = item.partition(".")
    if dot and owner in _declared(tree):
        return PathError(
            f'"{item}" cannot be named alone: a method must be in the package of its type',
            advice=f'name the type: "{owner}"; its methods go with it',
        )
    if item in ("_", "init"):
        return PathError(f'"{item}" cannot be named: there may be several', advice="name the file that it is in")
    known = [*here, *_declared(tree)]
    if item.endswith(".go") and not set(item) & set("*?["):
        return PathError(
            f'no file in "{folder}" matches "{item}"{whereabouts(ws, f"{folder}/{item}".lstrip("/"), known)}'
        )
    what = "no file" if "." in item or set(item) & set("*?[/") else "no file or declaration"
    return PathError(f'{what} in "{folder}" matches "{item}"{did_you_mean(item, known)}')


def _requested_package(overlay: Overlay, folder: str) -> GoTree:
    """The files of one folder as a tree."""
    return GoTree(overlay, {path: each for path, each in overlay.entries.items() if folder_of(path) == folder})


def _declared(tree: GoTree) -> dict[str, str]:
    """Every package-level name of the one package of a tree, with a file that declares it."""
    found: dict[str, str] = {}
    for path in tree.files:
        header = tree.header(path)
        if header is not None and not header.is_ignored:
            found |= {each.name: path for each in declarations(tree.syntax(path)) if not each.receiver}
    return found


def _check_exports(tree: GoTree, folder: str, names: Iterable[str]) -> None:
    for name in names:
        owner, dot, member = name.partition(".")
        if dot and owner in _declared(tree):
            known = [each.name for each in members_of(tree, tree.files) if each.owner == owner]
            if member not in known:
                raise PathError(f'"{owner}" in "{folder}" has no "{member}"{did_you_mean(member, known)}')
        elif name not in _declared(tree):
            raise PathError(f'no file in "{folder}" declares "{name}"{did_you_mean(name, _declared(tree))}')


def _check_test_package(tree: GoTree, split: Split) -> None:
    if split.rename is None or not split.rename.endswith("_test"):
        return
    declared = _declared(tree) if split.names else {}
    for path in (*split.files, *(declared[name] for name in split.names)):
        if path.endswith(".go") and not path.endswith("_test.go"):
            raise PhaseError(f'"{path}" is not a test file, so it cannot be in the test package "{split.rename}"')


def _check_folder(ws: EditableTree, folder: str) -> None:
    overlay = ws.overlay
    if folder in overlay.entries:
        raise PathError(f'"{folder}" is a file, not a package folder')
    if not overlay.is_folder(folder):
        known = {folder_of(path) for path in overlay.entries if path.endswith(".go")}
        raise PathError(f'there is no package "{folder}"{whereabouts(ws, folder, known)}')


def _check_qualifiers(qualifiers: str) -> None:
    if qualifiers not in get_args(Qualifiers):
        raise PhaseError(f'qualifiers="{qualifiers}" is neither "rewrite" nor "alias"')
