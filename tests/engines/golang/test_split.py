"""Some files of a package move to another one where no name crosses the cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import pytest

from migrate.engines.golang.cutting.prepared_split import PreparedSplit
from migrate.engines.golang.tree import GoTree
from migrate.errors import GitFailedError, MigrateError, PathError, PhaseError

if TYPE_CHECKING:
    from tests.engines.golang.conftest import GoRepo

Make = Callable[[Mapping[str, "str | bytes"]], "GoRepo"]

CACHE = {
    "a/cache/cache.go": "package cache\n\nvar client = 1\n\ntype Store struct{}\n\nfunc Open() int { return client }\n",
    "a/cache/cache_test.go": "package cache\n\nvar _ = Open\n",
    "a/cache/price.go": "package cache\n\ntype Price struct{ client int }\n\n"
    "func NewPrice(client int) *Price { return &Price{client: client} }\n\n"
    "func (p *Price) Client() int { return p.client }\n",
    "a/cache/price_test.go": "package cache\n\nvar _ = NewPrice\n",
}


def caller(body: str, name: str = "") -> str:
    return f'package use\n\nimport {name}"example.com/m/a/cache"\n\n{body}\n'


def cut(repo: GoRepo):  # type: ignore[no-untyped-def]
    ws = repo.workspace()
    ws.go.split("a/cache", {"pkg/cache": ["cache*.go"]})
    ws.go.split("a/cache", {"services/store/cache": ["price*.go"]})
    return ws


@pytest.mark.parametrize(
    ("source", "result"),
    [
        (caller("var _ = cache.Open()"), 'import "example.com/m/pkg/cache"\n\nvar _ = cache.Open()'),
        (
            caller("var _ cache.Price", "store "),
            'import store "example.com/m/services/store/cache"\n\nvar _ store.Price',
        ),
        (
            caller("var _, _ = cache.Open(), cache.NewPrice(1)"),
            'import "example.com/m/pkg/cache"\nimport storecache "example.com/m/services/store/cache"\n\n'
            "var _, _ = cache.Open(), storecache.NewPrice(1)",
        ),
        (
            caller("var _, _ = c.Open(), c.NewPrice(1)", "c "),
            'import c "example.com/m/pkg/cache"\nimport "example.com/m/services/store/cache"\n\n'
            "var _, _ = c.Open(), cache.NewPrice(1)",
        ),
        (
            caller("var X int", "_ "),
            'import _ "example.com/m/pkg/cache"\nimport _ "example.com/m/services/store/cache"\n\nvar X int',
        ),
    ],
)
def test_callers_import_what_they_use(go_repo: Make, source: str, result: str) -> None:
    source = source.replace("cache.Price", "store.Price") if "store " in source else source
    repo = go_repo({**CACHE, "use/u.go": source})
    ws = cut(repo)
    assert ws.read_text("use/u.go") == f"package use\n\n{result}\n"
    assert repo.vet(ws) == ""
    assert repo.unformatted(ws) == ""


def test_a_second_import_is_sorted_into_its_block(go_repo: Make) -> None:
    source = 'package use\n\nimport (\n\t"fmt"\n\n\t"example.com/m/a/cache"\n\t"example.com/m/z"\n)\n\n'
    source += "func F() { fmt.Println(cache.Open(), cache.NewPrice(2), z.Z) }\n"
    repo = go_repo({**CACHE, "use/u.go": source, "z/z.go": "package z\n\nconst Z = 1\n"})
    ws = cut(repo)
    assert (
        '\t"example.com/m/pkg/cache"\n\tstorecache "example.com/m/services/store/cache"\n\t"example.com/m/z"\n'
        in ws.read_text("use/u.go")
    )
    assert repo.vet(ws) == ""


def test_an_alias_for_one_half_avoids_the_names_of_the_file(go_repo: Make) -> None:
    body = "func F(storecache int) (int, *cache.Price) { return cache.Open(), cache.NewPrice(storecache) }"
    repo = go_repo({**CACHE, "use/u.go": caller(body)})
    ws = cut(repo)
    assert "storecache2.NewPrice(storecache)" in ws.read_text("use/u.go")
    assert repo.vet(ws) == ""


def test_what_stays_keeps_its_qualifier(go_repo: Make) -> None:
    body = "var _, _ = cache.Open(), cache.NewPrice(1)"
    repo = go_repo({**CACHE, "use/u.go": caller(body), "use/v.go": caller("var _ = cache.Open()")})
    ws = repo.workspace()
    ws.go.split("a/cache", {"a/price": ["price*.go"]}, rename="price")
    assert "var _, _ = cache.Open(), price.NewPrice(1)" in ws.read_text("use/u.go")
    assert ws.read_text("use/v.go") == caller("var _ = cache.Open()")
    assert ws.read_text("a/price/price.go").startswith("package price\n")
    assert repo.vet(ws) == ""


def test_local_names_and_fields_are_no_uses_of_the_package(go_repo: Make) -> None:
    body = "type T struct{ cache *cache.Price }\n\nfunc F(t T) int { cache := t.cache; return cache.Client() }"
    repo = go_repo({**CACHE, "use/u.go": caller(body)})
    ws = cut(repo)
    assert ws.read_text("use/u.go") == caller(body).replace("m/a/cache", "m/services/store/cache")
    assert repo.vet(ws) == ""


def test_all_go_files_to_one_place_are_a_package_move_of_that_folder(go_repo: Make) -> None:
    repo = go_repo(
        {
            "s/x.go": "package s\n\nfunc X() {}\n",
            "s/y.go": "package s\n\nfunc Y() { X() }\n",
            "s/notes.md": "x",
            "s/sub/z.go": "package sub\n",
            "use/u.go": 'package use\n\nimport (\n\t"example.com/m/s"\n\t_ "example.com/m/s/sub"\n)\n\nvar _ = s.Y\n',
        }
    )
    ws = repo.workspace()
    ws.go.split("s", {"t/n": ["*.go"]}, rename="n")
    assert ws.files("s") == ["s/notes.md", "s/sub/z.go"]
    assert '\t_ "example.com/m/s/sub"\n\t"example.com/m/t/n"\n' in ws.read_text("use/u.go")
    assert repo.vet(ws) == ""


@pytest.mark.parametrize(
    ("body", "imports"),
    [
        ("func F(NewPrice int) int { return Open() + NewPrice }", ["pkg/cache"]),
        ("var _ = Price{}", ["services/store/cache"]),
        ("func F(p *Price) int { return Open() }", ["pkg/cache", "services/store/cache"]),
    ],
)
def test_a_dot_import_goes_to_each_part_that_the_file_uses(go_repo: Make, body: str, imports: list[str]) -> None:
    repo = go_repo({**CACHE, "use/u.go": caller(body, ". ")})
    ws = cut(repo)
    lines = "\n".join(f'import . "example.com/m/{each}"' for each in imports)
    assert ws.read_text("use/u.go") == f"package use\n\n{lines}\n\n{body}\n"
    assert repo.vet(ws) == ""


def test_a_dot_import_is_refused_where_a_name_may_be_a_field(go_repo: Make) -> None:
    with pytest.raises(
        PhaseError, match=r'use/u\.go:5 Open: it may be that name or a field, and "example\.com/m/a/cache" is'
    ):
        cut(go_repo({**CACHE, "use/u.go": caller("var _ = Unknown{Open: 1}", ". ")})).flush()


def test_a_name_that_no_file_declares_is_refused(go_repo: Make) -> None:
    with pytest.raises(PhaseError, match=r"use/u\.go:5 uses cache\.Generated, which no file"):
        cut(go_repo({**CACHE, "use/u.go": caller("var _ = cache.Generated")})).flush()


def test_a_name_that_no_file_declares_is_taken_for_one_of_what_stays(go_repo: Make) -> None:
    source = caller("var _, _ = cache.NewPrice(1), cache.Generated")
    ws = go_repo({**CACHE, "use/u.go": source}).workspace()
    ws.go.split("a/cache", {"a/price": ["price*.go"]}, rename="price")
    assert "var _, _ = price.NewPrice(1), cache.Generated" in ws.read_text("use/u.go")
    assert any(note.startswith("use/u.go:5 uses cache.Generated, which no file of") for note in ws.notes)


@pytest.mark.parametrize(
    "known", ["func F(*Price) any { return Generated(Own{Key: 1}) }", "var _ = Generated(Own{Key: 1})"]
)
def test_a_bare_name_that_no_file_declares_keeps_the_dot_import_of_what_stays(go_repo: Make, known: str) -> None:
    own = "package use\n\ntype Own struct{ Key int }\n"
    repo = go_repo({**CACHE, "use/own.go": own, "use/u.go": caller(known, ". ")})
    ws = repo.workspace()
    ws.go.split("a/cache", {"a/price": ["price*.go"]}, rename="price")
    assert 'import . "example.com/m/a/cache"\n' in ws.read_text("use/u.go")
    assert ('import . "example.com/m/a/price"\n' in ws.read_text("use/u.go")) == ("*Price" in known)
    (note,) = (note for note in ws.notes if note.startswith("use/u.go"))
    assert note.startswith("use/u.go:5 uses Generated, which no file of")
    ws.write("a/cache/generated.go", "package cache\n\nfunc Generated(x any) any { return x }\n")
    assert repo.vet(ws) == ""


def test_a_bare_name_that_no_file_declares_is_refused_where_nothing_stays(go_repo: Make) -> None:
    with pytest.raises(PhaseError, match=r'use/u\.go:5 uses Generated, which no file of "a/cache" declares'):
        cut(go_repo({**CACHE, "use/u.go": caller("var _, _ = Generated, Open", ". ")})).flush()


def test_a_bare_name_may_be_of_another_dot_import(go_repo: Make) -> None:
    files = {"o/o.go": "package o\n\nconst Other = 1\n"}
    imports = 'import (\n\t. "example.com/m/a/cache"\n\t. "example.com/m/o"\n)\n'
    repo = go_repo({**CACHE, **files, "use/u.go": f"package use\n\n{imports}\nvar _, _ = NewPrice, Other\n"})
    ws = repo.workspace()
    ws.go.split("a/cache", {"a/price": ["price*.go"]}, rename="price")
    assert "a/cache" not in ws.read_text("use/u.go")
    assert repo.vet(ws) == ""


def test_the_key_of_a_literal_is_no_type(go_repo: Make) -> None:
    moved = 'package p\n\nimport "example.com/m/api"\n\nvar V = api.Request{Box: 1}\n'
    files = {"p/moved.go": moved, "p/kept.go": "package p\n\ntype Box struct{}\n"}
    repo = go_repo({**files, "api/a.go": "package api\n\ntype Request struct{ Box int }\n"})
    ws = repo.workspace()
    ws.go.split("p", {"q": ["moved.go"]}, rename="q")
    assert ws.read_text("q/moved.go") == moved.replace("package p", "package q")
    assert repo.vet(ws) == ""


@pytest.mark.parametrize(
    ("moved", "kept", "crossing"),
    [
        ("func F() int { return hidden }", "var hidden = 1", r"p/moved\.go:3 hidden \(of p/kept\.go:3\): not exported"),
        ("var hidden = 1", "func F() int { return hidden }", r"p/kept\.go:3 hidden \(of p/moved\.go:3\): not exported"),
        ("func (t *T) M() {}", "type T struct{}", r"p/moved\.go:3 T \(of p/kept\.go:3\): a method must be"),
        (
            "var v = Unknown{K: 1}",
            "const K = 1",
            r"p/moved\.go:3 K \(of p/kept\.go:3\): it may be that name or a field",
        ),
    ],
)
def test_names_that_cross_the_cut_are_listed(go_repo: Make, moved: str, kept: str, crossing: str) -> None:
    ws = go_repo({"p/moved.go": f"package p\n\n{moved}\n", "p/kept.go": f"package p\n\n{kept}\n"}).workspace()
    ws.go.split("p", {"q": ["moved.go"]})
    with pytest.raises(PhaseError, match=crossing):
        ws.flush()
    assert ws.exists("p/moved.go"), "nothing changed"


def test_a_long_list_of_crossings_is_cut_short(go_repo: Make) -> None:
    uses = "".join("\t_ = n\n" for _ in range(30))
    files = {"p/a.go": f"package p\n\nfunc f() {{\n{uses}}}\n", "p/b.go": "package p\n\nvar n int\n"}
    ws = go_repo(files).workspace()
    ws.go.split("p", {"q": ["a.go"]})
    with pytest.raises(PhaseError, match="… and 10 more"):
        ws.flush()


def test_a_name_declared_for_several_systems_stays_together(go_repo: Make) -> None:
    files = {
        "p/a_linux.go": "package p\n\nfunc A() {}\n",
        "p/a_windows.go": "package p\n\nfunc A() {}\n",
        "use/u.go": 'package use\n\nimport "example.com/m/p"\n\nvar _ = p.A\n',
    }
    ws = go_repo(files).workspace()
    ws.go.split("p", {"q": ["a_linux.go"]})
    with pytest.raises(PhaseError, match='"A" is declared in files that would go to different packages'):
        ws.flush()


def test_a_test_file_may_become_an_external_test_elsewhere(go_repo: Make) -> None:
    repo = go_repo(
        {
            "services/s.go": "package services\n\nfunc S() {}\n",
            "services/redis_test.go": 'package services\n\nimport (\n\t"testing"\n\n\t"example.com/m/redis"\n)\n\n'
            "func TestRedis(t *testing.T) { redis.R() }\n",
            "redis/r.go": "package redis\n\nfunc R() {}\n",
            "use/u.go": 'package use\n\nimport "example.com/m/services"\n\nvar _ = services.S\n',
        }
    )
    ws = repo.workspace()
    ws.go.move("redis", "data/redis")
    ws.go.split("services", {"data/redis": ["redis_test.go"]}, rename="redis_test")
    ws.go.split("services", {"metrics": ["s.go"]}, rename="metrics")
    text = ws.read_text("data/redis/redis_test.go")
    assert text.startswith("package redis_test\n")
    assert '"example.com/m/data/redis"' in text
    assert repo.vet(ws) == ""


def test_only_test_files_can_be_in_a_test_package(go_repo: Make) -> None:
    ws = go_repo({"p/a.go": "package p\n", "p/b.go": "package p\n"}).workspace()
    with pytest.raises(PhaseError, match=r'"p/a\.go" is not a test file'):
        ws.go.split("p", {"q": ["a.go"]}, rename="q_test")


def test_files_join_the_package_that_is_there(go_repo: Make) -> None:
    repo = go_repo(
        {
            "p/a.go": "package p\n\nfunc A() {}\n",
            "p/b.go": "package p\n\nfunc B() {}\n",
            "q/q.go": "package queue\n\nfunc Q() {}\n",
            "use/u.go": 'package use\n\nimport (\n\t"example.com/m/p"\n\t"example.com/m/q"\n)\n\n'
            "var _, _, _ = p.A, p.B, queue.Q\n",
        }
    )
    ws = repo.workspace()
    ws.go.split("p", {"q": ["a.go"]})
    assert ws.read_text("q/a.go").startswith("package queue\n")
    assert repo.vet(ws) == ""


def test_names_that_would_be_declared_twice_are_refused(go_repo: Make) -> None:
    files = {"p/a.go": "package p\n\nfunc A() {}\n", "p/b.go": "package p\n", "q/q.go": "package q\n\nvar A = 1\n"}
    ws = go_repo(files).workspace()
    ws.go.split("p", {"q": ["a.go"]})
    with pytest.raises(PhaseError, match=r'"A" would be declared twice: p/a\.go:3 and q/q\.go:3'):
        ws.flush()


def test_an_import_cycle_is_refused(go_repo: Make) -> None:
    files = {
        "p/a.go": 'package p\n\nimport _ "example.com/m/q"\n',
        "p/b.go": "package p\n",
        "q/q.go": 'package q\n\nimport _ "example.com/m/r"\n',
        "r/r.go": "package r\n",
    }
    ws = go_repo(files).workspace()
    ws.go.split("p", {"r": ["a.go"]})
    with pytest.raises(
        PhaseError, match=r'import cycle:\n  r/a\.go:3 imports "example\.com/m/q"\n  q/q\.go:3 imports "example'
    ):
        ws.flush()


def test_a_cycle_through_a_test_file_is_refused(go_repo: Make) -> None:
    files = {
        "p/a_test.go": 'package p\n\nimport _ "example.com/m/q"\n',
        "p/b.go": "package p\n",
        "q/q.go": 'package q\n\nimport _ "example.com/m/r"\n',
        "r/r.go": "package r\n",
    }
    ws = go_repo(files).workspace()
    ws.go.split("p", {"r": ["a_test.go"]})
    with pytest.raises(PhaseError, match=r'import cycle:\n  r/a_test\.go:3 imports "example\.com/m/q"\n  q/q\.go:3 im'):
        ws.flush()


@pytest.mark.parametrize("generated", [True, False])
def test_a_file_may_not_leave_what_it_embeds(go_repo: Make, generated: bool) -> None:
    files = {"p/a.go": 'package p\n\nimport _ "embed"\n\n//go:embed x.txt\nvar X string\n', "p/b.go": "package p\n"}
    both = {**files, "p/b.go": files["p/a.go"].replace("X string", "Y string"), "p/x.txt": "x"}
    ws = go_repo(files if generated else both).workspace()
    ws.go.split("p", {"q": ["a.go"]})
    with pytest.raises(PhaseError, match=r'p/a\.go:5 embeds "x\.txt"'):
        ws.flush()


def test_a_file_may_take_what_it_embeds_along(go_repo: Make) -> None:
    files = {
        "p/a.go": 'package p\n\nimport _ "embed"\n\n//go:embed "x*.txt"\nvar X string\n',
        "p/x1.txt": "x",
        "p/b.go": "package p\n",
    }
    repo = go_repo(files)
    ws = repo.workspace()
    ws.go.split("p", {"q": ["a.go", "x*.txt"]})
    assert repo.vet(ws) == ""


def test_linknames_of_a_cut_package_follow_the_name(go_repo: Make) -> None:
    link = 'package l\n\nimport _ "unsafe"\n\n//go:linkname o example.com/m/a/cache.Open\n\n'
    ws = cut(go_repo({**CACHE, "l/l.go": link + "//go:linkname n example.com/m/a/cache.NewPrice\n"}))
    text = ws.read_text("l/l.go")
    assert "o example.com/m/pkg/cache.Open\n" in text
    assert "n example.com/m/services/store/cache.NewPrice\n" in text


@pytest.mark.parametrize(
    ("files", "error", "message"),
    [
        (["nothing*.go"], PathError, 'no file in "a/cache" matches "nothing\\*.go"'),
        (["cahce.go"], PathError, 'did you mean "cache.go"'),
        ([], PhaseError, "names no file"),
    ],
)
def test_files_that_are_not_there_are_refused(
    go_repo: Make, files: list[str], error: type[MigrateError], message: str
) -> None:
    ws = go_repo(CACHE).workspace()
    with pytest.raises(error, match=message):
        ws.go.split("a/cache", {"b": files})


def test_files_cannot_move_to_where_they_are(go_repo: Make) -> None:
    ws = go_repo(CACHE).workspace()
    with pytest.raises(PhaseError, match="would move to where it is"):
        ws.go.split("a/cache", {"a/cache": ["cache.go"]})


def test_what_only_its_own_tests_can_see_is_refused_when_it_goes_elsewhere(go_repo: Make) -> None:
    files = {
        "p/a.go": "package p\n\nfunc A() {}\n",
        "p/b.go": "package p\n\nfunc B() {}\n",
        "p/export_test.go": "package p\n\nvar Hidden = 1\n",
        "p/p_test.go": 'package p_test\n\nimport "example.com/m/p"\n\nvar _ = p.Hidden\n',
    }
    ws = go_repo(files).workspace()
    ws.go.split("p", {"q": ["a.go"]})
    ws.go.split("p", {"r": ["export_test.go"]})
    with pytest.raises(PhaseError, match=r"p/p_test\.go:5 uses p\.Hidden of a test file that goes elsewhere"):
        ws.flush()


def test_files_that_join_a_renamed_package_take_its_new_name(go_repo: Make) -> None:
    repo = go_repo(
        {
            "p/a.go": "package p\n\nfunc A() {}\n",
            "p/a_test.go": 'package p_test\n\nimport "example.com/m/p"\n\nvar _ = p.A\n',
            "p/b.go": "package p\n\nfunc B() {}\n",
            "q/q.go": "package q\n\nfunc Q() {}\n",
        }
    )
    ws = repo.workspace()
    ws.go.split("p", {"r": ["a*.go"]})
    ws.go.move("q", "r", rename="metrics")
    assert ws.read_text("r/a.go").startswith("package metrics\n")
    assert ws.read_text("r/a_test.go").startswith('package metrics_test\n\nimport "example.com/m/r"\n')
    assert repo.vet(ws) == ""


STORE = {
    "p/store.go": "package p\n\n// Store is.\ntype Store interface{ Get() }\n\nvar _ Store = mem{}\n\nvar _ Store = (*disk)(nil)\n",
    "p/mem.go": "package p\n\ntype mem struct{}\n\nfunc (mem) Get() {}\n",
    "p/disk.go": "package p\n\ntype disk struct{}\n\nfunc (*disk) Get() {}\n",
}


@pytest.mark.parametrize("part", ["mem.go", "mem"])
def test_an_assertion_goes_with_the_type_that_it_is_of(go_repo: Make, part: str) -> None:
    repo = go_repo(STORE)
    ws = repo.workspace()
    ws.go.split("p", {"q": [part]}, rename="q")
    assert ws.read_text("p/store.go").endswith("type Store interface{ Get() }\n\nvar _ Store = (*disk)(nil)\n")
    assert 'import "example.com/m/p"\n\nvar _ p.Store = mem{}\n' in ws.read_text("q/store.go")
    assert 'p/store.go:6 _ goes along to "q"' in ws.notes
    assert repo.vet(ws) == ""


def test_an_assertion_that_can_stay_stays(go_repo: Make) -> None:
    files = {**STORE, "p/mem.go": STORE["p/mem.go"].replace("mem", "Mem")}
    files["p/store.go"] = files["p/store.go"].replace("mem", "Mem")
    ws = go_repo(files).workspace()
    ws.go.split("p", {"q": ["mem.go"]}, rename="q")
    assert "var _ Store = q.Mem{}" in ws.read_text("p/store.go")


def test_an_error_of_git_while_a_split_is_planned_stays_what_it_is(go_repo: Make) -> None:
    tree = GoTree.of(go_repo({"a/a.go": "package a\n"}).workspace().overlay)
    prepared = PreparedSplit(tree, [], origins={"a/b~a.go": ("a/a.go", (3,))})
    told = prepared.explained(
        GitFailedError("a/b~a.go:1 cannot be read", stderr="fatal: bad object", advice="git fsck")
    )
    assert isinstance(told, GitFailedError)
    assert (str(told), told.stderr, told.advice) == ("a/a.go:3 cannot be read", "fatal: bad object", "git fsck")
