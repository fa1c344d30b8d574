"""Notebooks as nobody writes them by hand: none is broken, and none takes long."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from migrate.deadline import within
from migrate.engines.python.notebooks import read_notebook, unchanged_lines

SECONDS = 5.0
"""Of processor time for what takes a hundredth of it."""


def notebook(*sources: object) -> bytes:
    """A notebook with one code cell for each source."""
    cells = [{"cell_type": "code", "source": source, "outputs": []} for source in sources]
    return json.dumps({"cells": cells}).encode()


def moved(content: bytes) -> bytes:
    """A notebook in which `a` became `pkg.a`; itself where it is not read as one."""
    found = read_notebook("x.ipynb", content)
    return content if found is None else found.with_code(found.code.replace(b"import a\n", b"import pkg.a\n"))


@pytest.mark.parametrize(
    "source",
    [
        b'"import a\\n","source":["import a\\n","x"]',
        b'["import a\\n","x"],"source":"import a\\n"',
        b'{"import a\\n":1}',
        b'{"x":"import a\\n"}',
        b'[1,"import a\\n","x"]',
        b'[["import a\\n"],"x"]',
    ],
)
def test_a_cell_whose_source_is_no_source_stays_and_the_others_follow(source: bytes) -> None:
    odd = b'{"cell_type":"code","source":' + source + b"}"
    good = b'{"cell_type":"code","source":["import %s\\n","x"]}'
    content = b'{"cells":[' + odd + b"," + good % b"a" + b"]}"
    assert moved(content) == content.replace(good % b"a", good % b"pkg.a")


def test_what_is_no_utf_8_is_no_notebook() -> None:
    assert read_notebook("x.ipynb", '["\u2261\u5d5d\u5d5d\u2261"]'.encode("utf-16-le")) is None


@pytest.mark.parametrize(
    "sources",
    [
        [["\n"] * 20_000 + ["import a\n"] + ["\n"] * 20_000],
        ["import a\n"] * 20_000,
        ["import a\n# %%" + "%" * 1_000_000],
    ],
    ids=["many lines that are alike", "many cells", "a long mark"],
)
def test_a_large_notebook_is_changed_in_a_moment(sources: Sequence[object]) -> None:
    content = notebook(*sources)
    with within(SECONDS):
        assert moved(content) == content.replace(b"import a", b"import pkg.a")


def test_lines_beside_added_ones_are_known_again() -> None:
    assert set(unchanged_lines("abcd", "axbcyd")) == {(0, 0), (1, 2), (2, 3), (3, 5)}
    assert set(unchanged_lines("aaa", "aa")) == {(0, 0), (1, 1)}
    assert set(unchanged_lines("abc", "axc")) == {(0, 0), (2, 2)}
    with within(SECONDS):
        assert list(unchanged_lines(["\n"] * 20_000, ["x"] + ["\n"] * 30_000 + ["y"])) == []
