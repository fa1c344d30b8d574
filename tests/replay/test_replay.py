"""Moves that people made, made again: which moves they were, and what each difference is taken for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.replay.__main__ import replay
from tests.replay.commits import peoples_moves
from tests.replay.judging import Class

if TYPE_CHECKING:
    from tests.conftest import Sandbox

TOP = "github.com/acme/shop"


def importer(path: str, name: str, *more: str) -> str:
    """A file that imports the package which moves."""
    return f'package main\n\nimport (\n\t{name}"{TOP}/{path}"\n)\n\nvar _ = auth.X\n' + "".join(more)


def test_each_difference_from_what_people_left_has_its_class(repo: Sandbox) -> None:
    repo.commit(
        "start",
        {
            "internal/auth/auth.go": "package auth\n\nvar X = 1\n",
            "internal/keep/keep.go": "package keep\n",
            **{f"cmd/{name}/main.go": importer("internal/auth", "") for name in "abcd"},
            "docs/a.md": "See [code](../internal/auth/auth.go).\n",
            "docs/b.md": "See [code](../internal/auth/auth.go).\n",
            "docs/c.md": "The auth is good.\n",
        },
    )
    repo.git("mv", "internal/auth", "pkg")
    repo.commit(
        "Move auth to pkg",
        {
            "cmd/a/main.go": importer("pkg", ""),
            "cmd/b/main.go": importer("pkg", "auth "),
            "cmd/c/main.go": importer("pkg", "", "\nfunc f() {}\n"),
            "docs/b.md": "See [code](../pkg/auth.go).\n",
            "docs/c.md": "The pkg is good.\n",
        },
    )
    (move,) = peoples_moves(repo.repository, ["HEAD"])
    done = replay(repo.path, move)
    assert list(done.verbs.lines()) == ['move("internal/auth", "pkg")']
    assert {file.path: file.what for file in done.files} == {
        "pkg/auth.go": Class.SAME,
        "cmd/a/main.go": Class.SAME,
        "cmd/b/main.go": Class.STYLE,
        "cmd/c/main.go": Class.MORE,
        "cmd/d/main.go": Class.FOLLOWED,
        "docs/a.md": Class.FOLLOWED,
        "docs/b.md": Class.SAME,
        "docs/c.md": Class.MISSED,
    }


def test_what_people_renamed_beside_the_move_is_no_miss(repo: Sandbox) -> None:
    body = "\nfunc f(auth int) { g(auth, NAME) }\n"
    repo.commit(
        "start",
        {
            "auth/auth.go": "package auth\n\n// X is known to all.\nvar X = 1\n",
            "cmd/a/main.go": importer("auth", "", body.replace("NAME", "1")),
            "cmd/b/main.go": importer("auth", "", body.replace("NAME", '"auth"')),
            "cmd/c/main.go": importer("auth", ""),
        },
    )
    repo.git("mv", "auth", "user")
    mine = importer("user", "").replace("auth.X", "user.X")
    repo.commit(
        "Rename auth to user",
        {
            "user/auth.go": "package user\n\n// X is known to all.\nvar X = 1\n",
            "cmd/a/main.go": mine + body.replace("auth", "user").replace("NAME", "1"),
            "cmd/c/main.go": mine.replace("user.X", "user.Y"),
            "cmd/b/main.go": mine + body.replace("NAME", '"user"'),
        },
    )
    (move,) = peoples_moves(repo.repository, ["HEAD"])
    found = {file.path: file.what for file in replay(repo.path, move).files}
    assert found == {
        "user/auth.go": Class.SAME,
        "cmd/a/main.go": Class.MORE,
        "cmd/b/main.go": Class.MISSED,
        "cmd/c/main.go": Class.MORE,
    }


def test_what_is_in_the_way_of_a_move_is_renamed_or_deleted_before(repo: Sandbox) -> None:
    repo.commit(
        "start",
        {
            "a/main.go": "package a\n\nfunc A() int { return 1 }\n",
            "a/rest.go": "package a\n\nfunc Rest() string { return `rest` }\n",
            "b/main.go": "package b\n\nvar B = 2\n",
            "c/README.md": "c\n",
            "c/c.go": "package c\n\nfunc C() bool { return true }\n",
            "b/README.md": "b\n",
        },
    )
    repo.git("mv", "a/main.go", "b/a.go")
    repo.git("mv", "c/c.go", "b/c.go")
    repo.git("rm", "-q", "c/README.md")
    repo.commit(
        "Move A and c to b",
        {
            "b/a.go": "package b\n\nfunc A() int { return 1 }\n",
            "b/c.go": "package b\n\nfunc C() bool { return true }\n",
        },
    )
    (move,) = peoples_moves(repo.repository, ["HEAD"])
    done = replay(repo.path, move)
    assert (done.refused, {file.what for file in done.files}) == ("", {Class.SAME})
    assert list(done.verbs.lines()) == [
        'delete("c/README.md")',
        'merge("c", "b")',
        'move("a/main.go", "a/a.go")',
        """split("a", {"b": ['a.go']})""",
    ]
