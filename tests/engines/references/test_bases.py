"""Paths that count from elsewhere: from a folder that a key or a command names, or from the file's own.

`web/scripts` has moved to `web/tools`, `web/docker` to `web/build`, `docs/guide` to `docs/howto`, `proto/acme` to
`proto/shop`.
"""

from __future__ import annotations

import pytest

TREE = {
    "web/scripts/test.sh": "x\n",
    "web/docker/Dockerfile": "FROM x\n",
    "web/src/a.ts": "export {}\n",
    "docs/guide/a.md": "# a\n",
    "docs/index.md": "x\n",
    "proto/acme/v1/a.proto": "x\n",
    "scripts/own.sh": "x\n",
}
MOVES = {"web/scripts": "web/tools", "web/docker": "web/build", "docs/guide": "docs/howto", "proto/acme": "proto/shop"}
SHORT = {"scripts": "tools", "docker": "build", "guide": "howto", "acme": "shop"}
# § stands before what follows, ¬ before what stays.
ROWS = [
    ("mkdocs.yml", "nav:\n  - Home: index.md\n  - Guide:\n      - §guide/a.md\n      - A: §guide/a.md\n"),
    ("old/mkdocs.yml", "docs_dir: ../docs\npages:\n- ['§guide/a.md', 'Docs', 'Run guide', 'guide']\n- [§guide/a.md, A guide]\n"),
    ("sub/mkdocs.yml", "docs_dir: ../docs\nnav:\n  - §guide/a.md\n"),
    ("own/mkdocs.yml", "docs_dir: ../docs\nx:\n  - y\n\n# The pages\nnav:\n  - A: §guide/a.md\n  - B: ¬web/scripts/test.sh\n"),
    ("docker-compose.yml", "services:\n  w:\n    build:\n      dockerfile: §docker/Dockerfile\n      context: ./web\n"),
    ("compose.yml", "services:\n  a: {build: {context: web, dockerfile: §docker/Dockerfile}}\n"),
    (".github/workflows/a.yml", "jobs:\n  a:\n    steps:\n      - run: ./§scripts/test.sh\n        working-directory: web\n      - run: ./¬scripts/own.sh\n"),
    (".github/workflows/b.yml", "defaults:\n  run:\n    working-directory: web\njobs:\n  a:\n    steps:\n      - run: |\n          ./§scripts/test.sh\n          cat §docker/Dockerfile\n"),
    (".github/workflows/c.yml", "jobs:\n  a:\n    defaults: {run: {working-directory: web}}\n    steps:\n      - run: sh §scripts/test.sh\n  b:\n    steps:\n      - run: sh ¬scripts/own.sh\n"),
    (".gitlab-ci.yml", "a:\n  script:\n    - cd web && ./§scripts/test.sh\n    - (cd web && sh §scripts/test.sh) && sh ¬scripts/own.sh\n"),
    ("Makefile", "a:\n\tcd web && ./§scripts/test.sh && docker build -f §docker/Dockerfile .\n\tsh ¬scripts/own.sh\n"),
    ("a.sh", "cd web\nsh §scripts/test.sh\ncat ../docs/§guide/a.md\ncd ..\nsh ¬scripts/own.sh\n"),
    ("b.sh", "pushd web\n./§scripts/test.sh\npopd\n./¬scripts/own.sh\n"),
    ("Taskfile.yml", "tasks:\n  a:\n    dir: web\n    cmds:\n      - ./§scripts/test.sh\n"),
    ("web/package.json", '{"scripts": {"test": "sh §scripts/test.sh && cat ./§docker/Dockerfile"}, "files": ["§scripts"]}\n'),
    ("web/Makefile", "a:\n\tsh §scripts/test.sh\n\tcat $(CURDIR)/§docker/Dockerfile\n"),
    ("web/tsconfig.json", '{"include": ["§scripts", "./§scripts/**/*"]}\n'),
    ("web/run.bat", "%~dp0§scripts\\test.sh\r\ncall %~dp0\\§scripts\\test.sh\r\n"),
    ("web/run.sh", 'sh "$(dirname "$0")/§scripts/test.sh"\n. "${BASH_SOURCE%/*}/§scripts/test.sh"\n'),
    ("web/web.iml", '<x url="file://$MODULE_DIR$/§scripts" />\n'),
    ("docs/index.rst", ".. toctree::\n   :maxdepth: 2\n\n   §guide/a\n   Title <§guide/a>\n\n.. include:: §guide/a.md\n\n:doc:`§guide/a`\n"),
    ("buf.yaml", "version: v1\nbuild:\n  roots: [proto]\n"),
    ("proto/b.proto", 'import "§acme/v1/a.proto";\n'),
    ("proto/x/c.proto", 'import "§acme/v1/a.proto";\n'),
    ("HOW.md", "```sh\ncd web\nsh §scripts/test.sh\nls ./docs/§guide/... docs/§guide/a.md\n```\n"),
    ("c.sh", "go -C web run ./§scripts/x\ngit -C web add §scripts/test.sh && git add ¬scripts/own.sh\n"),
    ("protoc.sh", "protoc -I proto §acme/v1/a.proto\nprotoc -Iproto proto/§acme/v1/a.proto\n"),
]  # fmt: skip


@pytest.mark.parametrize("rows", [ROWS])
def test_a_path_counts_from_the_folder_that_is_named(program, rows):
    ws = program.workspace({**TREE, **{path: text.replace("§", "").replace("¬", "") for path, text in rows}})
    ws.relocate(MOVES)
    ws.references.update()
    expected = {path: text.replace("¬", "") for path, text in rows}
    for old, new in SHORT.items():
        expected = {path: text.replace(f"§{old}", new) for path, text in expected.items()}
    assert {path: ws.read_text(path) for path in expected} == expected
    assert ws.references.update() == 0


PYTHON = [
    ('P = Path(__file__).parents[1] / "docs" / "logo.svg"', 'P = Path(__file__).parents[2] / "docs" / "logo.svg"'),
    (
        'P = Path(__file__).resolve().parent.parent / "docs/guide"',
        'P = Path(__file__).resolve().parent.parent.parent / "docs/howto"',
    ),
    (
        "ROOT = Path(__file__).parents[1]\nA = ROOT / 'docs' / 'guide' / 'a.md'",
        "ROOT = Path(__file__).parents[2]\nA = ROOT / 'docs' / 'howto' / 'a.md'",
    ),
    ("HERE = Path(__file__).parent\nA = HERE / 'data' / 'a.json'", None),
    ('P = Path(__file__).parents[3] / "x"', None),
    ('P = Path(__file__).parents[1] / "nothing"', None),
    ('P = Path("x").parents[1]', None),
    (
        'P = os.path.join(os.path.dirname(__file__), "..", "docs", "guide")',
        'P = os.path.join(os.path.dirname(__file__), "..", "..", "docs", "howto")',
    ),
]
NODE = [
    ("path.join(__dirname, 'data', 'a.json')", None),
    ("path.resolve(__dirname, '../docs/guide')", "path.resolve(__dirname, '../../docs/howto')"),
    ("path.join(__dirname, '..', 'docs', 'guide')", "path.join(__dirname, '..', '..', 'docs', 'howto')"),
    ("new URL('../docs/guide/a.md', import.meta.url)", "new URL('../../docs/howto/a.md', import.meta.url)"),
]


def test_code_in_a_text_of_python_is_not_of_its_file(program):
    text = """CASES = ["TOP = Path(__file__).parents[1]", 'cd "$(dirname "$0")/../.." && ls', 'cd "${BASH_SOURCE%/*}/../.."']\n"""
    own = "TOP = Path(__file__).parents[1]\n"
    ws = program.workspace(
        {"tool/cases.py": text, "tool/own.py": own, "tool/own.sh": 'cd "$(dirname "$0")/.." && ls\n'}
    )
    ws.relocate({"tool": "ops/tool"})
    ws.references.update()
    assert ws.read_text("ops/tool/cases.py") == text
    assert ws.read_text("ops/tool/own.py") == own.replace("[1]", "[2]")
    assert ws.read_text("ops/tool/own.sh") == 'cd "$(dirname "$0")/../.." && ls\n'


def test_what_code_builds_from_the_folder_of_its_own_file_leads_where_it_led(program):
    files = {f"tool/p{number}.py": f"{text}\n" for number, (text, _) in enumerate(PYTHON)}
    files |= {f"tool/n{number}.js": f"{text}\n" for number, (text, _) in enumerate(NODE)}
    ws = program.workspace({**files, "tool/data/a.json": "{}\n", "docs/guide/a.md": "x\n"})
    ws.relocate({"tool": "ops/tool", "docs/guide": "docs/howto"})
    ws.references.update()
    found = [ws.read_text(f"ops/tool/p{number}.py") for number in range(len(PYTHON))]
    found += [ws.read_text(f"ops/tool/n{number}.js") for number in range(len(NODE))]
    assert found == [f"{new or text}\n" for text, new in (*PYTHON, *NODE)]
    assert ws.references.update() == 0


def test_a_folder_that_node_joins_to_its_own_is_followed_by_one_word(program):
    text = "const a = path.resolve(__dirname, 'web'), b = path.resolve('web'), c = 'web'\n"
    ws = program.workspace({"vite.config.js": text, "web/a.ts": "x\n"})
    ws.move("web", "frontend")
    ws.references.update()
    assert ws.read_text("vite.config.js") == text.replace("__dirname, 'web'", "__dirname, 'frontend'")
