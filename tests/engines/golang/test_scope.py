"""A free identifier is told from locals, fields, labels and keys by the scopes of the Go specification.

In every snippet `q.Use` and friends are uses of the package-level name; `q.No` are not.
"""

from __future__ import annotations

import pytest

from migrate.engines.golang.declarations import declarations
from migrate.engines.golang.scope import Scopes

SNIPPETS = {
    "parameter types are outside": "func f(q q.Use, x q.Use) q.Use { q.No(); return x }",
    "results": "func f() (q int, err q.Use) { q.No(); return }",
    "receiver": "func (q *T) m(x q.Use) { q.No() }",
    "variadic": "func f(q ...q.Use) { q.No() }",
    "closure": "func f() { func(q int) { q.No() }(q.Use) }",
    "function type": "var v func(q int) q.Use",
    "short declaration": "func f() { q.Use(); q := q.Use; q.No() }",
    "shadowed in a block": "func f() { { q := 1; q.No() }; q.Use() }",
    "several at once": "func f() { a, q := q.Use, 2; q.No(a) }",
    "assignment is a use": "func f() { q.Use = 1; q.Use, x = 1, 2 }",
    "if": "func f() { if q := q.Use(); q.No { q.No() } else if x { q.No() } else { q.No() }; q.Use() }",
    "for": "func f() { for q := q.Use; q.No; q.No++ { q.No() }; q.Use() }",
    "range": "func f() { for _, q := range q.Use { q.No() }; q.Use() }",
    "range assigns": "func f() { for q.Use = range q.Use { q.Use() } }",
    "range over a number": "func f() { for range q.Use { q.Use() } }",
    "switch": "func f() { switch q := q.Use; q.No { case q.No: q.No() }; q.Use() }",
    "case clauses": "func f() { switch { case a: q := 1; q.No(); case b: q.Use() } }",
    "type switch": "func f() { switch q := q.Use.(type) { case q.Use: q.No(); default: q.No() }; q.Use() }",
    "select": "func f() { select { case q := <-q.Use: q.No(); case <-q.Use: q.Use() }; q.Use() }",
    "select assigns": "func f() { select { case q.Use = <-c: q.Use() } }",
    "var": "func f() { q.Use(); var q q.Use = q.Use; q.No() }",
    "const": "func f() {\n\tconst (\n\t\ta = q.Use\n\t\tq = 1\n\t)\n\tq.No()\n}",
    "local type": "func f() { q.Use(); type q struct{ x *int }; q.No() }",
    "type parameter": "func f[q any](x q) { q.No() }",
    "constraint": "func f[T q.Use](x T) { q.Use() }",
    "generic type": "type G[q any] struct { x []int; y func(q) }\nvar v q.Use",
    "generic receiver": "func (r *R[q]) m() { q.No() }\nvar v R[q.Use]",
    "instance": "var v = f[q.Use](q.Use, g[int, q.Use])",
    "field declaration": "type T struct { q int; x q.Use; q.Use; y struct { q q.Use } }",
    "field selection": "func f() { x.q.No(); x.y.q = 1; q.Use.q.No() }",
    "method name": "func (x T) q() { q.Use() }\ntype I interface { q(); q.Use }",
    "label": "func f() {\nq:\n\tfor { q.Use(); break q; continue q; goto q }\n}",
    "literal types": "var v = []q.Use{{A: q.Use}, q.Use{}}\nvar w = map[q.Use]*q.Use{q.Use: {B: q.Use}}",
    "strings and comments": 'var s = "q.No" // q.No\nvar r = `q.No`\n/* q.No */',
    "conversion": "var v = (*q.Use)(nil)\nvar w = q.Use(1)\nvar x = <-chan q.Use(nil)",
    "deferred": "func f() { defer q.Use(); go q.Use() }",
    "package level": "var v, w = q.Use, func() { q.Use() }",
    "array length": "var v [q.Use]int\nvar w [q.Use.No]q.Use",
}


@pytest.mark.parametrize("snippet", SNIPPETS.values(), ids=SNIPPETS.keys())
def test_uses_of_a_package_are_told_from_locals(snippet: str) -> None:
    source = f'package a\n\nimport "x/q"\n\n{snippet}\n'.encode()
    scopes = Scopes(source)
    assert not scopes.is_broken
    uses = [use for use in scopes.free({"q"}) if use.selected]
    assert len(uses) == source.count(b"q.Use")
    assert {use.selected for use in uses} <= {"Use"}


@pytest.mark.parametrize(
    ("literal", "free", "doubtful"),
    [
        ("S{K: 1}", 0, 0),
        ("&S{K: K}", 1, 0),
        ("M{K: 1}", 1, 0),
        ("[]int{K: 1}", 1, 0),
        ("[...]int{K: K}", 2, 0),
        ("map[int]S{K: {K: 1}}", 1, 0),
        ("map[S]int{{K: 1}: K}", 1, 0),
        ("[]*S{{K: K}}", 1, 0),
        ("struct{ K int }{K: 1}", 0, 0),
        ("G[int]{K: 1}", 0, 0),
        ("Unknown{K: 1}", 1, 1),
        ("p.Foreign{K: 1}", 1, 1),
        ("p.Foreign{{K: 1}}", 1, 1),
        ("S{1, K}", 1, 0),
    ],
)
def test_a_key_is_a_field_a_value_or_doubtful(literal: str, free: int, doubtful: int) -> None:
    types = {"S": "struct_type", "M": "map_type", "G": "struct_type"}
    uses = Scopes(f"package a\n\nvar v = {literal}\n".encode()).free({"K"}, types)
    assert (len(uses), sum(use.may_be_field for use in uses)) == (free, doubtful)


def test_a_lower_case_key_of_a_foreign_type_cannot_be_a_field() -> None:
    uses = Scopes(b"package a\n\nvar v = p.Foreign{k: 1}\n").free({"k"})
    assert [use.may_be_field for use in uses] == [False]


def test_a_use_knows_its_bytes_and_its_line() -> None:
    source = "package a\n\n// é\nvar v = q.New()\n".encode()
    (use,) = Scopes(source).free({"q"})
    assert (source[use.start : use.end], use.line, use.selected) == (b"q", 4, "New")


def test_where_a_local_would_capture_a_name_is_known() -> None:
    source = b"package a\n\nfunc f(m int) { q.A() }\n\nfunc g() { q.B(); m := 1 }\n"
    scopes = Scopes(source)
    offsets = [use.start for use in scopes.free({"q"})]
    assert scopes.binds("m", offsets) == offsets[:1]


def test_declarations_name_everything_at_package_level() -> None:
    source = b"""package a
const A, B = 1, 2
var (
	c int
	d, e = 1, 2
)
type (
	F struct{}
	G = map[string]int
)
func H[T any]() { var local int }
func (f *F) I() {}
func (f K[T]) J() {}
func init() {}
var _ = 1
"""
    found = [(one.name, one.receiver, one.kind) for one in declarations(Scopes(source))]
    assert found == [
        ("A", "", ""),
        ("B", "", ""),
        ("c", "", ""),
        ("d", "", ""),
        ("e", "", ""),
        ("F", "", "struct_type"),
        ("G", "", "map_type"),
        ("H", "", ""),
        ("I", "F", ""),
        ("J", "K", ""),
    ]


@pytest.mark.parametrize("last", ["type T struct{}", "type T = int", "func F() {}", "var X = 1 // x", 'import "fmt"'])
def test_the_last_line_of_a_file_needs_no_line_feed(last: str) -> None:
    assert not Scopes(f"package p\n\n{last}".encode()).is_broken


def test_syntax_that_cannot_be_read_is_known_as_such() -> None:
    assert Scopes(b"package a\n\nfunc f( {\n").is_broken
