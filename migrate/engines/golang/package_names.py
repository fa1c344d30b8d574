"""Rules for the names of Go packages and their folders."""

from __future__ import annotations

import re

from migrate.errors import PhaseError
from migrate.git.paths import parents
from migrate.tree.overlay import Overlay

_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_KEYWORD = re.compile(
    "break|case|chan|const|continue|default|defer|else|fallthrough|for|func|go|goto|if|import|interface|map|package|"
    "range|return|select|struct|switch|type|var"
)
_ELEMENT = re.compile(r"[A-Za-z0-9._~+-]*[A-Za-z0-9_~+-]")
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)


def check_importable_place(overlay: Overlay, folder: str) -> None:
    """Raise `PathError` for a new folder that could not be imported, by the rules of import paths.

    https://pkg.go.dev/golang.org/x/mod/module#CheckImportPath
    """
    for place in (folder, *parents(folder)):
        name = place.rpartition("/")[2]
        if overlay.is_folder(place):
            return
        if not _ELEMENT.fullmatch(name) or _DEVICE.fullmatch(name):
            raise PhaseError(f'"{name}" in "{folder}" cannot be part of an import path', advice="use a-z, 0-9, - and _")


_NO_NAMES = {
    "_": "it names nothing",
    "init": "no file could import it under that name",
    "documentation": "go build leaves out every file of a package called that",
}


def is_package_name(name: str) -> bool:
    """Whether a Go package can have a name, and be imported by it."""
    return _why_no_name(name) is None


def _why_no_name(name: str) -> str | None:
    if not _IDENTIFIER.fullmatch(name):
        return "a name is one word of letters and digits"
    return "it is a keyword of Go" if _KEYWORD.fullmatch(name) else _NO_NAMES.get(name)


def check_package_name(name: str | None) -> None:
    """Raise `PhaseError` for a name that no package can have; None means no name."""
    reason = None if name is None else _why_no_name(name)
    if reason is not None:
        raise PhaseError(f'"{name}" cannot be the name of a Go package: {reason}', advice='choose another rename="…"')
