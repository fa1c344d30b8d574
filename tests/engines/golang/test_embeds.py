"""A phase after which `//go:embed` names nothing, or something outside its package, is refused with file and line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from migrate.engines.golang.checking.relevance import may_decide
from migrate.engines.golang.checking.soundness import examine_go
from migrate.git.recent import Recent
from migrate.phase.workspace import Workspace
from migrate.tree.changes import from_trees
from migrate.tree.moves import MoveMap

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

WEB = """package web

import "embed"

//go:embed templates/*.html all:static
//go:embed dist lost
var FS embed.FS
"""
TREE = {
    ".gitignore": "dist/\n",
    "web/web.go": WEB,
    "web/templates/a.html": "a\n",
    "web/templates/b.html": "b\n",
    "web/static/.hidden": "s\n",
    "main.go": 'package main\n\nimport _ "embed"\n\n//go:embed web/templates/a.html\nvar a string\n\nfunc main() {}\n',
    "docs/x.txt": "x\n",
}
GONE = "which no longer names a file"
OUT = "which go:embed does not take: a pattern may not leave its package"
A = f'main.go:5 embeds "web/templates/a.html", {GONE}'

CASES: dict[str, tuple[Callable[[Workspace], object], list[str]]] = {
    "the folder moves": (
        lambda ws: ws.move("web/templates", "templates"),
        [A, f'web/web.go:5 embeds "templates/*.html", {GONE}'],
    ),
    "the pattern follows out of the package": (
        lambda ws: (ws.move("web/static", "static"), ws.replace("all:static", "../static", "web/web.go")),
        [f'web/web.go:5 embeds "../static", {OUT}'],
    ),
    "an absolute pattern": (
        lambda ws: ws.replace("all:static", "/web/static", "web/web.go"),
        [f'web/web.go:5 embeds "/web/static", {OUT}'],
    ),
    "a file is deleted": (lambda ws: ws.delete("web/templates/a.html"), [A]),
    "a file is renamed": (lambda ws: ws.move("web/templates/a.html", "web/templates/c.html"), [A]),
    "the Go file moves alone": (
        lambda ws: ws.move("web/web.go", "web/in/web.go"),
        [f'web/in/web.go:5 embeds "{pattern}", {GONE}' for pattern in ("static", "templates/*.html")],
    ),
    "a module begins in the middle": (
        lambda ws: ws.write("web/static/go.mod", "module example.com/static\n"),
        ['web/web.go:5 embeds "static", but "web/static/.hidden" belongs to another module'],
    ),
    "a new file embeds nothing": (
        lambda ws: ws.write("docs/d.go", 'package docs\n\nimport _ "embed"\n\n//go:embed y.txt\nvar y string\n'),
        [f'docs/d.go:5 embeds "y.txt", {GONE}'],
    ),
    "the package moves as a folder": (lambda ws: ws.move("web", "ui/web"), [A]),
    # What is no worse than before.
    "the package moves with its importers": (lambda ws: (ws.delete("main.go"), ws.go.move("web", "ui")), []),
    "one of several files goes": (lambda ws: ws.delete("web/templates/b.html"), []),
    "what git ignores may be built": (lambda ws: ws.replace("dist lost", "dist/x/*.js lost", "web/web.go"), []),
    "a file elsewhere goes": (lambda ws: ws.delete("docs/x.txt"), []),
    "both move and the pattern follows": (
        lambda ws: (
            ws.move("web/static", "web/assets"),
            ws.replace("all:static", "all:assets", "web/web.go"),
        ),
        [],
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_an_embed_loses_is_found(go_repo: Make, name: str) -> None:
    edit, wrong = CASES[name]
    ws = go_repo(TREE).workspace()
    edit(ws)
    ws.flush()
    files = from_trees(ws.overlay.base, ws.overlay.changes(), ws.moved)
    assert may_decide(files, ws.overlay.entries)
    verdict = examine_go(ws.overlay, files, ws.moved, MoveMap())
    found = [f"{flaw.path}:{flaw.line} {flaw.text}" for flaw in verdict.flaws]
    assert [flaw for flaw in found if " embeds " in flaw] == wrong


def test_a_tree_without_go_has_nothing_to_embed(go_repo: Make) -> None:
    repo = go_repo({"docs/x.txt": "x\n"})
    ws = repo.workspace()
    ws.move("docs", "doc")
    files = from_trees(ws.overlay.base, ws.overlay.changes(), ws.moved)
    assert not may_decide(files, ws.overlay.entries)


def test_a_phase_without_go_reads_only_what_may_embed_it(go_repo: Make) -> None:
    repo = go_repo({**TREE, "other/o.go": "package other\n", "docs/d.go": "package docs\n\nvar D = 1\n"})
    ws = repo.workspace()
    ws.move("docs/x.txt", "docs/y.txt")
    files = from_trees(ws.overlay.base, ws.overlay.changes(), ws.moved)
    ws.overlay.in_memory = False
    ws.overlay.objects._cache = Recent()
    examine_go(ws.overlay, files, ws.moved, MoveMap())
    held = ws.overlay.objects._cache.get
    read = {path for path, entry in ws.overlay.base.items() if held(entry.oid) is not None}
    assert read <= {"go.mod", "main.go", "docs/d.go"}
