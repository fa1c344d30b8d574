"""Two clones of one repository, Ada's and Bob's, with a bare one between them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from migrate.cli.app import run_command_line
from tests.conftest import Sandbox
from tests.story import Ran, Story

FIRST, SECOND, THIRD = (f"migrate/tidy/{name}" for name in ("p01-move-old", "p02-add-guide", "p03-drop-notes"))


class Clones(NamedTuple):
    """The clones, and what they share."""

    ada: Story
    bob: Story
    origin: Sandbox

    def sync(self, *stories: Story) -> Clones:
        """Let some people sync, one after the other; each of them gets through."""
        for story in stories:
            story.step("sync", lambda story=story: ended_well(sync(story)))
        return self

    def shared(self, story: Story) -> dict[str, str]:
        """The branches and receipts of one clone."""
        return story.refs("refs/heads/migrate", "refs/notes", "refs/migrate/tidy/made", "refs/migrate/tidy/start")


def ended_well(ran: Ran) -> None:
    """Assert that a sync got through."""
    assert ran.code in (0, 4), ran


def sync(story: Story, *options: str) -> Ran:
    """What becomes of `migrate sync --yes`."""
    return story.type("sync", "--yes", *options)


@pytest.fixture
def clones(story: Story) -> Clones:
    """A repository with three phases to come, on a remote; and a colleague's clone of it."""
    place = story.path.parent
    origin = Sandbox(place / "origin.git")
    story.step("clones", lambda: share(story.begin(), origin))
    return Clones(story, Story.of(place / "bob", story), origin)


def share(story: Story, origin: Sandbox) -> None:
    """Make a remote of a repository, and Bob's clone of that."""
    story.git("init", "--quiet", "--bare", "--initial-branch=main", str(origin.path))
    story.git("remote", "add", "origin", str(origin.path))
    story.git("push", "--quiet", "origin", "main")
    clone(story, origin, origin.path.with_name("bob"), "Bob")


def clone(story: Story, origin: Sandbox, place: Path, name: str, *options: str) -> Story:
    """Another clone of a remote, of a person with a name of their own."""
    story.git("clone", "--quiet", *options, origin.path.as_uri(), str(place))
    other = Story.of(place, story)
    other.git("config", "user.name", name)
    other.git("config", "user.email", f"{name.lower()}@example.com")
    return other


def hook(place: Sandbox, name: str, script: str) -> None:
    """Set up a hook of a bare repository or a clone."""
    folder = place.path / ("hooks" if place.path.suffix == ".git" else ".git/hooks")
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def at_once(stories: Sequence[Story], *arguments: str) -> list[int]:
    """The exit codes of a command that several people type at the same moment, each in a process of its own."""
    gate, opened = os.pipe()
    children = [forked(story, gate, opened, arguments) for story in stories]
    os.close(gate)
    os.close(opened)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def forked(story: Story, gate: int, opened: int, arguments: Sequence[str]) -> int:
    """A process that waits for the gate to open, and runs a command then."""
    child = os.fork()
    if child:
        return child
    code = 3
    try:
        os.close(opened)
        os.read(gate, 1)
        os.chdir(story.path)
        code = int(run_command_line(list(arguments)))
    finally:
        os._exit(code)
