"""A switch that was cut short is put back, and nothing that a user changed is touched."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from migrate.errors import RepositoryError
from migrate.git.half_switch import undo_half_switch
from migrate.git.process import Git, Result

if TYPE_CHECKING:
    from tests.conftest import Sandbox

BEFORE = {"kept": "1\n", "changed": "before\n", "gone/x": "x\n", "gone/y": "y\n", "both": "file\n"}
AFTER = {"kept": "1\n", "changed": "after, and longer\n", "new/deep/z": "z\n", "both/now": "a folder\n"}
States = Mapping[str, str | None]
"""By path what a kill left there: None for nothing."""

HALVES: dict[str, States] = {
    "nothing": {},
    "only removed": {"gone/x": None, "both": None},
    "all removed": {"changed": None, "gone/x": None, "gone/y": None, "both": None},
    "some written": {"gone/x": None, "gone/y": None, "changed": AFTER["changed"], "new/deep/z": "z\n"},
    "one begun": {"gone/x": None, "gone/y": None, "changed": "after,"},
    "one made": {"gone/x": None, "gone/y": None, "changed": None, "new/deep/z": ""},
    "one begun on the way back": {"gone/x": "", "gone/y": None, "changed": "bef"},
    "all written": {"gone/x": None, "gone/y": None, "both": None, **AFTER},
}


@pytest.fixture
def torn(repo: Sandbox) -> Sandbox:
    """`main` and `topic` with different files; the user on `main`."""
    repo.commit("before", BEFORE)
    repo.git("switch", "--quiet", "--orphan", "topic")
    repo.commit("after", AFTER)
    repo.git("switch", "--quiet", "main")
    repo.write("untracked", "mine\n")
    return repo


def put(repo: Sandbox, states: States) -> None:
    """Leave files as a kill does."""
    for path, text in states.items():
        if text is None:
            (repo.path / path).unlink()
            if (repo.path / path).parent != repo.path and not any((repo.path / path).parent.iterdir()):
                (repo.path / path).parent.rmdir()
    for path, text in states.items():
        if text is not None:
            repo.write(path, text)


def undo(repo: Sandbox) -> list[str]:
    """Undo the switch from `main` to `topic`."""
    return undo_half_switch(repo.repository, repo.git("rev-parse", "main"), repo.git("rev-parse", "topic"))


def test_every_mixture_of_two_trees_is_put_back(torn: Sandbox) -> None:
    for name, states in HALVES.items():
        put(torn, states)
        lock = torn.write(".git/index.lock")
        assert undo(torn) == [], name
        assert lock.exists() == (name == "nothing")
        lock.unlink(missing_ok=True)
        assert torn.git("status", "--porcelain") == "?? untracked", name
        assert not (torn.path / "new").exists()


def test_a_switch_of_which_only_head_is_left_is_put_back(torn: Sandbox) -> None:
    torn.git("symbolic-ref", "HEAD", "refs/heads/topic")
    torn.git("reset", "--quiet", "--hard")
    torn.git("symbolic-ref", "HEAD", "refs/heads/main")
    torn.write(".git/index.lock")
    assert undo(torn) == []
    assert torn.git("status", "--porcelain") == "?? untracked"


@pytest.mark.parametrize("begun", ["", "x", "x\n"])
def test_a_way_back_that_was_cut_short_is_gone_again(torn: Sandbox, begun: str) -> None:
    torn.git("switch", "--quiet", "topic")
    torn.git("symbolic-ref", "HEAD", "refs/heads/main")
    torn.write("gone/x", begun)
    assert undo(torn) == []
    assert torn.git("status", "--porcelain") == "?? untracked"
    assert (torn.path / "gone/x").read_text() == "x\n"


@pytest.mark.parametrize("name", ["some written", "all written"])
def test_what_the_user_changed_since_stays(torn: Sandbox, name: str) -> None:
    put(torn, HALVES[name])
    torn.write("changed", "by hand\n")
    torn.write("kept", "by hand\n")
    torn.write("new/deep/z", "z\nby hand\n")
    torn.write("gone/x", "staged by hand\n")
    torn.git("add", "gone/x")
    assert undo(torn) == ["changed", "gone/x", "new/deep/z"]
    assert torn.git("status", "--porcelain", "--untracked-files=all").splitlines() == [
        " M changed",
        "M  gone/x",
        " M kept",
        "?? new/deep/z",
        "?? untracked",
    ]


def test_a_git_that_ends_well_without_having_written_is_not_believed(
    torn: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = Git.run

    def full(git: Git, *arguments: str, **options: Any) -> Result:
        return Result(0, b"", "") if arguments[0] == "checkout-index" else run(git, *arguments, **options)

    put(torn, HALVES["only removed"])
    with monkeypatch.context() as patch:
        patch.setattr(Git, "run", full)
        with pytest.raises(RepositoryError, match='"both" cannot be put back'):
            undo(torn)
    assert undo(torn) == []
    assert torn.git("status", "--porcelain") == "?? untracked"


def test_a_folder_with_files_of_the_user_stays(torn: Sandbox) -> None:
    put(torn, HALVES["all written"] | {"both/mine": "mine\n"})
    assert undo(torn) == ["both"]
    assert (torn.path / "both/mine").read_text() == "mine\n"
    assert torn.git("status", "--porcelain").splitlines() == [" D both", "?? untracked"]


def test_nothing_is_reached_through_a_symlink_of_the_user(torn: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep/z").write_text("z\n")
    (torn.path / "new").symlink_to(tmp_path)
    undo(torn)
    assert (tmp_path / "deep/z").read_text() == "z\n"


def test_nobody_who_went_elsewhere_is_concerned(torn: Sandbox) -> None:
    put(torn, {"changed": AFTER["changed"]})
    torn.git("commit", "--quiet", "--all", "--message", "By hand")
    before = torn.git("rev-parse", "HEAD~1")
    assert undo_half_switch(torn.repository, before, torn.git("rev-parse", "topic")) == []
    assert torn.git("show", "HEAD:changed") == AFTER["changed"].strip()
