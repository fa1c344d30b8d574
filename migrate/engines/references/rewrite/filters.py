"""What sorts out the import paths that `go list` prints: `grep libnetwork/drivers` means all that hold these names."""

from __future__ import annotations

import re

from migrate.engines.references.common.spans import Region
from migrate.engines.references.rewrite.context import Atlas
from migrate.engines.references.rewrite.source_file import Edit, Page
from migrate.git.paths import is_under

EDGES = re.compile(r"^[/^]*|[/$]*$")


def names_module(written: str, atlas: Atlas) -> bool:
    """Whether a filter spells an import path from its beginning, as any text does: `^github.com/acme/shop/web`."""
    plain = EDGES.sub("", written).replace("\\", "")
    return any(plain.startswith(f"{module.import_path}/") for module in atlas.modules_before)


def filter_edit(page: Page, region: Region, atlas: Atlas) -> Edit | None:
    """The edit that the middle or end of an import path needs: it must still be part of the same ones.

    Where moved folders that it names went to places which call them differently, a person has to decide.
    """
    written = page.text[region.start : region.end]
    core = EDGES.sub("", written)
    if "/" not in core and not written.startswith("/"):
        return None
    found = set()
    for old, new in atlas.moves:
        packages = [folder for folder in atlas.packages if is_under(folder, old)]
        for path in {old, *packages} if packages else ():
            before = f"/{path}/"
            place = before.find(f"/{core}/")
            if place < 0 or place + len(core) + 1 <= len(old) - len(old.rpartition("/")[2]):
                continue
            after = f"/{new}{path[len(old) :]}/"
            if f"/{core}/" in after:
                continue
            head, tail = before[: place + 1], before[place + 1 + len(core) :]
            found.add(
                after.removeprefix(head).removesuffix(tail) if after.startswith(head) else after[1:].removesuffix(tail)
            )
    if len(found) != 1:
        return None
    start = region.start + written.index(core)
    return Edit(start, start + len(core), found.pop())
