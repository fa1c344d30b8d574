"""Updating a tree as a whole: what is touched, what never is, and splits."""

from __future__ import annotations

import random

import pytest

from migrate.engines.references.verify.stale import stale_references
from migrate.git.objects import EXECUTABLE, SYMLINK
from migrate.tree.allowed import Allowed
from tests.engines.references.conftest import PROGRAM, left


def test_the_number_of_places_is_returned_and_a_second_update_changes_nothing(program):
    ws = program.workspace({"a.txt": "internal/auth internal/auth\n", "b.txt": "internal/auth\n"})
    ws.move("internal/auth", "internal/core/auth")
    assert ws.references.update() == 3
    before = dict(ws.overlay.entries)
    assert ws.references.update() == 0
    assert ws.overlay.entries == before


def test_a_path_whose_first_name_begins_as_that_of_another_moved_path_is_rewritten_once(program):
    ws = program.workspace({"lib/x.sh": "x\n", "libexec/y.sh": "y\n", "run.sh": "sh libexec/y.sh lib/x.sh\n"})
    ws.relocate({"lib": "old/lib", "libexec": "old/libexec"})
    ws.references.update()
    assert ws.read_text("run.sh") == "sh old/libexec/y.sh old/lib/x.sh\n"


def test_a_makefile_that_leaves_the_top_is_run_where_it_is(program):
    text = (
        'include Makefile.common\n\nX = "$(TOP)/lib/x.sh"\n\ny:\n\tsh lib/x.sh && sh hack/z.sh\n\tgit diff -- go.sum\n'
    )
    files = {"lib/x.sh": "x\n", "hack/z.sh": "z\n", "Makefile": text, "Makefile.common": "x:\n", "go.sum": ""}
    ws = program.workspace(files)
    ws.relocate({name: f"old/{name}" for name in ("lib", "Makefile", "Makefile.common", "go.sum")})
    ws.references.update()
    assert ws.read_text("old/Makefile") == text
    assert left(ws) == []


def test_a_test_of_go_that_leaves_the_top_reads_from_its_own_folder(program):
    text = 'package db\n\nimport (\n\t"os"\n\t"path/filepath"\n)\n\nvar x = filepath.Join("data", "x.json")\n\nvar y, err = os.ReadFile("data/y.json")\n'
    ws = program.workspace({"a_test.go": text, "data/x.json": "{}\n", "data/y.json": "{}\n"})
    ws.relocate({"a_test.go": "db/a_test.go", "data": "db/data"})
    ws.references.update()
    assert ws.read_text("db/a_test.go") == text
    assert left(ws) == []


def test_without_a_move_nothing_is_updated(program):
    assert program.workspace().references.update() == 0


def test_a_swap_is_not_taken_back_by_a_second_update(program):
    ws = program.workspace({"a.txt": "internal/auth internal/config\n"})
    ws.relocate({"internal/auth": "internal/config", "internal/config": "internal/auth"})
    assert [ws.references.update(), ws.references.update()] == [2, 0]
    assert ws.read_text("a.txt") == "internal/config internal/auth\n"
    assert left(ws) == []


def test_each_update_follows_the_moves_since_the_last_one(program):
    ws = program.workspace({"internal/auth/a.md": "[c](../config/prices.json) internal/auth\n"})
    ws.move("internal/auth", "internal/core/auth")
    ws.references.update()
    assert ws.read_text("internal/core/auth/a.md") == "[c](../../config/prices.json) internal/core/auth\n"
    ws.relocate({"internal/core/auth": "pkg/auth", "internal/config": "pkg/config"})
    ws.references.update()
    assert ws.read_text("pkg/auth/a.md") == "[c](../config/prices.json) pkg/auth\n"
    ws.relocate({"pkg/auth": "internal/auth", "pkg/config": "internal/config"})
    ws.references.update()
    assert ws.overlay.changes() == {}


@pytest.mark.parametrize(
    "path",
    ["vendor/x/a.txt", "web/node_modules/x/a.js", "package-lock.json", "go.sum", "CHANGELOG.md"],
)
def test_third_party_code_lock_files_and_history_are_never_touched(program, path):
    ws = program.workspace({path: "internal/auth\n"})
    ws.move("internal/auth", "internal/core/auth")
    assert ws.references.update() == 0


def test_what_the_plan_allows_to_name_old_paths_is_left(program):
    ws = program.workspace({"docs/a.md": "internal/auth: old\ninternal/auth\n", "log.txt": "internal/auth\n"})
    ws.allowed = (Allowed("docs/**", "old", "the layout before"), Allowed("log.txt", None, "a record"))
    ws.move("internal/auth", "internal/core/auth")
    assert ws.references.update() == 1
    assert ws.read_text("docs/a.md") == "internal/auth: old\ninternal/core/auth\n"
    assert all(item.reason for item in stale_references(ws.overlay, ws.moved, ws.allowed))


def test_binary_files_are_neither_touched_nor_listed(program):
    ws = program.workspace({"a.bin": b"internal/auth\0internal/auth"})
    ws.move("internal/auth", "internal/core/auth")
    assert ws.references.update() == 0
    assert stale_references(ws.overlay, ws.moved) == []


def test_bytes_that_are_no_utf8_line_ends_and_modes_survive(program):
    ws = program.workspace({"run.sh": b"\xef\xbb\xbf# caf\xe9 internal/auth\r\nls internal/auth\r\n"})
    entry = ws.overlay.entries["run.sh"]
    ws.overlay.entries["run.sh"] = type(entry)(EXECUTABLE, entry.oid)
    ws.move("internal/auth", "internal/core/auth")
    assert ws.references.update() == 2
    assert ws.read("run.sh") == b"\xef\xbb\xbf# caf\xe9 internal/core/auth\r\nls internal/core/auth\r\n"
    assert ws.overlay.entries["run.sh"].mode == EXECUTABLE


def test_symlinks_are_pointed_to_where_their_target_is(program):
    links = {
        "auth": ("internal/auth", "internal/core/auth"),
        "docs/prices": ("../internal/config/prices.json", "../internal/core/config/prices.json"),
        "away": ("../outside", "../outside"),
        "absolute": ("/internal/auth", "/internal/auth"),
    }
    for path, (target, _) in links.items():
        program.repo.write(path).unlink()
        (program.repo.path / path).symlink_to(target)
    moving = program.repo.path / "internal/auth/logo.svg"
    moving.parent.mkdir(parents=True)
    moving.symlink_to("../../docs/logo.svg")
    ws = program.workspace()
    ws.relocate({"internal/auth": "internal/core/auth", "internal/config": "internal/core/config"})
    assert {item.path for item in left(ws)} == {"auth", "docs/prices", "internal/core/auth/logo.svg"}
    assert ws.references.update() == 3
    links["internal/core/auth/logo.svg"] = ("", "../../../docs/logo.svg")
    for path, (_, target) in links.items():
        assert ws.overlay.entries[path].mode == SYMLINK
        assert ws.overlay.content(ws.overlay.entries[path].oid).decode() == target
    assert left(ws) == []


SPLIT = {"internal/cache/cache.go": "pkg/cache/cache.go", "internal/cache/pricing.go": "internal/data/pricing.go"}


def test_a_mention_of_a_folder_that_was_split_is_left_to_a_person(program):
    ws = program.workspace({"a.txt": "internal/cache/cache.go internal/cache\n"})
    ws.relocate(SPLIT)
    ws.references.update()
    assert ws.read_text("a.txt") == "pkg/cache/cache.go internal/cache\n"
    (item,) = left(ws)
    assert (item.line, item.column, item.old, item.new) == (1, 20, "internal/cache", "internal/data, pkg/cache")


def test_a_phase_can_say_where_mentions_of_a_split_folder_go(program):
    ws = program.workspace({"a.txt": "internal/cache/cache.go internal/cache internal/cache/pricing.go\n"})
    ws.relocate(SPLIT)
    ws.references.update(also={"internal/cache": "pkg/cache"})
    assert ws.read_text("a.txt") == "pkg/cache/cache.go pkg/cache internal/data/pricing.go\n"
    assert ws.references.update() == 0
    assert left(ws) == []


def test_a_folder_whose_files_all_went_to_one_place_one_by_one_needs_no_saying(program):
    ws = program.workspace({"a.txt": "internal/cache/*.go\n"})
    ws.relocate({f"internal/cache/{name}": f"pkg/cache/{name}" for name in ("cache.go", "pricing.go")})
    ws.references.update()
    assert ws.read_text("a.txt") == "pkg/cache/*.go\n"


def test_generated_folders_that_no_tree_holds_follow_the_folder_they_are_made_in(program):
    ws = program.workspace({"Makefile": "x:\n\trm -rf internal/ui/dist internal/ui/swagger/docs.go\n"})
    ws.move("internal/ui", "internal/api/ui")
    ws.references.update()
    assert ws.read_text("Makefile") == "x:\n\trm -rf internal/api/ui/dist internal/api/ui/swagger/docs.go\n"


def test_a_path_of_the_files_own_folder_is_another_one(program):
    files = {"tools/Makefile": "x:\n\tls internal/auth\n", "tools/internal/auth/a.go": "package auth\n"}
    ws = program.workspace(files)
    ws.move("internal/auth", "internal/core/auth")
    assert ws.references.update() == 0
    assert left(ws) == []


def test_web_sources_import_from_their_own_folder(program):
    files = {
        "web/src/app.ts": "import a from './internal/auth'\nimport b from './api/client'\nfetch('/api/client')\n",
        "web/src/api/client.ts": "import {} from '../internal/auth'\nexport {}\n",
    }
    ws = program.workspace(files)
    ws.relocate({"web/src/api": "web/src/core/api", "internal/auth": "internal/core/auth"})
    ws.references.update()
    assert ws.read_text("web/src/app.ts") == (
        "import a from './internal/auth'\nimport b from './core/api/client'\nfetch('/api/client')\n"
    )
    assert ws.read_text("web/src/core/api/client.ts") == "import {} from '../../internal/auth'\nexport {}\n"


@pytest.mark.parametrize("seed", range(12))
def test_after_an_update_nothing_is_stale_whatever_moved_where(program, seed):
    chance = random.Random(seed)
    folders = [f"{a}/{b}" for a in ("src", "lib") for b in ("core", "corex", "net", "db.v2", "ui-kit")]
    moved = chance.sample(folders, chance.randint(1, len(folders)))
    targets = [
        f"{chance.choice(('pkg', 'src', 'internal/app'))}/{chance.choice('abcdef')}/{i}" for i in range(len(moved))
    ]
    if chance.random() < 0.5:
        targets[0] = moved[-1]
    forms = (
        "{}",
        "./{}/...",
        "`{}/a.txt`",
        "[x](/{}/a.txt)",
        "github.com/acme/shop/{}",
        "${{ROOT}}/{}",
        "'{}',",
        "{}\\n",
    )
    names = ("Makefile", "README.md", "docs/a/b.md", "ci.yml", "Dockerfile", ".gitignore", "x.go", "src/net/notes.txt")
    files: dict[str, str | bytes] = {f"{folder}/a.txt": "../../lib/net/a.txt\n" for folder in folders}
    for name in names:
        lines = [
            chance.choice(("{}/dist/",) if name == ".gitignore" else forms).format(chance.choice(folders))
            for _ in range(12)
        ]
        files[name] = "".join(f"// {line}\n" if name.endswith(".go") else f"{line}\n" for line in lines)
    ws = program.workspace(files | {"x.go": f"package x\n\n{files['x.go']!s}"})
    ws.relocate(dict(zip(moved, targets, strict=True)))
    ws.references.update()
    assert left(ws) == []
    before = dict(ws.overlay.entries)
    assert ws.references.update() == 0
    assert ws.overlay.entries == before
    assert set(PROGRAM) <= set(ws.overlay.entries)
