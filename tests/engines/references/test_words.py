"""Folders of one word: where the proof lists them and where it does not. `web`, `lib`, `go` and `prompb` have moved."""

from __future__ import annotations

import pytest

from migrate.tree.moves import MoveMap
from tests.engines.references.conftest import left

FILES = {
    "go.mod": "module github.com/acme/shop\n",
    "frontend/package.json": "{}\n",
    "frontend/index.html": "\n",
    "core/lib/lib.go": "package lib\n",
    "core/lib/y/y.go": "package y\n",
    "vendor/x/.gitignore": "exporter\n",
    "proto/prompb/kv.go": "package prompb\n",
    "golang/cmd/x/main.go": "package main\n",
    ".gitignore": "node_modules\ndist\n",
}
MOVES = {"web": "frontend", "lib": "core/lib", "prompb": "proto/prompb", "go": "golang"}

LISTED = [
    ("Makefile", "x:\n\tcd web && npm ci\n"),
    ("Makefile", "x:\n\t@cd ./web && npm ci\n"),
    ("Makefile", "x:\n\t$(MAKE) -C web build\n"),
    ("Makefile", "x:\n\tgo -C go vet ./...\n"),
    ("Makefile", "web/node_modules: package.json\n"),
    ("Makefile", "bin/x: $(wildcard lib/*.c)\n"),
    ("Makefile", "WEB_DIR := web\n"),
    ("Makefile", "x:\n\trm -rf out web\n"),
    ("Makefile", "x:\n\tdocker build -t web:1 web\n"),
    ("Makefile", "x:\n\tdocker build -t $(IMAGE):$(TAG) web\n"),
    ("Makefile", "x:\n\tnpm --prefix web ci\n"),
    ("Makefile", "x:\n\tgo test ./lib/...\n"),
    ("x.sh", "pushd web\n"),
    ("x.sh", 'DIRS="other prompb"\n'),
    ("x.sh", "for dir in prompb other; do\n\techo $dir\ndone\n"),
    ("x.sh", 'for each in other prompb; do\n\tcd "${each}"\ndone\n'),
    ("x.sh", "find prompb -type f\n"),
    ("x.sh", "if [ -d web ]; then\n\tls web\nfi\n"),
    ("x.sh", "tar czf out.tgz web\n"),
    ("x.sh", 'cp -r "$ROOT/web" out\n'),
    ("x.sh", "terraform -chdir=web plan\n"),
    ("x.sh", "cat $GITHUB_WORKSPACE/web > x\n"),
    ("Dockerfile", "FROM x\nCOPY lib/ lib/\n"),
    ("Dockerfile", "FROM x\nCOPY --chown=a web /srv\n"),
    ("Dockerfile", 'FROM x\nCOPY ["web", "/srv"]\n'),
    ("Dockerfile", "RUN --mount=type=bind,source=web,target=/x make\n"),
    (".github/workflows/a.yml", "defaults:\n  run:\n    working-directory: web\n"),
    (".github/workflows/b.yml", "on:\n  push:\n    paths:\n      - 'web/**'\n"),
    (
        ".github/workflows/c.yml",
        "steps:\n  - uses: actions/upload-artifact@v4\n    with:\n      path: |\n        web/dist\n",
    ),
    (".github/workflows/d.yml", "steps:\n  - run: cd web && npm ci\n"),
    (".github/workflows/e.yml", "steps:\n  - with:\n      input: 'prompb'\n"),
    (".github/dependabot.yml", "updates:\n  - directory: /web\n"),
    (".github/dependabot.yml", 'updates:\n  - directories: ["/other", "/web"]\n'),
    ("compose.yml", "services:\n  web:\n    build: web\n"),
    ("compose.yml", "services:\n  web:\n    build:\n      context: web\n"),
    ("compose.yml", "services:\n  a:\n    volumes:\n      - ./web:/srv\n"),
    ("netlify.toml", '[build]\n  base = "web"\n  publish = "web/dist"\n'),
    ("package.json", '{"workspaces": ["packages/*", "web"]}\n'),
    ("package.json", '{\n  "workspaces": [\n    "web"\n  ]\n}\n'),
    ("package.json", '{"scripts": {"build": "cd web && vite"}}\n'),
    ("pnpm-workspace.yaml", "packages:\n  - 'web'\n"),
    ("Cargo.toml", '[workspace]\nmembers = ["lib", "other"]\n'),
    ("tsconfig.json", '{"references": [{"path": "web"}]}\n'),
    ("tsconfig.json", '{"include": ["web"]}\n'),
    (".vscode/launch.json", '{"cwd": "${workspaceFolder}/web"}\n'),
    ("CODEOWNERS", "/web @acme\n"),
    (".dockerignore", "/web\n"),
    ("BUILD.bazel", 'deps = ["//web", "@//lib:x"]\n'),
    ("x.bzl", 'x = "@@//web/..."\n'),
    ("x.go", 'package x\n\nvar h = http.FileServer(http.Dir("web"))\n'),
    ("x.go", 'package x\n\nvar h = http.Dir("web/dist")\n'),
    ("x.go", 'package x\n\nvar webDir = "web"\n'),
    ("x.go", 'package x\n\nvar f = filepath.Join("web", "index.html")\n'),
    ("x_test.go", 'package x\n\nfunc f() { cmd.Dir = "web" }\n'),
    ("x.go", "package x\n\n// As lib/y.Serve does.\n"),
    ("x.py", 'ROOT_DIR = "web"\n'),
    ("x.js", 'app.use(express.static("web"))\n'),
    ("Jenkinsfile", "dir('web') {\n}\n"),
    ("Tiltfile", "docker_build('shop', 'web')\n"),
    ("CMakeLists.txt", "add_subdirectory(lib)\n"),
    ("x.iml", '<content url="file://$MODULE_DIR$/web">'),
    ("x.bat", "call %~dp0\\web\\run.bat\r\n"),
    ("x.ps1", "Set-Location web\n"),
    (".pre-commit-config.yaml", "exclude: ^(docs|web)/\n"),
    ("sonar.properties", "sonar.sources=web\n"),
    ("jest.config.json", '{"roots": ["<rootDir>/web"]}\n'),
    ("x.gradle", "project(':a').projectDir = file('web')\n"),
    ("x.py", 'subprocess.run(["x"], cwd="web")\n'),
    ("Makefile", "WEB := web\nx:\n\t$(MAKE) -C $(WEB)\n"),
    ("Dockerfile", "FROM x\nCOPY . .\nWORKDIR /app/web\n"),
    (".github/workflows/f.yml", "matrix:\n  module: [go, x]\nsteps:\n  - run: cd ${{ matrix.module }} && go test\n"),
    ("go.work", "go 1.24\n\nuse (\n\t./x\n\t./web\n)\n"),
    ("x.yaml", "cache-dependency-path: web/go.sum\n"),
    ("x.go", "package x\n\n//go:embed spec\nvar f embed.FS\n"),
    ("x.sh", "helm upgrade web ./frontend -f web/prod.yaml\n"),
    ("README.md", "Then `cd web && npm ci`.\n"),
    ("README.md", "So:\n```\nls web\n```\n"),
    ("README.md", "See [it](https://github.com/acme/shop/tree/main/prompb).\n"),
    ("Makefile", "x:\n\tcd spec && make\n"),
]

NOT_LISTED = [
    (".npmignore", "/web\n/lib/\nweb/dist\n"),
    ("compose.yml", "services:\n  web:\n    image: web\n    depends_on: [web]\n  lib: {}\n"),
    ("compose.yml", "services:\n  a:\n    container_name: web\n    networks:\n      - web\n"),
    ("Makefile", "build: web\n\nweb:\n\tgo build ./cmd/x\n.PHONY: web lib\n"),
    ("Makefile", "x:\n\tgo build -o web ./cmd/x\n\tnpm run web\n\tdocker rm web\n\tnpm install web\n"),
    ("x.sh", "go test ./cmd/...\nfind . -name web -type d\ndocker push web\nkubectl -n web get pods\n"),
    ("x.sh", "for svc in web api; do docker stop $svc; done\n"),
    ("x.sh", "web() { :; }\nweb --lib x\ngrep web file\n"),
    ("Dockerfile", "FROM web\nCOPY --from=web /x /y\nCOPY --from=build /x web\nRUN go vet\n"),
    (
        ".github/workflows/a.yml",
        "jobs:\n  web:\n    needs: web\n    steps:\n      - uses: actions/setup-go@v5\n      - run: go vet\n",
    ),
    (".github/workflows/b.yml", "steps:\n  - uses: actions/checkout@v4\n    with:\n      path: web\n"),
    (".github/workflows/c.yml", "strategy:\n  matrix:\n    language: [go, python]\n    app: [web, api]\n"),
    ("x.yaml", "name: web\npackages: [go, git]\nlabels:\n  - web\nlang: go\npath: /web\n"),
    (
        "package.json",
        '{"name": "web", "dependencies": {"web": "1", "lib": "2"}, "scripts": {"web": "vite", "lib": "tsc"}}\n',
    ),
    ("pyproject.toml", '[project]\nname = "web"\nkeywords = ["web", "go"]\n'),
    ("README.md", "The web is a place. In go one writes lib code; web, lib and prompb.\n"),
    ("README.md", "See https://cdn.example.com/lib/x.js, https://go.dev and https://example.com/web.\n"),
    ("README.md", "See https://github.com/acme/other/tree/main/web.\n"),
    ("x.go", 'package web\n\n// go to the web.\nvar lib = web("go")\n\nvar s = "web"\n'),
    ("x.py", "import web\n\nfor web in lib:\n    print('web', \"lib\")\n"),
    ("x.js", "const web = require('web')\nconst go = () => lib('web')\n"),
    ("x.rs", 'let a = td.path().join("web"); dir.create_dir("lib"); root.join("web/x");\n'),
    ("x.go", 'package x\n\nvar a, b = filepath.Join(dir, "web"), strings.Join(x, "lib")\n\nvar c = os.Mkdir("web")\n'),
    ("x_test.go", 'package x\n\nvar o = T{Subdir: "web"}\n'),
    ("x.go", 'package x\n\nvar f = filepath.Join("web", "gone.sh")\n'),
    ("x.go", 'package x\n\nvar k = key("web/exporter")\n'),
    ("x.html", '<a href="https://web.dev">web</a>\n'),
    ("BUILD.bazel", 'name = "web"\nactual = "@other//web:x"\n'),
    ("own/Makefile", "x:\n\tcd web && ls\n"),
]


def listed(program, rows):
    """The lines that are listed for each row: a file in a folder of its own, with one of the places that decide."""
    files = {**FILES, **{f"{number}/own/web/x.txt": "x\n" for number in range(len(rows))}}
    for number, (name, text) in enumerate(rows):
        files[f"{number}/{name}"] = text
    moves = MoveMap({**MOVES, **{f"{number}/spec": f"{number}/tests" for number in range(len(rows))}})
    found = [[] for _ in rows]
    for item in left(program.only(files), moves):
        found[int(item.path.split("/")[0])].append(item.text)
    return found


def test_a_folder_of_one_word_is_listed_where_only_a_path_can_stand(program):
    found = listed(program, LISTED)
    assert [row for row, lines in zip(LISTED, found, strict=True) if not lines] == []


def test_a_folder_of_one_word_is_not_listed_where_it_is_a_word(program):
    found = listed(program, NOT_LISTED)
    assert [(row, lines) for row, lines in zip(NOT_LISTED, found, strict=True) if lines] == []


@pytest.mark.parametrize("text", ["go", "web/dist", "# x\n/web", "!web/", "**/go/x"])
@pytest.mark.parametrize("name", [".vercelignore", ".gcloudignore", ".stylelintignore", ".gitignore"])
def test_an_ignore_file_at_the_top_is_followed_whatever_tool_reads_it(program, name, text):
    assert {item.path for item in left(program.only({**FILES, name: f"{text}\n"}), MoveMap(MOVES))} == {name}
