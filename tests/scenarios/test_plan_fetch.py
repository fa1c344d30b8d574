"""`plan --fetch` shows what `restack --fetch` would do, and moves no branch."""

from __future__ import annotations

from tests.cli.test_advice import advised
from tests.scenarios.clones import FIRST, Clones
from tests.story import PHASES


def gone_on(clones: Clones) -> Clones:
    """Ada has phases, and Bob has pushed a commit to the base since."""
    clones.ada.made("run", "--to", "p02")
    clones.ada.git("switch", "--quiet", "main")
    clones.bob.commit("More", {"old/c.txt": "c\n"})
    clones.bob.git("push", "--quiet", "origin", "main")
    return clones


def test_it_is_computed_on_the_base_of_the_remote_and_moves_no_branch(clones: Clones) -> None:
    ada = gone_on(clones).ada
    before = ada.refs("refs/heads", "refs/migrate", "refs/notes")
    ada.type("plan").ended(0, "p03-drop-notes")
    done = ada.type("plan", "--fetch").ended(0, "p01-move-old   runs again", "p03-drop-notes")
    old, new = ada.git("rev-parse", "--short=7", "main"), clones.bob.git("rev-parse", "--short=7", "main")
    assert done.err.startswith(
        f"plan migrate.toml on origin/main at {new}\nmain  {old} → {new}, as on origin; it has not moved here\n"
    )
    assert ada.refs("refs/heads", "refs/migrate", "refs/notes") == before
    assert ada.git("rev-parse", "origin/main") == clones.bob.git("rev-parse", "main")
    assert ada.branch() == "main"
    assert advised(done.err, "restack") == ["restack", "--fetch"]
    ada.type("restack", "--fetch").ended(0, "p01-move-old")
    assert "new/c.txt" in ada.files(FIRST)


def test_before_the_first_phase_it_says_how_the_base_gets_here(clones: Clones) -> None:
    clones.bob.commit("More", {"old/c.txt": "c\n"})
    clones.bob.git("push", "--quiet", "origin", "main")
    done = clones.ada.type("plan", "--fetch").ended(0, "→ old  new  3 files")
    assert advised(done.err, "restack") == ["restack", "--fetch"]
    assert clones.ada.type("plan", "--fetch", "--json").ended(0).json["next"] == "migrate restack --fetch"
    clones.ada.type("restack", "--fetch").ended(0)
    clones.ada.type("next").ended(0, "3 moved")


def test_with_nothing_new_there_it_is_the_plan(clones: Clones) -> None:
    assert clones.ada.type("plan", "--fetch").ended(0).text == clones.ada.type("plan").ended(0).text


def test_a_conflict_on_the_fetched_base_advises_to_fetch(clones: Clones) -> None:
    ada = clones.ada.made("next")
    ada.commit("By hand", {"new/a.txt": "by hand\n"})
    clones.bob.commit("Theirs", {"old/a.txt": "theirs\n"})
    clones.bob.git("push", "--quiet", "origin", "main")
    done = ada.type("plan", "--fetch").ended(5, "conflict in new/a.txt")
    assert advised(done.err, "restack") == ["restack", "--fetch"]


def test_a_remote_that_cannot_be_reached_is_said(clones: Clones) -> None:
    clones.ada.git("remote", "set-url", "origin", str(clones.origin.path / "nowhere"))
    clones.ada.type("plan", "--fetch").ended(2, '"origin" cannot be fetched')


def test_the_header_names_the_plan_that_ran(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("next")
    ada.git("switch", "--quiet", "main")
    bob.phase("p02_add_guide.py", PHASES["p02_add_guide.py"].replace("Read", "Do read"))
    oid = bob.commit("Another guide")
    bob.git("push", "--quiet", "origin", "main")
    said = f"plan migrate.toml on origin/main at {oid[:7]}; the copy in your work tree differs and is not used"
    ada.type("plan", "--fetch").ended(0, said)
    told = ada.type("plan", "--fetch", "--json").ended(0).json
    assert (told["plan"]["commit"], told["plan"]["from"]) == (oid, "base")
    ada.phase("p02_add_guide.py", PHASES["p02_add_guide.py"] + "# mine\n")
    ada.type("plan", "--fetch").ended(0, "plan migrate.toml, from your work tree")


def test_while_a_conflict_is_pending_the_plan_advises_to_go_on(clones: Clones) -> None:
    ada = clones.ada.made("next")
    ada.commit("By hand", {"new/a.txt": "by hand\n"})
    ada.git("switch", "--quiet", "main")
    ada.commit("Theirs", {"old/a.txt": "theirs\n"})
    ada.type("restack").ended(5)
    assert "Next: migrate continue" in ada.type("plan").text
    ada.git("reset", "--quiet", "--hard", "HEAD^")
    told = ada.type("plan").ended(0, "Next: migrate continue")
    assert "migrate next" not in told.text
    assert ada.type("plan", "--json").ended(0).json["next"] == "migrate continue"
