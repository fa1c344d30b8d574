"""A search for words of moved paths finds every file in which a look at all of them would change something."""

from __future__ import annotations

import random
from typing import Any

import pytest

from migrate.engines.references.rewrite.search import Candidates, may_change, search_words
from migrate.phase.workspace import Workspace
from migrate.tree.overlay import Overlay
from tests.engines.references.conftest import MODULE, Program, left

FILES = {
    "go.mod": f"module {MODULE}\n",
    "tools/go.mod": "module example.com/tooling\n",
    "tools/gen-api/gen.go": "package gen\n",
    "internal/my.pkg-v2/a.go": "package pkg\n",
    "internal/my.pkg-v2/page.ts": "export {}\n",
    "internal/x/x.go": "package x\n",
    "web/my dir/view.svelte": "<p/>\n",
    "proto/auth/v1/user.proto": 'syntax = "proto3";\n',
    "docs/guide/start.md": "# Start\n",
    "mkdocs.yml": "site_name: shop\n",
}
MOVES = {
    "internal/my.pkg-v2": "pkg/mine",
    "internal/x": "internal/core/x",
    "tools/gen-api": "tools/cmd/generate",
    "web/my dir": "ui/my dir",
    "proto/auth/v1/user.proto": "proto/auth/v1/person.proto",
    "docs/guide/start.md": "docs/begin.md",
}
SPELLED = [
    *("internal/my.pkg-v2", "internal/my.pkg-v2/a.go", "./internal/my.pkg-v2/...", "internal/my\\.pkg-v2/"),
    *("../internal/my.pkg-v2/page", "../../internal/x", "../my.pkg-v2/page.ts", "./x/x.go", "../x", "/internal/x/"),
    *(f"{MODULE}/internal/x", f"{MODULE}/internal/my.pkg-v2.Go", "example.com/tooling/gen-api", "gen-api/gen.go"),
    *(
        '"internal", "x"',
        "tools/gen-api",
        "web/my%20dir/view",
        "web/my dir/view.svelte",
        "internal\\x",
        "internal\\\\x",
    ),
    *("auth/v1/user.proto", "proto/auth/v1/user.proto", "guide/start.md", "docs/guide/start", "start.md", "x", "../.."),
    *("internal/xy", "other/internal/x", "internal", "my.pkg-v2", "example.com/internal/x", "..."),
]
AROUND = [
    *(
        "{}",
        "see [there]({}) and `{}`",
        "cd {} && ls",
        "COPY {} /app/",
        "path: {}",
        "context: {}",
        "- {}/**",
        "{}/*.go",
    ),
    *(
        'import "{}"',
        "from '{}'",
        'filepath.Join("{}")',
        "go list ./... | grep {}",
        "open('{}')",
        '"{}": 1',
        "//{}:all",
    ),
    *("go test ./{}/...", "-I {}", "docs_dir: {}", "RUN make -C {}", "@import '{}';", "$(TOP)/{}", 'dir = "{}"'),
]
NAMES = [
    *(
        "README.md",
        "Makefile",
        "Dockerfile",
        "ci.yml",
        "deploy/app.yaml",
        "go.toml",
        "cmd/main.go",
        "a/b/c.ts",
        "x.json",
    ),
    *(".gitignore", "internal/.gitignore", "internal/notes.md", "web/index.html", "proto/auth/v1/login.proto", "BUILD"),
    *("internal/x/README.md", "web/my dir/index.md", "web/my dir/app.ts", "tools/gen-api/doc.md", "top.py", "a.rs"),
    *("tools/run.sh", "CODEOWNERS", "mkdocs.yml", "docs/index.md", "setup.py", ".dockerignore", "conf.ini"),
]


def everything(overlay: Overlay, _: Any) -> Candidates:
    """Every file that a person edits."""
    files = sorted(path for path, entry in overlay.entries.items() if may_change(path) and entry.is_text_candidate)
    return Candidates(files, [], (), lambda _: True)


def updated(start: Overlay) -> tuple[dict[str, Any], list[str], tuple[str, ...]]:
    """The tree behind the moves, what was noted and what was left."""
    ws = Workspace(start.next())
    ws.relocate(
        {old + path[len(old) :]: new + path[len(old) :] for old, new in MOVES.items() for path in ws.files(old)}
    )
    ws.references.update()
    return ws.overlay.entries, ws.notes, ws.references.left()


@pytest.mark.parametrize("seed", range(8))
def test_no_file_is_passed_over_in_which_something_would_change(
    program: Program, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance = random.Random(seed)
    spelled = {f"{number}/{name}": chance.choice(SPELLED) for number in range(4) for name in NAMES}
    moved = {f"{folder}/{name}": chance.choice(SPELLED) for folder in MOVES for name in NAMES if folder not in FILES}
    files = {path: chance.choice(AROUND).format(text, text) for path, text in (spelled | moved).items()}
    start = program.only({**FILES, **files}).overlay
    found = updated(start)
    monkeypatch.setattr("migrate.engines.references.rewrite.updater.candidates", everything)
    monkeypatch.setattr("migrate.engines.references.rewrite.updater.may_name", lambda *_: True)
    assert updated(start) == found


@pytest.mark.parametrize(
    ("olds", "searched"),
    [
        (["internal/auth"], {"auth"}),
        (["internal/my.pkg-v2"], {"pkg"}),
        (["web/view.svelte", "web/view.test.ts"], {"view"}),
        (["internal/auth", "internal/authz"], {"auth"}),
        (["docs/über"], {"ber"}),
        (["docs/№"], {"№"}),
        (["web/.ts"], {"ts"}),
    ],
)
def test_what_is_searched_is_what_no_format_spells_otherwise(olds: list[str], searched: set[str]) -> None:
    assert search_words(olds) == searched


def test_files_that_are_too_large_are_said_and_not_read(program: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrate.limits.SEARCHED_TEXT_BYTES", 1000)
    monkeypatch.setattr("migrate.tree.overlay.IN_MEMORY", -1)  # A tree of a few bytes is read at once.
    files = {
        "dump.txt": "internal/x/x.go\n" * 100,
        "internal/x/data.txt": "a\n" * 1000,
        "notes.txt": "internal/x/x.go\n",
    }
    ws = program.only({**FILES, **files})
    ws.relocate({"internal/x": "internal/core/x"})
    ws.references.update()
    read = {path for path in files if ws.overlay.objects._cache.get(ws.overlay.base[path].oid) is not None}
    assert read == {"notes.txt"}
    assert ws.read_text("notes.txt") == "internal/core/x/x.go\n"
    assert ws.read_text("dump.txt") == files["dump.txt"]
    assert any(note.startswith("2 files were not searched for references") for note in ws.notes)
    assert [item.path for item in left(ws)] == []
