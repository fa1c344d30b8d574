from __future__ import annotations

import pytest

from migrate.describe.review import Review, ReviewReader, review_blobs
from migrate.engines.explanation import ChangeKind
from migrate.git.objects import EXECUTABLE, SUBMODULE, SYMLINK, TreeEntry
from migrate.tree.changes import FileChange
from migrate.tree.moves import MoveMap

MOVES = MoveMap(
    {
        "internal/services/retry": "pkg/retry",
        "internal/models": "internal/core/models",
        "internal/cache/lru.go": "pkg/cache/lru.go",
        "internal/cache/prices.go": "internal/data/prices/prices.go",
    }
)

HEAD = 'package api\n\nimport (\n\t"fmt"\n\n\t"ex.org/m/internal/services/retry"\n)\n'
BODY = "\nfunc F() { fmt.Println(retry.Do) }\n"


@pytest.fixture
def judge(model):
    """The class and the reason of one file with an old and a new content."""

    def judge(old, new, path="internal/api/api.go", *, old_path=None, modes=("100644", "100644"), moves=MOVES):
        before = None if old is None else model.blob(old, modes[0])
        after = None if new is None else model.blob(new, modes[1])
        file = FileChange(old_path or path if before else None, path if after else None, before, after)
        found = ReviewReader(moves, model.contents.__getitem__).classify(file)
        assert found.path == path
        return found.kind, found.reason

    return judge


def test_a_file_with_another_path_alone_is_moved(judge):
    assert judge("x", "x", "pkg/retry/a.go", old_path="internal/services/retry/a.go") == (ChangeKind.MOVED, "")


def test_import_paths_that_follow_a_move_need_no_reading(judge):
    assert judge(HEAD + BODY, HEAD.replace("internal/services/", "pkg/") + BODY) == (ChangeKind.IMPORTS, "1 line")


def test_the_order_of_imports_does_not_matter(judge):
    old = 'package a\n\nimport (\n\t"ex.org/m/internal/models"\n\t"ex.org/m/internal/services/retry"\n)\n'
    new = 'package a\n\nimport (\n\tm "ex.org/m/internal/core/models"\n\t"ex.org/m/pkg/retry"\n)\n'
    assert judge(old, new)[0] is ChangeKind.IMPORTS


def test_a_package_that_was_split_is_two_imports(judge):
    old = 'package a\n\nimport "ex.org/m/internal/cache"\n\nvar X = 1\n'
    new = 'package a\n\nimport (\n\t"ex.org/m/internal/data/prices"\n\t"ex.org/m/pkg/cache"\n)\n\nvar X = 1\n'
    assert judge(old, new)[0] is ChangeKind.IMPORTS


@pytest.mark.parametrize(
    "new",
    [
        HEAD.replace('"fmt"', '"os"'),
        HEAD.replace('\t"fmt"\n', '\t"fmt"\n\t"evil.example/x"\n'),
        HEAD.replace('\t"fmt"\n', ""),
        HEAD.replace("internal/services/retry", "pkg/retry2"),
        HEAD.replace('"ex.org/m/internal/services/retry"', '_ "ex.org/m/pkg/retry"'),
        HEAD.replace('"ex.org/m/internal/services/retry"', '. "ex.org/m/pkg/retry"'),
        HEAD.replace("ex.org/m/internal/services/retry", "other.org/m/pkg/retry"),
    ],
)
def test_an_import_that_no_move_explains_is_to_be_read(judge, new):
    assert judge(HEAD + BODY, new + BODY)[0] is ChangeKind.READ


def test_a_package_clause_is_a_class_of_its_own(judge):
    new = HEAD.replace("package api", 'package httpapi // import "ex.org/m/internal/httpapi"')
    old = HEAD.replace("package api", 'package api // import "ex.org/m/internal/api"')
    assert judge(old + BODY, new + BODY)[0] is ChangeKind.CLAUSE


def test_an_import_comment_alone_counts_as_an_import_path(judge):
    assert judge('package a // import "m/internal/models"\n', 'package a // import "m/internal/core/models"\n') == (
        ChangeKind.IMPORTS,
        "1 line",
    )


def test_one_changed_line_in_a_body_is_to_be_read(judge):
    new = HEAD.replace("internal/services/", "pkg/") + BODY.replace("Println", "Print")
    assert judge(HEAD + BODY, new) == (ChangeKind.READ, "2 lines")


def test_an_alias_that_goes_with_its_uses_needs_no_reading(judge):
    old = 'package a\n\nimport services "m/metrics"\n\nvar X = services.New() // services\n'
    new = 'package a\n\nimport "m/metrics"\n\nvar X = metrics.New() // services\n'
    assert judge(old, new)[0] is ChangeKind.QUALIFIERS


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('var X = "internal/models"', 'var X = "internal/core/models"'),
        ("// internal/models", "// internal/core/models"),
        ('var X = retry.New("retry.Do")', 'var X = again.New("again.Do")'),
    ],
)
def test_a_string_or_comment_of_go_is_to_be_read(judge, old, new):
    moves = MoveMap({**dict(MOVES), "internal/services/retry": "pkg/again"})
    head = 'package a\n\nimport "m/internal/services/retry"\n\n'
    now = head.replace("internal/services/retry", "pkg/again")
    assert judge(f"{head}{old}\n", f"{now}{new}\n", moves=moves) == (ChangeKind.REFERENCES, "2 lines, references alone")


def test_links_of_a_document_need_no_reading(judge):
    old = "[x](../internal/services/retry/README.md), [y](internal/models/a.go#L3)\n"
    new = "[x](../pkg/retry/README.md), [y](internal/core/models/a.go#L3)\n"
    assert judge(old, new, "docs/a.md") == (ChangeKind.LINKS, "1 line")
    assert judge(old + "internal/models\n", new + "internal/core/models\n", "docs/a.md")[0] is ChangeKind.REFERENCES
    assert judge(old, new, "docs/a.txt")[0] is ChangeKind.REFERENCES


@pytest.mark.parametrize("line", ["var X = a.services.New()", "var services = 1", "type T struct{ services int }"])
def test_a_name_that_is_no_package_is_to_be_read(judge, line):
    old = f'package a\n\nimport services "m/metrics"\n\n{line}\n'
    new = old.replace('services "m/', '"m/').replace(line, line.replace("services", "metrics"))
    assert judge(old, new)[0] is ChangeKind.READ


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("see internal/models.\n", "see internal/core/models.\n"),
        ("COPY ./internal/models/ /src\n", "COPY ./internal/core/models/ /src\n"),
        ("a internal/models b internal/models\n", "a internal/core/models b internal/models\n"),
        ("internal\\/services\\/retry\\/.*\n", "pkg\\/retry\\/.*\n"),
    ],
)
def test_references_alone_are_to_be_read_and_said_to_be_so(judge, old, new):
    assert judge(old, new, "docs/a.md") == (ChangeKind.REFERENCES, "1 line, references alone")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("internal/models2\n", "internal/core/models2\n"),
        ("my-internal/models\n", "my-internal/core/models\n"),
        ("internal/models\n", "internal/core/models \n"),
        ("internal/models\n", "internal/core/models\nmore\n"),
        ("internal/models\n", "pkg/retry\n"),
        ("b\na\n", "a\nb\n"),
    ],
)
def test_anything_more_than_a_reference_is_to_be_read(judge, old, new):
    assert judge(old, new, "Makefile")[0] is ChangeKind.READ


def test_a_line_that_can_be_taken_in_many_ways_is_settled_at_once(judge):
    moves = MoveMap({"a": "a/a"})
    assert judge("a/" * 50 + "x", "a/" * 70 + "x", "list", moves=moves)[0] is ChangeKind.REFERENCES
    assert judge("a/" * 50 + "x", "a/" * 70 + "y", "list", moves=moves)[0] is ChangeKind.READ
    assert judge("a/" * 9000 + "x", "a/" * 9900 + "x", "list", moves=moves)[0] is ChangeKind.READ


@pytest.mark.parametrize(
    ("old", "new", "modes", "reason"),
    [
        (None, "a\nb\n", (None, "100644"), "new, 2 lines"),
        (None, "a\nb", (None, "100644"), "new, 2 lines"),
        (None, "", (None, "100644"), "new, 0 lines"),
        (None, "a\n", (None, EXECUTABLE), "new, 1 line, executable"),
        (None, "\0", (None, "100644"), "new, binary"),
        (None, "x", (None, SYMLINK), "new, symlink"),
        ("a\n", None, ("100644", None), "deleted"),
        ("a\n", "a\n", ("100644", EXECUTABLE), "now executable"),
        ("a\n", "b\n", (EXECUTABLE, "100644"), "1 line, no longer executable"),
        ("\0a", "\0b", ("100644", "100644"), "binary"),
        ("\0a", "\0b", ("100644", EXECUTABLE), "binary, now executable"),
        ("a", "b", (SYMLINK, SYMLINK), "symlink"),
        ("a", "b", (SUBMODULE, SUBMODULE), "submodule"),
        ("a", "b", ("100644", SYMLINK), "now a symlink"),
        ("a\nb\n", "b\na\n", ("100644", "100644"), "lines in another order"),
        ("a\nb\nc\n", "a\nx\n", ("100644", "100644"), "2 lines"),
    ],
)
def test_what_is_to_be_read_says_how_much(judge, old, new, modes, reason):
    assert judge(old, new, "some file", modes=modes) == (ChangeKind.READ, reason)


def test_a_go_file_without_a_package_clause_is_read_as_a_text(judge):
    assert judge("// internal/models\n", "// internal/core/models\n")[0] is ChangeKind.REFERENCES


def test_bytes_that_are_no_text_are_compared_too(judge):
    assert judge(b"\xff internal/models\n", b"\xff internal/core/models\n", "latin1.txt")[0] is ChangeKind.REFERENCES


def test_a_review_counts_what_needs_no_reading(model):
    same, old, new = model.blob("x"), model.blob("a\n"), model.blob("b\n")
    files = [FileChange("a", "b", same, same), FileChange("c", "c", old, new), FileChange(None, "d", None, new)]
    found = Review(tuple(map(ReviewReader(MoveMap(), model.contents.__getitem__).classify, files)))
    assert found.unread == 1
    assert [file.path for file in found.to_read] == ["c", "d"]


def test_only_blobs_that_decide_are_read(model):
    same, old, new = model.blob("x"), model.blob("a\n"), model.blob("b\n")
    files = [
        FileChange("a", "b", same, same),
        FileChange("c", "c", old, new),
        FileChange("d", None, same, None),
        FileChange("sub", "sub", TreeEntry(SUBMODULE, "1" * 40), TreeEntry(SUBMODULE, "2" * 40)),
    ]
    assert review_blobs(files) == [old.oid, new.oid]
