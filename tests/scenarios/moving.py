"""A Go program in a real repository, the phase that moves packages of it, and what the real Go tool says of the
result."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping

from tests.story import PLAN, Story

MODULE = "module example.com/shop\n\ngo 1.21\n"
PHASE = '"""Move packages."""\n\n\ndef apply(ws):\n'
REFUSED = 1
"""How `migrate next` ends when the phase is refused."""


class Moving:
    """A program and its one phase; every path of a test is the path before or after that phase."""

    def __init__(self, story: Story, files: Mapping[str, str | bytes]) -> None:
        """Write a program to the work tree; `go.mod` is added where none is given."""
        self.story = story
        for path, content in {"go.mod": MODULE, **files}.items():
            story.write(path, content)

    def phase(self, *calls: str) -> Moving:
        """Commit the program and a phase that makes these calls and follows them outside the imports."""
        body = "".join(f"    ws.{call}\n" for call in (*calls, "references.update()"))
        self.story.plan(PLAN)
        self.story.phase("p01_move.py", PHASE + body)
        self.story.git("add", "--all", "--force", "migrate.toml", "phases")
        self.story.commit("Begin")
        return self

    def moved(self, *calls: str) -> Moving:
        """Make the phase; its branch is checked out, and nothing in it names an old path."""
        self.phase(*calls).story.type("next").ended(0, "p01-move passed")
        self.story.type("verify").ended(0)
        return self

    def refused(self, *calls: str) -> str:
        """What is said when the phase is refused; nothing at all changed."""
        self.phase(*calls)
        before = self.story.refs()
        said = self.story.type("next").ended(REFUSED).err
        assert self.story.refs() == before, "a refusal moves no ref"
        self.story.untouched()
        return said

    def run(self, *command: str, **environment: str) -> str:
        """What a command prints on both streams in the work tree; it must succeed."""
        done = subprocess.run(
            command,
            cwd=self.story.path,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **environment},
            encoding="utf-8",
        )
        assert done.returncode == 0, f"{' '.join(command)} said:\n{done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def builds(self, **environment: str) -> Moving:
        """Assert that everything compiles, tests included."""
        self.run("go", "build", "./...", **environment)
        self.run("go", "vet", "./...", **environment)
        return self

    def builds_elsewhere(self, *systems: str) -> Moving:
        """Assert that everything compiles for other systems too."""
        for system in systems:
            self.run("go", "vet", "./...", GOOS=system, CGO_ENABLED="0")
        return self

    def formatted(self, *but: str) -> Moving:
        """Assert that gofmt would change nothing, except in some files."""
        files = [path for path in self.story.files("HEAD") if path.endswith(".go") and path not in but]
        assert self.run("gofmt", "-l", *files) == ""
        return self

    def text(self, path: str) -> str:
        """A file of the work tree."""
        return (self.story.path / path).read_bytes().decode("utf-8", "surrogateescape")
