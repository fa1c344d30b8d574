"""The header scan agrees with go/parser on every form that Go allows."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from migrate.engines.golang.header import scan

READ_WITH_GO = """
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"go/parser"
	"go/token"
	"os"
)

func main() {
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, lines.Text(), nil, parser.ImportsOnly)
		if err != nil {
			continue
		}
		row := []any{lines.Text(), file.Name.Name}
		for _, spec := range file.Imports {
			name := ""
			if spec.Name != nil {
				name = spec.Name.Name
			}
			row = append(row, []any{name, spec.Path.Value, set.Position(spec.Path.Pos()).Offset})
		}
		text, _ := json.Marshal(row)
		fmt.Println(string(text))
	}
}
"""

FORMS = {
    "one line": b'package a; import "x"; import y "z"\n',
    "block": b'package a\n\nimport (\n\t"x"\n\ty "z" // why\n\n\t_ "blank"\n\t. "dot"\n)\n',
    "block on one line": b'package a\nimport ("x"; y "z")\n',
    "raw string": b"package a\nimport `x/y`\n",
    "byte-order mark": b'\xef\xbb\xbfpackage a\nimport "x"\n',
    "carriage returns": b'package a\r\n\r\nimport (\r\n\t"x"\r\n\t"y"\r\n)\r\n',
    "comments everywhere": b'// a "b"\n/* package no */ package /* x */ a // import no\n'
    b'import /* ( */ ( // "no"\n/* "no" */ n /* ` */ "x" /* ) */\n// ) import "no"\n)\nimport "y"\n',
    "cgo": b'package a\n\n// #include "x.h"\n/* import "no" */\nimport "C"\nimport "x"\n',
    "no import": b'package a\n\nvar s = "import"\n',
    "empty block": b"package a\nimport ()\nimport (\n)\n",
    "ends in the clause": b"package a",
    "ends in the import": b'package a\nimport "x"',
    "unicode names": 'package übung\nimport größe "x"\n'.encode(),
    "import after a declaration": b'package a\nimport "x"\nvar i = 1\n',
}


@pytest.fixture(scope="module")
def parse_with_go(tmp_path_factory: pytest.TempPathFactory, go_caches: Mapping[str, str]) -> Path:
    folder = tmp_path_factory.mktemp("parser")
    (folder / "go.mod").write_text("module m\n\ngo 1.21\n")
    (folder / "main.go").write_text(READ_WITH_GO)
    env = {**os.environ, **go_caches, "GOFLAGS": "", "GOTOOLCHAIN": "local"}
    subprocess.run(["go", "build", "-o", "parse"], cwd=folder, check=True, env=env)
    return folder / "parse"


def compare(parse: Path, files: list[Path]) -> int:
    said = subprocess.run([parse], input="\n".join(map(str, files)), capture_output=True, text=True, check=True)
    rows = [json.loads(line) for line in said.stdout.splitlines()]
    for path, package, *imports in rows:
        content = Path(path).read_bytes()
        header = scan(content)
        assert header is not None, path
        read = [[spec.name, content[spec.start : spec.end].decode(), spec.start] for spec in header.imports]
        assert [header.package, *read] == [package, *imports], path
    return len(rows)


def test_every_form_is_read_as_go_reads_it(parse_with_go: Path, tmp_path: Path) -> None:
    files = []
    for number, content in enumerate(FORMS.values()):
        files.append(tmp_path / f"f{number}.go")
        files[-1].write_bytes(content)
    assert compare(parse_with_go, files) == len(FORMS)


def test_the_standard_library_is_read_as_go_reads_it(parse_with_go: Path) -> None:
    root = subprocess.run(["go", "env", "GOROOT"], capture_output=True, text=True, check=True).stdout.strip()
    files = sorted(Path(root, "src", "cmd").rglob("*.go"))
    assert compare(parse_with_go, files) > 1000


def test_a_file_without_a_clause_has_no_header() -> None:
    assert scan(b"not go at all") is None
    assert scan(b"") is None


def test_an_import_comment_is_found_only_behind_the_clause() -> None:
    header = scan(b'package a // import "x/a"\n')
    assert header is not None
    assert header.comment is not None
    assert header.comment.path == "x/a"
    later = scan(b'package a\n\n// import "x/a"\n')
    assert later is not None
    assert later.comment is None


@pytest.mark.parametrize(
    ("before", "ignored"),
    [
        (b"//go:build ignore\n\n", True),
        (b"// +build ignore\n\n", True),
        (b"//go:build linux\n\n", False),
        (b"// we build ignored things\n", False),
    ],
)
def test_a_build_constraint_that_ignores_the_file_is_seen(before: bytes, ignored: bool) -> None:
    header = scan(before + b"package a\n")
    assert header is not None
    assert header.is_ignored is ignored
