"""Writing commits from memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.errors import GitFailedError
from migrate.git.fast_import import quoted_path
from migrate.git.objects import EXECUTABLE, REGULAR, SYMLINK, TreeEntry
from migrate.git.refs import read_refs
from migrate.git.repository import Repository
from migrate.git.writer import FEW, CommitWriter, commit_identity, write_empty_commit
from migrate.text import decode
from migrate.tree.overlay import Overlay

if TYPE_CHECKING:
    from tests.conftest import Sandbox

NAMES = st.sampled_from(
    ["a", "b", "A", 'quo"te', "back\\slash", "sp ace", "é", "tab\t", "feed\n", "\udcff", "-", "#", "a."]
)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
MISSING = "1234567890" * 4
CONTENT = st.sampled_from([b"", b"x", b"\n", b"\0\xff", b"data 3\nabc\n", b"done\n"])


WAYS = pytest.mark.parametrize("way", ["files", "import"])
"""Objects go into files of their own, or to `git fast-import`, as many do, and where a setting leaves them to git."""


def set_way(repo: Sandbox, way: str) -> None:
    """Let commits be written in one of the ways."""
    repo.git("config", *(("core.looseCompression", "1") if way == "import" else ("user.name", "Ada Lovelace")))


def flat(files: dict[str, tuple[bytes, bool]]) -> dict[str, tuple[bytes, bool]]:
    """The files without those that stand where another one needs a folder."""
    folders = {path[:n] for path in files for n, char in enumerate(path) if char == "/"}
    return {path: file for path, file in files.items() if path not in folders}


def committed_by_git(repo: Sandbox, files: dict[str, tuple[bytes, bool]]) -> str:
    """The tree that `git add` and `git commit` make."""
    repo.git("rm", "-r", "--quiet", "--ignore-unmatch", "--force", ".")
    for path, (content, executable) in files.items():
        repo.write(path, content).chmod(0o755 if executable else 0o644)
    repo.commit("by git")
    return repo.git("rev-parse", "HEAD^{tree}")


@settings(
    max_examples=15,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    *[st.dictionaries(PATHS, st.tuples(CONTENT, st.booleans()), max_size=8).map(flat)] * 2,
    st.sampled_from(["files", "import"]),
)
def test_the_tree_is_the_one_that_git_add_and_git_commit_make(
    repo: Sandbox, old: dict[str, tuple[bytes, bool]], new: dict[str, tuple[bytes, bool]], way: str
) -> None:
    set_way(repo, way)
    expected = committed_by_git(repo, new)
    committed_by_git(repo, old)
    repository = repo.repository
    overlay = Overlay.of(repository.objects, repo.git("rev-parse", "HEAD"))
    overlay.drop(list(overlay.entries))
    for path, (content, executable) in new.items():
        overlay.put(path, content, EXECUTABLE if executable else REGULAR)
    with CommitWriter(repository, commit_identity(repository)) as writer:
        made = writer.commit("by us", (overlay.anchor,), overlay.changes(), overlay.written.get)
    assert repository.tree_of(made) == expected


@WAYS
def test_a_commit_is_the_one_that_git_commit_makes(repo: Sandbox, way: str) -> None:
    set_way(repo, way)
    base = repo.commit("base", {"a": "1"})
    overlay = Overlay.of(repo.repository.objects, base)
    overlay.put("b", b"2")
    with CommitWriter(repo.repository, commit_identity(repo.repository)) as writer:
        made = writer.commit("Title\n\nBöдy\n", (base,), overlay.changes(), overlay.written.get)
    assert made == repo.commit("Title\n\nBöдy", {"b": "2"})


@WAYS
def test_a_chain_of_commits_in_one_stream_leaves_no_ref_and_a_sound_repository(repo: Sandbox, way: str) -> None:
    set_way(repo, way)
    base = repo.commit("base", {"a": "1"})
    before = read_refs(repo.repository)
    overlay = Overlay.of(repo.repository.objects, base)
    tip = base
    with CommitWriter(repo.repository, commit_identity(repo.repository)) as writer:
        for n in range(5):
            overlay = overlay.next()
            overlay.put(f"f{n}", str(n).encode())
            tip = writer.commit(f"{n}", (tip,), overlay.changes(), overlay.written.get)
        again = writer.commit("beside", (base,), {}, overlay.written.get)
    assert repo.git("rev-list", "--count", tip) == "6"
    assert repo.repository.objects.tree(tip) == overlay.entries
    assert repo.git("rev-parse", f"{again}^") == base
    assert read_refs(repo.repository) == before
    assert repo.git("fsck", "--full", "--strict", "--no-dangling") == ""


@WAYS
def test_a_commit_may_have_no_parent_or_several(repo: Sandbox, way: str) -> None:
    set_way(repo, way)
    a, b = repo.commit("a", {"a": "1"}), repo.commit("b", {"b": "1"})
    with CommitWriter(repo.repository, commit_identity(repo.repository)) as writer:
        root = writer.commit("root", (), {}, lambda _: None)
        merge = writer.commit("merge", (b, a, root), {}, lambda _: None)
    assert repo.git("log", "-1", "--format=%P", root) == ""
    assert repo.repository.objects.tree(root) == {}
    assert repo.git("log", "-1", "--format=%P", merge) == f"{b} {a} {root}"
    assert repo.repository.tree_of(merge) == repo.repository.tree_of(b)


@WAYS
def test_a_file_can_become_a_folder_and_a_folder_a_file(repo: Sandbox, way: str) -> None:
    set_way(repo, way)
    base = repo.commit("base", {"file": "1", "folder/x": "2", "folder/y": "3"})
    overlay = Overlay.of(repo.repository.objects, base)
    overlay.relocate({"file": "folder", "folder/x": "file/x"})
    overlay.drop(["folder/y"])
    with CommitWriter(repo.repository, commit_identity(repo.repository)) as writer:
        made = writer.commit("x", (base,), overlay.changes(), overlay.written.get)
    assert repo.repository.objects.tree(made) == overlay.entries
    assert set(overlay.entries) == {"folder", "file/x"}


@WAYS
def test_names_that_differ_in_case_alone_stay_apart_even_where_git_ignores_case(repo: Sandbox, way: str) -> None:
    set_way(repo, way)
    base = repo.commit("base", {"A/x": "1", "A/y": "2"})
    repo.git("config", "core.ignoreCase", "true")
    overlay = Overlay.of(repo.repository.objects, base)
    overlay.relocate({"A/x": "a/x"})
    with CommitWriter(repo.repository, commit_identity(repo.repository)) as writer:
        made = writer.commit("x", (base,), overlay.changes(), overlay.written.get)
    assert set(repo.repository.objects.tree(made)) == {"A/y", "a/x"}


@WAYS
def test_symlinks_and_blobs_that_git_has_are_linked_by_name(repo: Sandbox, way: str) -> None:
    set_way(repo, way)
    base = repo.commit("base", {"a": "target"})
    oid = repo.repository.objects.hash_blob(b"target")
    with CommitWriter(repo.repository, commit_identity(repo.repository)) as writer:
        made = writer.commit("x", (base,), {"link": TreeEntry(SYMLINK, oid)}, lambda _: None)
    assert repo.repository.objects.tree(made)["link"] == TreeEntry(SYMLINK, oid)


@WAYS
def test_a_failure_in_the_middle_makes_no_ref_and_leaves_nothing_behind(repo: Sandbox, way: str) -> None:
    set_way(repo, way)
    base = repo.commit("base", {"a": "1"})
    before = read_refs(repo.repository)

    def fail(_: str) -> bytes:
        raise ZeroDivisionError

    writer = CommitWriter(repo.repository, commit_identity(repo.repository))
    with pytest.raises(ZeroDivisionError), writer:
        writer.commit("x", (base,), {"a": TreeEntry(REGULAR, base)}, fail)
    assert read_refs(repo.repository) == before
    assert repo.git("fsck", "--full", "--no-dangling") == ""


def refusal(
    repo: Sandbox, parent: str, changes: dict[str, TreeEntry | None], content: bytes | None = None
) -> GitFailedError:
    """The error of a commit that git refuses."""
    writer = CommitWriter(repo.repository, commit_identity(repo.repository))
    with pytest.raises(GitFailedError) as failed, writer:
        writer.commit("x", (parent,), changes, lambda _: content)
    return failed.value


REFUSED = {
    "blob": lambda repo, base: refusal(repo, base, {"b": TreeEntry(REGULAR, MISSING)}),
    "no blob": lambda repo, base: refusal(repo, base, {"b": TreeEntry(REGULAR, base)}),
    "parent": lambda repo, base: refusal(repo, MISSING, {}),
    "no commit": lambda repo, base: refusal(repo, repo.git("rev-parse", f"{base}:a"), {"c": None}),
    "parent with much behind it": lambda repo, base: refusal(
        repo, MISSING, {"b": TreeEntry(REGULAR, MISSING)}, b"x" * 9_000_000
    ),
}


@pytest.mark.parametrize("case", REFUSED)
@WAYS
def test_what_git_refuses_is_an_error_that_names_it_and_no_crash_report(repo: Sandbox, case: str, way: str) -> None:
    base = repo.commit("base", {"a": "1"})
    set_way(repo, way)
    failed = REFUSED[case](repo, base)
    named = {"no blob": base, "no commit": repo.git("rev-parse", f"{base}:a")}.get(case, MISSING)
    assert named in failed.message + failed.stderr
    assert list((repo.path / ".git").glob("fast_import_crash*")) == []
    assert set(read_refs(repo.repository)) == {"refs/heads/main"}


@WAYS
def test_a_disk_that_takes_nothing_is_an_error(repo: Sandbox, way: str) -> None:
    base = repo.commit("base", {"a": "1"})
    set_way(repo, way)
    objects = repo.path / ".git/objects"

    def commit() -> None:
        with CommitWriter(repo.repository, commit_identity(repo.repository)) as writer:
            if way == "import":
                writer.commit("x", (base,), {"b": None}, lambda _: None)
                objects.rename(repo.path / ".git/gone")
                objects.write_text("")
            else:
                oid = repo.repository.objects.hash_blob(b"new")
                (objects / oid[:2]).write_text("")
                writer.commit("x", (base,), {"b": TreeEntry(REGULAR, oid)}, {oid: b"new"}.get)

    with pytest.raises(GitFailedError, match="fast-import said" if way == "import" else "cannot be written"):
        commit()
    assert list((repo.path / ".git").rglob("tmp_obj_*")) == []


def test_many_changes_become_a_pack_and_few_do_not(repo: Sandbox) -> None:
    tip = base = repo.commit("base", {"a": "1"})
    repo.git("gc", "--quiet")
    repo.git("config", "fastimport.unpackLimit", "1")
    with CommitWriter(repo.repository, commit_identity(repo.repository)) as writer:
        for number in range(FEW + 20):
            content = f"{number}".encode()
            oid = repo.repository.objects.hash_blob(content)
            tip = writer.commit(f"{number}", (tip,), {f"f{number}": TreeEntry(REGULAR, oid)}, {oid: content}.get)
    assert repo.git("rev-list", "--count", f"{base}..{tip}") == str(FEW + 20)
    assert len(repo.git("ls-tree", tip).split("\n")) == FEW + 21
    counted = dict(line.split(": ") for line in repo.git("count-objects", "-v").split("\n"))
    assert (int(counted["count"]), int(counted["packs"])) == (3 * FEW, 2)
    assert repo.git("fsck", "--full", "--strict", "--no-dangling") == ""


@WAYS
def test_a_path_may_have_thousands_of_folders(repo: Sandbox, way: str) -> None:
    set_way(repo, way)
    base = repo.commit("base", {"a": "1"})
    path = "d/" * 3000 + "f"
    oid = repo.repository.objects.hash_blob(b"deep\n")
    with CommitWriter(repo.repository, commit_identity(repo.repository)) as writer:
        deep = writer.commit("deep", (base,), {path: TreeEntry(REGULAR, oid)}, {oid: b"deep\n"}.get)
        flat = writer.commit("flat", (deep,), {path: None}, lambda _: None)
    assert repo.git("ls-tree", "-r", "--name-only", deep) == f"a\n{path}"
    assert repo.git("rev-parse", f"{flat}^{{tree}}") == repo.git("rev-parse", f"{base}^{{tree}}")


def test_an_object_that_is_there_gets_a_new_date_and_no_other_content(repo: Sandbox) -> None:
    repo.commit("base", {"a": "1"})
    loose = repo.repository.loose
    assert loose is not None
    name = loose.write("blob", b"content")
    path = loose.path(name)
    before, mode = path.read_bytes(), path.stat().st_mode & 0o777
    assert repo.git("cat-file", "-p", name) == "content"
    os.utime(path, (1, 1))
    assert loose.write("blob", b"content") == name
    assert (path.read_bytes(), mode & 0o222, path.stat().st_mtime > 1) == (before, 0, True)
    assert loose.holds(name)
    path.chmod(0o644)
    path.write_bytes(b"")
    assert not loose.holds(name)
    assert not loose.holds(MISSING)


def test_an_object_whose_file_lost_its_content_is_written_again(repo: Sandbox) -> None:
    """As a machine leaves it that lost its power; git takes the empty file for the object."""
    loose = repo.repository.loose
    assert loose is not None
    path = loose.path(loose.write("blob", b"content"))
    path.chmod(0o644)
    path.write_bytes(b"")
    path.chmod(0o444)
    assert repo.git("cat-file", "blob", loose.write("blob", b"content")) == "content"


def test_a_commit_by_nobody_is_refused(repo: Sandbox) -> None:
    base = repo.commit("base", {"a": "1"})
    with (
        CommitWriter(repo.repository, commit_identity(repo.repository)) as writer,
        pytest.raises(GitFailedError, match="git would not read that"),
    ):
        writer.commit("x", (base,), {"a": None}, lambda _: None, author="A <a@b>\nparent x 1 +0000")


def test_killed_in_the_middle_it_leaves_no_ref(repo: Sandbox) -> None:
    base = repo.commit("base", {"a": "1"})
    set_way(repo, "import")
    program = (
        "import os, pathlib, signal, sys\n"
        "from migrate.git.repository import Repository\n"
        "from migrate.git.writer import CommitWriter, commit_identity\n"
        "repository = Repository.open(pathlib.Path(sys.argv[1]))\n"
        "writer = CommitWriter(repository, commit_identity(repository))\n"
        "print(writer.commit('x', (sys.argv[2],), {}, lambda _: None), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    command = [sys.executable, "-c", program, str(repo.path), base]
    # Waiting for the end of its output waits for git too, which shares it.
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == -9
    assert len(decode(done.stdout).strip()) == 40
    assert set(read_refs(repo.repository)) == {"refs/heads/main"}
    assert repo.git("fsck", "--full", "--no-dangling") == ""


def test_commits_are_made_by_the_person_that_git_knows(repo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Grace Höpper")
    who = commit_identity(repo.repository)
    assert who.author == "Grace Höpper <ada@example.com> 1714564800 +0000"
    assert who.committer == "Ada Lovelace <ada@example.com> 1714564800 +0000"


def test_without_a_name_the_error_says_how_to_give_one(repo: Sandbox, sealed: Path) -> None:
    (sealed / ".gitconfig").write_text("[user]\n    useConfigOnly = true\n")
    with pytest.raises(GitFailedError, match="does not know who you are") as failed:
        commit_identity(repo.repository)
    assert "git config user.name" in (failed.value.advice or "")


def test_it_writes_to_a_bare_repository(repo: Sandbox, tmp_path: Path) -> None:
    base = repo.commit("base", {"a": "1"})
    repo.git("clone", "--quiet", "--bare", str(repo.path), str(tmp_path / "bare.git"))
    bare = Repository.open(tmp_path / "bare.git")
    with CommitWriter(bare, commit_identity(bare)) as writer:
        made = writer.commit("x", (base,), {"a": None}, lambda _: None)
    assert bare.objects.tree(made) == {}


def test_paths_are_quoted_as_fast_import_reads_them() -> None:
    assert quoted_path('a "b"\\\n') == b'"a \\"b\\"\\\\\\n"'


@WAYS
def test_a_commit_of_no_files_is_the_one_that_an_import_makes(repo: Sandbox, way: str) -> None:
    set_way(repo, way)
    who = commit_identity(repo.repository)
    message, parents = "Tïtle \udcff\n\nbody\n", []
    for _ in range(3):
        with CommitWriter(repo.repository, who) as writer:
            imported = writer.commit(message, tuple(parents[-2:]), {}, lambda _: None)
        parents.append(write_empty_commit(repo.repository, who, message, tuple(parents[-2:])))
        assert parents[-1] == imported
    assert read_refs(repo.repository) == {}


@WAYS
def test_git_finds_nothing_missing_below_a_commit_of_no_files(repo: Sandbox, way: str) -> None:
    set_way(repo, way)
    first = write_empty_commit(repo.repository, commit_identity(repo.repository), "first", ())
    repo.git(
        "update-ref",
        "refs/heads/main",
        write_empty_commit(repo.repository, commit_identity(repo.repository), "x", (first,)),
    )
    assert repo.git("fsck", "--full", "--strict") == ""


def test_an_empty_tree_that_cannot_be_written_is_an_error(repo: Sandbox) -> None:
    repo.write(".git/objects/4b", "in the place of the folder")
    with pytest.raises(GitFailedError, match="cannot be written"):
        write_empty_commit(repo.repository, commit_identity(repo.repository), "first", ())


def test_who_commits_is_asked_once_and_the_time_goes_on(repo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Kolkata")
    time.tzset()
    try:
        before = commit_identity(repo.repository)
        monkeypatch.delenv("GIT_COMMITTER_DATE")
        monkeypatch.setattr("time.time", lambda: 1800000000.5)
        repo.git("config", "user.name", "Somebody else")
        later = commit_identity(repo.repository)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert later.author == before.author, "the environment says when"
    assert later.committer == "Ada Lovelace <ada@example.com> 1800000000 +0530"
