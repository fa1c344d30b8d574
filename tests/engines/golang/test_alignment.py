"""Columns behind a name that changes its width end up where gofmt puts them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from migrate.engines.golang.edit import edit_go
from migrate.engines.golang.header import scan
from migrate.engines.golang.scope import Scopes
from migrate.engines.splice import Splice

SNIPPETS = {
    "struct tags": 'type T struct {\n\tA     q.Type `json:"a b"`\n\tLong  string `x:"y"`\n\tOther q.X    `z:"é"`\n}',
    "tags and comments": "type T struct {\n\tA q.Type `a`   // one\n\tB int    `bcd` // two\n\n\tC q.Type // three\n}",
    "comments of one width": "type T struct {\n\tA q.X // one\n\tB int // two\n}",
    "values": "var (\n\ta      q.T = 1\n\tlonger int = 2\n\n\tb q.T = 3\n)",
    "keys": 'var m = map[string]int{\n\tq.A:      1,\n\t"longer": 2, // two\n\tq.BB:     3, // three\n}',
    "statements": "func f() {\n\tq.F() // one\n\tother(q.A, q.B) // two\n\t{\n\t\tq.F() // three\n\t}\n}",
    "no columns": "func f(a q.A, b  int) q.C {\n\treturn q.D( 1 ) + q.E\n}",
    "strings and comments keep their spaces": "var s = q.F(\"a  b\", `c  d`, ' ') // e  f",
    "a neighbour by chance": "func f() {\n\tx := q.A\n\tyz = q.B + c\n\tq.C(a, b)\n}",
    "carriage returns are kept": "var a = q.A",
}


def rename(source: bytes, name: str) -> bytes:
    header = scan(source)
    assert header is not None
    uses = [use for use in Scopes(source).free({"q"}) if use.selected]
    return edit_go(source, header, [Splice(use.start, use.end, name.encode()) for use in uses])


def gofmt(source: bytes) -> bytes:
    return subprocess.run(["gofmt"], input=source, capture_output=True, check=True).stdout


@pytest.mark.parametrize("name", ["x", "qq", "longer_than_before", "é"])
@pytest.mark.parametrize("snippet", SNIPPETS.values(), ids=SNIPPETS.keys())
def test_a_formatted_file_stays_formatted(snippet: str, name: str) -> None:
    source = gofmt(f'package a\n\nimport "x/q"\n\n{snippet}\n'.encode())
    assert rename(source, name) == gofmt(source.replace(b"q.", name.encode() + b"."))


def test_a_file_that_was_not_formatted_changes_in_its_names_alone() -> None:
    source = b'package a\nimport "x/q"\nvar a   =  q.A   // one\nvar bb = q.B\r\n'
    assert rename(source, "longer") == source.replace(b"q.", b"longer.")


def test_no_file_of_the_standard_library_loses_its_format(tmp_path: Path) -> None:
    root = subprocess.run(["go", "env", "GOROOT"], capture_output=True, text=True, check=True).stdout.strip()
    before, after = tmp_path / "before", tmp_path / "after"
    before.mkdir()
    after.mkdir()
    for path in sorted(Path(root, "src", "net", "http").glob("*.go")):
        source = path.read_bytes()
        header = scan(source)
        assert header is not None
        uses = [use for use in Scopes(source).free({"strings", "time", "errors"}) if use.selected]
        edits = [Splice(use.start, use.end, use.name[:1].encode()) for use in uses]
        (before / path.name).write_bytes(source)
        (after / path.name).write_bytes(edit_go(source, header, edits))
    assert len(list(after.iterdir())) > 50
    # Some versions of Go ship a file that their own gofmt would write otherwise.
    assert unformatted(after) == unformatted(before)


def unformatted(folder: Path) -> bytes:
    return subprocess.run(["gofmt", "-l", "."], cwd=folder, capture_output=True, check=True).stdout
