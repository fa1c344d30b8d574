"""The end of a migration: what is removed, what stays, and what is dropped on the way."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from migrate.git.history import Commit
from migrate.git.repository import Repository
from migrate.stack import entries
from tests.scenarios.clones import FIRST, SECOND, THIRD, Clones, hook, sync
from tests.story import Story, prepared

OWN = ("refs/heads/migrate", "refs/migrate", "refs/notes", "refs/migrate-remotes", "refs/remotes/origin/migrate")


def left(story: Story) -> dict[str, str]:
    """What a clone still has of the migration."""
    return story.refs(*OWN)


@pytest.fixture
@prepared
def landed(clones: Clones) -> Clones:
    """A migration all of which has landed; the branches are on the remote still."""
    ada, bob, _ = clones
    ada.made("run")
    clones.sync(ada, bob)
    ada.git("push", "--quiet", "origin", f"{THIRD}:main")
    ada.made("land", "--fetch", "--yes")
    clones.sync(ada)
    return clones


def test_when_all_has_landed_nothing_is_left_but_the_log(landed: Clones) -> None:
    ada, _, origin = landed
    ada.type("status").ended(0, "All 3 phases have landed.", "Next: migrate finish")
    before = ada.refs(), origin.git("for-each-ref")
    said = ada.type("finish").ended(6, "there is no terminal to ask on", "migrate finish --yes").err
    assert (ada.refs(), origin.git("for-each-ref")) == before
    assert f"This will be deleted on origin:\n  {FIRST}   " in said
    log = ada.type("log").ended(0).out
    slots = [line for line in ada.git("worktree", "list").splitlines()[1:] if line]
    assert slots
    tidy = ("migrate/tidy/made/p01-move-old", "notes/migrate/tidy", "migrate-remotes/origin/tidy/journal")
    for name in (*tidy, "migrate-remotes/other/tidy/heads/main", f"remotes/origin/{FIRST}", "remotes/origin/main"):
        ada.write(f".git/refs/{name}.lock")  # Of a finish that was killed.
    done = ada.type("finish", "--yes", "--json").ended(0, "tidy is finished").json
    assert (ada.path / "migration-tidy.md").read_text() == log
    assert done["log"] == str(ada.path / "migration-tidy.md")
    assert f"refs/heads/{FIRST}" in done["removed_on_remote"]
    assert done["kept"] == []
    assert left(ada) == {}
    assert origin.git("for-each-ref", "--format=%(refname)") == "refs/heads/main"
    assert len(ada.git("worktree", "list").splitlines()) == 1
    assert not (ada.path / ".git/migrate/logs").exists()
    ada.type("finish", "--yes").ended(4, "Nothing is left of tidy.")
    assert "migrate finish" not in ada.type("status").ended(0, "All 3 phases have landed.").text
    ada.sound()


def test_what_refuses_a_push_is_followed_by_finish_and_by_nothing_that_pushes_it_again(landed: Clones) -> None:
    ada, _, origin = landed
    hook(origin, "pre-receive", "echo not today; exit 1")
    ada.type("finish", "--yes").ended(6, "it said: not today", "fix that; then: migrate finish --yes")
    hook(ada, "pre-push", "echo not from here >&2; exit 1")
    ada.type("finish", "--yes").ended(6, "not from here", "fix that, then run migrate finish --yes again")
    (origin.path / "hooks/pre-receive").unlink()
    (ada.path / ".git/hooks/pre-push").unlink()
    ada.type("finish", "--yes").ended(0)
    assert left(ada) == {}


@pytest.mark.parametrize("together", [False, True])
def test_what_landed_in_silence_has_landed_after_the_end(clones: Clones, together: bool) -> None:
    ada, bob, _ = clones
    ada.made("run")
    clones.sync(ada, bob)
    ada.git("switch", "--quiet", "main")
    for branch in [THIRD] if together else [FIRST, SECOND, THIRD]:
        ada.git("merge", "--quiet", "--squash", branch)
        ada.commit("Merge (#1)", {"README.md": f"See new/a.txt, as {branch} says.\n"})
        ada.git("push", "--quiet", "origin", "main")
        ada.made("land", "--yes")
    clones.sync(ada)
    said = ada.status()["phases"]
    assert [row["state"] for row in said] == ["landed"] * 3
    done = ada.type("finish", "--yes").ended(0, "This clone remembers it, and others see them as pending")
    assert f"p02-add-guide in {said[1]['commit'][:7]}" in done.err
    assert [(row["state"], row["commit"]) for row in ada.status()["phases"]] == [
        (row["state"], row["commit"]) for row in said
    ]
    assert ada.type("where", "old/a.txt").ended(0).out == "new/a.txt\n"
    assert list(left(ada)) == []
    ada.type("next").ended(4)
    ada.type("finish", "--yes").ended(4, "Nothing is left of tidy.")
    ada.git("push", "--quiet", "origin", "refs/migrate-landed/*:refs/migrate-landed/*")
    bob.git("pull", "--quiet", "--ff-only")
    bob.git("fetch", "--quiet", "origin", "+refs/migrate-landed/*:refs/migrate-landed/*")
    bob.type("status").ended(0, "refs/migrate-landed/tidy was not made in this clone")
    bob.type("sync", "--yes").ended(6, "somebody finished it")
    bob.made("land", "--yes").made("finish", "--yes")
    assert bob.states() == ["landed"] * 3
    ada.git("reset", "--quiet", "--hard", "HEAD^")
    ada.git("update-ref", "-d", "refs/remotes/origin/main")
    assert ada.states() == (["pending"] * 3 if together else ["landed", "landed", "pending"])


def test_a_colleague_does_not_bring_it_back_by_a_sync(landed: Clones) -> None:
    ada, bob, origin = landed
    ada.made("finish", "--yes")
    bob.git("pull", "--quiet", "--ff-only")
    bob.type("sync", "--yes").ended(6, "somebody finished it", "migrate finish ends it here, too")
    bob.type("finish", "--yes").ended(0)
    assert left(bob) == {}
    assert origin.git("for-each-ref", "--format=%(refname)") == "refs/heads/main"


def test_while_phases_have_not_landed_it_is_refused_with_their_names(clones: Clones) -> None:
    ada, _, _ = clones
    ada.made("next")
    before = ada.refs()
    ada.type("finish", "--yes").ended(6, "3 phases of 3 have not landed: p01-move-old (passed)", "--abandon")
    assert ada.refs() == before


def test_an_abandoned_migration_is_removed_and_commits_by_hand_stay(clones: Clones) -> None:
    ada, _, origin = clones
    ada.made("run")
    clones.sync(ada)
    ada.git("switch", "--quiet", SECOND)
    ada.commit("By hand", {"hand.txt": ""})
    ada.git("switch", "--quiet", THIRD)
    done = (
        ada.type("finish", "--abandon", "--yes", "--json").ended(0, f"{SECOND} stays: 1 commit of it is nowhere").json
    )
    assert set(left(ada)) == {f"refs/heads/{SECOND}"}
    assert [row["ref"] for row in done["kept"]] == [f"refs/heads/{SECOND}"]
    assert origin.git("for-each-ref", "--format=%(refname)") == "refs/heads/main"
    assert ada.branch() == "main"


def test_the_journal_is_read_once_for_all_branches_and_the_log(landed: Clones, monkeypatch: pytest.MonkeyPatch) -> None:
    tip = landed.ada.git("rev-parse", "refs/migrate/tidy/journal")
    read: list[object] = []
    real = entries.read_history

    def counted(repository: Repository, tips: Sequence[str], *args: Any, **options: Any) -> dict[str, Commit]:
        read.extend(each for each in tips if each == tip and options.get("walk", True))
        return real(repository, tips, *args, **options)

    monkeypatch.setattr(entries, "read_history", counted)
    landed.ada.type("finish", "--yes").ended(0)
    assert len(read) == 1


def test_the_remote_can_be_left_as_it_is(landed: Clones) -> None:
    ada, _, origin = landed
    before = origin.git("for-each-ref")
    ada.made("finish", "--keep-remote", "--yes")
    assert origin.git("for-each-ref") == before
    assert all(ref.startswith("refs/remotes/") for ref in left(ada))


def test_what_was_abandoned_is_not_to_be_published_again(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("run")
    clones.sync(ada, bob)
    for story in (ada, bob):
        story.made("finish", "--abandon", "--keep-remote", "--yes")
        story.git("fetch", "--quiet")
        said = story.type("status").ended(0, "tidy was finished here, but origin still has some of it.").out
        assert said.endswith("Next: migrate finish --abandon   (deletes it on origin, too)\n")
        assert "migrate sync" not in said
        story.type("finish", "--abandon", "--keep-remote", "--yes").ended(4, "Nothing is left of tidy.")
    sync(bob).ended(0)
    assert "was finished here" not in bob.type("status").ended(0).text
    ada.made("finish", "--abandon", "--yes")
    assert origin.git("for-each-ref", "--format=%(refname)") == "refs/heads/main"
    assert ada.status()["next"] == "migrate next"


def test_an_end_that_a_fetch_brought_is_passed_over(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("run")
    clones.sync(ada)
    ada.git("push", "--quiet", "origin", "main:refs/migrate-ended/tidy")
    bob.git(
        "fetch",
        "--quiet",
        "origin",
        "+refs/migrate-ended/*:refs/migrate-ended/*",
        "+refs/heads/*:refs/remotes/origin/*",
    )
    bob.type("status").ended(0, "refs/migrate-ended/tidy was not made in this clone", "Next: migrate sync")
    sync(bob).ended(0)
    assert origin.git("rev-parse", "refs/migrate-ended/tidy") == ada.git("rev-parse", "main")
    assert bob.refs("refs/migrate-ended") == {}


def test_changes_that_are_not_in_the_base_stay_on_their_branch(landed: Clones) -> None:
    ada, bob, origin = landed
    bob.git("switch", "--quiet", THIRD)
    tip = bob.commit("Late", {"late.txt": ""})
    bob.git("push", "--quiet", "origin", THIRD)
    ada.type("finish", "--yes").ended(0, f"{THIRD} on origin stays: it holds changes that are not in main")
    assert origin.git("rev-parse", THIRD) == tip


def test_a_revert_that_nobody_merged_stays(landed: Clones) -> None:
    ada, _, _ = landed
    ada.made("rollback", "p03", "--yes")
    revert = "migrate/tidy/revert-p03-drop-notes"
    ada.type("finish", "--yes").ended(0, f"{revert} stays: its commits exist nowhere else")
    assert set(left(ada)) == {f"refs/heads/{revert}"}


def test_a_revert_that_was_merged_is_removed(clones: Clones) -> None:
    ada, _, _ = clones
    ada.made("run")
    ada.git("switch", "--quiet", "main")
    ada.git("merge", "--quiet", "--ff-only", THIRD)
    ada.made("land", "--yes")
    ada.made("rollback", "p03", "--yes")
    revert = "migrate/tidy/revert-p03-drop-notes"
    ada.git("switch", "--quiet", "main")
    ada.git("merge", "--quiet", "--ff-only", revert)
    ada.type("finish", "--yes").ended(6, "1 phase of 3 has not landed: p03-drop-notes (reverted)")
    ada.made("finish", "--abandon", "--yes")
    assert left(ada) == {}


def test_no_file_is_overwritten_by_the_log_but_one_that_a_killed_finish_began(landed: Clones) -> None:
    ada, _, _ = landed
    mine = ada.write("migration-tidy.md", "mine\n")
    before = ada.refs()
    ada.type("finish", "--yes").ended(6, "already exists", "--log names another file")
    assert ada.refs() == before
    assert mine.read_text() == "mine\n"
    (ada.path / "begun.md").write_text(ada.type("log").ended(0).out[:20])
    (ada.path / "link.md").symlink_to("begun.md")
    ada.type("finish", "--yes", "--log", "link.md").ended(6, "already exists")
    ada.type("finish", "--yes", "--log", "nowhere/log.md").ended(6, "no folder")
    log = ada.type("log").ended(0).out
    ada.type("finish", "--yes", "--log", "begun.md").ended(0)
    assert (ada.path / "begun.md").read_text() == log


def test_it_ends_without_a_remote(story: Story) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--ff-only", THIRD)
    story.git("switch", "--quiet", THIRD)
    story.made("finish", "--yes")
    assert left(story) == {}
    assert story.branch() == "main"


def test_a_branch_that_is_open_elsewhere_stays(story: Story, tmp_path: Path) -> None:
    story.begin().made("run")
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--ff-only", THIRD)
    story.git("worktree", "add", "--quiet", str(tmp_path / "beside"), SECOND)
    story.type("finish", "--yes").ended(0, f"{SECOND} stays: it is checked out in")
    assert set(left(story)) == {f"refs/heads/{SECOND}"}


def archives(story: Story) -> set[str]:
    """The operations that have an archive."""
    return {ref.split("/")[4] for ref in story.refs("refs/migrate/tidy/archive")}


def test_old_archives_are_dropped_and_no_sync_brings_them_back(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("next")
    for _ in range(2):
        ada.made("undo", "--yes")
        ada.made("redo", "--yes")
    clones.sync(ada, bob)
    both = archives(ada)
    assert len(both) == 2
    assert archives(bob) == both
    ada.type("prune", "--keep", "1").ended(6, "only until git gc deletes it", "migrate prune --keep 1 --yes")
    said = ada.type("prune", "--keep", "1", "--yes", "--json").ended(0).json
    assert [row["operation"] for row in said["pruned"]] == [min(map(int, both))]
    kept = {str(max(map(int, both)))}
    assert archives(ada) == kept
    sync(ada).ended(0, "archive  -1  (pruned)")
    clones.sync(bob, ada, bob)
    assert archives(ada) == archives(bob) == kept
    assert len(origin.git("for-each-ref", "refs/migrate/tidy/archive").splitlines()) == 1
    ada.type("sync").ended(4)
    bob.type("sync").ended(4)
    ada.type("prune", "--keep", "1", "--yes").ended(4, "No archive is old enough.")


def test_what_was_pruned_is_not_even_fetched_again(clones: Clones) -> None:
    ada, _, _ = clones
    ada.made("next").made("rollback", "p01", "--yes")
    clones.sync(ada)
    ada.made("prune", "--keep", "0", "--yes")
    shutil.rmtree(ada.path / ".git/logs")
    for line in ada.git("worktree", "list").splitlines()[1:]:
        ada.git("worktree", "remove", "--force", "--force", line.split()[0])
    ada.git("gc", "--quiet", "--prune=now")
    count = ada.git("count-objects", "-v")
    ada.type("sync", "--fetch-only").ended(4)
    assert ada.git("count-objects", "-v") == count


def test_archives_are_dropped_by_their_age(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.begin().made("next").made("undo", "--yes")
    monkeypatch.setitem(os.environ, "GIT_AUTHOR_DATE", "2099-01-01T12:00:00+0000")
    monkeypatch.setitem(os.environ, "GIT_COMMITTER_DATE", "2099-01-01T12:00:00+0000")
    story.made("redo", "--yes").made("undo", "--yes")
    assert len(archives(story)) == 2
    story.type("prune", "--older-than", "4w", "--yes").ended(0, "The archives of 1 operation were deleted.")
    assert len(archives(story)) == 1
    story.type("prune", "--yes").ended(4)
    story.type("prune", "--older-than", "soon").ended(2, "such as 30d or 4w")


def test_undo_brings_back_what_was_pruned_until_git_deletes_it(story: Story) -> None:
    story.begin().made("next")
    tip = story.git("rev-parse", FIRST)
    story.made("rollback", "p01", "--yes")
    said = "Undo can bring back what they hold only until git gc deletes it:"
    story.type("prune", "--keep", "0", "--yes").ended(0, said)
    story.made("undo", "--yes")
    assert story.git("rev-parse", FIRST) == tip


def test_undo_says_when_what_it_needs_was_pruned(story: Story) -> None:
    story.begin().made("next").made("rollback", "p01", "--yes").made("prune", "--keep", "0", "--yes")
    for line in story.git("worktree", "list").splitlines()[1:]:  # A slot holds what it last ran on.
        story.git("worktree", "remove", "--force", "--force", line.split()[0])
    story.git("reflog", "expire", "--expire=now", "--all")
    story.git("gc", "--quiet", "--prune=now")
    story.type("undo", "--yes").ended(6, "the commits that it needs were pruned")


def test_status_says_how_much_is_kept_when_asked(story: Story) -> None:
    story.begin().made("next").made("undo", "--yes")
    said = story.type("status", "-v").ended(0).out
    assert "archive       1 operation, 1 ref" in said
    assert ".git/migrate" in said
    assert story.type("status", "-v", "--json").ended(0).json["kept"]["operations"] == 1
    assert "archive" not in story.type("status").ended(0).out


@prepared
def landed_after_a_restack(clones: Clones) -> Clones:
    """All has landed as it was restacked; in Bob's clone the branches are those from before that."""
    ada, bob, _ = clones
    ada.made("run")
    clones.sync(ada, bob)
    ada.git("switch", "--quiet", "main")
    ada.commit("Else", {"old/c.txt": "c\n", "README.md": "See old/a.txt, and old/c.txt.\n"})
    ada.git("push", "--quiet", "origin", "main")
    ada.made("restack")
    clones.sync(ada)
    ada.git("push", "--quiet", "origin", f"{THIRD}:main", *(f":{branch}" for branch in (FIRST, SECOND, THIRD)))
    ada.made("land", "--fetch", "--yes")
    clones.sync(ada, bob)
    bob.git("pull", "--quiet", "--ff-only")
    assert bob.states() == ["landed"] * 3
    assert len(bob.refs("refs/heads/migrate")) == 3
    return clones


@pytest.mark.parametrize("command", ["land", "finish"])
def test_a_branch_from_before_a_restack_holds_nothing_of_its_own(clones: Clones, command: str) -> None:
    _, bob, _ = landed_after_a_restack(clones)
    assert "stays" not in bob.type(command, "--yes").ended(0).text
    assert bob.refs("refs/heads/migrate") == {}


@pytest.mark.parametrize("command", ["land", "finish"])
@pytest.mark.parametrize("how", ["on top", "amended"])
def test_what_a_person_did_on_such_a_branch_stays(clones: Clones, command: str, how: str) -> None:
    _, bob, _ = landed_after_a_restack(clones)
    bob.git("switch", "--quiet", SECOND)
    bob.write("hand.txt", "by hand\n")
    bob.git("add", "--all")
    bob.git("commit", "--quiet", *(("-m", "By hand") if how == "on top" else ("--amend", "--no-edit")))
    bob.git("switch", "--quiet", "main")
    bob.type(command, "--yes").ended(0, f"{SECOND} stays: it holds changes that are not in main")
    assert bob.refs("refs/heads/migrate").keys() == {f"refs/heads/{SECOND}"}


def test_a_second_finish_leaves_the_log_of_the_first_as_it_is(landed: Clones) -> None:
    ada, _, _ = landed
    ada.git("switch", "--quiet", THIRD)
    ada.commit("Late", {"late.txt": ""})
    ada.git("switch", "--quiet", "main")
    ada.type("finish", "--yes").ended(0, f"{THIRD} stays")
    log = (ada.path / "migration-tidy.md").read_text()
    ada.git("branch", "--force", THIRD, f"{THIRD}^")
    ada.type("finish", "--yes").ended(0, "Its log is in")
    assert (ada.path / "migration-tidy.md").read_text() == log
    assert left(ada) == {}
