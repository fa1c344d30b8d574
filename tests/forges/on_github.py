"""A story whose remote is a fake GitHub over a real bare repository."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from migrate.forges.client import Client
from tests.conftest import Sandbox
from tests.forges.fake_github import PROJECT, FakeGitHub, running
from tests.story import PLAN, Ran, Story

TABLE = """
[forge]
api_url = "{}"
"""
IDS = ("p01-move-old", "p02-add-guide", "p03-drop-notes")
FIRST, SECOND, THIRD = (f"migrate/tidy/{name}" for name in IDS)


@dataclass
class OnGitHub:
    """The story, and the server."""

    story: Story
    server: FakeGitHub
    origin: Sandbox

    def submit(self, *options: str) -> Ran:
        """Type `migrate submit --yes`."""
        return self.story.type("submit", "--yes", *options)

    def bases(self) -> list[tuple[str, str]]:
        """The branch and the base of every open request, oldest first."""
        return [(p.head, p.base) for p in self.server.pulls.values() if p.state == "open"]

    def pull(self, branch: str) -> int:
        """The number of the open request of a branch."""
        return next(p.number for p in self.server.pulls.values() if (p.head, p.state) == (branch, "open"))


@contextmanager
def on_github(story: Story, place: Path, plan: str = PLAN, table: str = "", **phases: str) -> Iterator[OnGitHub]:
    """The small migration, run, with a remote on a fake GitHub."""
    origin = Sandbox(place / "origin.git")
    story.git("init", "--quiet", "--bare", "--initial-branch=main", str(origin.path))
    with running(origin.path) as server:
        story.begin(plan + TABLE.format(server.url) + table, **phases)
        story.git("remote", "add", "origin", f"https://github.com/{PROJECT}.git")
        story.git("config", f"url.{origin.path.as_uri()}.insteadOf", f"https://github.com/{PROJECT}.git")
        story.git("config", f"credential.{server.url}.helper", "!echo username=ada; echo password=a-token-of-ada #")
        story.git("push", "--quiet", "origin", "main")
        story.made("run")
        yield OnGitHub(story, server, origin)


@pytest.fixture
def github(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OnGitHub]:
    """The small migration, run, with a remote on a fake GitHub; nobody waits."""
    monkeypatch.setattr(Client, "sleep", lambda *_: None)
    with on_github(story, tmp_path) as found:
        yield found
