"""The top of the repository as the place of a package: it comes there, leaves it, or a refusal names the way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from migrate.engines.golang.checking.soundness import examine_go
from migrate.errors import MigrateError, PhaseError
from migrate.phase.workspace import Workspace
from migrate.tree.changes import from_trees
from migrate.tree.moves import MoveMap

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

TOP = ["", "."]
SHOP = {
    "shop.go": "package m\n\n// F is f.\nfunc F() int { return g() }\n",
    "g.go": "package m\n\nfunc g() int { return 1 }\n",
    "shop_test.go": 'package m_test\n\nimport "example.com/m"\n\nvar _ = m.F\n',
    "cmd/x/main.go": 'package main\n\nimport "example.com/m"\n\nfunc main() { m.F() }\n',
    "lib/l.go": "package lib\n\nfunc L() {}\n",
    "lib/sub/s.go": 'package sub\n\nimport "example.com/m/lib"\n\nvar _ = lib.L\n',
    "README.md": "x\n",
}
MODULE = {
    "go.mod": "",
    "go/go.mod": "module example.com/shop/go\n\ngo 1.21\n",
    "go/shop.go": 'package shop\n\nimport "example.com/shop/go/a"\n\nvar _ = a.A\n',
    "go/a/a.go": "package a\n\nfunc A() {}\n",
    "go/go/g.go": "package g\n",
    "go/vendor/x/x.go": "package x\n",
    "go/data.txt": "x\n",
    "docs/d.md": "x\n",
}


def sound(ws: Workspace) -> bool:
    ws.flush()
    files = from_trees(ws.overlay.base, ws.overlay.changes(), ws.moved)
    return not examine_go(ws.overlay, files, ws.moved, MoveMap()).flaws


@pytest.mark.parametrize("top", TOP)
def test_the_package_at_the_top_goes_to_a_folder(go_repo: Make, top: str) -> None:
    repo = go_repo(SHOP)
    ws = repo.workspace()
    ws.go.split(top, {"pkg/shop": ["*.go"]}, rename="shop")
    assert 'import "example.com/m/pkg/shop"\n\nfunc main() { shop.F() }' in ws.read_text("cmd/x/main.go")
    assert ws.read_text("pkg/shop/shop_test.go").startswith("package shop_test")
    assert sound(ws)
    assert repo.vet(ws) == ""


@pytest.mark.parametrize("top", TOP)
def test_part_of_the_package_at_the_top_goes_to_a_folder(go_repo: Make, top: str) -> None:
    ws = go_repo(SHOP).workspace()
    ws.go.split(top, {"inner": ["g"]}, rename="inner", export=True)
    assert "inner.G()" in ws.read_text("shop.go")
    assert "package inner\n\nfunc G()" in ws.read_text("inner/g.go")
    assert sound(ws)


@pytest.mark.parametrize("top", TOP)
def test_part_of_a_package_comes_to_the_top(go_repo: Make, top: str) -> None:
    ws = go_repo(SHOP).workspace()
    ws.go.split("lib", {top: ["L"]})
    assert ws.read_text("l.go") == "package m\n\nfunc L() {}\n"
    assert 'import "example.com/m"\n\nvar _ = m.L' in ws.read_text("lib/sub/s.go")
    assert sound(ws)


@pytest.mark.parametrize("top", TOP)
def test_a_package_is_merged_into_that_at_the_top(go_repo: Make, top: str) -> None:
    ws = go_repo(SHOP).workspace()
    ws.go.merge("lib", top)
    assert ws.read_text("l.go") == "package m\n\nfunc L() {}\n"
    assert 'import "example.com/m"\n\nvar _ = m.L' in ws.read_text("sub/s.go")
    assert not ws.files("lib")
    assert sound(ws)


@pytest.mark.parametrize("top", TOP)
def test_a_package_moves_to_the_top_with_all_below_it(go_repo: Make, top: str) -> None:
    files = {path: content for path, content in SHOP.items() if path.startswith(("lib", "README"))}
    ws = go_repo(files).workspace()
    ws.go.move("lib", top)
    assert 'import "example.com/m"\n\nvar _ = lib.L' in ws.read_text("sub/s.go").replace('lib "exa', '"exa')
    assert ws.files() == ["README.md", "go.mod", "l.go", "sub/s.go"]
    assert sound(ws)


@pytest.mark.parametrize("top", TOP)
def test_a_module_moves_to_the_top_and_keeps_its_path(go_repo: Make, top: str) -> None:
    ws = go_repo(MODULE).workspace()
    ws.go.move("go", top)
    assert ws.files() == ["a/a.go", "data.txt", "docs/d.md", "go.mod", "go/g.go", "shop.go", "vendor/x/x.go"]
    assert ws.read_text("shop.go") == MODULE["go/shop.go"]
    assert sound(ws)


@pytest.mark.parametrize(
    ("edit", "said", "way"),
    [
        (lambda ws: ws.go.move("", "pkg/shop"), "would move everything", 'ws.go.split("", {"pkg/shop": ["*.go"]})'),
        (lambda ws: ws.go.move(".", "pkg/shop"), "would move everything", 'ws.go.split("", {"pkg/shop": ["*.go"]})'),
        (lambda ws: ws.go.merge(".", "lib"), "would move everything", 'ws.go.split("", {"lib": ["*.go"]})'),
        (lambda ws: ws.go.move("lib", "."), "there is a package at the top already", 'ws.go.merge("lib", "")'),
        (lambda ws: ws.go.split("", {".": ["g.go"]}), "would move to where it is", ""),
        (lambda ws: ws.go.merge("", "."), "would be merged into itself", ""),
    ],
)
def test_what_cannot_be_names_the_way(go_repo: Make, edit: Callable[[Workspace], object], said: str, way: str) -> None:
    ws = go_repo(SHOP).workspace()
    with pytest.raises(MigrateError, match=said) as refused:
        sound((edit(ws), ws)[1])
    assert way in (refused.value.advice or "")


def test_two_modules_cannot_both_be_at_the_top(go_repo: Make) -> None:
    ws = go_repo({**MODULE, "go.mod": "module example.com/shop\n"}).workspace()
    with pytest.raises(PhaseError, match='"go" is a module of its own, and there is one at the top already'):
        ws.go.move("go", "")
