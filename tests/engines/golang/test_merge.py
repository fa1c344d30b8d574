"""Everything of one package goes into another; callers are left with one import."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from migrate.errors import PathError, PhaseError

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

TWO = {
    "old/old.go": 'package old\n\nimport (\n\t"fmt"\n\n\t"example.com/m/base"\n)\n\n// Old is old.\ntype Old struct{ B base.Base }\n\n'
    "func New() *Old { return &Old{base.Make()} }\n\nfunc (o *Old) String() string { return fmt.Sprint(o.B) }\n",
    "old/old_test.go": 'package old_test\n\nimport (\n\t"testing"\n\n\t"example.com/m/base"\n\t"example.com/m/old"\n)\n\n'
    "func TestOld(t *testing.T) { t.Log(old.New(), base.Make()) }\n",
    "old/inner_test.go": 'package old\n\nimport "testing"\n\nfunc TestInner(t *testing.T) { t.Log(New().B) }\n',
    "old/sub/s.go": 'package sub\n\nimport "example.com/m/old"\n\nvar S = old.New()\n',
    "old/data.txt": "x",
    "base/base.go": "package base\n\ntype Base int\n\nfunc Make() Base { return 1 }\n",
    "base/base_test.go": 'package base_test\n\nimport (\n\t"testing"\n\n\t"example.com/m/base"\n)\n\n'
    "func TestBase(t *testing.T) { t.Log(base.Make()) }\n",
    "use/both.go": 'package use\n\nimport (\n\t"example.com/m/base"\n\t"example.com/m/old"\n)\n\nvar Both = []any{old.New(), base.Make()}\n',
    "use/one.go": 'package use\n\nimport "example.com/m/old"\n\nvar One = old.New()\n',
    "use/named.go": 'package use\n\nimport o "example.com/m/old"\n\nvar Named = o.New()\n',
    "use/blank.go": 'package use\n\nimport (\n\t_ "example.com/m/base"\n\t_ "example.com/m/old"\n)\n',
    "use/local.go": 'package use\n\nimport "example.com/m/old"\n\nfunc Local(base int) any { return old.New() }\n',
    "use/mixed.go": 'package use\n\nimport (\n\tb "example.com/m/base"\n\t"example.com/m/old"\n\ts "example.com/m/old/sub"\n)\n\n'
    "var Mixed = []any{old.New(), b.Make(), s.S}\n",
    "use/hidden.go": 'package use\n\nimport (\n\tb "example.com/m/base"\n\t"example.com/m/old"\n)\n\n'
    "func Hidden(b b.Base) any { return old.New() }\n",
}


def test_a_package_goes_into_the_one_that_it_imports(go_repo: Make) -> None:
    repo = go_repo(TWO)
    ws = repo.workspace()
    ws.go.merge("old", "base")
    text = {path: ws.read_text(path) for path in ws.files() if path.endswith(".go")}
    assert text["base/old.go"] == (
        'package base\n\nimport (\n\t"fmt"\n)\n\n// Old is old.\ntype Old struct{ B Base }\n\n'
        "func New() *Old { return &Old{Make()} }\n\nfunc (o *Old) String() string { return fmt.Sprint(o.B) }\n"
    )
    assert text["base/old_test.go"] == (
        'package base_test\n\nimport (\n\t"testing"\n\n\t"example.com/m/base"\n)\n\n'
        "func TestOld(t *testing.T) { t.Log(base.New(), base.Make()) }\n"
    )
    assert text["base/inner_test.go"].startswith("package base\n")
    assert text["base/sub/s.go"] == 'package sub\n\nimport "example.com/m/base"\n\nvar S = base.New()\n'
    assert text["use/both.go"] == (
        'package use\n\nimport (\n\t"example.com/m/base"\n)\n\nvar Both = []any{base.New(), base.Make()}\n'
    )
    assert text["use/one.go"] == 'package use\n\nimport "example.com/m/base"\n\nvar One = base.New()\n'
    assert text["use/named.go"] == 'package use\n\nimport o "example.com/m/base"\n\nvar Named = o.New()\n'
    assert text["use/blank.go"] == 'package use\n\nimport (\n\t_ "example.com/m/base"\n)\n'
    assert 'import old "example.com/m/base"' in text["use/local.go"]
    assert "return old.New()" in text["use/local.go"]
    assert "{b.New(), b.Make(), s.S}" in text["use/mixed.go"]
    assert '\ts "example.com/m/base/sub"\n' in text["use/mixed.go"]
    assert "func Hidden(b b.Base) any { return base.New() }" in text["use/hidden.go"]
    assert ws.exists("base/data.txt")
    assert ws.files("old") == []
    assert dict(ws.moved) == {"old": "base"}
    assert repo.vet(ws) == ""
    assert repo.unformatted(ws) == ""


def test_a_package_goes_into_the_one_that_imports_it(go_repo: Make) -> None:
    repo = go_repo(TWO)
    ws = repo.workspace()
    ws.go.merge("base", "old")
    assert "type Old struct{ B Base }" in ws.read_text("old/old.go")
    assert "example.com" not in ws.read_text("old/old.go")
    assert "var Both = []any{old.New(), old.Make()}" in ws.read_text("use/both.go")
    assert repo.vet(ws) == ""
    assert repo.unformatted(ws) == ""


@pytest.mark.parametrize(("old", "new"), [("a/b", "a"), ("a", "a/b")])
def test_a_package_goes_into_the_one_above_or_below_it(go_repo: Make, old: str, new: str) -> None:
    files = {
        "a/a.go": "package a\n\nfunc A() {}\n",
        "a/b/b.go": "package b\n\nfunc B() {}\n",
        "a/b/c/c.go": "package c\n",
        "a/d/d.go": "package d\n",
        "u/u.go": 'package u\n\nimport (\n\t"example.com/m/a"\n\t"example.com/m/a/b"\n\t_ "example.com/m/a/d"\n)\n\n'
        "func U() { a.A(); b.B() }\n",
    }
    repo = go_repo(files)
    ws = repo.workspace()
    ws.go.merge(old, new)
    assert {path.rpartition("/")[0] for path in ws.files("a") if path.endswith(("/a.go", "/b.go"))} == {new}
    assert repo.vet(ws) == ""
    assert repo.unformatted(ws) == ""


def test_packages_of_one_name_leave_callers_as_they_are(go_repo: Make) -> None:
    files = {
        "x/cache/x.go": "package cache\n\nfunc X() {}\n",
        "y/cache/y.go": "package cache\n\nfunc Y() {}\n",
        "u/u.go": 'package u\n\nimport "example.com/m/x/cache"\n\nfunc U() { cache.X() }\n',
        "u/v.go": 'package u\n\nimport (\n\t"example.com/m/x/cache"\n\tyc "example.com/m/y/cache"\n)\n\nfunc V() { cache.X(); yc.Y() }\n',
    }
    repo = go_repo(files)
    ws = repo.workspace()
    ws.go.merge("x/cache", "y/cache")
    assert ws.read_text("u/u.go") == files["u/u.go"].replace("x/cache", "y/cache")
    assert "yc.X(); yc.Y()" in ws.read_text("u/v.go")
    assert repo.vet(ws) == ""
    assert repo.unformatted(ws) == ""


def test_a_merge_and_a_move_are_one_map(go_repo: Make) -> None:
    repo = go_repo(TWO)
    ws = repo.workspace()
    ws.go.move("base", "lib/base")
    ws.go.split("old", {"lib/base": ["*.go"]})
    assert ws.read_text("use/one.go") == 'package use\n\nimport "example.com/m/lib/base"\n\nvar One = base.New()\n'
    assert repo.vet(ws) == ""


MEETING = {
    "a/a.go": 'package a\n\nimport (\n\t"fmt"\n\n\t"example.com/m/b"\n)\n\nvar Same = 1\n\nvar helper = fmt.Sprint(b.Other)\n\n'
    "func Shadow(Other int) int { return b.Other }\n\nfunc Length(s []int) int { return len(s) }\n",
    "a/same.go": "package a\n\ntype Type int\n",
    "a/tool.go": "//go:build ignore\n\npackage main\n\nfunc main() {}\n",
    "b/b.go": "package b\n\nconst Other = 1\n\nfunc Same() {}\n\nfunc helper() {}\n\nfunc len(any) int { return 0 }\n\nvar fmt = 1\n",
    "b/same.go": "package b\n\ntype Type string\n",
    "a/same.txt": "a\n",
    "b/same.txt": "b\n",
}


@pytest.mark.parametrize(
    "message",
    [
        r'"Same" would be declared twice: a/a\.go:9 and b/b\.go:5',
        r'"helper" would be declared twice: a/a\.go:11 and b/b\.go:7',
        r'"Type" would be declared twice: a/same\.go:3 and b/same\.go:3',
        r'"a/same\.txt" cannot move to "b/same\.txt": it is there already',
        r'a/a\.go:4 imports "fmt" as fmt, which b/b\.go:11 declares',
        r"a/a\.go:15 len would mean what b/b\.go:9 declares",
    ],
)
def test_what_collides_is_one_list(go_repo: Make, message: str) -> None:
    ws = go_repo(MEETING).workspace()
    ws.go.merge("a", "b")
    with pytest.raises(PhaseError, match=message):
        ws.flush()
    assert ws.exists("a/a.go")


def test_names_that_a_local_name_would_hide_are_listed(go_repo: Make) -> None:
    files = {**MEETING, "b/b.go": "package b\n\nconst Other = 1\n", "b/same.go": "package b\n"}
    del files["a/same.txt"]
    files["a/same.go"] = "package a\n"
    del files["b/same.go"]
    ws = go_repo(files).workspace()
    ws.go.merge("a", "b")
    with pytest.raises(PhaseError, match=r"a/a\.go:13 b\.Other: a local Other hides it"):
        ws.flush()


def test_a_cycle_through_a_third_package_is_refused(go_repo: Make) -> None:
    files = {
        "a/a.go": 'package a\n\nimport _ "example.com/m/c"\n',
        "b/b.go": "package b\n",
        "c/c.go": 'package c\n\nimport _ "example.com/m/b"\n',
    }
    ws = go_repo(files).workspace()
    ws.go.merge("a", "b")
    with pytest.raises(PhaseError, match=r'cycle:\n.*b/a\.go:3 imports "example.com/m/c"\n.*c/c\.go:3 imports'):
        ws.flush()


def test_packages_below_that_meet_are_refused(go_repo: Make) -> None:
    files = {"a/a.go": "package a\n", "a/s/s.go": "package s\n", "b/b.go": "package b\n", "b/s/t.go": "package s\n"}
    ws = go_repo(files).workspace()
    ws.go.merge("a", "b")
    with pytest.raises(PhaseError, match='there is a package in "b/s" already, so "a/s" cannot move there'):
        ws.flush()


def test_a_merge_needs_two_packages(go_repo: Make) -> None:
    ws = go_repo({"a/a.go": "package a\n", "b/b.txt": "x", "c/c.go": "package c\n"}).workspace()
    with pytest.raises(PathError, match='there is no package "x"'):
        ws.go.merge("a", "x")
    with pytest.raises(PhaseError, match='there is no Go file in "b"'):
        ws.go.merge("a", "b")
    with pytest.raises(PhaseError, match="merged into itself"):
        ws.go.merge("a", "a")
    ws.go.merge("a", "c")
    ws.go.move("c", "d")
    with pytest.raises(PhaseError, match='there is no longer a package in "c" to merge "a" into'):
        ws.flush()


def test_a_merged_package_can_be_forwarded(go_repo: Make) -> None:
    repo = go_repo(TWO)
    ws = repo.workspace()
    ws.imports = "forward"
    ws.go.merge("old", "base")
    assert ws.read_text("use/one.go") == TWO["use/one.go"]
    assert ws.go.forwarding() != []
    assert repo.vet(ws) == ""


@pytest.mark.parametrize(
    ("name", "new"),
    [
        ("util.go", "a_util.go"),
        ("Util.go", "a_Util.go"),
        ("util_test.go", "a_util_test.go"),
        ("util_linux.go", "a_util_linux.go"),
        ("util_linux_arm64_test.go", "a_util_linux_arm64_test.go"),
        ("util_amd64.s", "a_util_amd64.s"),
        ("linux.go", "linux2.go"),
        ("test.go", "test2.go"),
        ("arm64_test.go", "arm642_test.go"),
    ],
)
def test_a_file_whose_name_is_taken_gets_another_one(go_repo: Make, name: str, new: str) -> None:
    files = {
        "a/a.go": "package a\n",
        "b/b.go": "package b\n",
        f"a/{name}": "package a\n",
        f"b/{name.lower()}": "package b\n",
    }
    if name.endswith(".s"):
        files |= {f"a/{name}": "TEXT a(SB), 4, $0-0\n", f"b/{name}": "TEXT b(SB), 4, $0-0\n"}
    ws = go_repo(files).workspace()
    ws.go.merge("a", "b")
    assert ws.files("b") == sorted(["b/a.go", "b/b.go", f"b/{name.lower()}", f"b/{new}"])
    assert ws.notes == [f'a/{name} is called "{new}" in "b", which has a file of that name']
    assert ws.moved.resolve(f"a/{name}") == f"b/{new}"


def test_two_packages_that_are_merged_into_a_third_share_file_names(go_repo: Make) -> None:
    files = {
        **{f"{p}/doc.go": f"// Package {p} is one.\npackage {p}\n" for p in "abc"},
        **{f"{p}/{p}.go": f"package {p}\n\nfunc {p.upper()}() {{}}\n" for p in "abc"},
        "b/a_doc.go": "package b\n",
        "use/u.go": 'package use\n\nimport (\n\t"example.com/m/a"\n\t"example.com/m/c"\n)\n\nvar _, _ = a.A, c.C\n',
    }
    repo = go_repo(files)
    ws = repo.workspace()
    ws.go.merge("a", "b")
    ws.go.merge("c", "b")
    assert [path for path in ws.files("b") if "doc" in path] == [
        "b/a_doc.go",
        "b/c_doc.go",
        "b/doc.go",
        "b/doc2.go",
    ]
    assert repo.vet(ws) == ""
    assert "b.A, b.C" in ws.read_text("use/u.go")


def test_a_file_that_moves_away_leaves_its_name(go_repo: Make) -> None:
    files = {"a/same.go": "package a\n", "b/b.go": "package b\n", "b/same.go": "package b\n"}
    ws = go_repo(files).workspace()
    ws.go.split("b", {"c": ["same.go"]})
    ws.go.merge("a", "b")
    assert ws.files("b") == ["b/b.go", "b/same.go"]
