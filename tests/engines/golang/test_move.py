"""Whole packages move and everything that imports them follows."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from migrate.engines.golang.checking.verify import stale_imports
from migrate.errors import MigrateError, PathError, PhaseError
from migrate.phase.workspace import Workspace
from migrate.tree.moves import MoveMap

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]


def user(*imports: str, uses: str = "") -> str:
    lines = "".join(f"\t{line}\n" for line in imports)
    return f"package main\n\nimport (\n{lines})\n\nfunc main() {{ {uses} }}\n"


def test_a_move_rewrites_importers_and_sorts_their_imports(go_repo: Make) -> None:
    repo = go_repo(
        {
            "b/b.go": "package b\n\nfunc F() {}\n",
            "c/c.go": "package c\n\nfunc F() {}\n",
            "main.go": user('"example.com/m/b"', '"example.com/m/c"', uses="b.F(); c.F()"),
        }
    )
    ws = repo.workspace()
    ws.go.move("b", "pkg/b")
    assert '\t"example.com/m/c"\n\t"example.com/m/pkg/b"\n' in ws.read_text("main.go")
    assert repo.vet(ws) == ""
    assert repo.unformatted(ws) == ""
    assert list(ws.moved) == [("b", "pkg/b")]


def test_a_path_that_only_begins_alike_is_left_alone(go_repo: Make) -> None:
    repo = go_repo(
        {
            "a/container/c.go": "package container\n\nfunc F() {}\n",
            "a/containerd/d.go": "package containerd\n\nfunc F() {}\n",
            "main.go": user(
                '"example.com/m/a/container"', '"example.com/m/a/containerd"', uses="container.F(); containerd.F()"
            ),
        }
    )
    ws = repo.workspace()
    ws.go.move("a/container", "b/container")
    assert "example.com/m/a/containerd" in ws.read_text("main.go")
    assert repo.vet(ws) == ""


def test_a_swap_is_one_map(go_repo: Make) -> None:
    repo = go_repo(
        {
            "a/x.go": "package a\n\nfunc A() {}\n",
            "b/y.go": "package b\n\nfunc B() {}\n",
            "main.go": user('"example.com/m/a"', '"example.com/m/b"', uses="a.A(); b.B()"),
        }
    )
    ws = repo.workspace()
    ws.go.move("a", "b")
    ws.go.move("b", "a")
    assert ws.files("a") == ["a/y.go"]
    assert repo.vet(ws) == ""
    assert 'a "example.com/m/b"' not in ws.read_text("main.go"), "no alias: the packages keep their names"


def test_a_chain_is_one_map(go_repo: Make) -> None:
    repo = go_repo(
        {
            "a/x.go": "package a\n\nfunc A() {}\n",
            "b/y.go": 'package b\n\nimport "example.com/m/a"\n\nfunc B() { a.A() }\n',
            "main.go": user('"example.com/m/a"', '"example.com/m/b"', uses="a.A(); b.B()"),
        }
    )
    ws = repo.workspace()
    ws.go.move("a", "b")
    ws.go.move("b", "c")
    assert ws.files("c") == ["c/y.go"]
    assert repo.vet(ws) == ""


def test_a_child_may_go_elsewhere_than_its_parent(go_repo: Make) -> None:
    repo = go_repo(
        {
            "p/p.go": 'package p\n\nimport "example.com/m/p/child"\n\nfunc P() { child.C() }\n',
            "p/child/c.go": "package child\n\nfunc C() {}\n",
            "p/other/o.go": "package other\n\nfunc O() {}\n",
            "main.go": user(
                '"example.com/m/p"',
                '"example.com/m/p/child"',
                '"example.com/m/p/other"',
                uses="p.P(); child.C(); other.O()",
            ),
        }
    )
    ws = repo.workspace()
    ws.go.move("p", "q/p")
    ws.go.move("p/child", "child")
    assert ws.exists("q/p/other/o.go")
    assert repo.vet(ws) == ""


def test_a_package_may_move_below_itself(go_repo: Make) -> None:
    repo = go_repo({"a/a.go": "package a\n\nfunc A() {}\n", "main.go": user('"example.com/m/a"', uses="a.A()")})
    ws = repo.workspace()
    ws.go.move("a", "a/v2/a")
    assert repo.vet(ws) == ""


def test_files_for_other_systems_and_ignored_files_are_rewritten_too(go_repo: Make) -> None:
    use = 'import "example.com/m/a"\n\nfunc init() { a.A() }\n'
    repo = go_repo(
        {
            "a/a_linux.go": "package a\n\nfunc A() {}\n",
            "a/a_windows.go": "package a\n\nfunc A() {}\n",
            "b/b_windows.go": f"package b\n\n{use}",
            "b/b_tag.go": f"//go:build sometimes\n\npackage b\n\n{use}",
            "b/b.go": "package b\n",
            "b/gen.go": '//go:build ignore\n\npackage main\n\nimport "example.com/m/a"\n\nfunc main() { a.A() }\n',
            "_old/o.go": f"package old\n\n{use}",
            "b/testdata/t.go": f"package t\n\n{use}",
        }
    )
    ws = repo.workspace()
    ws.go.move("a", "z/a")
    assert ws.holding("example.com/m/a") == []
    assert len(ws.holding("example.com/m/z/a")) == 5
    assert repo.vet(ws, GOOS="windows") == ""
    assert repo.vet(ws, GOFLAGS="-mod=mod -tags=sometimes") == ""


def test_tests_travel_with_their_package(go_repo: Make) -> None:
    repo = go_repo(
        {
            "a/a.go": "package a\n\nfunc a() int { return 1 }\n",
            "a/export_test.go": "package a\n\nvar A = a\n",
            "a/a_test.go": 'package a_test\n\nimport (\n\t"testing"\n\n\t"example.com/m/a"\n)\n\n'
            "func TestA(t *testing.T) { _ = a.A() }\n",
        }
    )
    ws = repo.workspace()
    ws.go.move("a", "z/a")
    assert repo.vet(ws) == ""


def test_every_form_of_import_is_rewritten(go_repo: Make) -> None:
    repo = go_repo(
        {
            "a/a.go": "package a\n\nfunc A() {}\n",
            "one/x.go": 'package one\n\nimport . "example.com/m/a"\n\nvar _ = A\n',
            "two/x.go": 'package two\n\nimport _ "example.com/m/a"\n',
            "three/x.go": "package three\n\nimport `example.com/m/a`\n\nvar _ = a.A\n",
            "four/x.go": 'package four\n\nimport ("example.com/m/a"; b "example.com/m/a")\n\nvar _, _ = a.A, b.A\n',
            "five/x.go": b'\xef\xbb\xbfpackage five\r\n\r\nimport "example.com/m/a"\r\n\r\nvar _ = a.A\r\n',
            "six/x.go": 'package six\n\n// one import\nimport /* here */ x "example.com/m/a" // why\n\nvar _ = x.A\n',
        }
    )
    ws = repo.workspace()
    ws.go.move("a", "z/a")
    assert repo.vet(ws) == ""
    assert ws.read("five/x.go").startswith(b'\xef\xbb\xbfpackage five\r\n\r\nimport "example.com/m/z/a"\r\n')
    assert "`example.com/m/z/a`" in ws.read_text("three/x.go")


def test_cgo_keeps_its_preamble(go_repo: Make) -> None:
    source = 'package c\n\n// #define N 1\nimport "C"\n\nimport (\n\t"example.com/m/a"\n\t"fmt"\n)\n\n'
    source += "var _, _ = a.A, fmt.Sprint(C.N)\n"
    repo = go_repo({"a/a.go": "package a\n\nfunc A() {}\n", "c/c.go": source})
    ws = repo.workspace()
    ws.go.move("a", "z/a")
    assert ws.read_text("c/c.go") == source.replace("m/a", "m/z/a")
    assert repo.unformatted(ws) == ""


def test_an_import_comment_follows_its_package(go_repo: Make) -> None:
    repo = go_repo({"a/a.go": 'package a // import "example.com/m/a"\n'})
    ws = repo.workspace()
    ws.go.move("a", "z/a")
    assert ws.read_text("z/a/a.go") == 'package a // import "example.com/m/z/a"\n'


def test_linknames_and_assembly_follow_their_package(go_repo: Make) -> None:
    repo = go_repo(
        {
            "a/a.go": "package a\n\nfunc A() int { return 1 }\n\nfunc Asm()\n",
            "a/a_amd64.s": "TEXT example\u00b7com\u2215m\u2215a\u00b7Asm(SB), 4, $0-0\n\tRET\n",
            "l/l.go": 'package l\n\nimport (\n\t_ "unsafe"\n\n\t_ "example.com/m/a"\n)\n\n'
            "//go:linkname pull example.com/m/a.A\nfunc pull() int\n",
            "l/stub.s": "",
        }
    )
    ws = repo.workspace()
    ws.go.move("a", "z/a")
    assert "//go:linkname pull example.com/m/z/a.A\n" in ws.read_text("l/l.go")
    assert "TEXT example\u00b7com\u2215m\u2215z\u2215a\u00b7Asm(SB)" in ws.read_text("z/a/a_amd64.s")


def test_vendored_code_is_left_alone(go_repo: Make) -> None:
    vendored = 'package v\n\nimport _ "example.com/m/a"\n'
    repo = go_repo({"a/a.go": "package a\n", "vendor/x/v/v.go": vendored})
    ws = repo.workspace()
    ws.go.move("a", "z/a")
    assert ws.read_text("vendor/x/v/v.go") == vendored


def test_generated_code_that_is_not_in_the_tree_moves_with_its_folder(go_repo: Make) -> None:
    repo = go_repo({"h/h.go": "package h\n", "main.go": user('_ "example.com/m/h"', '_ "example.com/m/h/swagger"')})
    ws = repo.workspace()
    ws.go.move("h", "api/h")
    assert '_ "example.com/m/api/h/swagger"' in ws.read_text("main.go")
    assert stale_imports(ws.overlay, ws.moved) == []


def test_an_import_that_was_left_behind_is_found(go_repo: Make) -> None:
    repo = go_repo({"a/a.go": "package a\n", "b/b.go": "package b\n", "main.go": user('_ "example.com/m/a"')})
    ws = repo.workspace()
    ws.go.move("a", "z/a")
    ws.write("left.go", 'package main\n\nimport _ "example.com/m/a"\nimport _ "example.com/m/a/gen"\n')
    ws.delete("b")
    ws.write("gone.go", 'package main\n\nimport _ "example.com/m/b"\nimport _ "example.com/m/never"\n')
    found = stale_imports(ws.overlay, ws.moved)
    assert [(one.path, one.line, one.message) for one in found] == [
        ("gone.go", 3, 'there is no longer a Go file in "b"'),
        ("left.go", 3, 'the package moved to "z/a"'),
        ("left.go", 4, 'the package moved to "z/a/gen"'),
    ]
    assert found[1].text == 'import _ "example.com/m/a"'


def test_modes_and_symlinks_travel(go_repo: Make) -> None:
    repo = go_repo({"a/a.go": "package a\n", "a/run.sh": "#!/bin/sh\n"})
    (repo.folder / "a/run.sh").chmod(0o755)
    (repo.folder / "a/link").symlink_to("run.sh")
    subprocess.run(["git", "add", "-A"], cwd=repo.folder, check=True)
    subprocess.run(["git", "commit", "-q", "--amend", "-m", "base"], cwd=repo.folder, check=True)
    ws = repo.workspace()
    ws.go.move("a", "z/a")
    ws.flush()
    assert [ws.overlay.entries[f"z/a/{name}"].mode for name in ("a.go", "link", "run.sh")] == [
        "100644",
        "120000",
        "100755",
    ]


def test_embedded_files_travel_even_when_they_are_not_in_the_tree(go_repo: Make) -> None:
    embed = 'package ui\n\nimport "embed"\n\n//go:embed all:dist *.tmpl\nvar FS embed.FS\n'
    repo = go_repo({"ui/e.go": embed, "ui/a.tmpl": "x", "ui/sub/s.go": "package sub\n"})
    ws = repo.workspace()
    ws.go.move("ui", "api/ui")
    assert ws.read_text("api/ui/e.go") == embed
    assert ws.exists("api/ui/a.tmpl")


def test_embedded_files_may_not_go_elsewhere(go_repo: Make) -> None:
    repo = go_repo(
        {
            "ui/e.go": 'package ui\n\nimport "embed"\n\n//go:embed pages\nvar FS embed.FS\n',
            "ui/pages/p.go": "package pages\n",
            "ui/pages/index.html": "x",
        }
    )
    ws = repo.workspace()
    ws.go.move("ui/pages", "pages")
    with pytest.raises(PhaseError, match=r'ui/e\.go:5 embeds "pages", but "ui/pages/index\.html" would not keep'):
        ws.flush()


def test_an_internal_package_may_not_leave_its_importers_behind(go_repo: Make) -> None:
    repo = go_repo({"x/a/a.go": "package a\n\nfunc A() {}\n", "main.go": user('"example.com/m/x/a"', uses="a.A()")})
    ws = repo.workspace()
    ws.go.move("x/a", "x/internal/a")
    with pytest.raises(PhaseError, match=r'main\.go:4 may not import "example\.com/m/x/internal/a"'):
        ws.flush()
    assert ws.exists("x/a/a.go"), "nothing changed"


def test_an_importer_may_not_leave_what_is_internal(go_repo: Make) -> None:
    repo = go_repo(
        {
            "x/internal/i/i.go": "package i\n",
            "x/y/y.go": 'package y\n\nimport _ "example.com/m/x/internal/i"\n',
        }
    )
    ws = repo.workspace()
    ws.go.move("x/y", "y")
    with pytest.raises(PhaseError, match=r'y/y\.go:3 may not import "example\.com/m/x/internal/i"'):
        ws.flush()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("srevices/a", "b", 'there is no package "srevices/a"; did you mean "services/a"?'),
        ("services/a/a.go", "b", '"services/a/a.go" is a file, not a package folder'),
        ("docs", "b", 'there is no Go file in "docs"'),
        ("services/a", "services/a", '"services/a" would move to itself'),
        ("services/a", "../b", "leads out of the repository"),
    ],
)
def test_a_move_that_cannot_be_meant_is_refused_where_it_is_asked_for(
    go_repo: Make, old: str, new: str, message: str
) -> None:
    ws = go_repo({"services/a/a.go": "package a\n", "docs/x.md": "x"}).workspace()
    with pytest.raises(MigrateError, match=message.replace("?", r"\?")):
        ws.go.move(old, new)


def test_packages_that_are_not_there_yet_are_moved_by_a_later_run(go_repo: Make) -> None:
    def apply(ws: Workspace) -> None:
        for name in ("b", "c"):
            ws.go.move(name, f"pkg/{name}", missing="skip")
        ws.go.split("d", {"pkg/d": ["d.go"]}, missing="skip")
        ws.go.merge("e", "a", missing="skip")

    repo = go_repo({"a/a.go": "package a\n", "b/b.go": "package b\n"})
    ws = repo.workspace()
    apply(ws)
    assert ws.files() == ["a/a.go", "go.mod", "pkg/b/b.go"]
    assert dict(ws.moved) == {"b": "pkg/b"}
    for name in "cde":
        ws.write(f"{name}/{name}.go", f"package {name}\n")
    later = Workspace(ws.overlay.next())
    apply(later)
    assert later.files() == ["a/a.go", "a/e.go", "go.mod", "pkg/b/b.go", "pkg/c/c.go", "pkg/d/d.go"]


def test_a_workspace_may_pass_over_packages_that_are_not_there(go_repo: Make) -> None:
    ws = Workspace(go_repo({"a/a.go": "package a\n"}).workspace().overlay, missing="skip")
    ws.go.move("b", "pkg/b")
    ws.go.split("b", {"pkg/b": ["*.go"]})
    ws.go.merge("b", "a")
    assert not ws.overlay.changes()
    with pytest.raises(PathError, match='there is no package "b"'):
        ws.go.move("b", "pkg/b", missing="fail")


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda ws: ws.go.move("b", "../c", missing="skip"), "leads out of the repository"),
        (lambda ws: ws.go.move("b", "c", rename="func", missing="skip"), '"func" cannot be the name'),
        (lambda ws: ws.go.move("doc", "c", missing="skip"), 'there is no Go file in "doc"'),
        (lambda ws: ws.go.move("a/a.go", "c", missing="skip"), '"a/a.go" is a file'),
        (lambda ws: ws.go.split("a", {"c": ["none.go"]}, missing="skip"), 'no file in "a" matches "none.go"'),
        (lambda ws: ws.go.merge("a", "c", missing="skip"), 'there is no package "c"'),
        (lambda ws: ws.go.move("b", "c", missing="never"), 'missing="never" is neither'),
    ],
)
def test_only_a_folder_that_is_not_there_is_passed_over(
    go_repo: Make, ask: Callable[[Workspace], None], message: str
) -> None:
    ws = go_repo({"a/a.go": "package a\n", "doc/x.md": "x\n"}).workspace()
    with pytest.raises(MigrateError, match=message):
        ask(ws)


def test_a_destination_that_is_taken_is_refused(go_repo: Make) -> None:
    ws = go_repo({"a/a.go": "package a\n", "b/b.go": "package b\n"}).workspace()
    ws.go.move("a", "b")
    with pytest.raises(PhaseError, match='there is a package in "b" already'):
        ws.flush()


def test_a_destination_that_differs_by_letter_case_is_refused(go_repo: Make) -> None:
    ws = go_repo({"a/a.go": "package a\n", "B/a.go": "package b\n"}).workspace()
    ws.go.move("a", "b")
    with pytest.raises(PathError, match=r'"B(/a\.go)?" is there already'):
        ws.flush()


def test_one_package_cannot_go_to_two_places(go_repo: Make) -> None:
    ws = go_repo({"a/a.go": "package a\n"}).workspace()
    ws.go.move("a", "b")
    ws.go.move("a", "c")
    with pytest.raises(PhaseError, match='"a" would move to two places, "b" and "c"'):
        ws.flush()


def test_two_packages_cannot_meet_in_one_folder(go_repo: Make) -> None:
    ws = go_repo({"a/a.go": "package a\n", "b/b.go": "package b\n"}).workspace()
    ws.go.move("a", "c")
    ws.go.move("b", "c")
    with pytest.raises(PhaseError, match=r'"c" would hold two packages: a .* and b'):
        ws.flush()


def test_packages_that_shared_a_folder_of_test_data_move_together(go_repo: Make) -> None:
    data = {"a/testdata/x.go": "package x\n", "a/testdata/y.go": "package y\n"}
    ws = go_repo({"a/a.go": "package a\n", "b/testdata/z.go": "package z\n", **data}).workspace()
    ws.go.move("a", "c")
    assert ws.files("c") == ["c/a.go", "c/testdata/x.go", "c/testdata/y.go"]
    ws.go.split("b/testdata", {"c/testdata": ["z.go"]}, rename="z")
    with pytest.raises(PhaseError, match=r'"c/testdata" would hold two packages: x .* and y'):
        ws.flush()


def test_a_destination_that_an_ignore_rule_hides_is_refused(go_repo: Make) -> None:
    ws = go_repo({"a/a.go": "package a\n", ".gitignore": "data/\n"}).workspace()
    ws.go.move("a", "data/a")
    with pytest.raises(PathError, match=r'\.gitignore:1 "data/" hides'):
        ws.flush()


def test_the_inverse_map_gives_back_the_very_bytes(go_repo: Make) -> None:
    files = {
        "a/a.go": "package a\n\nfunc A() {}\n",
        "b/b.go": 'package b\n\nimport "example.com/m/a" // why\n\nfunc B() { a.A() }\n',
        "main.go": user('"example.com/m/a"', '"example.com/m/b"', uses="a.A(); b.B()"),
    }
    ws = go_repo(files).workspace()
    before = dict(ws.overlay.entries)
    ws.go.move("a", "z/a")
    ws.go.move("b", "y/b")
    ws.flush()
    ws.go.move("z/a", "a")
    ws.go.move("y/b", "b")
    ws.flush()
    assert ws.overlay.entries == before
    assert ws.moved == MoveMap()


def test_any_other_verb_carries_out_what_waits(go_repo: Make) -> None:
    ws = go_repo({"a/a.go": "package a\n"}).workspace()
    ws.go.move("a", "b")
    assert ws.exists("b/a.go")
    ws.go.move("b", "c")
    assert ws.glob("**/*.go") == ["c/a.go"]


def test_a_phase_on_the_top_package_works(go_repo: Make) -> None:
    repo = go_repo(
        {"m.go": "package m\n\nfunc M() {}\n", "a/a.go": 'package a\n\nimport "example.com/m"\n\nfunc A() { m.M() }\n'}
    )
    ws = repo.workspace()
    ws.go.move("a", "z/a")
    assert repo.vet(ws) == ""


def test_a_tree_without_a_module_moves_files_alone(go_repo: Make) -> None:
    ws = go_repo({"go.mod": "", "a/a.go": "package a\n"}).workspace()
    ws.go.move("a", "b")
    assert ws.exists("b/a.go")
