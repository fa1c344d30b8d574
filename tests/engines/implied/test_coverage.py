"""A pattern that covered a file, and covers it no longer, is noted; so is one that covers it now."""

from __future__ import annotations

import pytest

TREE = {
    "build/in/a.bin": "a\n",
    "internal/auth/auth.go": "package auth\n",
    "internal/auth/key.go": "package auth\n",
    "assets/a.bin": "a\n",
}
MOVE = {"internal/auth": "pkg/auth"}
LOST = [
    (".gitattributes", "assets/*.bin filter=lfs -text\n", {"assets": "media"}, "given filter=lfs -text"),
    ("assets/.gitattributes", "*.bin binary\n", {"assets/a.bin": "media/a.bin"}, "given binary"),
    (".github/CODEOWNERS", "* @all\n/internal/ @core\n", MOVE, "owned by @core"),
    ("CODEOWNERS", "internal/auth/auth.go @ann\n", MOVE, "owned by @ann"),
    (".dockerignore", "**\n!internal\n", MOVE, "sent to the build"),
    ("build/Dockerfile", "FROM x\nCOPY cmd ./cmd\nCOPY internal ./internal\n", MOVE, "copied"),
    ("Dockerfile", 'FROM x\nCOPY --chown=1:1 ["go.mod", "internal/", "/src/"]\n', MOVE, "copied"),
    ("Dockerfile", "FROM x\nCOPY a \\\n  internal \\\n  /src/\n", MOVE, "copied"),
    (
        "Makefile",
        "bin/%: internal/%/auth.go\n\tgo build -o $@ ./$<\n",
        {"internal/auth/auth.go": "pkg/a.go"},
        "a prerequisite of a pattern rule",
    ),
    (
        "build/rules.mk",
        "%.o: ../x %.c | src/%.d\nout/%: in/%.bin ; cp $< $@\n",
        {"build/in": "build/raw"},
        "a prerequisite of a pattern rule",
    ),
    ("internal/app.dockerfile", "FROM x\nCOPY auth auth\n", MOVE, "copied"),
    (
        ".github/workflows/a.yml",
        "on:\n  push:\n    paths:\n      - 'internal/**'\n      - go.mod\n",
        MOVE,
        "among the paths that start it",
    ),
    (
        ".github/workflows/a.yml",
        'on:\n  push:\n    paths: ["internal/**.go", "go.mod"]\n',
        MOVE,
        "among the paths that start it",
    ),
    (
        ".github/workflows/a.yml",
        "on:\n  pull_request:\n    paths-ignore:\n      - internal/*/*.go\n",
        MOVE,
        "not among the paths that start it",
    ),
]
KEPT = [
    (".gitattributes", "*.bin filter=lfs\n", {"assets": "media"}),
    ("CODEOWNERS", "* @all\nauth/ @core\n", MOVE),
    ("Dockerfile", "FROM x\nCOPY . .\n", MOVE),
    ("Dockerfile", "FROM x\nCOPY internal pkg /src/\n", MOVE),
    ("Dockerfile", "FROM x AS a\nFROM x\nCOPY --from=a internal internal\n", MOVE),
    ("Dockerfile", "FROM x\nADD https://example.com/internal /x\n", MOVE),
    ("Dockerfile", "FROM x\n# COPY internal internal\nRUN true\n", MOVE),
    (".dockerignore", "internal/none\n", MOVE),
    ("Makefile", "bin/%: $(SRC)/%\nA := internal/%\n%.o: %.c\n", MOVE),
    (".github/workflows/a.yml", "on:\n  push:\n    paths:\n      - '**.go'\n", MOVE),
    (".github/workflows/a.yml", "on:\n  push:\n    paths:\n      - '**'\n      - '!docs/**'\n", MOVE),
    ("vendor/x/Dockerfile", "FROM x\nCOPY internal internal\n", MOVE),
]


@pytest.mark.parametrize(("file", "text", "moves", "was"), LOST)
def test_what_is_covered_no_longer_is_noted(noted, file, text, moves, was):
    (note,) = noted({**TREE, file: text}, moves)
    assert note.startswith(f"{file}: ")
    assert f" it was {was}" in note


@pytest.mark.parametrize(("file", "text", "moves"), KEPT)
def test_what_is_covered_as_before_is_not_spoken_of(noted, file, text, moves):
    assert noted({**TREE, file: text}, moves) == []


def test_the_note_names_one_file_and_counts_the_others(noted):
    text = "FROM x\nCOPY internal ./internal\n"
    assert noted({**TREE, "Dockerfile": text}, MOVE) == [
        "Dockerfile: pkg/auth/auth.go is not copied; as internal/auth/auth.go it was copied, and 1 more like it"
    ]


def test_what_a_pattern_covers_only_now_is_noted(noted):
    (note,) = noted({**TREE, ".dockerignore": "docs\n"}, {"internal/auth": "docs/auth"})
    assert note.startswith(".dockerignore: docs/auth/auth.go is left out of the build; as internal/auth/auth.go it was")


def test_a_file_of_patterns_may_move_itself(noted):
    files = {**TREE, "deploy/Dockerfile": "FROM x\nCOPY internal internal\n"}
    (note,) = noted(files, {**MOVE, "deploy/Dockerfile": "Dockerfile"})
    assert note.startswith("Dockerfile: pkg/auth/auth.go is not copied")


def test_a_pattern_of_many_stars_keeps_nobody_waiting(noted):
    text = "on:\n  push:\n    paths:\n      - '" + "**a" * 40 + "'\n"
    long = "a" * 120
    assert noted({f"internal/{long}.go": "package a\n", ".github/workflows/a.yml": text}, {"internal": "pkg"}) == []
