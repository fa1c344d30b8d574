"""A package that gets another name: its callers say the new one, or keep theirs as an alias until `unalias`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from migrate.errors import PhaseError

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

SERVICES = {
    "services/s.go": "package services\n\ntype M struct{ N int }\n\nfunc New() *M { return &M{} }\n",
    "services/s_test.go": 'package services_test\n\nimport "example.com/m/services"\n\nvar _ = services.New\n',
    "services/export_test.go": "package services\n\nvar Exported = New\n",
    "services/gen.go": "//go:build ignore\n\npackage main\n\nfunc main() {}\n",
}


def caller(body: str, imports: str = "") -> str:
    return f'package use\n\nimport (\n{imports}\t"example.com/m/services"\n)\n\n{body}\n'


MOVED = "m/monitoring/metrics"

BODY = """type holder struct {
	services *services.M
	other    services.M // see [services.New]
}

// f takes what [services.New] and [*services.M] give: services.New() is not services.go or a/services.New.
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
RENAMED = """type holder struct {
	services *metrics.M
	other    metrics.M // see [metrics.New]
}

// f takes what [metrics.New] and [*metrics.M] give: metrics.New() is not services.go or a/services.New.
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


def test_a_rename_rewrites_the_qualifiers_of_callers_by_scope(go_repo: Make) -> None:
    services = {
        **SERVICES,
        "services/doc.go": "// Package services counts.\n// Package services is small, see services.New.\npackage services\n",
    }
    repo = go_repo({**services, "use/u.go": caller(BODY.strip())})
    ws = repo.workspace()
    ws.go.move("services", "monitoring/metrics", rename="metrics")
    assert ws.read_text("use/u.go") == caller(RENAMED.strip()).replace("m/services", MOVED)
    assert 'metrics_test\n\nimport "example.com/m/monitoring/metrics"' in ws.read_text("monitoring/metrics/s_test.go")
    assert ws.read_text("monitoring/metrics/doc.go").startswith(
        "// Package metrics counts.\n// Package metrics is small, see metrics.New.\n"
    )
    assert repo.vet(ws) == ""
    assert repo.unformatted(ws) == ""
    assert ws.notes == []
    assert ws.go.unalias() == 0
    ws.go.move("monitoring/metrics", "services", rename="services")
    ws.flush()
    assert ws.overlay.entries == repo.workspace().overlay.entries, "the way back gives the same bytes"


def test_packages_that_swap_their_names_swap_their_qualifiers(go_repo: Make) -> None:
    files = {
        "foo/f.go": "package foo\n\nfunc Foo() {}\n",
        "bar/b.go": "package bar\n\nfunc Bar() {}\n",
        "use/u.go": 'package use\n\nimport (\n\t"example.com/m/bar"\n\t"example.com/m/foo"\n)\n\n'
        "func F() { foo.Foo(); bar.Bar() }\n",
        "use/v.go": 'package use\n\nimport "example.com/m/foo"\n\nfunc G(bar int) { foo.Foo() }\n',
    }
    repo = go_repo(files)
    ws = repo.workspace()
    for _ in range(2):
        ws.go.move("foo", "bar", rename="bar")
        ws.go.move("bar", "foo", rename="foo")
        ws.flush()
        if "bar.Foo(); foo.Bar()" in ws.read_text("use/u.go"):
            assert 'import foo "example.com/m/bar"' in ws.read_text("use/v.go")
            assert ws.notes == ["use/v.go:3 still imports bar as foo: use/v.go:5 has a local bar"]
            assert repo.vet(ws) == ""
    assert ws.overlay.entries == repo.workspace().overlay.entries


def test_a_chain_of_names_gives_way_from_its_end(go_repo: Make) -> None:
    files = {f"{name}/x.go": f"package {name}\n\nfunc {name.upper()}() {{}}\n" for name in ("a", "b", "c")}
    imports = "".join(f'\t"example.com/m/{name}"\n' for name in ("a", "b", "c"))
    source = f"package use\n\nimport (\n{imports})\n\nfunc F() {{ a.A(); b.B(); c.C() }}\n\nvar d = c.C\n"
    repo = go_repo({**files, "use/u.go": source})
    ws = repo.workspace()
    for old, new in (("a", "b"), ("b", "c"), ("c", "d")):
        ws.go.move(old, f"new/{new}", rename=new)
    text = ws.read_text("use/u.go")
    assert 'c "example.com/m/new/d"' in text, "d is taken, so c stays"
    assert 'b "example.com/m/new/c"' in text, "and so does what would have had its name"
    assert 'a "example.com/m/new/b"' in text
    assert "a.A(); b.B(); c.C()" in text
    assert repo.vet(ws) == ""


@pytest.mark.parametrize("qualifiers", ["rewrite", "alias"])
@pytest.mark.parametrize("taken", ["", "\n\nfunc services() {}"])
def test_a_name_that_the_caller_chose_stays_unless_it_had_to(go_repo: Make, qualifiers: str, taken: str) -> None:
    source = caller("var M = metrics.New()" + taken).replace('\t"example', '\tmetrics "example')
    repo = go_repo({**SERVICES, "use/u.go": source})
    ws = repo.workspace()
    ws.go.move("services", "metrics", rename="metrics", qualifiers=qualifiers)  # type: ignore[arg-type]
    needless = qualifiers == "rewrite" and not taken
    written = '\tmetrics "example' if needless else '\t"example'
    assert f'{written}.com/m/metrics"\n' in ws.read_text("use/u.go")
    assert repo.vet(ws) == ""
    ws.go.move("metrics", "services", rename="services", qualifiers=qualifiers)  # type: ignore[arg-type]
    assert ws.read_text("use/u.go") == source


@pytest.mark.parametrize("sort", ["both", ""])
def test_an_unknown_way_to_treat_qualifiers_is_refused(go_repo: Make, sort: str) -> None:
    ws = go_repo(SERVICES).workspace()
    with pytest.raises(PhaseError, match="is neither"):
        ws.go.move("services", "x", qualifiers=sort)  # type: ignore[arg-type]


def test_an_alias_keeps_callers_as_they_are(go_repo: Make) -> None:
    repo = go_repo({**SERVICES, "use/u.go": caller("var M = services.New()")})
    ws = repo.workspace()
    ws.go.move("services", "monitoring/metrics", rename="metrics", qualifiers="alias")
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
    ws.go.move("services", "services", rename="metrics", qualifiers="alias")
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
    ws.go.move("services", "metrics", rename="metrics", qualifiers="alias")
    assert ws.go.unalias() == 1, "the package's own external test"
    assert ws.read_text("use/u.go") == source.replace("m/services", "m/metrics")
    assert repo.vet(ws) == ""


@pytest.mark.parametrize("name", ["func", "a-b", "_", "", "1a", "init", "documentation"])
def test_a_name_that_go_does_not_allow_is_refused(go_repo: Make, name: str) -> None:
    ws = go_repo(SERVICES).workspace()
    with pytest.raises(PhaseError, match="cannot be the name of a Go package"):
        ws.go.move("services", "x", rename=name)


def test_a_package_without_a_main_function_cannot_become_main(go_repo: Make) -> None:
    ws = go_repo(SERVICES).workspace()
    with pytest.raises(PhaseError, match='package main needs a func main, which no file of "services" declares'):
        ws.go.move("services", "x", rename="main")


@pytest.mark.parametrize("verb", ["move", "split"])
def test_a_package_that_is_imported_cannot_become_main(go_repo: Make, verb: str) -> None:
    program = {"services/main.go": "package services\n\nfunc main() {}\n"}
    ws = go_repo({**SERVICES, **program, "use/u.go": caller("var M = services.New()")}).workspace()
    if verb == "move":
        ws.go.move("services", "x", rename="main")
    else:
        ws.go.split("services", {"x": ["*.go"]}, rename="main")
    with pytest.raises(PhaseError, match=r'^\S+\.go:\d+ imports "example.com/m/services", which would be package main'):
        ws.flush()


@pytest.mark.parametrize(
    "body", ["var M = len(services.New().Name)", "func f() string { _ = services.New(); return `` }"]
)
@pytest.mark.parametrize("name", ["len", "string"])
def test_a_predeclared_name_is_given_to_imports_only_where_nothing_uses_it(go_repo: Make, body: str, name: str) -> None:
    ws = go_repo({**SERVICES, "use/u.go": caller(body)}).workspace()
    ws.go.move("services", name, rename=name)
    written = ws.read_text("use/u.go")
    is_used = f"{name}(" in body or f" {name} " in body
    assert ('services "example.com/m/' in written) == is_used
    assert (f"{name}.New()" in written) != is_used


def test_unalias_does_what_the_rename_left(go_repo: Make) -> None:
    repo = go_repo({**SERVICES, "use/u.go": caller(BODY.strip())})
    ws = repo.workspace()
    ws.go.move("services", "monitoring/metrics", rename="metrics", qualifiers="alias")
    assert ws.go.unalias() == 2
    assert ws.read_text("use/u.go") == caller(RENAMED.strip()).replace("m/services", MOVED)
    assert repo.vet(ws) == ""
    assert ws.notes == []
    assert ws.go.unalias() == 0, "nothing is left to do"


def test_unalias_knows_renames_of_earlier_phases(go_repo: Make) -> None:
    repo = go_repo({**SERVICES, "use/u.go": caller("var M = services.New()")})
    first = repo.workspace()
    first.go.move("services", "mid", rename="metrics", qualifiers="alias")
    first.flush()
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
    ws.go.move("services", "monitoring/metrics", rename="metrics", qualifiers="alias")
    ws.go.unalias()
    line = ws.read_text("use/u.go").split("\n").index('\tservices "example.com/m/monitoring/metrics"') + 1
    assert ws.notes == [f"use/u.go:{line} still imports metrics as services: {reason}"]
    assert repo.vet(ws) == ""


def test_a_local_of_the_new_name_elsewhere_in_the_file_does_no_harm(go_repo: Make) -> None:
    body = "var M = services.New()\n\nfunc f() int { metrics := 1; return metrics }"
    repo = go_repo({**SERVICES, "use/u.go": caller(body)})
    ws = repo.workspace()
    ws.go.move("services", "monitoring/metrics", rename="metrics", qualifiers="alias")
    assert ws.go.unalias() == 2
    assert "var M = metrics.New()" in ws.read_text("use/u.go")
    assert repo.vet(ws) == ""


def test_without_renames_there_is_nothing_to_unalias(go_repo: Make) -> None:
    ws = go_repo({**SERVICES, "use/u.go": caller("var M = services.New()")}).workspace()
    assert ws.go.unalias() == 0


def test_a_caller_that_cannot_be_read_keeps_the_name(go_repo: Make) -> None:
    broken = caller("var M = services.New(\n")
    ws = go_repo({**SERVICES, "services/broken.go": "package services\n\nfunc {\n", "use/u.go": broken}).workspace()
    ws.go.move("services", "metrics", rename="metrics")
    assert ws.read_text("use/u.go") == broken.replace('"example.com/m/services"', 'services "example.com/m/metrics"')
    assert ws.read_text("metrics/broken.go") == "package metrics\n\nfunc {\n"
    assert ws.notes == ["use/u.go:4 still imports metrics as services: it has syntax that cannot be read"]
