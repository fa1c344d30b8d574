"""The folders into which container images put the repository."""

from __future__ import annotations

import re
from functools import cache

from migrate.text import decode
from migrate.tree.overlay import Overlay

USUAL = ("/app/", "/src/", "/code/", "/workspace/", "/usr/src/app/", "/go/src/app/", "/github/workspace/")
# Folders of the image itself: programs run there, but they hold no repository.
SYSTEM = re.compile(r"/(?:usr/|usr/local/)?s?bin/|/(?:dev|etc|lib|proc|run|sys|tmp|usr|usr/local|usr/local/lib|var)/")
WORKDIR = re.compile(r"^[ \t]*WORKDIR[ \t]+[\"']?(/[\w./-]*\w)", re.MULTILINE | re.IGNORECASE)

COPIED = re.compile(r"^[ \t]*(?:COPY|ADD)[ \t]+(?:--\S+[ \t]+)*\.\/?[ \t]+(/[\w./-]*\w)", re.MULTILINE | re.IGNORECASE)
"""The folder to which everything is copied."""


def image_work_folders(overlay: Overlay) -> tuple[str, ...]:
    """The usual folders, and those where the tree's Dockerfiles work or copy everything; no system folders."""
    found = dict.fromkeys(USUAL)
    named = [path for path in overlay.entries if is_dockerfile(path.rpartition("/")[2])]
    files = [path for path in named if overlay.entries[path].is_text_candidate]
    overlay.preload(files)
    for path in files:
        text = decode(overlay.content(overlay.entries[path].oid))
        found |= dict.fromkeys(f"{folder}/" for folder in [*WORKDIR.findall(text), *COPIED.findall(text)])
    return tuple(folder for folder in found if not SYSTEM.fullmatch(folder))


@cache
def is_dockerfile(name: str) -> bool:
    """Whether a file of this name builds an image; every path of a tree is asked, in each phase."""
    name = name.lower()
    return name.startswith(("dockerfile", "containerfile")) or name.endswith((".dockerfile", ".containerfile"))
