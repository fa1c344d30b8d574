"""Workflows, which are known by the names of their files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from migrate.engines.implied.places import spelled_texts, text_places
from migrate.tree.overlay import Overlay

WORKFLOWS = ".github/workflows/"


def workflow_notes(overlay: Overlay, moved: Mapping[str, str]) -> Iterator[str]:
    """A note for each workflow whose file was renamed while badges or commands still use the old name."""
    for old, new in moved.items():
        was, now = old.rpartition("/")[2], new.rpartition("/")[2]
        if old.startswith(WORKFLOWS) and was != now:
            pattern = re.compile(
                rf"workflows/{re.escape(was)}(?![\w-])|gh workflow \w+[^\n]*[ =]{re.escape(was)}(?![\w-])"
            )
            found = text_places(overlay, [was], pattern)
            if found:
                yield f"the workflow {was} is {now} now, and is called by its file's name{spelled_texts(found, was)}"
