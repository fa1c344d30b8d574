"""Files that move themselves, labels whose package is renamed, and folders whose content goes to the top."""

from __future__ import annotations

import pytest

from tests.engines.references.conftest import MODULE, left

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
    ("b.py", "A = r'\\.. toctree\\:\\:'\nB = '.. note:: x'\nC = '\\\\.. y'\n", None),
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
    shell = "type .\\" + old.replace("/", "\\") + "\n"
    ws = program.workspace(
        {
            "CONTRIBUTING.md": "x\n",
            "README.md": f"[c]({old}) `./{old}`\n",
            "docs/x.md": f"[c](../{old})\n",
            "x.ps1": shell,
        }
    )
    ws.move(old, new)
    ws.references.update()
    assert ws.read_text("README.md") == f"[c]({new}) `./{new}`\n"
    assert ws.read_text("x.ps1") == "type .\\" + new.replace("/", "\\") + "\n"
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


def test_a_dockerfile_never_names_what_is_above_its_context(program):
    image = "FROM x\nCOPY ./assets/logo.svg /a\nCOPY assets tools/run.sh /b/\nADD ../x /c\n"
    files = {
        "site/build.Dockerfile": image,
        "site/Dockerfile": image,
        "site/assets/logo.svg": "<svg/>\n",
        "site/tools/run.sh": "cp ./assets/logo.svg .\n",
        "site/Makefile": "x:\n\tdocker build -t $(IMAGE) -f build.Dockerfile .\n\tcp ./assets/logo.svg assets out\n",
        "x": "x\n",
    }
    ws = program.workspace(files)
    ws.relocate({"site/build.Dockerfile": "images/site/build.Dockerfile", "site/assets": "assets/site"})
    ws.references.update()
    assert ws.read_text("images/site/build.Dockerfile") == ws.read_text("site/Dockerfile") == image
    assert ws.read_text("site/Makefile") == (
        "x:\n\tdocker build -t $(IMAGE) -f ../images/site/build.Dockerfile .\n"
        "\tcp ../assets/site/logo.svg ../assets/site out\n"
    )
    assert any(line.startswith("site/Dockerfile:2:") for line in ws.references.left())


def test_packages_that_count_from_the_module_of_their_line_follow_there(program):
    script = 'in_module "e2e" go_test "./robust/..."\nin_module "e2e" go_test "./integration/... ./robust"\n'
    files = {
        "e2e/go.mod": f"module {MODULE}/e2e\n",
        **dict.fromkeys(("e2e/robust/a.go", "e2e/integration/b.go", "integration/c.go"), "package x\n"),
        "test.sh": script,
        "other.sh": "go test ./integration/...\n",
    }
    ws = program.workspace(files)
    ws.relocate({"e2e/robust": "e2e/robustness", "integration": "lib/integration"})
    ws.references.update()
    assert ws.read_text("test.sh") == script.replace("./robust/...", "./robustness/...")
    assert ws.read_text("other.sh") == "go test ./lib/integration/...\n"
    assert "e2e/robust" not in {item.old for item in left(ws)}
    ws.write("test.sh", script)
    assert (1, "e2e/robust") in {(item.line, item.old) for item in left(ws)}


def test_a_climb_to_what_git_ignores_there_follows(program):
    code = 'package x\n\nimport (\n\t"os/exec"\n\t"path/filepath"\n)\n\nvar c = exec.Command(filepath.Join("..", "dist", name))\n'
    files = {".gitignore": "/dist\n", "integration/x_test.go": code, "integration/a.sh": "ls ../dist/x ../none/x\n"}
    ws = program.workspace(files)
    ws.move("integration", "tests/integration")
    ws.references.update()
    assert ws.read_text("tests/integration/x_test.go") == code.replace('"..", "dist"', '"..", "..", "dist"')
    assert ws.read_text("tests/integration/a.sh") == "ls ../../dist/x ../none/x\n"
