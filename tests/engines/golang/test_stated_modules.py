"""A tree without a go.mod: the plan says what its folders are imported as, or the move is refused with that line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrate.engines.golang.checking.soundness import examine_go
from migrate.engines.golang.checking.verify import stale_imports
from migrate.engines.golang.stated_modules import StatedModules
from migrate.errors import PhaseError, PlanError
from migrate.phase.runner import run_phase
from migrate.plan.reader import read_plan
from migrate.tree.changes import from_trees
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

D = "github.com/docker/docker"
MOBY = {
    "go.mod": "",
    "vendor.mod": f"// no go.mod here\n\nmodule {D}\n\ngo 1.21\n\nreplace example.com/r => ./pkg/r\n",
    "pkg/x/x.go": "package x\n\nfunc X() {}\n\nfunc Y() {}\n",
    "pkg/x/y/y.go": "package y\n",
    "pkg/z/z.go": "package z\n\nfunc Z() {}\n",
    "pkg/r/go.mod": "module example.com/r\n",
    "cli/c.go": f'package cli\n\nimport (\n\t"{D}/pkg/x"\n\t"{D}/pkg/z"\n\n\tr "example.com/r/pkg/x"\n)\n\n'
    "var _, _, _ = x.X, z.Z, r.R\n",
    "cli/d.go": f'package cli\n\nimport "{D}/pkg/x"\n\nvar _ = x.Y\n',
    "vendor/example.com/r/pkg/x/x.go": "package r\n",
    "docs/README.md": f"See {D}/pkg/x and pkg/x.\n",
    "build.sh": f"go build -ldflags '-X {D}/pkg/x.Version=1' ./pkg/x\n",
}
GOPATH = {
    "go.mod": "",
    "src/shop/util/u.go": "package util\n\nfunc U() {}\n",
    "src/shop/main.go": 'package main\n\nimport (\n\t"github.com/them/lib/a"\n\t"shop/util"\n)\n\n'
    "func main() { util.U(); a.A() }\n",
    "src/github.com/them/lib/a/a.go": "package a\n\nfunc A() {}\n",
    "src/github.com/them/lib/b/b.go": 'package b\n\nimport "shop/util"\n\nvar _ = util.U\n',
}
IN_GOPATH = StatedModules((("src/shop", "shop"), ("src/github.com/them/lib", "github.com/them/lib")))
STATED = [StatedModules(modfile="vendor.mod"), StatedModules((("", D),))]


@pytest.mark.parametrize("stated", STATED)
def test_what_the_plan_states_is_as_good_as_a_go_mod(go_repo: Make, stated: StatedModules) -> None:
    ws = go_repo(MOBY).workspace(stated=stated)
    ws.go.move("pkg/x", "internal/xx", rename="xx")
    ws.references.update()
    cli = ws.read_text("cli/c.go")
    assert f'"{D}/internal/xx"' in cli
    assert "xx.X" in cli
    assert 'r "example.com/r/pkg/x"' in cli
    assert ws.read_text("docs/README.md") == f"See {D}/internal/xx and internal/xx.\n"
    assert ws.read_text("build.sh") == f"go build -ldflags '-X {D}/internal/xx.Version=1' ./internal/xx\n"
    files = from_trees(ws.overlay.base, ws.overlay.changes(), ws.moved)
    assert not examine_go(ws.overlay, files, ws.moved, MoveMap()).flaws
    assert not stale_imports(ws.overlay, ws.moved)


@pytest.mark.parametrize("stated", STATED)
def test_splits_and_merges_know_what_the_plan_states(go_repo: Make, stated: StatedModules) -> None:
    ws = go_repo(MOBY).workspace(stated=stated)
    ws.go.split("pkg/x", {"pkg/y": ["Y"]}, rename="y")
    ws.flush()
    ws.go.merge("pkg/z", "pkg/x")
    assert f'import "{D}/pkg/y"\n\nvar _ = y.Y' in ws.read_text("cli/d.go")
    assert "x.X, x.Z" in ws.read_text("cli/c.go")


@pytest.mark.parametrize("stated", STATED)
def test_what_is_left_stale_is_found_by_what_the_plan_states(go_repo: Make, stated: StatedModules) -> None:
    ws = go_repo(MOBY).workspace(stated=stated)
    ws.move("pkg/x", "pkg/w")
    files = from_trees(ws.overlay.base, ws.overlay.changes(), ws.moved)
    flaws = examine_go(ws.overlay, files, ws.moved, MoveMap()).flaws
    assert [f"{flaw.path}:{flaw.line}" for flaw in flaws] == ["cli/c.go:4", "cli/d.go:3"]
    assert [f"{stale.path}:{stale.line}" for stale in stale_imports(ws.overlay, ws.moved)] == [
        "cli/c.go:4",
        "cli/d.go:3",
    ]


def test_a_modfile_is_kept_right(go_repo: Make) -> None:
    ws = go_repo(MOBY).workspace(stated=STATED[0])
    ws.go.move("pkg", "lib")
    assert "=> ./lib/r\n" in ws.read_text("vendor.mod")


def test_what_goes_to_a_module_takes_its_requirements_from_a_modfile_or_a_note_says_so(go_repo: Make) -> None:
    hashes = "example.com/time v0.2.0 h1:AAA=\nexample.com/time v0.2.0/go.mod h1:BBB=\n"
    files = {
        **MOBY,
        "vendor.mod": f"module {D}\n\ngo 1.24\n\nrequire example.com/time v0.2.0\n",
        "vendor.sum": hashes,
        "pkg/w/w.go": 'package w\n\nimport (\n\t"fmt"\n\n\t"example.com/time/rate"\n)\n\nvar _, _ = fmt.Sprint, rate.X\n',
        "api/go.mod": f"module {D}/api\n\ngo 1.24\n",
    }
    repo = go_repo(files)
    known, unknown = (repo.workspace(stated=stated) for stated in STATED)
    for ws in (known, unknown):
        ws.go.move("pkg/w", "api/w")
        ws.flush()
    assert "require example.com/time v0.2.0\n" in known.read_text("api/go.mod")
    assert known.read_text("api/go.sum") == hashes
    assert known.notes == []
    assert "example.com/time" not in unknown.read_text("api/go.mod")
    note = 'api/w/w.go:6 imports "example.com/time/rate", and nothing says which version api/go.mod must require'
    assert any(line.startswith(note) for line in unknown.notes)


def test_a_go_mod_wins_over_what_the_plan_states(go_repo: Make) -> None:
    files = {"a/a.go": "package a\n", "u.go": 'package m\n\nimport _ "example.com/m/a"\n'}
    ws = go_repo(files).workspace(stated=StatedModules((("", "example.com/other"),)))
    ws.go.move("a", "b")
    assert '"example.com/m/b"' in ws.read_text("u.go")


def test_modules_of_a_gopath_see_each_other_and_require_nothing(go_repo: Make) -> None:
    ws = go_repo(GOPATH).workspace(stated=IN_GOPATH)
    ws.go.move("src/shop/util", "src/github.com/them/lib/util")
    assert '"github.com/them/lib/util"' in ws.read_text("src/shop/main.go")
    assert 'import "github.com/them/lib/util"' in ws.read_text("src/github.com/them/lib/b/b.go")
    assert ws.notes == []


@pytest.mark.parametrize(
    ("files", "old", "said", "advice"),
    [
        (
            MOBY,
            "pkg/x",
            f'cli/c.go:4 imports "{D}/pkg/x", as do 1 more file',
            f'{{ "." = "{D}" }}, or modfile = "vendor.mod"',
        ),
        (MOBY, "pkg/z", f'cli/c.go:5 imports "{D}/pkg/z"', f'{{ "." = "{D}" }}, or modfile = "vendor.mod"'),
        (MOBY, "pkg", f'cli/c.go:4 imports "{D}/pkg/x"', f'{{ "." = "{D}" }}, or modfile = "vendor.mod"'),
        (GOPATH, "src/shop/util", 'imports "shop/util"', '{ "src/shop" = "shop" }'),
        (
            GOPATH,
            "src/github.com/them/lib/a",
            'src/shop/main.go:4 imports "github.com/them/lib/a"',
            '{ "src/github.com/them/lib" = "github.com/them/lib" }',
        ),
    ],
)
def test_a_folder_that_is_imported_by_a_path_that_nothing_states_is_refused(
    go_repo: Make, files: Mapping[str, str], old: str, said: str, advice: str
) -> None:
    ws = go_repo(files).workspace()
    ws.go.move(old, "elsewhere")
    with pytest.raises(PhaseError) as refused:
        ws.flush()
    assert refused.value.message.startswith(f'no go.mod says what "{old}" is imported as')
    assert said in refused.value.message
    assert f"name it in the plan: [go] modules = {advice}" == refused.value.advice


@pytest.mark.parametrize(
    ("files", "old"),
    [
        ({"go.mod": "", "a/a.go": "package a\n", "b/b.go": 'package b\n\nimport "fmt"\n'}, "a"),
        ({"go.mod": "", "a/x/go.mod": "module h/a/x\n", "a/x/x.go": 'package x\n\nimport _ "h/a/x/y"\n'}, "a"),
        (MOBY, "cli"),
    ],
    ids=["nobody imports it", "its own modules say it", "a program"],
)
def test_what_nobody_imports_moves_without_a_module(go_repo: Make, files: Mapping[str, str], old: str) -> None:
    ws = go_repo(files).workspace()
    ws.go.move(old, "elsewhere")
    assert not ws.files(old)


PLAN = '[migration]\nname = "x"\nbase = "main"\n'
PHASE = '"""Move x.\n\nWhy.\n"""\n\n\ndef apply(ws):\n    ws.go.move("pkg/x", "pkg/w")\n'


def _plan(folder: Path, table: str) -> Path:
    (folder / "phases").mkdir()
    (folder / "phases/p01_move.py").write_text(PHASE)
    (folder / "migrate.toml").write_text(PLAN + table)
    return folder / "migrate.toml"


@pytest.mark.parametrize("table", [f'[go]\nmodules = {{ "." = "{D}" }}\n', '[go]\nmodfile = "vendor.mod"\n'])
def test_the_plan_states_modules(go_repo: Make, tmp_path: Path, table: str) -> None:
    repo = go_repo(MOBY)
    plan = read_plan(_plan(tmp_path, table))
    overlay = repo.workspace().overlay
    applied = run_phase(plan, plan.phases[0], overlay, MoveMap(), None)
    assert f'"{D}/pkg/w"'.encode() in applied.overlay.content(applied.overlay.entries["cli/d.go"].oid)
    assert isinstance(applied.overlay.next(), Overlay)
    assert applied.overlay.next().settings == plan.settings != {}


@pytest.mark.parametrize(
    ("table", "line", "said"),
    [
        ('[go]\nmodule = "x"\n', 5, 'knows no "module"; did you mean "modules"?'),
        ("[go]\nmodules = 1\n", 5, "modules must be a table"),
        ('[go]\nmodules = { "." = "not a path" }\n', 5, '"not a path" is not an import path'),
        ('[go]\nmodules = { "../x" = "shop" }\n', 5, '"../x"'),
        ("[go]\nmodfile = 1\n", 5, "modfile must be the path of a file"),
        ('[go]\nmodfile = "/x"\n', 5, '"/x"'),
        ("[[go]]\n", 4, "write [go] as one table"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(tmp_path: Path, table: str, line: int, said: str) -> None:
    with pytest.raises(PlanError) as refused:
        read_plan(_plan(tmp_path, table))
    assert said in str(refused.value)
    assert (refused.value.where or "").endswith(f":{line}")


def test_a_phase_is_another_one_when_the_plan_states_other_modules(tmp_path: Path) -> None:
    plan = _plan(tmp_path, "")
    before = read_plan(plan).phases[0].digest
    plan.write_text(PLAN + f'[go]\nmodules = {{ "." = "{D}" }}\n')
    assert read_plan(plan).phases[0].digest != before
