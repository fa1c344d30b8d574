"""A helper that both sides of a split need is copied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from migrate.errors import MigrateError, PhaseError

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

IMPORT = 'package p\n\nimport "testing"\n\n'
FILES = {
    "p/a.go": "package p\n\nfunc A() int { return small(1) }\n",
    "p/b.go": "package p\n\nfunc B() int { return small(2) }\n",
    "p/small.go": 'package p\n\nimport "strings"\n\nconst (\n\tone = 1\n\ttwo = 2\n)\n\n'
    '// small is.\nfunc small(n int) int { return n + one }\n\nfunc other() string { return strings.Repeat("x", two) }\n',
    "p/a_test.go": IMPORT + "func TestA(t *testing.T) { A(); helper(t) }\n",
    "p/b_test.go": IMPORT + "func TestB(t *testing.T) { B(); helper(t) }\n\nfunc helper(t *testing.T) { t.Helper() }\n",
}
COPY = ["small", "one", "helper"]


@pytest.mark.parametrize("part", ["a.go", "A"])
def test_a_helper_is_on_both_sides(go_repo: Make, part: str) -> None:
    repo = go_repo(FILES)
    ws = repo.workspace()
    ws.go.split("p", {"q": [part]}, rename="q", copy=COPY)
    small = "// small is.\nfunc small(n int) int { return n + one }\n"
    assert ws.read_text("q/small.go") == f"package q\n\nconst one = 1\n\n{small}"
    assert ws.read_text("p/small.go") == FILES["p/small.go"]
    assert ws.files("q") == ["q/a.go", "q/a_test.go", "q/b_test.go", "q/small.go"]
    assert ws.read_text("q/b_test.go").endswith("func helper(t *testing.T) { t.Helper() }\n")
    assert ws.read_text("p/b_test.go") == FILES["p/b_test.go"]
    assert ws.read_text("q/a.go") == "package q\n\nfunc A() int { return small(1) }\n"
    assert 'p/small.go:11 small is copied to "q"' in ws.notes
    assert repo.vet(ws) == ""


def test_a_helper_in_a_file_that_goes_is_on_both_sides(go_repo: Make) -> None:
    repo = go_repo({**FILES, "p/a.go": FILES["p/a.go"] + "\nfunc both() {}\n", "p/c.go": "package p\n\nvar C = both\n"})
    ws = repo.workspace()
    ws.go.split("p", {"q": ["a.go"]}, rename="q", copy=[*COPY, "both"])
    assert "func both() {}" in ws.read_text("p/a.go")
    assert "func both() {}" in ws.read_text("q/a.go")
    assert repo.vet(ws) == ""


def test_callers_of_what_is_copied_stay_with_the_old_package(go_repo: Make) -> None:
    files = {
        "p/a.go": "package p\n\nfunc A() { Both() }\n",
        "p/b.go": "package p\n\nfunc Both() {}\n\nfunc B() { Both() }\n",
        "use/u.go": 'package use\n\nimport "example.com/m/p"\n\nfunc U() { p.Both(); p.A() }\n',
    }
    repo = go_repo(files)
    ws = repo.workspace()
    ws.go.split("p", {"q": ["a.go"]}, rename="q", copy="Both")
    assert "p.Both(); q.A()" in ws.read_text("use/u.go")
    assert repo.vet(ws) == ""


@pytest.mark.parametrize(
    ("copy", "said"),
    [
        ("A", '"A" cannot go and be left'),
        ("b.go", '"p/b.go" is a file: copy= takes declarations'),
        ("nothing", 'no file or declaration in "p" matches "nothing"'),
    ],
)
def test_what_cannot_be_copied_is_refused(go_repo: Make, copy: str, said: str) -> None:
    ws = go_repo(FILES).workspace()
    with pytest.raises(MigrateError, match=said):
        ws.go.split("p", {"q": ["A"]}, copy=copy)


def test_what_the_new_package_declares_is_not_copied(go_repo: Make) -> None:
    ws = go_repo({**FILES, "q/q.go": "package q\n\nfunc small(n int) int { return n }\n"}).workspace()
    ws.go.split("p", {"q": ["A"]}, copy=COPY)
    with pytest.raises(PhaseError, match='"small" would be declared twice'):
        ws.flush()
