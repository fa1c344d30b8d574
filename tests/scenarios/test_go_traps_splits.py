"""Moving Go packages, trap 25: some files of a package go to another one."""

from __future__ import annotations

from tests.scenarios.moving import Moving
from tests.story import Story

SHOP = "example.com/shop"
SPLITTABLE: dict[str, str | bytes] = {
    "cache/lru.go": "// Package cache keeps.\npackage cache\n\n// LRU forgets the oldest.\ntype LRU struct{ n int }\n\n"
    "// Len counts.\nfunc (l *LRU) Len() int { return l.n }\n\nfunc New() *LRU { return &LRU{n: size} }\n\n"
    "const size = 1\n",
    "cache/lru_test.go": 'package cache\n\nimport "testing"\n\nfunc TestLRU(t *testing.T) { _ = New().n }\n',
    "cache/prices.go": "package cache\n\nvar started string\n\nfunc init() { started = load() }\n\n"
    'func load() string { return "yes" }\n\nfunc Prices() string { return started }\n',
    "cache/prices_linux.go": "package cache\n\nfunc System() string { return load() }\n",
    "cache/prices_windows.go": "package cache\n\nfunc System() string { return load() }\n",
    "both/b.go": f'package both\n\nimport "{SHOP}/cache"\n\nfunc Sum() int {{ return cache.New().Len() }}\n\n'
    "func P() string {\n\tpricing := cache.Prices()\n\treturn pricing + cache.System()\n}\n",
    "one/o.go": f'package one\n\nimport c "{SHOP}/cache"\n\ntype T struct{{ cache *c.LRU }}\n\n'
    "func F(cache T) *c.LRU { return cache.cache }\n",
    "main.go": f'package main\n\nimport "{SHOP}/both"\n\nfunc main() {{ print(both.Sum(), both.P()) }}\n',
}


def test_trap_25_a_split_moves_what_belongs_together(story: Story) -> None:
    """25. Methods with their receivers, `init`, files for other systems and tests; callers import what they use."""
    program = Moving(story, SPLITTABLE).moved(
        'go.split("cache", {"pkg/cache": ["lru*.go"]})',
        'go.split("cache", {"pricing": ["prices*.go"]}, rename="pricing")',
    )
    assert program.builds().builds_elsewhere("windows").formatted().run("go", "run", ".") == "1yesyes"
    assert f'import c "{SHOP}/pkg/cache"\n' in program.text("one/o.go")
    assert f'"{SHOP}/pkg/cache"' in program.text("both/b.go")
    assert f'"{SHOP}/pricing"' in program.text("both/b.go")
    assert "TestLRU" in program.text("pkg/cache/lru_test.go")


def test_trap_25_what_crosses_the_cut_is_listed_before_anything_moves(story: Story) -> None:
    """25. Names in both directions, exported or not, in tests and for other systems; `K` in `T{K: v}` in doubt."""
    crossing = {
        "cache/lru.go": "package cache\n\ntype LRU struct{ n int }\n\nfunc (l *LRU) len() int { return limit() }\n",
        "cache/limit.go": "package cache\n\nconst n = 3\n\nfunc limit() int { return n }\n",
        "cache/limit_windows.go": "package cache\n\nvar _ = LRU{n: n}\n",
        "cache/limit_test.go": "package cache\n\nfunc helper(l *LRU) int { return l.len() }\n",
        "cache/doubt.go": "package cache\n\nvar doubt = other{n: 1}\n\ntype other = map[int]int\n",
    }
    said = Moving(story, {**crossing, "go.mod": f"module {SHOP}\n\ngo 1.21\n"}).refused(
        'go.split("cache", {"lru": ["lru.go"]})'
    )
    assert 'package cache in "cache" cannot be cut there; these names cross the cut:' in said
    for line in (
        "cache/lru.go:5 limit (of cache/limit.go:5): not exported",
        "cache/limit_windows.go:3 .n (of cache/lru.go:3): field, not exported: it cannot be reached from another package",
        "cache/limit_test.go:3 .len (of cache/lru.go:5): method, not exported: it cannot be reached",
    ):
        assert line in said


def test_trap_25_a_method_does_not_part_from_its_receiver(story: Story) -> None:
    """25. A method can only be declared beside its type, so the receiver is a name that crosses."""
    files: dict[str, str | bytes] = {
        "cache/lru.go": "package cache\n\ntype LRU struct{}\n",
        "cache/len.go": "package cache\n\nfunc (LRU) Len() int { return 0 }\n",
    }
    said = Moving(story, files).refused('go.split("cache", {"length": ["len.go"]})')
    assert "cache/len.go:3 LRU (of cache/lru.go" in said


def test_trap_25_declarations_move_and_what_crosses_is_qualified(story: Story) -> None:
    """25. Part of a file: names used across the cut get a qualifier, or a capital letter first where that is asked."""
    program = Moving(story, SPLITTABLE).moved(
        'go.split("cache", {"lru": ["LRU", "New"]}, rename="lru", export=["size"])',
        'go.split("cache", {"pricing": ["prices*.go"]}, rename="pricing")',
    )
    assert program.builds().builds_elsewhere("windows").formatted().run("go", "run", ".") == "1yesyes"
    assert "return &LRU{n: cache.Size}" in program.text("lru/lru.go")
    assert "lru.New().Len()" in program.text("both/b.go")


def test_trap_25_two_packages_become_one(story: Story) -> None:
    """25. The other way round: files of one that import the other lose the import and the qualifiers."""
    program = Moving(story, SPLITTABLE).moved('go.merge("one", "both")', 'go.merge("cache", "both")')
    assert program.builds().builds_elsewhere("windows").formatted().run("go", "run", ".") == "1yesyes"


def test_trap_25_a_name_that_the_other_package_has_is_refused(story: Story) -> None:
    """25. The other way round: two packages become one and both declare a name."""
    files: dict[str, str | bytes] = {"a/a.go": "package a\n\nfunc F() {}\n", "b/b.go": "package b\n\n\nvar F int\n"}
    said = Moving(story, files).refused('go.split("a", {"b": ["a.go"]})')
    assert '"F" would be declared twice: a/a.go:3 and b/b.go:4' in said
