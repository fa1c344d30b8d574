"""Notes packages that move to a folder with another name: readers look for `pricing` in `pricing/`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from migrate.engines.golang.names import usual_names
from migrate.engines.golang.package_names import is_package_name
from migrate.engines.golang.plan import GoPlan
from migrate.engines.golang.requests import FileMove, PackageMove, Request
from migrate.engines.golang.tree import GoTree

_NOT_IN_NAMES = re.compile(r"[^\w]")


def folder_name_notes(plan: GoPlan, result: GoTree, requests: Iterable[Request]) -> Iterator[str]:
    """A note for each new folder whose package has another name, unless the phase asked for that name.

    `result` is the tree after the moves. A package that had another name than its folder before is not noted.
    """
    said: set[str] = set()
    for request in requests:
        if request.new not in said and is_silent(plan, request):
            said.add(request.new)
            name = result.package_name(request.new)
            if (
                name is not None
                and name != "main"
                and not {name, f"{name}_test"} & names_of_packages(result, request.new)
            ):
                yield f'"{request.new}" holds package {name}{offer(request.new)}'


def is_silent(plan: GoPlan, request: Request) -> bool:
    """Whether a request renames a folder without saying how its package should be called."""
    if isinstance(request, PackageMove):
        requested = request.rename
    elif isinstance(request, FileMove):
        requested = request.package
    else:
        return False
    had = plan.before.package_name(request.old)
    followed = had is not None and had in names_of_packages(plan.before, request.old)
    return requested is None and followed and plan.before.package_name(request.new) is None


def names_of_packages(tree: GoTree, folder: str) -> set[str]:
    """The names that a package in a folder usually has."""
    path = tree.modules.import_path(folder)
    return set() if path is None else usual_names(path)


def offer(folder: str) -> str:
    """The advice how to give the package the name of its folder."""
    name = _NOT_IN_NAMES.sub("", folder.rpartition("/")[2]).lower()
    return f'; rename="{name}" gives it the name of its folder' if is_package_name(name) else ""
