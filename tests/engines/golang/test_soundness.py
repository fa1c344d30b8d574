"""After a phase the Go code is held against what needs no compiler; only what the phase made worse counts."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrate.engines.golang.checking.soundness import examine_go
from migrate.engines.verdict import EngineVerdict
from migrate.git.objects import SUBMODULE, TreeEntry
from migrate.git.recent import Recent
from migrate.phase.workspace import Workspace
from migrate.tree.changes import from_trees
from migrate.tree.moves import MoveMap

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

GOLDEN = Path(__file__).parent / "golden"
M = "example.com/m"


def importing(package: str, *imports: str) -> str:
    """A Go file with one import on each line from the fourth on."""
    lines = "".join(f"\t{line}\n" for line in imports)
    return f"package {package}\n\nimport (\n{lines})\n"


TREE = {
    ".gitignore": "/made/\n",
    "a/a.go": "package a\n\nfunc A() int { return 1 }\n",
    "a/a_test.go": f'package a_test\n\nimport "{M}/a"\n\nvar _ = a.A\n',
    "b/b.go": f'package b\n\nimport "{M}/a"\n\nvar B = a.A\n',
    "b/internal/i/i.go": "package i\n",
    "b/uses.go": f'package b\n\nimport _ "{M}/b/internal/i"\n',
    "c/c.go": importing("c", f'_ "{M}/b"', '_ "fmt"'),
    "c/c_linux.go": "package c\n",
    "d/d_test.go": "package d\n",
    "e/main.go": "package main\n\nfunc main() {}\n",
    "e/main_test.go": f'package main_test\n\nimport _ "{M}/e"\n',
    "g/gen.go": f'//go:build ignore\n\npackage main\n\nimport _ "{M}/g"\n\nfunc main() {{}}\n',
    "g/g.go": "package g\n",
    "h/h.go": f'package h\n\nimport _ "{M}/h/swagger"\n',
    "l/l.go": f'package l\n\nimport _ "unsafe"\n\n//go:linkname pull {M}/a.A\nfunc pull() int\n',
    "l/l_amd64.s": "TEXT example·com∕m∕a·Asm(SB), 4, $0-0\n\tCALL runtime·nop(SB)\n\tRET\n",
    "notes.txt": "x\n",
    # What is wrong already.
    "w/cgo.go": 'package w\n\n// int n;\nimport "C"\n\n// int m;\nimport "C"\n',
    "w/w.go": importing("w", '_ "os"', f'"{M}/nowhere"', f'_ "{M}/v/internal/i"', '"fmt"', '"fmt"', f'_ "{M}/d"'),
    "w/y/y.go": f'package y\n\nimport _ "{M}/w/z"\n',
    "w/z/z.go": f'package z\n\nimport _ "{M}/w/y"\n',
    "v/internal/i/i.go": "package i\n",
    "vendor/v/v.go": f'package v\n\nimport _ "{M}/a"\n',
}


def judged(ws: Workspace, history: MoveMap | None = None) -> EngineVerdict:
    """The verdict on what was done to a workspace."""
    ws.flush()
    files = from_trees(ws.overlay.base, ws.overlay.changes(), ws.moved)
    return examine_go(ws.overlay, files, ws.moved, history or MoveMap())


def flaws(verdict: EngineVerdict) -> list[str]:
    """What is wrong, as one reads it."""
    return [f"{flaw.path}:{flaw.line} {flaw.text}" for flaw in verdict.flaws]


Case = tuple[Callable[[Workspace], object], list[str]]
CYCLE = f'a/a.go:3 imports "{M}/c", which closes a cycle: c/c.go:4 imports "{M}/b", b/b.go:3 imports "{M}/a"'
BROKEN: dict[str, Case] = {
    "a package is moved away from those that name it": (
        lambda ws: ws.move("a", "z/a"),
        [
            f'b/b.go:3 imports "{M}/a", but the package moved to "z/a"',
            f'l/l.go:5 has a linkname of "{M}/a", but the package moved to "z/a"',
            f'l/l_amd64.s:1 has a symbol of "{M}/a", but the package moved to "z/a"',
            f'z/a/a_test.go:3 imports "{M}/a", but the package moved to "z/a"',
        ],
    ),
    "the only file of a package is moved": (
        lambda ws: (ws.move("g/g.go", "new/g.go"), ws.write("f.go", f'package m\n\nimport _ "{M}/g"\n')),
        [f'f.go:3 imports "{M}/g", but "g" is a program (package main)'],
    ),
    "a package is deleted": (
        lambda ws: ws.delete("b/internal"),
        [f'b/uses.go:3 imports "{M}/b/internal/i", but there is no longer a Go file in "b/internal/i"'],
    ),
    "only the tests of a package are left": (
        lambda ws: ws.delete("a/a.go"),
        [
            f'b/b.go:3 imports "{M}/a", but "a" holds nothing but tests',
            f'l/l.go:5 has a linkname of "{M}/a", but "a" holds nothing but tests',
            f'l/l_amd64.s:1 has a symbol of "{M}/a", but "a" holds nothing but tests',
        ],
    ),
    "a package becomes a program": (
        lambda ws: ws.replace("package i", "package main", "b/internal/i/i.go"),
        [f'b/uses.go:3 imports "{M}/b/internal/i", but "b/internal/i" is a program (package main)'],
    ),
    "a package is left out of every build": (
        lambda ws: ws.replace("package i", "//go:build ignore\n\npackage i", "b/internal/i/i.go"),
        [f'b/uses.go:3 imports "{M}/b/internal/i", but "b/internal/i" is left out of every build'],
    ),
    "an import is misspelt": (
        lambda ws: ws.replace('"example.com/m/a"', '"example.com/m/aa"', "b/b.go"),
        [f'b/b.go:3 imports "{M}/aa", but "aa" holds no Go file'],
    ),
    "generated code moves without its importer": (
        lambda ws: ws.relocate({"h": "i/h"}),
        [f'i/h/h.go:3 imports "{M}/h/swagger", but the package moved to "i/h/swagger"'],
    ),
    "the module gets another name": (
        lambda ws: ws.replace(M, "example.com/n", "go.mod"),
        [
            f'{where} "{M}/{path}", but no module of this tree has it now'
            for where, path in (
                ("a/a_test.go:3 imports", "a"),
                ("b/b.go:3 imports", "a"),
                ("b/uses.go:3 imports", "b/internal/i"),
                ("c/c.go:4 imports", "b"),
                ("e/main_test.go:3 imports", "e"),
                ("g/gen.go:5 imports", "g"),
                ("h/h.go:3 imports", "h/swagger"),
                ("l/l.go:5 has a linkname of", "a"),
                ("l/l_amd64.s:1 has a symbol of", "a"),
                ("w/w.go:5 imports", "nowhere"),
                ("w/w.go:6 imports", "v/internal/i"),
                ("w/w.go:9 imports", "d"),
                ("w/y/y.go:3 imports", "w/z"),
                ("w/z/z.go:3 imports", "w/y"),
            )
        ],
    ),
    "a module begins in the middle": (
        lambda ws: ws.write("b/internal/go.mod", "module example.com/other\n"),
        [f'b/uses.go:3 imports "{M}/b/internal/i", but no module of this tree has it now'],
    ),
    "an importer leaves what is internal": (
        lambda ws: ws.move("b/uses.go", "c/uses.go"),
        [f'c/uses.go:3 may not import "{M}/b/internal/i": the internal/ rule forbids it'],
    ),
    "an internal package is imported": (
        lambda ws: ws.write("n/n.go", f'package n\n\nimport _ "{M}/b/internal/i"\n'),
        [f'n/n.go:3 may not import "{M}/b/internal/i": the internal/ rule forbids it'],
    ),
    "a package imports itself": (
        lambda ws: ws.write("g/more.go", f'package g\n\nimport _ "{M}/g"\n'),
        [f'g/more.go:3 imports "{M}/g", but that is its own package'],
    ),
    "a cycle of three": (lambda ws: ws.replace("package a\n", f'package a\n\nimport _ "{M}/c"\n', "a/a.go"), [CYCLE]),
    "a cycle over two systems": (
        lambda ws: (ws.write("a/a_windows.go", f'package a\n\nimport _ "{M}/c"\n'), ws.move("c/c.go", "c/c_darwin.go"), ws.replace("package c", f'package c\n\nimport _ "{M}/e/x"', "c/c_linux.go"), ws.write("e/x/x.go", "package x\n")),
        [
            f'a/a_windows.go:3 imports "{M}/c", which closes a cycle: '
            f'c/c_darwin.go:4 imports "{M}/b", b/b.go:3 imports "{M}/a"'
        ],
    ),
    "a cycle through a test": (
        lambda ws: ws.write("a/in_test.go", f'package a\n\nimport _ "{M}/b"\n'),
        [f'a/in_test.go:3 imports "{M}/b", which closes a cycle: b/b.go:3 imports "{M}/a"'],
    ),
    "a cycle through a test that was there": (
        lambda ws: (ws.write("d/d.go", "package d\n"), ws.replace("package d", f'package d\n\nimport _ "{M}/g"', "d/d_test.go"), ws.replace("package g", f'package g\n\nimport _ "{M}/d"', "g/g.go")),
        [f'd/d_test.go:3 imports "{M}/g", which closes a cycle: g/g.go:3 imports "{M}/d"'],
    ),
    "two packages become one": (
        lambda ws: (ws.move("a", "c"), ws.replace("package a", "package c", "c/a*.go"), fix(ws, "a", "c", "b/*.go", "c/*.go")),
        [
            f'c/c.go:4 imports "{M}/b", which closes a cycle: b/b.go:3 imports "{M}/c"',
            f'l/l.go:5 has a linkname of "{M}/a", but the package moved to "c"',
            f'l/l_amd64.s:1 has a symbol of "{M}/a", but the package moved to "c"',
        ],
    ),
    "imports are rewritten and not sorted": (
        lambda ws: ws.replace('_ "fmt"', '_ "errors"', "c/c.go"),
        ["c/c.go:4 begins a run of imports that gofmt would sort"],
    ),
    "an import is repeated": (
        lambda ws: ws.replace('_ "fmt"\n', '_ "fmt"\n\n\t"os"\n\n\t"os"\n', "c/c.go"),
        ["c/c.go:9 imports \"os\" a second time"],
    ),
    "a stale linkname is written": (
        lambda ws: ws.write("l/n.go", f"package l\n\n//go:linkname two {M}/b.Gone\n//go:linkname three {M}/bb.X\n"),
        [f'l/n.go:4 has a linkname of "{M}/bb", but "bb" holds no Go file'],
    ),
}  # fmt: skip


def fix(ws: Workspace, old: str, new: str, *globs: str) -> None:
    """Rewrite imports as a careless phase would."""
    ws.replace(f'"{M}/{old}"', f'"{M}/{new}"', *globs)


@pytest.mark.parametrize("name", BROKEN)
def test_what_a_phase_breaks_is_found_with_file_and_line(go_repo: Make, name: str) -> None:
    edit, wrong = BROKEN[name]
    ws = go_repo(TREE).workspace()
    edit(ws)
    assert flaws(judged(ws)) == wrong


SOUND: dict[str, Callable[[Workspace], object]] = {
    "packages that were wrong move": lambda ws: ws.go.move("w", "u/w"),
    "packages that were wrong move one by one": lambda ws: (ws.go.move("w/y", "y"), ws.go.move("w/z", "z")),
    "everything moves": lambda ws: [ws.go.move(folder, f"x/{folder}") for folder in "abcdeghlvw"],
    "a swap": lambda ws: (ws.go.move("a", "b"), ws.go.move("b", "a")),
    "a program and its generator move": lambda ws: (ws.go.move("g", "x/g"), ws.go.move("e", "x/e")),
    "generated code moves with its importer": lambda ws: ws.go.move("h", "api/h"),
    "generated code that git ignores": lambda ws: ws.write("n.go", f'package m\n\nimport _ "{M}/made/x"\n'),
    "generated code that was imported": lambda ws: ws.write("n.go", f'package m\n\nimport _ "{M}/h/swagger"\n'),
    "generated code at its new place": lambda ws: (
        ws.go.move("h", "x/h"),
        ws.write("n.go", f'package m\n\nimport _ "{M}/x/h/swagger"\n'),
    ),
    "a file that was wrong is touched": lambda ws: ws.replace("package w", "package w // touched", "w/*.go"),
    "an unsorted run changes": lambda ws: ws.replace('"os"', '"errors"', "w/w.go"),
    "a package is written anew": lambda ws: (ws.delete("a/a.go"), ws.write("a/b.go", "package a\n\nfunc A() {}\n")),
    "a new package": lambda ws: ws.write("n/n.go", importing("n", f'_ "{M}/a"', f'_ "{M}/b"')),
    "a new module": lambda ws: (
        ws.write("n/go.mod", "module example.com/n\n"),
        ws.write("n/n.go", 'package n\n\nimport _ "example.com/n/x"\n'),
        ws.write("n/x/x.go", "package x\n"),
    ),
    "an external test that imports a user": lambda ws: ws.write("a/b_test.go", f'package a_test\n\nimport _ "{M}/b"\n'),
    "vendored code": lambda ws: ws.replace("package v", "package vv", "vendor/v/v.go"),
    "no Go at all": lambda ws: ws.write("notes.txt", "y\n"),
}


@pytest.mark.parametrize("name", SOUND)
def test_what_was_so_before_is_not_held_against_a_phase(go_repo: Make, name: str) -> None:
    ws = go_repo(TREE).workspace()
    SOUND[name](ws)
    assert judged(ws) == EngineVerdict("Go")


def test_a_published_version_of_a_module_in_the_tree_is_nobody_s_business(go_repo: Make) -> None:
    files = {
        "sub/go.mod": "module example.com/m/sub\n",
        "sub/x/x.go": "package x\n",
        "user.go": 'package m\n\nimport _ "example.com/m/sub/x"\n',
    }
    ws = go_repo(files).workspace()
    ws.move("sub/x", "sub/y")
    ws.write("more.go", 'package m\n\nimport _ "example.com/m/sub/x"\n')
    assert judged(ws) == EngineVerdict("Go")


def test_a_module_that_is_seen_from_now_on_is_looked_at(go_repo: Make) -> None:
    files = {
        "sub/go.mod": "module example.com/m/sub\n",
        "sub/x/x.go": "package x\n",
        "user.go": 'package m\n\nimport _ "example.com/m/sub/gone"\n',
    }
    ws = go_repo(files).workspace()
    ws.write("go.work", "go 1.21\n\nuse (\n\t.\n\t./sub\n)\n")
    assert flaws(judged(ws)) == ['user.go:3 imports "example.com/m/sub/gone", but "sub/gone" holds no Go file']


def test_what_an_earlier_phase_moved_is_known(go_repo: Make) -> None:
    repo = go_repo({"new/docs/d.go": "package docs\n"})
    ws = repo.workspace()
    ws.write("user.go", f'package m\n\nimport _ "{M}/old/docs"\n')
    found = flaws(judged(ws, MoveMap({"old": "new"})))
    assert found == [f'user.go:3 imports "{M}/old/docs", but the package moved to "new/docs"']


def test_files_that_cannot_be_checked_are_listed(go_repo: Make) -> None:
    files = {
        "a/a.go": "package a\n",
        "a/clause.go": "// nothing here\n",
        "a/cut.go": f'package a\n\nimport (\n\t"{M}/b\n',
        "a/lfs.go": "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
        "b/b.go": "// no clause either\n",
        "s/old.go": f'package s\n\nimport _ "{M}/third/y"\n',
        "t/clause.go": f'// "{M}/a" is all it says\n',
        "u/still.go": "// not touched\n",
    }
    repo = go_repo(files)
    (repo.folder / "a/link.go").symlink_to("a.go")
    subprocess.run(["git", "add", "-A"], cwd=repo.folder, check=True)
    subprocess.run(["git", "commit", "-q", "--amend", "-m", "base"], cwd=repo.folder, check=True, env=os.environ)
    ws = repo.workspace()
    ws.move("a", "z/a")
    ws.write("n.go", importing("m", f'_ "{M}/b"'))
    ws.replace("package s", "package s // touched", "s/old.go")
    ws.write("s/sub.go", f'package s\n\nimport _ "{M}/third/x"\n')
    ws.overlay.entries["third"] = TreeEntry(SUBMODULE, "1" * 40)
    verdict = judged(ws)
    assert flaws(verdict) == []
    assert [f"{one.path}: {one.reason}" for one in verdict.unread] == [
        f'n.go: it names "{M}/b", and "b" holds "b/b.go", which has no package clause',
        f's/sub.go: it names "{M}/third/x", and "third/x" is in the submodule third',
        "t/clause.go: it has no package clause",
        "z/a/clause.go: it has no package clause",
        "z/a/cut.go: it has an import declaration that cannot be read",
        "z/a/lfs.go: its content is in git-lfs",
        "z/a/link.go: it is a symlink",
    ]
    assert (verdict.note() or "").startswith('7 Go files could not be checked without a compiler: n.go (it names "')


def test_the_error_shows_twenty_and_says_what_to_do(go_repo: Make) -> None:
    users = {f"u{n:02}/u.go": f'package u\n\nimport _ "{M}/a"\n' for n in range(23)}
    ws = go_repo({"a/a.go": "package a\n", "x/internal/i/i.go": "package i\n", **users}).workspace()
    ws.move("a", "z/a")
    ws.write("n.go", importing("m", f'_ "{M}/x/internal/i"', '_ "fmt"', '_ "fmt"'))
    error = judged(ws).error()
    assert error is not None
    assert f"{error.message}\nadvice: {error.advice}\n" == (GOLDEN / "flaws.txt").read_text(encoding="utf-8")


def test_only_what_is_touched_is_read(go_repo: Make) -> None:
    repo = go_repo({f"p{n}/p.go": "package p\n" for n in range(9)} | {"u/u.go": f'package u\n\nimport _ "{M}/p1"\n'})
    ws = repo.workspace()
    ws.overlay.in_memory = False
    ws.overlay.objects._cache = Recent()
    ws.go.move("p1", "z/p1")
    assert judged(ws) == EngineVerdict("Go")
    held = ws.overlay.objects._cache.get
    read = {path for path, entry in ws.overlay.base.items() if held(entry.oid) is not None}
    assert read == {"go.mod", "p1/p.go", "u/u.go"} | {f"p{n}/p.go" for n in range(9)}, "the p/p.go are one blob"
