"""Notes where a generator still gets the old name of a renamed package."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from migrate.engines.implied.places import TextPlace, text_places
from migrate.text import some_of
from migrate.tree.overlay import Overlay


class Renamed(NamedTuple):
    """A renamed package: its folder and name before and now."""

    old_folder: str
    old: str
    folder: str
    name: str


def generator_notes(overlay: Overlay, renamed: Iterable[Renamed]) -> Iterator[str]:
    """A note for each renamed package whose old name generators still get.

    The name is in `option go_package = "path;name"` of a .proto file, in `-package` after `//go:generate`, and in the
    key `package` of a settings file that names the folder (sqlc, gqlgen, oapi-codegen, mockery, buf).
    """
    for package in renamed:
        found = [*told_in_folder(overlay, package), *told_in_settings(overlay, package)]
        if found:
            where = some_of([str(place) for place in found])
            names = f"package {package.name}, but a generator still gets {package.old}"
            yield f"{package.folder} holds {names}: {where}"


def told_in_folder(overlay: Overlay, package: Renamed) -> Iterator[TextPlace]:
    """The lines of .proto files and `//go:generate` comments with the old name of the package."""
    name = re.escape(package.old)
    proto = re.compile(rf'^[ \t]*option\s+go_package\s*=\s*"[^"\n]*(?:;{name}|(?<![\w/.-]){name})"', re.MULTILINE)
    command = re.compile(rf"^//go:generate\b[^\n]*\s--?(?:package|pkg|pkgname)[= ]\"?{name}\b(?![\w./-])", re.MULTILINE)
    inside = f"{package.folder}/" if package.folder else ""
    for ending, pattern in ((".proto", proto), (".go", command)):
        for place in text_places(overlay, [package.old], pattern, ending=ending):
            if place.path.startswith(inside) or (
                ending == ".proto" and names_in_generators(overlay, place.path, package)
            ):
                yield place


def told_in_settings(overlay: Overlay, package: Renamed) -> Iterator[TextPlace]:
    """The lines with the old name of the package in settings files that name the folder."""
    key = r"""^[ \t-]*["']?(?:package|pkgname|outpkg|package_name)["']?[ \t]*[:=][ \t]*["']?"""
    pattern = re.compile(rf"{key}{re.escape(package.old)}\b(?![\w./-])", re.MULTILINE)
    for place in text_places(overlay, [package.old], pattern, ending=(".yaml", ".yml", ".json", ".toml")):
        if names_in_generators(overlay, place.path, package):
            yield place


def names_in_generators(overlay: Overlay, path: str, package: Renamed) -> bool:
    """Whether a file names the old or new folder of a package, or is in it."""
    text = overlay.content(overlay.entries[path].oid).decode("utf-8", "replace")
    within = any(path.startswith(f"{folder}/") for folder in (package.folder, package.old_folder) if folder)
    return within or any(folder in text for folder in (package.folder, package.old_folder) if folder)
