from __future__ import annotations

import pytest

from migrate.describe.kinds import count_by_kind, kind_of_file


@pytest.mark.parametrize(
    ("path", "word"),
    [
        ("internal/retry/retry.go", "Go"),
        ("internal/retry/retry_test.go", "Go tests"),
        ("go.mod", "Go module"),
        ("Makefile", "Makefile"),
        ("deploy/Dockerfile.dev", "Dockerfile"),
        (".github/CODEOWNERS", "CODEOWNERS"),
        (".github/workflows/ci.yml", "YAML"),
        ("README.md", "Markdown"),
        ("bin/tool", "other"),
        ("weird.`|<b>", "other"),
    ],
)
def test_a_files_kind(path, word):
    assert kind_of_file(path) == word


def test_kinds_are_counted_most_frequent_first_and_other_last():
    assert count_by_kind(["x", "y", "z", "a.md", "b.go", "c.go"]) == "2 Go, 1 Markdown, 3 other"
