"""A clone that has branches alone gets everything by `sync`, and then says what every other says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.clones import FIRST, SECOND, Clones, clone, sync
from tests.story import PLAN, Story


def same(*stories: Story) -> None:
    """Assert that several clones say the same of every phase."""
    told = [
        [(row["id"], row["state"], row["commit"], row["validations"]) for row in s.status()["phases"]] for s in stories
    ]
    assert all(each == told[0] for each in told)


@pytest.mark.parametrize("options", [(), ("--fetch-only",)])
def test_a_fresh_clone_gets_branches_receipts_and_the_journal(
    clones: Clones, tmp_path: Path, options: tuple[str, ...]
) -> None:
    ada, _, origin = clones
    ada.made("run", "--to", "p02")
    clones.sync(ada)
    eve = clone(ada, origin, tmp_path / "eve", "Eve")
    eve.type("status").ended(0, "on origin", "Next: migrate sync")
    sync(eve, *options).ended(0, "p01-move-old", "Next: migrate next")
    assert clones.shared(eve) == clones.shared(ada)
    assert eve.refs("refs/migrate/tidy/journal").keys() == ada.refs("refs/migrate/tidy/journal").keys()
    same(ada, eve)
    eve.made("run")
    clones.sync(eve, ada)
    same(ada, eve)


def test_a_fresh_clone_knows_what_landed(clones: Clones, tmp_path: Path) -> None:
    ada, _, origin = clones
    ada.made("run")
    clones.sync(ada)
    ada.git("push", "--quiet", "origin", f"{FIRST}:main")
    ada.made("land", "--fetch", "--yes")
    clones.sync(ada)
    eve = clone(ada, origin, tmp_path / "eve", "Eve")
    clones.sync(eve)
    same(ada, eve)
    assert eve.states() == ["landed", "passed", "passed"]
    assert "migrate sync" not in ada.type("status").ended(0).out
    assert "migrate sync" not in eve.type("status").ended(0).out
    eve.type("sync").ended(4)


def test_a_remote_without_the_migration_is_given_it(clones: Clones) -> None:
    ada, bob, origin = clones
    bob.type("sync", "--fetch-only").ended(4, "Nothing new on origin.")
    ada.made("next")
    ada.type("sync", "--fetch-only").ended(4, "you have unpushed changes", "Next: migrate sync")
    clones.sync(ada, bob)
    assert origin.git("rev-parse", FIRST) == ada.git("rev-parse", FIRST)
    same(ada, bob)


def test_a_gate_says_who_approved_it_before_the_phase_changed(clones: Clones) -> None:
    ada, bob, _ = clones
    gate = '\n[[validation]]\nname = "smoke"\nmanual = "Look."\nphases = ["p02-*"]\n'
    for story in (ada, bob):
        story.plan(PLAN, gate)
    ada.made("run")
    ada.made("approve", "p02", "smoke")
    old = ada.git("rev-parse", "--short=7", SECOND)
    ada.git("switch", "--quiet", "main")
    ada.git("stash", "--quiet")
    ada.commit("Else", {"old/c.txt": "c\n"})
    ada.git("stash", "pop", "--quiet")
    ada.made("restack")
    said = f"Ada Lovelace approved it on {old}, before the phase changed"
    ada.type("status").ended(0, f"smoke waiting ({said})")
    assert ada.status()["phases"][1]["validations"][1]["reason"] == said
    ada.type("pr", "p02").ended(0, said)
    clones.sync(ada, bob)
    bob.type("status").ended(0, said)
    bob.type("approve", "p02", "smoke").ended(0, f"{said}.")
    assert said not in bob.type("status").ended(0).out
