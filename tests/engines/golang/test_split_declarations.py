"""Declarations of a package go to another one; what crosses is qualified, in both directions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import pytest

from migrate.errors import PathError, PhaseError

if TYPE_CHECKING:
    from migrate.phase.workspace import Workspace
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

LICENCE = "// Copyright The Shop Authors.\n// SPDX-License-Identifier: MIT\n\n"

SHOP = {
    "shop/shop.go": LICENCE
    + """// Package shop sells things.
package shop // import "example.com/m/shop"

import (
	"errors"
	"fmt" // for Describe
	"strings"

	"example.com/m/money"
)

// Section: errors.

// Errors of the shop.
var (
	// ErrSold is said of what is gone.
	ErrSold  = errors.New("sold")   // never again
	ErrShut  = errors.New("closed") // on Sundays
	Greeting = "hello"

	Opened, Closed int = 9, 18
)

const (
	Cheap = iota
	Dear
)

const Currency = "EUR"

// Price is what something costs.
type Price struct {
	Amount   money.Amount
	Currency string
}

// String shows it.
//
//go:noinline
func (p Price) String() string {
	return fmt.Sprint(p.Amount, p.Currency)
} // end of String

// Describe puts a price into words.
func Describe(p Price) string { return strings.ToUpper(p.String()) + Greeting }

// Item is for sale.
type Item struct {
	Name  string
	Price Price // in euros
	Old   *Price
}

// Sell sells.
func Sell(item Item) (Price, error) {
	if item.Name == "" {
		return Price{}, ErrSold
	}
	return item.Price, nil
}

// The end.
""",
    "shop/shop_test.go": """package shop

import (
	"strings"
	"testing"
)

func one() Price { return Price{Amount: 1, Currency: Currency} }

func TestPrice(t *testing.T) {
	if !strings.HasPrefix(one().String(), "1") {
		t.Fatal(one())
	}
}

func TestSell(t *testing.T) {
	if _, err := Sell(Item{}); err != ErrSold {
		t.Fatal(err)
	}
}
""",
    "shop/example_test.go": """package shop_test

import (
	"fmt"

	"example.com/m/shop"
)

func ExamplePrice() {
	fmt.Println(shop.Price{Amount: 1, Currency: shop.Currency})
	// Output: 1 EUR
}

func ExampleSell() {
	fmt.Println(shop.Sell(shop.Item{}))
}
""",
    "money/money.go": "package money\n\ntype Amount int\n",
    "use/use.go": """package use

import "example.com/m/shop"

func Use(price shop.Price) (string, error) {
	got, err := shop.Sell(shop.Item{Price: price})
	return shop.Describe(got) + shop.Currency, err
}
""",
}


def split(repo: GoRepo, items: Iterable[str], new: str = "pricing", **options: object) -> Workspace:
    ws = repo.workspace()
    ws.go.split("shop", {new: list(items)}, **options)  # type: ignore[arg-type]
    return ws


PRICING = (
    LICENCE
    + """package pricing

import (
	"errors"
	"fmt" // for Describe

	"example.com/m/money"
)

var ErrShut = errors.New("closed") // on Sundays

const Currency = "EUR"

// Price is what something costs.
type Price struct {
	Amount   money.Amount
	Currency string
}

// String shows it.
//
//go:noinline
func (p Price) String() string {
	return fmt.Sprint(p.Amount, p.Currency)
} // end of String
"""
)

LEFT = (
    LICENCE
    + """// Package shop sells things.
package shop // import "example.com/m/shop"

import (
	"errors"
	"strings"

	"example.com/m/pricing"
)

// Section: errors.

// Errors of the shop.
var (
	// ErrSold is said of what is gone.
	ErrSold  = errors.New("sold") // never again
	Greeting = "hello"

	Opened, Closed int = 9, 18
)

const (
	Cheap = iota
	Dear
)

// Describe puts a price into words.
func Describe(p pricing.Price) string { return strings.ToUpper(p.String()) + Greeting }

// Item is for sale.
type Item struct {
	Name  string
	Price pricing.Price // in euros
	Old   *pricing.Price
}

// Sell sells.
func Sell(item Item) (pricing.Price, error) {
	if item.Name == "" {
		return pricing.Price{}, ErrSold
	}
	return item.Price, nil
}

// The end.
"""
)


def test_declarations_take_their_methods_comments_licence_and_tests_along(go_repo: Make) -> None:
    repo = go_repo(SHOP)
    ws = split(repo, ["Price", "Currency", "ErrShut"], rename="pricing")
    assert ws.read_text("pricing/shop.go") == PRICING
    assert ws.read_text("shop/shop.go") == LEFT
    assert "func one() Price" in ws.read_text("pricing/shop_test.go")
    assert "TestPrice" in ws.read_text("pricing/shop_test.go")
    assert "TestSell" not in ws.read_text("pricing/shop_test.go")
    assert 'import (\n\t"testing"\n)\n\nfunc TestSell' in ws.read_text("shop/shop_test.go")
    assert ws.read_text("pricing/example_test.go").startswith("package pricing_test\n")
    assert "pricing.Price{Amount: 1, Currency: pricing.Currency}" in ws.read_text("pricing/example_test.go")
    assert 'import "example.com/m/shop"\nimport "example.com/m/pricing"\n' in ws.read_text("use/use.go")
    assert "func Use(price pricing.Price)" in ws.read_text("use/use.go")
    assert 'shop/shop_test.go:8 one goes along to "pricing"' in ws.notes
    assert len(ws.moved) == 0, "no file moved"
    assert repo.vet(ws) == ""
    assert repo.unformatted(ws) == ""


def test_what_goes_imports_what_stays(go_repo: Make) -> None:
    repo = go_repo(SHOP)
    ws = split(repo, ["Sell", "Item", "TestSell"], "sales")
    sales = ws.read_text("sales/shop.go")
    assert sales.startswith(LICENCE + 'package shop\n\nimport shop2 "example.com/m/shop"\n\n') or "shop.Price" in sales
    assert "return item.Price, nil" in sales
    assert "Price shop.Price // in euros" in sales
    assert "\tOld   *shop.Price\n" in sales
    assert repo.vet(ws) == ""
    assert repo.unformatted(ws) == ""


def test_a_file_whose_declarations_all_go_moves_with_its_test(go_repo: Make) -> None:
    files = {
        "p/a.go": "package p\n\nfunc A() {}\n\ntype T int\n\nfunc (T) M() {}\n",
        "p/a_test.go": "package p\n\nvar _ = A\n",
        "p/b.go": "package p\n",
        "q/a.go": "package q\n",
    }
    repo = go_repo(files)
    ws = repo.workspace()
    ws.go.split("p", {"q": ["A", "T"]})
    assert ws.files("p") == ["p/b.go"]
    assert dict(ws.moved) == {"p/a.go": "q/a2.go", "p/a_test.go": "q/a_test.go"}
    assert ws.notes == ['p/a_test.go:3 _ goes along to "q"']
    assert repo.vet(ws) == ""


def test_the_test_of_a_file_goes_with_it_unless_it_is_named(go_repo: Make) -> None:
    files = {
        "p/a.go": "package p\n\nfunc A() {}\n",
        "p/a_test.go": "package p\n\nvar _ = A\n\nfunc Help() { B() }\n",
        "p/b.go": "package p\n\nfunc B() {}\n",
    }
    repo = go_repo(files)
    ws = repo.workspace()
    ws.go.split("p", {"q": ["a.go"]})
    ws.flush()
    assert ws.notes == [
        'p/a_test.go goes to "q" with p/a.go',
        '"q" holds package p; rename="q" gives it the name of its folder',
    ]
    assert "func Help() { p.B() }" in ws.read_text("q/a_test.go")
    assert repo.vet(ws) == ""


def test_a_split_to_two_places_and_a_move_of_the_rest_are_one_map(go_repo: Make) -> None:
    repo = go_repo(SHOP)
    ws = repo.workspace()
    ws.go.split("shop", {"pricing": ["Price", "Currency"], "lib/errs": ["Err*.go", "ErrSold", "ErrShut"][1:]})
    ws.go.move("shop", "store/shop")
    text = ws.read_text("use/use.go")
    assert '"example.com/m/store/shop"' in text
    assert "func Use(price" in text
    assert ws.files("shop") == []
    assert repo.vet(ws) == ""
    assert repo.unformatted(ws) == ""


BUNDLE = {
    "p/kind_linux.go": 'package p\n\nimport "os"\n\nfunc Kind() string { return os.DevNull }\n\nfunc Stay() {}\n',
    "p/kind_windows.go": 'package p\n\nfunc Kind() string { return "w" }\n\nfunc Stay() {}\n',
    "p/tagged.go": '//go:build !tag\n\npackage p\n\nimport _ "embed"\n\n// Text is embedded.\n//\n//go:embed data.txt\n'
    "var Text string\n\nfunc Other() string { return Text }\n",
    "p/data.txt": "text",
    "p/generic.go": "package p\n\ntype Set[K comparable] map[K]struct{}\n\nfunc (s Set[K]) Add(k K) { s[k] = struct{}{} }\n\n"
    "func Keys[K comparable](s Set[K]) (keys []K) {\n\tfor k := range s {\n\t\tkeys = append(keys, k)\n\t}\n\treturn\n}\n\n"
    "type Base struct{ Set[string] }\n\ntype Derived struct {\n\tBase\n\tSet Set[int]\n}\n",
    "p/shadow.go": "package p\n\nfunc Shadow(q int) string {\n\tKind := Kind()\n\treturn Kind\n}\n\n"
    "type Fields struct{ Kind string }\n\nvar F = Fields{Kind: Kind()}\n",
    "p/assert.go": "package p\n\ntype Adder interface{ Add(int) }\n\nvar _ Adder = Set[int]{}\n\nfunc init() { Stay() }\n",
    "q/q.go": "package q\n\nvar Q = 1\n",
    "p/iota.go": "package p\n\n// Weekday is a day.\ntype Weekday int\n\n// The days.\nconst (\n\tMonday Weekday = iota\n\tTuesday\n)\n\nvar Rest = Tuesday\n",
    "u/u.go": 'package u\n\nimport "example.com/m/p"\n\nvar _ = p.Keys(p.Set[string]{})\nvar _ = p.Derived{Base: p.Base{}}\nvar _ = p.F\n',
}


def test_a_rich_package_is_cut_for_every_system(go_repo: Make) -> None:
    repo = go_repo(BUNDLE)
    ws = repo.workspace()
    ws.go.split("p", {"q": ["Kind", "Text", "data.txt", "Set", "Base", "Weekday", "Monday", "Tuesday"]})
    assert ws.read_text("q/kind_linux.go").startswith('package q\n\nimport "os"\n')
    assert ws.read_text("q/kind_windows.go") == 'package q\n\nfunc Kind() string { return "w" }\n'
    assert ws.read_text("q/tagged.go").startswith('//go:build !tag\n\npackage q\n\nimport _ "embed"\n\n// Text is')
    assert ws.read_text("p/tagged.go").startswith('//go:build !tag\n\npackage p\n\nimport "example.com/m/q"\n')
    assert "Kind := q2.Kind()" in ws.read_text("p/shadow.go")
    assert "Fields{Kind: q2.Kind()}" in ws.read_text("p/shadow.go")
    assert "\tq.Base\n\tSet q.Set[int]\n" in ws.read_text("p/generic.go")
    assert "var _ Adder = q.Set[int]{}" in ws.read_text("p/assert.go")
    assert "\n\n// The days.\nconst (\n\tMonday Weekday = iota\n\tTuesday\n)\n" in ws.read_text("q/iota.go")
    assert "p.Derived{Base: q.Base{}}" in ws.read_text("u/u.go")
    assert repo.vet(ws) == ""
    assert repo.vet(ws, GOOS="windows") == ""
    assert repo.unformatted(ws) == ""


def test_assertions_go_with_all_that_they_name(go_repo: Make) -> None:
    repo = go_repo(BUNDLE)
    ws = repo.workspace()
    ws.go.split("p", {"set": ["Set", "Adder"]}, rename="set")
    assert "var _ Adder = Set[int]{}" in ws.read_text("set/assert.go")
    assert ws.read_text("p/assert.go") == "package p\n\nfunc init() { Stay() }\n"
    assert "p/assert.go:7 init stays where it is" in ws.notes
    assert repo.vet(ws) == ""


EXPORT = {
    "p/a.go": "package p\n\n// limit is the most.\nvar limit = 3\n\n// helper helps. See limit.\nfunc helper(n int) int {\n"
    "\tlimit := n\n\treturn limit\n}\n\ntype pair struct{ limit int }\n",
    "p/b.go": "package p\n\nfunc B() int { return helper(limit) }\n\nvar p = pair{limit: limit}\n",
    "p/b_test.go": "package p\n\nvar _ = B() + helper(limit)\n",
}


@pytest.mark.parametrize("export", [True, ["helper", "limit"]])
def test_what_crosses_is_exported_on_request(go_repo: Make, export: object) -> None:
    repo = go_repo(EXPORT)
    ws = repo.workspace()
    ws.go.split("p", {"q": ["helper", "limit"]}, rename="q", export=export)  # type: ignore[arg-type]
    q = ws.read_text("q/a.go")
    assert q.startswith("package q\n\n// Limit is the most.\nvar Limit = 3\n\n// Helper helps. See limit.\n")
    assert "func Helper(n int) int {\n\tlimit := n\n\treturn limit\n}" in q
    assert "func B() int { return q.Helper(q.Limit) }\n\nvar p = pair{limit: q.Limit}" in ws.read_text("p/b.go")
    assert "var _ = B() + q.Helper(q.Limit)" in ws.read_text("p/b_test.go")
    assert repo.vet(ws) == ""


@pytest.mark.parametrize(
    ("files", "name", "message"),
    [
        ({"p/b.go": "package p\n\nvar Limit = 2\n"}, "limit", r"p/b\.go:3 declares Limit already"),
        ({"p/b.go": "package p\n\ntype E struct{ *pair }\n"}, "pair", r"p/b\.go:3 pair is embedded"),
        (
            {"p/b.go": "package p\n\nfunc B(Limit int) int { return limit }\n"},
            "limit",
            r"p/b\.go:3 limit: a local Limit hides the new name there",
        ),
        ({"p/b.go": "package p\n\nvar b = U{limit: 1}\n"}, "limit", r"p/b\.go:3 limit may be that name or a field"),
        ({"p/x.s": "TEXT \u00b7helper(SB), $0\n"}, "helper", r"p/x\.s:1 names helper for the linker"),
        ({"p/b.go": 'package p\n\nimport Limit "fmt"\n\nvar _ = Limit.Sprint()\n'}, "limit", r'imports "fmt" as Limit'),
    ],
)
def test_what_cannot_be_exported_is_listed(go_repo: Make, files: dict[str, str], name: str, message: str) -> None:
    ws = go_repo({**EXPORT, **files}).workspace()
    ws.go.split("p", {"q": [name]}, export=name)
    with pytest.raises(PhaseError, match=message):
        ws.flush()
    assert not ws.exists("q")


KEPT = """package p

import "fmt"

type Known struct{ mine int }

type Both struct{ name string }

func (b Both) Name() string { return b.name }
"""

GONE = """package p

type Gone struct {
	Public  int
	secret  int
	name    string
	inner   struct{ deep int }
}

func (g *Gone) hidden() int { return g.secret }

func (g *Gone) Name() string { return g.name }

func NewGone() *Gone { return &Gone{1, 2, "", struct{ deep int }{3}} }

type Face interface {
	Do()
	mark()
}

var Value = Gone{}
"""


@pytest.mark.parametrize(
    ("kept", "message"),
    [
        (
            "func F(g *Gone) int { return g.secret }",
            r"p/k\.go:3 \.secret \(of p/g\.go:5\): field, not exported: it cannot",
        ),
        ("var F = NewGone().hidden()", r"p/k\.go:3 \.hidden \(of p/g\.go:10\): method, not exported"),
        ("var F = Value.inner.deep", r"p/k\.go:3 \.deep \(of p/g\.go:7\)"),
        ("var F = Gone{secret: 1}", r"p/k\.go:3 \.secret \(of p/g\.go:5\)"),
        (
            "var F = []Gone{{Public: 1, name: `x`}}",
            r"p/k\.go:3 \.name \(of p/g\.go:6\): field, not exported: it cannot",
        ),
        (
            "var F = map[string]*Gone{`a`: {1, 2, ``, struct{ deep int }{3}}}",
            r"p/k\.go:3 Gone\{…\} \(of p/g\.go:3\): a literal w",
        ),
        ("type E struct{ Gone }\n\nfunc (e E) F() int { return e.secret }", r"p/k\.go:5 \.secret"),
        ("var x = get()\n\nvar _ Gone\n\nvar F = x.name", r"p/k\.go:7 \.name .* it may be this one"),
        (
            "type Impl struct{ Face }\n\nfunc (Impl) mark() {}",
            r"p/k\.go:5 \.mark \(of p/g\.go:16\): a method that is not exported",
        ),
        ("type own struct{}\n\nfunc (g Gone) M() {}", r"p/k\.go:5 Gone \(of p/g\.go:3\): a method must be"),
        ("var F = Gone.hidden", r"p/k\.go:3 \.hidden"),
        ("var F = lost(Value)", r"p/k\.go:3 uses lost, which no file of the package declares"),
    ],
)
def test_what_syntax_or_the_language_forbids_is_listed(go_repo: Make, kept: str, message: str) -> None:
    known = KEPT if "may be" in message else "package p\n"
    place = "k2" if "no file" in message else "p"
    ws = go_repo({"p/k.go": f"package p\n\n{kept}\n", "p/known.go": known, "p/g.go": GONE}).workspace()
    ws.go.split("p", {"q": ["g.go"]})
    if place != "p":
        ws.go.split("p", {place: ["k.go"]})
    with pytest.raises(PhaseError, match=message):
        ws.flush()
    assert ws.exists("p/g.go")


def test_fields_of_types_that_can_be_read_are_no_doubt(go_repo: Make) -> None:
    body = """package p

type Mine struct {
	name string
	in   struct{ secret int }
	all  []*Mine
}

func (m *Mine) hidden() *Mine { return m }

func New() (*Mine, error) { return &Mine{name: "x"}, nil }

func F(g *Gone, others map[string]Mine) string {
	m, _ := New()
	n := &Mine{}
	for _, each := range n.all {
		each.name = m.name
	}
	var v Mine
	v.name = others["x"].name
	func(m Mine) { m.in.secret++ }(v)
	if k := m.hidden(); k.hidden().name == "" {
		return k.name
	}
	switch x := any(m).(type) {
	case *Mine:
		return m.hidden().name
	default:
		_ = x
	}
	queue := make(chan *Mine)
	for each := range queue {
		each.name = (<-queue).name
	}
	last, _ := <-queue
	one, _ := any(last).(*Mine)
	select {
	case got := <-queue:
		got.name = one.name + last.hidden().name
	}
	return new(Mine).hidden().name + g.Name() + []Mine{{name: "y"}}[0].name
}
"""
    repo = go_repo({"p/k.go": body, "p/g.go": GONE})
    ws = repo.workspace()
    ws.go.split("p", {"q": ["g.go"]}, rename="q")
    assert "func F(g *q.Gone, others" in ws.read_text("p/k.go")
    assert repo.vet(ws) == ""


@pytest.mark.parametrize(
    ("files", "items", "message"),
    [
        (
            {"p/a.go": "package p\n\nfunc init() {}\n\ntype T int\n\nfunc (T) M() {}\n"},
            ["T.M"],
            r'"T\.M" cannot be named alone',
        ),
        ({"p/a.go": "package p\n\nfunc init() {}\n"}, ["init"], '"init" cannot be named'),
        (
            {"p/a.go": "package p\n\nfunc Alpha() {}\n"},
            ["Alhpa"],
            'no file or declaration in "p" matches "Alhpa"; did you mean',
        ),
        ({"p/a.go": "package p\n\nfunc Alpha() {}\n"}, ["b.go"], 'no file in "p" matches "b.go"'),
        ({"p/a.go": "package p\n"}, [], "names no file and no declaration"),
    ],
)
def test_items_that_are_not_there_are_refused_at_once(
    go_repo: Make, files: dict[str, str], items: list[str], message: str
) -> None:
    ws = go_repo(files).workspace()
    with pytest.raises((PathError, PhaseError), match=message):
        ws.go.split("p", {"q": items})


@pytest.mark.parametrize(
    ("files", "items", "message"),
    [
        (
            {"p/a.go": "package p\n\nconst (\n\tA = iota\n\tB\n)\n"},
            ["A"],
            r"p/a\.go:3 A, B are declared together: the group counts with iota",
        ),
        ({"p/a.go": "package p\n\nvar A, B = 1, 2\n"}, ["A"], r"p/a\.go:3 A, B are declared together"),
        ({"p/a.go": 'package p\n\nimport "C"\n\nfunc A() {}\n\nfunc B() {}\n'}, ["A"], r'"p/a\.go" cannot .*: it uses cgo'),
        (
            {"p/a.go": 'package p\n\nimport . "fmt"\n\nfunc A() { Println() }\n\nfunc B() {}\n'},
            ["A"],
            'it has a dot import of "fmt"',
        ),
        (
            {"p/a.go": "package p\n\nfunc A()\n\nfunc B() {}\n", "p/a.s": "TEXT \u00b7A(SB), $0\n\tRET\n"},
            ["A"],
            r"p/a\.go:3 A cannot go alone: it has no body here",
        ),
        (
            {"p/a.go": "package p\n\nfunc A()\n", "p/b.go": "package p\n", "p/a.s": "TEXT \u00b7A(SB), $0\n\tRET\n"},
            ["a.go"],
            r'p/a\.s:1 names A, which goes to "q"',
        ),
        ({"p/a.go": "package p; func A() {}\n\nfunc B() {}\n"}, ["A"], r"p/a\.go:1 A cannot go alone: something else is on its line"),
        (
            {"p/a.go": 'package p\n\nimport "weird.example/go.x-y.z"\n\nfunc A() { a.X(); b.X() }\n\nfunc B() {}\n'},
            ["A"],
            r"p/a\.go:3 imports .* under a name that does not follow from the path",
        ),
        (
            {"p/a.go": "package p\n\nfunc A() { B() }\n\nfunc B() { A() }\n"},
            ["A"],
            r'import cycle:\n.*p/a\.go:3 uses B, so "q" needs "p"\n.*p/a\.go:5 uses A, so "p" needs "q"',
        ),
        (
            {
                "p/a.go": 'package p\n\nimport "example.com/m/r"\n\nfunc A() { r.R() }\n\nfunc B() { A() }\n',
                "r/r.go": 'package r\n\nimport "example.com/m/q"\n\nfunc R() { q.Q() }\n',
                "q/q.go": "package q\n\nfunc Q() {}\n",
            },
            ["A"],
            r'cycle:\n.*q/a\.go:3 imports "example\.com/m/r"\n.*r/r\.go:3 imports "example\.com/m/q"',
        ),
        (
            {"p/a.go": "package p\n\nfunc A() {}\n", "p/a_test.go": "package p\n\nfunc Help() {}\n",
             "p/b.go": "package p\n", "p/b_test.go": "package p\n\nvar _ = Help\n"},
            ["A"],
            r"p/b_test\.go:3 Help \(of p/a_test\.go:3\): declared in a test file",
        ),
        (
            {"p/a.go": "package main\n\nfunc A() {}\n\nfunc main() { A() }\n"},
            ["A"],
            r"p/a\.go:5 A \(of p/a\.go:3\): of package main, which nobody can import",
        ),
        (
            {"p/a.go": "package p\n\nfunc A() int { return len(``) }\n\nfunc B() {}\n", "q/q.go": "package q\n\nfunc len(string) int { return 0 }\n"},
            ["A"],
            r"p/a\.go:3 len would mean what q/q\.go:3 declares",
        ),
        (
            {"p/a.go": 'package p\n\nimport "fmt"\n\nfunc A() { fmt.Println() }\n\nfunc B() {}\n', "q/q.go": "package q\n\nvar fmt = 0\n"},
            ["A"],
            r'p/a\.go:3 imports "fmt" as fmt, which q/q\.go:3 declares',
        ),
    ],
)  # fmt: skip
def test_cuts_that_cannot_be_are_refused_with_their_places(
    go_repo: Make, files: dict[str, str], items: list[str], message: str
) -> None:
    ws = go_repo(files).workspace()
    before = dict(ws.overlay.entries)
    ws.go.split("p", {"q": items})
    with pytest.raises(PhaseError, match=message):
        ws.flush()
    assert ws.overlay.entries == before
    assert ws.notes == []


def test_one_name_goes_to_one_place(go_repo: Make) -> None:
    ws = go_repo(SHOP).workspace()
    ws.go.split("shop", {"a": ["Price"], "b": ["Price"]})
    with pytest.raises(PhaseError, match='"Price" would move to two places, "a" and "b"'):
        ws.flush()
    ws.go.split("shop", {"a": ["Price"], "b": ["shop.go"]})
    with pytest.raises(PhaseError, match=r'"Price" would move to two places: shop/shop\.go:\d+ goes to "b"'):
        ws.flush()


def test_a_file_that_joins_what_it_imports_loses_the_qualifiers(go_repo: Make) -> None:
    files = {
        "p/a.go": 'package p\n\nimport (\n\t"fmt"\n\n\t"example.com/m/q"\n)\n\nfunc A() { fmt.Println(q.Q, q . R) }\n',
        "p/b.go": "package p\n",
        "q/q.go": "package q\n\nconst Q, R = 1, 2\n",
    }
    repo = go_repo(files)
    ws = repo.workspace()
    ws.go.split("p", {"q": ["a.go"]})
    assert ws.read_text("q/a.go") == 'package q\n\nimport (\n\t"fmt"\n)\n\nfunc A() { fmt.Println(Q, R) }\n'
    assert repo.vet(ws) == ""


@pytest.mark.parametrize("name", ["First", "Last"])
def test_a_file_without_a_last_line_feed_is_cut_like_any_other(go_repo: Make, name: str) -> None:
    repo = go_repo({"a/a.go": "package a\n\ntype First int\n\ntype Last struct{}"})
    ws = repo.workspace()
    ws.go.split("a", {"b": [name]})
    assert [path for path in ws.files() if f"type {name} " in ws.read_text(path)] == ["b/a.go"]
    assert repo.vet(ws) == ""


def test_line_ends_are_kept(go_repo: Make) -> None:
    source = 'package p\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc A() { fmt.Println() }\n\nfunc B() { os.Exit(1); A() }\n'
    repo = go_repo({"p/a.go": source.replace("\n", "\r\n")})
    ws = repo.workspace()
    ws.go.split("p", {"q": ["A"]}, rename="q")
    assert ws.read_text("q/a.go") == 'package q\r\n\r\nimport (\r\n\t"fmt"\r\n)\r\n\r\nfunc A() { fmt.Println() }\r\n'
    assert ws.read_text("p/a.go").count("\n") == ws.read_text("p/a.go").count("\r\n")
    assert repo.vet(ws) == ""


def test_a_split_package_that_moves_on_can_be_forwarded(go_repo: Make) -> None:
    repo = go_repo(SHOP)
    ws = repo.workspace()
    ws.imports = "forward"
    ws.go.split("shop", {"pricing": ["Price", "Currency"]}, rename="pricing")
    ws.go.move("shop", "store")
    assert ws.read_text("use/use.go") == SHOP["use/use.go"]
    assert repo.vet(ws) == ""
