"""Markdown: links count from the file's folder, everything else from the top."""

from __future__ import annotations

from migrate.engines.references.verify.stale import stale_references
from tests.engines.references.conftest import MOVES, left

LINKS = [
    ("[a](../../internal/auth/auth.go#L3)", "[a](../../internal/core/auth/auth.go#L3)"),
    ("[a](../../internal/auth/ 'title')", "[a](../../internal/core/auth/ 'title')"),
    ("[a](<../../internal/auth>)", "[a](<../../internal/core/auth>)"),
    ("[a](/internal/auth)", "[a](/internal/core/auth)"),
    ("![a](../../internal/ui/a.png)", "![a](../../internal/api/ui/a.png)"),
    ("[a]: ../../internal/auth/auth.go", "[a]: ../../internal/core/auth/auth.go"),
    ('<img src="../../internal/ui/a.png">', '<img src="../../internal/api/ui/a.png">'),
    ("[a](internal/auth/auth.go)", "[a](internal/core/auth/auth.go)"),
    ("See `internal/auth/auth.go`.", "See `internal/core/auth/auth.go`."),
    ("See `/internal/auth/auth.go`.", "See `/internal/core/auth/auth.go`."),
    (
        '```go\nimport "github.com/acme/shop/internal/auth"\n```',
        '```go\nimport "github.com/acme/shop/internal/core/auth"\n```',
    ),
    ("```sh\ngo test ./internal/auth/...\n```", "```sh\ngo test ./internal/core/auth/...\n```"),
    (
        "[b](https://acme.dev/internal/auth)",
        "[b](https://acme.dev/internal/auth)",
    ),
    ("[a](../logo.svg) [b](start.md)", "[a](../logo.svg) [b](start.md)"),
]


def test_links_and_prose_follow_what_moved(program):
    ws = program.workspace({f"docs/guide/{number}.md": f"{text}\n" for number, (text, _) in enumerate(LINKS)})
    ws.relocate(MOVES)
    ws.references.update()
    found = [ws.read_text(f"docs/guide/{number}.md") for number in range(len(LINKS))]
    assert found == [f"{expected}\n" for _, expected in LINKS]
    assert left(ws) == []
    assert ws.references.update() == 0


def test_links_of_a_file_that_moved_lead_to_what_they_led_to(program):
    text = (
        "[a](auth.go) [b](../config/prices.json) [c](../../docs/guide/start.md#x) ![d](../../docs/logo.svg)\n"
        "[e](../../docs/none.md) [f](https://acme.dev/../x) [g](../../internal/authz/)\n"
    )
    ws = program.workspace({"internal/auth/README.md": text})
    ws.relocate({"internal/auth": "pkg/auth/v2", "docs/logo.svg": "assets/logo.svg"})
    ws.references.update()
    assert ws.read_text("pkg/auth/v2/README.md") == (
        "[a](auth.go) [b](../../../internal/config/prices.json) [c](../../../docs/guide/start.md#x) "
        "![d](../../../assets/logo.svg)\n"
        "[e](../../docs/none.md) [f](https://acme.dev/../x) [g](../../../internal/authz/)\n"
    )
    assert left(ws) == []


def test_a_link_without_a_slash_to_a_file_that_left_the_folder_follows(program):
    ws = program.workspace({"docs/guide/index.md": "[s](start.md) [t](start) [u](./start.md#top)\n"})
    ws.move("docs/guide/start.md", "docs/intro/begin.md")
    ws.references.update()
    assert ws.read_text("docs/guide/index.md") == (
        "[s](../intro/begin.md) [t](../intro/begin) [u](../intro/begin.md#top)\n"
    )


def test_the_text_of_a_link_that_is_its_target_follows_and_does_not_climb(program):
    text = "[`start.md`](start.md) [`index.md`](index.md) [`img/x.png`](img/x.png)\n"
    ws = program.workspace({"docs/guide/more.md": text, "docs/guide/index.md": "x\n", "docs/guide/img/x.png": "x\n"})
    ws.move("docs/guide/start.md", "docs/intro/begin.md")
    ws.move("docs/guide/more.md", "docs/guide/deep/more.md")
    ws.references.update()
    assert ws.read_text("docs/guide/deep/more.md") == (
        "[`intro/begin.md`](../../intro/begin.md) [`index.md`](../index.md) [`img/x.png`](../img/x.png)\n"
    )


def test_percent_encoded_links_stay_encoded(program):
    ws = program.workspace({"docs/my guide/a b.md": "x\n", "README.md": "[a](docs/my%20guide/a%20b.md)\n"})
    ws.move("docs/my guide", "docs/our guide")
    ws.references.update()
    assert ws.read_text("README.md") == "[a](docs/our%20guide/a%20b.md)\n"


def test_history_is_left_and_listed_with_its_reason(program):
    names = (
        "CHANGELOG.md",
        "docs/AUTH_PLAN.md",
        "docs/adr/0001-auth.md",
        "docs/release-notes/1.0.md",
        "docs/2024-05-01-x.md",
    )
    ws = program.workspace(dict.fromkeys(names, "moved internal/auth\n"))
    ws.move("internal/auth", "internal/core/auth")
    assert ws.references.update() == 0
    found = stale_references(ws.overlay, ws.moved)
    assert {item.path for item in found} == set(names)
    assert all(item.reason and item.reason.startswith("history: ") for item in found)


def test_a_folder_behind_a_slash_is_followed_in_a_document_alone(program):
    ws = program.workspace({"docs/a.md": "Look into `/internal/auth/`.\n", "a.txt": 'handle "/internal/auth/"\n'})
    ws.move("internal/auth", "internal/core/auth")
    ws.references.update()
    assert ws.read_text("docs/a.md") == "Look into `/internal/core/auth/`.\n"
    assert ws.read_text("a.txt") == 'handle "/internal/auth/"\n'


def test_a_link_from_the_top_of_a_site_follows_within_the_folder_that_is_its_top(program):
    text = "![x](/img/a/logo.png) ![y](/img/c/other.png) [z](/logo.png) [two](/img/two.png) `/img/a/logo.png`\n"
    files = dict.fromkeys(("img/a/logo.png", "img/c/other.png", "img/two.png", "x/img/two.png"), "x\n")
    ws = program.workspace({f"site/static/{path}": content for path, content in files.items()} | {"site/a.md": text})
    ws.relocate(
        {"site/static/img/a": "site/static/img/b", "site/static/img/c": "assets/c", "site/static/img/two.png": "t"}
    )
    ws.references.update()
    assert ws.read_text("site/a.md") == text.replace("(/img/a/logo.png", "(/img/b/logo.png")
