"""The structure of a program is counted from its files, over all build configurations."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from migrate.engines.sources import all_sources

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]


def imports(name: str, *folders: str) -> str:
    return f"package {name}\n" + "".join(f'import _ "example.com/m/{folder}"\n' for folder in folders)


def test_areas_packages_and_edges(go_repo: Make) -> None:
    repo = go_repo(
        {
            "main.go": imports("main", "internal/api", "internal/db"),
            "internal/api/a.go": imports("api", "internal/db"),
            "internal/api/a_test.go": imports("api_test", "internal/api"),
            "internal/db/d.go": imports("db"),
            "internal/db/d_windows.go": imports("db", "internal/win"),
            "internal/win/w.go": imports("win"),
            "vendor/x/x.go": "package x\n",
        }
    )
    found = repo.workspace().go.analyze()
    assert found.files == 6
    assert [(area.folder, area.files, round(area.share, 2)) for area in found.areas] == [
        ("internal", 5, 0.83),
        ("internal/api", 2, 0.4),
        ("internal/db", 2, 0.4),
        ("internal/win", 1, 0.2),
    ]
    assert [(one.folder, one.name, one.fan_in, one.fan_out) for one in found.packages] == [
        ("", "main", 0, 2),
        ("internal/api", "api", 1, 1),
        ("internal/db", "db", 2, 1),
        ("internal/win", "win", 1, 0),
    ]
    assert [one.folder for one in found.reusable] == ["internal/win"]
    assert found.cycles == ()


def test_imports_have_their_lines_and_no_file_is_read_a_second_time(
    go_repo: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migrate.tree.overlay.IN_MEMORY", -1)  # A tree of a few bytes is read at once.
    block = '// A licence.\n\npackage a\n\nimport (\n\t"fmt"\n\n\t_ "example.com/m/b"\n)\n\nimport "example.com/m/c"\n'
    overlay = go_repo({"a/a.go": block, "b/b.go": imports("b", "c"), "c/c.go": "package c\n"}).workspace().overlay
    files = {entry.oid for path, entry in overlay.entries.items() if path.endswith(".go")}
    asked: list[str] = []
    read = overlay.objects.blob
    monkeypatch.setattr(overlay.objects, "blob", lambda oid: asked.append(oid) or read(oid))
    found = {source.path: source.imports for source in all_sources(overlay)}
    assert found == {"a/a.go": ((8, "b"), (11, "c")), "b/b.go": ((2, "c"),), "c/c.go": ()}
    assert files.isdisjoint(asked)


def test_a_cycle_over_two_build_configurations_is_found(go_repo: Make) -> None:
    repo = go_repo(
        {
            "a/a.go": imports("a"),
            "a/a_windows.go": imports("a", "b"),
            "b/b.go": imports("b", "c"),
            "c/c.go": imports("c", "d"),
            "d/d_linux.go": imports("d", "a"),
            "e/e.go": imports("e", "a"),
        }
    )
    assert repo.workspace().go.analyze().cycles == (("a", "b", "c", "d"),)


def test_the_graph_is_one_node_a_package(go_repo: Make) -> None:
    repo = go_repo({"main.go": imports("main", "a/x"), "a/x/x.go": imports("x", "b"), "b/b.go": imports("b")})
    assert repo.workspace().go.analyze().mermaid() == (
        "flowchart LR\n"
        '  n0["(top)"]\n  n1["a/x"]\n  n2["b"]\n'
        "  n0 --> n1\n  n1 --> n2\n"
    )  # fmt: skip


def test_a_large_graph_is_drawn_by_groups(go_repo: Make) -> None:
    files = {f"a/b/p{n}/p.go": imports("p", "a/c/q") for n in range(41)}
    picture = go_repo({**files, "a/c/q/q.go": imports("q")}).workspace().go.analyze().mermaid()
    assert picture == 'flowchart LR\n  n0["a/b"]\n  n1["a/c"]\n  n0 --> n1\n'


def test_a_folder_name_cannot_break_the_picture(go_repo: Make) -> None:
    picture = go_repo({'a"]<b>/x.go': imports("x")}).workspace().go.analyze().mermaid()
    assert 'n0["a#34;]#60;b#62;"]' in picture


def test_the_picture_counts_pending_moves(go_repo: Make) -> None:
    ws = go_repo({"a/x.go": imports("x")}).workspace()
    ws.go.move("a", "b")
    assert [one.folder for one in ws.go.analyze().packages] == ["b"]
