"""Go of 1.26 and 1.27 is read, with every name where it stands; a file that nobody can read stops only what needs
it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from migrate.engines.golang.declarations import declarations
from migrate.engines.golang.scope import Scopes
from migrate.errors import PhaseError

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

NEW = [
    "new(uint64(1))",
    "new(-1)",
    "new (q.Use)",
    "new(q.Use.A + q.Use())",
    "new(q.T{A: q.Use})",
    "new(func() *int { return new(q.Use() - 1) }())",
    "new([]q.Use{1})",
    "new(\n\t// new(\n\t<-q.Use,\n)",
    'f("new(", new("a" + q.Use), `new(`, \'(\')',
    "new(new(1) == q.Use)",
    "make(q.Use - 1)",
    "make([]int, *new(q.Use()))",
    "[...]*int{new(1), new(int), new([]q.Use), new(map[q.Use]int)}",
]


@pytest.mark.parametrize("expression", NEW)
def test_new_takes_a_value(expression: str) -> None:
    source = f"package a\n\nvar v = {expression}\n".encode()
    scopes = Scopes(source)
    assert not scopes.is_broken
    found = [use for use in scopes.free({"q"}) if use.selected == "Use"]
    assert [source[use.start : use.end + 4] for use in found] == [b"q.Use"] * source.count(b"q.Use")


@pytest.mark.parametrize(
    "declaration",
    [
        "func new(x int) {}",
        "func (t T) new(x int) {}",
        "type I interface{ new(x int) }",
        "func make(n int) int { return 1 }",
    ],
)
def test_what_is_called_new_keeps_its_name(declaration: str) -> None:
    scopes = Scopes(f"package a\n\n{declaration}\n\nvar v = new(1)\n".encode())
    assert not scopes.is_broken
    assert scopes.tree.root_node.text is not None
    assert declaration.encode() in scopes.tree.root_node.text


METHODS = {
    "func (r *R) M[q any](x q) q { q.No() }": 0,
    "func (r R[P]) M[T q.Use, U map[string]q.Use](x q.Use) U { q.Use() }": 4,
    "func (r R) M[\n\tT any, // [q.Use\n\tU q.Use,\n](x q.Use) { var q int; q.No() }": 2,
    "func (r R) M[q interface{ ~[]int }]() { new(q.No()) }\nfunc (r R) N[T any]() { new(q.Use()) }": 1,
}


@pytest.mark.parametrize(("source", "uses"), METHODS.items())
def test_a_method_has_type_parameters(source: str, uses: int) -> None:
    scopes = Scopes(f"package a\n\n{source}\n".encode())
    assert not scopes.is_broken
    assert [use.selected for use in scopes.free({"q"}) if use.selected] == ["Use"] * uses
    assert {(each.name, each.receiver) for each in declarations(scopes)} <= {("M", "R"), ("N", "R")}


def test_the_first_line_that_cannot_be_read_is_known() -> None:
    assert Scopes(b"package a\n\nvar a = 1\n\nfunc f() { b( } }\n").broken_line == 5


def test_a_file_that_cannot_be_read_is_known_by_its_lines() -> None:
    source = b"""package a
const A, B = 1, 2
var (
	// C is
	C int
)
type T[X any] struct {
	field int
}
func (t *T[X]) M() { if }
func F[Y any]() {}
"""
    scopes = Scopes(source)
    assert scopes.is_broken
    found = [(each.name, each.line, each.receiver) for each in declarations(scopes)]
    assert found == [("A", 2, ""), ("B", 2, ""), ("C", 5, ""), ("T", 7, ""), ("M", 10, "T"), ("F", 11, "")]


BROKEN = "package use\n\nfunc Broken() { if }\n\nvar x = %s\n"
LEASE = "package lease\n\nfunc New() *int { return new(1) }\n"
USER = 'package use\n\nimport "example.com/m/lease"\n\nfunc U() *int { return new(*lease.New()) }\n'


def test_a_rename_does_not_ask_a_file_beside_that_cannot_be_read(go_repo: Make) -> None:
    ws = go_repo({"lease/l.go": LEASE, "use/u.go": USER, "use/b.go": BROKEN % "leases"}).workspace()
    ws.go.move("lease", "leases", rename="leases")
    assert 'import "example.com/m/leases"\n\nfunc U() *int { return new(*leases.New()) }' in ws.read_text("use/u.go")


def test_a_rename_sees_what_a_file_declares_that_cannot_be_read(go_repo: Make) -> None:
    broken = BROKEN % "1" + "\nfunc leases() {}\n"
    ws = go_repo({"lease/l.go": LEASE, "use/u.go": USER, "use/b.go": broken}).workspace()
    ws.go.move("lease", "leases", rename="leases")
    assert ws.read_text("use/u.go").count("lease.New") == 1
    assert "use/b.go:7 declares leases" in ws.notes[0]


PACKAGE = {
    "p/a.go": "package p\n\nfunc A() *int { return new(1) }\n",
    "p/b.go": "package p\n\nfunc B() {}\n",
    "use/u.go": 'package use\n\nimport "example.com/m/p"\n\nvar _ = p.A\n',
}


@pytest.mark.parametrize("part", ["a.go", "A"])
@pytest.mark.parametrize("path", ["p/c.go", "use/c.go"])
def test_a_split_leaves_what_cannot_be_read_and_names_nothing_of_it(go_repo: Make, part: str, path: str) -> None:
    package = path.partition("/")[0]
    clause = f'package {package}\n\nimport "example.com/m/p"\n' if package == "use" else "package p\n"
    broken = clause + "\nfunc C() { if }\n\nvar x = " + ("p.B" if package == "use" else "B") + "\n"
    ws = go_repo({**PACKAGE, path: broken}).workspace()
    ws.go.split("p", {"q": [part]}, rename="q")
    ws.flush()
    assert (ws.read_text(path), "q.A" in ws.read_text("use/u.go")) == (broken, True)


@pytest.mark.parametrize(
    ("path", "content", "line"),
    [
        ("p/c.go", "package p\n\nfunc C() { if }\n\nvar _ = A\n", 3),
        ("use/c.go", 'package use\n\nimport "example.com/m/p"\n\nfunc C() { if }\n\nvar _ = p.A\n', 5),
    ],
)
def test_a_split_refuses_what_must_follow_and_cannot_be_read(go_repo: Make, path: str, content: str, line: int) -> None:
    ws = go_repo({**PACKAGE, path: content}).workspace()
    ws.go.split("p", {"q": ["a.go"]}, rename="q")
    with pytest.raises(PhaseError, match=f"^{path}:{line} cannot be parsed"):
        ws.flush()


def test_what_is_exported_does_not_need_a_file_that_says_nothing_of_it(go_repo: Make) -> None:
    files = {
        **PACKAGE,
        "p/c.go": "package p\n\nfunc C() { if }\n",
        "p/d.go": "package p\n\nfunc d(t T) { small(); t.f() }\n",
    }
    files["p/a.go"] += "\ntype T struct{}\n\nfunc (T) f() {}\n\nfunc small() {}\n"
    ws = go_repo(files).workspace()
    ws.go.split("p", {"q": ["a.go"]}, rename="q", export=["small", "T.f"])
    assert "q.Small(); t.F()" in ws.read_text("p/d.go")
