"""Every import of a real tree of Go files, held against layers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pytest

from migrate.contracts.crossings import JudgedLayers, judge_layers
from migrate.engines.sources import all_sources
from migrate.phase.workspace import Workspace
from migrate.plan.layers import Exempt, Layer
from migrate.tree.overlay import Overlay
from tests.conftest import Sandbox

TESTS = Exempt("core/**/*_test.go", "api/*", "tests may", 7)
NEVER = Exempt("core/*.go", "api/none", "was never needed", 9)
CORE = Layer("core", ("core",), ("pkg",), (), (TESTS, NEVER), 3)
API = Layer("api", ("api",), None, (), (), 4)
PKG = Layer("pkg", ("pkg",), (), (), (), 5)
LAYERS = (CORE, API, PKG)

FILES = {
    "go.mod": "module example.com/m\n",
    "api/v1/api.go": 'package v1\n\nimport _ "example.com/m/core"\n',
    "core/core.go": 'package core\n\nimport (\n\t"fmt"\n\n\t"example.com/m/pkg/retry"\n\tv "example.com/m/api/v1"\n)\n',
    "core/core_plan9.go": '//go:build plan9\n\npackage core\n\nimport . "example.com/m/api/v1"\n',
    "core/gen.go": "//go:build ignore\n\npackage main\n\nimport `example.com/m/tools`\n",
    "core/a/a_test.go": 'package a_test\n\nimport (\n\t_ "example.com/m/api/v1"\n\t_ "example.com/m/core/a"\n)\n',
    "core/generated.go": 'package core\n\nimport _ "example.com/m/api/swagger"\n',
    "core/broken.go": "packag core\n",
    "pkg/retry/retry.go": 'package retry\n\nimport _ "example.com/other/api"\nimport _ "example.com/nested/x"\n',
    "pkg/vendor/v/v.go": 'package v\n\nimport _ "example.com/m/api/v1"\n',
    "nested/go.mod": "module example.com/nested\n",
    "nested/x/x.go": "package x\n",
    "tools/tools.go": 'package tools\n\nimport _ "example.com/m/api/v1"\n',
}


@pytest.fixture
def judged(repo: Sandbox) -> Callable[[Mapping[str, str], Sequence[Layer]], JudgedLayers]:
    """Holds a commit of some files against layers."""

    def judging(files: Mapping[str, str], layers: Sequence[Layer] = LAYERS) -> JudgedLayers:
        repo.commit("files", files)
        commit = repo.repository.commit("HEAD")
        assert commit is not None
        return judge_layers(layers, all_sources(Overlay.of(repo.repository.objects, commit)))

    return judging


Judging = Callable[..., JudgedLayers]


def test_every_import_of_every_build_is_held_against_the_rule_of_its_layer(judged: Judging) -> None:
    found = judged(FILES)
    assert [(c.position, c.layer, c.used, c.imported) for c in found.broken] == [
        ("core/core.go:7", "core", "api", "api/v1"),
        ("core/core_plan9.go:5", "core", "api", "api/v1"),
        ("core/gen.go:5", "core", None, "tools"),
        ("core/generated.go:3", "core", "api", "api/swagger"),
    ]
    assert found.imports == 8
    assert not found.is_kept


def test_an_exception_takes_away_what_it_names_and_says_why(judged: Judging) -> None:
    found = judged(FILES)
    assert [(c.position, c.reason) for c in found.excepted] == [("core/a/a_test.go:4", "tests may")]
    assert found.unneeded == (NEVER,)


def test_what_could_not_be_read_is_named(judged: Judging) -> None:
    assert judged(FILES).unread == ("core/broken.go",)


def test_another_module_of_the_tree_counts_only_where_it_is_built_from_the_tree(judged: Judging) -> None:
    assert not any(c.layer == "pkg" for c in judged(FILES).crossings)
    replaced = judged({**FILES, "go.mod": "module example.com/m\n\nreplace example.com/nested => ./nested\n"})
    assert [(c.position, c.used, c.imported) for c in replaced.broken if c.layer == "pkg"] == [
        ("pkg/retry/retry.go:4", None, "nested/x")
    ]


def test_a_layer_without_go_is_no_layer_that_is_kept(judged: Judging) -> None:
    layers = (Layer("core", ("core", "cores"), None, ("api",), (), 3), API)
    found = judged({"go.mod": "module m\n", "core/a.go": "package core\n", "api/a.go": "package api\n"}, layers)
    assert [(layer.name, folder) for layer, folder in found.empty] == [("core", "cores")]
    assert not found.is_kept


def test_the_result_for_programs_says_who_imports_what(judged: Judging) -> None:
    told = judged(FILES).as_json()
    assert told["excepted"] == [
        {
            "importer": "core/a",
            "path": "core/a/a_test.go",
            "line": 4,
            "layer": "core",
            "imported": "api/v1",
            "used": "api",
            "reason": "tests may",
        }
    ]
    assert told["unneeded"] == [{"files": "core/*.go", "imports": "api/none", "reason": "was never needed", "line": 9}]


def test_a_phase_sees_the_crossings_of_the_tree_as_it_edits_it(repo: Sandbox) -> None:
    commit = repo.commit("files", FILES)
    ws = Workspace(Overlay.of(repo.repository.objects, repo.repository.commit(commit) or commit), layers=LAYERS)
    assert len(ws.crossings()) == 5
    ws.delete("core")
    assert ws.crossings() == []
    assert ws.layers == LAYERS
