"""A split takes along what only the moved part reads: of testdata/, and what it embeds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]


def a_test(name: str, body: str) -> str:
    return f'package p\n\nimport (\n\t"os"\n\t"path/filepath"\n\t"testing"\n)\n\nvar _ = filepath.Join\n\nfunc {name} {{ {body} }}\n'


READS = {
    "a path": 'os.ReadFile("testdata/a/x.txt")',
    "a folder": 'os.ReadDir("testdata/a")',
    "a folder of the file": 'os.ReadDir("./testdata/a/")',
    "a computed name": 'os.ReadFile("testdata/a/" + t.Name())',
    "a pattern": 'filepath.Glob("testdata/a/*.txt")',
    "a format": 'os.Open(fmt.Sprintf("testdata/a/%s.txt", t.Name()))',
    "joined": 'os.ReadFile(filepath.Join("testdata", "a", "x.txt"))',
    "joined in part": 'os.ReadFile(filepath.Join("testdata", "a", t.Name()))',
    "raw": "os.ReadFile(`testdata/a/x.txt`)",
}


@pytest.mark.parametrize("how", READS)
@pytest.mark.parametrize("part", ["a.go", "A"])
def test_what_tests_read_goes_along(go_repo: Make, how: str, part: str) -> None:
    files = {
        "p/a.go": "package p\n\nfunc A() {}\n",
        "p/b.go": "package p\n\nfunc B() {}\n",
        "p/a_test.go": a_test("TestA(t *testing.T)", f"A(); {READS[how]}"),
        "p/b_test.go": a_test("TestB(t *testing.T)", 'B(); os.ReadFile("testdata/b.txt")'),
        "p/testdata/a/x.txt": "x\n",
        "p/testdata/b.txt": "b\n",
    }
    ws = go_repo(files).workspace()
    ws.go.split("p", {"q": [part]}, rename="q")
    assert ws.files("p/testdata") == ["p/testdata/b.txt"]
    assert ws.files("q/testdata") == ["q/testdata/a/x.txt"]
    assert ws.moved.entry("p/testdata/a/x.txt") == ("p/testdata/a", "q/testdata/a")
    assert 'p/testdata/a goes along to "q": only what goes there reads it' in ws.notes


def test_a_test_that_moves_finds_what_it_reads(go_repo: Make) -> None:
    source = 'package p\n\nimport (\n\t"os"\n\t"testing"\n)\n\nfunc TestA(t *testing.T) {\n\tA()\n\tif _, err := os.ReadFile("testdata/a.txt"); err != nil {\n\t\tt.Fatal(err)\n\t}\n}\n'
    files = {
        "p/a.go": "package p\n\nfunc A() {}\n",
        "p/b.go": "package p\n",
        "p/a_test.go": source,
        "p/testdata/a.txt": "a\n",
    }
    repo = go_repo(files)
    ws = repo.workspace()
    ws.go.split("p", {"q": ["a.go"]}, rename="q")
    ws.references.update()
    assert repo.test(ws) == ""


BOTH = {
    "p/a.go": "package p\n\nfunc A() {}\n",
    "p/b.go": "package p\n\nfunc B() {}\n",
    "p/a_test.go": a_test("TestA(t *testing.T)", 'A(); os.ReadDir("testdata")'),
    "p/b_test.go": a_test("TestB(t *testing.T)", 'B(); os.ReadFile("testdata/b.txt")'),
    "p/testdata/a.txt": "a\n",
    "p/testdata/b.txt": "b\n",
}


def test_what_tests_of_both_sides_read_stays_and_is_noted(go_repo: Make) -> None:
    ws = go_repo(BOTH).workspace()
    ws.go.split("p", {"q": ["a.go"]}, rename="q")
    assert ws.files("q") == ["q/a.go", "q/a_test.go", "q/testdata/a.txt"]
    assert ws.exists("p/testdata/b.txt")
    assert 'p/testdata/b.txt stays, and is read from "q" too, where it will be missing' in ws.notes


def test_whose_file_it_is_its_name_tells(go_repo: Make) -> None:
    load = 'package p\n\nimport (\n\t"os"\n\t"testing"\n)\n\n'
    load += 'func load(t *testing.T, n string) { os.ReadFile("testdata/" + n) }\n'
    files = {
        **BOTH,
        "p/load_test.go": load,
        "p/a_test.go": a_test("TestA(t *testing.T)", 'A(); load(t, "a.txt")'),
        "p/b_test.go": a_test("TestB(t *testing.T)", 'B(); load(t, "b"+".txt"); load(t, "c.txt")'),
        "p/testdata/c.txt": "c\n",
    }
    ws = go_repo(files).workspace()
    ws.go.split("p", {"q": ["a.go"]}, rename="q", copy="load")
    assert ws.files("q/testdata") == ["q/testdata/a.txt"]
    assert ws.files("p/testdata") == ["p/testdata/b.txt", "p/testdata/c.txt"]


def test_the_rest_goes_where_all_tests_go(go_repo: Make) -> None:
    files = {path: content for path, content in BOTH.items() if path != "p/b_test.go"}
    files["p/a_test.go"] = a_test("FuzzA(t *testing.F)", "A()")
    files["p/testdata/fuzz/FuzzA/1"] = "x\n"
    ws = go_repo(files).workspace()
    ws.go.split("p", {"q": ["a.go"]}, rename="q")
    assert not ws.files("p/testdata")
    assert ws.moved.entry("p/testdata/a.txt") == ("p/testdata", "q/testdata")


def test_the_corpus_of_a_fuzz_test_goes_with_it(go_repo: Make) -> None:
    files = {**BOTH, "p/a_test.go": a_test("FuzzA(t *testing.F)", "A()"), "p/testdata/fuzz/FuzzA/1": "x\n"}
    ws = go_repo(files).workspace()
    ws.go.split("p", {"q": ["a.go"]}, rename="q")
    assert ws.files("q/testdata") == ["q/testdata/fuzz/FuzzA/1"]


def test_what_is_there_already_is_not_replaced(go_repo: Make) -> None:
    files = {**BOTH, "q/q.go": "package q\n", "q/testdata/a.txt": "other\n"}
    ws = go_repo(files).workspace()
    ws.go.split("p", {"q": ["a.go"]})
    assert ws.read_text("q/testdata/a.txt") == "other\n"
    assert 'p/testdata/a.txt stays: there is one in "q"' in ws.notes


@pytest.mark.parametrize("part", ["a.go", "A"])
def test_what_only_the_part_embeds_goes_along(go_repo: Make, part: str) -> None:
    files = {
        "p/a.go": 'package p\n\nimport _ "embed"\n\n//go:embed tpl/a.html\nvar A string\n',
        "p/b.go": 'package p\n\nimport _ "embed"\n\n//go:embed tpl/b.html\nvar B string\n',
        "p/tpl/a.html": "a\n",
        "p/tpl/b.html": "b\n",
    }
    repo = go_repo(files)
    ws = repo.workspace()
    ws.go.split("p", {"q": [part]}, rename="q")
    assert ws.files("q") == ["q/a.go", "q/tpl/a.html"]
    assert repo.vet(ws) == ""
