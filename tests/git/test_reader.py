"""One process that answers what objects are and what they hold."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

import pytest

from migrate.errors import GitFailedError, RepositoryError
from migrate.git.process import Git
from migrate.git.reader import About, Reader

if TYPE_CHECKING:
    from tests.conftest import Sandbox


@pytest.fixture
def reader(repo: Sandbox) -> Reader:
    """What answers in a repository."""
    return Reader(Git(repo.path))


def test_it_tells_what_objects_are_by_any_name_of_them(repo: Sandbox, reader: Reader) -> None:
    head = repo.commit("a", {"d/a b": "text"})
    blob = repo.git("rev-parse", "HEAD:d/a b")
    tree = repo.git("rev-parse", "HEAD^{tree}")
    asked = reader.about([f"{head}^{{tree}}", "HEAD:d/a b", "HEAD:d", "no such name", head, "a\nb", "", "x" * 5000])
    assert [about and about.kind for about in asked] == ["tree", "blob", "tree", None, "commit", None, None, None]
    assert asked[0] == About(tree, "tree", 28)
    assert asked[1] == About(blob, "blob", 4)


def test_more_than_a_pipe_holds_is_answered(repo: Sandbox, reader: Reader) -> None:
    head = repo.commit("a", {f"f{n}": str(n) for n in range(1500)})
    found = reader.about([f"{head}:f{n}" for n in range(1500)])
    assert [about and about.size for about in found] == [len(str(n)) for n in range(1500)]


def test_it_reads_what_they_hold(repo: Sandbox, reader: Reader) -> None:
    contents = [b"", b"\n", b"a\0b missing\n", b"x" * 200_000]
    repo.commit("a", {f"f{n}": content for n, content in enumerate(contents)})
    read = [reader.content(f"HEAD:f{n}") for n in range(len(contents))]
    assert [each and each[1] for each in read] == contents
    assert reader.content("HEAD:none") is None
    assert reader.content("HEAD:no\nne") is None


def test_what_came_since_is_found(repo: Sandbox, reader: Reader) -> None:
    old = repo.commit("a")
    assert reader.about(["HEAD^{commit}", "1" * 40])[0] == reader.about([old])[0]
    new = repo.commit("b", {"a": "b"})
    blob = repo.repository.objects.hash_blob(b"later")
    assert reader.about([blob]) == [None]
    repo.repository.git.run("hash-object", "-w", "--stdin", stdin=b"later")
    repo.git("gc", "-q")
    found = reader.about([blob, "HEAD^{commit}"])
    assert [about and about.oid for about in found] == [blob, new]


def test_a_git_that_was_ended_is_started_again(repo: Sandbox, reader: Reader) -> None:
    repo.commit("a", {"f": "1"})
    assert reader.content("HEAD:f") is not None
    assert reader._open is not None
    os.kill(reader._open.pid, signal.SIGKILL)
    read = reader.content("HEAD:f")
    assert read is not None
    assert read[1] == b"1"


def test_a_git_that_cannot_answer_says_why(repo: Sandbox, reader: Reader) -> None:
    repo.commit("a", {"f": os.urandom(100_000)})
    blob = repo.git("rev-parse", "HEAD:f")
    file = repo.path / ".git/objects" / blob[:2] / blob[2:]
    file.chmod(0o644)
    file.write_bytes(file.read_bytes()[:50_000])
    assert reader.about(["HEAD"])[0] is not None
    with pytest.raises(GitFailedError, match=r"git cat-file said"):
        reader.content(blob)
    assert reader.about(["HEAD"])[0] is not None


def test_an_interrupt_leaves_no_half_answer(repo: Sandbox, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.commit("a", {"f": "1", "g": "22"})
    with monkeypatch.context() as patched:
        patched.setattr("migrate.git.conversation.Conversation.content", interrupted)
        with pytest.raises(KeyboardInterrupt):
            reader.content("HEAD:f")
    read = reader.content("HEAD:g")
    assert read is not None
    assert read[1] == b"22"


def interrupted(*_: object) -> bytes:
    """Somebody presses Ctrl-C."""
    raise KeyboardInterrupt


def test_a_folder_that_is_not_there_is_an_error(repo: Sandbox) -> None:
    with pytest.raises(RepositoryError, match="no folder"):
        Reader(Git(repo.path / "none")).about(["HEAD"])
