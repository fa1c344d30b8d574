"""Pointers to large files move as the text that they are; no filter looks at them, and none need be installed."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from migrate.git.objects import Objects
from tests.story import Story

POINTER = (
    "version https://git-lfs.github.com/spec/v1\n"
    "oid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n"
)
ATTRIBUTES = "*.bin filter=lfs diff=lfs merge=lfs -text\n"
FILTER = """\
#!/bin/sh
echo "$1" >> "$0.calls"
case "$1" in
clean) cat > /dev/null; printf '%s' "$POINTER" ;;
smudge) cat > /dev/null; echo large content ;;
esac
"""
TOOL = '''\
    """Let a tool write beside it."""


    def apply(ws):
        ws.move("old", "new")
        ws.run("sh", "-c", "echo x > made.txt")
    '''


def begin(story: Story, **phases: str) -> Story:
    """A repository with one pointer."""
    story.begin(**phases)
    story.commit("Store a large file", {".gitattributes": ATTRIBUTES, "old/large.bin": POINTER})
    return story


def configure(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A filter as `git lfs install` sets it up; it writes down how it was called."""
    place = tmp_path / "lfs"
    place.write_text(FILTER)
    place.chmod(0o755)
    monkeypatch.setenv("POINTER", POINTER)
    for verb in ("clean", "smudge"):
        story.git("config", f"filter.lfs.{verb}", f"{place} {verb}")
    story.git("config", "filter.lfs.required", "true")
    return place


def install(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The filter, and its content in the work tree."""
    place = configure(story, tmp_path, monkeypatch)
    story.git("rm", "--quiet", "--cached", "old/large.bin")
    story.git("reset", "--quiet", "--hard")
    assert (story.path / "old/large.bin").read_text() == "large content\n"
    return place


def test_pointers_move_untouched_where_no_filter_is_installed(story: Story) -> None:
    begin(story).type("run").ended(0, "p03-drop-notes passed", "You are on")
    assert story.git("show", "HEAD:new/large.bin") + "\n" == POINTER
    assert (story.path / "new/large.bin").read_text() == POINTER
    story.untouched()


def test_a_tool_leaves_pointers_alone_where_no_filter_is_installed(story: Story) -> None:
    begin(story, p01_tool=TOOL).made("next")
    assert story.git("show", "HEAD:new/large.bin") + "\n" == POINTER


def test_no_filter_is_asked_when_phases_are_planned_and_made_without_a_checkout(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(story)
    story.git("clone", "--quiet", "--bare", ".", str(tmp_path / "bare.git"))
    bare = Story(tmp_path / "bare.git")
    calls = configure(bare, tmp_path, monkeypatch).with_name("lfs.calls")
    for command in (("status",), ("plan", "--diff"), ("run", "--no-validate")):
        bare.migrate("--plan", str(story.path / "migrate.toml"), *command).ended(0)
    assert not calls.exists()
    assert bare.git("show", "migrate/tidy/p03-drop-notes:new/large.bin") + "\n" == POINTER


def test_looking_asks_no_filter(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(story).made("next")
    calls = configure(story, tmp_path, monkeypatch).with_name("lfs.calls")
    for command in ("status", "plan", "log", "pr", "verify"):
        story.type(command).ended(0)
    assert not calls.exists()


def test_a_checkout_has_the_content_and_the_commit_the_pointer_where_a_filter_is_installed(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(story, p01_tool=TOOL)
    install(story, tmp_path, monkeypatch)
    story.plan(extra='[[validation]]\nname = "large"\nrun = "grep -q large.content new/large.bin"\n')
    story.commit("Look at it")
    story.type("next").ended(0, "p01-tool passed", "You are on migrate/tidy/p01-tool.")
    assert (story.path / "new/large.bin").read_text() == "large content\n"
    assert story.git("show", "HEAD:new/large.bin") + "\n" == POINTER
    story.untouched()


def lose(story: Story) -> None:
    """The setup of a filter whose program is not installed any more."""
    story.git("config", "filter.lfs.process", "/nowhere/git-lfs filter-process")
    story.git("config", "filter.lfs.required", "true")


def settle(story: Story) -> None:
    """Let time pass since the files were written, so that git trusts what it knows of them."""
    for path in story.files("HEAD"):
        os.utime(story.path / path, (1_000_000_000, 1_000_000_000))
    story.git("update-index", "-q", "--refresh")


def test_a_filter_that_is_not_installed_keeps_no_commit_from_being_made_and_the_work_tree_whole(story: Story) -> None:
    settle(begin(story))
    lose(story)
    story.type("next", "--no-validate").ended(
        0, 'Your branch was not switched: the filter "lfs", which new/large.bin needs, does not work here.'
    )
    assert story.branch() == "main"
    story.untouched()
    assert story.git("show", "migrate/tidy/p01-move-old:new/large.bin") + "\n" == POINTER
    story.type("validate").ended(1, "/nowhere/git-lfs")


def test_a_work_tree_that_git_cannot_compare_for_want_of_a_filter_is_left_alone(story: Story) -> None:
    begin(story).write("old/large.bin", POINTER)
    settle(story)
    lose(story)
    os.utime(story.path / "old/large.bin", (2_000_000_000, 2_000_000_000))
    story.type("next", "--no-validate").ended(0, "Your branch was not switched: git cannot tell", "/nowhere/git-lfs")
    assert story.branch() == "main"


def test_a_filter_that_nothing_needs_is_not_asked_for(story: Story) -> None:
    story.begin()
    lose(story)
    story.type("next").ended(0, "You are on migrate/tidy/p01-move-old.")


GROW = '''\
    """Grow a file."""


    def apply(ws):
        ws.write("old/large.bin", "x" * 3000)
        ws.write("new.bin", "y" * 2050)
        ws.write("small.txt", "z\\n")
    '''


def test_a_description_reads_no_large_file_and_holds_few_at_once(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(story, p01_grow=GROW).made("next")
    read: list[int] = []
    real = Objects.blobs

    def counted(objects: Objects, oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        found = list(real(objects, oids))
        read.append(sum(len(content) for _, content in found))
        return iter(found)

    monkeypatch.setattr(Objects, "blobs", counted)
    monkeypatch.setattr("migrate.limits.COMPARED_BYTES", 2048)
    monkeypatch.setattr("migrate.limits.BATCH_BYTES", 100)
    said = ("`new.bin` (new, 2 KB)", "`old/large.bin` (2 KB, too large to compare)", "`small.txt` (new, 1 line)")
    story.type("pr").ended(0, *said)
    assert max(read) < 2048
