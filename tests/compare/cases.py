"""What each row of the comparison moves, and how it is judged.

A row is a small module in which `store` moves to `internal/data/store`. The checks are commands that say the same
before and after a right move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

MODULE = "example.com/m"
OLD, NEW = "store", "internal/data/store"
VET = ("go", "vet", "./...")

MOD = f"module {MODULE}\n\ngo 1.21\n"
STORE = 'package store\n\nvar Name = "none"\n\nfunc Open() string { return Name }\n'
USE = f'package use\n\nimport "{MODULE}/{OLD}"\n\nvar X = store.Open()\n'
BASE = {"go.mod": MOD, f"{OLD}/store.go": STORE, "use/use.go": USE}


@dataclass(frozen=True)
class Case:
    """One row. `rename` is the name that the package gets as well, "" for none."""

    title: str
    files: Mapping[str, str]
    checks: tuple[tuple[str, ...], ...] = (VET,)
    rename: str = ""


def main_that_prints(expression: str, imports: str = f'"{MODULE}/{OLD}"') -> str:
    """A program that prints one expression."""
    return f'package main\n\nimport (\n\t"fmt"\n\n\t{imports}\n)\n\nfunc main() {{ fmt.Println({expression}) }}\n'


CASES = (
    Case("a package, an importer, tests of both kinds", {
        **BASE,
        f"{OLD}/export_test.go": "package store\n\nvar Exported = Open\n",
        f"{OLD}/store_test.go": f'package store_test\n\nimport "{MODULE}/{OLD}"\n\nvar _ = store.Exported\n',
    }),
    Case("an importer for another system", {
        **BASE,
        "use/use_windows.go": f'package use\n\nimport "{MODULE}/{OLD}"\n\nvar W = store.Open()\n',
    }, (VET, ("env", "GOOS=windows", *VET))),
    Case("a package with files for other systems", {
        **BASE,
        f"{OLD}/sys_linux.go": "package store\n\nfunc Sys() int { return 1 }\n",
        f"{OLD}/sys_windows.go": "package store\n\nfunc Sys() int { return 2 }\n",
    }, (VET, ("env", "GOOS=windows", *VET))),
    Case("an importer behind a build tag", {
        **BASE,
        "use/tagged.go": f'//go:build integration\n\npackage use\n\nimport "{MODULE}/{OLD}"\n\nvar T = store.Open()\n',
    }, (VET, ("go", "vet", "-tags", "integration", "./..."))),
    Case("a program that no build takes in (`//go:build ignore`)", {
        **BASE,
        "tools/gen.go": "//go:build ignore\n\n" + main_that_prints("store.Open()"),
    }, (VET, ("go", "run", "tools/gen.go"))),
    Case("a package whose path begins alike", {
        **BASE,
        "stored/s.go": "package stored\n\nfunc S() {}\n",
        "use/two.go": f'package use\n\nimport "{MODULE}/stored"\n\nvar _ = stored.S\n',
    }),
    Case("import blocks as gofmt leaves them, comments in them", {
        **BASE,
        "use/block.go": f'package use\n\nimport (\n\t"{MODULE}/alpha" // first\n\t"{MODULE}/{OLD}" // second\n\n'
        '\t// and this\n\t"fmt"\n)\n\nvar _ = fmt.Sprint(store.Open(), alpha.A)\n',
        "alpha/a.go": "package alpha\n\nconst A = 1\n",
    }, (VET, ("gofmt", "-l", "."), ("grep", "-c", 'store" // second', "use/block.go"))),
    Case("code elsewhere that does not compile", {
        **BASE,
        "broken/broken_test.go": f'package broken\n\nimport "{MODULE}/{OLD}"\n\nvar _ int = store.Open()\n',
    }, (("go", "build", "./..."), ("sh", "-c", "go vet ./broken 2>&1 | grep -c 'cannot use'"))),
    Case("named, dot and blank imports, a path in back quotes", {
        **BASE,
        "use/forms.go": f'package use\n\nimport (\n\t. "{MODULE}/{OLD}"\n\t_ "{MODULE}/{OLD}"\n\ts `{MODULE}/{OLD}`\n)\n\n'
        "var _, _ = s.Open(), Open()\n",
    }),
    Case("a nested module that uses the package (`replace`)", {
        **BASE,
        "tool/go.mod": f"module {MODULE}/tool\n\ngo 1.21\n\nrequire {MODULE} v0.0.0\n\nreplace {MODULE} => ../\n",
        "tool/main.go": main_that_prints("store.Open()"),
    }, (VET, ("go", "-C", "tool", "vet", "./..."))),
    Case("what is embedded, and test data beside it", {
        **BASE,
        f"{OLD}/embed.go": 'package store\n\nimport _ "embed"\n\n//go:embed schema.sql\nvar Schema string\n',
        f"{OLD}/schema.sql": "create\n",
        f"{OLD}/data_test.go": 'package store\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestData(t *testing.T) {\n'
        '\tif _, err := os.Stat("testdata/x.txt"); err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n',
        f"{OLD}/testdata/x.txt": "x\n",
    }, (VET, ("sh", "-c", "go test ./... | grep -c ^ok"))),
    Case("`../testdata` in a test, when the depth changes", {
        **BASE,
        "testdata/x.txt": "x\n",
        f"{OLD}/data_test.go": 'package store\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestData(t *testing.T) {\n'
        '\tif _, err := os.Stat("../testdata/x.txt"); err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n',
    }, (VET, ("sh", "-c", "go test ./... | grep -c ^ok"))),
    Case("a path that the program opens while it runs", {
        **BASE,
        f"{OLD}/prices.json": "{}\n",
        "main.go": f'package main\n\nimport (\n\t"fmt"\n\t"os"\n)\n\nfunc main() {{\n\t_, err := os.Stat("{OLD}/prices.json")\n'
        "\tfmt.Println(err)\n}\n",
    }, (VET, ("go", "run", "."))),
    Case("`-ldflags -X` in a Makefile", {
        **BASE,
        "main.go": main_that_prints("store.Name"),
        "Makefile": f'run:\n\t@go run -ldflags "-X {MODULE}/{OLD}.Name=set" .\n',
    }, (VET, ("make", "-s", "run"))),
    Case("`//go:linkname`", {
        **BASE,
        f"{OLD}/hidden.go": "package store\n\nfunc hidden() int { return 7 }\n\nvar Hidden = hidden\n",
        "link/link.go": f'package link\n\nimport (\n\t_ "unsafe"\n\n\t_ "{MODULE}/{OLD}"\n)\n\n'
        f"//go:linkname hidden {MODULE}/{OLD}.hidden\nfunc hidden() int\n\nfunc Call() int {{ return hidden() }}\n",
        "link/stub.s": "",
        "main.go": main_that_prints("link.Call()", f'"{MODULE}/link"'),
    }, (("go", "run", "-ldflags=-checklinkname=0", "."),)),
    Case("the package gets another name too; a local variable has that name", {
        **BASE,
        "use/shadow.go": f'package use\n\nimport "{MODULE}/{OLD}"\n\nfunc f(repo int) (int, string) {{ return repo, store.Open() }}\n\n'
        "var _ = f\n",
        "use/field.go": f'package use\n\nimport "{MODULE}/{OLD}"\n\ntype t struct{{ store string }}\n\n'
        "var _ = t{store: store.Open()}.store\n",
    }, rename="repo"),
)  # fmt: skip
