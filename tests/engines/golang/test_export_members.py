"""Fields and methods get the capital letter that a split needs, where syntax tells whose they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from migrate.errors import MigrateError, PathError, PhaseError

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

TYPES = """package p

type T struct {
	id   int // id is an id
	next *T
}

func (t *T) size() int { return t.id + t.next.id }

func New() *T { return &T{id: 1, next: nil} }
"""
USER = """package p

type U struct{ T }

func F(t *T, us []U) int {
	id := t.id
	for _, u := range us {
		id += u.id + u.size() + New().size()
	}
	return id
}
"""
TEST = (
    'package p\n\nimport "testing"\n\nfunc TestT(t *testing.T) {\n\tx := T{id: 2}\n\t_ = x.size\n\t_ = x.next.id\n}\n'
)
FILES = {"p/t.go": TYPES, "p/u.go": USER, "p/t_test.go": TEST}


@pytest.mark.parametrize("export", [["T.id", "T.size"], True])
def test_fields_and_methods_are_exported_for_a_split(go_repo: Make, export: list[str] | bool) -> None:
    repo = go_repo(FILES)
    ws = repo.workspace()
    ws.go.split("p", {"q": ["t.go"]}, rename="q", export=export)
    moved = ws.read_text("q/t.go")
    assert "\tId   int // id is an id\n\tnext *T\n" in moved
    assert "func (t *T) Size() int { return t.Id + t.next.Id }" in moved
    assert "&T{Id: 1, next: nil}" in moved
    assert "id := t.Id" in ws.read_text("p/u.go")
    assert "u.Id + u.Size() + q.New().Size()" in ws.read_text("p/u.go")
    assert "x := T{Id: 2}\n\t_ = x.Size\n\t_ = x.next.Id" in ws.read_text("q/t_test.go")
    assert "T.Id is exported: encoders such as encoding/json see it now" in ws.notes
    assert repo.vet(ws) == ""
    assert repo.unformatted(ws) == ""


def test_the_refusal_says_what_to_export(go_repo: Make) -> None:
    ws = go_repo(FILES).workspace()
    ws.go.split("p", {"q": ["t.go"]}, rename="q")
    with pytest.raises(PhaseError) as refused:
        ws.flush()
    assert refused.value.advice == 'move what declares them too, or export them: export=["T.id", "T.size"]'


OTHERS = {
    "of two types": (
        "type V struct{ id int }\n\nvar v, _ = get()\n\nvar x = v.id\n",
        r"\.id may be that of T or of another",
    ),
    "taken": ("func (t *T) Id() {}\n", r"p/v\.go:3 declares T\.Id already"),
    "an interface": ("type I interface{ id() }\n", r"p/v\.go:3 id is a method of an interface"),
}


@pytest.mark.parametrize("name", OTHERS)
def test_what_cannot_be_exported_is_listed(go_repo: Make, name: str) -> None:
    code, said = OTHERS[name]
    ws = go_repo({**FILES, "p/v.go": f"package p\n\n{code}"}).workspace()
    ws.go.split("p", {"q": ["t.go"]}, rename="q", export=["T.id", "T.size"])
    with pytest.raises(PhaseError, match=said):
        ws.flush()


def test_a_member_of_another_type_keeps_its_name(go_repo: Make) -> None:
    other = "package p\n\ntype V struct{ id int }\n\nfunc G(v V, m map[string]int) int { return v.id + m[`id`] }\n\nvar W = V{id: 1}\n"
    repo = go_repo({**FILES, "p/v.go": other})
    ws = repo.workspace()
    ws.go.split("p", {"q": ["t.go"]}, rename="q", export=["T.id", "T.size"])
    assert ws.read_text("p/v.go") == other
    assert repo.vet(ws) == ""


@pytest.mark.parametrize(
    ("export", "said"),
    [("T.idd", '"T" in "p" has no "idd"; did you mean "id"'), ("X.id", 'no file in "p" declares "X.id"')],
)
def test_a_member_that_is_not_there_is_refused(go_repo: Make, export: str, said: str) -> None:
    ws = go_repo(FILES).workspace()
    with pytest.raises(MigrateError, match=said) as refused:
        ws.go.split("p", {"q": ["t.go"]}, export=export)
    assert isinstance(refused.value, PathError)
