"""An archive that has grown for years gets to a remote, and goes from there, by few commands of git."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.git.fetch import list_refs
from migrate.git.push import Folder, RefPush, push_refs
from tests.scale.conftest import Counting, begin
from tests.story import Story

ARCHIVE = "refs/migrate/tidy/archive/"
MANY = 1200
LONG = 4000
"""What the words of one command have in all, at most, here."""


@pytest.fixture
def origin(story: Story, tmp_path: Path) -> Path:
    """A remote that has the base, beside a story whose archive holds many refs."""
    begin(story, 1).made("run", "--no-validate")
    story.git("switch", "-q", "main")
    place = tmp_path / "origin.git"
    story.git("clone", "--quiet", "--bare", str(story.path), str(place))
    story.git("remote", "add", "origin", str(place))
    return place


def archive(story: Story, count: int) -> None:
    """Give the archive so many refs."""
    head = story.git("rev-parse", "main")
    lines = "".join(f"create {ARCHIVE}{100 + n // 10}/p{n % 10} {head}\n" for n in range(count))
    story.repository.git.run("update-ref", "--stdin", stdin=lines.encode())


@pytest.mark.parametrize("count", [60, MANY])
def test_the_archive_is_pushed_by_one_command_that_grows_not(
    story: Story, counted: Counting, origin: Path, count: int
) -> None:
    archive(story, count)
    started = counted("sync", "--yes")
    (pushed,) = started.of("push")
    assert sum(map(len, pushed)) < LONG
    assert len(list_refs(story.repository, "origin", f"{ARCHIVE}*")) == count
    assert [len(command) for command in counted("sync", "--yes", code=4).of("push")] == []


def test_another_clone_takes_the_archive_and_prunes_it_for_all(
    story: Story, counted: Counting, origin: Path, tmp_path: Path
) -> None:
    archive(story, MANY)
    story.made("sync", "--yes")
    other = tmp_path / "other"
    story.git("clone", "--quiet", str(origin), str(other))
    story.type("sync", "--yes", cwd=other).ended(0)
    assert len(story.git("for-each-ref", ARCHIVE, cwd=other).split("\n")) == MANY


def test_finishing_deletes_more_than_a_command_line_names(story: Story, counted: Counting, origin: Path) -> None:
    archive(story, MANY)
    story.made("sync", "--yes")
    started = counted("finish", "--abandon", "--yes")
    assert len(started.of("push")) == 3  # 1,000, the rest of them, the journal
    assert list_refs(story.repository, "origin", "refs/migrate/*") == {}


def test_what_is_there_under_another_value_is_not_pushed_over(story: Story, origin: Path) -> None:
    archive(story, 60)
    head, other = story.git("rev-parse", "main"), story.git("rev-parse", "migrate/tidy/p001-step")
    ref = f"{ARCHIVE}100/p0"
    story.git("push", "-q", "origin", f"{other}:{ref}")
    pushes = [RefPush(f"{ARCHIVE}{100 + n // 10}/p{n % 10}", None, head) for n in range(1, 60)]
    folder = Folder(ARCHIVE, (ref,))
    assert push_refs(story.repository, "origin", pushes, atomic=True, folder=folder).rejected == {}
    there = list_refs(story.repository, "origin", f"{ARCHIVE}*")
    assert (there.pop(ref), set(there.values()), len(there)) == (other, {head}, 59)


def test_what_came_there_meanwhile_holds_up_all(story: Story, origin: Path) -> None:
    archive(story, 60)
    head, other = story.git("rev-parse", "main"), story.git("rev-parse", "migrate/tidy/p001-step")
    story.git("push", "-q", "origin", f"{other}:{ARCHIVE}100/p0")
    pushes = [RefPush(f"{ARCHIVE}{100 + n // 10}/p{n % 10}", None, head) for n in range(60)]
    assert push_refs(story.repository, "origin", pushes, atomic=True, folder=Folder(ARCHIVE)).rejected
    assert list_refs(story.repository, "origin", f"{ARCHIVE}*") == {f"{ARCHIVE}100/p0": other}
