"""A slot that a command left unusable is repaired or made anew, and nothing outside of it is touched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate.execution.slots import Slot, take_slot
from migrate.git.worktrees import checked_out
from tests.conftest import BOUND_BY_PERMISSIONS, Sandbox

Commits = tuple[Sandbox, str, str]
IN_A_SLOT = """
import json, sys
from pathlib import Path
from migrate.git.repository import Repository
from migrate.execution.slots import take_slot
with take_slot(Repository.open(Path(sys.argv[1]))) as place:
    place.checkout(sys.argv[2], pristine=sys.argv[3] == "pristine")
    print(json.dumps(sorted(str(f.relative_to(place.path)) for f in place.path.rglob("*") if f.is_file())))
"""


@pytest.fixture
def commits(repo: Sandbox) -> Commits:
    """Two commits with a tracked folder, of which the second lacks a file; `cache/` is ignored."""
    first = repo.commit("first", {".gitignore": "cache/\n", "lib/a.txt": "a\n", "lib/b.txt": "b\n", "top": "1\n"})
    (repo.path / "lib/b.txt").unlink()
    second = repo.commit("second", {"top": "2\n"})
    return repo, first, second


def used(repo: Sandbox, commit: str) -> Path:
    """A slot that held a commit once."""
    with take_slot(repo.repository) as place:
        place.checkout(commit)
    return place.path


def files(place: Slot) -> list[str]:
    """Every file of a slot but git's own."""
    return sorted(str(f.relative_to(place.path)) for f in place.path.rglob("*") if f.is_file() and f.name != ".git")


def is_right(repo: Sandbox, path: Path, commit: str) -> None:
    """Assert that the same slot holds exactly a commit when it is used again, and that git sees that too."""
    with take_slot(repo.repository) as place:
        place.checkout(commit)
        assert place.path == path
        assert files(place) == [".gitignore", "lib/a.txt", "top"]
        assert (place.path / "top").read_text() == "2\n"
        assert subprocess.check_output(["git", "status", "--porcelain"], cwd=place.path, text=True) == ""
        assert repo.git("rev-parse", "HEAD", cwd=place.path) == commit
    listed = repo.git("worktree", "list", "--porcelain")
    assert listed.count("worktree ") == 2
    assert listed.count("locked a slot of migrate") == 1, "or git may take it for one that nobody needs"
    repo.git("fsck", "--strict")


def run(*command: str) -> Callable[[Path], None]:
    """A command that runs in a slot."""
    return lambda place: subprocess.run(command, cwd=place, check=True, capture_output=True) and None


def admin_of(place: Path) -> Path:
    """git's folder for a slot."""
    return Path((place / ".git").read_text().removeprefix("gitdir: ").strip())


def replaced(make: Callable[[Path], object]) -> Callable[[Path], None]:
    """Something else in the place of a slot."""

    def replace(place: Path) -> None:
        place.rename(place.with_name("moved away"))
        make(place)

    return replace


LEFT: dict[str, Callable[[Path], object]] = {
    "a branch of its own": run("git", "switch", "--quiet", "-c", "elsewhere"),
    "no commit on its branch": run("git", "checkout", "--quiet", "--orphan", "nowhere"),
    "commits of its own": run("git", "commit", "--quiet", "--allow-empty", "-m", "Mine"),
    "changed files that git may not look at": run(
        *(
            "sh",
            "-c",
            "git update-index --skip-worktree lib/a.txt --assume-unchanged top; echo x >lib/a.txt; echo x >top",
        )
    ),
    "files that git was told are not there": run(
        *("sh", "-c", "git update-index --skip-worktree lib/a.txt; rm lib/a.txt")
    ),
    "a sparse checkout": run("git", "sparse-checkout", "set", "--cone", "none"),
    "a sparse index": run("git", "sparse-checkout", "set", "--cone", "--sparse-index", "none"),
    "settings of its own": run(
        *("sh", "-c", "git config extensions.worktreeConfig true; git config --worktree core.autocrlf true")
    ),
    "a locked index": lambda place: (admin_of(place) / "index.lock").touch(),
    "a locked HEAD": lambda place: (admin_of(place) / "HEAD.lock").touch(),
    "a broken index": lambda place: (admin_of(place) / "index").write_bytes(b"DIRC cut short"),
    "a broken HEAD": lambda place: (admin_of(place) / "HEAD").write_text("ref: nothing of the kind\n"),
    "no folder of git's": lambda place: subprocess.run(["rm", "-r", admin_of(place)], check=True),
    "no link to git": lambda place: (place / ".git").unlink(),
    "a repository in place of the link": run("sh", "-c", "rm .git; git init --quiet"),
    "a repository in a folder of the commit": run("git", "init", "--quiet", "lib"),
    "a repository of its own below": run(
        *("sh", "-c", "git init -q below; git -C below commit -q --allow-empty -m x; touch below/file")
    ),
    "a folder where a file was": run("sh", "-c", "rm top; mkdir top; touch top/file"),
    "a file where a folder was": run("sh", "-c", "rm -r lib; touch lib"),
    "an unlocked work tree": run("sh", "-c", 'git worktree unlock "$PWD"'),
    "nothing": lambda place: subprocess.run(["rm", "-r", place], check=True),
    "a file in its place": replaced(Path.touch),
    "an empty folder in its place": replaced(Path.mkdir),
    "a pipe in its place": replaced(os.mkfifo),
    "folders in place of its marks": run(
        *("sh", "-c", "rm ../1.moved; mkdir ../1.moved ../1.dirty; touch ../1.moved/x ../1.dirty/x")
    ),
}


@pytest.mark.parametrize("left", LEFT)
def test_slot_that_a_command_left_unusable_is_as_it_should_be(commits: Commits, left: str) -> None:
    repo, first, second = commits
    path = used(repo, first)
    LEFT[left](path)
    is_right(repo, path, second)


@pytest.mark.parametrize("waits", ["merge", "rebase", "cherry-pick", "bisect"])
def test_slot_in_which_git_waits_for_a_person_is_as_it_should_be(commits: Commits, waits: str) -> None:
    repo, first, second = commits
    path = used(repo, first)
    conflict = (
        "git switch -qc side; echo s >top; git commit -qam s; git switch -q --detach @~; echo t >top; git commit -qam t"
    )
    start = {"bisect": f"git bisect start {second} {first}"}.get(waits, f"git {waits} side")
    subprocess.run(["sh", "-c", f"{conflict}; {start}"], cwd=path, check=False, capture_output=True)
    is_right(repo, path, second)
    admin = admin_of(path)
    left = {place.name for place in admin.iterdir()}
    assert left <= {"HEAD", "ORIG_HEAD", "commondir", "gitdir", "index", "locked", "logs", "refs", "COMMIT_EDITMSG"}


@pytest.mark.parametrize("where", [".", "cache", "lib", "untracked"])
@pytest.mark.parametrize("how", ["kept", "pristine"])
def test_folders_that_cannot_be_written_do_not_stop_a_slot(commits: Commits, where: str, how: str) -> None:
    repo, first, second = commits
    path = used(repo, first)
    deep = path / where / "pkg/mod"
    deep.mkdir(parents=True)
    (deep / "go.mod").touch()
    for folder in (deep, deep.parent, path / where):
        folder.chmod(0o555)
    command = [*BOUND_BY_PERMISSIONS, sys.executable, "-c", IN_A_SLOT, str(repo.path), second, how]
    found = json.loads(subprocess.check_output(command, text=True))
    kept = ["cache/pkg/mod/go.mod"] if (where, how) == ("cache", "kept") else []
    assert found == sorted([".git", ".gitignore", "lib/a.txt", "top", *kept])
    assert [place.name for place in path.parent.iterdir() if place.is_dir()] == ["1"], "nothing had to be put aside"


def test_folder_that_cannot_even_be_listed_does_not_stop_a_slot(commits: Commits) -> None:
    repo, first, second = commits
    path = used(repo, first)
    (path / "secret/below").mkdir(parents=True)
    (path / "secret").chmod(0)
    command = [*BOUND_BY_PERMISSIONS, sys.executable, "-c", IN_A_SLOT, str(repo.path), second, "kept"]
    assert json.loads(subprocess.check_output(command, text=True)) == [".git", ".gitignore", "lib/a.txt", "top"]


def test_what_cannot_be_removed_is_put_aside(commits: Commits, monkeypatch: pytest.MonkeyPatch) -> None:
    repo, first, second = commits
    path = used(repo, first)
    (path / ".git").unlink()
    (path / "of another user").touch()

    def refuse(place: Path) -> None:
        raise PermissionError(1, "Operation not permitted", str(place))

    monkeypatch.setattr("migrate.execution.slots.remove_tree", lambda place: place != path or refuse(place))
    with take_slot(repo.repository) as place:
        place.checkout(second)
        assert (place.path, files(place)) == (path, [".gitignore", "lib/a.txt", "top"])
    assert (path.with_name("1.left-1") / "of another user").exists()


@pytest.mark.parametrize("where", ["1", "1/lib", "1.lock", "1.moved", "../slots"])
def test_symlink_left_in_a_slot_is_never_followed_out_of_it(commits: Commits, tmp_path: Path, where: str) -> None:
    repo, first, second = commits
    path = used(repo, first)
    other = Sandbox(tmp_path / "other")
    other.path.mkdir()
    other.git("init", "--quiet")
    other.commit("theirs", {"a.txt": "theirs\n", "pkg/x": ""})
    other.write("untracked", "mine\n")
    place = Path(os.path.normpath(path.parent / where))
    if place.is_dir():
        place.rename(tmp_path / "moved away")
    place.unlink(missing_ok=True)
    target = other.path if place.suffix == "" else other.path / "untracked"
    place.symlink_to(target)
    is_right(repo, path, second)
    assert (other.path / "untracked").read_text() == "mine\n"
    assert {place.name for place in other.path.iterdir()} == {".git", "a.txt", "pkg", "untracked"}
    assert other.git("status", "--porcelain") == "?? untracked"


def test_branch_that_a_command_went_to_is_free_as_soon_as_it_ends(commits: Commits) -> None:
    repo, first, _ = commits
    repo.git("branch", "topic")
    with take_slot(repo.repository) as place:
        place.checkout(first)
        repo.git("switch", "--quiet", "topic", cwd=place.path)
    repo.git("switch", "--quiet", "topic")
    assert checked_out(repo.repository) == {"topic": repo.path}


def test_files_that_are_tracked_though_they_are_ignored_go_with_their_commit(commits: Commits) -> None:
    repo, _, second = commits
    repo.write("cache/kept.txt", "tracked\n")
    repo.git("add", "--force", "cache/kept.txt")
    with_it = repo.commit("tracked though ignored")
    path = used(repo, with_it)
    run("git", "update-index", "--skip-worktree", "cache/kept.txt")(path)
    is_right(repo, path, second)


def test_git_in_a_slot_sees_what_changed_also_where_the_repository_says_that_it_need_not(commits: Commits) -> None:
    repo, first, second = commits
    repo.git("config", "core.ignoreStat", "true")
    path = used(repo, first)
    (path / "lib/a.txt").write_text("changed\n")
    assert repo.git("diff", "--name-only", cwd=path) == "lib/a.txt"
    is_right(repo, path, second)
    assert (path / "lib/a.txt").read_text() == "a\n"


def test_slot_that_names_what_git_has_for_another_is_made_anew(commits: Commits) -> None:
    repo, first, second = commits
    path = used(repo, first)
    with take_slot(repo.repository, "tools-") as other:
        other.checkout(first)
    (path / ".git").write_text((other.path / ".git").read_text())
    with take_slot(repo.repository) as place:
        place.checkout(second)
        assert files(place) == [".gitignore", "lib/a.txt", "top"]
    assert admin_of(place.path) != admin_of(other.path)
    assert (admin_of(other.path) / "gitdir").read_text() == f"{other.path}/.git\n"
    assert repo.git("rev-parse", "HEAD", cwd=other.path) == first


def test_user_s_own_work_tree_is_never_taken_for_a_slot(commits: Commits, tmp_path: Path) -> None:
    repo, first, second = commits
    path = used(repo, first)
    repo.git("worktree", "add", "--quiet", "--detach", str(tmp_path / "1"))
    mine = admin_of(tmp_path / "1")
    (path / ".git").write_text(f"gitdir: {mine}\n")
    with take_slot(repo.repository) as place:
        place.checkout(second)
    assert repo.git("rev-parse", "--absolute-git-dir", cwd=tmp_path / "1") == str(mine)
    assert (mine / "gitdir").read_text() == f"{tmp_path}/1/.git\n"
    assert admin_of(place.path) != mine
