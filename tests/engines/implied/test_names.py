"""What tools name after a path is noted when it is called otherwise now."""

from __future__ import annotations

import pytest

MAIN = "package main\n\nfunc main() {}\n"
AUTH = {"internal/auth/auth.go": "package auth\n"}


def test_a_program_that_is_called_otherwise_is_noted_with_where_its_name_stands(noted):
    files = {"cmd/shop/main.go": MAIN, "Dockerfile": "FROM x\nRUN go install ./cmd/shop\nCOPY /go/bin/shop /shop\n"}
    assert noted(files, {"cmd/shop": "cmd/server"}) == [
        "go build and go install make the program server of cmd/server, not shop; shop is still spelled in Dockerfile:3"
    ]


@pytest.mark.parametrize("new", ["tools/shop", "cmd/a/shop"])
def test_a_program_that_keeps_its_name_is_not_spoken_of(noted, new):
    assert noted({"cmd/shop/main.go": MAIN}, {"cmd/shop": new}) == []


def test_a_workflow_is_called_by_the_name_of_its_file(noted):
    files = {
        ".github/workflows/ci.yml": "name: CI\n",
        "README.md": "[![CI](https://github.com/a/b/actions/workflows/ci.yml/badge.svg)](x)\n",
        "run.sh": "gh workflow run --ref main ci.yml\necho ci.yml\n",
    }
    (note,) = noted(files, {".github/workflows/ci.yml": ".github/workflows/build.yml"})
    assert note.endswith("ci.yml is still spelled in README.md:1, run.sh:1")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("a/x.go", "a/x_linux.go", "a/x_linux.go is built for linux; as a/x.go it was built everywhere"),
        (
            "a/x_linux_arm64.go",
            "a/y.go",
            "a/y.go is built everywhere; as a/x_linux_arm64.go it was built for linux/arm64",
        ),
        ("a/x.go", "a/x_test.go", "a/x_test.go is built as a test; as a/x.go it was built everywhere"),
        ("a/x_windows_test.go", "a/x_test.go", "a/x_test.go is built as a test; as a/x_windows_test.go it was built "),
    ],
)
def test_a_go_file_is_built_as_its_name_says(noted, old, new, said):
    (note,) = noted({old: "package a\n", "a/b.go": "package a\n"}, {old: new})
    assert note.startswith(said)


@pytest.mark.parametrize(
    ("old", "new"), [("a/linux.go", "a/x.go"), ("a/x_linux.go", "b/y_linux.go"), ("a/x", "a/x_linux")]
)
def test_a_go_file_whose_name_says_the_same_is_not_spoken_of(noted, old, new):
    assert noted({old: "package a\n"}, {old: new}) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("internal/auth/a.proto", 'syntax = "proto3";\noption go_package = "example.com/shop/internal/auth;auth";\n'),
        ("proto/a.proto", '\noption go_package = "example.com/internal/auth;auth";\n'),
        ("internal/auth/gen.go", "package auth\n//go:generate mockgen -source=auth.go -package=auth\n"),
        ("internal/auth/gen.go", "package auth\n//go:generate oapi-codegen --package auth api.yaml\n"),
        ("sqlc.yaml", 'gen:\n  - package: "auth"\n    out: "internal/auth"\n'),
        ("gqlgen.yml", "exec: {filename: internal/auth/x.go}\npackage: auth\n"),
        ("sqlc.json", '{"path": "internal/auth",\n "package": "auth"}\n'),
    ],
)
def test_a_generator_that_is_told_the_old_name_is_noted(noted_rename, file, text):
    (note,) = noted_rename({file: text})
    place = file.replace("internal/auth/", "internal/identity/")
    assert note == f"internal/identity holds package identity, but a generator still gets auth: {place}:2"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("other/a.proto", '\noption go_package = "example.com/other;auth";\n'),
        ("other/gen.go", "package other\n//go:generate mockgen -source=auth.go -package=auth\n"),
        ("internal/auth/gen.go", "package auth\n//go:generate mockgen -package=authz\n"),
        ("values.yaml", "package: auth\n"),
    ],
)
def test_what_is_told_of_another_package_is_not_spoken_of(noted_rename, file, text):
    assert noted_rename({file: text}) == []
