"""Line ends are those that git stores, whatever a checkout makes of them."""

from __future__ import annotations

import pytest

from tests.story import PLAN, Story

FILES = {"old/dos.txt": "a\r\nb\r\n", "old/unix.txt": "a\nb\n", "old/mixed.txt": "a\r\nb\n"}
MOVE = '''\
    """Move and edit."""


    def apply(ws):
        ws.move("old", "new")
        for name in ("dos", "unix", "mixed"):
            ws.note(f"{name}: {ws.read(f'new/{name}.txt')!r}")
        ws.replace("b", "c", "new/dos.txt", "new/unix.txt", "new/mixed.txt")
    '''
TOOL = '''\
    """Let a tool edit."""


    def apply(ws):
        ws.run("sh", "-c", "sed -i s/b/c/ old/dos.txt old/unix.txt; printf 'x\\n' > made.txt")
    '''
SETTINGS = [{}, {"core.autocrlf": "true"}, {"core.autocrlf": "input"}, {"core.eol": "crlf"}]
SAFE = {"core.autocrlf": "true", "core.safecrlf": "true"}


def begin(story: Story, settings: dict[str, str], phase: str) -> Story:
    """Store the files as they are, then let the settings act upon the work tree."""
    story.begin(PLAN, p01_edit=phase)
    story.commit("Line ends", FILES)
    for key, value in settings.items():
        story.git("config", key, value)
    story.git("rm", "-r", "--quiet", "--cached", ".")
    story.git("reset", "--quiet", "--hard")
    assert story.git("ls-tree", "-r", "HEAD", "old").count("blob") == 5
    return story


def stored(story: Story, path: str) -> bytes:
    """A file as the checked-out commit has it."""
    return story.repository.objects.blob(story.git("rev-parse", f"HEAD:{path}"))


@pytest.mark.parametrize("settings", [*SETTINGS, SAFE])
def test_a_phase_reads_and_writes_what_is_stored(story: Story, settings: dict[str, str]) -> None:
    begin(story, settings, MOVE).type("next").ended(
        0, r"dos: b'a\r\nb\r\n'", r"unix: b'a\nb\n'", r"mixed: b'a\r\nb\n'", "You are on migrate/tidy/p01-edit."
    )
    assert stored(story, "new/dos.txt") == b"a\r\nc\r\n"
    assert stored(story, "new/unix.txt") == b"a\nc\n"
    assert stored(story, "new/mixed.txt") == b"a\r\nc\n"
    story.untouched()


def test_the_tree_is_one_whatever_the_settings_are(story: Story) -> None:
    begin(story, {}, MOVE)
    trees = set()
    for settings in [*SETTINGS, SAFE]:
        for key, value in settings.items():
            story.git("config", key, value)
        story.made("next", "--no-validate")
        trees.add(story.git("rev-parse", "HEAD^{tree}"))
        story.type("rollback", "p01", "--yes").ended(0)
    assert len(trees) == 1


@pytest.mark.parametrize("settings", SETTINGS[1:3])
def test_a_tool_and_a_validation_see_the_line_ends_of_a_checkout(story: Story, settings: dict[str, str]) -> None:
    begin(story, settings, TOOL).type("next").ended(0, "p01-edit passed", "You are on")
    assert stored(story, "old/dos.txt") == b"a\r\nc\r\n" if settings == SETTINGS[1] else b"a\nc\n"
    assert stored(story, "old/unix.txt") == b"a\nc\n"
    assert stored(story, "old/mixed.txt") == b"a\r\nb\n"
    assert stored(story, "made.txt") == b"x\n"
    story.untouched()


def test_a_clean_work_tree_with_other_line_ends_than_stored_is_switched_and_a_dirty_one_left(story: Story) -> None:
    begin(story, {"core.autocrlf": "true"}, MOVE)
    assert (story.path / "old/unix.txt").read_bytes() == b"a\r\nb\r\n"
    story.made("next")
    assert (story.path / "new/unix.txt").read_bytes() == b"a\r\nc\r\n"
    story.type("rollback", "p01", "--yes").ended(0, "You are on main.")
    assert (story.path / "old/unix.txt").read_bytes() == b"a\r\nb\r\n"
    story.write("old/unix.txt", "a\r\nmine\r\n")
    story.type("next").ended(0, "Your branch was not switched: your work tree has 1 change")
    assert (story.path / "old/unix.txt").read_bytes() == b"a\r\nmine\r\n"
