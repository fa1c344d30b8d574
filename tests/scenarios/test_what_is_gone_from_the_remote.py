"""What is gone from the remote is not brought back by a sync: a migration that was finished, a branch that landed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.clones import FIRST, SECOND, THIRD, Clones, clone, hook, sync
from tests.story import Story

DONE = "origin no longer has tidy: somebody finished it"


def there(clones: Clones) -> list[str]:
    """The refs of the remote."""
    return clones.origin.git("for-each-ref", "--format=%(refname)").splitlines()


@pytest.fixture
def shared(clones: Clones) -> Clones:
    """Three phases that everybody has."""
    clones.ada.made("run")
    return clones.sync(clones.ada, clones.bob)


@pytest.mark.parametrize("edited", [False, True])
@pytest.mark.parametrize("fetched", [False, True])
def test_an_abandoned_migration_is_not_revived(shared: Clones, edited: bool, fetched: bool) -> None:
    ada, bob, _ = shared
    if edited:
        bob.git("switch", "--quiet", SECOND)
        bob.commit("By hand", {"hand.txt": ""})
    ada.made("finish", "--abandon", "--yes")
    assert there(shared) == ["refs/heads/main"]
    if fetched:
        bob.git("fetch", "--quiet", "--prune")
    before = bob.refs("refs/heads", "refs/migrate")
    for options in ((), ("--yes",), ("--fetch-only",)):
        bob.type("sync", *options).ended(6, DONE, "migrate finish --abandon", "migrate sync --revive")
    assert there(shared) == ["refs/heads/main"]
    assert bob.refs("refs/heads", "refs/migrate") == before
    bob.type("finish", "--abandon", "--yes").ended(0)
    assert there(shared) == ["refs/heads/main"]


def test_who_wants_it_back_says_so(shared: Clones) -> None:
    ada, bob, _ = shared
    ada.made("finish", "--abandon", "--yes")
    sync(bob, "--revive").ended(0, "p01-move-old    new → ", "journal")
    assert {f"refs/heads/{branch}" for branch in (FIRST, SECOND, THIRD)} < set(there(shared))
    bob.type("sync").ended(4)


def test_a_push_that_ended_half_way_is_no_end_of_the_migration(clones: Clones) -> None:
    ada, _, origin = clones
    origin.git("config", "receive.advertiseAtomic", "false")
    ada.made("run")
    hook(origin, "update", f'test "$1" != refs/heads/{THIRD}')
    sync(ada).ended(6, "refused")
    (origin.path / "hooks/update").unlink()
    sync(ada).ended(0)
    assert f"refs/heads/{THIRD}" in there(clones)


def squash(story: Story, branch: str, *gone: str) -> None:
    """Merge the branch of the first phase into the base by a squash, as a forge does, and push that."""
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--squash", branch)
    message = story.git("log", "-1", "--format=%B", "--grep=^Migration-Phase: p01", branch)
    story.git("commit", "--quiet", "-m", message.replace("\n", " (#7)\n", 1))
    story.git("push", "--quiet", "origin", "main", *gone)


def update_branch(story: Story) -> None:
    """Merge the base into a phase's branch and push that, by git alone."""
    story.git("fetch", "--quiet")
    story.git("switch", "--quiet", FIRST)
    story.git("merge", "--quiet", "--no-edit", "origin/main")
    story.git("push", "--quiet", "origin", FIRST)


@pytest.mark.parametrize("pruned", [False, True])
def test_a_landed_branch_that_is_gone_there_stays_here_and_is_named(
    shared: Clones, tmp_path: Path, pruned: bool
) -> None:
    ada, _, origin = shared
    forge, eve = (clone(ada, origin, tmp_path / name.lower(), name) for name in ("Forge", "Eve"))
    forge.commit("Else", {"else.txt": ""})
    forge.git("push", "--quiet", "origin", "main")
    update_branch(eve)
    forge.git("fetch", "--quiet")
    squash(forge, f"origin/{FIRST}", f":{FIRST}")
    if pruned:
        eve.git("fetch", "--quiet", "--prune")
    for _ in range(2):
        said = sync(eve).err
        assert f"{FIRST} " in said
        assert "stays here" in said
        assert "does not have" not in said
        assert f"refs/heads/{FIRST}" not in there(shared)


def test_what_was_never_synced_and_is_gone_there_stays_here(shared: Clones, tmp_path: Path) -> None:
    ada, _, origin = shared
    for name, options in (("plain", ()), ("pruned", ("--prune",))):
        eve = clone(ada, origin, tmp_path / name, "Eve")
        eve.git("switch", "--quiet", THIRD)
        ada.git("push", "--quiet", "origin", f":{THIRD}")
        eve.git("fetch", "--quiet", *options)
        for _ in range(2):
            sync(eve).ended(0 if _ == 0 else 4, f"{THIRD} was deleted on origin, and stays here")
        assert f"refs/heads/{THIRD}" not in there(shared)
        ada.git("push", "--quiet", "origin", THIRD)


def test_only_commits_of_the_base_are_told_as_such(shared: Clones) -> None:
    ada, _, _ = shared
    ada.commit("By hand", {"hand.txt": ""})
    squash(ada, FIRST)
    assert ada.states()[0] == "landed"
    assert "does not have" not in sync(ada).ended(0, "p03-drop-notes").err
