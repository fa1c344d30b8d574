"""Where slots stand: outside of every checkout, a folder for each repository, with nothing above that a tool finds."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from migrate.errors import RepositoryError
from migrate.execution.slots import take_slot
from migrate.git import cache, surroundings
from migrate.git.cache import cache_of, known_cache
from migrate.git.repository import Repository
from tests.conftest import BOUND_BY_PERMISSIONS, Sandbox

PLACE = """
import sys
from pathlib import Path
from migrate.git.repository import Repository
from migrate.execution.slots import take_slot
repository = Repository.open(Path(sys.argv[1]))
repository.tell = print
with take_slot(repository) as place:
    place.checkout("HEAD")
    print(place.path)
"""


@pytest.fixture
def made(repo: Sandbox) -> Sandbox:
    """A repository with one commit."""
    repo.commit("first", {".gitignore": "cache/\n", "file": "1\n"})
    return repo


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of this test alone in place of those that all programs share."""
    monkeypatch.setattr(cache, "TEMPORARY", str(tmp_path / "var tmp"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "var tmp"))
    (tmp_path / "var tmp").mkdir()
    return tmp_path / "var tmp" / f"git-phases-{os.geteuid()}"


def used(path: Path, kind: str = "") -> Path:
    """A slot of a repository after it was used, with a warm cache in it."""
    with take_slot(Repository.open(path), kind) as place:
        place.checkout("HEAD")
        (place.path / "cache").mkdir(exist_ok=True)
        (place.path / "cache/warm").touch()
    return place.path


def told(repo: Sandbox) -> tuple[Path, list[str]]:
    """Where the slots of a repository stand, and what a person is told of that."""
    said: list[str] = []
    repository = Repository.open(repo.path)
    repository.tell = said.append
    return cache_of(repository).slots, said


def copied(repo: Sandbox, path: Path) -> Path:
    """A copy of a repository, as a person or a backup makes it."""
    return Path(shutil.copytree(repo.path, path, symlinks=True))


def test_slots_stand_in_the_user_s_cache_in_a_folder_with_the_name_of_the_repository(
    made: Sandbox, sealed: Path
) -> None:
    path = used(made.path)
    assert path.relative_to(sealed / ".cache/git-phases").parts[1:] == ("slots", "1")
    assert path.parents[1].name.startswith(f"{made.path.name}-")
    assert (sealed / ".cache/git-phases").stat().st_mode & 0o077 == 0
    assert not (made.path / ".git/migrate/slots").exists()


@pytest.mark.parametrize(
    ("platform", "cache_home", "place"),
    [
        ("linux", "", ".cache"),
        ("linux", "relative", ".cache"),
        ("darwin", "", "Library/Caches"),
        ("darwin", "{home}/elsewhere", "elsewhere"),
        ("linux", "{home}/else where", "else where"),
    ],
)
def test_cache_is_where_the_system_has_it(
    sealed: Path, monkeypatch: pytest.MonkeyPatch, platform: str, cache_home: str, place: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("XDG_CACHE_HOME", cache_home.format(home=sealed))
    assert cache.user_cache() == sealed / place


def test_two_repositories_of_one_name_share_nothing(made: Sandbox, tmp_path: Path) -> None:
    places = [tmp_path / "a" / "shop", tmp_path / "b" / "shop"]
    for place in places:
        place.parent.mkdir()
        made.git("clone", "--quiet", ".", str(place))
    one, two = map(used, places)
    assert one != two
    assert one.parents[1].name.rpartition("-")[0] == two.parents[1].name.rpartition("-")[0] == "shop"


def test_repository_that_was_moved_keeps_its_slots(made: Sandbox, tmp_path: Path) -> None:
    path = used(made.path)
    moved = tmp_path / "moved"
    made.path.rename(moved)
    with take_slot(Repository.open(moved)) as place:
        place.checkout("HEAD")
        assert (place.path, (place.path / "cache/warm").exists()) == (path, True)
    assert len(made.git("worktree", "list", cwd=moved).splitlines()) == 2


def test_copy_of_a_repository_leaves_the_slots_of_the_original_alone(made: Sandbox, tmp_path: Path) -> None:
    path = used(made.path)
    copy = copied(made, tmp_path / "copy")
    other = used(copy)
    assert other.parents[1] != path.parents[1]
    assert used(made.path) == path
    assert (path / "cache/warm").exists()
    assert used(copy) == other
    assert made.git("rev-parse", "--git-common-dir", cwd=path) == str(made.path / ".git")
    assert made.git("rev-parse", "--git-common-dir", cwd=other) == str(copy / ".git")
    assert str(path) not in made.git("worktree", "list", cwd=copy)


def test_copy_whose_original_is_no_more_takes_its_slots_over(made: Sandbox, tmp_path: Path) -> None:
    path = used(made.path)
    copy = copied(made, tmp_path / "copy")
    shutil.rmtree(made.path / ".git")
    assert used(copy) == path


def test_two_repositories_that_change_places_keep_each_its_own(made: Sandbox, tmp_path: Path) -> None:
    other = tmp_path / "other"
    made.git("clone", "--quiet", ".", str(other))
    mine, theirs = used(made.path), used(other)
    made.path.rename(tmp_path / "aside")
    other.rename(made.path)
    (tmp_path / "aside").rename(other)
    assert used(made.path) == theirs
    assert used(other) == mine


def test_new_repository_where_another_was_gets_a_folder_of_its_own(made: Sandbox, tmp_path: Path) -> None:
    path = used(made.path)
    moved = tmp_path / "moved"
    made.path.rename(moved)
    made.git("clone", "--quiet", str(moved), str(made.path), cwd=tmp_path)
    assert used(made.path).parents[1] != path.parents[1]
    assert used(moved) == path


def test_key_that_was_lost_with_git_s_folder_is_found_again(made: Sandbox) -> None:
    path = used(made.path)
    shutil.rmtree(made.path / ".git/migrate")
    assert known_cache(made.repository) is None
    assert used(made.path) == path


@pytest.mark.parametrize("key", ["", "../../..", "/etc", "a/b-0123456789abcdef", "\udcff", "x" * 300])
def test_key_that_nobody_can_have_written_is_replaced(made: Sandbox, sealed: Path, key: str) -> None:
    made.write(".git/migrate/slots-key", key)
    assert used(made.path).parents[2] == sealed / ".cache/git-phases"


def test_repositories_of_any_name_have_a_folder(made: Sandbox, tmp_path: Path) -> None:
    for name in (".dot", "-n", "a b\nc", "é", "node_modules", "x" * 200, "\udcff"):
        place = tmp_path / name
        made.git("clone", "--quiet", "--", ".", str(place))
        assert used(place).is_dir()


def test_many_at_once_agree_on_one_folder(made: Sandbox) -> None:
    found: list[Path] = []
    threads = [threading.Thread(target=lambda: found.append(told(made)[0])) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(found)) == 1
    assert len(found) == 8


# -- what is above ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["go.mod", "go.work", "package.json", "node_modules", ".git", "pyproject.toml"])
@pytest.mark.parametrize("where", [".", ".cache"])
def test_slots_go_elsewhere_where_a_tool_would_find_something_above_and_that_is_said_once(
    made: Sandbox, sealed: Path, temporary: Path, name: str, where: str
) -> None:
    (sealed / where).mkdir(exist_ok=True)
    (sealed / where / name).touch()
    slots, said = told(made)
    assert slots.is_relative_to(temporary)
    assert said == [
        f'Slots stand in {temporary}, because "{sealed / where / name}" stands above "{sealed}/.cache".'
    ] or (where == ".cache" and len(said) == 1)
    assert told(made) == (slots, [])
    assert temporary.stat().st_mode & 0o077 == 0


def test_cache_inside_of_a_checkout_is_not_used_and_nothing_is_made_there(
    made: Sandbox, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for inside in (made.path / "cache", made.path / ".git/cache"):
        monkeypatch.setenv("XDG_CACHE_HOME", str(inside))
        assert told(made)[0].is_relative_to(temporary)
        assert not inside.exists()


def test_cache_inside_of_a_work_tree_that_has_no_git_folder_is_not_used(
    made: Sandbox, temporary: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made.git("config", "core.worktree", str(tmp_path / "tree"))
    (tmp_path / "tree").mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "tree/.cache"))
    git_dir = made.path / ".git"
    repository = Repository(git_dir, git_dir, tmp_path / "tree", "sha1")
    assert repository.work_tree == tmp_path / "tree"
    assert cache_of(repository).slots.is_relative_to(temporary)


def test_what_a_command_left_above_its_slot_is_removed(made: Sandbox) -> None:
    path = used(made.path)
    for folder in (path.parents[0], path.parents[1]):
        (folder / "package.json").touch()
        (folder / "node_modules/x").mkdir(parents=True)
    assert used(made.path) == path
    assert surroundings.found_above(path.parent) is None


def test_where_there_is_no_better_place_that_is_said(
    made: Sandbox, sealed: Path, temporary: Path, tmp_path: Path
) -> None:
    (sealed / "go.mod").touch()
    (tmp_path / "package.json").touch()
    slots, said = told(made)
    assert slots.is_relative_to(sealed / ".cache/git-phases")
    assert said == [
        f'Slots stand in {sealed}/.cache/git-phases, although "{sealed}/go.mod" stands above "{sealed}/.cache", '
        "where tools look for their settings."
    ]


# -- a place that cannot be used --------------------------------------------------------------------------------------


@pytest.mark.parametrize("broken", ["a file", "read-only", "no folder"])
def test_cache_that_cannot_be_written_is_replaced_and_that_is_said(
    made: Sandbox, sealed: Path, tmp_path: Path, broken: str
) -> None:
    env = {**os.environ, "TMPDIR": str(tmp_path / "tmp")}
    (tmp_path / "tmp").mkdir()
    if broken == "a file":
        env["XDG_CACHE_HOME"] = str(tmp_path / "file")
        (tmp_path / "file").touch()
    elif broken == "no folder":
        env |= {"XDG_CACHE_HOME": "", "HOME": "/proc/none"}
    else:
        (sealed / ".cache").mkdir(mode=0o555)
    program = f"from migrate.git import cache; cache.TEMPORARY = {str(tmp_path / 'tmp')!r}{PLACE}"
    command = [*BOUND_BY_PERMISSIONS, sys.executable, "-c", program, str(made.path)]
    said, place = subprocess.check_output(command, text=True, env=env).splitlines()
    assert place.startswith(str(tmp_path / "tmp/git-phases-"))
    assert said.startswith(f"Slots stand in {tmp_path}/tmp/git-phases-")
    assert "cannot be written: " in said
    assert subprocess.check_output(command, text=True, env=env).splitlines() == [place]


@pytest.mark.parametrize("taken", ["a file", "a symlink", "another user's"])
def test_temporary_folder_that_is_somebody_else_s_is_not_used(
    made: Sandbox, sealed: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, taken: str
) -> None:
    (sealed / "go.mod").touch()
    if taken == "a file":
        temporary.touch()
    elif taken == "a symlink":
        (tmp_path / "mine").mkdir()
        temporary.symlink_to(tmp_path / "mine")
    else:
        temporary.mkdir()
        monkeypatch.setattr(os, "geteuid", lambda: 12345)
        temporary.rename(temporary.with_name("git-phases-12345"))
    slots, said = told(made)
    assert slots.is_relative_to(sealed / ".cache")
    assert "although" in said[0]
    assert not (tmp_path / "mine").exists() or not list((tmp_path / "mine").iterdir())


def test_temporary_folder_is_closed_to_others(made: Sandbox, sealed: Path, temporary: Path) -> None:
    (sealed / "go.mod").touch()
    temporary.mkdir(mode=0o777)
    temporary.chmod(0o777)
    told(made)
    assert temporary.stat().st_mode & 0o077 == 0


def test_no_place_at_all_is_one_clear_error(
    made: Sandbox, sealed: Path, temporary: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(temporary))
    temporary.touch()
    with pytest.raises(RepositoryError, match=r"there is no folder for slots: .*cannot be written") as error:
        told(made)
    assert error.value.advice == "name another folder: git config migrate.slotsDir DIR"


# -- migrate.slotsDir -------------------------------------------------------------------------------------------------


def test_setting_names_another_place(made: Sandbox, sealed: Path, tmp_path: Path) -> None:
    for value, place in (
        (str(tmp_path / "a b"), tmp_path / "a b"),
        ("~/slots", sealed / "slots"),
        (f"../{made.path.name}-beside", made.path.with_name(f"{made.path.name}-beside")),
    ):
        made.git("config", "migrate.slotsDir", value)
        slots, said = told(made)
        assert (slots.parents[1], said) == (place, [])
        shutil.rmtree(place)


@pytest.mark.parametrize("value", ["inside", ".git/slots", "."])
def test_setting_that_names_a_place_in_a_work_tree_is_refused(made: Sandbox, value: str) -> None:
    made.git("config", "migrate.slotsDir", value)
    with pytest.raises(RepositoryError, match=r"slots cannot stand in .*\(migrate.slotsDir\): it is inside") as error:
        told(made)
    assert error.value.advice == "name another folder: git config migrate.slotsDir DIR"
    assert not (made.path / "inside").exists()


def test_setting_that_names_a_place_in_another_work_tree_is_refused(made: Sandbox, tmp_path: Path) -> None:
    made.git("clone", "--quiet", ".", str(tmp_path / "other"))
    made.git("config", "migrate.slotsDir", str(tmp_path / "other/slots"))
    with pytest.raises(RepositoryError, match=f'it is inside "{tmp_path}/other"'):
        told(made)


def test_setting_that_names_a_place_below_a_project_is_refused(made: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "go.work").touch()
    made.git("config", "migrate.slotsDir", str(tmp_path / "slots"))
    with pytest.raises(RepositoryError, match=f'tools that run there would find "{tmp_path}/go.work"'):
        told(made)


def test_slots_that_stood_elsewhere_before_are_still_known(made: Sandbox, tmp_path: Path) -> None:
    first = used(made.path)
    made.git("config", "migrate.slotsDir", str(tmp_path / "elsewhere"))
    second = used(made.path)
    listed = made.git("worktree", "list")
    assert str(first) in listed
    assert str(second) in listed
