"""What comes with a clone, its files and what its configuration names, runs nothing when somebody looks."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest

from tests.scenarios.clones import Clones, clone
from tests.scenarios.test_looking import LOOKS
from tests.story import Story, prepared

MORE = (("journal",), ("plan",), ("plan", "p02", "--diff"), ("plan", "p01", "--check"), ("--help",), ("where", "x"))
LEFT_OUT = "is not in this partial clone, and looking fetches nothing"
BRING = re.compile(
    r"git (cat-file -e [0-9a-f]+) brings it; for all that branches hold: git (fetch --refetch --no-filter)"
)


@pytest.fixture
@prepared
def shared(clones: Clones) -> Clones:
    """A migration with a phase made and one to come, pushed to a remote that serves partial clones."""
    clones.ada.made("next")
    clones.sync(clones.ada)
    for key in ("allowFilter", "allowAnySHA1InWant"):
        clones.origin.git("config", f"uploadpack.{key}", "true")
    return clones


def partial(shared: Clones, place: Path, kind: str) -> tuple[Story, Path]:
    """A clone without some objects, and the mark that its program leaves which serves a fetch."""
    other = clone(shared.ada, shared.origin, place, "Eve", f"--filter={kind}")
    mark = place / ".git/mark"
    program = other.write("evil.sh", f"#!/bin/sh\necho ran >>'{mark}'\nexec git-upload-pack \"$@\"\n")
    program.chmod(0o755)
    other.git("fetch", "--quiet", "origin", "+refs/notes/*:refs/notes/*", "+refs/migrate/*:refs/migrate/*")
    other.git("config", "remote.origin.uploadpack", "./evil.sh")
    return other, mark


def without_variable(folder: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let git be one that does not know a variable."""
    real = shutil.which("git")
    shim = folder / "git"
    folder.mkdir()
    shim.write_text(f'#!/bin/sh\nunset {name}\nexec {real} "$@"\n')
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", os.pathsep.join([str(folder), os.environ["PATH"]]))


@pytest.mark.parametrize(
    ("kind", "unknown"), [("blob:none", "GIT_ALLOW_PROTOCOL"), ("tree:0", "GIT_NO_LAZY_FETCH")], ids=["new", "old"]
)
def test_looking_at_a_partial_clone_fetches_nothing_and_says_what_is_missing(
    shared: Clones, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, unknown: str
) -> None:
    eve, mark = partial(shared, tmp_path / "eve", kind)
    shared.ada.commit("Another file", {"more/of.txt": "more"})
    shared.ada.git("push", "--quiet", "origin", "main")
    eve.git("fetch", "--quiet", "--upload-pack=git-upload-pack")
    eve.git("update-ref", "--no-deref", "HEAD", "HEAD")
    eve.git("update-ref", "refs/heads/main", "origin/main")
    without_variable(tmp_path / "bin", unknown, monkeypatch)
    said = set()
    for look in (*LOOKS, *MORE):
        done = eve.type(*look)
        said.add(LEFT_OUT in done.err)
        assert done.code in ((1,) if LEFT_OUT in done.err else (0, 1, 4)), (look, done)
        assert not mark.exists(), look
    assert said == {True, False}
    eve.git("config", "--unset", "remote.origin.uploadpack")
    follow_the_advice(eve)
    for look in (*LOOKS, *MORE):
        assert LEFT_OUT not in eve.type(*look).text, look


def follow_the_advice(eve: Story) -> None:
    """Do what the error says: bring what branches hold, and what is beside them one by one."""
    asked = 0
    while found := BRING.search(eve.type("pr", "p01").err):
        eve.git(*(found[1] if asked else found[2]).split())
        asked += 1
        assert asked < 50


def test_a_step_in_a_partial_clone_brings_what_it_needs(shared: Clones, tmp_path: Path) -> None:
    eve, mark = partial(shared, tmp_path / "eve", "blob:none")
    eve.type("sync", "--yes")
    eve.made("next")
    assert mark.exists()
    assert eve.states()[1] == "passed"


def test_a_bare_repository_among_the_files_of_another_is_not_entered(story: Story) -> None:
    story.begin()
    planted = story.path / "sub"
    story.git("init", "--quiet", "--bare", str(planted))
    (planted / "deep").mkdir()
    for setting in (None, ("core.bare", "false"), ("core.worktree", "..")):
        if setting is not None:
            story.git("config", "--file", str(planted / "config"), *setting)
        for place in (planted, planted / "deep"):
            done = story.type("status", cwd=place)
            assert done.code == 2, (setting, done)
            story.type("-C", str(place), "status").ended(2)
    story.git("config", "--file", str(planted / "config"), "--unset", "core.worktree")
    story.git("config", "--file", str(planted / "config"), "core.bare", "true")
    story.type("status", cwd=planted).ended(2, "among the files of", f"migrate -C {story.path} status")
    story.git("config", "--global", "safe.bareRepository", "all")
    story.type("status", cwd=planted).ended(2, "there is no plan")
    story.git("config", "--global", "safe.bareRepository", "explicit")
    story.type("status", cwd=planted).ended(2, "safe.bareRepository all")
