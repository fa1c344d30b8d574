"""Notes can be read: of many places that are alike a count and three, and none of what did not change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from migrate.engines.golang.names import aliases_for
from migrate.engines.notes import Remark, some_of, summarise

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]


def remarks(count: int) -> list[Remark]:
    return [Remark(f"f{n}.go:1", "is odd", "files are odd", "x" if n == 1 else "") for n in range(count)]


def test_a_few_remarks_stand_alone() -> None:
    assert summarise(["so", *remarks(2), "so"]) == (["so", "f0.go:1 is odd", "f1.go:1 is odd: x"], [])


def test_many_remarks_are_one_note_at_the_place_of_the_first() -> None:
    notes, details = summarise(["a", *remarks(2), "b", *remarks(9), Remark("z", "is even", "are even")])
    assert notes == ["a", "9 files are odd: f0.go:1, f1.go:1 (x), f2.go:1 and 6 more", "b", "z is even"]
    assert details == [str(remark) for remark in remarks(9)]


@pytest.mark.parametrize(("count", "said"), [(1, "0"), (3, "0, 1, 2"), (4, "0, 1, 2 and 1 more")])
def test_some_items_are_the_first(count: int, said: str) -> None:
    assert some_of([str(n) for n in range(count)]) == said


@pytest.mark.parametrize(
    ("name", "folder", "names"),
    [
        ("httputils", "a/httputils/form", ["httputils", "form", "httputils2", "httputils3"]),
        ("opts", "daemon/internal/opts", ["opts", "internalopts", "internalopts2"]),
        ("opts", "opts", ["opts", "opts2"]),
        ("opts", "opts/opts", ["opts", "opts2"]),
        ("opts", "x/go-opts", ["opts", "goopts", "xopts"]),
        ("opts", "x/v2", ["opts", "xopts"]),
        ("opts", "x/type", ["opts", "xopts"]),
        ("opts", "x/init", ["opts", "xopts"]),
        ("opts", "2x/3y", ["opts", "opts2"]),
    ],
)
def test_an_import_is_called_like_its_folder_before_names_are_put_together(
    name: str, folder: str, names: list[str]
) -> None:
    found = aliases_for(name, folder)
    assert [next(found) for _ in names] == names


REPO = {"repo/r.go": "package ghrepo\n\nfunc F() {}\n"}


def test_imports_that_keep_their_names_are_one_note(go_repo: Make) -> None:
    users = {
        f"u{n}/u.go": 'package u\n\nimport "example.com/m/repo"\n\nfunc f(repo int) { ghrepo.F() }\n' for n in range(57)
    }
    ws = go_repo({**REPO, **users}).workspace()
    ws.go.move("repo", "pkg/repo", rename="repo")
    ws.flush()
    (note,) = ws.notes
    assert note.startswith("57 files still import repo as ghrepo: u0/u.go:3 (u0/u.go:5 has a local repo), u1")
    assert note.endswith(" and 54 more")
    assert len(ws.details) == 57
    ws.go.unalias()
    assert len(ws.notes) == 2
    assert ws.notes[1].startswith("57 files still import repo as ghrepo: ")


def test_only_files_that_change_are_said_to_follow(go_repo: Make) -> None:
    files = {
        "labels/labels.go": "package labels\n\ntype Labels []string\n",
        "labels/util.go": "package labels\n\nfunc Read() []Labels { return nil }\n",
        **{f"u{n}/u.go": 'package u\n\nimport "example.com/m/labels"\n\nvar _ = labels.Read\n' for n in range(5)},
        **{f"s{n}/s.go": 'package s\n\nimport "example.com/m/labels"\n\nvar _ labels.Labels\n' for n in range(5)},
    }
    ws = go_repo(files).workspace()
    ws.imports = "forward"
    ws.go.split("labels", {"labels/labelstest": ["util.go"]}, rename="labelstest")
    ws.flush()
    (note,) = [note for note in ws.notes if "follow at once" in note]
    assert note.startswith("not forwarded, so 5 files follow at once: u0/u.go, u1/u.go, u2/u.go and 2 more (labels: ")
    assert [line.partition(" ")[0] for line in ws.details] == [f"u{n}/u.go" for n in range(5)]
