"""Comments follow a split and a merge as they follow a rename: where the name that they qualify has moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

RESTIC = {
    "restic/node.go": "// Package restic is all.\npackage restic\n\n// Node is no restic.ID, see [ID] and [Node.Name].\n"
    "type Node struct{}\n\n// Name names a [restic.Node].\nfunc (Node) Name() {}\n",
    "restic/id.go": "package restic\n\n// ID is that of a [Node], [*Node] or restic.Node; x[Node], [Node]: y and [Node](z) are none.\n"
    'type ID int\n\nvar s = "[Node] restic.Node"\n',
}
CASES = [
    # Both halves are used.
    (
        "// F takes a restic.ID, gives a restic.Node, see [restic.Node.Name] and [*restic.ID].",
        "func F(restic.ID) restic.Node { return restic.Node{} }",
        "// F takes a restic.ID, gives a data.Node, see [data.Node.Name] and [*restic.ID].",
        "func F(restic.ID) data.Node { return data.Node{} }",
    ),
    # One half is used, the other one is only spoken of.
    ("// A restic.Node.", "var i restic.ID", "// A data.Node.", "var i restic.ID"),
    ("/* A restic.ID. */", "var n restic.Node", "/* A restic.ID. */", "var n data.Node"),
    # What is no name of the package, or no comment.
    (
        "// my/restic.Node restic.node restic.Nodes x.restic.Node restic.",
        'var n = "restic.Node, [restic.Node]"\n\nvar m restic.Node',
        "// my/restic.Node restic.node restic.Nodes x.restic.Node restic.",
        'var n = "restic.Node, [restic.Node]"\n\nvar m data.Node',
    ),
    # The new name is taken, so that the import has another one.
    (
        "// A restic.Node.",
        "func f(data restic.ID) restic.Node { var x restic.Node; _ = data; return x }",
        "// A data2.Node.",
        "func f(data restic.ID) data2.Node { var x data2.Node; _ = data; return x }",
    ),
]


@pytest.mark.parametrize(("comment", "code", "new_comment", "new_code"), CASES)
def test_comments_of_callers_follow_a_split(
    go_repo: Make, comment: str, code: str, new_comment: str, new_code: str
) -> None:
    source = f'package a\n\nimport "example.com/m/restic"\n\n{comment}\n{code}\n'
    ws = go_repo({**RESTIC, "a/a.go": source}).workspace()
    ws.go.split("restic", {"data": ["node.go"]}, rename="data")
    assert ws.read_text("a/a.go").endswith(f"\n\n{new_comment}\n{new_code}\n")


def test_a_name_that_somebody_chose_is_followed(go_repo: Make) -> None:
    source = 'package a\n\nimport r "example.com/m/restic"\n\n// A r.Node of a r.ID.\nvar n r.Node\n\nvar i r.ID\n'
    ws = go_repo({**RESTIC, "a/a.go": source}).workspace()
    ws.go.split("restic", {"data": ["node.go"]}, rename="data")
    assert "// A data.Node of a r.ID.\n" in ws.read_text("a/a.go")


def test_comments_in_the_package_follow_a_split(go_repo: Make) -> None:
    ws = go_repo(RESTIC).workspace()
    ws.go.split("restic", {"data": ["Node"]}, rename="data")
    moved = ws.read_text("data/node.go")
    assert "// Node is no restic.ID, see [restic.ID] and [Node.Name].\n" in moved
    assert "// Name names a [data.Node].\n" in moved
    stays = ws.read_text("restic/id.go")
    assert (
        "// ID is that of a [data.Node], [*data.Node] or data.Node; x[Node], [Node]: y and [Node](z) are none" in stays
    )
    assert 'var s = "[Node] restic.Node"' in stays


def test_comments_follow_a_merge(go_repo: Make) -> None:
    files = {
        "a/a.go": "package a\n\n// A is a.A.\nfunc A() {}\n",
        "b/b.go": 'package b\n\nimport "example.com/m/a"\n\n// B calls a.A, see [a.A].\nfunc B() { a.A() }\n',
        "c/c.go": 'package c\n\nimport (\n\t"example.com/m/a"\n\t"example.com/m/b"\n)\n\n'
        "// C calls a.A and [b.B].\nfunc C() { a.A(); b.B() }\n",
    }
    ws = go_repo(files).workspace()
    ws.go.merge("a", "b")
    assert "// A is b.A.\n" in ws.read_text("b/a.go")
    assert "// B calls A, see [A].\nfunc B() { A() }" in ws.read_text("b/b.go")
    assert "// C calls b.A and [b.B].\nfunc C() { b.A(); b.B() }" in ws.read_text("c/c.go")


def test_comments_of_a_file_that_comes_into_the_new_package_lose_the_qualifier(go_repo: Make) -> None:
    source = 'package data\n\nimport "example.com/m/restic"\n\n// U uses restic.Node and restic.ID.\nvar U restic.Node\n\nvar I restic.ID\n'
    ws = go_repo({**RESTIC, "data/u.go": source}).workspace()
    ws.go.split("restic", {"data": ["node.go"]})
    assert "// U uses Node and restic.ID.\nvar U Node\n\nvar I restic.ID\n" in ws.read_text("data/u.go")


@pytest.mark.parametrize(
    ("comment", "new"),
    [
        ("// auth is a step.\n// auth is good.\n", "// login is a step.\n// auth is good.\n"),
        ("// A licence.\n\n/*\nauth provides it.\n*/\n", "// A licence.\n\n/*\nlogin provides it.\n*/\n"),
        ("// auth is no comment of the package.\n\n", "// auth is no comment of the package.\n\n"),
        ("// auth\n", "// auth\n"),
    ],
)
def test_the_comment_of_a_package_may_begin_with_its_name_alone(go_repo: Make, comment: str, new: str) -> None:
    ws = go_repo({"auth/auth.go": f"{comment}package auth\n"}).workspace()
    ws.go.move("auth", "login", rename="login")
    assert ws.read_text("login/auth.go") == f"{new}package login\n"


def test_comments_follow_a_rename_where_the_package_declares_the_name(go_repo: Make) -> None:
    comment = "// A restic.Node and restic.ID; restic.Name() is a method of a variable called restic.\n"
    source = f'package a\n\nimport "example.com/m/restic"\n\n{comment}var n restic.Node\n'
    own = f"package restic\n\n{comment}var limit = 1\n"
    ws = go_repo({**RESTIC, "a/a.go": source, "restic/b.go": own}).workspace()
    ws.go.move("restic", "data", rename="data")
    followed = comment.replace("restic.Node", "data.Node").replace("restic.ID", "data.ID")
    assert followed in ws.read_text("a/a.go")
    assert followed in ws.read_text("data/b.go")
