"""A tree held against the drawing of it."""

from __future__ import annotations

from migrate.contracts.target_tree import ComparedTree, compare_with_drawing
from migrate.git.objects import REGULAR, SUBMODULE, SYMLINK, BlobId, TreeEntry
from migrate.plan.drawing import read_drawing

NOTHING = BlobId("0" * 40)


def held(drawing: str, *paths: str, own: tuple[str, ...] = (), **modes: str) -> ComparedTree:
    """Hold a tree of regular files, and of entries with another mode, against a drawing."""
    entries = dict.fromkeys(paths, TreeEntry(REGULAR, NOTHING)) | {
        p: TreeEntry(mode, NOTHING) for p, mode in modes.items()
    }
    return compare_with_drawing(read_drawing(drawing, "migrate.toml", 1), entries, own)


def test_a_tree_that_is_as_it_is_drawn_keeps_the_contract() -> None:
    found = held(
        "top/\n├── pkg/\n│   └── retry/\n├── README\n└── doc\n", "pkg/retry/retry.go", "README", "doc/guide.md"
    )
    assert found.is_kept
    assert (found.missing, found.undrawn, found.others) == ((), (), ())


def test_what_is_drawn_and_not_there_is_missing_with_its_line() -> None:
    found = held("top/\n├── pkg/\n│   └── retry/\n└── README\n", "pkg/cache/cache.go", "pkg/retry")
    assert [(place.name, place.line) for place in found.missing] == [("pkg/retry/", 3), ("README", 4)]
    assert not found.is_kept
    assert found.as_json()["missing"] == [{"path": "pkg/retry/", "line": 3}, {"path": "README", "line": 4}]


def test_a_folder_that_stands_beside_drawn_ones_must_be_drawn() -> None:
    drawing = "top/\n├── pkg/\n│   └── retry/\n└── cmd/\n"
    found = held(
        drawing, "pkg/retry/testdata/a.txt", "pkg/old/old.go", "cmd/shop/main.go", "tools/x.go", "go.mod", "pkg/a.go"
    )
    assert found.undrawn == ("pkg/old", "tools")
    assert not found.is_kept


def test_a_folder_that_draws_only_files_says_nothing_of_its_folders() -> None:
    assert held("top/\n└── pkg/\n    └── doc.go\n", "pkg/doc.go", "pkg/old/old.go").is_kept


def test_where_there_are_others_they_are_listed_and_nothing_fails() -> None:
    found = held("top/\n├── pkg/\n│   ├── a/\n│   └── …\n└── cmd/\n", "pkg/a/a.go", "pkg/b/b.go", "cmd/main.go")
    assert (found.others, found.undrawn, found.is_kept) == (("pkg/b",), (), True)


def test_hidden_folders_and_the_migration_itself_need_not_be_drawn() -> None:
    drawing = "top/\n└── pkg/\n"
    assert held(drawing, "pkg/a.go", ".github/ci.yml", "phases/p01_a.py", own=("phases/**",)).is_kept
    assert not held(drawing, "pkg/a.go", "phases/p01_a.py").is_kept
    assert held(drawing + "└── phases/\n", "pkg/a.go", "phases/p01_a.py", own=("phases/**",)).is_kept


def test_a_submodule_is_a_folder_and_a_link_to_one_is_not() -> None:
    drawing = "top/\n├── pkg/\n└── lib/\n"
    assert held(drawing, "pkg/a.go", lib=SUBMODULE).is_kept
    assert held("top/\n└── pkg/\n", "pkg/a.go", lib=SUBMODULE).undrawn == ("lib",)
    assert [place.name for place in held(drawing, "pkg/a.go", lib=SYMLINK).missing] == ["lib/"]
