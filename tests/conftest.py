"""The sealed environment of all tests, and a real repository to work in.

Nothing of the machine's settings leaks in: home, configuration, identity, dates, locale and terminal are fixed. After
git-revise's `hermetic_seal`.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from pytest_git import GitRepo

from migrate.execution.redaction import CURRENT, Current
from migrate.git.cache import known_cache
from migrate.git.repository import Repository
from tests.world import World

LEAKING = ("GIT_", "GO", "XDG_", "LC_", "MAKE", "MFLAGS")
DATE = "2024-05-01T12:00:00+0000"
GIT_CONFIG = """\
[user]
    name = Ada Lovelace
    email = ada@example.com
[init]
    defaultBranch = main
    templateDir = {template}
[protocol "file"]
    allow = always
[core]
    fsync = none
[maintenance]
    auto = false
"""
"""No repository of a test outlives a power cut, or grows; so git need not prepare for either, nor write samples."""
BOUND_BY_PERMISSIONS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
"""What runs a command as somebody whom permissions bind: root may write everything unless that power is given up."""

DRAWS_ANEW = any(name.endswith("_EXAMPLES") for name in os.environ)
"""Whether properties draw other examples each time: where somebody says how many. Else a run tells the same twice."""
settings.register_profile("sealed", deadline=None, database=None, derandomize=not DRAWS_ANEW)
settings.load_profile("sealed")

STORIES = ("scenarios", "chaos", "phases")
"""Folders of tests that go through the whole program."""
COUNTS = pytest.StashKey[bool]()
"""Whether coverage is counted by a test."""


MEMORY, ROOM = Path("/dev/shm"), 4 << 30
"""A folder in memory, and the bytes that must be free there for tests to work in it."""


def pytest_configure(config: pytest.Config) -> None:
    """Work in memory where there is room, unless TMPDIR says where: on a disk a removed folder can take milliseconds.

    The workers get the folder with the environment; it goes with the last of them. Tests that interrupt a program need
    a process that hears it: what a shell starts in the background ignores Ctrl-C, and behind `nohup` the end of a
    terminal.
    """
    for number, handler in ((signal.SIGINT, signal.default_int_handler), (signal.SIGHUP, signal.SIG_DFL)):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, handler)
    if "TMPDIR" not in os.environ and has_memory():
        os.environ["TMPDIR"] = tempfile.tempdir = tempfile.mkdtemp(prefix="migrate-tests-", dir=MEMORY)
        config.add_cleanup(lambda: shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True))


def has_memory() -> bool:
    """Whether there is a folder in memory in which a test can work."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK):
        return False
    about = os.statvfs(MEMORY)
    return about.f_bavail * about.f_frsize >= ROOM and not about.f_flag & os.ST_NOEXEC


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Choose the tests by which coverage is counted, for counting nearly doubles the time of a test.

    What a story of the whole program reaches is covered by others, or it is not tested; the cases of one test that
    types commands go through the same lines, and so do the examples of a property.
    """
    here = Path(__file__).parent
    seen: set[str] = set()
    for item in items:
        test = item.nodeid.partition("[")[0]
        is_property = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if is_property:
            item.add_marker("property")
        is_story = item.path.relative_to(here).parts[0] in STORIES
        is_further_case = test in seen and "story" in getattr(item, "fixturenames", ())
        item.stash[COUNTS] = not (is_story or is_property or is_further_case)
        seen.add(test)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Let coverage rest from before the fixtures of a test that does not count until they are taken down."""
    coverage = sys.modules.get("coverage")
    counter = coverage.Coverage.current() if coverage else None
    if counter is None or item.stash[COUNTS]:
        return (yield)
    counter.stop()
    try:
        return (yield)
    finally:
        counter.start()


@pytest.fixture(scope="session")
def go_caches() -> Mapping[str, str]:
    """Where Go keeps its caches on this machine, asked for before HOME changes: a cold cache takes minutes."""
    if shutil.which("go") is None:
        return {}
    names = ("GOCACHE", "GOMODCACHE")
    values = subprocess.run(["go", "env", *names], capture_output=True, text=True, check=True).stdout.splitlines()
    return dict(zip(names, values, strict=True))


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> World:
    """The folder in which each test works, one after the other."""
    return World(Path(tempfile.mkdtemp()).resolve() / "w", tmp_path_factory.mktemp("states"))


@pytest.fixture
def world(worlds: World) -> World:
    """The folder in which a test works, empty."""
    worlds.clear()
    return worlds


@pytest.fixture
def monkeypatch(world: World) -> Iterator[pytest.MonkeyPatch]:
    """pytest's own, of which the world of the test knows: a changed program does not do what it does in other tests."""

    class Patch(pytest.MonkeyPatch):
        def setattr(self, *arguments: Any, **options: Any) -> None:
            world.end()
            super().setattr(*arguments, **options)

    patch = Patch()
    yield patch
    patch.undo()


@pytest.fixture(autouse=True)
def sealed(world: World, go_caches: Mapping[str, str]) -> Iterator[Path]:
    """The environment of a test; gives its HOME."""
    with pytest.MonkeyPatch.context() as patch:
        yield seal(patch, world.top / "home", go_caches)


def seal(monkeypatch: pytest.MonkeyPatch, home: Path, go_caches: Mapping[str, str]) -> Path:
    """Let nothing of the machine's settings in, nor the secrets of another test; returns HOME, which is made."""
    home.mkdir()
    for name, value in vars(Current()).items():
        monkeypatch.setattr(CURRENT, name, value)
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
    config, template = home / ".gitconfig", home / ".git-template"
    config.write_text(GIT_CONFIG.format(template=template))
    for folder in ("hooks", "info"):
        (template / folder).mkdir(parents=True)
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
        return self.committed()

    def committed(self) -> str:
        """The commit that was just made: its branch, or HEAD itself, has a file that says so, unless git packed it."""
        branch = self.head_file()
        if branch is not None:
            with suppress(FileNotFoundError):
                return (self.path / ".git" / branch).read_text().strip()
        return self.git("rev-parse", "HEAD")

    def head_file(self) -> str | None:
        """The ref that HEAD names, `HEAD` itself where it names none; None in a linked work tree, where git knows."""
        if not (self.path / ".git").is_dir():
            return None
        said = (self.path / ".git/HEAD").read_text().strip()
        return said.removeprefix("ref: ") if said.startswith("ref: ") else "HEAD"


@pytest.fixture(scope="session")
def empty_repo(tmp_path_factory: pytest.TempPathFactory, go_caches: Mapping[str, str]) -> Iterator[Path]:
    """An empty repository on the branch `main`, made by pytest-git."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        seal(monkeypatch, tmp_path_factory.mktemp("empty") / "home", go_caches)
        made = GitRepo()
    with made:
        yield made.workspace
        made.api.close()


@pytest.fixture
def repo(sealed: Path, world: World, empty_repo: Path) -> Sandbox:
    """An empty repository on the branch `main`: to copy one is a fifth of making it."""
    place = world.top / "repo"
    shutil.copytree(empty_repo, place, symlinks=True)
    return Sandbox(place)
