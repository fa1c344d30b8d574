"""A module that cannot run stops the commands that would run it, and no others."""

from __future__ import annotations

import pytest

from tests.story import PHASES, Story, prepared

BROKEN = '"""Drop the notes."""\n\n\ndef apply(ws:\n    ws.delete("notes.txt")\n'
SAID = "phases/p03_drop_notes.py:4: this is not Python: '(' was never closed"
LOOKING = (
    ("status",),
    ("log",),
    ("journal",),
    ("pr", "--all"),
    ("pr", "p01"),
    ("where", "old/a.txt"),
    ("verify",),
    ("validate", "--all"),
)
"""Commands that need no module."""


@pytest.fixture
@prepared
def broken(story: Story) -> Story:
    """Two phases that are made, and a third whose module has a syntax error."""
    story.begin().made("next").made("next").git("switch", "--quiet", "main")
    story.phase("p03_drop_notes.py", BROKEN)
    return story


@pytest.mark.parametrize("words", LOOKING, ids=" ".join)
def test_a_pending_one_stops_no_command_that_does_not_run_it(broken: Story, words: tuple[str, ...]) -> None:
    broken.type(*words).ended(0)


def test_a_pending_one_is_shown_beside_its_phase(broken: Story) -> None:
    shown = broken.type("status").ended(0).out.splitlines()
    assert next(line.split(maxsplit=2) for line in shown if " p03" in line) == ["p03-drop-notes", "pending", SAID]
    assert shown[-2:] == [f"p03-drop-notes cannot run: {SAID}.", "Next: migrate plan   (when that is fixed)"]
    phase = broken.status()["phases"][2]
    assert (phase["state"], phase["reason"], phase["title"]) == ("pending", SAID, "p03-drop-notes")


@pytest.mark.parametrize("words", [("next",), ("run",), ("plan",)], ids=" ".join)
def test_a_command_that_would_run_it_names_file_and_line(broken: Story, words: tuple[str, ...]) -> None:
    before = broken.refs()
    broken.type(*words).ended(1, SAID)
    assert broken.refs() == before


def test_the_phases_below_a_broken_one_are_made(broken: Story) -> None:
    broken.made("rollback", "p01", "--yes")
    done = broken.type("run", "--json").ended(1, SAID).json
    assert done["made"] == ["p01-move-old", "p02-add-guide"]
    broken.made("rollback", "p01", "--yes")
    done = broken.type("run", "--no-validate", "--json").ended(1, SAID).json
    assert done["made"] == ["p01-move-old", "p02-add-guide"]


def test_what_takes_back_works_beside_it(broken: Story) -> None:
    broken.made("rollback", "p02", "--yes")
    assert broken.states() == ["passed", "pending", "pending"]
    broken.made("undo", "--yes")
    assert broken.states() == ["passed", "passed", "pending"]
    broken.made("redo", "--yes")
    assert broken.states() == ["passed", "pending", "pending"]
    broken.type("abort").ended(6, "no command stopped at a conflict")


def test_what_others_made_is_shared_beside_it(broken: Story) -> None:
    broken.git("init", "--quiet", "--bare", str(broken.path / ".git/remote"))
    broken.git("remote", "add", "origin", str(broken.path / ".git/remote"))
    broken.made("sync", "--yes")
    assert "refs/remotes/origin/migrate/tidy/p02-add-guide" in broken.refs()


def test_a_restack_of_the_phases_below_goes_on_without_it(broken: Story) -> None:
    broken.phase("p02_add_guide.py", PHASES["p02_add_guide.py"].replace("first", "now"))
    broken.made("restack")
    assert broken.states() == ["passed", "passed", "pending"]


@pytest.fixture
@prepared
def made(story: Story) -> Story:
    """Three phases that are made; the module of the last one is broken then."""
    story.begin().made().git("switch", "--quiet", "main")
    story.phase("p03_drop_notes.py", BROKEN)
    return story


def test_one_that_is_made_is_stale_and_says_why(made: Story) -> None:
    phase = made.status()["phases"][2]
    assert (phase["state"], phase["reason"]) == ("stale", SAID)
    shown = made.type("status").ended(0, f"stale: {SAID}").out.splitlines()
    assert shown[-2:] == [f"p03-drop-notes cannot run: {SAID}.", "Next: migrate plan   (when that is fixed)"]
    made.type("next").ended(2, SAID)
    made.type("restack").ended(1, SAID)
    made.type("plan").ended(1, SAID)


def test_a_lower_stale_phase_leads_to_the_broken_one_that_stands_in_the_way(made: Story) -> None:
    made.phase("p01_move_old.py", PHASES["p01_move_old.py"].replace("meant", "supposed"))
    assert made.states() == ["stale", "stale", "stale"]
    made.type("status").ended(0, f"p03-drop-notes cannot run: {SAID}.")


def test_one_that_is_made_stops_carry(made: Story) -> None:
    made.git("branch", "topic")
    made.commit("Break a module")
    made.git("switch", "--quiet", "topic")
    made.commit("A topic", {"topic.txt": "x\n"})
    made.type("carry", "topic", "--yes").ended(6, SAID)


def test_one_that_is_made_stops_land_where_only_running_it_can_tell(story: Story) -> None:
    story.begin().made().git("switch", "--quiet", "main")
    story.git("mv", "old", "new")
    story.commit("Move it by hand", {"README.md": "See new/a.txt and more.\n"})
    story.phase("p01_move_old.py", BROKEN)
    before = story.refs("refs/heads/migrate")
    story.type("land", "--yes").ended(2, SAID.replace("p03_drop_notes", "p01_move_old"))
    assert story.refs("refs/heads/migrate") == before


def test_one_that_is_made_does_not_stop_land_where_git_can_tell(made: Story) -> None:
    made.git("rm", "--quiet", "notes.txt")
    made.git("commit", "--quiet", "--message", "Drop them by hand")
    made.type("land", "--yes").ended(0, "p03-drop-notes has landed: a commit of the base makes the same change")


def test_it_can_be_rolled_back_and_is_well_again_when_it_is_fixed(made: Story) -> None:
    made.phase("p03_drop_notes.py", PHASES["p03_drop_notes.py"])
    assert made.states() == ["passed", "passed", "passed"]
    made.phase("p03_drop_notes.py", BROKEN)
    made.made("rollback", "p03", "--yes")
    assert made.states() == ["passed", "passed", "pending"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("def apply(ws): ...\n", ":1: a phase needs a docstring"),
        ('"""T."""\n', ":1: a phase needs a function apply(ws)"),
        ('"""T."""\nPHASE = Phase(validations=("chekc",))\ndef apply(ws): ...\n', ':2: validation "chekc" is not'),
        (
            '"""T."""\nPHASE = Phase(formerly=("p01-move-old",))\ndef apply(ws): ...\n',
            ':2: formerly has "p01-move-old"',
        ),
        ('"""T."""\nPHASE = other()\ndef apply(ws): ...\n', ":2: PHASE must be written as Phase(…)"),
        ("\udcff", ":1: this is not Python"),
    ],
)
def test_whatever_is_wrong_with_a_module_is_its_own_affair(story: Story, text: str, said: str) -> None:
    story.begin().made("next")
    story.to_the_plan()
    story.write("phases/p03_drop_notes.py", text)
    assert f"phases/p03_drop_notes.py{said}" in story.status()["phases"][2]["reason"]
    story.made("next").type("next").ended(1, f"phases/p03_drop_notes.py{said}")


def test_an_error_of_the_plan_itself_stops_everything(broken: Story) -> None:
    broken.plan(extra="colour = 3\n")
    broken.type("status").ended(2, 'migrate.toml:8: [validation] knows no "colour"')
