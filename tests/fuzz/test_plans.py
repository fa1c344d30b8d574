"""Whatever a plan and its phases hold: a plan that is read, or a sentence; never another exception, a hang or a flood.

`FUZZ_EXAMPLES` says how many inputs each property takes; `make fuzz` takes ten thousand.
"""

from __future__ import annotations

import io
import os
import subprocess
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.cli.app import run_command_line
from migrate.errors import PhaseError, PlanError
from migrate.git.repository import Repository
from migrate.limits import MEGABYTE
from migrate.phase.runner import run_phase
from migrate.plan.model import Plan
from migrate.plan.phase_source import read_phase
from migrate.plan.reader import ALLOW_KEYS, MIGRATION_KEYS, VALIDATION_KEYS, read_plan
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay
from tests.memory import measured

T = TypeVar("T")

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "60"))
SECONDS = 5.0
"""Of processor time for one input."""
GROWTH = 100 * MEGABYTE
"""Bytes by which this process may grow over one input; the program alone takes 40 MB."""
pytestmark = pytest.mark.property
FUZZ = settings(max_examples=EXAMPLES, suppress_health_check=[*HealthCheck], print_blob=False)
FEW = settings(FUZZ, max_examples=max(5, EXAMPLES // 20))

GOOD = """\
[migration]
name = "m"
title = "T"
phases = "phases"

[[validation]]
name = "v"
run = "true"
timeout = 60
baseline = "^a"

[[allow]]
files = "**/*.md"
reason = "r"
"""
MODULE = '"""Do it.\n\nWhy.\n"""\n\nimport os, signal, sys, threading\n\n\ndef apply(ws):\n'

ODD_VALUES = [
    *('""', '"x"', '"\\u0000"', '"\\uFFFF"', "''", '"""\n"""', "1", "-1", "0", "1e999", "nan", "inf", "-inf", "0x1F"),
    *(
        "true",
        "[]",
        '["a"]',
        '[["a"]]',
        "[1]",
        "{}",
        '{ A = "b" }',
        "{ A = 1 }",
        "1979-05-27",
        "07:32:00",
        "9999-99-99",
    ),
    *(
        "9" * 4301,
        "9" * 400,
        "[" * 401 + "]" * 401,
        "[" * 50 + "]" * 50,
        '"' + "x" * 300 + '"',
        '"' + "a/" * 3000 + '"',
    ),
    *('"/"', '"/dev/zero"', '"/proc/self/mem"', '"../../.."', '"."', '".git"', '"*"', '"p0*"', '"[a"', '"**/" '),
    *('"x{99999999999}"', '"(a+)+$"', "'" + "(" * 3000 + ")" * 3000 + "'", "'(?P<a>x)(?P<a>y)'", "'\\'", "'[z-a]'"),
    *('["p01-x"]', '["p01-x", "p01-x"]', '"main"', '"-x"', '"a..b"', '"@{u}"', '"refs/heads/x"', '"\U0001f600"'),
]
KEYS = sorted(
    {*MIGRATION_KEYS, *VALIDATION_KEYS, *ALLOW_KEYS, "tree", "folders", "modules", "may_import", "x", '"a.b"'}
)
TABLES = ["[migration]", "[[validation]]", "[[allow]]", "[layout]", "[[layer]]", "[go]", "[go.modules]", "[x]", "[[x]]"]
VALUES = st.one_of(
    st.sampled_from(ODD_VALUES),
    st.text(max_size=20).map(lambda text: "'" + text.replace("'", "") + "'"),
    st.integers().map(str),
    st.floats().map(repr),
)
LINES = st.one_of(
    st.tuples(st.sampled_from(KEYS), VALUES).map(" = ".join),
    st.sampled_from(TABLES),
    st.text(max_size=30),
    st.sampled_from(["[a" + ".a" * 1500 + "]", "#" * 5000, "\ufeff", "\0", '"""', "= 1", "[", "a = {"]),
)
PLANS = st.one_of(
    st.lists(LINES, max_size=8).map("\n".join),
    st.tuples(st.just(GOOD), st.lists(LINES, max_size=4)).map(lambda parts: parts[0] + "\n".join(parts[1])),
    st.tuples(st.integers(0, len(GOOD)), st.text(max_size=10), st.integers(0, 40)).map(
        lambda cut: GOOD[: cut[0]] + cut[1] + GOOD[cut[0] + cut[2] :]
    ),
    st.tuples(st.sampled_from(KEYS), VALUES).map(
        lambda pair: "\n".join(
            f"{pair[0]} = {pair[1]}" if line.startswith(f"{pair[0]} =") else line for line in GOOD.split("\n")
        )
    ),
)

PATHS = [
    *(
        "",
        "a",
        "a.txt",
        "dir",
        "dir/b.txt",
        "new/x",
        "../x",
        "/x",
        ".git/config",
        "a/b",
        "a.txt/b",
        "x" * 256,
        "\0",
        ".",
    ),
    *("d/" * 3000 + "x", "dir/../a", "\ud800", "link", "link/x", "A.TXT", " ", "\n", "*", "[", "café", "nope"),
]
QUOTED = st.sampled_from(PATHS).map(repr)
VERBS = st.one_of(
    st.tuples(st.sampled_from(["read", "delete", "files", "exists", "is_folder", "glob", "grep"]), QUOTED).map(
        lambda call: f"ws.{call[0]}({call[1]})"
    ),
    st.tuples(st.sampled_from(["move", "write", "render", "replace", "run"]), QUOTED, QUOTED).map(
        lambda call: f"ws.{call[0]}({call[1]}, {call[2]})"
    ),
    st.tuples(QUOTED, QUOTED).map(lambda call: f"ws.go.move({call[0]}, {call[1]})"),
    st.tuples(QUOTED, QUOTED).map(lambda call: f"ws.move({call[0]}, {call[1]}, missing='skip')"),
)
STATEMENTS = st.one_of(
    VERBS,
    VERBS,
    st.sampled_from(
        [
            "pass",
            "return 1",
            "1 / 0",
            "raise BaseException",
            "raise SystemExit([])",
            "raise GeneratorExit",
            "sys.exit(0)",
            "sys.exit('why')",
            "os._exit(0)",
            "os._exit('x')",
            "apply(ws)",
            "os.environ['GIT_DIR'] = '/nowhere'",
            "os.environ.clear()",
            "os.chdir('/')",
            "os.umask(0o777)",
            "sys.stdout.close()",
            "sys.stderr = sys.stdout = None",
            "sys.setrecursionlimit(80)",
            "sys.path.clear()",
            "signal.signal(signal.SIGCHLD, signal.SIG_IGN)",
            "threading.Thread(target=print).start()",
            "import nowhere",
            "from . import nowhere",
            "ws.todo('x')",
            "ws.note('\\x1b[31m')",
            "ws.note(1)",
            "ws.references.update()",
            "ws.entries = None",
            "del ws.overlay",
            "ws.overlay.entries.clear()",
            "int('9' * 5000)",
            "x = " + "9" * 5000,
            "x = " + "-" * 3000 + "1",
            "x = a" + ".a" * 3000,
            "x = " + "(" * 150 + ")" * 150,
            "raise ValueError('x' * 10**6)",
            "class E(Exception):\n        def __str__(self): raise E\n    raise E",
            "yield",
            "ws.replace('a', 'b', '**', expect=9)",
        ]
    ),
)
HEADS = st.sampled_from(
    [
        MODULE,
        MODULE.replace("import os", "PHASE = Phase(validations=('v',), may_be_empty=True)\nimport os"),
        MODULE.replace("import os", "PHASE = Phase(" + "x=" * 3 + "1)\nimport os"),
        MODULE.replace("import os", "PHASE = Phase(formerly=[" + "[" * 90 + "]" * 90 + "])\nimport os"),
        MODULE.replace("import os", "def preflight(ws):\n    return 1\n\n\nimport os"),
        MODULE.replace("import os", "def preflight(ws):\n    yield 1\n    os._exit(1)\n\n\nimport os"),
        MODULE.replace("import os", "from migrate import Phase\n1 / 0\nimport os"),
        MODULE.replace("def apply(ws)", "async def apply(ws)"),
        MODULE.replace("def apply(ws)", "def apply()"),
        MODULE.replace('"""Do it', '"""'),
        "",
        "\0",
        "# coding: nope\n" + MODULE,
    ]
)


def joined(parts: tuple[str, list[str]]) -> str:
    """A module of its head and its statements."""
    return parts[0] + "".join(f"    {each}\n" for each in parts[1])


WRITES = MODULE + "    ws.write('x', '')\n"
MODULES = st.one_of(
    st.tuples(st.just(MODULE), st.lists(STATEMENTS, min_size=1, max_size=4)).map(joined),
    st.tuples(HEADS, st.lists(STATEMENTS, min_size=1, max_size=3)).map(joined),
    st.tuples(st.integers(0, len(MODULE)), st.text(max_size=8), st.integers(0, 30)).map(
        lambda cut: WRITES[: cut[0]] + cut[1] + WRITES[cut[0] + cut[2] :]
    ),
)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a good plan and one phase, in which one stands."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "phases").mkdir()
    (tmp_path / "dir").mkdir()
    (tmp_path / "a.txt").write_text("a\n")
    (tmp_path / "dir/b.txt").write_text("See a.txt.\n")
    (tmp_path / "link").symlink_to("dir")
    write(tmp_path, GOOD, MODULE + "    ws.write('x', '')\n")
    for words in ("init -q", "add -A", "commit -qm Begin"):
        subprocess.run(["git", *words.split()], cwd=tmp_path, check=True)
    return tmp_path


def write(folder: Path, plan: str, module: str) -> None:
    """Write the plan and its phase."""
    (folder / "migrate.toml").write_bytes(plan.encode("utf-8", "surrogatepass"))
    (folder / "phases/p01_x.py").write_bytes(module.encode("utf-8", "surrogatepass"))


def bounded(do: Callable[[], T]) -> T:
    """Do something, within a time and a size."""
    began = time.process_time()
    found, grown = measured(do)
    assert time.process_time() - began < SECONDS
    assert grown < GROWTH
    return found


def test_any_text_is_a_plan_or_an_error_with_a_place(folder: Path) -> None:
    @given(PLANS)
    @FUZZ
    def holds(text: str) -> None:
        write(folder, text, MODULE)

        def read() -> Plan | None:
            try:
                return read_plan(folder / "migrate.toml")
            except PlanError as error:
                said = error
            assert said.where
            assert "\n" not in said.message
            return None

        plan = bounded(read)
        if plan is not None:
            assert plan.validations_of(*plan.sources) is not None
            assert [each.key() for each in plan.validations]

    holds()


def test_any_module_is_a_phase_or_an_error_with_a_place_and_leaves_no_trace(folder: Path) -> None:
    repository = Repository.open(folder)
    commit = repository.head().commit
    assert commit is not None
    plan = read_plan(folder / "migrate.toml")
    state = (dict(os.environ), Path.cwd(), os._exit)

    @given(MODULES)
    @FUZZ
    def holds(source: str) -> None:
        write(folder, GOOD, source)

        def phase() -> str:
            found = read_phase(folder / "phases/p01_x.py", "phases/p01_x.py")
            try:
                with redirect_stderr(io.StringIO()), redirect_stdout(io.StringIO()):
                    run_phase(plan, found, Overlay.of(repository.objects, commit), MoveMap(), None)
            except PhaseError as error:
                return error.where or ""
            return "phases/p01_x.py"

        assert str(bounded(phase)).startswith("phases/p01_x.py")
        assert (dict(os.environ), Path.cwd(), os._exit) == state
        assert repository.git.run("cat-file", "-e", "0" * 40, accept=(0, 1, 128)).code != 0, "failures go unseen"

    holds()


def test_any_plan_and_phase_end_a_command_with_a_sentence_and_change_nothing_else(folder: Path) -> None:
    def refs() -> str:
        listed = subprocess.run(["git", "for-each-ref"], cwd=folder, capture_output=True, check=True)
        return listed.stdout.decode("utf-8", "replace")

    before = refs()

    @given(st.one_of(st.just(GOOD), PLANS), MODULES)
    @FEW
    def holds(text: str, source: str) -> None:
        write(folder, text, source)
        said = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
        with redirect_stderr(said), redirect_stdout(said):
            code = bounded(lambda: run_command_line(["plan"]))
        words = said.buffer.getvalue().decode("utf-8", "replace")
        assert code in (0, 1, 2, 4, 6), words
        assert "Traceback" not in words
        assert len(words) < MEGABYTE
        assert refs() == before

    holds()
