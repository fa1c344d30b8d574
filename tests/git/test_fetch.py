"""Hearing from a remote moves what was asked for, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrate.errors import RepositoryError
from migrate.git.fetch import fetch_base, fetch_refs, list_refs
from migrate.git.refs import read_refs

if TYPE_CHECKING:
    from tests.conftest import Sandbox

TRACKED = "refs/remotes/origin/main"


@pytest.fixture
def remote(repo: Sandbox, tmp_path: Path) -> Path:
    """A remote that has a newer main than we know of, and other branches and tags that come and went."""
    repo.commit("a")
    place = tmp_path / "origin.git"
    repo.git("init", "--quiet", "--bare", str(place))
    repo.git("remote", "add", "origin", str(place))
    repo.git("push", "--quiet", "origin", "main", "main:refs/heads/gone", "main:refs/tags/gone")
    repo.git("fetch", "--quiet", "origin", "--tags")
    repo.git("push", "--quiet", "origin", ":refs/heads/gone", ":refs/tags/gone")
    repo.git("update-ref", "refs/remotes/origin/gone", "main")
    repo.git("tag", "--force", "gone")
    repo.commit("newer")
    repo.git("push", "--quiet", "origin", "main", "main:refs/heads/else", "main:refs/tags/new")
    repo.git("reset", "--quiet", "--hard", "HEAD^")
    for ref in (TRACKED, "refs/remotes/origin/else"):
        repo.git("update-ref", ref, "HEAD")
    return place


def moved(repo: Sandbox, remote: str = "origin") -> set[str]:
    """The refs that fetching the base moves, makes or takes away."""
    before = read_refs(repo.repository)
    fetch_base(repo.repository, remote, "main")
    after = read_refs(repo.repository)
    return {ref for ref in before.keys() | after.keys() if before.get(ref) != after.get(ref)}


def test_the_base_of_the_remote_comes_and_our_own_stays(repo: Sandbox, remote: Path) -> None:
    (repo.path / ".git/FETCH_HEAD").unlink()
    assert moved(repo) == {TRACKED}
    assert read_refs(repo.repository)[TRACKED] == repo.git("rev-parse", "main", cwd=remote)
    assert not (repo.path / ".git/FETCH_HEAD").exists()
    assert moved(repo) == set()


def test_a_lock_that_a_killed_fetch_left_is_not_in_the_way_of_the_next(repo: Sandbox, remote: Path) -> None:
    lock = repo.write(f".git/{TRACKED}.lock")
    assert moved(repo) == {TRACKED}
    assert not lock.exists()


def test_a_base_that_was_pushed_by_force_is_taken_as_it_is(repo: Sandbox, remote: Path) -> None:
    fetch_base(repo.repository, "origin", "main")
    repo.git("update-ref", "refs/heads/main", f"{repo.git('rev-parse', 'main', cwd=remote)}^", cwd=remote)
    assert moved(repo) == {TRACKED}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("fetch.prune", "true"),
        ("remote.origin.prune", "true"),
        ("fetch.pruneTags", "true"),
        ("remote.origin.tagOpt", "--tags"),
        ("remote.origin.fetch", "+refs/heads/*:refs/heads/*"),
        ("remote.origin.fetch", "+refs/heads/*:refs/remotes/elsewhere/*"),
        ("remote.origin.mirror", "true"),
        ("fetch.all", "true"),
        ("fetch.recurseSubmodules", "true"),
        ("submodule.recurse", "true"),
        ("fetch.output", "compact"),
        ("fetch.parallel", "4"),
    ],
)
def test_no_setting_of_a_user_moves_another_ref(repo: Sandbox, remote: Path, key: str, value: str) -> None:
    repo.git("switch", "--quiet", "--detach")  # git refuses to fetch into a branch that is checked out.
    if key.startswith("fetch.pruneTags"):
        repo.git("config", "fetch.prune", "true")
    repo.git("config", "--add", key, value)
    assert moved(repo) == {TRACKED}


@pytest.mark.parametrize("name", ["-x", "--upload-pack=touch ran", "with/slash", "ünï"])
def test_any_name_of_a_remote_is_a_name(repo: Sandbox, remote: Path, name: str) -> None:
    repo.git("config", f"remote.{name}.url", str(remote))
    if " " in name:
        with pytest.raises(RepositoryError, match="cannot be fetched"):
            fetch_base(repo.repository, name, "main")
        assert not (repo.path / "ran").exists()
    else:
        assert moved(repo, name) == {f"refs/remotes/{name}/main"}


def test_pruning_takes_away_what_the_remote_has_not_among_what_was_asked_for(repo: Sandbox, remote: Path) -> None:
    before = read_refs(repo.repository)
    fetch_refs(repo.repository, "origin", ["+refs/heads/*:refs/remotes/origin/*"], prune=True)
    after = read_refs(repo.repository)
    assert before.keys() - after.keys() == {"refs/remotes/origin/gone"}
    assert "refs/tags/new" not in after


def test_a_remote_that_is_away_is_a_clear_error_and_nothing_moves(repo: Sandbox, remote: Path) -> None:
    remote.rename(remote.with_name("away.git"))
    before = read_refs(repo.repository)
    with pytest.raises(RepositoryError, match='"origin" cannot be fetched: ') as refused:
        fetch_base(repo.repository, "origin", "main")
    assert str(remote) in refused.value.message
    assert refused.value.advice == "git remote get-url origin says where it is; nothing was changed"
    assert read_refs(repo.repository) == before


def test_a_remote_that_nobody_set_up_is_a_clear_error(repo: Sandbox) -> None:
    repo.commit("a")
    for asked in (lambda: fetch_base(repo.repository, "origin", "main"), lambda: list_refs(repo.repository, "origin")):
        with pytest.raises(RepositoryError, match='this repository has no remote "origin"') as refused:
            asked()
        assert refused.value.advice == "git remote add origin URL sets it up; nothing was changed"


def test_a_branch_that_the_remote_lacks_is_a_clear_error_that_names_it(repo: Sandbox, remote: Path) -> None:
    before = read_refs(repo.repository)
    with pytest.raises(RepositoryError, match="refs/heads/trunk"):
        fetch_base(repo.repository, "origin", "trunk")
    assert read_refs(repo.repository) == before
