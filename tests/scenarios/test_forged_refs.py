"""What somebody pushes says nothing of what landed, of what a phase made, or of where the archive has room."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.scenarios.clones import FIRST, SECOND, THIRD, Clones, clone
from tests.story import PHASES, Story, prepared

OURS = "refs/migrate/tidy"
LANDED = f"{OURS}/landed/p01-move-old"
MADE = f"{OURS}/made/p01-move-old"
JOURNAL = f"{OURS}/journal"


@prepared
def begun(clones: Clones) -> Clones:
    """All phases are made, both clones have them, and the base has moved on."""
    clones.ada.made("run")
    clones.ada.git("switch", "--quiet", "main")
    merged(clones.ada, "Else", {"old/b.txt": "b, by somebody else\n"})
    clones.sync(clones.ada, clones.bob)
    pulled(clones.bob)
    return clones


def merged(story: Story, message: str, files: dict[str, str]) -> str:
    """A commit that goes to the base of the remote; what is staged goes with it."""
    commit = story.commit(message, files)
    story.git("push", "--quiet", "origin", "main")
    return commit


def pulled(story: Story) -> None:
    """Bring the base up to date."""
    story.git("switch", "--quiet", "main")
    story.git("pull", "--quiet", "--ff-only")


def pushed(story: Story, oid: str, *refs: str) -> None:
    """Push refs past the program."""
    story.git("push", "--quiet", "--force", "origin", *(f"{oid}:{ref}" for ref in refs))


# -- landed -----------------------------------------------------------------------------------------------------


def test_a_landing_that_no_file_shows_is_named_passed_over_and_set_aside(clones: Clones) -> None:
    _, bob, _ = begun(clones)
    main = bob.git("rev-parse", "main")
    pushed(bob, main, *(f"{OURS}/landed/{name}" for name in ("p01-move-old", "p02-add-guide", "p03-drop-notes")))
    clones.sync(bob)
    before = bob.refs("refs/heads")
    said = bob.type("status").ended(
        0, f"{LANDED} says that p01-move-old landed with {main[:7]}, but that commit does not have its files"
    )
    assert "(migrate land checks again)" in said.text
    assert bob.states() == ["passed"] * 3
    bob.type("finish", "--yes").ended(6, "3 phases of 3 have not landed")
    bob.type("land", "--yes").ended(4, "Nothing has landed.", f"{LANDED} says that", "it was set aside as")
    assert bob.refs("refs/heads") == before
    assert "the files do not show it" not in bob.type("status").ended(0).text
    assert bob.git("rev-parse", f"{OURS}/set-aside/{main[:12]}/landed%2Fp01-move-old") == main
    clones.sync(bob)
    assert bob.states() == ["passed"] * 3


def test_a_landing_that_a_pushed_message_tells_is_not_believed_where_the_phase_is_known(clones: Clones) -> None:
    _, bob, _ = begun(clones)
    said = bob.git("log", "-1", "--format=%B", SECOND)
    forged = f"Migration: tidy\nMigration-Phase: p01-move-old\nMigration-Landed: {bob.git('rev-parse', 'main')}\n"
    bob.git("switch", "--quiet", "--detach", "main")
    (bob.path / "guide.md").write_text("Read new/a.txt first.\n")
    pushed(bob, bob.commit(said.replace("Migration: tidy", f"{forged}Migration: tidy", 1)), f"refs/heads/{SECOND}")
    bob.git("switch", "--quiet", "main")
    bob.type("sync", "--yes")
    assert bob.states()[0] == "passed"


@pytest.mark.parametrize("text", ["a, as the reviewer wants it\n", "a\n"])
def test_a_squash_with_an_emptied_message_is_known_in_every_clone_that_has_synced(clones: Clones, text: str) -> None:
    ada, bob, _ = begun(clones)
    squashed(ada, {"new/a.txt": text, "else.txt": ""})
    ada.made("land", "--yes")
    clones.sync(ada, bob)
    pulled(bob)
    assert bob.states() == ada.states() == ["landed", "passed", "passed"]
    assert bob.type("where", "old/a.txt").ended(0).out == "new/a.txt\n"
    assert "the files do not show it" not in bob.type("status").ended(0).text


def squashed(story: Story, files: dict[str, str]) -> str:
    """The first phase as a forge squashes it with an emptied message, with changes that somebody made on the way."""
    story.git("merge", "--quiet", "--squash", FIRST)
    commit = merged(story, "Tidy (#1)", files)
    story.git("push", "--quiet", "origin", f":refs/heads/{FIRST}")
    return commit


@pytest.mark.parametrize("has_branch", [True, False])
def test_what_only_a_run_can_tell_each_clone_finds_out_by_itself(clones: Clones, has_branch: bool) -> None:
    ada, bob, _ = begun(clones)
    commit = squashed(ada, {"README.md": "Read new/a.txt.\n"})
    ada.type("land", "--yes").ended(0, "p01-move-old has landed: on the base it changes nothing")
    clones.sync(ada, bob)
    pulled(bob)
    if not has_branch:
        bob.git("branch", "--delete", "--force", FIRST)
    assert ada.states()[0] == "landed"
    assert bob.states()[0] != "landed"
    bob.type("status").ended(
        0, f"landed with {commit[:7]}, but that commit does not have its files", "migrate land checks again"
    )
    bob.type("land", "--yes").ended(0, "p01-move-old has landed: on the base it changes nothing")
    assert bob.states() == ["landed", "passed", "passed"]
    assert "the files do not show it" not in bob.type("status").ended(0).text


@pytest.mark.parametrize("edits", ["on the branch", "on the base"])
@pytest.mark.parametrize("name", ["bob", "eve"])
def test_a_clone_that_doubts_a_landing_looks_closer_before_it_runs_phases(
    clones: Clones, tmp_path: Path, edits: str, name: str
) -> None:
    ada, bob, origin = begun(clones)
    mine = {"README.md": "Please see the file new/a.txt.\n"}
    if edits == "on the branch":
        ada.git("switch", "--quiet", FIRST)
        ada.commit("Word it", mine)
        ada.git("switch", "--quiet", "main")
    squashed(ada, {"else.txt": ""})
    if edits == "on the base":
        merged(ada, "Word it", mine)
    ada.type("land", "--yes").ended(0, "p01-move-old has landed: on the base it changes nothing")
    other = bob if name == "bob" else clone(ada, origin, tmp_path / "eve", "Eve")
    pulled(other)
    clones.sync(ada, other)
    other.type("status").ended(0, "Next: migrate land   (first, to check whether p01-move-old has landed)")
    for command in ("restack", "next", "run"):
        other.type(command).ended(6, "p01-move-old may have landed", "migrate land checks")
    other.type("land", "--yes").ended(0, "p01-move-old has landed: on the base it changes nothing")
    assert other.states() == ["landed", "passed", "passed"]
    other.type("restack").ended(4)


def test_where_believes_what_the_status_believes_of_a_landing_with_edits(clones: Clones) -> None:
    ada, bob, _ = begun(clones)
    ada.git("switch", "--quiet", FIRST)
    ada.commit("Word it", {"README.md": "Please see the file new/a.txt.\n"})
    ada.git("switch", "--quiet", "main")
    clones.sync(ada, bob)
    squashed(ada, {"else.txt": ""})
    ada.made("land", "--yes")
    clones.sync(ada)
    bob.git("fetch", "--quiet", "origin", f"{OURS}/landed/*:{OURS}/landed/*")
    pulled(bob)
    assert bob.states()[0] == "landed"
    assert bob.type("where", "old/a.txt").ended(0).out == "new/a.txt\n"


def test_a_doubt_that_was_looked_into_holds_no_phase_back(clones: Clones) -> None:
    _, bob, _ = begun(clones)
    pushed(bob, bob.git("rev-parse", "main"), LANDED)
    clones.sync(bob)
    bob.type("restack").ended(6, "migrate land checks")
    bob.type("land", "--yes").ended(4, "Nothing has landed.")
    clones.sync(bob)
    bob.made("restack")
    assert bob.states() == ["passed"] * 3


def test_a_land_that_fails_sets_nothing_aside(clones: Clones) -> None:
    ada, bob, _ = begun(clones)
    said = ada.git("log", "-1", "--format=%B", FIRST)
    ada.phase("p02_add_guide.py", '"""Add a guide."""\n\n\ndef apply(ws):\n    ws.delete("nothing.txt")\n')
    ada.git("merge", "--quiet", "--squash", FIRST)
    pushed(ada, merged(ada, said, {}), f"{OURS}/landed/p02-add-guide")
    clones.sync(bob)
    pulled(bob)
    before = bob.refs()
    bob.type("land", "--yes").ended(1, 'there is nothing at "nothing.txt" to delete')
    assert bob.refs() == before
    assert f"{OURS}/landed/p02-add-guide" in before


def test_what_this_clone_found_out_stays_known_whatever_is_pushed_over_it(clones: Clones) -> None:
    ada, bob, _ = begun(clones)
    commit = squashed(ada, {"README.md": "Read new/a.txt.\n"})
    ada.made("land", "--yes")
    clones.sync(ada)
    pushed(bob, bob.git("rev-parse", "main"), LANDED)
    clones.sync(ada)
    assert ada.git("rev-parse", LANDED) != commit
    assert ada.states()[0] == "landed"
    ada.type("status").ended(0, f"{LANDED} says that")
    ada.made("land", "--yes")
    assert ada.git("rev-parse", LANDED) == commit
    assert "the files do not show it" not in ada.type("status").ended(0).text


def test_a_forged_landing_moves_no_path(clones: Clones) -> None:
    _, bob, _ = begun(clones)
    pushed(bob, bob.git("rev-parse", "main"), LANDED)
    clones.sync(bob)
    assert bob.type("where", "old/a.txt").ended(0).out == "old/a.txt\n"


def test_phases_that_put_back_what_one_below_changed_landed_only_with_it(clones: Clones) -> None:
    turn = '"""Turn it {0}."""\n\n\ndef apply(ws):\n    ws.replace("lint: {1}", "lint: {0}", "lint.txt")\n'
    ada, bob, _ = clones
    for file in PHASES:
        (ada.path / "phases" / file).unlink()
    ada.phase("p01_off.py", turn.format("off", "on"))
    ada.phase("p02_on.py", turn.format("on", "off"))
    main = merged(ada, "Lint", {"lint.txt": "lint: on\n"})
    pulled(bob)
    ada.made("run")
    clones.sync(ada)
    pushed(ada, main, f"{OURS}/landed/p02-on")
    clones.sync(bob)
    assert bob.states() == ["passed", "passed"]


def test_a_branch_that_is_pushed_onto_the_base_lets_no_phase_below_it_land(clones: Clones) -> None:
    _, bob, _ = begun(clones)
    said = bob.git("log", "-1", "--format=%B", SECOND)
    bob.git("switch", "--quiet", "--detach", "main")
    bob.commit(said, {"old/b.txt": "forged\n"})
    bob.git("revert", "--no-edit", "HEAD")
    pushed(bob, bob.git("rev-parse", "HEAD"), f"refs/heads/{SECOND}")
    bob.git("switch", "--quiet", "main")
    bob.git("branch", "--quiet", "--force", SECOND, f"origin/{SECOND}")
    assert bob.states()[0] == "passed"
    bob.type("land", "--no-validate", "--yes").ended(4, "Nothing has landed.")


# -- made -------------------------------------------------------------------------------------------------------


def amended(story: Story, message: str | None = None) -> str:
    """Amend the first phase's commit, and push it with a ref that says that the phase made it so."""
    story.git("switch", "--quiet", FIRST)
    story.write("new/amended.txt", "by hand\n")
    story.git("add", "--all")
    story.git("commit", "--quiet", "--amend", *(["-m", message] if message else ["--no-edit"]))
    commit = story.git("rev-parse", "HEAD")
    pushed(story, commit, f"refs/heads/{FIRST}", MADE)
    story.git("switch", "--quiet", "main")
    return commit


def test_an_amended_commit_that_is_pushed_as_what_the_phase_made_is_carried_by_a_restack(clones: Clones) -> None:
    ada, bob, _ = begun(clones)
    said = ada.git("log", "-1", "--format=%B", FIRST)
    amended(ada, said.replace("Move old to new", "Move old to new, at last", 1))
    clones.sync(bob)
    bob.type("restack").ended(0, "p01-move-old", "1 hand edit carried over")
    assert "new/amended.txt" in bob.files(FIRST)
    assert bob.git("log", "-1", "--format=%s", FIRST) == "Move old to new, at last"
    assert bob.status()["phases"][0]["amended"]


def test_where_nobody_can_tell_what_was_amended_it_is_said_and_kept(clones: Clones) -> None:
    ada, bob, _ = begun(clones)
    commit = amended(ada)
    ada.phase("p01_move_old.py", PHASES["p01_move_old.py"] + "    ws.note('Another one.')\n")
    merged(ada, "Another phase", {})
    clones.sync(bob)
    pulled(bob)
    said = bob.type("restack").ended(0, f"{commit[:7]} may have been amended by hand; that was not carried over")
    assert said.text.count("and is kept in the archive") == 1
    assert commit in bob.refs(f"{OURS}/archive").values()


def test_what_was_amended_where_the_phase_cannot_run_is_said_and_kept(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run", "--to", "p01")
    said = ada.git("log", "-1", "--format=%B", FIRST)
    clones.sync(ada, bob)
    ada.git("switch", "--quiet", "main")
    merged(ada, "By hand", {"README.md": "See nothing.\n"})
    ada.git("switch", "--quiet", "--detach", "main")
    ada.git("mv", "old", "new")
    commit = ada.commit(said, {"new/amended.txt": "by hand\n"})
    pushed(ada, commit, f"refs/heads/{FIRST}", MADE)
    ada.git("switch", "--quiet", "main")
    merged(ada, "Back", {"README.md": "See old/a.txt.\n"})
    clones.sync(bob)
    pulled(bob)
    bob.type("restack").ended(0, f"{commit[:7]} may have been amended by hand; that was not carried over")
    assert commit in bob.refs(f"{OURS}/archive").values()


@pytest.mark.parametrize("command", ["land", "finish"])
def test_an_amended_commit_that_did_not_land_keeps_its_branch(clones: Clones, command: str) -> None:
    ada, bob, _ = clones
    ada.made("run", "--to", "p01")
    said = ada.git("log", "-1", "--format=%B", FIRST)
    clones.sync(ada, bob)
    amended(ada)
    clones.sync(bob)
    ada.git("merge", "--quiet", "--squash", bob.git("rev-parse", f"{FIRST}@{{1}}"))
    merged(ada, said, {})
    pulled(bob)
    options = ["--abandon"] if command == "finish" else []
    bob.type(command, "--yes", *options).ended(0, f"{FIRST} stays: it holds changes that are not in main")
    assert "new/amended.txt" in bob.files(FIRST)


def test_an_amended_commit_of_an_abandoned_phase_keeps_its_branch(clones: Clones) -> None:
    ada, bob, _ = begun(clones)
    amended(ada)
    clones.sync(bob)
    bob.type("finish", "--abandon", "--yes").ended(0, "1 commit of it is nowhere else")
    assert set(bob.refs("refs/heads/migrate")) == {f"refs/heads/{FIRST}"}


# -- the journal ------------------------------------------------------------------------------------------------


def entry(story: Story, updates: dict[str, tuple[str | None, str | None]], title: str = "make p01-move-old") -> str:
    """A forged entry on top of the journal that a clone has, which says that a command moved some refs."""
    tip = story.refs(JOURNAL)[JOURNAL]
    moved = [{"ref": ref, "old": old, "new": new} for ref, (old, new) in updates.items()]
    values = {"version": 1, "number": 900, "kind": "done", "invocation": "0123456789ab", "refs": moved}
    empty = story.git("mktree", "--missing", "-z")
    return story.git("commit-tree", "-p", tip, "-m", title, "-m", json.dumps(values), empty)


def by_hand(story: Story, how: str) -> str:
    """What a person does on the branch of the first phase, pushed with an entry by which the phase made it."""
    story.git("switch", "--quiet", FIRST)
    story.write("new/hand.txt", "by hand\n")
    story.git("add", "--all")
    story.git("commit", "--quiet", *(["--amend", "--no-edit"] if how == "amended" else ["-m", "By hand"]))
    commit = story.git("rev-parse", "HEAD")
    story.git("switch", "--quiet", "main")
    pushed(story, commit, f"refs/heads/{FIRST}", MADE)
    pushed(story, entry(story, {MADE: (None, commit), f"refs/heads/{FIRST}": (None, commit)}), JOURNAL)
    return commit


@pytest.mark.parametrize("how", ["amended", "on top"])
@pytest.mark.parametrize("command", ["land", "finish"])
def test_what_did_not_land_keeps_its_branch_though_an_entry_says_that_the_phase_made_it(
    clones: Clones, command: str, how: str
) -> None:
    ada, bob, _ = clones
    ada.made("run", "--to", "p01")
    said = ada.git("log", "-1", "--format=%B", FIRST)
    made = ada.git("rev-parse", FIRST)
    clones.sync(ada, bob)
    by_hand(ada, how)
    clones.sync(bob)
    ada.git("merge", "--quiet", "--squash", made)
    merged(ada, said, {})
    pulled(bob)
    options = ["--abandon"] if command == "finish" else []
    bob.type(command, "--yes", *options).ended(0, f"{FIRST} stays: it holds changes that are not in main")
    assert "new/hand.txt" in bob.files(FIRST)


@pytest.mark.parametrize("how", ["amended", "on top"])
def test_what_is_abandoned_keeps_what_a_person_did_though_an_entry_says_that_the_phase_made_it(
    clones: Clones, how: str
) -> None:
    ada, bob, origin = begun(clones)
    commit = by_hand(ada, how)
    clones.sync(bob)
    bob.type("finish", "--abandon", "--yes").ended(0, f"{FIRST} stays: 1 commit of it is nowhere else")
    assert set(bob.refs("refs/heads/migrate")) == {f"refs/heads/{FIRST}"}
    assert origin.git("rev-parse", FIRST) == commit


def test_an_archive_that_an_operation_of_this_clone_made_goes_by_a_prune_of_this_clone_alone(clones: Clones) -> None:
    ada, bob, _ = begun(clones)
    bob.made("restack")
    clones.sync(bob, ada)
    mine = bob.refs(f"{OURS}/archive")
    pushed(ada, entry(ada, {ref: (oid, None) for ref, oid in mine.items()}, "prune"), JOURNAL)
    clones.sync(bob)
    assert bob.refs(f"{OURS}/archive").items() >= mine.items()
    bob.made("undo", "--yes")
    bob.made("prune", "--keep", "0", "--yes")
    assert bob.refs(f"{OURS}/archive") == {}


def test_nothing_of_a_journal_that_a_fetch_brought_was_done_here(clones: Clones) -> None:
    ada, bob, _ = begun(clones)
    commit = by_hand(ada, "amended")
    main = bob.git("rev-parse", "main")
    pushed(ada, main, LANDED)
    moves = {LANDED: (None, main), MADE: (None, commit), f"refs/heads/{FIRST}": (None, commit)}
    pushed(ada, entry(ada, moves), JOURNAL)
    bob.git("fetch", "--quiet", "origin", "+refs/migrate/tidy/*:refs/migrate/tidy/*", f"+{FIRST}:{FIRST}")
    bob.type("status").ended(0, "landed with", "but that commit does not have its files")
    bob.type("undo", "--yes").ended(6, "there is nothing of yours to undo")
    bob.type("land", "--yes").ended(4)
    bob.made("restack")
    bob.made("undo", "--yes")
    bob.type("undo", "--yes").ended(6, "there is nothing of yours to undo")
    bob.type("finish", "--abandon", "--yes").ended(0, "1 commit of it is nowhere else")
    bob.sound()


# -- the archive ------------------------------------------------------------------------------------------------


def test_an_archive_that_is_in_the_way_stops_no_command(clones: Clones) -> None:
    _, bob, origin = begun(clones)
    main = bob.git("rev-parse", "main")
    last = max(int(ref.split("/")[4]) for ref in (f"{OURS}/archive/0/x", *bob.refs(f"{OURS}/archive")))
    ours = ("made/p03-drop-notes", "p03-drop-notes")
    names = [f"{number}/{name}/x" for number in range(last, last + 12) for name in ours]
    pushed(bob, main, *(f"{OURS}/archive/{name}" for name in [*names, str(last + 12), f"{10**17}/x"]))
    clones.sync(bob)
    third = bob.git("rev-parse", THIRD)
    bob.made("restack")
    assert bob.git("rev-parse", f"{OURS}/archive/{last + 13}/made/p03-drop-notes") == third
    bob.made("rollback", "p03", "--withdraw", "--yes")
    clones.sync(bob)
    assert origin.git("for-each-ref", f"refs/heads/{THIRD}") == ""


def test_what_stands_in_the_way_of_an_archive_on_the_remote_stops_no_sync(clones: Clones) -> None:
    ada, bob, origin = begun(clones)
    ada.made("restack")
    mine = next(ref for ref in ada.refs(f"{OURS}/archive") if ref.endswith("p01-move-old"))
    pushed(bob, bob.git("rev-parse", "main"), f"{mine}/x")
    clones.sync(ada)
    assert origin.git("rev-parse", FIRST) == ada.git("rev-parse", FIRST)
