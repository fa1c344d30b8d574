"""Remotes that cannot or will not take what is pushed, and a sync that ends half-way: nothing is lost, and it is
said."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.orchestrator.sharing import sync as syncing
from tests.scenarios.clones import FIRST, SECOND, THIRD, Clones, clone, hook, sync

KILL = "kill -9 $(cut -d ' ' -f 4 /proc/$PPID/stat)"
"""In a hook: end the program that called git."""


def there(clones: Clones) -> dict[str, str]:
    """Every ref of the remote."""
    lines = clones.origin.git("for-each-ref", "--format=%(refname) %(objectname)").splitlines()
    return dict(line.split(" ") for line in lines)


def test_a_remote_without_atomic_pushes_gets_them_in_order_and_it_is_said(clones: Clones) -> None:
    ada, bob, origin = clones
    origin.git("config", "receive.advertiseAtomic", "false")
    ada.made("run")
    sync(ada).ended(0, "origin cannot take several branches at once; they are pushed one by one, the journal last.")
    clones.sync(bob)
    assert clones.shared(bob) == clones.shared(ada)
    assert bob.states() == ["passed"] * 3


def test_where_one_branch_is_refused_on_such_a_remote_those_below_are_there_and_the_rest_is_named(
    clones: Clones,
) -> None:
    ada, bob, origin = clones
    origin.git("config", "receive.advertiseAtomic", "false")
    hook(origin, "update", f'if [ "$1" = refs/heads/{SECOND} ]; then echo not today; exit 1; fi')
    ada.made("run")
    said = sync(ada).ended(6, f"origin refused {SECOND} (hook declined); it said: not today: pushed: ").err
    _, _, left = said.partition("not pushed: ")
    assert left.splitlines()[0].split(", ")[-5:] == [
        SECOND,
        THIRD,
        "migrate/tidy/made/p03-drop-notes",
        "notes/migrate/tidy",
        "migrate/tidy/journal",
    ]
    assert {f"refs/heads/{FIRST}"} == {ref for ref in there(clones) if ref.startswith("refs/heads/migrate")}
    (origin.path / "hooks/update").unlink()
    clones.sync(ada, bob)
    assert clones.shared(bob) == clones.shared(ada)


def test_where_the_connection_breaks_on_such_a_remote_nothing_is_claimed_that_is_not_known(clones: Clones) -> None:
    ada, _, origin = clones
    origin.git("config", "receive.advertiseAtomic", "false")
    # The first call is for the push of everything at once.
    hook(ada, "pre-push", "if [ $(wc -l) = 2 ] && ! [ -e once ]; then touch once; echo broken pipe >&2; exit 1; fi")
    ada.made("run")
    said = sync(ada).ended(6, '"origin" cannot be pushed to: broken pipe', "; pushed: migrate/tidy/start; ").err
    assert f"perhaps pushed: {FIRST}, migrate/tidy/made/p01-move-old, {SECOND}" in said
    assert "nothing was pushed" not in said
    sync(ada).ended(0)


def test_a_lock_that_a_killed_git_left_on_the_remote_is_named_with_what_removes_it(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("run")
    lock = origin.write(f"refs/heads/{FIRST}.lock")
    said = sync(ada).ended(6, f"was killed there, left ({lock}): nothing was pushed", f"rm {lock}; then: migrate sync")
    assert "somebody else pushed" not in said.text
    lock.unlink()
    clones.sync(ada, bob)


def test_a_push_that_the_remote_gave_up_in_the_middle_says_what_is_there(clones: Clones) -> None:
    ada, bob, origin = clones
    origin.git("config", "core.logAllRefUpdates", "true")
    blocked = origin.write(f"logs/refs/heads/{SECOND}/x")
    ada.made("run")
    said = sync(ada).ended(6, "pushed: ", f"not pushed: {SECOND}").err
    pushed = said.partition("pushed: ")[2].partition("; not pushed")[0].split(", ")
    assert FIRST in pushed
    assert f"refs/heads/{FIRST}" in there(clones)
    blocked.unlink()
    blocked.parent.rmdir()
    clones.sync(ada, bob)
    assert clones.shared(bob) == clones.shared(ada)


@pytest.mark.parametrize(
    ("name", "script", "why"),
    [
        ("update", f'if [ "$1" = refs/heads/{SECOND} ]; then echo not today; exit 1; fi', "hook declined"),
        ("pre-receive", "echo not today; exit 1", "pre-receive hook declined"),
    ],
)
def test_a_hook_of_the_remote_that_refuses_one_ref_refuses_all_and_is_quoted(
    clones: Clones, name: str, script: str, why: str
) -> None:
    ada, _, origin = clones
    hook(origin, name, script)
    ada.made("run")
    before = there(clones)
    said = sync(ada).ended(6, f"({why})", "it said: not today: nothing was pushed", "fix that").err
    assert SECOND in said
    assert there(clones) == before
    (origin.path / "hooks" / name).unlink()
    sync(ada).ended(0)


def test_a_remote_that_takes_no_rewritten_branch_keeps_the_old_one(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("run")
    clones.sync(ada)
    origin.git("config", "receive.denyNonFastForwards", "true")
    ada.git("switch", "--quiet", "main")
    ada.commit("Else", {"old/c.txt": "c\n"})
    ada.made("restack")
    before = there(clones)
    sync(ada).ended(6, f"origin refused {FIRST} (non-fast-forward)", "nothing was pushed")
    assert there(clones) == before
    clones.sync(bob)


def test_a_pre_push_hook_of_the_users_own_is_asked(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("next")
    clones.sync(ada, bob)
    bob.made("next")
    ada.commit("By hand", {"hand.txt": ""})
    clones.sync(ada)
    hook(bob, "pre-push", "echo not from here >&2; exit 1")
    before = there(clones)
    sync(bob).ended(6, '"origin" cannot be pushed to: not from here')
    assert there(clones) == before
    assert bob.git("rev-parse", FIRST) == ada.git("rev-parse", FIRST)
    (bob.path / ".git/hooks/pre-push").unlink()
    clones.sync(bob, ada)
    assert clones.shared(bob) == clones.shared(ada)


def test_somebody_who_is_faster_between_the_look_and_the_push_wins(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("next")
    clones.sync(ada, bob)
    for story in (ada, bob):
        story.git("switch", "--quiet", FIRST)
        story.commit("Edit", {"edit.txt": f"{story.path}\n"})
    oid = ada.git("rev-parse", FIRST)
    hook(bob, "pre-push", f"git -C {ada.path} push --quiet {clones.origin.path} {oid}:refs/heads/{FIRST}")
    sync(bob).ended(
        6, f"somebody else pushed to origin meanwhile ({FIRST}): nothing was pushed", "migrate sync takes it"
    )
    assert there(clones)[f"refs/heads/{FIRST}"] == oid


def test_a_remote_that_cannot_be_reached_or_is_none_changes_nothing(clones: Clones) -> None:
    ada, _, origin = clones
    ada.made("next")
    before = ada.refs()
    origin.path.rename(origin.path.with_name("gone"))
    sync(ada).ended(2, '"origin" cannot be fetched', "git remote get-url origin")
    ada.git("remote", "remove", "origin")
    for command in (("sync", "--yes"), ("restack", "--fetch"), ("plan", "--fetch"), ("land", "--yes", "--fetch")):
        ada.type(*command).ended(2, 'this repository has no remote "origin"', "git remote add origin URL")
    origin.path.with_name("gone").rename(origin.path)
    assert {ref: oid for ref, oid in before.items() if "remotes" not in ref} == ada.refs()


def test_a_journal_there_that_is_none_is_passed_over(clones: Clones) -> None:
    ada = clones.ada
    ada.made("next")
    ada.git("push", "--quiet", "origin", "main:refs/migrate/tidy/journal")
    sync(ada).ended(0, "which is no entry of the journal, and is ignored")
    assert ada.states()[0] == "passed"
    ada.type("undo", "--yes").ended(0)


def test_what_was_pushed_by_hand_before_the_first_sync_is_known_again_after_a_restack(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    ada.git("push", "--quiet", "origin", FIRST, SECOND)
    bob.git("fetch", "--quiet")
    bob.git("branch", "--no-track", FIRST, f"origin/{FIRST}")
    ada.git("switch", "--quiet", "main")
    ada.commit("Else", {"old/c.txt": "c\n"})
    ada.made("restack")
    clones.sync(ada, bob)
    assert clones.shared(bob) == clones.shared(ada)


def test_a_sync_that_is_interrupted_before_anything_moved_is_done_by_the_next(
    clones: Clones, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, bob, _ = clones
    ada.made("next")
    clones.sync(ada)
    before = clones.shared(bob)
    with monkeypatch.context() as patched:
        patched.setattr(syncing, "apply_taken", interrupt)
        sync(bob).ended(130)
    assert clones.shared(bob) == before
    clones.sync(bob)
    assert clones.shared(bob) == clones.shared(ada)


def interrupt(*_: object) -> None:
    """What Ctrl-C does."""
    raise KeyboardInterrupt


def test_a_sync_that_is_killed_when_all_moved_here_is_finished_by_the_next(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("next")
    clones.sync(ada, bob)
    ada.commit("By hand", {"hand.txt": ""})
    bob.made("next")
    clones.sync(ada)
    hook(bob, "pre-push", f"{KILL}; exit 1")
    assert bob.migrate("sync", "--yes").code == -9
    assert bob.git("rev-parse", FIRST) == ada.git("rev-parse", FIRST)
    assert f"refs/heads/{SECOND}" not in there(clones)
    (bob.path / ".git/hooks/pre-push").unlink()
    clones.sync(bob, ada)
    assert clones.shared(bob) == clones.shared(ada)
    bob.sound()


def test_a_sync_that_is_killed_in_the_transaction_is_finished_by_the_next(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("next")
    clones.sync(ada, bob)
    bob.git("switch", "--quiet", FIRST)
    ada.commit("By hand", {"hand.txt": ""})
    clones.sync(ada)
    hook(bob, "reference-transaction", f'if [ "$1" = prepared ] && grep -q {FIRST}$; then {KILL}; exit 1; fi')
    assert bob.migrate("sync", "--yes").code == -9
    (bob.path / ".git/hooks/reference-transaction").unlink()
    clones.sync(bob)
    assert clones.shared(bob) == clones.shared(ada)
    assert bob.branch() == FIRST
    assert (bob.path / "hand.txt").exists()
    bob.untouched()


def test_a_push_of_which_nobody_could_take_note_is_recognised_though_the_branch_went_on(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("run")
    clones.sync(ada, bob)
    ada.git("switch", "--quiet", "main")
    ada.commit("Else", {"old/c.txt": "c\n"})
    ada.made("restack")
    hook(ada, "pre-push", KILL)
    assert ada.migrate("sync", "--yes").code == -9
    (ada.path / ".git/hooks/pre-push").unlink()
    wait_for_push(clones)
    ada.git("switch", "--quiet", "main")
    ada.commit("More", {"old/d.txt": "d\n"})
    ada.made("restack")
    clones.sync(ada, bob)
    assert clones.shared(bob) == clones.shared(ada)


def wait_for_push(clones: Clones) -> None:
    """Wait until the git that outlived the program has pushed."""
    tip = clones.ada.git("rev-parse", "refs/migrate/tidy/journal")
    while there(clones)["refs/migrate/tidy/journal"] != tip:
        pass


def test_a_partial_clone_takes_part(clones: Clones, tmp_path: Path) -> None:
    ada, _, origin = clones
    origin.git("config", "uploadpack.allowFilter", "true")
    ada.made("next")
    clones.sync(ada)
    eve = clone(ada, origin, tmp_path / "eve", "Eve", "--filter=blob:none")
    eve.type("sync").ended(0)
    eve.made("next")
    clones.sync(eve, ada)
    assert ada.states() == eve.states() == ["passed", "passed", "pending"]


def test_a_lock_that_a_killed_git_left_on_what_is_noted_holds_nothing_up(clones: Clones) -> None:
    ada, bob, _ = clones
    ada.made("next")
    clones.sync(ada)
    lock = bob.path / f".git/refs/migrate-remotes/origin/tidy/heads/{FIRST}.lock"
    lock.parent.mkdir(parents=True)
    lock.touch()
    clones.sync(bob)
    assert clones.shared(bob) == clones.shared(ada)


def test_a_sync_that_was_put_back_lets_the_next_one_take_what_a_colleague_did(clones: Clones) -> None:
    ada, bob, origin = clones
    ada.made("run")
    clones.sync(ada, bob)
    bob.git("switch", "--quiet", FIRST)
    theirs = bob.commit("A fix", {"new/fix.txt": "fix\n"})
    clones.sync(bob)
    reflog = ada.path / ".git/logs/refs/migrate/tidy/journal"
    content = reflog.read_bytes()
    reflog.unlink()
    reflog.symlink_to("/dev/full")
    sync(ada).ended(2, "what had moved was put back")
    reflog.unlink()
    reflog.write_bytes(content)
    sync(ada).ended(0)
    for place in (ada, origin):
        assert place.git("merge-base", theirs, FIRST) == theirs
