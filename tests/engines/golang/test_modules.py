"""The import path comes from the nearest go.mod, at both ends of a move."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from migrate.engines.golang.checking.verify import stale_imports
from migrate.engines.golang.modules import GoModules, local_paths
from migrate.errors import PhaseError
from tests.engines.golang.conftest import run

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

NESTED = {
    "a/a.go": "package a\n\nfunc A() {}\n",
    "tools/t.go": 'package tools\n\nimport "example.com/m/a"\n\nvar T = a.A\n',
}
TOOLS = "module example.com/tools\n\ngo 1.21\n\nrequire example.com/m v1.0.0\n"


def modules(files: Mapping[str, str]) -> GoModules:
    return GoModules.read(files, lambda path: files[path].encode())


@pytest.mark.parametrize(
    "manifest",
    [
        "module example.com/m\n",
        'module "example.com/m"\n',
        "// x\nmodule (\n\texample.com/m\n)\n",
        "module `example.com/m` // y\n",
        "\r\nmodule example.com/m\r\n",
    ],
)
def test_a_module_path_is_read_in_every_form(manifest: str) -> None:
    assert modules({"go.mod": manifest}).import_path("x/y") == "example.com/m/x/y"


def test_folders_and_import_paths_belong_to_the_nearest_module() -> None:
    found = modules({"go.mod": "module m.io/m\n", "sub/go.mod": "module m.io/m/sub\n", "x/go.mod": "module other\n"})
    assert found.import_path("") == "m.io/m"
    assert found.import_path("sub/y") == "m.io/m/sub/y"
    assert found.import_path("x/y") == "other/y"
    assert found.folder("m.io/m") == ""
    assert found.folder("m.io/m/sub/y") == "sub/y"
    assert found.folder("other/y") == "x/y"
    assert found.folder("m.io/m/x/y") is None, "that folder belongs to another module"
    assert found.folder("fmt") is None


def test_a_module_of_test_data_does_not_hide_the_real_one() -> None:
    found = modules({"go.mod": "module m.io/m\n", "a/testdata/x/go.mod": "module m.io/m\n"})
    assert found.folder("m.io/m/a") == "a"


def test_local_paths_are_found_in_blocks_and_lines() -> None:
    source = (
        'use ./a // why\nuse (\n\t.\n\t"./b c"\n\t../out\n\t/abs\n)\nreplace x v1 => ../up\nreplace (\n\ty => ./z\n)\n'
    )
    assert [local.folder for local in local_paths("w/go.work", source)] == ["w/a", "w", "w/b c", "out", "up", "w/z"]


def test_a_module_that_uses_a_published_version_is_left_alone(go_repo: Make) -> None:
    ws = go_repo({**NESTED, "tools/go.mod": TOOLS}).workspace()
    ws.go.move("a", "z/a")
    assert ws.read_text("tools/t.go") == NESTED["tools/t.go"]
    assert stale_imports(ws.overlay, ws.moved) == []
    assert ws.notes == [
        "tools/go.mod still builds against the published example.com/m v1.0.0: "
        'tools/t.go:3 imports "example.com/m/a" from there'
    ]


def test_a_module_that_uses_a_published_version_of_what_is_cut_is_told_of(go_repo: Make) -> None:
    ws = go_repo({**NESTED, "tools/go.mod": "module example.com/tools\n", "a/b.go": "package a\n"}).workspace()
    ws.go.split("a", {"z": ["b.go"]}, rename="z")
    ws.flush()
    assert [note.partition(": ")[0] for note in ws.notes] == [
        "tools/go.mod still builds against the published example.com/m"
    ]


def test_nothing_is_said_of_a_published_package_that_stays(go_repo: Make) -> None:
    ws = go_repo({**NESTED, "tools/go.mod": TOOLS, "a/b/b.go": "package b\n"}).workspace()
    ws.go.move("a/b", "z/b")
    ws.flush()
    assert ws.notes == []


def test_the_published_path_of_a_module_that_borrows_one_is_its_own(go_repo: Make) -> None:
    """Test data often holds a module with the path of the real one: there the path means the module itself."""
    copy = {f"testdata/x/{path}": content for path, content in NESTED.items() if path.startswith("a/")}
    main = {"testdata/x/main.go": 'package main\n\nimport _ "example.com/m/a"\n\nfunc main() {}\n'}
    ws = go_repo({**NESTED, **copy, **main, "testdata/x/go.mod": "module example.com/m\n"}).workspace()
    ws.go.move("testdata/x/a", "testdata/x/z", rename="z")
    assert '"example.com/m/z"' in ws.read_text("testdata/x/main.go")
    assert '"example.com/m/a"' in ws.read_text("tools/t.go")
    assert ws.notes == []


@pytest.mark.parametrize(
    "binding",
    [
        {"tools/go.mod": TOOLS + "\nreplace example.com/m => ../\n"},
        {"tools/go.mod": TOOLS, "go.work": "go 1.21\n\nuse (\n\t.\n\t./tools\n)\n"},
        {"tools/go.mod": TOOLS, "w/go.work": "go 1.21\n\nuse ../tools\n\nreplace example.com/m => ..\n"},
    ],
    ids=["replace", "go.work", "replace in go.work"],
)
def test_a_module_that_uses_this_tree_follows(go_repo: Make, binding: dict[str, str]) -> None:
    ws = go_repo({**NESTED, **binding}).workspace()
    ws.go.move("a", "z/a")
    assert '"example.com/m/z/a"' in ws.read_text("tools/t.go")


def test_a_module_moves_whole_and_is_still_found(go_repo: Make) -> None:
    repo = go_repo(
        {
            "go.mod": "module example.com/m\n\ngo 1.21\n\nrequire example.com/lib v0.0.0\n\n"
            "replace example.com/lib => ./lib\n",
            "go.work": "go 1.21\n\nuse (\n\t.\n\t./lib // here\n)\n",
            "lib/go.mod": "module example.com/lib\n\ngo 1.21\n",
            "lib/x/x.go": "package x\n\nfunc X() {}\n",
            "main.go": 'package main\n\nimport "example.com/lib/x"\n\nfunc main() { x.X() }\n',
        }
    )
    ws = repo.workspace()
    ws.go.move("lib", "third/lib")
    assert ws.read_text("go.mod").endswith("replace example.com/lib => ./third/lib\n")
    assert "\t./third/lib // here\n" in ws.read_text("go.work")
    assert ws.read_text("main.go").count("example.com/lib/x") == 1
    assert repo.vet(ws, GOFLAGS="") == ""


def test_what_a_module_names_follows_it_and_others(go_repo: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GOFLAGS")  # With a go.work, -mod=mod is not allowed.
    lib = (
        "module example.com/lib/v2\n\ngo 1.21\n\nrequire example.com/base v0.0.0\n\n"
        "replace example.com/base => ../../base\n"
    )
    repo = go_repo(
        {
            "go.mod": "module example.com/m\n\ngo 1.21\n\nrequire example.com/lib/v2 v2.0.0\n\n"
            "require example.com/base v0.0.0 // indirect\n\n"
            "replace (\n\texample.com/base => ./base\n\texample.com/lib/v2 => ./lib/v2\n)\n",
            "main.go": 'package main\n\nimport _ "example.com/lib/v2/x"\n\nfunc main() {}\n',
            "go.work": "go 1.21\n\nuse (\n\t.\n\tlib/v2\n)\n",
            "base/go.mod": "module example.com/base\n\ngo 1.21\n",
            "base/b/b.go": "package b\n",
            "lib/v2/go.mod": lib,
            "lib/v2/x/x.go": 'package x\n\nimport _ "example.com/base/b"\n',
            "lib/v2/go.work": "go 1.21\n\nuse (\n\t.\n\t../../base\n)\n",
        }
    )
    ws = repo.workspace()
    ws.go.move("lib/v2", "third/lib/v2")
    ws.go.move("base/b", "base/deep/b")
    assert ws.read_text("third/lib/v2/go.mod") == lib.replace("../../base", "../../../base")
    assert ws.read_text("third/lib/v2/go.work") == "go 1.21\n\nuse (\n\t.\n\t../../../base\n)\n"
    assert ws.read_text("go.work") == "go 1.21\n\nuse (\n\t.\n\t./third/lib/v2\n)\n"
    assert "\texample.com/lib/v2 => ./third/lib/v2\n" in ws.read_text("go.mod")
    assert '"example.com/base/deep/b"' in ws.read_text("third/lib/v2/x/x.go")
    assert ws.notes == [], "the path of the module still ends with its folder"
    top = repo.write(ws)
    assert [run(place, "go", "vet", "./...") for place in (top, top / "third/lib/v2")] == ["", ""]


def test_a_module_whose_path_names_its_old_folder_is_told_of(go_repo: Make) -> None:
    ws = go_repo({"lib/go.mod": "module example.com/m/lib/v3\n", "lib/l.go": "package lib\n"}).workspace()
    ws.go.move("lib", "third/other")
    ws.flush()
    assert ws.notes == [
        'module example.com/m/lib/v3 keeps its path in "third/other", but others will look for it in "lib"'
    ]


def test_nested_modules_travel_whole_with_the_folder_above_them(go_repo: Make) -> None:
    repo = go_repo(
        {
            "a/a.go": "package a\n",
            "a/nested/go.mod": "module example.com/nested\n\ngo 1.21\n\nreplace example.com/m => ../..\n\n"
            "require example.com/m v0.0.0\n",
            "a/nested/n.go": 'package nested\n\nimport (\n\t_ "example.com/m/a"\n\t_ "example.com/nested/x"\n)\n',
            "a/nested/x/x.go": "package x\n",
            "b/go.mod": "module example.com/b\n\ngo 1.21\n",
            "b/b.go": "package b\n",
        }
    )
    ws = repo.workspace()
    ws.go.move("a", "z/y/a")
    ws.go.move("b", "z/y/a/nested/b")
    assert '_ "example.com/m/z/y/a"\n\t_ "example.com/nested/x"' in ws.read_text("z/y/a/nested/n.go")
    assert "=> ../../../..\n" in ws.read_text("z/y/a/nested/go.mod")
    assert ws.read_text("z/y/a/nested/b/go.mod") == "module example.com/b\n\ngo 1.21\n"
    top = repo.write(ws)
    assert [run(top / f"z/y/a/{place}", "go", "vet", "./...") for place in (".", "nested", "nested/b")] == [""] * 3


@pytest.mark.parametrize(("old", "new"), [("vendor/v.io/v", "v"), ("a", "vendor/v.io/a")])
def test_nothing_moves_into_or_out_of_vendor(go_repo: Make, old: str, new: str) -> None:
    ws = go_repo({**NESTED, "vendor/v.io/v/v.go": "package v\n"}).workspace()
    ws.go.move(old, new)
    with pytest.raises(PhaseError, match=r'"vendor/v.io/\w" is in vendor/, which belongs to "go mod vendor"'):
        ws.flush()


def test_vendored_copies_that_fell_behind_are_told_of(go_repo: Make) -> None:
    """They are left alone; once they are filled again, everything builds."""
    repo = go_repo(
        {
            "go.mod": "module example.com/m\n\ngo 1.21\n\nrequire example.com/a v0.0.0\n\nreplace example.com/a => ./a\n",
            "m.go": 'package m\n\nimport _ "example.com/a/p"\n',
            "vendor/modules.txt": "# example.com/a v0.0.0 => ./a\n## explicit; go 1.21\nexample.com/a/p\n"
            "# example.com/a => ./a\n",
            "vendor/example.com/a/p/p.go": "package p\n",
            "a/go.mod": "module example.com/a\n\ngo 1.21\n",
            "a/p/p.go": "package p\n",
            "a/r/r.go": "package r\n",
            "work/go.work": "go 1.21\n\nuse ./w\n",
            "work/w/go.mod": "module example.com/w\n\ngo 1.21\n\nreplace example.com/a => ../../a\n",
            "work/vendor/modules.txt": "## workspace\n",
        }
    )
    ws = repo.workspace()
    ws.go.move("a/r", "a/s", rename="s")
    ws.flush()
    assert ws.notes == [], "no copy of it is vendored"
    ws.go.move("a/p", "a/q", rename="q")
    ws.flush()
    told = 'run "go mod vendor" in ".": vendor/ there is left alone and out of date, so go refuses to build'
    assert ws.notes == [told]
    ws.go.move("a", "b")
    ws.flush()
    assert ws.notes[1:] == [told, told.replace("go mod", "go work").replace('"."', '"work"')]
    top = repo.write(ws)
    assert "inconsistent vendoring" in run(top, "go", "build", "-mod=vendor", ".")
    assert run(top, "go", "mod", "vendor") + run(top, "go", "build", "-mod=vendor", ".") == ""


def test_a_go_mod_does_not_move_without_its_module(go_repo: Make) -> None:
    ws = go_repo({"lib/go.mod": "module example.com/lib\n", "lib/l.go": "package lib\n"}).workspace()
    ws.go.split("lib", {"other": ["*"]})
    with pytest.raises(PhaseError, match=r'"lib/go\.mod" cannot move without its module'):
        ws.flush()


@pytest.mark.parametrize(("old", "new"), [("sub/a", "a"), ("b", "sub/b")])
def test_a_package_needs_a_module_at_both_ends(go_repo: Make, old: str, new: str) -> None:
    files = {
        "go.mod": "",
        "sub/go.mod": "module example.com/sub\n",
        "sub/a/s.go": "package s\n",
        "b/b.go": "package b\n",
    }
    ws = go_repo(files).workspace()
    ws.go.move(old, new)
    with pytest.raises(PhaseError, match=r'cannot move to "\S+": there is no module for "[ab]/\w\.go"'):
        ws.flush()
