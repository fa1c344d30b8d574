"""Running phases in memory."""

from __future__ import annotations

import os
import py_compile
import sys
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from migrate.errors import PhaseError
from migrate.git.refs import read_refs
from migrate.phase.runner import Applied, run_chain, run_phase
from migrate.plan.model import Plan
from migrate.plan.reader import read_plan
from migrate.tree.changes import Counts
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay

if TYPE_CHECKING:
    from tests.conftest import Sandbox

Make = Callable[..., Plan]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Writes phases with these bodies, and a plan."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "phases"
    folder.mkdir()
    (tmp_path / "migrate.toml").write_text('[migration]\nname = "m"\n')

    def maker(*bodies: str, **beside: str) -> Plan:
        for n, body in enumerate(bodies, 1):
            text = dedent(body)
            (folder / f"p{n:02d}_x.py").write_text(text if text.startswith('"""') else f'"""Title {n}."""\n{text}')
        for name, text in beside.items():
            (folder / f"{name}.py").write_text(dedent(text))
        return read_plan(tmp_path / "migrate.toml")

    return maker


@pytest.fixture
def overlay(repo: Sandbox) -> Overlay:
    repo.commit("base", {"lib/a": "a\n", "b": "b\n"})
    return Overlay.of(repo.repository.objects, repo.git("rev-parse", "HEAD"))


def run(plan: Plan, overlay: Overlay) -> Applied:
    return run_phase(plan, plan.phases[0], overlay, MoveMap(), None)


def failure(plan: Plan, overlay: Overlay) -> PhaseError:
    with pytest.raises(PhaseError) as failed:
        run(plan, overlay)
    return failed.value


def test_what_a_phase_did_is_collected(make: Make, overlay: Overlay) -> None:
    plan = make("""
        def apply(ws):
            ws.move("lib", "pkg/lib")
            ws.write("new", "x")
            ws.delete("b")
            ws.note("one fact")
    """)
    applied = run(plan, overlay)
    assert applied.counts == Counts(moved=1, written=1, deleted=1)
    assert applied.moves == MoveMap({"lib": "pkg/lib"})
    assert applied.notes == ("one fact",)
    assert [file.path for file in applied.files] == ["b", "new", "pkg/lib/a"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("raise ValueError('no\\x1b[2J')", "ValueError: no\\x1b[2J"),
        ("sys.exit(3)", "SystemExit: 3"),
        ("ws.conjure()", "AttributeError: 'Workspace' object has no attribute 'conjure'"),
        ("import nothing_there", "ModuleNotFoundError: No module named 'nothing_there'"),
        ("def f(): f()\n    f()", "RecursionError: maximum recursion depth exceeded"),
        ("ws.write('x', '\\ud800')", "UnicodeEncodeError"),
    ],
)
def test_a_phase_that_raises_is_an_error_at_its_line_and_leaves_no_trace(
    repo: Sandbox, make: Make, overlay: Overlay, line: str, said: str
) -> None:
    before = (read_refs(repo.repository), repo.git("count-objects"), repo.git("status", "--porcelain"))
    failed = failure(make(f"import sys\ndef apply(ws):\n    ws.write('x', 'x')\n    {line}\n"), overlay)
    assert str(failed.where).startswith("phases/p01_x.py:5")
    assert said in failed.message
    assert (read_refs(repo.repository), repo.git("count-objects"), repo.git("status", "--porcelain")) == before


def test_an_error_of_the_workspace_shows_the_call_and_keeps_its_advice(make: Make, overlay: Overlay) -> None:
    overlay.put(".gitignore", b"data/\n")
    failed = failure(make("def apply(ws):\n    pass\n    ws.move('b', 'data/b')\n"), overlay)
    assert failed.where == "phases/p01_x.py:4"
    assert failed.message == (
        "ws.move('b', 'data/b'): .gitignore:1 \"data/\" hides \"data/b\": new files there would never be added"
    )
    assert failed.advice == 'allow it in the phase first: ws.gitignore.unhide("data")'


def test_an_error_of_a_template_names_the_template_too(make: Make, overlay: Overlay, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own/r.md").write_text("\n{{ missing }}\n")
    (tmp_path / "migrate.toml").write_text('[migration]\nname = "m"\ntemplates = "own"\n')
    failed = failure(make("def apply(ws):\n    ws.render('r.md', 'README.md')\n"), overlay)
    assert failed.where == "phases/p01_x.py:3"
    assert "r.md:2: 'missing' is undefined" in failed.message


def test_an_error_in_a_module_beside_a_phase_is_placed_where_the_phase_called_it(make: Make, overlay: Overlay) -> None:
    plan = make("from . import layout\n\ndef apply(ws):\n    layout.work(ws)\n", layout="def work(ws):\n    1 / 0\n")
    failed = failure(plan, overlay)
    assert (failed.where, failed.message) == ("phases/p01_x.py:5", "ZeroDivisionError: division by zero")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("raise RuntimeError('at import')\ndef apply(ws): ...\n", 2),
        ("def apply(ws): ...\nreturn 1\n", 3),
        ("def apply(ws): ...\nexit(0)\n", 3),
    ],
)
def test_a_module_that_cannot_be_loaded_is_an_error_at_its_line(
    make: Make, overlay: Overlay, text: str, line: int
) -> None:
    assert failure(make(text), overlay).where == f"phases/p01_x.py:{line}"


def test_control_c_is_not_taken_for_an_error_of_the_phase(make: Make, overlay: Overlay) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(make("def apply(ws):\n    raise KeyboardInterrupt\n"), overlay)


def test_an_open_decision_refuses(make: Make, overlay: Overlay) -> None:
    failed = failure(make("def apply(ws):\n    ws.write('x', 'x')\n    ws.todo('keep b or not?')\n"), overlay)
    assert failed.message == "a decision is open: keep b or not?"
    assert failed.where == "phases/p01_x.py"
    assert "ws.todo" in (failed.advice or "")


def test_changing_nothing_is_refused_unless_it_is_declared(make: Make, overlay: Overlay) -> None:
    failed = failure(make("def apply(ws):\n    ws.write('b', 'b\\n')\n"), overlay)
    assert failed.message == "p01-x changes nothing"
    assert "may_be_empty=True" in (failed.advice or "")
    plan = make("from migrate import Phase\nPHASE = Phase(may_be_empty=True)\ndef apply(ws): ...\n")
    assert run(plan, overlay).counts == Counts()


PREFLIGHT = """
    from migrate import Problem

    def preflight(ws):
        {body}

    def apply(ws):
        ws.write("x", "x")
"""


def test_a_problem_found_before_keeps_the_phase_from_running(make: Make, overlay: Overlay) -> None:
    body = 'return [Problem("b is in the way", "git rm b"), Problem("so is lib")] if ws.exists("b") else []'
    failed = failure(make(PREFLIGHT.format(body=body)), overlay)
    assert (failed.message, failed.advice) == ("b is in the way (and 1 more)", "git rm b")
    assert overlay.changes() == {}


@pytest.mark.parametrize("body", ["return []", "return None", "yield from ()"])
def test_no_problem_lets_it_run(make: Make, overlay: Overlay, body: str) -> None:
    assert run(make(PREFLIGHT.format(body=body)), overlay).counts == Counts(written=1)


def test_a_problem_given_as_text_counts_and_a_preflight_that_raises_is_an_error(make: Make, overlay: Overlay) -> None:
    assert failure(make(PREFLIGHT.format(body="return ['as text']")), overlay).message == "as text"
    assert failure(make(PREFLIGHT.format(body="1 / 0")), overlay).where == "phases/p01_x.py:6"


def test_modules_beside_a_phase_can_be_imported_and_are_read_anew(make: Make, overlay: Overlay, tmp_path: Path) -> None:
    phase = """
        from dataclasses import dataclass
        from . import layout
        from .names import first

        @dataclass
        class Thing:
            name: str

        def apply(ws):
            ws.write(Thing(layout.PLACE).name, first.NAME)
    """
    (tmp_path / "phases/names").mkdir()
    (tmp_path / "phases/names/__init__.py").write_text("")
    (tmp_path / "phases/names/first.py").write_text("NAME = 'one'\n")
    applied = run(make(phase, layout="PLACE = 'here'\n"), overlay)
    assert applied.overlay.content(applied.overlay.entries["here"].oid) == b"one"
    again = overlay.next()
    (tmp_path / "phases/names/first.py").write_text("NAME = 'another'\n")
    applied = run(make(phase, layout="PLACE = 'there now'\n"), again)
    assert applied.overlay.content(applied.overlay.entries["there now"].oid) == b"another"


def test_running_leaves_nothing_in_the_phases_folder(
    make: Make, overlay: Overlay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    phase = "from . import layout\ndef apply(ws):\n    from . import late\n    ws.write('x', 'x')\n"
    run(make(phase, layout="A = 1\n", late="B = 1\n"), overlay)
    assert sorted(path.name for path in (tmp_path / "phases").rglob("*")) == ["late.py", "layout.py", "p01_x.py"]


def test_bytecode_of_an_older_source_is_never_run(make: Make, overlay: Overlay, tmp_path: Path) -> None:
    phase = "from . import layout\ndef apply(ws):\n    ws.write({name!r}, layout.TEXT)\n"
    plan = make(phase.format(name="old"), layout="TEXT = 'old'\n")
    for name in ("p01_x", "layout"):
        py_compile.compile(str(tmp_path / f"phases/{name}.py"))
        os.utime(tmp_path / f"phases/{name}.py", (1_000_000_000, 1_000_000_000))
        py_compile.compile(str(tmp_path / f"phases/{name}.py"))
    plan = make(phase.format(name="new"), layout="TEXT = 'new'\n")
    for name in ("p01_x", "layout"):
        os.utime(tmp_path / f"phases/{name}.py", (1_000_000_000, 1_000_000_000))
    applied = run(plan, overlay)
    assert applied.overlay.content(applied.overlay.entries["new"].oid) == b"new"


def test_a_chain_runs_each_phase_on_what_the_one_before_left(make: Make, overlay: Overlay) -> None:
    plan = make(
        "def apply(ws):\n    ws.move('lib', 'pkg')\n",
        "def apply(ws):\n    ws.note(ws.history.resolve('lib/a'))\n    ws.move('pkg', 'core')\n",
        "def apply(ws):\n    ws.write(ws.history.resolve('lib/a'), 'new')\n",
    )
    chain = run_chain(plan, plan.phases, overlay, MoveMap(), None)
    assert chain.error is None
    assert [applied.counts.sentence() for applied in chain.applied] == ["1 moved", "1 moved", "1 rewritten"]
    assert chain.applied[1].notes == ("pkg/a",)


def test_a_chain_ends_at_the_first_phase_that_cannot_run(make: Make, overlay: Overlay) -> None:
    plan = make(
        "def apply(ws):\n    ws.write('x', 'x')\n",
        "def apply(ws):\n    ws.write('y', 'y')\n    ws.read('none')\n",
        "def apply(ws):\n    ws.write('z', 'z')\n",
    )
    chain = run_chain(plan, plan.phases, overlay, MoveMap(), None)
    assert [applied.source.id for applied in chain.applied] == ["p01-x"]
    assert chain.error is not None
    assert chain.error.where == "phases/p02_x.py:4"


def test_the_same_phase_on_the_same_tree_makes_the_same_tree(repo: Sandbox, make: Make) -> None:
    head = repo.commit("base", {"lib/a": "a\n", "b": "b\n"})
    plan = make("def apply(ws):\n    ws.move('lib', 'pkg')\n    ws.replace('b', 'c', 'b')\n")
    first, second = (run(plan, Overlay.of(repo.repository.objects, head)).overlay.entries for _ in range(2))
    assert first == second
