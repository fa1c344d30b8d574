"""What `status` says to type is right in every clone, also in one that is behind or has only a part."""

from __future__ import annotations

from tests.scenarios.clones import THIRD, Clones, sync
from tests.story import PHASES, Story

GUIDE = PHASES["p02_add_guide.py"]
OTHER_GUIDE = GUIDE.replace("Read new/a.txt first.", "Begin with new/a.txt.")


def pushed(story: Story) -> str:
    """Commit what was written to the base, and push it."""
    oid = story.commit("Change the plan")
    story.git("push", "--quiet", "origin", "main")
    return oid


# -- a plan that is newer on the remote ---------------------------------------------------------------------------


def test_a_clone_that_is_behind_reads_the_plan_where_it_reads_the_base(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    clones.sync(ada)
    ada.phase("p02_add_guide.py", OTHER_GUIDE)
    oid = pushed(ada)
    ada.made("restack").made("sync", "--yes")
    assert "stale" not in bob.type("sync", "--yes").ended(0).text
    said = bob.type("status").ended(
        0, f"base origin/main at {oid[:7]}", f"plan migrate.toml on origin/main at {oid[:7]}"
    )
    assert "Next: migrate restack" not in said.text
    assert bob.states() == ["passed"] * 3
    before = bob.refs("refs/heads/migrate")
    bob.type("restack").ended(4)
    assert bob.refs("refs/heads/migrate") == before
    bob.git("switch", "--quiet", THIRD)
    assert bob.states() == ["passed"] * 3
    bob.git("switch", "--quiet", "main")
    bob.write("phases/p02_add_guide.py", GUIDE + "\n")
    bob.type("status").ended(0, "plan migrate.toml, from your work tree")


def test_a_rename_that_this_clone_has_not_pulled_is_no_reason_to_restack(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    clones.sync(ada, bob)
    ada.git("switch", "--quiet", "main")
    ada.git("mv", "phases/p02_add_guide.py", "phases/p02_write_guide.py")
    pushed(ada)
    ada.made("restack").made("sync", "--yes")
    sync(bob)
    assert bob.status()["phases"][1]["id"] == "p02-write-guide"
    assert bob.states() == ada.states() == ["passed"] * 3


def test_a_module_that_changed_on_the_remote_alone_is_brought_here_first(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    ada.phase("p02_add_guide.py", OTHER_GUIDE)
    ada.made("restack").made("sync", "--yes")
    ada.git("switch", "--quiet", "main")
    pushed(ada)
    sync(bob)
    bob.type("status").ended(0, "Next: migrate restack --fetch")
    bob.made("restack", "--fetch")
    assert bob.git("show", f"{THIRD}:guide.md") == "Begin with new/a.txt."
