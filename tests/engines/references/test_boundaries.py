"""Which texts name a moved path, and which only look like it. `internal/auth` has moved to `internal/core/auth`."""

from __future__ import annotations

import pytest

from migrate.engines.references.verify.records import StaleVerdict
from migrate.engines.references.verify.stale import stale_references
from tests.engines.references.conftest import left

SAME = [
    "internal/auth",
    "internal/auth/",
    "internal/auth.",
    "see internal/auth, internal/config",
    "./internal/auth",
    "./internal/auth/...",
    "(internal/auth)",
    "'internal/auth'",
    "`internal/auth`",
    "[internal/auth]",
    "dir=internal/auth",
    "internal/auth:rw",
    "./internal/auth:/app/internal/auth",
    "${ROOT}/internal/auth",
    "$(ROOT)/internal/auth",
    "$ROOT/internal/auth",
    "${{ github.workspace }}/internal/auth",
    "{{ .Root }}/internal/auth",
    "<root>/internal/auth",
    "./{internal/auth,internal/config}",
    "$ROOT/{internal/auth,internal/config}",
    "^(internal/auth|internal/config)/",
    "**/internal/auth/**",
    "!internal/auth",
    "^internal/auth$",
    "-Iinternal/auth -I./internal/auth",
    r"internal\/auth\/.*_test\.go",
    r"internal\\auth\\auth.go",
    r"internal\auth\auth.go",
    r"\tinternal/auth\n",
    "internal/auth.Service",
    "internal/auth/auth.go:12",
    "/internal/auth/auth.go",
    "github.com/acme/shop/internal/auth",
    "https://pkg.go.dev/github.com/acme/shop/internal/auth#Service",
    "https://pkg.go.dev/github.com/acme/shop@main/internal/auth#Service",
    "-X github.com/acme/shop/internal/auth.key=1",
    "-X '$(MODULE)/internal/auth.key=1'",
    "https://github.com/acme/shop/blob/main/internal/auth/auth.go#L3",
    "https://github.com/acme/shop/tree/main/internal/auth",
    "https://gitlab.com/acme/shop/-/blob/main/internal/auth/auth.go",
    "https://raw.githubusercontent.com/acme/shop/main/internal/auth/auth.go",
    "https://raw.githubusercontent.com/acme/shop/refs/heads/1.x/internal/auth/auth.go",
    'filepath.Join(root, "internal", "auth", "auth.go")',
    "path.join('internal', 'auth')",
]


OTHER = [
    "internal/authz",
    "internal/auth-old",
    "internal/auth$SUFFIX internal/auth${SUFFIX} ./internal/auth$(SUFFIX)",
    "internal/auth.old",
    "xinternal/auth",
    "my-internal/auth",
    ".internal/auth",
    "@internal/auth",
    "other/internal/auth",
    "web/src/internal/auth/index.ts",
    "${ROOT}/web/src/internal/auth",
    "https://example.com/internal/auth",
    "https://github.com/acme/other/blob/main/internal/auth/auth.go",
    "github.com/acme/other/internal/auth",
    "echo ${internal/auth/x}",
    "web/src/{internal/auth,internal/config}/index.ts",
    r"^web\/(?:internal/auth|internal/config)/",
    'GET "/internal/auth" HTTP/1.1',
    '["internal", "auth"]',
    'filepath.Join("web", "src", "internal", "auth")',
    "internal and auth",
    "the internal / auth part",
]


def following(text: str) -> str:
    """The text after the moves, by plain replacement."""
    for slash in ("/", r"\/", r"\\", "\\", '", "', "', '"):
        for name in ("auth", "config"):
            text = text.replace(f"internal{slash}{name}", f"internal{slash}core{slash}{name}")
    return text


def test_every_spelling_of_a_moved_path_follows_it(program):
    ws = program.workspace({f"{number}.txt": f"{text}\n" for number, text in enumerate(SAME)})
    ws.relocate({"internal/auth": "internal/core/auth", "internal/config": "internal/core/config"})
    ws.references.update()
    assert [ws.read_text(f"{number}.txt") for number in range(len(SAME))] == [f"{following(text)}\n" for text in SAME]
    assert left(ws) == []
    assert ws.references.update() == 0


def test_every_spelling_is_found_by_the_proof(program):
    ws = program.workspace({f"{number}.txt": f"{text}\n" for number, text in enumerate(SAME)})
    ws.move("internal/auth", "internal/core/auth")
    assert {item.path for item in left(ws)} == {f"{number}.txt" for number in range(len(SAME))}


def test_what_only_looks_like_a_moved_path_stays(program):
    ws = program.workspace({f"{number}.txt": text for number, text in enumerate(OTHER)})
    ws.relocate({"internal/auth": "internal/core/auth", "internal/config": "internal/core/config"})
    ws.references.update()
    assert [ws.read_text(f"{number}.txt") for number in range(len(OTHER))] == OTHER
    (route,) = stale_references(ws.overlay, ws.moved)
    assert (route.text, route.verdict) == ('GET "/internal/auth" HTTP/1.1', StaleVerdict.DOUBTFUL)


def test_a_link_to_one_commit_stays_and_is_listed_as_history(program):
    links = "".join(
        f"https://github.com/acme/shop/blob/{ref}/internal/auth/auth.go\n" for ref in ("1e13e7b", "v1.2.3", "a" * 40)
    )
    links += "https://pkg.go.dev/github.com/acme/shop@v1.2.3/internal/auth\n"
    ws = program.workspace({"README.md": links})
    ws.move("internal/auth", "internal/core/auth")
    assert ws.references.update() == 0
    assert [item.reason for item in stale_references(ws.overlay, ws.moved)] == ["history: a link to a fixed commit"] * 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("docs/guide/start.md", "website/guide/start.md"),
        ("cp -r ./docs out", "cp -r ./website out"),
        ("./docs -v\n$ ./docs x && sudo ./docs y\n`./docs z`", "./docs -v\n$ ./docs x && sudo ./docs y\n`./docs z`"),
        ("./docs/ is `./docs`, or go test ./docs -v", "./website/ is `./website`, or go test ./website -v"),
        ("everything in docs/ is built", "everything in website/ is built"),
        ("the docs say so; input/docs; docs/unknown; /docs", "the docs say so; input/docs; docs/unknown; /docs"),
    ],
)
def test_a_folder_of_one_word_is_a_path_only_where_that_is_evident(program, text, expected):
    ws = program.workspace({"notes.txt": text})
    ws.move("docs", "website")
    ws.references.update()
    assert ws.read_text("notes.txt") == expected
    assert left(ws) == []


def test_the_longest_moved_path_decides_and_chains_are_applied_once(update):
    moves = {
        "internal/config": "internal/authz",
        "internal/config/prices.json": "data/prices.json",
        "internal/authz": "internal/config",
        "internal/auth": "internal/auth/v2",
    }
    text = "internal/config internal/config/prices.json ./internal/authz/x internal/auth internal/auth/auth.go\n"
    assert update("notes.txt", text, moves) == (
        "internal/authz data/prices.json ./internal/config/x internal/auth/v2 internal/auth/v2/auth.go\n"
    )
