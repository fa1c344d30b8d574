"""A split leaves behind what it is told to: tests that would go along, and part of a file that goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from migrate.errors import MigrateError, PathError, PhaseError

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

IMPORT = 'package p\n\nimport "testing"\n\n'
FILES = {
    "p/a.go": "package p\n\nfunc A() {}\n\nfunc B() {}\n\nvar _ = B\n",
    "p/c.go": "package p\n\nfunc C() {}\n",
    "p/a_test.go": IMPORT + "func TestA(t *testing.T) { A(); helper(t) }\n",
    "p/b_test.go": IMPORT + "func TestB(t *testing.T) { B() }\n\nfunc TestC(t *testing.T) { C() }\n",
    "p/helper_test.go": IMPORT + "func helper(t *testing.T) {}\n\nfunc TestC2(t *testing.T) { C(); helper(t) }\n",
}


def test_a_test_that_stops_a_split_can_be_left(go_repo: Make) -> None:
    repo = go_repo(FILES)
    ws = repo.workspace()
    ws.go.split("p", {"q": ["a.go"]}, rename="q")
    with pytest.raises(PhaseError, match=r"a_test\.go:5 helper .*declared in a test file"):
        ws.flush()
    ws = repo.workspace()
    ws.go.split("p", {"q": ["a.go"]}, rename="q", leave="a_test.go")
    assert "q.A(); helper(t)" in ws.read_text("p/a_test.go")
    assert ws.files("q") == ["q/a.go"]
    assert repo.vet(ws) == ""


@pytest.mark.parametrize("leave", ["TestB", "b_test.go", "b*.go"])
def test_a_test_that_would_follow_is_left(go_repo: Make, leave: str) -> None:
    repo = go_repo(FILES)
    ws = repo.workspace()
    ws.go.split("p", {"q": ["B"]}, rename="q", leave=[leave])
    assert ws.files("q") == ["q/a.go"]
    assert "q.B()" in ws.read_text("p/b_test.go")


def test_without_it_the_test_goes_along(go_repo: Make) -> None:
    ws = go_repo(FILES).workspace()
    ws.go.split("p", {"q": ["B"]}, rename="q")
    assert ws.files("q") == ["q/a.go", "q/b_test.go"]


@pytest.mark.parametrize("leave", ["A", ["A", "TestB"]])
def test_part_of_a_file_that_goes_is_left(go_repo: Make, leave: str | list[str]) -> None:
    repo = go_repo(FILES)
    ws = repo.workspace()
    ws.go.split("p", {"q": ["a.go"]}, rename="q", leave=leave)
    assert ws.read_text("p/a.go") == "package p\n\nfunc A() {}\n"
    assert ws.read_text("q/a.go").endswith("func B() {}\n\nvar _ = B\n")
    assert ws.exists("q/b_test.go") == (leave == "A")


@pytest.mark.parametrize(
    ("parts", "leave", "said"),
    [
        (["A"], "A", '"A" cannot go and be left'),
        (["A"], "X", 'no file or declaration in "p" matches "X"'),
        (["a.go"], "a.go", "names no file and no declaration"),
    ],
)
def test_what_cannot_be_left_is_refused(go_repo: Make, parts: list[str], leave: str, said: str) -> None:
    ws = go_repo(FILES).workspace()
    with pytest.raises(MigrateError, match=said) as refused:
        ws.go.split("p", {"q": parts}, leave=leave)
    assert isinstance(refused.value, PathError | PhaseError)
