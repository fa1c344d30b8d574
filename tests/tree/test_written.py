"""Many large files together take little memory, and become the same tree wherever their contents are held."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from migrate.engines.references.rewrite.updater import References
from migrate.engines.references.verify.stale import stale_references
from migrate.errors import GitFailedError
from migrate.execution.tools import tool_runner
from migrate.git.fast_import import write_blobs
from migrate.git.objects import Objects
from migrate.git.recent import Recent
from migrate.git.repository import Repository
from migrate.git.writer import CommitWriter, commit_identity
from migrate.limits import MEGABYTE
from migrate.phase.workspace import Workspace
from migrate.tree.overlay import Overlay
from tests.memory import measured

if TYPE_CHECKING:
    from tests.conftest import Sandbox

FILES, EACH = 20, MEGABYTE // 2
LINE = "a line of words that is neither a path nor anything else, number {}\n"


@pytest.fixture
def large(repo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """A repository of large files, beside bounds that a few of them fill."""
    repo.git("config", "core.compression", "0")
    body = LINE.format("one") * (EACH // len(LINE))
    repo.commit("a", {"old/a.txt": "a\n", **{f"old/f{n}.txt": f"{n} see old/a.txt\n{body}" for n in range(FILES)}})
    monkeypatch.setattr("migrate.limits.READ_BYTES", 2 * EACH)
    monkeypatch.setattr("migrate.limits.WRITTEN_BYTES", 2 * EACH)
    return repo


def opened(repo: Sandbox) -> Workspace:
    """The tree of HEAD, with no blob read yet."""
    repository = Repository.open(repo.path)
    overlay = Overlay.of(repository.objects, repo.git("rev-parse", "HEAD"))
    return Workspace(overlay, run_tool=tool_runner(repository))


def committed(repo: Sandbox, ws: Workspace) -> str:
    """The tree that a workspace becomes."""
    with CommitWriter(repo.repository, commit_identity(repo.repository)) as writer:
        made = writer.commit("x", (ws.overlay.anchor,), ws.overlay.changes(), ws.overlay.written.get)
    return repo.git("rev-parse", f"{made}^{{tree}}")


def follow(ws: Workspace) -> None:
    """Move the folder, and what names it."""
    ws.move("old", "new")
    assert References(ws).update() == FILES


def rewrite(ws: Workspace) -> None:
    """Change all files."""
    assert ws.replace("a line of words", "a row of words", "old/*") == FILES * (EACH // len(LINE))


def look(ws: Workspace) -> None:
    """Search in all files, in three ways."""
    assert len(ws.grep(re.compile("^7 see"), "**")) == 1
    assert len(ws.grep("see old/a.txt")) == FILES
    ws.move("old", "new")
    assert len(stale_references(ws.overlay, ws.moved)) == FILES


@pytest.mark.parametrize("do", [follow, rewrite, look])
def test_many_large_files_are_held_a_few_at_a_time(large: Sandbox, do: Callable[[Workspace], None]) -> None:
    ws = opened(large)
    _, grown = measured(lambda: (do(ws), committed(large, ws)))
    assert grown < FILES * EACH * 3 // 4


def test_a_tree_is_the_same_wherever_new_contents_are_held(repo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit("a", {f"old/f{n}.txt": f"{n} see old/f{n + 1}.txt\n" for n in range(5)})

    def made() -> str:
        ws = opened(repo)
        assert ws.replace("see", "look at", "old/*") == 5
        ws.write("new.txt", "look at old/f1.txt and old/f2.txt\n")
        assert ws.holding("look at old/f1.txt") == ["new.txt", "old/f0.txt"]
        ws.run("sh", "-c", "echo look at old/f3.txt > tool.txt")
        assert ws.holding("old/f3.txt") == ["old/f2.txt", "tool.txt"]
        ws.move("old", "pkg")
        assert ws.references.update() == 7
        assert ws.read_text("tool.txt") == "look at pkg/f3.txt\n"
        return committed(repo, ws)

    trees = []
    for bound in (MEGABYTE, 100, 0):
        monkeypatch.setattr("migrate.limits.READ_BYTES", bound)
        monkeypatch.setattr("migrate.limits.WRITTEN_BYTES", bound)
        trees.append(made())
    assert trees == trees[:1] * 3


def test_a_file_that_was_written_is_too_large_for_references_as_one_that_was_there_is(
    repo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migrate.limits.SEARCHED_TEXT_BYTES", 100)
    repo.commit("a", {"old/a.txt": "a\n"})
    for bound in (MEGABYTE, 0):
        monkeypatch.setattr("migrate.limits.WRITTEN_BYTES", bound)
        ws = opened(repo)
        ws.write("b.txt", "see old/a.txt" + " " * 100)
        ws.move("old", "new")
        assert ws.references.update() == 0


def test_what_was_asked_for_last_is_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrate.limits.READ_BYTES", 10)
    recent = Recent()
    for name in "ab":
        recent.add(name, b"1234")
    assert recent.get("a") == b"1234"
    recent.add("c", b"1234")
    assert [recent.get(name) for name in "abc"] == [b"1234", None, b"1234"]
    recent.add("d", b"12345678901")
    assert recent.missing("abcda") == [*"abcd"]


def test_as_much_is_read_ahead_as_is_held(repo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit("a", {f"f{n}": f"content {n}" for n in range(9)})
    monkeypatch.setattr("migrate.limits.READ_BYTES", 35)
    ws, asked = opened(repo), [f"f{n}" for n in range(9)]
    ws.overlay.objects._cache = Recent()
    ws.overlay.preload(asked)
    missing = ws.overlay.objects.missing(ws.overlay.entries[path].oid for path in asked)
    assert missing == [ws.overlay.entries[path].oid for path in asked[3:]]
    assert [content.decode() for _, content in ws.overlay.contents([*asked, "f8"])] == [
        *(f"content {n}" for n in range(9)),
        "content 8",
    ]


def test_a_git_that_ends_before_it_has_given_all_is_an_error_that_says_why(repo: Sandbox) -> None:
    noise = random.Random(1).randbytes(100_000)
    repo.commit("a", {"a": "one", "b": noise})
    objects = repo.repository.objects
    oids = [objects.hash_blob(content) for content in (b"one", noise)]
    bad = repo.path / ".git/objects" / oids[1][:2] / oids[1][2:]
    bad.chmod(0o644)
    bad.write_bytes(bad.read_bytes()[:50_000])
    found = objects.blobs(oids)
    assert next(found) == (oids[0], b"one")
    with pytest.raises(GitFailedError, match="cat-file said"):
        next(found)


def test_blobs_are_written_at_once_and_a_git_that_cannot_leaves_nothing(repo: Sandbox) -> None:
    repo.commit("a")
    objects: Objects = repo.repository.objects
    write_blobs(objects.git, [b"one\n", b""])
    assert repo.git("cat-file", "-p", objects.hash_blob(b"one\n")) == "one"
    (repo.path / ".git/objects/pack").rmdir()
    (repo.path / ".git/objects/pack").touch()
    with pytest.raises(GitFailedError, match="fast-import said"):
        write_blobs(objects.git, [b"two"])
    assert not list((repo.path / ".git").glob("fast_import_crash_*"))
