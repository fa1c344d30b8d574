"""Reading objects."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.errors import GitFailedError, RepositoryError
from migrate.git.objects import EXECUTABLE, REGULAR, SUBMODULE, SYMLINK, TreeEntry, check_algorithm

if TYPE_CHECKING:
    from tests.conftest import Sandbox

MISSING = "1234567890" * 4


@settings(
    max_examples=25,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.binary())
def test_a_blob_is_named_as_git_names_it(repo: Sandbox, content: bytes) -> None:
    named = repo.repository.git.run("hash-object", "--stdin", stdin=content).text
    assert repo.repository.objects.hash_blob(content) == named


def test_a_tree_lists_every_file_with_mode_and_name(repo: Sandbox) -> None:
    (repo.path / "link").symlink_to("a b")
    repo.write("run", "x").chmod(0o755)
    head = repo.commit("a", {"a b": "x", "d/é\n": "y"})
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{head},sub")
    repo.git("commit", "--quiet", "-m", "b")
    x, y = (repo.repository.objects.hash_blob(text) for text in (b"x", b"y"))
    assert repo.repository.objects.tree("HEAD") == {
        "a b": TreeEntry(REGULAR, x),
        "d/é\n": TreeEntry(REGULAR, y),
        "link": TreeEntry(SYMLINK, repo.repository.objects.hash_blob(b"a b")),
        "run": TreeEntry(EXECUTABLE, x),
        "sub": TreeEntry(SUBMODULE, head),
    }


def test_a_tree_is_whole_wherever_one_stands(repo: Sandbox) -> None:
    from migrate.git.repository import Repository

    repo.commit("a", {"a": "1", "sub/b": "2"})
    assert set(Repository.open(repo.path / "sub").objects.tree("HEAD")) == {"a", "sub/b"}


def test_single_blobs_and_many_blobs_read_the_same(repo: Sandbox) -> None:
    contents = [b"", b"\n", b"a\0b\n", b"x" * 100_000, b"no newline"]
    repo.commit("a", {f"f{n}": content for n, content in enumerate(contents)})
    objects = repo.repository.objects
    oids = [objects.hash_blob(content) for content in contents]
    assert list(objects.blobs([*oids, oids[0]])) == list(zip(oids, contents, strict=True))
    assert [objects.blob(oid) for oid in oids] == contents
    assert list(objects.blobs([])) == []


def test_preloaded_blobs_are_read_from_memory(repo: Sandbox) -> None:
    repo.commit("a", {"a": "content"})
    objects = repo.repository.objects
    oid = objects.hash_blob(b"content")
    objects.preload([oid])
    (repo.path / ".git/objects" / oid[:2] / oid[2:]).unlink()
    assert objects.blob(oid) == b"content"


def test_a_missing_object_is_an_error_with_a_way_out(repo: Sandbox) -> None:
    repo.commit("a")
    for read in (repo.repository.objects.blob, lambda oid: list(repo.repository.objects.blobs([oid]))):
        with pytest.raises(GitFailedError) as failed:
            read(MISSING)
        assert failed.value.message == f"object {MISSING} cannot be read"
        assert "git fsck" in (failed.value.advice or "")
    with pytest.raises(GitFailedError):
        repo.repository.objects.tree(MISSING)


def test_a_git_that_ends_while_objects_are_read_is_started_again(repo: Sandbox) -> None:
    repo.commit("a", {"a": "one", "b": "two"})
    objects = repo.repository.objects
    assert objects.blob(objects.hash_blob(b"one")) == b"one"
    reading = objects._repo.git.cat_file_all.proc
    reading.kill()
    reading.wait()
    assert objects.blob(objects.hash_blob(b"two")) == b"two"
    with pytest.raises(GitFailedError, match="cannot be read"):
        objects.blob(MISSING)


def test_a_git_that_does_not_say_its_version_is_an_error(repo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    program = repo.write(
        ".git/bin/git", f'#!/bin/sh\ntest "$1" != version || exit 128\nexec {shutil.which("git")} "$@"\n'
    )
    program.chmod(0o755)
    repo.commit("a")
    repo.repository.objects.tree("HEAD")
    for name in [name for name in sys.modules if name == "git" or name.startswith("git.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
    with pytest.raises(GitFailedError, match="git does not say its version"):
        repo.repository.objects.blob(MISSING)


def test_grep_finds_paths_that_look_like_options_or_hold_colons(repo: Sandbox) -> None:
    head = repo.commit("a", {"-e": "needle", "a:b\nc": "needle", "other": "nothing"})
    assert repo.repository.objects.grep(head, ["needle"]).paths() == {"-e", "a:b\nc"}
    assert repo.repository.objects.grep(head, ["--not-there"]).paths() == set()


def test_an_object_format_that_nobody_knows_is_refused() -> None:
    assert check_algorithm("sha256") == "sha256"
    with pytest.raises(RepositoryError, match='object format "sha3"'):
        check_algorithm("sha3")
