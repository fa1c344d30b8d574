"""Commands that run in a container, which has nothing of the tree unless it is mounted."""

from __future__ import annotations

import re

RUN = re.compile(
    r"\b(?:docker|podman|nerdctl)[ \t]+(?:container[ \t]+)?(?:run|exec)\b|"
    r"\bcompose[ \t]+(?:exec|run)\b|\bkubectl[ \t]+exec\b"
)
MOUNTED = re.compile(r"(?:^|\s)(?:-v|--volume|--mount|--volumes-from)\b")
READ_HERE = re.compile(r"--(?:env|label)-file[ \t=]+[\"']?(?:\./)?$")
CONTINUED = re.compile(r"(?:[^\n]*\\\r?\n)*[^\n]*$")


def runs_elsewhere(text: str, start: int) -> bool:
    """Whether the words at a position are those of a command in a container that mounts nothing."""
    found = CONTINUED.search(text, max(0, start - 2000), start)
    before = "" if found is None else re.split(r"&&|\|\||[;|]", found[0])[-1]
    run = RUN.search(before)
    return run is not None and not (MOUNTED.search(before, run.end()) or READ_HERE.search(before))
