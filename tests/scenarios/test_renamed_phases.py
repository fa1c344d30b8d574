"""A phase's file, or the migration, gets another name: what people did on the old branch comes along."""

from __future__ import annotations

import pytest

from tests.scenarios.clones import FIRST, SECOND, THIRD, Clones
from tests.story import PLAN, Story

GUIDE = "migrate/tidy/p02-write-guide"


def edited(story: Story) -> Story:
    """Three phases, with a hand edit on the second."""
    story.begin().made("run")
    story.git("switch", "--quiet", SECOND)
    story.commit("By hand", {"hand.txt": "by hand\n"})
    story.git("switch", "--quiet", "main")
    return story


def rename(story: Story, formerly: str = "", text: str = "") -> None:
    """The second phase's file gets another name, on the base."""
    story.git("switch", "--quiet", "main")
    old = story.path / "phases/p02_add_guide.py"
    content = old.read_text() + text
    if formerly:
        content = content.replace(
            "\n\ndef apply", f"\nfrom migrate import Phase\n\nPHASE = Phase(formerly=({formerly!r},))\n\n\ndef apply", 1
        )
    old.unlink()
    story.write("phases/p02_write_guide.py", content)
    story.commit("Rename the phase")


@pytest.mark.parametrize("how", ["formerly", "formerly, and changed", "the same module"])
def test_hand_edits_survive_a_rename_of_the_file(story: Story, how: str) -> None:
    edited(story)
    rename(
        story,
        "p02-add-guide" if how.startswith("formerly") else "",
        "# changed\nX = 1\n" if how.endswith("changed") else "",
    )
    phase = story.status()["phases"][1]
    assert (phase["id"], phase["state"], phase["hand_edits"]) == ("p02-write-guide", "stale", 1)
    assert phase["reason"] == "it was p02-add-guide when it ran"
    assert phase["formerly"] == "p02-add-guide"
    story.type("status").ended(
        0, "p02-write-guide is stale: it was p02-add-guide when it ran.", "Next: migrate restack"
    )
    story.git("switch", "--quiet", SECOND)
    old = story.git("rev-parse", SECOND)
    story.type("restack").ended(0, "1 hand edit carried over")
    assert story.branch() == GUIDE
    assert story.git("show", f"{THIRD}:hand.txt") == "by hand"
    assert "Migration-Phase: p02-write-guide" in story.git("log", "--format=%B", f"main..{GUIDE}")
    refs = story.refs()
    assert f"refs/heads/{SECOND}" not in refs
    assert "refs/migrate/tidy/made/p02-add-guide" not in refs
    assert "refs/migrate/tidy/made/p02-write-guide" in refs
    assert old in {oid for ref, oid in refs.items() if "/archive/" in ref}
    assert story.states() == ["passed"] * 3
    assert story.status()["orphans"] == []
    story.untouched()
    story.type("undo", "--yes").ended(0)
    assert story.refs()[f"refs/heads/{SECOND}"] == old
    story.sound()


def test_hand_edits_survive_a_rename_of_the_migration(story: Story) -> None:
    edited(story)
    story.plan(PLAN.replace('name = "tidy"', 'name = "clean"'))
    for name in ("p01_move_old", "p02_add_guide", "p03_drop_notes"):
        file = story.path / f"phases/{name}.py"
        formerly = f"tidy/{name.replace('_', '-')}"
        file.write_text(
            file.read_text().replace(
                "\n\ndef apply",
                f"\nfrom migrate import Phase\n\nPHASE = Phase(formerly=({formerly!r},))\n\n\ndef apply",
                1,
            )
        )
    story.commit("Rename the migration")
    assert story.states() == ["stale"] * 3
    story.type("restack").ended(0, "1 hand edit carried over")
    assert story.states() == ["passed"] * 3
    assert story.git("show", "migrate/clean/p03-drop-notes:hand.txt") == "by hand"
    refs = story.refs()
    assert not [ref for ref in refs if ref.startswith(("refs/heads/migrate/tidy", "refs/migrate/tidy/made"))]
    assert [ref for ref in refs if ref.startswith("refs/migrate/clean/archive/")]


def renamed_migration(story: Story) -> Story:
    """The migration with another name, and nothing that says what it was called."""
    story.plan(PLAN.replace('name = "tidy"', 'name = "clean"'))
    story.commit("Rename the migration")
    return story


def test_a_migration_that_is_renamed_is_known_by_its_modules(story: Story) -> None:
    edited(story)
    assert renamed_migration(story).states() == ["stale"] * 3
    story.type("restack").ended(0, "1 hand edit carried over")
    assert story.states() == ["passed"] * 3
    assert story.git("show", "migrate/clean/p03-drop-notes:hand.txt") == "by hand"
    assert not story.refs("refs/heads/migrate/tidy")


def test_a_renamed_migration_whose_module_changed_too_is_refused_and_names_the_branch(story: Story) -> None:
    edited(story)
    file = story.path / "phases/p02_add_guide.py"
    file.write_text(file.read_text() + "X = 1\n")
    before = renamed_migration(story).refs()
    story.type("restack").ended(6, f"{SECOND} (here) belongs to no phase", 'formerly=("tidy/p02-add-guide",)')
    assert story.refs() == before


def test_another_migration_with_modules_of_its_own_is_no_former_name(story: Story) -> None:
    edited(story)
    for file in (story.path / "phases").glob("p*.py"):
        file.write_text(file.read_text() + "X = 1\n")
    assert renamed_migration(story).states() == ["pending"] * 3
    assert story.status()["orphans"] == []


def test_a_migration_that_has_begun_takes_nothing_from_another_one(story: Story) -> None:
    edited(story)
    renamed_migration(story).git("update-ref", "refs/migrate/clean/start", "main")
    before = story.refs("refs/heads/migrate/tidy")
    story.made("next")
    assert story.refs("refs/heads/migrate/tidy") == before


@pytest.mark.parametrize("is_tracked", [True, False])
def test_two_plans_may_share_their_phases(story: Story, is_tracked: bool) -> None:
    edited(story)
    if is_tracked:
        story.git("mv", "migrate.toml", "phases/tidy.toml")
    else:
        story.write("../tidy.toml", (story.path / "migrate.toml").read_text())
        story.write(
            "../clean.toml",
            PLAN.replace('"tidy"', '"clean"').replace("title", f'phases = "{story.path}/phases"\ntitle'),
        )
    before = story.refs("refs/heads/migrate/tidy")
    if is_tracked:
        renamed_migration(story).made("next")
    else:
        story.made("--plan", "../clean.toml", "next")
    assert story.refs("refs/heads/migrate/tidy") == before
    assert story.refs("refs/heads/migrate/clean")


def test_a_restack_refuses_where_nothing_says_whose_the_edits_are_and_its_advice_works(story: Story) -> None:
    edited(story)
    rename(story, text="X = 1\n")
    orphan = story.status()["orphans"]
    assert [(each["branch"], each["hand_edits"], each["local"]) for each in orphan] == [(SECOND, 1, True)]
    story.type("status").ended(0, "branches of no phase in the plan:", SECOND, "+1 hand edit")
    before = story.refs()
    whose = 'says whose they are: write formerly=("p02-add-guide",) into the PHASE'
    told = story.type("status").ended(0, f"{SECOND} (here) belongs to no phase", whose, "git branch -m")
    assert "migrate restack" not in told.text
    assert story.status()["next"] is None
    assert "migrate restack" not in story.type("plan").ended(6, "belongs to no phase", "formerly=").text
    said = story.type("restack").ended(6, f"{SECOND} (here) belongs to no phase", 'formerly=("p02-add-guide",)')
    assert story.refs() == before
    assert f"git branch -m {SECOND} NAME" in said.text
    story.git("branch", "-m", SECOND, "kept")
    story.type("restack").ended(0)
    assert story.states() == ["passed"] * 3
    assert story.git("show", "kept:hand.txt") == "by hand"
    assert story.status()["orphans"] == []


def test_a_branch_of_no_phase_without_edits_is_told_and_stands_in_no_way(story: Story) -> None:
    story.begin().made("run")
    story.git("branch", "migrate/tidy/notes", "main")
    story.git("branch", "migrate/tidy/p09-gone", THIRD)
    story.git("switch", "--quiet", "main")
    story.commit("Somebody else's", {"old/c.txt": "c\n"})
    assert [each["branch"] for each in story.status()["orphans"]] == ["migrate/tidy/notes", "migrate/tidy/p09-gone"]
    story.type("restack").ended(0)


def test_a_rename_that_has_landed_is_known_by_its_former_name(story: Story) -> None:
    story.begin().made("run", "--to", "p02")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--no-ff", "--no-edit", SECOND)
    rename(story, "p02-add-guide")
    assert story.states() == ["landed", "landed", "pending"]


def test_a_colleague_s_clone_takes_the_new_branch_and_is_not_held_up_by_the_old_one(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    ada.git("switch", "--quiet", SECOND)
    ada.commit("By hand", {"hand.txt": "by hand\n"})
    ada.type("restack").ended(0)
    ada.git("switch", "--quiet", "main")
    ada.type("sync", "--yes").ended(0)
    bob.type("sync", "--yes").ended(0)
    rename(ada)
    ada.type("restack").ended(0)
    ada.git("switch", "--quiet", "main")
    ada.git("push", "--quiet", "origin", "main")
    ada.type("sync", "--yes").ended(0)
    bob.git("switch", "--quiet", "main")
    bob.git("pull", "--quiet")
    bob.type("sync", "--yes").ended(0)
    assert bob.states() == ["passed"] * 3
    assert [each["branch"] for each in bob.status()["orphans"]] == [SECOND]
    bob.commit("Somebody else's", {"old/c.txt": "c\n"})
    bob.type("restack").ended(0)
    assert bob.git("show", f"{THIRD}:hand.txt") == "by hand"
    assert FIRST in bob.git("branch", "--list", "--format=%(refname:short)")
