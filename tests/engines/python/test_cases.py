"""Each kind of import and name follows a move, byte for byte, and what ran before runs after."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engines.python.cases import CASES, Case
from tests.engines.python.conftest import Make, contents, execute, raw


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_move_is_followed(case: Case, python_repo: Make, tmp_path: Path) -> None:
    ws = python_repo(case.files)
    before = contents(ws)
    for old, new in case.moves.items():
        ws.python.move(old, new)
    after = contents(ws)
    expected = {path: raw(text) for path, text in case.after.items()}
    assert {path: after.get(path) for path in expected} == expected
    unmoved = [path for path in before if path in after and path not in expected and not ws.moved.moves(path)]
    assert {path: after[path] for path in unmoved} == {path: before[path] for path in unmoved}
    assert [note for note in case.notes if note not in ws.notes] == []
    if case.run:
        execute(before, tmp_path / "before", case.run, "src", "lib")
        execute(after, tmp_path / "after", case.run if case.run_after is None else case.run_after, "src", "lib")
