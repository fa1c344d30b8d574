"""Who signs commits finds signatures on those that end on a branch, and nowhere else."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.story import PHASES, Ran, Story

BRANCHES = ("migrate/tidy/p01-move-old", "migrate/tidy/p02-add-guide", "migrate/tidy/p03-drop-notes")
GPG = """\
#!/bin/sh
cat > "$0.payload"
echo "$@" >> "$0.calls"
echo "[GNUPG:] SIG_CREATED D" >&2
echo "-----BEGIN PGP SIGNATURE-----"
echo "made by a test"
echo "-----END PGP SIGNATURE-----"
"""
SSH = """\
#!/bin/sh
for file; do :; done
echo "$@" >> "$0.calls"
printf -- '-----BEGIN SSH SIGNATURE-----\\nmade by a test\\n-----END SSH SIGNATURE-----\\n' > "$file.sig"
"""


@pytest.fixture
def gpg(story: Story, tmp_path: Path) -> Path:
    """A program that signs everything; the story's person signs commits with it."""
    place = program(tmp_path / "fake-gpg", GPG)
    for key, value in {"commit.gpgSign": "true", "gpg.program": str(place), "user.signingKey": "KEY"}.items():
        story.git("config", key, value)
    return place


def program(path: Path, text: str) -> Path:
    """Write a program."""
    path.write_text(text)
    path.chmod(0o755)
    return path


def raw(story: Story, revision: str) -> str:
    """A commit as it is stored."""
    return story.git("cat-file", "commit", revision)


def unsigned(commit: str) -> str:
    """A stored commit without its signature and its parents."""
    head, _, message = commit.partition("\n\n")
    lines = [line for line in head.split("\n") if not line.startswith(("gpgsig", "parent", " "))]
    return "\n".join(lines) + "\n\n" + message


@pytest.mark.parametrize("options", [(), ("--no-validate",)])
def test_every_commit_of_a_run_is_signed_and_stands_on_the_signed_one_below(
    story: Story, gpg: Path, options: tuple[str, ...]
) -> None:
    story.begin().made("run", *options)
    below = story.git("rev-parse", "main")
    for branch in BRANCHES:
        assert "gpgsig -----BEGIN PGP SIGNATURE-----\n made by a test\n" in raw(story, branch)
        assert story.git("rev-parse", f"{branch}^") == below
        below = story.git("rev-parse", branch)
    assert "-bsau KEY" in gpg.with_name("fake-gpg.calls").read_text()
    story.sound()


def test_nothing_but_signature_and_parent_differs_from_the_commit_that_is_not_signed(story: Story, gpg: Path) -> None:
    odd = '"""Höre: näher → 東京.\n\n# No comment.\n\nTrailing  \n"""\n\n\ndef apply(ws):\n    ws.move("old", "nëw")\n'
    story.begin(p01_odd=odd, p02_add_guide=PHASES["p02_add_guide.py"])
    story.git("config", "user.name", "Æsa O'Neill-Иванова")
    story.git("config", "commit.gpgSign", "false")
    story.made("run", "--no-validate")
    plain = [raw(story, branch) for branch in ("migrate/tidy/p01-odd", BRANCHES[1])]
    assert not any("gpgsig" in commit for commit in plain)
    story.type("rollback", "p01", "--yes").ended(0)
    story.git("config", "commit.gpgSign", "true")
    story.made("run", "--no-validate")
    signed = [raw(story, branch) for branch in ("migrate/tidy/p01-odd", BRANCHES[1])]
    assert all("gpgsig" in commit for commit in signed)
    assert [unsigned(commit) for commit in signed] == [unsigned(commit) for commit in plain]


def test_what_is_signed_is_what_stands_in_the_commit(story: Story, gpg: Path) -> None:
    story.begin().made("next")
    head, _, message = raw(story, BRANCHES[0]).partition("\n\n")
    lines = [line for line in head.split("\n") if not line.startswith(("gpgsig", " "))]
    assert gpg.with_name("fake-gpg.payload").read_text() == "\n".join(lines) + "\n\n" + message + "\n"


def test_the_journal_and_receipts_are_not_signed(story: Story, gpg: Path) -> None:
    story.begin().made("run")
    for ref in ("refs/migrate/tidy/journal", "refs/notes/migrate/tidy"):
        commits = story.git("rev-list", ref).split("\n")
        assert not any("gpgsig" in raw(story, commit) for commit in commits), ref


def test_revert_commits_are_signed(story: Story, gpg: Path, tmp_path: Path) -> None:
    story.begin().made("run")
    story.git("init", "--quiet", "--bare", str(tmp_path / "remote.git"))
    story.git("remote", "add", "origin", str(tmp_path / "remote.git"))
    story.git("push", "--quiet", "origin", "--all")
    story.type("rollback", "p02", "--yes").ended(0)
    reverts = story.git("rev-list", f"{BRANCHES[2]}..migrate/tidy/revert-p02-add-guide").split("\n")
    assert len(reverts) == 2
    assert all("gpgsig" in raw(story, commit) for commit in reverts)
    assert story.files("migrate/tidy/revert-p02-add-guide") == story.files(BRANCHES[0])
    story.sound()


def test_a_rollback_that_is_not_agreed_to_signs_nothing(story: Story, gpg: Path, tmp_path: Path) -> None:
    story.begin().made("next")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--ff-only", BRANCHES[0])
    calls = gpg.with_name("fake-gpg.calls").read_text()
    story.migrate("rollback", "p01").ended(6, "--yes")
    assert gpg.with_name("fake-gpg.calls").read_text() == calls


def test_looking_and_planning_sign_nothing(story: Story, gpg: Path) -> None:
    story.begin()
    gpg.with_name("fake-gpg.calls").unlink()
    for command in ("status", "plan", "log"):
        story.type(command).ended(0)
    assert not gpg.with_name("fake-gpg.calls").exists()


def test_an_ssh_key_signs_with_the_program_that_git_is_told(story: Story, tmp_path: Path) -> None:
    story.begin()
    place = program(tmp_path / "fake-ssh", SSH)
    key = tmp_path / "key with space"
    key.write_text("no real key\n")
    for name, value in {"gpg.format": "ssh", "gpg.ssh.program": str(place), "user.signingKey": str(key)}.items():
        story.git("config", name, value)
    story.git("config", "commit.gpgSign", "true")
    story.made("run")
    assert all("gpgsig -----BEGIN SSH SIGNATURE-----" in raw(story, branch) for branch in BRANCHES)
    assert f"-Y sign -n git -f {key}" in place.with_name("fake-ssh.calls").read_text()


if shutil.which("ssh-keygen"):

    def test_a_real_ssh_signature_is_good(story: Story, tmp_path: Path) -> None:
        story.begin()
        key = tmp_path / "key"
        words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "ada@example.com", "-f", str(key)]
        subprocess.run(words, check=True)
        allowed = tmp_path / "allowed"
        allowed.write_text("ada@example.com " + key.with_suffix(".pub").read_text())
        story.git("config", "gpg.format", "ssh")
        story.git("config", "gpg.ssh.allowedSignersFile", str(allowed))
        story.git("config", "user.signingKey", str(key))
        story.git("config", "commit.gpgSign", "true")
        story.made("run")
        for branch in BRANCHES:
            story.git("verify-commit", branch)


@pytest.mark.parametrize("options", [(), ("--no-validate",)])
def test_a_signature_that_fails_moves_nothing_and_says_what_the_program_said(
    story: Story, tmp_path: Path, options: tuple[str, ...]
) -> None:
    story.begin()
    place = program(tmp_path / "fake-ssh", "#!/bin/sh\necho the agent has no identities >&2\nexit 1\n")
    (tmp_path / "key").write_text("no real key\n")
    for name, value in {"gpg.format": "ssh", "gpg.ssh.program": str(place)}.items():
        story.git("config", name, value)
    story.git("config", "user.signingKey", str(tmp_path / "key"))
    story.git("config", "commit.gpgSign", "true")
    before = story.refs()
    failed(story.type("run", *options), "the agent has no identities")
    assert story.refs() == before
    story.untouched()
    story.git("config", "commit.gpgSign", "false")
    story.made("run", *options)


def test_a_signing_program_that_is_not_installed_is_said(story: Story) -> None:
    story.begin()
    story.git("config", "gpg.program", "/nowhere/gpg")
    story.git("config", "commit.gpgSign", "true")
    failed(story.type("next"), "/nowhere/gpg")


def failed(ran: Ran, reason: str) -> None:
    """Assert that a command ended because it could not sign, and named the way to mend that and the way around."""
    ran.ended(1, "a commit cannot be signed, so it was not made: ", reason, "git commit -S")
    assert "git -c commit.gpgsign=false migrate" in ran.err


def test_one_command_can_leave_the_signatures_out(story: Story, gpg: Path) -> None:
    story.begin()
    story.git("-c", "commit.gpgSign=false", "migrate", "run")
    assert not any("gpgsig" in raw(story, branch) for branch in BRANCHES)


def test_a_setting_that_is_neither_true_nor_false_is_said(story: Story) -> None:
    story.begin()
    story.git("config", "commit.gpgSign", "perhaps")
    before = story.refs()
    story.type("next").ended(1, "bad boolean config value 'perhaps' for 'commit.gpgsign'")
    assert story.refs() == before
