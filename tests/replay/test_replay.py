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
