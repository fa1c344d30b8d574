"""The folders into which container images put the repository."""

from __future__ import annotations

import re

from migrate.overlay import Overlay
from migrate.references.scope import decoded, preload

USUAL = ("/app/", "/src/", "/build/", "/code/", "/workspace/", "/usr/src/app/", "/go/src/app/", "/github/workspace/")
WORKDIR = re.compile(r"^[ \t]*WORKDIR[ \t]+[\"']?(/[\w./-]*\w)", re.MULTILINE | re.IGNORECASE)


def image_roots(overlay: Overlay) -> tuple[str, ...]:
    """The usual ones, and each `WORKDIR` of the tree's Dockerfiles."""
    found = dict.fromkeys(USUAL)
    files = [path for path, entry in overlay.entries.items() if entry.is_text_candidate and is_dockerfile(path)]
    preload(overlay, files)
    for path in files:
        text = decoded(overlay.content(overlay.entries[path].oid))
        found |= dict.fromkeys(f"{folder}/" for folder in WORKDIR.findall(text))
    return tuple(found)


def is_dockerfile(path: str) -> bool:
    """Whether a file builds an image, by its name."""
    name = path.rpartition("/")[2].lower()
    return name.startswith(("dockerfile", "containerfile")) or name.endswith((".dockerfile", ".containerfile"))
