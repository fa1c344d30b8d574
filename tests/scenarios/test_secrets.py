"""What commands print of secrets stays in a log that nobody else can read."""

from __future__ import annotations

import stat

import pytest

from tests.story import PLAN, Story

TOKEN, PIN, SHAPE = "tok-en-of-the-team", "40711", "ghp_" + "aB3d" * 9
SECRETS = (TOKEN, PIN, SHAPE, "hunter2", "b3BlbnNzaC1rZXk")
LOUD = f'''
[[validation]]
name = "loud"
run = """
echo "a.go:1: $DEPLOY_TOKEN $PIN_OF_ADA {SHAPE} https://ada:hunter2@host/x"
printf -- '-----BEGIN RSA PRIVATE KEY-----\\\\nb3BlbnNzaC1rZXk\\\\n-----END RSA PRIVATE KEY-----\\\\n'
exit 1
"""
baseline = "a.go"

[[validation]]
name = "smoke"
manual = "Log in."
'''
NOTES = '''\
    """Note it."""

    import os


    def apply(ws):
        ws.write("new.txt", "")
        ws.note(f"deployed with {os.environ['DEPLOY_TOKEN']}")
        ws.run("sh", "-c", f"echo {os.environ['PIN_OF_ADA']} > /dev/null; echo > ran.txt")
    '''


@pytest.fixture
def loud(story: Story, monkeypatch: pytest.MonkeyPatch) -> Story:
    """A validation that prints what it should not, a note that says it, and a tool that is given it."""
    monkeypatch.setenv("DEPLOY_TOKEN", TOKEN)
    monkeypatch.setenv("PIN_OF_ADA", PIN)
    story.begin(PLAN.replace('title = "Tidy up"', 'secrets = ["PIN_*"]') + LOUD, p01_note=NOTES)
    return story


def test_no_secret_reaches_anything_that_is_written_or_shared(loud: Story) -> None:
    said = loud.type("run").text
    approved = ("p01", "smoke", "--note", f"with {TOKEN}")
    loud.type("approve", *approved).ended(0, "Ada Lovelace <ada@example.com>, unsigned.", "The note says: with ***")
    commands = (("status",), ("status", "p01"), ("pr", "p01"), ("log",), ("journal",), ("validate", "p01"))
    texts = [said, *(loud.type(*command, *more).text for command in commands for more in ((), ("--json",)))]
    texts.append(loud.git("log", "--notes=migrate/tidy", "--format=%B%N", "--all", "-p", "--", ".", ":!migrate.toml"))
    for ref in ("refs/notes/migrate/tidy", "refs/migrate/tidy/journal"):
        texts.append(loud.git("log", "--format=%B", "-p", ref))
    for text in texts:
        assert not [secret for secret in SECRETS if secret in text], text
    assert "a.go:1: *** *** *** https://***@host/x" in texts[-2]
    assert "Migration-Note: deployed with ***" in texts[-3]
    assert "as on the base" in texts[1]


def test_no_secret_is_in_what_would_happen(loud: Story) -> None:
    phase = loud.path / "phases/p04_break.py"
    text = f'"""Break."""\n\n\ndef apply(ws):\n    raise ValueError("refused by {SHAPE}: " + __import__("os").environ["DEPLOY_TOKEN"])\n'
    phase.write_text(text)
    for more in ((), ("--json",)):
        said = loud.type("plan", *more).text
        assert "refused by" in said
        assert not [secret for secret in SECRETS if secret in said], said


def test_logs_are_for_nobody_else(loud: Story) -> None:
    folder = loud.path / ".git/migrate/logs"
    (folder / "p01-note").mkdir(parents=True)
    (folder / "p01-note/loud.log").touch(0o644)
    loud.type("run")
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*.log")} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())} == {0o700}
    assert TOKEN in (folder / "p01-note/loud.log").read_text()


def test_where_a_plan_lies_on_a_disk_is_not_shared(loud: Story, tmp_path_factory: pytest.TempPathFactory) -> None:
    place = tmp_path_factory.mktemp("private")
    (loud.path / "migrate.toml").rename(place / "migrate.toml")
    (loud.path / "phases").rename(place / "phases")
    loud.commit("Keep the plan elsewhere")
    plan = ("--plan", str(place / "migrate.toml"))
    loud.type(*plan, "run")
    shown = [loud.type(*plan, *command).text for command in (("log",), ("pr", "p01"))]
    shown.append(loud.git("log", "--format=%B", "-p", "refs/migrate/tidy/journal"))
    shown.append(loud.git("log", "--format=%B", "-p", "refs/notes/migrate/tidy"))
    assert not [text for text in shown if str(place) in text]
    assert "migrate --plan migrate.toml run" in shown[2]
