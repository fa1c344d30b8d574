"""A real Gitea, and a repository on it in which every test tells a story of its own."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from tests.live.gitea import Gitea, Person, remote_url
from tests.story import Ran, Story, story

__all__ = ["story"]

PATIENCE = 600
"""Seconds for one story with a server."""
NUMBERS = count(1)
PLAN = """\
[migration]
name = "tidy"
title = "Tidy up"

[forge]
kind = "gitea"

[[validation]]
name = "check"
run = "if test -e broken; then exit 1; fi"
"""


@dataclass
class Shared:
    """A story whose remote is a repository on a server, and the person who owns that."""

    story: Story
    server: Gitea
    ada: Person
    project: str

    @property
    def repository(self) -> str:
        """The path of the repository in the API."""
        return f"/repos/{self.project}"

    def submit(self, *options: str) -> Ran:
        """Type `migrate submit`."""
        return self.story.type("submit", "--yes", *options)

    def requests(self, state: str = "open") -> list[dict[str, Any]]:
        """The requests, oldest first."""
        return sorted(self.ada("GET", f"{self.repository}/pulls?state={state}&limit=50"), key=lambda r: r["number"])

    def bases(self) -> list[tuple[str, str]]:
        """The branch and the base of each open request."""
        return [(r["head"]["ref"].rpartition("/")[2], r["base"]["ref"].rpartition("/")[2]) for r in self.requests()]

    def files(self, number: int) -> set[str]:
        """The files that a request shows."""
        return {each["filename"] for each in self.ada("GET", f"{self.repository}/pulls/{number}/files?limit=50")}

    def comments(self, number: int) -> list[str]:
        """The comments on a request."""
        return [each["body"] for each in self.ada("GET", f"{self.repository}/issues/{number}/comments")]

    def merge(self, number: int, how: str, **values: Any) -> None:
        """Merge a request on the server and delete its branch. Whether it can be is found out in the background."""
        await_mergeable(self, number)
        self.ada("POST", f"{self.repository}/pulls/{number}/merge", do=how, delete_branch_after_merge=True, **values)


def await_mergeable(shared: Shared, number: int) -> None:
    """Wait until the server has looked whether a request can be merged."""
    end = time.monotonic() + 60
    while not shared.ada("GET", f"{shared.repository}/pulls/{number}")["mergeable"]:
        assert time.monotonic() < end, f"#{number} does not become mergeable"
        time.sleep(0.2)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gitea]:
    """A server for all tests of this process."""
    running = Gitea(tmp_path_factory.mktemp("gitea"))
    yield running
    running.stop()


@pytest.fixture(scope="session")
def ada(server: Gitea) -> Person:
    """The administrator."""
    return server.person("ada", is_admin=True)


def phases_of(number: int) -> dict[str, str]:
    """So many small phases, each with a file of its own and one that they all touch."""
    return {
        f"p{each:02d}_step_{each}": f'"""Take step {each}.\n\nIt is a step.\n"""\n\n\ndef apply(ws):\n'
        f'    ws.write("step{each}.txt", "{each}\\n")\n'
        f'    ws.write("all.txt", ws.read_text("all.txt") + "{each}\\n")\n'
        for each in range(1, number + 1)
    }


@pytest.fixture
def shared(story: Story, server: Gitea, ada: Person, monkeypatch: pytest.MonkeyPatch) -> Shared:
    """A repository of nine phases that were run, on the server."""
    signal.alarm(PATIENCE)
    return on_server(story, server, ada, monkeypatch, 9)


def on_server(
    story: Story, server: Gitea, ada: Person, monkeypatch: pytest.MonkeyPatch, number: int, plan: str = PLAN
) -> Shared:
    """A repository of so many phases that were run, on the server."""
    name = f"shop{next(NUMBERS)}"
    ada("POST", "/user/repos", name=name, default_branch="main")
    story.write("all.txt", "".join(f"line {each}\n" for each in range(9)))
    story.begin(plan, **phases_of(number))
    story.git("remote", "add", "origin", remote_url(server, ada, f"ada/{name}").replace(f":{ada.token}", ""))
    story.git("config", "credential.helper", f"!echo password={ada.token} #")
    story.git("push", "--quiet", "origin", "main")
    story.made("run")
    monkeypatch.setenv("GITEA_TOKEN", ada.token)
    return Shared(story, server, ada, f"ada/{name}")
