"""Drawings of a target tree as people write them, and what is wrong with one."""

from __future__ import annotations

from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.errors import PlanError
from migrate.plan.drawing import Drawing, read_drawing


def read(text: str) -> Drawing:
    """Read a drawing that begins in line 10 of a plan."""
    return read_drawing(dedent(text), "migrate.toml", 10)


def paths(text: str) -> list[str]:
    """What a drawing names, folders with a slash."""
    return [place.name for place in read(text).places]


BOXES = """\
    shop/
    ├── pkg/                    # Reusable utilities
    │   ├── retry/             # Retry logic
    │   └── cache/
    │
    └── internal/              # Application code
        │
        └── guardrails/# Content filtering
            └── rules.go
    """
TREE = """\
    /
    ├── pkg
    │\xa0\xa0 ├── retry
    │\xa0\xa0 └── cache
    └── internal
        └── guardrails
            └── rules.go

    4 directories, 1 file
    """
ASCII = """\
    shop
    |-- pkg
    |   |-- retry
    |   `-- cache
    +-- internal    // application
        \\-- guardrails
            `-- rules.go
    """
INDENTED = """\
    # the target
    shop/
      pkg/
        retry/   - again and again
        cache/   — for a while

      internal/
        guardrails/
          rules.go
    """
TABS = "pkg\n\tretry\n\tcache\ninternal\n\tguardrails\n\t\trules.go\n"
NARROW = "├─ pkg\n│  ├─ retry\n│  └─ cache\n└─┬ internal\n  └─┬ guardrails\n    └─ rules.go\n"


@pytest.mark.parametrize("text", [BOXES, ASCII, INDENTED, TABS, NARROW, TREE.replace("/\n", ".\n", 1)])
def test_every_way_to_draw_a_tree_is_read(text: str) -> None:
    wanted = ["pkg", "pkg/retry", "pkg/cache", "internal", "internal/guardrails", "internal/guardrails/rules.go"]
    assert [place.path for place in read(text).places] == wanted


def test_a_folder_has_a_slash_or_something_in_it() -> None:
    drawn = paths("top\n├── a\n│   └── b.go\n├── c\n└── d/\n")
    assert drawn == ["a/", "a/b.go", "c", "d/"]


def test_a_tab_goes_as_far_as_four_spaces() -> None:
    assert paths("top/\n    a/\n\tb/\n\t    c\n    \td\n") == ["a/", "b/", "b/c", "b/d"]


def test_a_line_may_name_several_folders_at_once() -> None:
    assert paths("internal/core/\n  auth/\npkg/\n") == ["internal/core/", "internal/core/auth/", "pkg/"]


def test_the_first_name_is_the_repository_only_when_all_others_hang_below_it() -> None:
    assert paths("shop/\n├── pkg/\n└── cmd/\n") == ["pkg/", "cmd/"]
    assert paths("├── pkg/\n│   └── retry/\n") == ["pkg/", "pkg/retry/"]
    assert paths("pkg/\n  retry/\ncmd/\n") == ["pkg/", "pkg/retry/", "cmd/"]


def test_a_line_that_says_that_there_are_others_leaves_its_folder_unfinished() -> None:
    drawing = read("shop/\n├── pkg/\n│   ├── retry/\n│   └── ...\n└── …   # the rest\n")
    assert drawing.unfinished == {"", "pkg"}
    assert [place.path for place in drawing.places] == ["pkg", "pkg/retry"]


def test_every_name_knows_its_line_in_the_plan() -> None:
    assert [(place.path, place.line) for place in read(BOXES).places][:3] == [
        ("pkg", 11),
        ("pkg/retry", 12),
        ("pkg/cache", 13),
    ]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("top/\n├── a/\n│   └── ../x\n", 12, '"a/../x" leads out of the repository'),
        ("../\n├── a/\n", 10, '"../" leads out of the repository'),
        ("top/\n├── a/\n└── /etc/\n", 12, '"/etc/" is absolute; draw what stands below the top of the repository'),
        ("/srv/top\n├── a/\n", 10, '"/srv/top" is absolute; draw what stands below the top of the repository'),
        ("top/\n└── .git/\n", 11, '".git/" is inside git\'s own folder'),
        ("top/\n└── a//b\n", 11, '"a//b" is not a plain path: it has an empty or "." component'),
        ("top/\n└── a\x1b[2J/\n", 11, '"a\\x1b[2J/" holds characters that cannot be printed'),
        ("\x1b]0;x\x07\n└── a/\n", 10, '"\\x1b]0;x\\x07" holds characters that cannot be printed'),
        ("top/\n├── a/\n│   └── b/\n└── a/b\n", 13, '"a/b" is drawn twice, first in line 12'),
        ("top/\n├── my folder/\n", 11, 'only a comment may follow "my", such as # what it is for'),
        ("top/\n├──\n", 11, "this line of the tree names nothing"),
        ("top/\n├──   # what?\n", 11, "this line of the tree names nothing"),
        (
            "top/\n    a/\n        b/\n      c/\n",
            13,
            '"c/" does not line up with the lines above, so its folder is unclear',
        ),
        ("    a/\n    b/\n  c/\n", 12, '"c/" does not line up with the lines above, so its folder is unclear'),
        ("top/\n├── …\n│   └── a\n", 12, '"a" is drawn below "…", which is not a folder'),
        ("top/\n", 10, "the tree draws nothing below its first line"),
        ("│\n# only words\n", 10, "the tree draws nothing below its first line"),
    ],
)
def test_a_wrong_drawing_is_refused_with_its_line(text: str, line: int, said: str) -> None:
    with pytest.raises(PlanError) as refused:
        read_drawing(text, "migrate.toml", 10)
    assert (refused.value.where, refused.value.message) == (f"migrate.toml:{line}", said)


NAMES = st.sampled_from(["a", "b", "cmd", "x.go", "_x", "-y", "+page.svelte", "größe", "a-b", "README.md"])
TREES = st.recursive(st.none(), lambda below: st.dictionaries(NAMES, below, max_size=4), max_leaves=12)
STYLES = {
    "boxes": ("├── ", "└── ", "│   ", "    "),
    "tree": ("├── ", "└── ", "│\xa0\xa0 ", "    "),
    "ascii": ("|-- ", "`-- ", "|   ", "    "),
    "narrow": ("├─", "└─", "│ ", "  "),
    "tabs": ("\t", "\t", "\t", "\t"),
}


def draw(tree: object, style: str, stem: str = "") -> list[str]:
    """A tree as a program would draw it."""
    if not isinstance(tree, dict):
        return []
    middle, last, bar, gap = STYLES[style]
    lines = []
    for number, (name, below) in enumerate(tree.items(), 1):
        is_last = number == len(tree)
        lines.append(f"{stem}{last if is_last else middle}{name}{'/' if isinstance(below, dict) else ''}")
        lines += draw(below, style, stem + (gap if is_last else bar))
    return lines


def walk(tree: object, above: str = "") -> list[str]:
    """Every path of a tree in the order in which it is drawn."""
    if not isinstance(tree, dict):
        return []
    return [path for name, below in tree.items() for path in (f"{above}{name}", *walk(below, f"{above}{name}/"))]


@given(tree=st.dictionaries(NAMES, TREES, min_size=1, max_size=4), style=st.sampled_from(sorted(STYLES)))
def test_what_is_drawn_is_read_again(tree: dict[str, object], style: str) -> None:
    drawing = read_drawing("\n".join(["top/", *draw(tree, style)]), "migrate.toml", 1)
    assert [place.path for place in drawing.places] == walk(tree)
