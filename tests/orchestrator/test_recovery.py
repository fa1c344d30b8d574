"""What a git that was killed while it moved refs leaves: seen whole, and finished or taken back by the next command."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from migrate.errors import GitFailedError
from migrate.orchestrator import branch_updates, recovery
from tests.story import Story, prepared

NAMES = "refs/migrate/tidy"
INTENT, JOURNAL = f"{NAMES}/intent", f"{NAMES}/journal"
FIRST, SECOND, THIRD = (f"migrate/tidy/{name}" for name in ("p01-move-old", "p02-add-guide", "p03-drop-notes"))
NOTHING = "0" * 40


def last_entry(story: Story) -> list[tuple[str, str | None, str | None]]:
    """The refs of the last operation, with their values before and after."""
    body = json.loads(story.git("log", "-1", "--format=%b", JOURNAL))
    return [(ref["ref"], ref["old"], ref["new"]) for ref in body["refs"]]


def killed(story: Story, moved: int) -> None:
    """Put the refs where a git that was killed after so many of them leaves them."""
    entry, before = story.git("rev-parse", JOURNAL), story.git("rev-parse", "--verify", "-q", f"{JOURNAL}^")
    for ref, old, _ in last_entry(story)[moved:]:
        story.git("update-ref", "--no-deref", ref, old or NOTHING)
    story.git("update-ref", JOURNAL, before)
    story.git("update-ref", "--create-reflog", "-m", "migrate: what was killed", INTENT, entry)


def heads(story: Story) -> dict[str, str]:
    """The branches."""
    return story.refs("refs/heads")


def moves_of(story: Story) -> int:
    """How many refs the last operation moved."""
    return len(last_entry(story))


@pytest.mark.parametrize("moved", range(5))
def test_an_operation_that_moved_in_part_is_seen_as_done_and_finished(story: Story, moved: int) -> None:
    story.begin().made("next", "--no-validate")
    story.git("switch", "--quiet", "main")
    before = heads(story)
    story.made("run", "--no-validate")
    story.git("switch", "--quiet", "main")
    after = heads(story)
    assert moves_of(story) == 4  # Two branches, and the commits that their phases made.
    killed(story, moved)
    states = ["waiting", "pending", "pending"] if moved == 0 else ["waiting"] * 3
    assert story.states() == states
    story.type("undo").ended(6, "there is no terminal to ask on")  # It steps, and so begins with what was left.
    assert heads(story) == (before if moved == 0 else after)
    assert INTENT not in story.refs()
    assert story.states() == states
    story.sound()


def on_the_way_out(story: Story) -> None:
    """Put the refs where a git that was killed while it deleted some leaves them: it removes all their reflogs
    first."""
    gone = [(ref, old) for ref, old, new in last_entry(story) if new is None and old is not None]
    assert gone
    for ref, oid in (*gone, (INTENT, story.git("rev-parse", JOURNAL))):
        story.git("-c", "core.logAllRefUpdates=false", "update-ref", ref, oid)


def test_a_rollback_whose_reflogs_went_first_is_finished(story: Story) -> None:
    story.begin().made("run", "--no-validate")
    story.made("rollback", "p02", "--yes")
    after = story.refs("refs")
    on_the_way_out(story)
    assert story.states() == ["waiting", "pending", "pending"]
    story.type("undo").ended(6, "there is no terminal to ask on")
    assert story.refs("refs") == after
    story.sound()


def test_a_conflict_whose_reflog_went_first_is_given_up(story: Story) -> None:
    story.begin().made("next", "--no-validate")
    story.commit("By hand", {"new/a.txt": "by hand\n"})
    story.git("switch", "--quiet", "main")
    story.commit("Newer", {"old/a.txt": "by the base\n"})
    story.type("restack", "--no-validate").ended(5)
    story.made("abort")
    after = story.refs("refs")
    on_the_way_out(story)
    assert "stopped" not in story.type("status").ended(0).text
    story.type("undo").ended(6)
    assert story.refs("refs") == after


@pytest.mark.parametrize("moved", range(7))
def test_a_rollback_that_was_killed_half_way_goes_on(story: Story, moved: int) -> None:
    story.begin().made("run", "--no-validate")
    story.git("switch", "--quiet", "main")
    before = heads(story)
    story.type("rollback", "p02", "--yes").ended(0)
    after = heads(story)
    assert moves_of(story) == 6  # Two branches, what their phases made, and the archive of both.
    killed(story, moved)
    story.type("validate", "p01").ended(0)
    assert heads(story) == (before if moved == 0 else after)
    if moved:
        story.type("undo", "--yes").ended(0)
        assert heads(story) == before
    story.sound()


def test_a_ref_that_somebody_moved_since_keeps_their_value(story: Story) -> None:
    story.begin().made("next", "--no-validate")
    story.git("switch", "--quiet", "main")
    story.made("run", "--no-validate")
    story.git("switch", "--quiet", "main")
    killed(story, 1)
    story.git("update-ref", f"refs/heads/{THIRD}", "main")
    story.type("validate", "p01").ended(0)
    assert story.git("rev-parse", THIRD) == story.git("rev-parse", "main")
    assert INTENT not in story.refs()


def half_restacked(story: Story) -> None:
    """A restack that was killed when it had moved one ref, and not the branch on which the user stands."""
    story.begin().made("next", "--no-validate")
    story.git("switch", "--quiet", "main")
    story.commit("Newer", {"old/c.txt": "c\n"})
    story.made("restack", "--no-validate")
    killed(story, 0)
    story.git("switch", "--quiet", FIRST)
    story.git("update-ref", f"{NAMES}/made/p01-move-old", last_entry_of_intent(story, f"{NAMES}/made/p01-move-old"))


def test_who_stands_on_the_branch_that_must_follow_goes_along(story: Story) -> None:
    half_restacked(story)
    story.type("validate", "p01").ended(0)
    assert story.branch() == FIRST
    assert (story.path / "new/c.txt").exists()
    story.untouched()


def test_what_must_follow_is_not_moved_under_somebody_who_has_changed_files(story: Story) -> None:
    half_restacked(story)
    story.write("notes.txt", "mine\n")
    story.type("validate", "p01").ended(6, "was cut short", f"{FIRST}, which it moves, is checked out")
    story.git("switch", "--quiet", "--detach")
    story.type("validate", "p01").ended(0)
    assert "new/c.txt" in story.files(FIRST)
    assert (story.path / "notes.txt").read_text() == "mine\n"


def last_entry_of_intent(story: Story, ref: str) -> str:
    """The value that the intent has for a ref."""
    body = json.loads(story.git("log", "-1", "--format=%b", INTENT))
    return next(row["new"] for row in body["refs"] if row["ref"] == ref)


LOCKS = (f"refs/heads/{SECOND}.lock", f"{INTENT}.lock", f"{JOURNAL}.lock", "packed-refs.lock", "packed-refs.new")


def test_lock_files_of_a_killed_git_go(story: Story) -> None:
    story.begin().made("next", "--no-validate")
    story.git("switch", "--quiet", "main")
    story.made("run", "--no-validate")
    story.git("switch", "--quiet", "main")
    killed(story, 0)
    locks = [story.write(f".git/{name}", "") for name in LOCKS]
    story.type("run", "--no-validate").ended(0)
    assert not any(lock.exists() for lock in locks)
    assert story.states() == ["waiting"] * 3
    story.type("rollback", "p02", "--yes").ended(0)
    locks = [
        story.write(f".git/refs/{name}.lock", "") for name in (f"heads/{THIRD}", "migrate/tidy/made/p02-add-guide")
    ]
    story.type("run", "--no-validate").ended(0)
    assert not any(lock.exists() for lock in locks)


@contextmanager
def git_at_work(story: Story) -> Iterator[None]:
    """A git that belongs to somebody else and has not ended."""
    with subprocess.Popen(
        ["sh", "-c", "git cat-file --batch; exit"], cwd=story.path, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"HEAD\n")
        process.stdin.flush()
        assert process.stdout.readline()
        yield
        process.stdin.close()


def test_lock_files_stay_while_a_git_may_hold_them(story: Story) -> None:
    story.begin().made("next", "--no-validate")
    lock = story.write(f".git/{INTENT}.lock", "")
    with git_at_work(story):
        story.type("next").ended(2, "git may be at work here", f"rm {lock}")
    assert lock.exists()
    story.type("next").ended(0)


@pytest.mark.parametrize("when", ["before anything moved", "after everything moved"])
def test_a_user_whose_branch_was_about_to_move_stands_on_it_again(story: Story, when: str) -> None:
    story.begin().made("next", "--no-validate")
    story.git("switch", "--quiet", "main")
    story.commit("Newer", {"old/c.txt": "c\n"})
    story.git("switch", "--quiet", FIRST)
    old = story.git("rev-parse", "HEAD")
    story.made("restack", "--no-validate")
    story.git("switch", "--quiet", "--detach", old)
    if when == "before anything moved":
        killed(story, 0)
    else:
        story.git("update-ref", "--create-reflog", "-m", "migrate: x", INTENT, story.git("rev-parse", JOURNAL))
    story.type("validate", "p01").ended(0)
    assert story.branch() == FIRST
    assert (story.path / "new/c.txt").exists() == (when == "after everything moved")
    story.untouched()


@pytest.fixture
@prepared
def left_behind(story: Story) -> Story:
    """A story in which `land` could not take the user to the next branch, because of a file of theirs."""
    story.begin().made("run")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--squash", FIRST)
    story.commit("Move old")
    story.git("switch", "--quiet", FIRST)
    story.write("guide.md", "mine\n")
    story.type("land", "--yes").ended(0, "HEAD is detached")
    assert story.branch() == ""
    assert (story.path / "guide.md").read_text() == "mine\n"
    return story


def test_who_could_not_be_taken_along_is_by_the_next_command(left_behind: Story) -> None:
    left_behind.type("restack")
    assert left_behind.branch() == ""
    (left_behind.path / "guide.md").unlink()
    left_behind.type("restack")
    assert left_behind.branch() == SECOND
    left_behind.untouched()


def test_who_went_elsewhere_since_is_left_there(left_behind: Story) -> None:
    (left_behind.path / "guide.md").unlink()
    left_behind.git("switch", "--quiet", "--detach", "main")
    left_behind.type("restack")
    assert left_behind.branch() == ""


def test_a_command_that_fails_says_that_the_user_was_left_on_no_branch(left_behind: Story) -> None:
    said = left_behind.type("validate", "nothing").text
    assert f"You are on no branch: HEAD was left on the way to {SECOND}. git switch {SECOND} takes you there." in said
    (left_behind.path / "guide.md").unlink()
    left_behind.git("switch", "--quiet", SECOND)
    assert "on no branch" not in left_behind.type("validate", "nothing").text


def test_a_git_that_fails_once_after_the_refs_moved_leaves_nobody_behind(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", "main")
    story.commit("Newer", {"old/c.txt": "c\n"})
    story.git("switch", "--quiet", FIRST)
    failures = [GitFailedError("git stopped")]

    def fails_once(*arguments: Any) -> Any:
        if failures:
            raise failures.pop()
        return recovery.recover(*arguments)

    monkeypatch.setattr(branch_updates, "recover", fails_once)
    story.type("restack").ended(0)
    assert not failures
    assert story.branch() == FIRST
    story.untouched()
