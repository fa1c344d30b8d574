"""A phase after which the Go code would not compile is refused before anything is recorded or any validation runs."""

from __future__ import annotations

from tests.story import Story

PLAN = '[migration]\nname = "tidy"\n\n[[validation]]\nname = "ran"\nrun = "touch $OLDPWD/ran; exit 1"\n'
FILES = {
    "go.mod": "module example.com/m\n\ngo 1.21\n",
    "old/x/x.go": "package x\n",
    "main.go": 'package main\n\nimport _ "example.com/m/old/x"\n\nfunc main() {}\n',
    "odd.go": "// nothing yet\n",
}


def begin(story: Story, *lines: str) -> Story:
    """A migration of one phase that does this."""
    body = "".join(f"    {line}\n" for line in lines)
    story.begin(PLAN, p01_move=f'"""Move."""\n\n\ndef apply(ws):\n{body}')
    story.commit("Some Go", FILES)
    return story


def test_an_import_that_is_left_behind_ends_the_phase(story: Story) -> None:
    begin(story, 'ws.move("old", "new")')
    before = story.refs()
    said = (
        "phases/p01_move.py: the Go code would have 1 flaw after this phase:\n",
        '  main.go:3 imports "example.com/m/old/x", but the package moved to "new/x"\n',
    )
    for command in (["next"], ["plan"], ["run"]):
        story.type(*command).ended(1, *said, "move packages with ws.go.move")
    assert story.refs() == before
    assert story.states() == ["pending"]
    assert not (story.path / ".git/migrate/logs").exists(), "no validation ran"
    story.untouched()


def test_the_same_move_by_the_engine_is_sound_and_what_cannot_be_checked_is_said(story: Story) -> None:
    begin(story, 'ws.go.move("old", "new")', 'ws.move("odd.go", "even.go")')
    note = "1 Go file could not be checked without a compiler: even.go (it has no package clause)"
    story.type("plan").ended(0, note)
    story.type("next", "--no-validate").ended(0, note)
    assert f"Migration-Note: {note}" in story.git("log", "-1", "--format=%B", "migrate/tidy/p01-move")
