"""Files that move themselves, labels whose package is renamed, and folders whose content goes to the top."""

from __future__ import annotations

import pytest

from tests.references.conftest import MODULE

ROWS = [
    ("compose.yml", "services:\n  a:\n    build: ..\n", "services:\n  a:\n    build: ../..\n"),
    (
        "docker-compose.yml",
        "services:\n  a:\n    build: {context: ../, dockerfile: Dockerfile}\n",
        "services:\n  a:\n    build: {context: ../../, dockerfile: Dockerfile}\n",
    ),
    (
        "Makefile",
        "ROOT := ../..\nx:\n\tcd .. && ls\n\tcp ../docs/logo.svg .\n",
        "ROOT := ../..\nx:\n\tcd ../.. && ls\n\tcp ../../docs/logo.svg .\n",
    ),
    (
        "tsconfig.json",
        '{"extends": "../tsconfig.json", "include": ["..", "src"]}\n',
        '{"extends": "../../tsconfig.json", "include": ["../..", "src"]}\n',
    ),
    (
        "a.py",
        'ROOT = "../.."\nP = ".."\nopen("../docs/logo.svg")\nx = "../docs/guide"\n',
        'ROOT = "../.."\nP = ".."\nopen("../../docs/logo.svg")\nx = "../docs/guide"\n',
    ),
    ("a.rs", 'let p = "..";\nlet q = "../..";\n', None),
    (
        "a.js",
        "import x from '../docs/logo.svg'\nconst a = '../..'\nrequire('../docs/guide/start.md')\n",
        "import x from '../../docs/logo.svg'\nconst a = '../..'\nrequire('../../docs/guide/start.md')\n",
    ),
    ("a.yml", "x: ..\ny: ../..\npath: ../docs\n", "x: ..\ny: ../..\npath: ../../docs\n"),
    (
        "a.md",
        "Two dots `..` and `../..`, [up](..) and [logo](../docs/logo.svg)\n",
        "Two dots `..` and `../..`, [up](../..) and [logo](../../docs/logo.svg)\n",
    ),
    ("notes.txt", "../..\n", None),
]


def test_what_counts_from_a_file_that_moved_is_written_anew_and_bare_dots_only_where_a_path_must_stand(program):
    ws = program.workspace({f"deploy/{path}": text for path, text, _ in ROWS} | {"tsconfig.json": "{}\n"})
    ws.move("deploy", "ops/deploy")
    ws.references.update()
    found = {path: ws.read_text(f"ops/deploy/{path}") for path, _, _ in ROWS}
    assert found == {path: new or text for path, text, new in ROWS}


LABELS = [
    ('"//internal/auth"', '"//internal/core/identity:auth"'),
    ('"//internal/auth:auth"', '"//internal/core/identity:auth"'),
    ('"@//internal/auth:x"', '"@//internal/core/identity:x"'),
    ('"@@//internal/auth"', '"@@//internal/core/identity:auth"'),
    ('"@shop//internal/auth:x"', '"@shop//internal/core/identity:x"'),
    ('"@other//internal/auth"', '"@other//internal/auth"'),
    ('"//internal/auth/..."', '"//internal/core/identity/..."'),
    ('"//internal/auth:__pkg__"', '"//internal/core/identity:__pkg__"'),
    ('"//internal/auth/keys"', '"//internal/core/identity/keys"'),
    ('"//internal/authz"', '"//internal/authz"'),
    (f'"{MODULE}/internal/auth"', f'"{MODULE}/internal/core/identity"'),
]


def test_a_label_keeps_the_name_of_its_target(program):
    text = "".join(f"x({label})\n" for label, _ in LABELS)
    files = {"BUILD.bazel": text, "MODULE.bazel": 'module(name = "shop")\n', "internal/auth/keys/BUILD": "\n"}
    ws = program.workspace(files)
    ws.move("internal/auth", "internal/core/identity")
    ws.references.update()
    assert ws.read_text("BUILD.bazel") == "".join(f"x({label})\n" for _, label in LABELS)
    assert ws.references.update() == 0


def test_a_folder_whose_content_went_to_the_top_is_the_top(program):
    files = {
        "go/cmd/x/main.go": "package main\n",
        "go/lib/l.go": "package lib\n",
        "Makefile": "a:\n\tcd go && go build ./cmd/x\n\tgo -C go vet ./...\n\tls ./go/cmd/x go/lib\n",
        "compose.yml": "services:\n  a:\n    build: go\n",
        "README.md": "[x](go/cmd/x/main.go) [y](go)\n",
    }
    ws = program.workspace(files)
    ws.relocate({"go/cmd": "cmd", "go/lib": "lib"})
    ws.references.update()
    assert ws.read_text("Makefile") == "a:\n\tcd . && go build ./cmd/x\n\tgo -C . vet ./...\n\tls ./cmd/x lib\n"
    assert ws.read_text("compose.yml") == "services:\n  a:\n    build: .\n"
    assert ws.read_text("README.md") == "[x](cmd/x/main.go) [y](.)\n"


@pytest.mark.parametrize(("old", "new"), [("CONTRIBUTING.md", "docs/CONTRIBUTING.md"), ("docs/logo.svg", "logo.svg")])
def test_a_file_of_the_top_moves_and_one_moves_to_the_top(program, old, new):
    ws = program.workspace(
        {"CONTRIBUTING.md": "x\n", "README.md": f"[c]({old}) `./{old}`\n", "docs/x.md": f"[c](../{old})\n"}
    )
    ws.move(old, new)
    ws.references.update()
    assert ws.read_text("README.md") == f"[c]({new}) `./{new}`\n"
    assert ws.read_text("docs/x.md") == ("[c](./CONTRIBUTING.md)\n" if new.startswith("docs/") else f"[c](../{new})\n")


def test_a_folder_whose_content_went_where_something_else_stood_is_left_to_a_person(program):
    text = "a:\n\tcd tools && ls\n\tcd jobs && ls\n"
    files = {"Makefile": text, "tools/x/a.go": "package x\n", "jobs/y/b.go": "package y\n"}
    ws = program.workspace(files)
    ws.relocate({"tools/x": "internal/x", "jobs/y": "tasks/y"})
    ws.references.update()
    assert ws.read_text("Makefile") == text.replace("cd jobs", "cd tasks")


def test_files_of_folders_that_come_to_one_place_are_read_from_where_they_were(program):
    files = {
        "docs/misc/faq.md": "[a](../articles/a.md) [b](../intro/b.md) [c](../#top)\n",
        "docs/intro/b.md": "[faq](../misc/faq.md)\n",
        "docs/articles/a.md": "# A\n",
        "docs/howto/run/c.md": "[all](../#list)\n",
        "docs/howto/index.md": "# Howto\n",
        "docs/howto/x/d.md": "# D\n",
        "docs/mkdocs.yml": "docs_dir: .\npages:\n- ['articles/a.md', 'A', 'B']\n",
        "Dockerfile.arm": "FROM x\n",
        "Makefile": "DOCKER_FILE = Dockerfile.arm\n",
        "hack/check.yml": "x: 1\n",
        "hack/check.sh": 'HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"\nlint --config "${HERE}/check.yml"\n',
        "pack/Makefile": "x:\n\trm -rf debian/x* debian/files\n",
        "pack/debian/xy": "x\n",
    }
    ws = program.workspace(files)
    ws.relocate(
        {
            **{
                "docs/misc": "docs",
                "docs/intro": "docs",
                "docs/articles": "docs/admin",
                "Dockerfile.arm": "Dockerfile.v7",
            },
            **{"docs/howto/run": "docs/run", "docs/howto/index.md": "docs/more/index.md", "docs/howto/x": "docs/x"},
            **{"hack/check.yml": ".check.yml", "pack/debian": "pack/deb"},
        }
    )
    ws.references.update()
    expected = {
        "docs/faq.md": "[a](./admin/a.md) [b](./b.md) [c](./#top)\n",
        "docs/b.md": "[faq](./faq.md)\n",
        "docs/run/c.md": "[all](../#list)\n",
        "docs/mkdocs.yml": "docs_dir: .\npages:\n- ['admin/a.md', 'A', 'B']\n",
        "Makefile": "DOCKER_FILE = Dockerfile.v7\n",
        "hack/check.sh": files["hack/check.sh"].replace("}/check.yml", "}/../.check.yml"),
        "pack/Makefile": files["pack/Makefile"].replace("debian", "deb"),
    }
    assert {path: ws.read_text(path) for path in expected} == expected
