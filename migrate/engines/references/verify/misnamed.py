"""Import paths that modules seem to have by their folders but do not have: a moved module may keep its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.engines.code_proof import Hit
from migrate.engines.module_folder import ModuleFolder
from migrate.engines.old_paths import OldPaths


def misnamed(old_paths: OldPaths, modules: tuple[ModuleFolder, ...]) -> dict[str, str]:
    """The import paths that modules which moved seem to have by their folders, with those that they kept."""
    tops = [module.import_path for module in modules if not module.folder]
    moved = [module for module in modules if module.folder and old_paths.origins.moves(module.folder)]
    named = {f"{top}/{module.folder}": module.import_path for top in tops for module in moved}
    return {seeming: kept for seeming, kept in named.items() if seeming != kept}


def misnamed_hits(text: str, names: dict[str, str]) -> Iterator[Hit]:
    """The places of a text that name a module by an import path which it does not have."""
    for seeming, kept in names.items():
        for found in re.finditer(rf"(?<![\w-]){re.escape(seeming)}(?![\w-])", text) if seeming in text else ():
            yield Hit(*found.span(), seeming, kept)
