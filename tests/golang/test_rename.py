"""A package that gets another name keeps its callers compiling, and `unalias` gives them the new name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from migrate.errors import PhaseError

if TYPE_CHECKING:
    from tests.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

SERVICES = {
    "services/s.go": "package services\n\ntype M struct{ N int }\n\nfunc New() *M { return &M{} }\n",
    "services/s_test.go": 'package services_test\n\nimport "example.com/m/services"\n\nvar _ = services.New\n',
    "services/export_test.go": "package services\n\nvar Exported = New\n",
    "services/gen.go": "//go:build ignore\n\npackage main\n\nfunc main() {}\n",
}


def caller(body: str, imports: str = "") -> str:
    return f'package use\n\nimport (\n{imports}\t"example.com/m/services"\n)\n\n{body}\n'


def test_a_rename_changes_the_clauses_and_leaves_an_alias_with_callers(go_repo: Make) -> None:
    repo = go_repo({**SERVICES, "use/u.go": caller("var M = services.New()")})
    ws = repo.workspace()
    ws.go.move("services", "monitoring/metrics", rename="metrics")
    assert '\tservices "example.com/m/monitoring/metrics"\n' in ws.read_text("use/u.go")
    clauses = {path: ws.read_text(path) for path in ws.files("monitoring/metrics")}
    assert clauses["monitoring/metrics/s.go"].startswith("package metrics\n")
    assert clauses["monitoring/metrics/export_test.go"].startswith("package metrics\n")
    assert clauses["monitoring/metrics/s_test.go"].startswith("package metrics_test\n")
    assert "package main" in clauses["monitoring/metrics/gen.go"]
    assert repo.vet(ws) == ""
    assert repo.unformatted(ws) == ""


def test_a_rename_in_place_moves_nothing(go_repo: Make) -> None:
    repo = go_repo({**SERVICES, "use/u.go": caller("var M = services.New()")})
    ws = repo.workspace()
    ws.go.move("services", "services", rename="metrics")
    assert ws.read_text("services/s.go").startswith("package metrics\n")
    assert len(ws.moved) == 0
    assert ws.go.unalias() == 2
    assert "var M = metrics.New()" in ws.read_text("use/u.go")
    assert repo.vet(ws) == ""


def test_a_new_folder_name_alone_renames_nothing_and_needs_no_alias(go_repo: Make) -> None:
    repo = go_repo({**SERVICES, "use/u.go": caller("var M = services.New()")})
    ws = repo.workspace()
    ws.go.move("services", "metrics")
    assert ws.read_text("use/u.go") == caller("var M = services.New()").replace("/services", "/metrics")
    assert repo.vet(ws) == ""


def test_a_name_that_the_caller_chose_stays(go_repo: Make) -> None:
    source = caller("var M = svc.New()").replace('\t"example', '\tsvc "example')
    repo = go_repo({**SERVICES, "use/u.go": source})
    ws = repo.workspace()
    ws.go.move("services", "metrics", rename="metrics")
    assert ws.go.unalias() == 1, "the package's own external test"
    assert ws.read_text("use/u.go") == source.replace("m/services", "m/metrics")
    assert repo.vet(ws) == ""


@pytest.mark.parametrize("name", ["func", "a-b", "_", "", "1a"])
def test_a_name_that_go_does_not_allow_is_refused(go_repo: Make, name: str) -> None:
    ws = go_repo(SERVICES).workspace()
    with pytest.raises(PhaseError, match="cannot be the name of a Go package"):
        ws.go.move("services", "x", rename=name)


def test_unalias_rewrites_qualifiers_by_scope(go_repo: Make) -> None:
    body = """type holder struct {
	services *services.M
	other    services.M
}

func f(services *services.M) int { return services.N }

func g() *services.M {
	h := holder{services: services.New()}
	_ = h.services.N
	if services := services.New(); services != nil {
		return services
	}
services:
	for range "x" {
		continue services
	}
	return services.New()
}
"""
    expected = """type holder struct {
	services *metrics.M
	other    metrics.M
}

func f(services *metrics.M) int { return services.N }

func g() *metrics.M {
	h := holder{services: metrics.New()}
	_ = h.services.N
	if services := metrics.New(); services != nil {
		return services
	}
services:
	for range "x" {
		continue services
	}
	return metrics.New()
}
"""
    repo = go_repo({**SERVICES, "use/u.go": caller(body)})
    ws = repo.workspace()
    ws.go.move("services", "monitoring/metrics", rename="metrics")
    assert ws.go.unalias() == 2
    assert ws.read_text("use/u.go") == caller(expected).replace("m/services", "m/monitoring/metrics")
    assert repo.vet(ws) == ""
    assert ws.notes == []
    assert ws.go.unalias() == 0, "nothing is left to do"


def test_unalias_knows_renames_of_earlier_phases(go_repo: Make) -> None:
    repo = go_repo({**SERVICES, "use/u.go": caller("var M = services.New()")})
    first = repo.workspace()
    first.go.move("services", "mid", rename="metrics")
    first.settle()
    second = type(first)(first.overlay.next(), history=first.moved)
    second.go.move("mid", "monitoring/metrics")
    assert second.go.unalias() == 2
    assert "metrics.New()" in second.read_text("use/u.go")
    assert repo.vet(second) == ""


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        (
            {"use/u.go": caller("func f(metrics int) *services.M { return services.New() }")},
            "use/u.go:7 has a local metrics",
        ),
        (
            {"use/u.go": caller("var M, _ = services.New(), metrics.All", '\t"runtime/metrics"\n\n')},
            'use/u.go imports "runtime/metrics" as metrics',
        ),
        (
            {"use/u.go": caller("var M = services.New()"), "use/v.go": "package use\n\nfunc metrics() {}\n"},
            "use/v.go:3 declares metrics",
        ),
        (
            {"use/u.go": caller("var M, _ = services.New(), metrics()\n\nfunc metrics() int { return 1 }")},
            "use/u.go:7 uses another metrics",
        ),
    ],
)
def test_an_alias_stays_where_the_new_name_means_something_else(
    go_repo: Make, files: dict[str, str], reason: str
) -> None:
    repo = go_repo({**SERVICES, **files})
    ws = repo.workspace()
    ws.go.move("services", "monitoring/metrics", rename="metrics")
    ws.go.unalias()
    line = ws.read_text("use/u.go").split("\n").index('\tservices "example.com/m/monitoring/metrics"') + 1
    assert ws.notes == [f"use/u.go:{line} still imports metrics as services: {reason}"]
    assert repo.vet(ws) == ""


def test_a_local_of_the_new_name_elsewhere_in_the_file_does_no_harm(go_repo: Make) -> None:
    body = "var M = services.New()\n\nfunc f() int { metrics := 1; return metrics }"
    repo = go_repo({**SERVICES, "use/u.go": caller(body)})
    ws = repo.workspace()
    ws.go.move("services", "monitoring/metrics", rename="metrics")
    assert ws.go.unalias() == 2
    assert "var M = metrics.New()" in ws.read_text("use/u.go")
    assert repo.vet(ws) == ""


def test_without_renames_there_is_nothing_to_unalias(go_repo: Make) -> None:
    ws = go_repo({**SERVICES, "use/u.go": caller("var M = services.New()")}).workspace()
    assert ws.go.unalias() == 0
