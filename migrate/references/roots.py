"""The folders into which container images put the repository."""

from __future__ import annotations

import re

from migrate.overlay import Overlay
from migrate.references.scope import decoded, preload

USUAL = ("/app/", "/src/", "/code/", "/workspace/", "/usr/src/app/", "/go/src/app/", "/github/workspace/")
# What an image brings itself; a program is run there, no repository stands there.
SYSTEM = re.compile(r"/(?:usr/|usr/local/)?s?bin/|/(?:dev|etc|lib|proc|run|sys|tmp|usr|usr/local|usr/local/lib|var)/")
WORKDIR = re.compile(r"^[ \t]*WORKDIR[ \t]+[\"']?(/[\w./-]*\w)", re.MULTILINE | re.IGNORECASE)

COPIED = re.compile(r"^[ \t]*(?:COPY|ADD)[ \t]+(?:--\S+[ \t]+)*\.\/?[ \t]+(/[\w./-]*\w)", re.MULTILINE | re.IGNORECASE)
"""The folder to which everything is copied."""


def image_roots(overlay: Overlay) -> tuple[str, ...]:
    """The usual ones, and where the tree's Dockerfiles work or copy everything to, but no folder of the system."""
    found = dict.fromkeys(USUAL)
    files = [path for path, entry in overlay.entries.items() if entry.is_text_candidate and is_dockerfile(path)]
    preload(overlay, files)
    for path in files:
        text = decoded(overlay.content(overlay.entries[path].oid))
        found |= dict.fromkeys(f"{folder}/" for folder in [*WORKDIR.findall(text), *COPIED.findall(text)])
    return tuple(folder for folder in found if not SYSTEM.fullmatch(folder))


def is_dockerfile(path: str) -> bool:
    """Whether a file builds an image, by its name."""
    name = path.rpartition("/")[2].lower()
    return name.startswith(("dockerfile", "containerfile")) or name.endswith((".dockerfile", ".containerfile"))
