"""Trap 26: packages at old paths forward to new ones, every branch compiles, and the last tree is the same."""

from __future__ import annotations

from tests.story import Story

PLAN = """\
[migration]
name = "{name}"
imports = "{imports}"

[[validation]]
name = "vet"
run = ["go", "vet", "./..."]

[[validation]]
name = "vet-elsewhere"
run = ["go", "vet", "./..."]
env = {{ GOOS = "windows", CGO_ENABLED = "0" }}

[[validation]]
name = "format"
run = 'test -z "$(gofmt -l . | tee /dev/stderr)"'

[[validation]]
name = "test"
run = ["go", "test", "-vet=off", "./..."]
phases = ["p02-*"]
"""

PHASES = {
    "p01_out.py": '''\
        """Move packages out."""


        def apply(ws):
            ws.go.move("retry", "pkg/retry")
            ws.go.move("effects", "pkg/effects")
            ws.go.move("stats", "internal/metrics", rename="metrics")
            ws.go.move("svc/deep", "pkg/deep")
            ws.go.move("lib/near", "core/internal/near")
            ws.go.split("cache", {"pkg/cache": ["cache.go"]})
            ws.references.update()
        ''',
    "p02_on.py": '''\
        """Move some of them on, and their importers."""


        def apply(ws):
            ws.go.move("pkg/retry", "base/retry")
            ws.go.move("svc", "domain")
            ws.go.move("app", "cmd/app")
            ws.go.move("left", "right")
            ws.go.move("right", "left")
            ws.go.move("later", "effects", rename="effects")
            ws.references.update()
        ''',
    "p03_clean.py": '''\
        """Let importers name the new places."""

        from migrate import Phase

        PHASE = Phase(may_be_empty=True)


        def apply(ws):
            ws.note(f"{ws.go.unforward()} files")
        ''',
}

RETRY = """\
// Package retry tries again.
package retry

import (
	"context"
	"errors"
	"runtime"
	"testing"

	"example.com/shop/svc/deep"
)

// Max is how often.
const Max = 3

// ErrGone is no copy of itself.
var ErrGone = errors.New("gone")

type (
	Policy      struct{ Tries int }
	List[T any] []T
	number      interface{ ~int | ~float64 }
	Number      interface{ ~int | ~float64 }
	job         struct{}
)

func (p *Policy) Do(ctx context.Context, f func(context.Context) error) error { return f(ctx) }

func New(retry int, _ deep.Option, _ ...string) (*Policy, error) { return &Policy{retry}, nil }

func Sum[N Number](ns ...N) (total N) {
	for _, n := range ns {
		total += n
	}
	return total
}

func Half[N number](n N) N { return n / 2 }

func Job() *job { return nil }

func Guard() {
	_ = recover()
}

func caller() string {
	_, file, _, _ := runtime.Caller(2)
	return file
}

func Where() string { return caller() }

func Must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func Each(xs List[int], f func(
	x int,
	name string,
)) {
	for _, x := range xs {
		f(x, "")
	}
}
"""

FILES = {
    "go.mod": "module example.com/shop\n\ngo 1.24\n",
    "retry/retry.go": RETRY,
    "retry/sys_linux.go": 'package retry\n\nfunc System(int) string { return "linux" }\n',
    "retry/sys_other.go": '//go:build !linux\n\npackage retry\n\nfunc System(int) string { return "other" }\n',
    "retry/retry_test.go": 'package retry\n\nimport "testing"\n\nfunc TestJob(t *testing.T) { _ = job{} }\n',
    "retry/outside_test.go": 'package retry_test\n\nimport (\n\t"testing"\n\n\t"example.com/shop/retry"\n)\n\n'
    "func TestMax(t *testing.T) { retry.Must(t, nil) }\n",
    "svc/deep/deep.go": "package deep\n\ntype Option int\n",
    "svc/svc.go": 'package svc\n\nimport "example.com/shop/svc/deep"\n\nvar Default deep.Option\n',
    "effects/effects.go": "package effects\n\nvar n int\n\nfunc init() { n++ }\n",
    "stats/stats.go": "package stats\n\ntype Counter struct{}\n\nfunc (Counter) Add(int) {}\n",
    "lib/near/near.go": "package near\n\nconst Near = 1\n",
    "core/core.go": 'package core\n\nimport "example.com/shop/lib/near"\n\nconst Core = near.Near\n',
    "cache/cache.go": "package cache\n\ntype Store struct{}\n\nfunc Open() *Store { return nil }\n",
    "cache/price.go": "package cache\n\ntype Price int\n\nfunc Of(cache int) Price { return Price(cache) }\n",
    "left/x.go": "package side\n\nconst Name = 1\n",
    "right/x.go": "package side\n\nconst Other = 1\n",
    "later/later.go": "package later\n\nconst Later = 1\n",
    "app/app.go": """\
package app

import (
	"context"
	"fmt"

	"example.com/shop/cache"
	_ "example.com/shop/effects"
	"example.com/shop/later"
	"example.com/shop/left"
	"example.com/shop/retry"
	r "example.com/shop/right"
	"example.com/shop/stats"
	"example.com/shop/svc"
)

type wrapped struct {
	retry.Policy
	stats.Counter
}

func Run(metrics int) error {
	p, err := retry.New(retry.Max, svc.Default, "a", "b")
	if err != nil {
		return err
	}
	var w wrapped
	w.Add(retry.Sum(1, 2))
	retry.Each(retry.List[int]{1}, func(int, string) {})
	fmt.Println(cache.Open(), cache.Of(metrics), retry.System(0), side.Name, r.Other, later.Later)
	return p.Do(context.Background(), func(context.Context) error { return nil })
}
""",
    "uses/variable.go": 'package uses\n\nimport "example.com/shop/retry"\n\nvar Gone = retry.ErrGone\n',
    "uses/constraint.go": 'package uses\n\nimport "example.com/shop/retry"\n\nvar One = retry.Half(2)\n',
    "uses/guard.go": 'package uses\n\nimport "example.com/shop/retry"\n\nfunc Guarded() { defer retry.Guard() }\n',
    "uses/where.go": 'package uses\n\nimport "example.com/shop/retry"\n\nfunc Here() string { return retry.Where() }\n',
    "uses/dot.go": 'package uses\n\nimport . "example.com/shop/retry"\n\nvar Most = Max\n',
    "uses/number.go": 'package uses\n\nimport "example.com/shop/stats"\n\nvar Counter stats.Counter\n',
    "uses/store_test.go": 'package uses\n\nimport "example.com/shop/cache"\n\nvar _ *cache.Store\n',
}


def begun(story: Story) -> Story:
    """The shop, with one plan for each of the two ways."""
    for name in ("forward", "rewrite"):
        story.write(f"{name}.toml", PLAN.format(name=name, imports=name))
    for file, text in PHASES.items():
        story.phase(file, text)
    story.commit("Begin", FILES)
    return story


def test_every_branch_compiles_and_both_ways_end_in_the_same_tree(story: Story) -> None:
    begun(story).type("--plan", "forward.toml", "run").ended(0, "p03-clean passed")
    changed = ("diff", "--name-only", "--no-renames", "--diff-filter=M", "main", "migrate/forward/p01-out")
    touched = story.git(*changed, "--", "app", "core", "uses")
    assert touched.split() == [
        "core/core.go",
        *(f"uses/{name}.go" for name in ("constraint", "dot", "guard", "variable", "where")),
    ]
    story.type("--plan", "forward.toml", "verify", "p02").ended(
        0, "0 stale", "forwarding  6 imports through 8 packages at old places"
    )
    story.type("--plan", "rewrite.toml", "run", "--no-validate").ended(0)
    for phase in ("p01-out", "p02-on", "p03-clean"):
        trees = [story.git("rev-parse", f"migrate/{way}/{phase}^{{tree}}") for way in ("forward", "rewrite")]
        assert (trees[0] == trees[1]) == (phase == "p03-clean"), phase
