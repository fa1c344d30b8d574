"""Each format by its own rules. `auth` and `config` have moved to internal/core, `ui` to internal/api."""

from __future__ import annotations

from tests.engines.references.conftest import MOVES, left

MAKEFILE = "x:\n\tcp assets/logo.svg ../../internal/auth/x ../../bin\n\techo assets\n"


def same(text: str) -> str:
    for old, new in (("auth", "core/auth"), ("config", "core/config"), ("ui", "api/ui")):
        for slash in ("/", r"\/"):
            spelled = new.replace("/", slash)
            text = text.replace(f"internal{slash}{old}/", f"internal{slash}{spelled}/")
            text = text.replace(f"internal{slash}{old}\\", f"internal{slash}{spelled}\\")
            text = text.replace(f"internal{slash}{old}.k", f"internal{slash}{spelled}.k")
    return text


PLAIN = [
    (
        "Makefile",
        "ui: ## Copy to internal/ui/dist\n\t@mkdir -p internal/ui/dist\n\t@cp -r web/dist/* internal/ui/dist/\n"
        "test:\n\tgo test ./internal/auth/... $(ROOT)/internal/config/prices.json\n"
        "build:\n\tgo build -ldflags '-X github.com/acme/shop/internal/auth.key=$(KEY)' ./cmd/server\n",
    ),
    (
        "Dockerfile",
        "FROM golang AS builder\nWORKDIR /srv/shop\nCOPY --from=ui /app/web/dist ./internal/ui/dist\n"
        "COPY --chown=a:a internal/config/prices.json \\\n  internal/auth/key.pem /srv/shop/internal/config/\n"
        "COPY --from=builder /srv/shop/internal/config/prices.json ./internal/config/\n"
        "RUN swag init -g cmd/server/main.go -o internal/ui/swagger\n",
    ),
    (
        "docker-compose.yml",
        "services:\n  a:\n    volumes:\n      - ./internal/config/prices.json:/app/internal/config/prices.json\n",
    ),
    (
        ".github/workflows/ci.yml",
        "on:\n  push:\n    paths:\n      - 'internal/auth/**'\n      - \"!internal/config/*.json\"\n"
        "jobs:\n  a:\n    steps:\n      - run: |\n          mkdir -p internal/ui/dist\n"
        "          cp -r web/dist/* ${{ github.workspace }}/internal/ui/dist/\n",
    ),
    (
        ".golangci.yml",
        "issues:\n  exclude-rules:\n    - path: internal\\/auth\\/.*_test\\.go\n"
        "    - path: ^internal/config/(a|b)\\.go$\n"
        "linters-settings:\n  depguard:\n    deny:\n      - pkg: github.com/acme/shop/internal/auth/keys\n",
    ),
    (
        ".air.toml",
        '[build]\n  cmd = "go build -o tmp/main ./internal/auth/cmd"\n  exclude_dir = ["tmp", "internal/ui/dist"]\n'
        '  exclude_regex = ["^internal/config/.*_test\\\\.go"]\n',
    ),
    (
        "scripts/build.sh",
        '#!/bin/sh\ncd "$(git rev-parse --show-toplevel)"/internal/ui/\ncat internal/config/*.json\n',
    ),
    (".goreleaser.yaml", "builds:\n  - ldflags:\n      - -X github.com/acme/shop/internal/auth.key={{.Version}}\n"),
    ("package.json", '{"scripts": {"gen": "tool internal/auth/api.yaml > internal/config/x.json"}}\n'),
    ("schema.sql", "-- see internal/auth/auth.go\nSELECT 1;\n"),
    ("sonar-project.properties", "sonar.exclusions=internal/auth/**,internal/config/**\n"),
    ("api.proto", 'option go_package = "github.com/acme/shop/internal/auth/pb;pb";\n'),
]


def test_plain_mentions_follow_in_every_format(program):
    ws = program.workspace(dict(PLAIN))
    ws.relocate(MOVES)
    ws.references.update()
    assert [ws.read_text(path) for path, _ in PLAIN] == [same(text) for _, text in PLAIN]
    assert left(ws) == []
    assert ws.references.update() == 0


def test_an_ignore_file_follows_with_its_anchors_negations_and_globs(update):
    text = (
        "# made from internal/ui\ninternal/ui/dist/\n/internal/ui/dist\n!internal/config/prices.json  \n"
        "internal/auth/**/*.gen.go\n**/internal/auth/tmp\nauth/\n*.log\n/internal/authz\n\n"
    )
    assert update(".gitignore", text) == (
        "# made from internal/api/ui\ninternal/api/ui/dist/\n/internal/api/ui/dist\n"
        "!internal/core/config/prices.json  \n"
        "internal/core/auth/**/*.gen.go\n**/internal/core/auth/tmp\nauth/\n*.log\n/internal/authz\n\n"
    )


def test_a_nested_ignore_file_counts_from_its_own_folder(update):
    assert update("internal/.gitignore", "ui/dist/\n/auth/tmp\nauth/*.key\n") == (
        "api/ui/dist/\n/core/auth/tmp\ncore/auth/*.key\n"
    )


def test_a_pattern_that_was_anchored_by_its_slash_stays_anchored(update):
    assert update(".gitignore", "internal/ui/\ninternal/ui/dist\n", {"internal/ui": "ui"}) == "/ui/\nui/dist\n"


def test_a_dockerignore_pattern_of_one_name_stands_at_the_top(update):
    assert update(".dockerignore", "docs\n!docs/guide\n*/docs\n", {"docs": "website"}) == (
        "website\n!website/guide\n*/docs\n"
    )


def test_owners_follow_whether_anchored_or_not(update):
    text = "# internal/auth\n/internal/auth/ @acme/sec\ninternal/config/*.json  @a @b\nauth/ @c\n* @d\n"
    assert update(".github/CODEOWNERS", text) == (
        "# internal/core/auth\n/internal/core/auth/ @acme/sec\ninternal/core/config/*.json  @a @b\nauth/ @c\n* @d\n"
    )


ONE_WORD = [
    (
        "Dockerfile",
        "COPY docs ./docs\nCOPY docs /docs\nRUN cd docs && make\nCOPY --from=a /app/docs/x .\n",
        "COPY website ./website\nCOPY website /docs\nRUN cd website && make\nCOPY --from=a /app/website/x .\n",
    ),
    (".air.toml", 'exclude_dir = ["tmp", "docs"]\n', 'exclude_dir = ["tmp", "website"]\n'),
    (".golangci.yml", "exclude-dirs:\n  - docs\n  - tmp\n", "exclude-dirs:\n  - website\n  - tmp\n"),
    ("Makefile", "x:\n\tcd docs && make\n\t$(MAKE) -C docs\n", "x:\n\tcd website && make\n\t$(MAKE) -C website\n"),
    (
        ".github/workflows/d.yml",
        "name: docs\njobs:\n  docs:\n    working-directory: docs\n",
        "name: docs\njobs:\n  docs:\n    working-directory: website\n",
    ),
    (
        ".circleci/config.yml",
        "steps:\n  - checkout:\n      path: docs\n  - run:\n      working_directory: docs\n      path: [website]\n",
        "steps:\n  - checkout:\n      path: docs\n  - run:\n      working_directory: docs\n      path: [website]\n",
    ),
    (
        ".github/workflows/e.yml",
        "steps:\n  - uses: actions/checkout@v4\n    with:\n      path: here\n  - run: x\n    working-directory: docs\n",
        "steps:\n  - uses: actions/checkout@v4\n    with:\n      path: here\n  - run: x\n    working-directory: website\n",
    ),
    (
        ".github/workflows/f.yml",
        "steps:\n  - name: a\n    uses: actions/checkout@v4\n  - name: b\n    with:\n      path: docs\n",
        "steps:\n  - name: a\n    uses: actions/checkout@v4\n  - name: b\n    with:\n      path: website\n",
    ),
    (
        "scripts/x.sh",
        "mkdir -p docs\nmkdir -p docs/made\nls /docs/none\nls /app/docs/none\n",
        "mkdir -p docs\nmkdir -p website/made\nls /docs/none\nls /app/website/none\n",
    ),
    ("route.toml", 'path = "/docs"\nroot = "docs"\n', 'path = "/docs"\nroot = "website"\n'),
    (
        "bin.Dockerfile",
        "WORKDIR /usr/local/bin\nRUN mv /usr/local/bin/docs .\n",
        "WORKDIR /usr/local/bin\nRUN mv /usr/local/bin/docs .\n",
    ),
    ("web/docs/x.md", "x\n", "x\n"),
    ("web/Makefile", "x: $(shell find docs/ -type f)\n", "x: $(shell find docs/ -type f)\n"),
    ("releases/v1.2.0.toml", 'see = "docs/guide"\n', 'see = "docs/guide"\n'),
    ("releases/next.toml", 'see = "docs/guide"\n', 'see = "website/guide"\n'),
    (".github/dependabot.yml", 'updates:\n  - directory: "/docs"\n', 'updates:\n  - directory: "/website"\n'),
]


def test_one_word_is_a_path_where_the_format_expects_one(program):
    ws = program.workspace({path: text for path, text, _ in ONE_WORD})
    ws.move("docs", "website")
    ws.references.update()
    assert [ws.read_text(path) for path, _, _ in ONE_WORD] == [expected for _, _, expected in ONE_WORD]
    assert left(ws) == []


def test_a_command_that_changed_its_folder_first_still_names_the_top(update):
    text = "ui:\n\tcd web && vite build --outDir ../internal/ui/dist\n"
    assert update("Makefile", text) == text.replace("internal/ui", "internal/api/ui")


def test_a_makefile_in_a_folder_counts_from_there(program):
    ws = program.workspace({"cmd/server/Makefile": MAKEFILE, "cmd/server/assets/logo.svg": "<svg/>"})
    ws.relocate({"cmd/server/assets": "cmd/server/static/assets", "internal/auth": "internal/core/auth"})
    assert ws.references.update() == 2
    assert ws.read_text("cmd/server/Makefile") == (
        "x:\n\tcp static/assets/logo.svg ../../internal/core/auth/x ../../bin\n\techo assets\n"
    )
    assert left(ws) == []


BEHIND_CD = [
    ("Makefile", "x:\n\tcd internal && go test ./auth/... ./authz config/prices.json ../docs/guide\n"),
    ("a.sh", '(cd ./internal && cp "auth/auth.go" -o=config/x.go); ls auth/auth.go\n'),
    (".github/workflows/w.yml", "      - run: cd internal/ui && ls ../auth/x ../../docs\n"),
]


def test_behind_a_change_of_the_folder_a_path_counts_from_there(program):
    ws = program.workspace(dict(BEHIND_CD))
    ws.relocate(MOVES)
    ws.references.update()
    assert [ws.read_text(path) for path, _ in BEHIND_CD] == [
        "x:\n\tcd internal && go test ./core/auth/... ./authz core/config/prices.json ../docs/guide\n",
        '(cd ./internal && cp "core/auth/auth.go" -o=core/config/x.go); ls auth/auth.go\n',
        "      - run: cd internal/api/ui && ls ../../core/auth/x ../../../docs\n",
    ]


UP = [
    ("Makefile", "ROOT := ../..\nABOVE = ..\nx:\n\tcd ../.. && make\n"),
    ("x.sh", 'ROOT=../..\ncd "${BASH_SOURCE%/*}/../.."\nTOP="$(cd "$(dirname "$0")"/../.. && pwd)"\n'),
    ("compose.yml", "services:\n  a:\n    build: ../..\n    context: ..\n"),
    ("tsconfig.json", '{"root": "../..", "include": ["../../docs/**/*"]}\n'),
]


def test_a_climb_that_names_nothing_more_follows_in_scripts_and_settings(program):
    ws = program.workspace({f"internal/auth/{name}": text for name, text in UP})
    ws.move("internal/auth", "internal/core/auth")
    ws.references.update()
    texts = [ws.read_text(f"internal/core/auth/{name}") for name, _ in UP]
    deeper = [text.replace("../..", "@").replace("..", "../..").replace("@", "../../..") for _, text in UP]
    assert texts == deeper


LISTED = [
    ("Makefile", "V = -X $$(go list -m)/internal/auth.key=1 -X `go list -m`/internal/auth.key=1\n"),
    ("test.sh", "go test $(go list ./... | grep -v -e /internal/auth$ -e '/internal/ui/')\n"),
]


def test_what_go_list_prints_is_an_import_path(program):
    ws = program.workspace(dict(LISTED) | {"other.sh": "grep -v /internal/auth access.log\n"})
    ws.relocate({"internal/auth": "internal/core/auth", "internal/ui": "internal/api/ui"})
    ws.references.update()
    assert [ws.read_text(path) for path, _ in LISTED] == [
        text.replace("internal/auth", "internal/core/auth").replace("internal/ui", "internal/api/ui")
        for _, text in LISTED
    ]
    assert ws.read_text("other.sh") == "grep -v /internal/auth access.log\n"
