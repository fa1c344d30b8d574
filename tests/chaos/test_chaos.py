"""A few faults of every kind in every command. `make chaos` tries all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.child import import_everything
from tests.chaos.faults import Kind
from tests.chaos.rows import ROWS
from tests.chaos.survey import survey

SOME = 1
"""How many points of every kind are struck in a command."""


@pytest.mark.parametrize("name", ROWS)
def test_a_fault_loses_nothing_and_the_command_finishes_when_run_again(name: str, tmp_path: Path) -> None:
    import_everything()
    report = survey(ROWS[name], tmp_path, some=SOME, shift=list(ROWS).index(name), kinds=list(Kind))
    assert report.violations == []
    assert set(report.struck) == {kind.name for kind in Kind}
