"""Moving Go packages, traps 23 and 24: what names them outside Go's imports, each format by its own rules."""

from __future__ import annotations

from tests.scenarios.moving import Moving
from tests.story import Story

SHOP = "example.com/shop"
PROGRAM: dict[str, str | bytes] = {
    "internal/auth/auth.go": "// Package auth signs.\npackage auth\n\n// Service signs.\ntype Service struct{}\n",
    "internal/auth/key.pem": "key\n",
    "internal/authz/z.go": "package authz\n",
    "internal/ui/ui.go": "package ui\n",
    "main.go": f'package main\n\nimport (\n\t"{SHOP}/internal/auth"\n\t_ "{SHOP}/internal/ui"\n)\n\n'
    "func main() { _ = auth.Service{} }\n",
}
DOC = f"""\
// Package doc uses [{SHOP}/internal/auth.Service], [auth.Service] and [the keys].
//
// It stands beside internal/auth (see internal/auth/auth.go) and internal/authz.
//
// [the keys]: https://pkg.go.dev/{SHOP}/internal/auth#Service
// [auth]: {SHOP}/internal/auth
package doc

import "{SHOP}/internal/auth"

// Uses [*auth.Service]; compare [{SHOP}/internal/auth], [{SHOP}/internal/authz] and [{SHOP}/internal/ui].
var _ auth.Service
"""
LINTERS = rf"""
version: "2"
linters:
  exclusions:
    paths:
      - internal/ui
      - ^internal/auth/
      - internal/authz
    rules:
      - path: internal/auth/.*\.go
        linters: [gosec]
      - path: ^(internal/ui|cmd)/.*_test\.go$
        linters: [errcheck]
      - path: internal\/auth\/auth\.go
        text: "internal/auth"
      - source: "^//go:generate .*internal/ui"
        linters: [lll]
  settings:
    depguard:
      rules:
        core:
          files: ["**/internal/auth/**/*.go", "!$test"]
          deny:
            - pkg: {SHOP}/internal/ui
              desc: core knows nothing of {SHOP}/internal/ui
            - pkg: {SHOP}/internal/ui$
    importas:
      alias:
        - pkg: {SHOP}/internal/auth
          alias: shopauth
        - pkg: {SHOP}/internal/(\w+)/v1
          alias: $1
    gomodguard:
      blocked:
        modules:
          - {SHOP}/internal/auth:
    exhaustruct:
      exclude: ['^example\.com/shop/internal/auth\.Service$']
formatters:
  settings:
    gci:
      sections: [standard, default, "prefix({SHOP}/internal/auth)", prefix({SHOP})]
    goimports:
      local-prefixes: [{SHOP}/internal/auth]
  exclusions:
    paths: [internal/ui/gen, "internal/auth/.*\\.pb\\.go$"]
"""
FILES: dict[str, str] = {
    "doc/doc.go": DOC,
    ".golangci.yml": LINTERS,
    ".github/CODEOWNERS": "# internal/auth is Ada's\n*  @acme/all\n/internal/auth/ @ada\n/internal/auth/*.pem @sec @ada\n"
    "/internal/ui @web\n**/internal/ui/gen/ @web\nauth/ @ada\n/internal/authz/ @bob\n",
    "Makefile": "PKGS := ./internal/auth ./internal/authz\nUI = internal/ui\ntest:\n\tgo test ./internal/auth/... $(PKGS)\n"
    "\tcd internal/ui && ls\n\t$(MAKE) -C internal/ui x\nclean: ; rm -rf $(UI)/dist $(CURDIR)/internal/auth/tmp\n"
    "internal/auth/key.pem:\n\ttouch $@\n.PHONY: internal/ui\n",
    "Dockerfile": 'FROM golang AS build\nWORKDIR /src\nCOPY internal/auth/ ./internal/auth/\nCOPY ["internal/ui", "./"]\n'
    "RUN --mount=type=bind,source=internal/auth,target=/x go test ./internal/auth\n"
    "COPY --from=build /src/internal/auth/key.pem /etc/\n",
    "deploy/compose.yaml": "services:\n  a:\n    build: {context: .., dockerfile: ../internal/ui/Dockerfile}\n"
    "    volumes:\n      - ../internal/auth/key.pem:/etc/key.pem\n      - type: bind\n        source: ../internal/ui\n",
    ".dockerignore": "internal/ui/dist\n**/internal/auth/*.pem\n!internal/auth/key.pem\n",
    ".gitignore": "/internal/ui/dist/\ninternal/auth/*.tmp\n!internal/auth/keep.tmp\n",
    ".gitattributes": "internal/ui/gen/** linguist-generated\n/internal/auth/*.pem -diff\n",
    ".github/workflows/ci.yml": "on:\n  push:\n    paths:\n      - internal/auth/**\n      - '!internal/ui/**.md'\njobs:\n"
    "  a:\n    defaults:\n      run:\n        working-directory: ./internal/ui\n    steps:\n"
    "      - uses: ./internal/ui/action\n      - run: go test ./internal/auth/... ./internal/authz/...\n"
    "      - uses: actions/upload-artifact@v4\n        with:\n          path: |\n            internal/auth/key.pem\n"
    "            internal/ui/dist\n      - if: hashFiles('internal/ui/go.sum') != ''\n        run: echo\n",
    ".air.toml": '[build]\nexclude_dir = ["internal/ui", "tmp"]\nexclude_regex = ["internal/auth/.*_test\\\\.go"]\n'
    'include_dir = ["internal/auth"]\n',
    "run.sh": '#!/bin/bash\nset -e\ncd "$(dirname "$0")/internal/ui"\ngo test "${ROOT:-.}/internal/auth" '
    "| grep -v 'internal/authz'\n",
    "README.md": f"# Shop\n\nSee [auth](internal/auth/auth.go#L3), [ui](./internal/ui/), `internal/auth`, the\n"
    f"[reference](https://pkg.go.dev/{SHOP}/internal/auth).\n\n"
    "[key]: internal/auth/key.pem\n\n```sh\ngo test ./internal/auth/...\n```\n\n"
    "| path | is |\n| --- | --- |\n| internal/ui/ | pages |\n| internal/authz/ | roles |\n",
    "buf.gen.yaml": "plugins:\n  - local: protoc-gen-go\n    out: internal/ui/gen\n    opt: module=example.com/shop\n",
    ".mockery.yaml": f"packages:\n  {SHOP}/internal/auth:\n    config:\n      dir: internal/ui/mocks\n",
    "sqlc.json": '{"sql": [{"schema": "internal/auth/schema.sql", "gen": {"go": {"out": "internal/ui/db"}}}]}\n',
    "codecov.yml": 'ignore:\n  - "internal/ui/gen/**"\nflags:\n  a:\n    paths: [internal/auth/]\n',
    ".github/labeler.yml": "auth:\n- changed-files:\n  - any-glob-to-any-file: ['internal/auth/**', internal/ui/*]\n",
    ".vscode/settings.json": '{"go.testFlags": ["./internal/auth"], "files.exclude": {"internal/ui/dist": true}}\n',
}
CALLS = ('go.move("internal/auth", "internal/core/auth")', 'go.move("internal/ui", "web")')


def after(text: str) -> str:
    """A text with both packages at their new places, for texts in which each form is spelled in the plain way."""
    for slash in ("/", r"\/"):
        text = text.replace(f"internal{slash}auth", f"internal{slash}core{slash}auth").replace(
            f"internal{slash}ui", "web"
        )
        text = text.replace(f"internal{slash}core{slash}authz", f"internal{slash}authz")
    return text


def test_trap_23_every_format_follows_by_its_own_rules(story: Story) -> None:
    """23. Makefile, images, ignore rules, owners, workflows, linters, air, scripts, Markdown, comments, doc links."""
    schema = {"internal/auth/schema.sql": "create table key (id int);\n"}
    program = Moving(story, {**PROGRAM, **FILES, **schema}).moved(*CALLS)
    program.builds().formatted()
    for path, text in FILES.items():
        assert program.text(path).splitlines() == after(text).splitlines(), path


ALTERNATIVES: dict[str, str | bytes] = {
    ".golangci.yml": "linters:\n  exclusions:\n    rules:\n      - path: (^|/)internal/(auth|ui)/\n",
    "run.sh": "#!/bin/bash\nls internal/{auth,ui}\n",
}


def test_trap_23_what_cannot_be_rewritten_is_listed(story: Story) -> None:
    """23. One spelling for several places cannot say where each has gone: a person is told the file and the line."""
    program = Moving(story, {**PROGRAM, **ALTERNATIVES}).phase(*CALLS)
    program.story.type("next").ended(0)
    said = program.story.type("verify").ended(1, "  4 stale").out
    for place in (".golangci.yml:4", "run.sh:2"):
        assert f"{place}: internal/auth is internal/core/auth now" in said
        assert f"{place}: internal/ui is web now" in said


HISTORY = {
    "CHANGELOG.md": "## 1.2.0\n\n- internal/auth signs; moved from `internal/ui`\n",
    "docs/2023-04-01-layout.md": "We put it into internal/auth.\n",
    "docs/adr/0007-auth.md": "Decision: [internal/auth](../../internal/auth/auth.go) signs.\n",
    "docs/MIGRATION_PLAN.md": "1. internal/auth goes to internal/core/auth\n",
    "docs/releases.txt": "kept by hand: internal/authz\n",
}


def test_trap_24_history_is_left_and_listed(story: Story) -> None:
    """24. A changelog, a dated document, a decision and a plan tell of the old place: they stay, and are listed."""
    program = Moving(story, {**PROGRAM, **HISTORY, "docs/guide.md": "Look into internal/auth.\n"}).moved(*CALLS)
    assert {path: program.text(path) for path in HISTORY} == HISTORY
    assert program.text("docs/guide.md") == "Look into internal/core/auth.\n"
    said = story.type("verify").ended(0).out
    assert "allowed: history: a changelog\n  CHANGELOG.md:3: internal/auth" in said
    for path in list(HISTORY)[:4]:
        assert f"  {path}:" in said
    assert "docs/releases.txt" not in said
