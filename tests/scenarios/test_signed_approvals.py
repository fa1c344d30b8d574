"""Who may push notes may write any name into them; a signature cannot be made for somebody else, or moved elsewhere."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.story import PLAN, Story

GATE = '[[validation]]\nname = "smoke"\nmanual = "Log in."\nphases = ["p02-*", "p03-*"]\n'
SIGNED = PLAN.replace('title = "Tidy up"', 'approvals = "signed"\nallowed_signers = "keys/allowed"') + GATE
ALL = SIGNED.replace('approvals = "signed"', 'approvals = "signed"\nreceipts = "signed"')
SAME_TREE = {
    "p01_one.py": '"""One."""\n\n\ndef apply(ws):\n    ws.write("one", "")\n',
    "p02_two.py": '"""Two."""\n\n\ndef apply(ws):\n    ws.write("two", "")\n',
    "p03_three.py": '"""Three."""\n\nfrom migrate import Phase\n\nPHASE = Phase(may_be_empty=True)\n\n\ndef apply(ws):\n    pass\n',
}
SECOND, THIRD = "p02-two", "p03-three"


def key(story: Story, place: Path, mail: str) -> str:
    """Make a key, let git sign with it, and return its line for a file of allowed signers."""
    if not place.exists():
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(place)]
        subprocess.run(command, check=True)
    for name, value in {"gpg.format": "ssh", "user.signingkey": str(place), "user.email": mail}.items():
        story.git("config", name, value)
    return f"{mail} {place.with_suffix('.pub').read_text()}"


def begin(story: Story, keys: Path, plan: str = SIGNED) -> Story:
    """A plan that wants signatures; Ada's key is allowed on the base, and she signs with it."""
    story.write("keys/allowed", key(story, keys / "ada", "ada@example.com"))
    story.begin(plan, **{file.removesuffix(".py"): text for file, text in SAME_TREE.items()})
    return story


@pytest.fixture
def signed(story: Story, tmp_path: Path) -> Story:
    """Three phases, of which the last two have the same tree and wait for a gate."""
    return begin(story, tmp_path).made("run")


def gate(story: Story, phase: int) -> Any:
    """The gate of a phase."""
    return story.status()["phases"][phase]["validations"][1]


def line(story: Story, revision: str) -> dict[str, Any]:
    """The approval on a tree, as the note has it."""
    shown = story.git("notes", "--ref=migrate/tidy", "show", f"{revision}^{{tree}}").splitlines()
    return next(found for found in map(json.loads, shown) if found["validation"] == "smoke")


def forge(story: Story, revision: str, *lines: dict[str, Any]) -> None:
    """Put lines into the note of a tree, as anybody can who may push notes."""
    text = "\n".join(map(json.dumps, lines))
    story.git("notes", "--ref=migrate/tidy", "append", "-m", text, f"{revision}^{{tree}}")


def test_a_signed_approval_opens_its_gate_and_says_so_everywhere(signed: Story) -> None:
    said = signed.type("approve", SECOND, "smoke", "--note", "fine", "--json").ended(0, "approved on p02-two by Ada")
    assert said.json["signature"] == "signed"
    assert [gate(signed, index)["outcome"] for index in (1, 2)] == ["passed", "waiting"]
    signed.type("status").ended(0, "smoke approved, signed")
    signed.type("status", SECOND).ended(0, "by Ada Lovelace <ada@example.com>, signed")
    signed.type("pr", SECOND).ended(0, "by Ada Lovelace on 20", ", signed", "Unsigned: check.")
    signed.type("log").ended(0, ", signed")
    signed.made("approve", THIRD, "smoke")
    assert signed.states() == ["passed"] * 3
    signed.sound()


def test_a_note_is_signed_and_reported_as_it_is_kept(signed: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEPLOY_TOKEN", "tok-en-of-the-team")
    said = signed.type("approve", SECOND, "smoke", "--note", "with tok-en-of-the-team", "--json").ended(0)
    assert (said.json["note"], said.json["signature"]) == ("with ***", "signed")
    assert (line(signed, f"migrate/tidy/{SECOND}")["note"], gate(signed, 1)["outcome"]) == ("with ***", "passed")


def test_no_other_phase_tree_person_time_or_migration_can_take_a_signature_over(signed: Story) -> None:
    signed.made("approve", SECOND, "smoke")
    true = line(signed, f"migrate/tidy/{SECOND}")
    forge(signed, f"migrate/tidy/{THIRD}", {**true, "phase": THIRD})
    assert gate(signed, 2)["outcome"] == "waiting"
    signed.type("status", THIRD).ended(0, "Ada Lovelace approved it, but wrongly signed: the plan wants it signed")
    signed.git("switch", "--quiet", f"migrate/tidy/{SECOND}")
    signed.commit("By hand", {"hand": ""})
    forge(signed, f"migrate/tidy/{SECOND}", {**true, "commit": signed.git("rev-parse", "HEAD")})
    assert gate(signed, 1)["outcome"] == "waiting"
    signed.git("reset", "--quiet", "--hard", "HEAD^")
    assert gate(signed, 1)["outcome"] == "passed"
    for change in ({"who": "Bob <bob@example.com>"}, {"when": "2031-01-01T00:00:00.000Z"}, {"note": "more"}):
        signed.git("notes", "--ref=migrate/tidy", "remove", f"migrate/tidy/{SECOND}^{{tree}}")
        forge(signed, f"migrate/tidy/{SECOND}", {**true, **change})
        assert gate(signed, 1)["outcome"] == "waiting", change


def test_an_approval_that_nobody_signed_or_somebody_else_did_opens_no_gate(signed: Story, tmp_path: Path) -> None:
    before = signed.git("rev-parse", "refs/notes/migrate/tidy")
    signed.made("approve", SECOND, "smoke")
    true = line(signed, f"migrate/tidy/{SECOND}")
    signed.git("update-ref", "refs/notes/migrate/tidy", before)
    forge(signed, f"migrate/tidy/{SECOND}", {name: value for name, value in true.items() if name != "signature"})
    assert gate(signed, 1)["outcome"] == "waiting"
    assert gate(signed, 1)["reason"] == "Ada Lovelace approved it, but unsigned: the plan wants it signed"
    empty = "-----BEGIN SSH SIGNATURE-----\nx\n-----END SSH SIGNATURE-----"
    for garbage in ("x", empty, empty.replace("SSH", "PGP"), "a\nparent 7\n\n\0", true["signature"][:-60]):
        forge(signed, f"migrate/tidy/{SECOND}", {**true, "signature": garbage})
        assert gate(signed, 1)["outcome"] == "waiting"
    key(signed, tmp_path / "mallory", "ada@example.com")
    signed.type("approve", SECOND, "smoke").ended(6, "keys/allowed on main does not allow your key to sign for Ada")
    signed.git("switch", "--quiet", f"migrate/tidy/{SECOND}")
    signed.commit("Let me in", {"keys/allowed": key(signed, tmp_path / "mallory", "ada@example.com")})
    signed.type("approve", SECOND, "smoke").ended(6, "does not allow your key to sign")
    signed.git("config", "user.signingkey", str(tmp_path / "none"))
    signed.type("approve", SECOND, "smoke").ended(1, "this cannot be signed, so nothing was recorded")


def test_whose_keys_are_allowed_is_told_by_the_base_as_it_is_now(signed: Story) -> None:
    signed.made("approve", SECOND, "smoke")
    signed.git("switch", "--quiet", "main")
    signed.commit("Ada left", {"keys/allowed": "# nobody\n"})
    assert gate(signed, 1)["outcome"] == "waiting"
    assert "wrongly signed" in gate(signed, 1)["reason"]


def test_receipts_can_be_wanted_signed_too(story: Story, tmp_path: Path) -> None:
    begin(story, tmp_path, ALL).made("run")
    check = story.status()["phases"][0]["validations"][0]
    assert (check["outcome"], check["signature"]) == ("passed", "signed")
    tree = story.git("rev-parse", "migrate/tidy/p01-one^{tree}")
    true = json.loads(story.git("notes", "--ref=migrate/tidy", "show", tree))
    del true["signature"]
    story.git("notes", "--ref=migrate/tidy", "add", "-f", "-m", json.dumps(true), tree)
    check = story.status()["phases"][0]["validations"][0]
    assert (check["outcome"], check["signature"]) == ("not-run", None)
    story.type("status").ended(0, "Next: migrate validate p01-one")


def test_without_being_asked_who_signs_commits_signs_approvals_and_others_are_called_unsigned(
    story: Story, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    begin(story, tmp_path, PLAN + GATE).made("run")
    own.write_text((story.path / "keys/allowed").read_text())
    story.type("approve", SECOND, "smoke").ended(0, "unsigned")
    story.type("status").ended(0, "smoke approved, unsigned")
    story.type("pr", SECOND).ended(0, ", unsigned", "Unsigned: check.")
    story.git("config", "commit.gpgsign", "true")
    story.type("approve", SECOND, "smoke").ended(0, "signer unknown")
    story.git("config", "gpg.ssh.allowedSignersFile", str(own))
    assert gate(story, 1)["signature"] == "signed"


def test_looking_runs_no_program_that_only_the_repository_names(signed: Story, tmp_path: Path) -> None:
    signed.made("approve", SECOND, "smoke")
    evil = tmp_path / "evil"
    evil.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    evil.chmod(0o755)
    for name in ("gpg.ssh.program", "gpg.program"):
        signed.git("config", name, str(evil))
    assert gate(signed, 1)["outcome"] == "passed"
    assert not (tmp_path / "ran").exists()
