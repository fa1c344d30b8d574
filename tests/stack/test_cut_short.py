"""A transaction of refs that git gives up in the middle, and a switch: finished or put back at once, and said truly."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from migrate.errors import RepositoryError
from migrate.git.conversation import Conversation
from migrate.orchestrator import recovery, switch
from tests.conftest import BOUND_BY_PERMISSIONS
from tests.story import PHASES, PROGRAM, Story

NAMES = "refs/migrate/tidy"
INTENT, JOURNAL = f"{NAMES}/intent", f"{NAMES}/journal"
FIRST, SECOND, THIRD = (f"migrate/tidy/{name}" for name in ("p01-move-old", "p02-add-guide", "p03-drop-notes"))
HOOK = """\
#!/bin/sh
test "$1" = {state} || exit 0
grep -q {ref} || exit 0
test -e "$0.struck" && exit 0
: >"$0.struck"
{action}
"""


def all_made(story: Story) -> Story:
    """Three phases; the user stands on the highest."""
    return story.begin().made("run", "--no-validate")


def strike(story: Story, state: str, ref: str, action: str) -> None:
    """Let something happen once when git tells of a transaction of a ref."""
    hook = story.write(".git/hooks/reference-transaction", HOOK.format(state=state, ref=ref, action=action))
    hook.with_name(f"{hook.name}.struck").unlink(missing_ok=True)
    hook.chmod(0o755)


def locks(story: Story) -> list[Path]:
    """The lock files of refs that are left."""
    return sorted(path for path in (story.path / ".git").rglob("*.lock") if path.name != "slots.lock")


def test_what_stands_in_the_way_of_a_new_reflog_stops_nothing(story: Story) -> None:
    all_made(story)
    story.write(f".git/logs/{NAMES}/archive/2/p03-drop-notes/x")
    story.type("rollback", "p02", "--yes").ended(0, f"You are on {FIRST}.")
    assert set(story.refs("refs/heads")) == {"refs/heads/main", f"refs/heads/{FIRST}"}
    story.type("undo", "--yes").ended(0)
    assert INTENT not in story.refs()
    story.sound()


def test_what_had_moved_goes_back_when_the_rest_cannot_follow(story: Story) -> None:
    all_made(story)
    reflog = story.path / ".git/logs" / JOURNAL
    content, before = reflog.read_bytes(), story.refs()
    for command in (("rollback", "p02", "--yes"), ("validate", "p03")):
        reflog.unlink()
        reflog.symlink_to("/dev/full")
        said = story.type(*command).ended(2, "No space left on device", "what had moved was put back")
        assert "was not done" not in said.text
        assert (story.refs(), story.branch(), locks(story)) == (before, THIRD, [])
        story.untouched()
    reflog.unlink()
    reflog.write_bytes(content)
    story.type("rollback", "p02", "--yes").ended(0)


def test_a_restack_that_fails_in_the_middle_leaves_the_user_on_their_branch(story: Story) -> None:
    newer(story)
    before = story.refs()
    reflog = story.path / ".git/logs" / JOURNAL
    reflog.unlink()
    reflog.symlink_to("/dev/full")
    story.type("restack", "--no-validate").ended(2, "what had moved was put back")
    assert (story.refs(), story.branch()) == (before, SECOND)
    reflog.unlink()
    story.type("restack", "--no-validate").ended(0)
    assert (story.branch(), "new/c.txt" in story.files(SECOND)) == (SECOND, True)
    story.untouched()


KILLS = (("prepared", INTENT), ("committed", INTENT), ("prepared", JOURNAL), ("committed", JOURNAL))


def test_a_git_that_alone_is_killed_leaves_no_lock_and_no_half(story: Story) -> None:
    all_made(story)
    before = story.refs("refs/heads")
    for state, ref in KILLS:
        strike(story, state, f"{ref}$", "kill -KILL $PPID")
        done = story.type("rollback", "p02", "--yes")
        assert INTENT not in story.refs(), (state, ref)
        assert locks(story) == [], (state, ref)
        if done.code == 0:
            assert story.branch() == FIRST
            story.type("undo", "--yes").ended(0)
        else:
            done.ended(1, "killed by signal 9", '"roll back p02-add-guide" was not done')
        assert (story.refs("refs/heads"), story.branch()) == (before, THIRD), (state, ref)
    story.sound()


def test_an_interrupt_waits_for_the_end_of_a_transaction(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    all_made(story)
    say, struck = Conversation.say, []

    def interrupted(git: Conversation, raw: bytes) -> None:
        say(git, raw)
        if b"update refs/heads/" in raw:
            struck.append(raw)
            os.kill(os.getpid(), signal.SIGINT)

    with monkeypatch.context() as patched:
        patched.setattr(Conversation, "say", interrupted)
        story.type("rollback", "p02", "--yes").ended(130, "Interrupted.")
    assert len(struck) == 1
    assert (story.branch(), INTENT in story.refs(), locks(story)) == (FIRST, False, [])
    assert set(story.refs("refs/heads")) == {"refs/heads/main", f"refs/heads/{FIRST}"}
    story.untouched()
    story.sound()


def newer(story: Story) -> Story:
    """Three phases on a base that has gone on; the user stands on the middle one."""
    all_made(story).git("switch", "--quiet", "main")
    story.commit("Newer", {"old/c.txt": "c\n"})
    story.git("switch", "--quiet", SECOND)
    return story


def test_a_commit_that_is_made_while_head_is_off_its_branch_is_kept(story: Story) -> None:
    newer(story)
    strike(story, "committed", f"{JOURNAL}$", "git commit --quiet --allow-empty --message Meanwhile")
    said = story.type("restack", "--no-validate").ended(0, "left on the old commit", "HEAD is detached at ")
    commit = story.git("rev-parse", "HEAD")
    assert story.git("log", "-1", "--format=%s") == "Meanwhile"
    assert f"git branch NAME {commit[:7]}" in said.text
    assert (story.branch(), INTENT in story.refs()) == ("", False)
    story.type("validate", "p01").ended(0)
    assert story.git("rev-parse", "HEAD") == commit


def test_a_work_tree_that_goes_to_a_branch_while_it_moves_is_taken_off_it(story: Story, tmp_path: Path) -> None:
    newer(story)
    old, beside = story.git("rev-parse", THIRD), tmp_path / "beside"
    story.git("worktree", "add", "--quiet", "--detach", str(beside), "main")
    strike(story, "prepared", f"{JOURNAL}$", f"git -C {beside} switch --quiet {THIRD}")
    said = story.type("restack", "--no-validate").ended(0, f"{beside} was switched to {THIRD} while that moved")
    assert story.git("status", "--porcelain", cwd=beside) == ""
    assert story.git("rev-parse", "HEAD", cwd=beside) == old
    assert f"git -C {beside} switch {THIRD} takes it there" in said.text
    story.git("-C", str(beside), "switch", "--quiet", THIRD)


def test_a_work_tree_that_goes_to_a_branch_before_it_moves_stops_the_command(story: Story, tmp_path: Path) -> None:
    newer(story)
    before = story.refs()
    strike(story, "committed", f"{INTENT}$", f"git worktree add --quiet {tmp_path / 'beside'} {THIRD}")
    story.type("restack", "--no-validate").ended(6, f"{THIRD} would move, but it is checked out in")
    assert (story.refs(), story.branch()) == (before, SECOND)


@pytest.mark.parametrize(("state", "ref"), [("committed", INTENT), ("prepared", JOURNAL)])
def test_commits_that_a_clean_up_takes_away_leave_no_branch_without_one(story: Story, state: str, ref: str) -> None:
    story.begin().made("next", "--no-validate")
    before = story.refs()
    strike(story, state, f"{ref}$", "git prune --expire=now")
    done = story.type("next", "--no-validate")
    assert done.code in (1, 2), done
    assert (story.refs(), story.branch(), locks(story)) == (before, FIRST, [])
    story.sound()
    story.type("next", "--no-validate").ended(0)


SUICIDE = "if test -e {0}/.git/die; then rm {0}/.git/die; kill -KILL $PPID; fi; cat"
"""A filter that kills the git that asks it to write a file."""
FILTERED = '''\
    """Drop the notes, of which git asks a filter when they come back."""


    def apply(ws):
        ws.delete("notes.txt")
        ws.write("a.txt", "a\\n" * 9)
    '''
UPPER = "migrate/tidy/p02-filtered"


def dying(story: Story) -> Story:
    """A stack of two; a switch from the upper phase to the lower one writes `notes.txt`, on which git may die."""
    story.write(".gitattributes", "notes.txt filter=die\n")
    story.git("config", "filter.die.smudge", SUICIDE.format(story.path))
    story.git("config", "filter.die.clean", "cat")
    return story.begin(p01_move_old=PHASES["p01_move_old.py"], p02_filtered=FILTERED).made("run", "--no-validate")


def nobody(*_: object) -> list[str]:
    """In the place of what puts files back: as when the command was killed with its git."""
    raise RepositoryError("nobody is there any more")


def test_a_rollback_whose_switch_is_killed_leaves_the_user_where_they_were(story: Story) -> None:
    dying(story)
    before = story.refs()
    story.write(".git/die")
    said = story.type("rollback", "p02", "--yes").ended(6, "git does not switch to")
    assert "commit" not in said.err.splitlines()[-1]
    assert (story.refs(), story.branch(), locks(story)) == (before, UPPER, [])
    story.untouched()
    story.type("rollback", "p02", "--yes").ended(0, f"You are on {FIRST}.")
    story.untouched()


def test_what_a_killed_switch_left_is_put_right_by_the_next_command(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    dying(story)
    story.write(".git/die")
    with monkeypatch.context() as patched:
        patched.setattr(switch, "undo_half_switch", nobody)
        patched.setattr(recovery, "undo_half_switch", nobody)
        story.type("rollback", "p02", "--yes").ended(2, "git stopped in the middle of a switch", "killed by signal 9")
    assert story.git("status", "--porcelain") != ""
    story.write("README.md", "mine\n")
    story.type("validate", "p01").ended(0)
    assert story.git("status", "--porcelain") == " M README.md"
    assert (story.branch(), INTENT in story.refs(), locks(story)) == (UPPER, False, [])


def test_a_killed_switch_of_another_work_tree_is_put_right_from_here(
    story: Story, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    beside = tmp_path / "beside"
    dying(story).git("switch", "--quiet", "main")
    story.git("worktree", "add", "--quiet", str(beside), UPPER)
    story.write(".git/die")
    with monkeypatch.context() as patched:
        patched.setattr(switch, "undo_half_switch", nobody)
        patched.setattr(recovery, "undo_half_switch", nobody)
        story.type("rollback", "p02", "--yes", cwd=beside).ended(2)
    assert story.git("status", "--porcelain", cwd=beside) != ""
    story.type("validate", "p01").ended(0)
    assert story.git("status", "--porcelain", "--branch", cwd=beside) == f"## {UPPER}"
    assert (story.branch(), INTENT in story.refs()) == ("main", False)
    story.untouched()


def test_files_that_git_could_not_remove_though_it_ended_well_are_put_right_by_the_next_command(story: Story) -> None:
    story.begin()
    (story.path / "old").chmod(0o555)
    typed = [*BOUND_BY_PERMISSIONS, *PROGRAM, "next", "--no-validate"]
    done = subprocess.run(typed, cwd=story.path, capture_output=True, text=True, check=False)
    assert (done.returncode, story.branch()) == (2, FIRST), done
    assert f'git could not replace all files for "{FIRST}"' in done.stderr
    (story.path / "old").chmod(0o755)
    story.type("validate").ended(0)
    assert INTENT not in story.refs()
    assert not (story.path / "old").exists()
    story.untouched()


def test_a_git_that_is_killed_while_it_brings_the_user_back_is_asked_again(story: Story) -> None:
    story.write(".gitattributes", "new/c.txt filter=die\n")
    story.git("config", "filter.die.smudge", SUICIDE.format(story.path))
    story.git("config", "filter.die.clean", "cat")
    newer(story).write(".git/die")
    story.type("restack", "--no-validate").ended(0)
    assert (story.branch(), (story.path / ".git/die").exists(), locks(story)) == (SECOND, False, [])
    story.untouched()


def test_a_switch_at_the_end_of_a_command_that_was_killed_is_done_by_the_next(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.write(".gitattributes", "new/a.txt filter=die\n")
    story.git("config", "filter.die.smudge", SUICIDE.format(story.path))
    story.git("config", "filter.die.clean", "cat")
    story.begin()
    story.write(".git/die")
    with monkeypatch.context() as patched:
        patched.setattr(switch, "undo_half_switch", nobody)
        story.type("next", "--no-validate").ended(2, "the middle of a switch", "restores your files first")
    assert story.git("status", "--porcelain") != ""
    story.write(".git/index.lock")
    intent = story.git("rev-parse", INTENT)
    story.type("validate").ended(0)
    assert (story.branch(), INTENT in story.refs(), locks(story)) == (FIRST, False, [])
    story.untouched()
    # As a git that is killed while it takes the intent away leaves it, when the user is there.
    story.git("-c", "core.logAllRefUpdates=false", "update-ref", INTENT, intent)
    assert "set aside" not in story.type("validate", "--again").ended(0).text
    assert [ref for ref in story.refs() if "intent" in ref] == []
