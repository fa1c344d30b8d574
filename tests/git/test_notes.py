"""Notes in git's own format, read at once and written in one commit."""

from __future__ import annotations

import pytest

from migrate.git.notes import FEW, Notes, read_notes, write_notes
from migrate.git.refs import RefUpdate, move_refs
from migrate.git.repository import Repository
from migrate.git.writer import CommitWriter, commit_identity

REF = "refs/notes/migrate/demo"


def record(repo, notes, new):
    """Write notes and move the ref, as a command does."""
    with CommitWriter(repo.repository, commit_identity(repo.repository)) as writer:
        tip = write_notes(writer, repo.repository, notes, "Record", new)
    move_refs(repo.repository, [RefUpdate(REF, notes.tip, tip)], "test")
    return read_notes(repo.repository, tip)


@pytest.fixture
def tree(repo):
    """The tree of a first commit."""
    repo.commit("first", {"file": "1"})
    return repo.git("rev-parse", "HEAD^{tree}")


def test_no_notes_are_read_without_a_notes_commit(repo):
    assert read_notes(repo.repository, None) == Notes()


def test_git_shows_what_was_written(repo, tree):
    notes = record(repo, Notes(), {tree: b"one\n"})
    assert repo.git("notes", "--ref=migrate/demo", "show", tree) == "one"
    record(repo, notes, {tree: b"one\ntwo\n"})
    assert repo.git("notes", "--ref=migrate/demo", "show", tree) == "one\ntwo"
    assert repo.git("rev-list", "--count", REF) == "2"


def test_notes_that_git_wrote_are_read(repo, tree):
    repo.git("notes", "--ref=migrate/demo", "add", "-m", "by hand", tree)
    assert read_notes(repo.repository, repo.git("rev-parse", REF)).contents == {tree: b"by hand\n"}


def test_notes_cut_into_folders_are_read_and_kept_there(repo, tree):
    notes = Notes(paths={tree: (f"{tree[:2]}/{tree[2:]}",)})
    notes = record(repo, notes, {tree: b"one\n"})
    assert notes.contents == {tree: b"one\n"}
    assert repo.git("notes", "--ref=migrate/demo", "show", tree) == "one"
    record(repo, notes, {tree: b"two\n"})
    assert repo.git("ls-tree", "-r", "--name-only", REF) == f"{tree[:2]}/{tree[2:]}"


def test_two_notes_of_one_object_are_joined_and_written_as_one(repo, tree):
    repo.git("switch", "-q", "--orphan", "notes")
    tip = repo.commit("merged", {tree: "one", f"{tree[:2]}/{tree[2:]}": "two\n", "README": "no note"})
    repo.git("update-ref", REF, tip)
    notes = read_notes(repo.repository, tip)
    assert {line for line in notes.contents[tree].split(b"\n") if line} == {b"one", b"two"}
    after = record(repo, notes, {tree: notes.contents[tree] + b"\nthree\n"})
    assert len(after.paths[tree]) == 1
    assert repo.git("show", f"{REF}:README") == "no note"
    assert len(repo.git("notes", "--ref=migrate/demo", "show", tree).split()) == 3


@pytest.mark.parametrize(("count", "processes"), [(50, 1), (FEW + 1, 2)])
def test_reading_takes_a_few_git_processes_however_many_notes_there_are(repo, tree, monkeypatch, count, processes):
    trees = {f"{number:040x}": b"x\n" for number in range(count)}
    notes = record(repo, Notes(), trees)
    trace = repo.path / ".git/trace"
    anew = Repository.open(repo.path)
    monkeypatch.setenv("GIT_TRACE", str(trace))
    assert read_notes(anew, notes.tip).contents == trees
    assert trace.read_text().count("git ") == processes
