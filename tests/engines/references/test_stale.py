"""The proof: what is listed, where, and why it may stay."""

from __future__ import annotations

from time import process_time

import pytest

from migrate.engines.references.verify.records import Stale
from migrate.engines.references.verify.stale import stale_references
from migrate.tree.allowed import Allowed
from migrate.tree.moves import MoveMap
from tests.engines.references.conftest import left


def test_a_reference_is_reported_with_its_place(program):
    ws = program.workspace({"docs/a.md": "one\r\nsee `internal/auth/auth.go`\r\n"})
    ws.move("internal/auth", "internal/core/auth")
    assert stale_references(ws.overlay, ws.moved) == [
        Stale(
            path="docs/a.md",
            line=2,
            column=6,
            text="see `internal/auth/auth.go`",
            old="internal/auth",
            new="internal/core/auth",
            reason=None,
        )
    ]


def test_a_line_is_read_once_for_all_that_it_names(program, monkeypatch):
    asked = []
    monkeypatch.setattr("migrate.engines.references.verify.stale.permit", lambda _, line, __: asked.append(line))
    line = " ".join(["internal/auth/auth.go"] * 20)
    ws = program.workspace({"a.txt": f"\n{line}\n\n{line}\n"})
    ws.move("internal/auth", "internal/core/auth")
    found = [(item.line, item.column) for item in stale_references(ws.overlay, ws.moved)]
    assert found == [(number, 22 * column + 1) for number in (2, 4) for column in range(20)]
    assert asked == [line, line]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("cmd/server/main.go", 'package main\n\nimport "github.com/acme/shop/internal/auth"\n'),
        ("docs/guide/start.md", "[a](../../internal/auth/auth.go)"),
        ("internal/README.md", "[a](auth/auth.go)"),
        ("internal/.gitignore", "auth/*.key\n"),
        ("internal/config/config_test.go", 'package config\n\nvar x = "../auth/testdata"\n'),
        ("internal/config/config_test.go", 'package config\n\nvar x = filepath.Join("..", "auth", "testdata")\n'),
        ("Makefile", "x:\n\tcd web && cp -r dist ../internal/auth/\n"),
        (".pre-commit-config.yaml", "exclude: ^internal/(auth|other)/\n"),
        ("run.sh", "ls internal/{authz,auth}/*.go\n"),
        ("filter.sh", "grep -vE '(^./internal($|/auth)|/testdata)'\n"),
    ],
)
def test_what_no_rule_of_rewriting_need_know_is_found_too(program, path, text):
    ws = program.workspace({path: text})
    ws.move("internal/auth", "internal/core/auth")
    assert {item.old for item in left(ws)} == {"internal/auth"}


def test_a_relative_path_broken_by_the_move_of_its_own_file_is_found(program):
    ws = program.workspace({"internal/auth/a_test.go": 'package auth\n\nvar x = "../config/prices.json"\n'})
    ws.move("internal/auth", "internal/core/auth")
    (item,) = left(ws)
    assert (item.old, item.new) == ("internal/config/prices.json", "internal/config/prices.json")


def test_an_old_path_where_something_stands_now_is_not_stale(program):
    ws = program.workspace({"a.txt": "internal/auth internal/auth/auth.go internal/auth/shim.go internal/auth/x.go\n"})
    ws.move("internal/auth", "internal/core/auth")
    ws.write("internal/auth/shim.go", "package auth\n")
    assert [item.column for item in left(ws)] == [15]


def test_allowed_references_carry_the_plans_reason(program):
    ws = program.workspace({"docs/a.md": "internal/auth: old\ninternal/auth\n", "b.txt": "internal/auth: old\n"})
    ws.move("internal/auth", "internal/core/auth")
    allowed = [Allowed("docs/**", "old", "shows the layout before")]
    assert [(item.path, item.line, item.reason) for item in stale_references(ws.overlay, ws.moved, allowed)] == [
        ("b.txt", 1, None),
        ("docs/a.md", 1, "shows the layout before"),
        ("docs/a.md", 2, None),
    ]


def test_every_file_of_a_pattern_may_be_allowed(program):
    ws = program.workspace({"a.txt": "internal/auth\n"})
    ws.move("internal/auth", "internal/core/auth")
    assert [item.reason for item in stale_references(ws.overlay, ws.moved, [Allowed("*.txt", None, "a sample")])] == [
        "a sample"
    ]


def test_without_moves_nothing_is_stale(program):
    assert stale_references(program.workspace().overlay, MoveMap()) == []


def test_a_symbol_of_assembly_that_names_an_old_place_is_found(program):
    source = "TEXT github\u00b7com\u2215acme\u2215shop\u2215internal\u2215auth\u00b7Sum(SB), $0\n\tRET\n"
    ws = program.workspace({"internal/other/sum.s": source})
    ws.move("internal/auth", "internal/core/auth")
    (item,) = left(ws)
    assert (item.path, item.line, item.old) == ("internal/other/sum.s", 1, "internal/auth")
    assert item.text == source.partition("\n")[0]


@pytest.mark.parametrize("path", ["data.json", "values.yaml", "start.md"])
def test_a_file_of_one_line_is_read_in_time(program, path):
    names = '{"dir":"internal/auth","x":["internal/auth/auth.go"]},' + '"a","b-c/d",' * 80
    ws = program.workspace({path: f"[{names * 40}0]"})
    ws.move("internal/auth", "internal/core/auth")
    began = process_time()
    assert len([item for item in left(ws) if item.path == path]) == 80
    ws.references.update()
    assert left(ws) == []
    assert process_time() - began < 5
    assert "internal/auth" not in ws.read_text(path)
