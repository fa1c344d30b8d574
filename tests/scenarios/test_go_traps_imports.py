"""Moving Go packages, traps 3 to 11: which files are edited, and every form in which they import."""

from __future__ import annotations

from tests.scenarios.moving import Moving
from tests.story import Story

A = "package a\n\nfunc A() int { return 1 }\n"
MAIN = "package main\n\n{}\n\nfunc main() {{ {} }}\n"


def importing(package: str, above: str = "") -> str:
    """A file that uses the package `internal/a`."""
    return f'{above}package {package}\n\nimport "example.com/shop/internal/a"\n\nvar _ = a.A()\n'


def test_trap_03_files_that_this_machine_never_builds_follow_too(story: Story) -> None:
    """3. GOOS and GOARCH by name and by tag, `//go:build ignore`, old `+build` lines, folders `_x` and `testdata`."""
    program = Moving(
        story,
        {
            "internal/a/a.go": A,
            "internal/a/only_windows.go": "package a\n\nfunc Windows() {}\n",
            "b/b.go": "package b\n",
            "b/b_windows.go": importing("b").replace("a.A()", "a.Windows"),
            "b/b_darwin_arm64.go": importing("b"),
            "b/b_test.go": importing("b_test", "//go:build !windows\n\n"),
            "b/tagged.go": importing("b", "//go:build (integration && !linux) || sometimes\n\n"),
            "b/gen.go": importing("main", "//go:build ignore\n\n") + "\nfunc main() {}\n",
            "b/testdata/t.go": importing("t"),
            "_old/o.go": importing("old", "//go:build plan9\n// +build plan9\n\n"),
            ".hidden/h.go": importing("hidden"),
            "odd/testdata/broken.go": importing("broken") + "func {\n",
        },
    ).moved('go.move("internal/a", "pkg/a")')
    program.builds().builds_elsewhere("windows", "darwin").formatted("odd/testdata/broken.go")
    program.run("go", "vet", "-tags=sometimes", "./...")
    program.run("go", "vet", "b/gen.go")
    for path in program.story.files("HEAD"):
        assert "example.com/shop/internal/a" not in program.text(path), path


def test_trap_04_tests_travel_with_their_package(story: Story) -> None:
    """4. Tests inside and outside the package, `export_test.go`, examples; a test of another package; a rename."""
    program = Moving(
        story,
        {
            "internal/a/a.go": "package a\n\nfunc hidden() int { return 1 }\n",
            "internal/a/export_test.go": "package a\n\nvar Hidden = hidden\n",
            "internal/a/inside_test.go": 'package a\n\nimport "testing"\n\n'
            "func TestInside(t *testing.T) { _ = hidden() }\n",
            "internal/a/outside_test.go": 'package a_test\n\nimport (\n\t"fmt"\n\n\t"example.com/shop/internal/a"\n)\n\n'
            "func ExampleHidden() {\n\tfmt.Println(a.Hidden())\n\t// Output: 1\n}\n",
            "only/tests_test.go": 'package only_test\n\nimport "testing"\n\nfunc TestOnly(t *testing.T) {}\n',
        },
    ).moved('go.move("internal/a", "pkg/metrics", rename="metrics")', 'go.move("only", "pkg/only")')
    program.builds().formatted()
    assert program.run("go", "test", "./...").count("ok  ") == 2
    assert program.text("pkg/metrics/outside_test.go").startswith("package metrics_test\n")
    assert program.text("pkg/metrics/export_test.go").startswith("package metrics\n")


def test_trap_05_the_package_name_is_read_and_never_guessed(story: Story) -> None:
    """5. A package whose name is not its folder's: with a version, a hyphen, or just another name."""
    program = Moving(
        story,
        {
            "internal/go-cache/c.go": "package cache\n\nfunc C() {}\n",
            "internal/log/v2/l.go": "package log\n\nfunc L() {}\n",
            "internal/stuff/s.go": "package helpers\n\nfunc S() {}\n",
            "internal/doc/d.go": "//go:build ignore\n\npackage main\n\nfunc main() {}\n",
            "internal/doc/e.go": "package doc\n\nfunc E() {}\n",
            "main.go": MAIN.format(
                'import (\n\t"example.com/shop/internal/doc"\n\t"example.com/shop/internal/go-cache"\n'
                '\t"example.com/shop/internal/log/v2"\n\t"example.com/shop/internal/stuff"\n)',
                "cache.C(); log.L(); helpers.S(); doc.E()",
            ),
        },
    ).moved(
        'go.move("internal/go-cache", "pkg/caching")',
        'go.move("internal/log/v2", "pkg/log/v3")',
        'go.move("internal/stuff", "pkg/helpers")',
        'go.move("internal/doc", "pkg/documents")',
    )
    program.builds()
    imports = [line.strip() for line in program.text("main.go").splitlines() if "shop/pkg" in line]
    assert imports == [f'"example.com/shop/pkg/{path}"' for path in ("caching", "documents", "helpers", "log/v3")]


def test_trap_06_a_new_name_reaches_every_clause_and_callers_compile(story: Story) -> None:
    """6. The clause and those of the tests are renamed; callers with locals, fields and labels of either name
    compile."""
    program = Moving(
        story,
        {
            "internal/stats/s.go": "package stats\n\ntype T struct{ N int }\n\nfunc New() T { return T{} }\n",
            "internal/stats/s_test.go": "package stats\n\nvar _ = New()\n",
            "internal/stats/x_test.go": 'package stats_test\n\nimport "example.com/shop/internal/stats"\n\n'
            "var _ = stats.New()\n",
            "plain/p.go": 'package plain\n\nimport "example.com/shop/internal/stats"\n\n'
            "func F() int { return stats.New().N }\n",
            "shadowed/s.go": 'package shadowed\n\nimport "example.com/shop/internal/stats"\n\n'
            "type box struct{ stats, metrics stats.T }\n\nfunc F(metrics int) int {\n"
            "\tb := box{stats: stats.New(), metrics: stats.New()}\nstats:\n"
            "\tfor metrics > 0 {\n\t\tmetrics--\n\t\tcontinue stats\n\t}\n"
            "\treturn b.stats.N + b.metrics.N + stats.New().N\n}\n",
            "declares/d.go": 'package declares\n\nimport "example.com/shop/internal/stats"\n\n'
            "type metrics struct{}\n\nvar _ = stats.T{}\n",
            "named/n.go": 'package named\n\nimport st "example.com/shop/internal/stats"\n\nvar _ = st.New()\n',
        },
    ).moved('go.move("internal/stats", "pkg/metrics", rename="metrics")')
    program.builds().formatted()
    assert program.text("pkg/metrics/x_test.go").startswith("package metrics_test\n")
    assert 'import st "example.com/shop/pkg/metrics"\n' in program.text("named/n.go")


def test_trap_07_two_packages_of_one_name_stay_apart(story: Story) -> None:
    """7. One file imports two packages of one name, before the move, and after a rename makes them alike."""
    program = Moving(
        story,
        {
            "a/client/c.go": "package client\n\nfunc A() {}\n",
            "b/client/c.go": "package client\n\nfunc B() {}\n",
            "c/api/c.go": "package api\n\nfunc C() {}\n",
            "main.go": MAIN.format(
                'import (\n\t"example.com/shop/a/client"\n\tother "example.com/shop/b/client"\n'
                '\t"example.com/shop/c/api"\n)',
                "client.A(); other.B(); api.C()",
            ),
        },
    ).moved(
        'go.move("a/client", "b/client")',
        'go.move("b/client", "a/client")',
        'go.move("c/api", "c/client", rename="client")',
    )
    program.builds().formatted()
    assert '\t"example.com/shop/b/client"\n' in program.text("main.go")
    assert '\tother "example.com/shop/a/client"\n' in program.text("main.go")


def test_trap_08_every_form_of_import_keeps_its_meaning(story: Story) -> None:
    """8. Dot, blank, named and raw-string imports, the same path under two names; side effects still run."""
    program = Moving(
        story,
        {
            "internal/a/a.go": 'package a\n\nfunc init() { print("started ") }\n\nfunc A() int { return 1 }\n',
            "dot/x.go": 'package dot\n\nimport . "example.com/shop/internal/a"\n\nvar X = A()\n',
            "blank/x.go": 'package blank\n\nimport _ "example.com/shop/internal/a"\n',
            "quoted/x.go": "package quoted\n\nimport `example.com/shop/internal/a`\n\nvar X = a.A()\n",
            "twice/x.go": 'package twice\n\nimport (\n\t"example.com/shop/internal/a"\n'
            '\tb "example.com/shop/internal/a"\n)\n\nvar X = a.A() + b.A()\n',
            "main.go": MAIN.format('import _ "example.com/shop/blank"', 'print("done")'),
        },
    ).moved('go.move("internal/a", "pkg/metrics", rename="metrics")')
    assert program.builds().run("go", "run", ".") == "started done"
    assert 'import . "example.com/shop/pkg/metrics"\n' in program.text("dot/x.go")
    assert "`example.com/shop/pkg/metrics`" in program.text("quoted/x.go")


CGO = """\
package c

import "fmt"

// #define ZERO 0
// int one(void);
import "C"

import (
	"example.com/shop/internal/a"
	"strings"
)

/*
#include <stdlib.h>
*/
import "C"

var Sum = fmt.Sprint(C.ZERO, a.A(), strings.ToLower("X"))
"""


def test_trap_09_the_preamble_stays_with_its_import(story: Story) -> None:
    """9. `import "C"` is never sorted and never parted from its preamble; a block that was not sorted stays so."""
    program = Moving(story, {"internal/a/a.go": A, "c/c.go": CGO})
    program.moved('go.move("internal/a", "zebra/a")').builds().formatted("c/c.go")
    assert program.text("c/c.go") == CGO.replace("internal/a", "zebra/a")


COMMENTED = """\
// Package d tells.
package d // d stands alone

import "example.com/shop/b" // first

/* why */ import (
	// the old one
	"example.com/shop/internal/a" // a

	// the std
	"fmt"
	"strings" /* s */ // t

	_ "example.com/shop/internal/a/deep" // deep
	"example.com/shop/k"
)

import ()

var _, _, _, _, _ = a.A, b.B, fmt.Sprint, strings.ToLower, k.K
"""
COMMENTED_AFTER = COMMENTED.replace(
    '\t_ "example.com/shop/internal/a/deep" // deep\n\t"example.com/shop/k"\n',
    '\t"example.com/shop/k"\n\t_ "example.com/shop/zebra/a/deep" // deep\n',
).replace("internal/a", "zebra/a")


def test_trap_10_comments_blank_lines_and_odd_layouts_stay(story: Story) -> None:
    """10. Comments and blank lines in import blocks, several declarations, semicolons, a byte-order mark, CRLF."""
    crlf = b'package f\r\n\r\nimport (\r\n\t"example.com/shop/internal/a"\r\n\t"example.com/shop/k"\r\n)\r\n\r\n'
    crlf += b"var _, _ = a.A, k.K\r\n"
    program = Moving(
        story,
        {
            "internal/a/a.go": A,
            "internal/a/deep/d.go": "package deep\n",
            "b/b.go": "package b\n\nfunc B() {}\n",
            "k/k.go": "package k\n\nfunc K() {}\n",
            "d/d.go": COMMENTED,
            "e/e.go": 'package e; import ("example.com/shop/internal/a"; "fmt"); var _, _ = a.A, fmt.Sprint\n',
            "e/one.go": b'\xef\xbb\xbfpackage e\nimport z "example.com/shop/internal/a"; var _ = z.A\n',
            "f/f.go": crlf,
            ".gitattributes": "*.go -text\n",
        },
    ).moved('go.move("internal/a", "zebra/a")')
    program.builds()
    assert program.text("d/d.go") == COMMENTED_AFTER
    assert program.text("e/e.go").startswith('package e; import ("example.com/shop/zebra/a"; "fmt");')
    assert program.text("e/one.go").startswith('\ufeffpackage e\nimport z "example.com/shop/zebra/a"; var')
    assert '\r\n\t"example.com/shop/k"\r\n\t"example.com/shop/zebra/a"\r\n)\r\n' in program.text("f/f.go")


def test_trap_11_an_import_comment_follows_its_package(story: Story) -> None:
    """11. `package x // import "…"`, in both kinds of comment; GOPATH-mode tools refuse a stale one."""
    program = Moving(
        story,
        {
            "internal/a/a.go": A.replace("package a", 'package a // import "example.com/shop/internal/a"'),
            "internal/a/b.go": 'package a /* import "example.com/shop/internal/a" */\n',
            "main.go": MAIN.format('import "example.com/shop/internal/a"', "a.A()"),
        },
    ).moved('go.move("internal/a", "pkg/b", rename="b")')
    program.builds()
    assert program.text("pkg/b/a.go").startswith('package b // import "example.com/shop/pkg/b"\n')
    assert program.text("pkg/b/b.go") == 'package b /* import "example.com/shop/pkg/b" */\n'
