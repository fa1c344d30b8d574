"""A phase that misbehaves leaves no trace, and is answered with its file, its line and what to do."""

from __future__ import annotations

import json

import pytest

from tests.story import PHASES, Story

ODD = {
    "raises": (
        "    raise ValueError('no \\x1b[31mcolour')",
        "phases/p02_odd.py:5: ValueError: no \\x1b[31mcolour",
        "fix the phase; it left no trace",
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
    "has a decision open": ('    ws.todo("which one")', "a decision is open: which one", "delete the ws.todo line"),
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
    "ends the program": ("    import os\n    os._exit(0)", "p02_odd.py:6: os._exit(0) was called", "fix the phase"),
    "raises what is no Exception": (
        "    class Odd(BaseException): pass\n    raise Odd('so')",
        "phases/p02_odd.py:6: Odd: so",
        "fix the phase",
    ),
    "raises what cannot say what it is": (
        "    class Odd(Exception):\n        def __str__(self): return 1 / 0\n    raise Odd",
        "phases/p02_odd.py:7: Odd: it does not say what is wrong",
    ),
    "leaves a thread": (
        "    import threading, time\n"
        "    threading.Thread(target=lambda: time.sleep(7), name='mine', daemon=True).start()\n"
        "    ws.write('x', '')",
        "phases/p02_odd.py: it left 1 thread running: mine",
        "end them in the phase",
    ),
    "names what no file can be called": (
        "    ws.write('x' * 256, '')",
        "phases/p02_odd.py:5: ws.write('x' * 256, ''): a name in the path \"xxx",
        "has more than 255 bytes",
    ),
    "names what is too deep": (
        "    ws.write('d/' * 3000 + 'x', '')",
        "has more than 4,095 bytes",
        "phases/p02_odd.py:5",
    ),
    "nests an expression": ("    " + "-" * 3000 + "1", "p02_odd.py:1: this is not Python: it is nested too deeply"),
    "recurses": ("    apply(ws)", "phases/p02_odd.py:5: RecursionError", "fix the phase"),
}


CHANGES = {
    "variables": "os.environ.clear(); os.environ['GIT_DIR'] = '/nowhere'; os.environ['GIT_INDEX_FILE'] = '/x'",
    "git's variables while it reads": "os.environ['GIT_DIR'] = '/nowhere'; assert ws.read('notes.txt') == b'notes\\n'",
    "the folder": "os.chdir('/')",
    "the folder to one that goes": "import tempfile; os.chdir(tempfile.mkdtemp()); os.rmdir(os.getcwd())",
    "standard streams": "sys.stdout.close(); sys.stderr.close(); sys.stdin = sys.stdout = sys.stderr = None",
    "open files": "os.close(0); os.close(1); os.close(2)",
    "new permissions": "os.umask(0o777)",
    "signals": "signal.signal(signal.SIGCHLD, signal.SIG_IGN); signal.pthread_sigmask(0, {signal.SIGINT, signal.SIGTERM})",
    "an alarm": "signal.signal(signal.SIGALRM, lambda *_: 1 / 0); signal.setitimer(signal.ITIMER_REAL, 0.001)",
    "how deep calls go": "any(map(limited, range(9, 300)))",
    "a child that returns": "os.fork() or ws.write('of the child', '')",
    "a child that ends": "os.fork() or os._exit(5)",
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

        from migrate import Problem


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


@pytest.mark.parametrize("what", CHANGES)
def test_what_a_phase_changes_of_the_process_ends_with_it(story: Story, what: str) -> None:
    limited = "def limited(n):\n        try: sys.setrecursionlimit(n)\n        except RecursionError: return False\n        return True"
    body = f"    import os, signal, sys\n    {limited}\n    ws.write('x', '')\n    {CHANGES[what]}"
    story.begin(p01_odd=odd(body), p02_next='"""Go on."""\n\n\ndef apply(ws):\n    ws.write("y", "")\n')
    done = story.migrate("run", "--json").ended(0, "p02-next passed")
    assert done.json["made"] == ["p01-odd", "p02-next"]
    assert story.files("HEAD") - story.files("main") == {"x", "y"}
    assert story.path.joinpath("x").stat().st_mode & 0o777 == 0o644
    story.untouched()


def test_a_thread_that_does_not_end_does_not_keep_the_program(story: Story) -> None:
    body = (
        "    import threading\n    threading.Thread(target=threading.Event().wait).start()\n    raise ValueError('so')"
    )
    story.begin(p01_odd=odd(body))
    story.migrate("next").ended(1, "ValueError: so")


def test_who_was_taken_along_is_told_where_the_phase_that_fails_is_edited(story: Story) -> None:
    story.begin(p01_move_old=PHASES["p01_move_old.py"], p02_odd='"""Be odd."""\n\n\ndef apply(ws):\n    1 / 0\n')
    failed = story.type("run").ended(1, "You are on migrate/tidy/p01-move-old.", "Phases are read from main")
    assert "git switch main" in failed.text
    story.git("switch", "--quiet", "main")
    assert "Phases are read" not in story.type("run").ended(1).text
