"""The log tells of phases that landed what ran on them, who approved it, and whether anybody signed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenarios.clones import FIRST, SECOND, THIRD
from tests.scenarios.test_signed_approvals import key
from tests.story import PLAN, Story, prepared

GATED = PLAN + '[[validation]]\nname = "smoke"\nmanual = "Log in."\nphases = ["p02-*"]\n'


def squash(story: Story, branch: str) -> None:
    """Let a branch land as a forge squashes it, and leave the stack."""
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--squash", branch)
    story.commit(story.git("log", "-1", "--format=%B", branch))
    story.type("land", "--yes").ended(0)


def section(log: str, number: int) -> str:
    """What a log says of one phase."""
    return log.partition(f"## Phase {number}: ")[2].partition("\n## ")[0]


@pytest.fixture
@prepared
def gated(story: Story) -> Story:
    """Three phases, the second with a gate that Ada confirmed and an edit by hand."""
    story.begin(GATED).made("run")
    story.git("switch", "--quiet", SECOND)
    story.commit("Say more", {"guide.md": "Read new/a.txt first, and more.\n"})
    story.made("restack")
    story.type("approve", "p02", "smoke", "--note", "fine").ended(0)
    return story


def test_what_landed_as_it_was_validated_shows_its_receipts(gated: Story) -> None:
    gated.git("switch", "--quiet", "main")
    gated.git("merge", "--quiet", THIRD)
    gated.made("finish", "--yes")
    log = (gated.path / "migration-tidy.md").read_text()
    assert "- [x] Validation check: passed (" in section(log, 1)
    assert "s), unsigned\n" in section(log, 1)
    assert "- [x] Gate smoke: approved by Ada Lovelace on " in section(log, 2)
    assert ", unsigned (fine)\n" in section(log, 2)
    assert "before it landed" not in log


def test_what_landed_on_a_newer_base_says_on_which_commit_it_was_validated(gated: Story) -> None:
    gated.git("switch", "--quiet", "main")
    gated.commit("Meanwhile", {"more.txt": ""})
    tip = gated.git("rev-parse", "--short=7", FIRST)
    squash(gated, FIRST)
    first = section(gated.type("log").ended(0).out, 1)
    assert f"s), unsigned; on `{tip}`, before it landed\n" in first


def test_what_was_not_validated_has_no_receipt_and_no_tick(story: Story) -> None:
    story.begin(GATED).made("run", "--no-validate")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", THIRD)
    log = story.type("log").ended(0).out
    assert "- [ ] Validation check: no receipt\n" in section(log, 1)
    assert "- [ ] Gate smoke: no receipt\n" in section(log, 2)


def test_a_failure_that_landed_is_told(story: Story) -> None:
    breaking = '"""Break it."""\n\n\ndef apply(ws):\n    ws.write("broken", "")\n'
    story.begin(p01_break=breaking)
    story.type("run").ended(1)
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "migrate/tidy/p01-break")
    assert "- [ ] Validation check: failed: " in story.type("log").ended(0).out


def test_a_signature_on_what_landed_is_checked(story: Story, tmp_path: Path) -> None:
    signing = GATED.replace('title = "Tidy up"', 'title = "Tidy up"\nreceipts = "signed"\nallowed_signers = "keys"')
    story.write("keys", key(story, tmp_path / "ada", "ada@example.com"))
    story.begin(signing).made("run")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", THIRD)
    assert "s), signed\n" in section(story.type("log").ended(0).out, 1)
