"""A split names the file in which declarations come together."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from migrate.errors import PhaseError

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

FILES = {
    "p/a.go": 'package p\n\nimport "fmt"\n\n// A is.\nfunc A() { fmt.Println() }\n\nfunc Stay() {}\n',
    "p/b.go": 'package p\n\nimport "os"\n\nfunc B() { os.Exit(1); Stay() }\n\nfunc StayToo() {}\n',
    "p/whole.go": "package p\n\n// W is whole.\ntype W int\n",
    "p/x_linux.go": "package p\n\nfunc X() {}\n\nfunc StayLinux() {}\n",
    "p/tagged.go": "//go:build linux\n\npackage p\n\nfunc T() {}\n\nfunc StayTagged() {}\n",
    "p/a_test.go": 'package p\n\nimport "testing"\n\nfunc TestA(t *testing.T) { A() }\n\nfunc TestStay(t *testing.T) { Stay() }\n',
    "p/b_test.go": 'package p\n\nimport "testing"\n\nfunc TestB(t *testing.T) { B() }\n\nfunc TestStay2(t *testing.T) { Stay() }\n',
}


def test_declarations_come_together_in_one_file(go_repo: Make) -> None:
    repo = go_repo(FILES)
    ws = repo.workspace()
    ws.go.split("p", {"q/node.go": ["A", "B"]}, rename="q")
    assert ws.files("q") == ["q/node.go", "q/node_test.go"]
    text = ws.read_text("q/node.go")
    assert all(f'"{path}"' in text for path in ("fmt", "os", "example.com/m/p"))
    assert text.endswith("// A is.\nfunc A() { fmt.Println() }\n\nfunc B() { os.Exit(1); p.Stay() }\n")
    assert ws.read_text("q/node_test.go").count("func Test") == 2
    assert repo.vet(ws) == ""
    assert repo.unformatted(ws) == ""


def test_a_whole_file_takes_the_name_and_parts_join_it(go_repo: Make) -> None:
    repo = go_repo(FILES)
    ws = repo.workspace()
    ws.go.split("p", {"q/node.go": ["W", "A"]}, rename="q")
    assert ws.files("q") == ["q/node.go", "q/node_test.go"]
    assert ws.moved.resolve("p/whole.go") == "q/node.go"
    assert "// W is whole.\ntype W int\n\n// A is.\nfunc A()" in ws.read_text("q/node.go")
    assert repo.vet(ws) == ""


def test_declarations_join_a_file_that_is_there(go_repo: Make) -> None:
    repo = go_repo({**FILES, "q/node.go": "package q\n\nvar Old = 1\n"})
    ws = repo.workspace()
    ws.go.split("p", {"q/node.go": ["A"]}, leave=["a_test.go"])
    assert ws.files("q") == ["q/node.go"]
    assert ws.read_text("q/node.go") == (
        'package q\n\nimport "fmt"\n\nvar Old = 1\n\n// A is.\nfunc A() { fmt.Println() }\n'
    )
    assert repo.vet(ws) == ""


def test_what_is_built_elsewhere_keeps_a_file_of_its_own(go_repo: Make) -> None:
    repo = go_repo(FILES)
    ws = repo.workspace()
    ws.go.split("p", {"q/node.go": ["A", "X", "T"]}, rename="q", leave=["a_test.go"])
    assert ws.files("q") == ["q/node.go", "q/node2.go", "q/x_linux.go"]
    assert ws.read_text("q/node2.go").startswith("//go:build linux\n")
    assert repo.vet(ws) == ""


def test_files_whose_imports_disagree_stay_two(go_repo: Make) -> None:
    files = {
        "p/a.go": 'package p\n\nimport "text/template"\n\nvar A template.Template\n\nvar S int\n',
        "p/b.go": 'package p\n\nimport "html/template"\n\nvar B template.Template\n\nvar S2 int\n',
    }
    repo = go_repo(files)
    ws = repo.workspace()
    ws.go.split("p", {"q/node.go": ["A", "B"]}, rename="q")
    assert ws.files("q") == ["q/node.go", "q/node2.go"]
    assert repo.vet(ws) == ""


def test_two_files_of_one_package_are_asked_for_at_once(go_repo: Make) -> None:
    repo = go_repo(FILES)
    ws = repo.workspace()
    ws.go.split("p", {"q/one.go": ["A"], "q/two.go": "B"}, rename="q")
    assert ws.files("q") == ["q/one.go", "q/one_test.go", "q/two.go", "q/two_test.go"]
    assert repo.vet(ws) == ""


def test_a_file_gets_another_name(go_repo: Make) -> None:
    ws = go_repo(FILES).workspace()
    ws.go.split("p", {"q/node.go": "whole.go"}, rename="q")
    assert ws.files("q") == ["q/node.go"]
    with pytest.raises(PhaseError, match=r'several files cannot all become "q/node\.go"'):
        ws.go.split("p", {"q/node.go": ["a.go", "b.go"]})
