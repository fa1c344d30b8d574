"""Paths that are not written from the top: ends of old paths, paths that count from elsewhere, names of workflows."""

from __future__ import annotations

from migrate.engines.old_paths import OldPaths
from migrate.engines.references.verify.records import StaleVerdict
from migrate.engines.references.verify.stale import stale_references
from migrate.engines.references.verify.tails import Tails
from migrate.tree.moves import MoveMap

FILES = {
    "go.mod": "module github.com/acme/shop\n",
    "daemon/net/drivers/bridge/b.go": "package bridge\n",
    "docs/howto/a.md": "# a\n",
    "docs/parts/ref/b.md": "# b\n",
    "web/tools/test.sh": "x\n",
    "web/build/docker/Dockerfile": "FROM x\n",
    "api/docker/Dockerfile": "FROM x\n",
    ".github/workflows/build.yml": "name: CI\n",
    "internal/core/auth/auth.go": "package auth\n",
    "daemon/testdata/sets/one.yml": "a: 1\n",
}
MOVES = {
    "daemon/libnetwork": "daemon/net",
    "docs/guide": "docs/howto",
    "docs/ref": "docs/parts/ref",
    "web/scripts": "web/tools",
    "web/docker": "web/build/docker",
    ".github/workflows/ci.yml": ".github/workflows/build.yml",
    "internal/auth": "internal/core/auth",
    "daemon/testdata/sets/01-one.yml": "daemon/testdata/sets/one.yml",
}
BADGE = "https://github.com/acme/shop/actions/workflows/ci.yml"

STALE = [
    ("hack/unit.sh", 'go list ./... | grep --fixed-strings "libnetwork/drivers/bridge"'),
    ("hack/unit.sh", 'go list ./... | grep -v "/libnetwork"'),
    ("hack/unit.sh", 'ls "$DAEMON/libnetwork/drivers"'),
    ("mkdocs.yml", "docs_dir: docs\nnav:\n  - Auth: guide/a.md"),
    ("mkdocs.yml", "docs_dir: docs\nnav:\n  - Auth: ref/b.md"),
    ("mkdocs.yml", "nav:\n  - Auth: ref/b.md"),
    ("docs/index.rst", ".. toctree::\n\n   guide/a"),
    ("docs/index.rst", ".. toctree::\n\n   ref/b"),
    ("docs/index.rst", ".. include:: ref/b.md"),
    ("compose.yml", "services:\n  web:\n    build:\n      context: ./web\n      dockerfile: docker/Dockerfile"),
    (
        "compose.yml",
        "services:\n  api:\n    build:\n      context: ./api\n      dockerfile: docker/Dockerfile\n"
        "  web:\n    build:\n      context: ./web\n      dockerfile: docker/Dockerfile",
    ),
    (".github/workflows/a.yml", "steps:\n  - run: ./scripts/test.sh\n    working-directory: web"),
    ("x.sh", "cd web\n./scripts/test.sh"),
    ("x.sh", "cd web && sh docker/Dockerfile"),
    ("Makefile", "x:\n\tcd internal && go test ./auth/..."),
    ("README.md", f"[![CI]({BADGE}/badge.svg)]"),
    ("README.md", "https://img.shields.io/github/actions/workflow/status/acme/shop/ci.yml"),
    ("x.sh", "gh workflow run ci.yml --ref main"),
    ("x.sh", "curl https://api.github.com/repos/acme/shop/actions/workflows/ci.yml/dispatches"),
    ("x.yml", "workflow_id: ci.yml"),
    ("BUILD.bazel", 'actual = "@//internal/auth:x"'),
    ("BUILD.bazel", 'actual = "@@//internal/auth:x"'),
    ("x.bzl", 'load("@shop//internal/auth:x.bzl", "x")'),
    ("x.sh", "helm upgrade shop ./internal/core/auth -f internal/auth/auth.go"),
    (".github/workflows/a.yml", "steps:\n  - uses: acme/shop/.github/workflows/ci.yml@main"),
    ("x.sh", "cat sets/01-one.yml"),
    ("app.asm.s", "TEXT github\u00b7com\u2215acme\u2215shop\u2215internal\u2215auth\u00b7Sum(SB)"),
]
RIGHT = [
    ("hack/unit.sh", "grep libnetwork x; ls /libnetwork; ls drivers/bridge; ls other/libnetwork/drivers/bridge"),
    ("mkdocs.yml", "nav:\n  - Auth: howto/a.md\n  - b: parts/ref/b.md"),
    ("compose.yml", "services:\n  api:\n    build:\n      context: ./api\n      dockerfile: docker/Dockerfile"),
    ("x.sh", "cd api\nls docker/Dockerfile"),
    ("README.md", "https://github.com/other/shop2/actions/workflows/ci.yml and ci.yml"),
    (".github/workflows/a.yml", "steps:\n  - uses: acme/other/.github/workflows/ci.yml@main"),
    ("x.yml", "uses: acme/other/.github/workflows/ci.yml@main"),
    ("BUILD.bazel", 'actual = "@other//internal/auth:x"'),
    ("x.sh", "curl https://example.com/guide/a.md"),
    ("x.sh", "cat sets/one.yml x/sets/01-one.yml other/01-one.yml 01-one.yml; curl https://a.b/sets/01-one.yml"),
]
DOUBTFUL = [
    ("README.md", "In docs: see guide/a.md."),
    ("daemon/x_test.go", 'package x\n\nvar s = []string{"sets/01-one.yml"}'),
    ("x.go", 'package x // daemon\n\nvar s = "libnetwork/drivers/bridge"'),
]


def test_what_counts_from_elsewhere_is_found_and_nothing_beside_it(program):
    rows = [
        *((*row, {StaleVerdict.STALE}) for row in STALE),
        *((*row, set()) for row in RIGHT),
        *((*row, {StaleVerdict.DOUBTFUL}) for row in DOUBTFUL),
    ]
    base = program.only({**FILES, "MODULE.bazel": 'module(name = "shop")\n'}).overlay
    wrong = []
    for name, text, expected in rows:
        overlay = base.next()
        overlay.put(name, f"{text}\n".encode())
        found = {item.verdict for item in stale_references(overlay, MoveMap(MOVES)) if item.path == name}
        if found != expected:
            wrong.append((name, text, found))
    assert wrong == [], "\n".join(map(str, wrong))


def test_a_text_is_not_searched_for_each_name_of_a_file(program):
    class Counted(str):
        asked = 0

        def __contains__(self, key: str) -> bool:
            self.asked += 1
            return super().__contains__(key)

    moves = {f"a/b/old{number}.yml": f"a/b/new{number}.yml" for number in range(100)}
    tails = Tails(OldPaths.of(program.only(dict.fromkeys(moves.values(), "x")).overlay, MoveMap(moves)))
    text = Counted("cat b/old7.yml b/new8.yml")
    assert [hit.old for hit in tails.hits("x.sh", text)] == ["a/b/old7.yml"]
    assert text.asked < 10
