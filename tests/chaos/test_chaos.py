"""One fault in every command, each kind in some. `make chaos` tries all of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.child import import_everything
from tests.chaos.faults import Kind
from tests.chaos.judge import ORIGIN
from tests.chaos.rows import ROWS
from tests.chaos.survey import Site, survey

KINDS = tuple(kind for kind in Kind if kind is not Kind.DISK)
"""Without what needs a disk of its own, which not every machine gives."""


@pytest.mark.parametrize("name", ROWS)
def test_a_fault_loses_nothing_and_the_command_finishes_when_run_again(name: str, tmp_path: Path) -> None:
    import_everything()
    number = list(ROWS).index(name)
    kind = KINDS[number % len(KINDS)]
    report = survey(ROWS[name], tmp_path, some=1, shift=SPREAD * number, kinds=[kind])
    assert report.violations == []
    assert report.struck


SPREAD = 61
"""A prime, so that the points which are struck are spread over the commands."""


def test_a_lock_that_somebody_left_on_the_remote_is_named_until_it_is_gone(tmp_path: Path) -> None:
    import_everything()
    site = Site(ROWS["sync"], tmp_path)
    site.reset()
    (site.folder / ORIGIN / "refs/heads/migrate/tidy/p03-drop-notes.lock").touch()
    assert list(site.finish()) == []


def test_a_disk_that_stays_full_while_a_switch_is_taken_back_leaves_nothing_half(tmp_path: Path) -> None:
    import_everything()
    site = Site(ROWS["rollback"], tmp_path)
    found = [fault for fault in site.faults([Kind.FULL])[Kind.FULL] if "tidy/archive" in fault.place]
    assert list(site.strike(found[0])) == []


def test_a_conflict_that_was_laid_out_in_part_is_not_taken_for_settled(tmp_path: Path) -> None:
    import_everything()
    site = Site(ROWS["stop"], tmp_path)
    found = site.faults([Kind.ALL_KILLED, Kind.ENDED])
    killed, ended = ([fault for fault in found[kind] if "cherry-pick" in fault.place] for kind in found)
    site.hit(killed[0])
    assert "incomplete; it has been recreated" in site.type("continue").text
    assert "1 file still in conflict" in site.type("continue").text
    site.hit(ended[-1])
    again = site.type("continue")
    assert again.code == 6
    assert "was created only in part" in again.text
    assert site.type("abort").code == 0
    assert site.type("restack").code == 5
