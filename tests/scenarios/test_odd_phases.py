"""A phase that misbehaves leaves no trace, and is answered with its file, its line and what to do."""

from __future__ import annotations

import json

import pytest

from tests.story import PHASES, Story

ODD = {
    "raises": (
        "    raise ValueError('no \\x1b[31mcolour')",
        "phases/p02_odd.py:5: ValueError: no \\x1b[31mcolour",
        "fix the phase; nothing was changed",
    ),
    "exits": ("    import sys\n    sys.exit(3)", "phases/p02_odd.py:6: SystemExit: 3", "fix the phase"),
    "edits nothing": ("    pass", "phases/p02_odd.py: p02-odd changes nothing", "PHASE = Phase(may_be_empty=True)"),
    "moves onto an existing path": (
        '    ws.move("notes.txt", "README.md")',
        'phases/p02_odd.py:5: ws.move("notes.txt", "README.md"): "notes.txt" cannot move to "README.md"',
        "delete it in the phase first",
    ),
    "misspells a path": (
        '    ws.delete("note.txt")',
        'phases/p02_odd.py:5: ws.delete("note.txt"): there is nothing at "note.txt" to delete; did you mean "notes.txt"?',
        "Next: migrate next",
    ),
    "leaves the repository": ('    ws.write("../x", "")', '"../x" leads out of the repository', "phases/p02_odd.py:5"),
    "writes into git's folder": (
        '    ws.write(".git/config", "")',
        "is inside git's own folder",
        "phases/p02_odd.py:5",
    ),
    "has a decision open": ('    ws.todo("which one")', "a decision is open: which one", "take the ws.todo line out"),
    "imports what is not there": (
        "    import nowhere",
        "ModuleNotFoundError: No module named 'nowhere'",
        "p02_odd.py:5",
    ),
    "runs a tool that fails": (
        '    ws.run("sh", "-c", "echo first; echo second; exit 9")',
        'ws.run("sh -c echo first; echo second; exit 9") exited with 9:',
        "\n    first\n    second\n",
    ),
    "runs a tool that is not there": ('    ws.run("no-such-tool")', "no-such-tool is not installed", "p02_odd.py:5"),
    "recurses": ("    apply(ws)", "phases/p02_odd.py:5: RecursionError", "fix the phase"),
}


def odd(body: str) -> str:
    """A phase with such a body."""
    return f'"""Be odd."""\n\n\ndef apply(ws):\n{body}\n'


@pytest.mark.parametrize("name", ODD)
def test_it_is_answered_and_leaves_no_trace(story: Story, name: str) -> None:
    body, *said = ODD[name]
    story.begin(p01_move_old=PHASES["p01_move_old.py"], p02_odd=odd(body)).made("next")
    before = story.refs()
    done = story.type("next").ended(1, *said)
    assert done.err.endswith("Next: migrate next   (when that is fixed)\n")
    assert "\x1b" not in done.text
    assert story.refs() == before
    story.type("plan").ended(1, *said[:1])
    story.untouched()
    assert story.states() == ["passed", "pending"]


def test_the_phases_before_an_odd_one_stand(story: Story) -> None:
    story.begin(p01_move_old=PHASES["p01_move_old.py"], p02_odd=odd("    1 / 0"))
    done = story.type("run", "--no-validate", "--json").ended(1, "phases/p02_odd.py:5: ZeroDivisionError")
    assert done.json["made"] == ["p01-move-old"]
    error = done.json["error"]
    assert (error["code"], error["where"]) == ("phase-failed", "phases/p02_odd.py:5")
    assert error["message"] == "ZeroDivisionError: division by zero"
    assert story.branch() == "migrate/tidy/p01-move-old"


def test_the_traceback_is_there_for_who_asks(story: Story) -> None:
    story.begin(p01_odd=odd("    1 / 0"))
    assert "Traceback" not in story.type("next").text
    said = story.type("next", "-v").err
    assert 'p01_odd.py", line 5, in apply' in said
    assert said.endswith("Next: migrate next -v   (when that is fixed)\n")


def test_what_a_phase_prints_is_no_result(story: Story) -> None:
    story.begin(p01_loud=odd('    print("LOUD")\n    ws.write("x", "")'))
    for arguments in (("plan", "--json"), ("next", "--json")):
        done = story.migrate(*arguments).ended(0)
        json.loads(done.out)
        assert "LOUD" in done.err


def test_a_module_that_fails_while_it_is_imported_is_answered(story: Story) -> None:
    story.begin(p01_odd='"""Be odd."""\n\nundefined\n\n\ndef apply(ws):\n    pass\n')
    story.type("next").ended(1, "phases/p01_odd.py:3: NameError: name 'undefined' is not defined")


def test_a_preflight_says_why_a_phase_cannot_run(story: Story) -> None:
    problem = '''\
        """Check first."""

        from migrate.phase import Problem


        def preflight(ws):
            yield Problem("the moon is wrong", "wait for another")


        def apply(ws):
            ws.write("x", "")
        '''
    story.begin(p01_check=problem)
    story.type("next").ended(1, "phases/p01_check.py: the moon is wrong", "wait for another")


def test_an_empty_phase_that_says_so_gets_its_commit(story: Story) -> None:
    empty = (
        '"""Look."""\n\nfrom migrate import Phase\n\nPHASE = Phase(may_be_empty=True)\n\n\ndef apply(ws):\n    pass\n'
    )
    story.begin(p01_look=empty)
    story.type("next").ended(0, "nothing changed", "p01-look passed")
    assert story.git("rev-parse", "HEAD^{tree}") == story.git("rev-parse", "main^{tree}")


def test_a_phase_that_ran_a_tool_says_which_and_can_be_proven(story: Story) -> None:
    tool = story.write("../tool.sh", "#!/bin/sh\necho made >made.txt\n")
    tool.chmod(0o755)
    story.begin(p01_tool=f'"""Run a tool."""\n\n\ndef apply(ws):\n    ws.run("{tool.resolve()}")\n').made("next")
    story.type("pr").ended(0, "### Tools that ran", f"`{tool.resolve()}`", "`migrate plan p01-tool --check`")
    story.type("plan", "p01", "--check").ended(0, "p01-tool makes the tree of its commit")
    tool.write_text("#!/bin/sh\necho otherwise >made.txt\n")
    story.type("plan", "p01", "--check").ended(1, "p01-tool does not make the tree of its commit", "made.txt")
    assert story.type("plan", "p01", "--check", "--json").json["differing"] == ["made.txt"]
    story.type("plan", "--check").ended(2, "--check needs a PHASE")
