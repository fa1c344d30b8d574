"""The import path comes from the nearest go.mod, at both ends of a move."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from migrate.errors import PhaseError
from migrate.golang.modules import Modules, local_paths
from migrate.golang.verify import stale_imports

if TYPE_CHECKING:
    from tests.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

NESTED = {
    "a/a.go": "package a\n\nfunc A() {}\n",
    "tools/t.go": 'package tools\n\nimport "example.com/m/a"\n\nvar T = a.A\n',
}
TOOLS = "module example.com/tools\n\ngo 1.21\n\nrequire example.com/m v1.0.0\n"


def modules(files: Mapping[str, str]) -> Modules:
    return Modules.read(files, lambda path: files[path].encode())


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


@pytest.mark.parametrize(
    "binding",
    [
        {"tools/go.mod": TOOLS + "\nreplace example.com/m => ../\n"},
        {"tools/go.mod": TOOLS, "go.work": "go 1.21\n\nuse (\n\t.\n\t./tools\n)\n"},
    ],
    ids=["replace", "go.work"],
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


def test_a_package_may_not_leave_its_module(go_repo: Make) -> None:
    ws = go_repo(
        {"a/a.go": "package a\n", "sub/go.mod": "module example.com/sub\n", "sub/s.go": "package s\n"}
    ).workspace()
    ws.go.move("a", "sub/a")
    with pytest.raises(PhaseError, match=r'"a/a\.go" would leave its module'):
        ws.settle()


def test_a_package_may_not_leave_for_where_no_module_is(go_repo: Make) -> None:
    ws = go_repo({"go.mod": "", "sub/go.mod": "module example.com/sub\n", "sub/a/s.go": "package s\n"}).workspace()
    ws.go.move("sub/a", "a")
    with pytest.raises(PhaseError, match="would leave its module"):
        ws.settle()
