"""The sealed environment of all tests, and a real repository to work in.

Nothing of the machine's settings leaks in: home, configuration, identity, dates, locale and terminal are fixed. After
git-revise's `hermetic_seal`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from migrate.git.cache import known_cache
from migrate.git.repository import Repository

LEAKING = ("GIT_", "GO", "XDG_", "LC_", "MAKE", "MFLAGS")
DATE = "2024-05-01T12:00:00+0000"
GIT_CONFIG = """\
[user]
    name = Ada Lovelace
    email = ada@example.com
[init]
    defaultBranch = main
[protocol "file"]
    allow = always
[core]
    fsync = none
"""
"""No repository of a test outlives a power cut, so git need not prepare for one."""
BOUND_BY_PERMISSIONS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
"""What runs a command as somebody whom permissions bind: root may write everything unless that power is given up."""

STORIES = ("scenarios", "chaos", "phases")
"""Folders of tests that go through the whole program: what they reach is covered by others, or it is not tested."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let coverage be counted by the tests of single parts: counting costs a third of the time of a story."""
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).parts[0] in STORIES:
            item.add_marker("no_cover")


@pytest.fixture(scope="session")
def go_caches() -> Mapping[str, str]:
    """Where Go keeps its caches on this machine, asked for before HOME changes: a cold cache takes minutes."""
    if shutil.which("go") is None:
        return {}
    names = ("GOCACHE", "GOMODCACHE")
    values = subprocess.run(["go", "env", *names], capture_output=True, text=True, check=True).stdout.splitlines()
    return dict(zip(names, values, strict=True))


@pytest.fixture(autouse=True)
def sealed(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory, go_caches: Mapping[str, str]
) -> Path:
    """The environment of a test; returns its HOME."""
    home = tmp_path_factory.mktemp("home")
    for name in filter(leaks, os.environ):
        monkeypatch.delenv(name)
    for name, value in (environment(home) | dict(go_caches)).items():
        monkeypatch.setenv(name, value)
    return home


def leaks(name: str) -> bool:
    """Whether a variable would let the machine's settings in. MAKE… would let a make in a test say where it is."""
    return name.startswith(LEAKING) or name in ("WORKSPACE", "DEBUG", "LANGUAGE", "EDITOR")


def environment(home: Path) -> dict[str, str]:
    """What is fixed, with git's configuration written to `home`."""
    config = home / ".gitconfig"
    config.write_text(GIT_CONFIG)
    return {
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_DATA_HOME": str(home / ".local/share"),
        "XDG_STATE_HOME": str(home / ".local/state"),
        "GIT_CONFIG_GLOBAL": str(config),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_DATE": DATE,
        "GIT_COMMITTER_DATE": DATE,
        "TZ": "UTC",
        "LC_ALL": "C.UTF-8",
        "TERM": "dumb",
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "GOFLAGS": "-mod=mod",
        "GOTOOLCHAIN": "local",
        "GOPROXY": "off",
        "GOENV": "off",
        # What is installed beside this Python (migrate, and Go where it comes from PyPI) is found without activation.
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    }


class Sandbox:
    """A real repository with a work tree, and the few things that tests do to one."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def repository(self) -> Repository:
        """The repository as the program sees it."""
        return Repository.open(self.path)

    @property
    def slots(self) -> Path:
        """The folder of the repository's slots; nothing is at that path before the first one is made."""
        cache = known_cache(Repository.open(self.path))
        return cache.slots if cache else self.path / ".git/no slots yet"

    def git(self, *arguments: str, cwd: Path | None = None) -> str:
        """Run git and return what it printed, without the last line feed."""
        done = subprocess.run(["git", *arguments], cwd=cwd or self.path, capture_output=True, check=False)
        assert done.returncode == 0, f"git {arguments} said: {done.stderr.decode(errors='replace')}"
        return done.stdout.decode("utf-8", "surrogateescape").removesuffix("\n")

    def write(self, path: str, text: str | bytes = "") -> Path:
        """Write a file of the work tree, with the folders above it."""
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
        return file

    def commit(self, message: str, files: Mapping[str, str | bytes] | None = None) -> str:
        """Write files, commit everything in the work tree, and return the commit's name."""
        for path, text in (files or {}).items():
            self.write(path, text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", message)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repo(sealed: Path, git_repo: Any) -> Iterator[Sandbox]:
    """An empty repository on the branch `main`, made by pytest-git."""
    yield Sandbox(git_repo.workspace.resolve())
    git_repo.api.close()
