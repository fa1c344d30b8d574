"""A forge beside a repository that is struck, as much put back as the repository is: what it has is in a file there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.chaos.judge import ORIGIN
from tests.forges.fake_github import PROJECT, FakeGitHub, Pull
from tests.story import Story

STATE = f"{ORIGIN}/forge.json"
TABLE = '\n[forge]\napi_url = "{}"\nlabels = ["refactoring"]\nreviewers = ["bob"]\n'
LISTENING: dict[Path, str] = {}
"""By repository the address of the forge beside it."""


class Forge(FakeGitHub):
    """A GitHub of which every call begins with what the file says, and ends with writing it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / ORIGIN)
        self.file = folder / STATE

    def answer(self, method: str, target: str, raw: bytes) -> tuple[int, Any]:
        """What a call does, and what it answers."""
        self.read()
        try:
            return super().answer(method, target, raw)
        finally:
            self.write()

    def read(self) -> None:
        """Have what the file says."""
        found = json.loads(self.file.read_text())
        self.pulls = {each["number"]: Pull(**each) for each in found["pulls"]}
        self.comments = {key: (on, body) for key, on, body in found["comments"]}
        self.statuses = found["statuses"]
        self.stacks = dict(found["stacks"])

    def write(self) -> None:
        """Say in the file what there is."""
        found = {
            "pulls": [vars(each) for each in self.pulls.values()],
            "comments": [(key, on, body) for key, (on, body) in self.comments.items()],
            "statuses": self.statuses,
            "stacks": [*self.stacks.items()],
        }
        self.file.write_text(json.dumps(found, indent=1))


@contextmanager
def forge_beside(folder: Path) -> Iterator[None]:
    """A forge for the repository that will stand in a folder."""
    with Forge(folder).running() as forge:
        LISTENING[folder] = forge.url
        try:
            yield
        finally:
            del LISTENING[folder]


def on_forge(story: Story) -> str:
    """Let the remote of a repository be on the forge beside it, with one request that a person opened; its address."""
    url = LISTENING[story.path]
    origin = story.path / ORIGIN
    story.git("remote", "set-url", "origin", f"https://github.com/{PROJECT}.git")
    story.git("config", f"url.{origin.as_uri()}.insteadOf", f"https://github.com/{PROJECT}.git")
    story.git("config", f"credential.{url}.helper", "!echo username=ada; echo password=a-token-of-ada #")
    forge = Forge(story.path)
    forge.opened({"head": "migrate/tidy/p02-add-guide", "base": "main", "title": "By hand", "body": OWN})
    forge.write()
    forge.close()
    return url


OWN = "A person wrote this."


def is_submitted(folder: Path) -> bool:
    """Whether each phase has one request on the branch below, with all that belongs to it."""
    found = json.loads((folder / STATE).read_text())
    bases = sorted((each["head"], each["base"]) for each in found["pulls"] if each["state"] == "open")
    is_whole = all(each["labels"] and each["reviewers"] and "Phase" in each["body"] for each in found["pulls"])
    return bases == CHAIN and is_whole and sorted(on for _, on, _ in found["comments"]) == [1, 2, 3]


FIRST, SECOND, THIRD = (f"migrate/tidy/{name}" for name in ("p01-move-old", "p02-add-guide", "p03-drop-notes"))
CHAIN = [(FIRST, "main"), (SECOND, FIRST), (THIRD, SECOND)]
