"""A few faults of every kind in every command. `make chaos` tries all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.child import import_everything
from tests.chaos.faults import Kind
from tests.chaos.rows import ROWS
from tests.chaos.survey import survey

SOME = 1
"""How many points of a kind are struck in a command; every other kind in one command, the rest in the next."""


@pytest.mark.parametrize("name", ROWS)
def test_a_fault_loses_nothing_and_the_command_finishes_when_run_again(name: str, tmp_path: Path) -> None:
    import_everything()
    number = list(ROWS).index(name)
    kinds = list(Kind)[number % 2 :: 2]
    report = survey(ROWS[name], tmp_path, some=SOME, shift=number, kinds=kinds)
    assert report.violations == []
    assert set(report.struck) == {kind.name for kind in kinds}
