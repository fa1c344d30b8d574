"""What a phase asks the engine to move, checked at the line that asks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from migrate.errors import PathError, PhaseError
from migrate.overlay import Overlay
from migrate.paths import check_path, parents
from migrate.text import did_you_mean

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_KEYWORD = re.compile(
    "break|case|chan|const|continue|default|defer|else|fallthrough|for|func|go|goto|if|import|interface|map|package|"
    "range|return|select|struct|switch|type|var"
)
_ELEMENT = re.compile(r"[A-Za-z0-9._~+-]*[A-Za-z0-9_~+-]")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)

Qualifiers = Literal["rewrite", "alias"]
"""What callers of a package that gets another name say: the new name, or the one that they have, as an import name."""


@dataclass(frozen=True)
class PackageMove:
    """A folder goes to another place with everything under it; `rename` is the new name of its own package."""

    old: str
    new: str
    rename: str | None
    qualifiers: Qualifiers


@dataclass(frozen=True)
class FileMove:
    """Some files of the folder `old` go to the folder `new`; `package` is the name that they get there."""

    old: str
    new: str
    files: tuple[str, ...]
    package: str | None
    qualifiers: Qualifiers

    @property
    def is_external_test(self) -> bool:
        """Whether the files become the external test package of what stands in `new`."""
        return self.package is not None and self.package.endswith("_test")


Request = PackageMove | FileMove


def package_move(overlay: Overlay, old: str, new: str, rename: str | None, qualifiers: Qualifiers) -> PackageMove:
    """Read a `move`. Raises `PathError` or `PhaseError` when there is no such package or no such name."""
    old, new = check_path(old), check_path(new)
    _check_name(rename)
    _check_qualifiers(qualifiers)
    _check_folder(overlay, old)
    _check_place(overlay, new)
    if old == new and rename is None:
        raise PhaseError(f'"{old}" would move to itself', advice='name another folder, or rename="…"')
    if not any(path.endswith(".go") for path in overlay.under(old)):
        raise PhaseError(f'there is no Go file in "{old}"', advice=f'move it with ws.move("{old}", "{new}")')
    return PackageMove(old, new, rename, qualifiers)


def file_move(
    overlay: Overlay, old: str, new: str, names: Iterable[str], package: str | None, qualifiers: Qualifiers
) -> FileMove:
    """Read a `move_files`. Raises `PathError` or `PhaseError` when a name or pattern matches no file of the folder."""
    from migrate.workspace import glob_regex

    old, new = check_path(old), check_path(new)
    _check_name(package)
    _check_qualifiers(qualifiers)
    _check_folder(overlay, old)
    _check_place(overlay, new)
    if old == new:
        raise PhaseError(f'the files of "{old}" would move to where they are')
    here = {path.rpartition("/")[2]: path for path in overlay.under(old) if path.rpartition("/")[0] == old}
    chosen: list[str] = []
    for pattern in [names] if isinstance(names, str) else names:
        regex = glob_regex(pattern)
        found = [path for name, path in here.items() if name == pattern or regex.fullmatch(name)]
        if not found:
            raise PathError(f'no file in "{old}" matches "{pattern}"{did_you_mean(pattern, here)}')
        chosen += found
    if not chosen:
        raise PhaseError(f'ws.go.move_files("{old}", "{new}", …) names no file')
    move = FileMove(old, new, tuple(dict.fromkeys(chosen)), package, qualifiers)
    wrong = [path for path in move.files if path.endswith(".go") and not path.endswith("_test.go")]
    if move.is_external_test and wrong:
        raise PhaseError(f'"{wrong[0]}" is no test file, so it cannot be in the test package "{package}"')
    return move


def _check_folder(overlay: Overlay, folder: str) -> None:
    if folder in overlay.entries:
        raise PathError(f'"{folder}" is a file, not a package folder')
    if not overlay.is_folder(folder):
        known = {path.rpartition("/")[0] for path in overlay.entries if path.endswith(".go")}
        raise PathError(f'there is no package "{folder}"{did_you_mean(folder, known)}')


def _check_place(overlay: Overlay, folder: str) -> None:
    """Refuse what could not be imported: the rules of import paths, for folders that are not there yet.

    https://pkg.go.dev/golang.org/x/mod/module#CheckImportPath
    """
    if "vendor" in folder.split("/"):
        raise PhaseError(f'"{folder}" is in a folder vendor, from where nothing of this tree may be imported')
    for place in (folder, *parents(folder)):
        name = place.rpartition("/")[2]
        if overlay.is_folder(place):
            return
        if not _ELEMENT.fullmatch(name) or _DEVICE.fullmatch(name):
            raise PhaseError(f'"{name}" in "{folder}" cannot be part of an import path', advice="use a-z, 0-9, - and _")


def _check_name(name: str | None) -> None:
    if name is not None and (not _IDENTIFIER.fullmatch(name) or _KEYWORD.fullmatch(name) or name == "_"):
        raise PhaseError(f'"{name}" cannot be the name of a Go package')


def _check_qualifiers(qualifiers: str) -> None:
    if qualifiers not in get_args(Qualifiers):
        raise PhaseError(f'qualifiers="{qualifiers}" is neither "rewrite" nor "alias"')
