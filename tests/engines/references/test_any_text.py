"""Whatever a file holds, it is read without an error, and no edit stands in another."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from migrate.engines.references.formats import FORMATS, format_of
from migrate.engines.references.rewrite import updater
from migrate.engines.references.rewrite.source_file import applied

PIECES = (
    "web", "web/dist", "api/v1", "./web/...", "../api/v1", "..", "../..", "/", "\\", '"', "'", "`", "$(", "${", "}", ")", "(",
    "cd ", "for d in ", "find ", "COPY ", "FROM ", "- ", "key: ", "run: |", "path: ", "context: ", "[", "]", "{", ",", "=", ":",
    "#", "//", "/*", "*/", "\n", "\n  ", "\n\t", " ", " && ", " | ", "grep ", "go list ", "github.com/acme/shop/api/v1",
    "https://github.com/acme/shop/blob/main/web/", "@v1.2.0", "os.Open(", "filepath.Join(", "import ", ".. toctree::\n\n   ",
    "Path(__file__).parents[1]", " / 'web'", "%~dp0", "--mount=source=web", "-C web", "func f() {", "}\n", "\r\n", "é", "\u2028",
    "<<EOF", "\\\n", "*", "?", "[section]", "a = [", "package x\n", ">", "<", ">&2", "uses: actions/checkout@v4\n  with:\n    path: ",
)  # fmt: skip
NAMES = sorted(
    {name.replace("*", "x").replace("..", ".") for known in FORMATS for name in known.names if "/" not in name}
    | {
        "mkdocs.yml",
        "package.json",
        "tsconfig.json",
        "netlify.toml",
        "pom.xml",
        "x.patch",
        "x.txt",
        "buf.yaml",
        "Chart.yaml",
    }
    | {".github/workflows/x.yml", "tox.ini", "x.rst", "web/x.go", "web/x.py", "web/x.sh", "web/x.ts", "web/compose.yml"}
)


@pytest.mark.parametrize("seed", range(10))
def test_no_edit_of_any_text_stands_in_another(program, seed, monkeypatch):
    def checked(text, edits):
        spans = sorted((edit.start, edit.end) for edit in edits)
        assert all(end <= start for (_, end), (start, _) in pairwise(spans)), text
        return applied(text, edits)

    monkeypatch.setattr(updater, "applied", checked)
    chance = random.Random(seed)
    texts = {name: "".join(chance.choices(PIECES, k=chance.randint(5, 60))) for name in NAMES}
    ws = program.workspace({"web/a.ts": "x\n", "api/v1/a.go": "package v1\n", ".gitattributes": "* -text\n", **texts})
    ws.relocate({"web": "apps/web/ui", "api/v1": "pkg/v1"})
    assert ws.references.update() > 0


@pytest.mark.parametrize("seed", range(10))
def test_the_regions_of_any_text_stand_in_order_and_apart(seed):
    chance = random.Random(seed)
    for name in NAMES:
        text = "".join(chance.choices(PIECES, k=chance.randint(5, 60)))
        position = 0
        for span in format_of(name).spans(text, name):
            assert position <= span.start <= span.end <= len(text), (name, text)
            position = span.end
