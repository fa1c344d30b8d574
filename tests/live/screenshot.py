"""Take a picture of a request as a real Gitea shows it in Chromium, for the documentation.

    python -m tests.live.screenshot docs/images/request-on-gitea.png [STATIC_FILES]

The Go module holds no built style sheets and scripts; STATIC_FILES is a checkout of Gitea of the same version in which
`make frontend` was run.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.conftest import environment
from tests.live.conftest import PLAN, on_server
from tests.live.gitea import Gitea
from tests.story import Story

GATE = '\n[[validation]]\nname = "smoke"\nmanual = "Start it, and look at the log."\nphases = ["p03-*"]\n'
NUMBER = 2
"""The request in the picture."""


def picture(folder: Path, target: Path, static: Path | None) -> None:
    """Submit four phases to a new server, and take the picture."""
    server = Gitea(folder / "gitea", static)
    try:
        with pytest.MonkeyPatch.context() as monkeypatch:
            home = folder / "home"
            home.mkdir()
            for name, value in environment(home).items():
                monkeypatch.setenv(name, value)
            story = Story(folder / "shop")
            story.path.mkdir()
            story.capture = lambda: ("", "")
            story.git("init", "--quiet")
            ada = server.person("ada", is_admin=True)
            shared = on_server(story, server, ada, monkeypatch, 4, PLAN + GATE)
            shared.submit().ended(0)
            take(f"{server.url}/{shared.project}/pulls/{NUMBER}", folder, target)
    finally:
        server.stop()


def take(url: str, folder: Path, target: Path) -> None:
    """Let Chromium draw a page; as root it has no sandbox of its own."""
    words = ["chromium", "--headless=new", "--no-sandbox", "--hide-scrollbars", "--force-device-scale-factor=1"]
    words += [f"--user-data-dir={folder / 'chromium'}", "--window-size=1200,1880", "--virtual-time-budget=20000"]
    target.parent.mkdir(parents=True, exist_ok=True)
    env = {**os.environ, "HOME": str(folder)}
    subprocess.run([*words, f"--screenshot={target.absolute()}", url], check=True, capture_output=True, env=env)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        picture(Path(place).resolve(), Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
