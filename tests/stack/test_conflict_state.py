"""The commit that says what a command stopped at."""

from __future__ import annotations

import itertools
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import pytest

from migrate.errors import RepositoryError
from migrate.git.merge import Conflict, conflict_key
from migrate.stack.conflict_state import (
    PendingConflict,
    Stoppable,
    read_pending_conflict,
    with_resolution,
    write_pending_conflict,
)
from migrate.stack.run_options import RunOptions

if TYPE_CHECKING:
    from tests.conftest import Sandbox

RESTACK = Stoppable("restack")
ODD = ("with space", "line\nfeed", "ta\tb", "ünï", "raw\udcff", 'quo"te', "\u2028", "-dash")


def trees(repo: Sandbox, count: int) -> list[str]:
    """Trees that no commit and no ref holds."""
    found = []
    for number in range(count):
        repo.write("f", f"{number}\n")
        blob = repo.git("hash-object", "-w", "f")
        found.append(repo.repository.git.run("mktree", stdin=f"100644 blob {blob}\tf\n".encode()).text)
    return found


def conflict(repo: Sandbox, *paths: str) -> Conflict:
    base, ours, theirs, merged = trees(repo, 4)
    return Conflict(base, ours, theirs, merged, paths or ("f",))


def test_what_is_written_is_read_again(repo: Sandbox) -> None:
    first, second = trees(repo, 6)[4:]
    resolutions = {conflict_key("a", "b", "c"): first, conflict_key("d", "e", "f"): second}
    what = 'p01-a: hand edit 90aa1c4 "Fix the döor\udcff"'
    pending_conflict = PendingConflict(
        Stoppable("carry", RunOptions(validate=False), "ünï/x"), what, conflict(repo, *ODD), resolutions
    )
    oid = write_pending_conflict(repo.repository, pending_conflict)
    read = read_pending_conflict(repo.repository, oid)
    assert read == PendingConflict(pending_conflict.command, what, pending_conflict.conflict, resolutions, oid)
    assert read.sentence == f"migrate carry ünï/x --no-validate stopped at a conflict: {what}"
    assert read_pending_conflict(repo.repository, None) is None


def test_every_tree_that_it_names_is_kept_by_it(repo: Sandbox) -> None:
    repo.commit("a")
    more = trees(repo, 7)[4:]
    pending_conflict = PendingConflict(RESTACK, "x", conflict(repo), {f"{n:016x}": tree for n, tree in enumerate(more)})
    repo.git("update-ref", "refs/migrate/m/stopped", write_pending_conflict(repo.repository, pending_conflict))
    repo.git("gc", "--quiet", "--prune=now")
    named = (
        pending_conflict.conflict.base,
        pending_conflict.conflict.ours,
        pending_conflict.conflict.theirs,
        pending_conflict.conflict.merged,
        *more,
    )
    assert len(set(named)) == 7
    for tree in named:
        assert repo.git("cat-file", "-t", tree) == "tree"
        assert repo.git("cat-file", "-t", f"{tree}:f") == "blob"
    assert repo.git("fsck", "--full", "--strict", "--no-dangling") == ""


def test_a_settled_conflict_is_kept_beside_what_was_settled_before(repo: Sandbox) -> None:
    before, tree = trees(repo, 6)[4:]
    pending_conflict = PendingConflict(RESTACK, "x", conflict(repo), {"0" * 16: before}, "f" * 40)
    now = with_resolution(pending_conflict, tree)
    assert now.resolutions == {"0" * 16: before, pending_conflict.conflict.key: tree}
    assert pending_conflict.resolutions == {"0" * 16: before}
    assert (now.command, now.what, now.conflict) == (
        pending_conflict.command,
        pending_conflict.what,
        pending_conflict.conflict,
    )
    assert with_resolution(now, before).resolutions == {"0" * 16: before, pending_conflict.conflict.key: before}


@pytest.mark.parametrize("options", list(itertools.product((True, False), repeat=3)))
def test_the_options_of_a_command_are_kept_as_they_were_given(repo: Sandbox, options: tuple[bool, bool, bool]) -> None:
    command = Stoppable("land", RunOptions(*options))
    read = read_pending_conflict(
        repo.repository, write_pending_conflict(repo.repository, PendingConflict(command, "x", conflict(repo)))
    )
    assert read is not None
    assert read.command == command


def test_a_branch_may_be_called_as_an_option_is(repo: Sandbox) -> None:
    command = Stoppable("carry", branch="--no-verify")
    read = read_pending_conflict(
        repo.repository, write_pending_conflict(repo.repository, PendingConflict(command, "x", conflict(repo)))
    )
    assert read is not None
    assert (read.command.branch, read.command.options) == ("--no-verify", RunOptions())


GOOD: dict[str, object] = {
    "command": asdict(RESTACK),
    "what": "x",
    "paths": ["f"],
    **dict.fromkeys(("base", "ours", "theirs", "merged"), "1" * 40),
    "resolutions": {},
}


@pytest.mark.parametrize(
    "message",
    [
        "nothing of the kind",
        "[]",
        "7",
        json.dumps({key: value for key, value in GOOD.items() if key != "merged"}),
        json.dumps({**GOOD, "command": None}),
        json.dumps({**GOOD, "command": []}),
        json.dumps({**GOOD, "command": ["restack"]}),
        json.dumps({**GOOD, "command": {**asdict(RESTACK), "name": "dance"}}),
        json.dumps({**GOOD, "command": {**asdict(RESTACK), "name": ["restack"]}}),
        json.dumps({**GOOD, "command": {**asdict(RESTACK), "name": "carry"}}),
        json.dumps({**GOOD, "command": {**asdict(RESTACK), "name": "carry", "branch": 7}}),
        json.dumps({**GOOD, "command": {**asdict(RESTACK), "branch": "x"}}),
        json.dumps({**GOOD, "command": {**asdict(RESTACK), "options": {"hooks": "no"}}}),
        json.dumps({**GOOD, "command": {**asdict(RESTACK), "options": {"dance": True}}}),
        json.dumps({**GOOD, "paths": None}),
        json.dumps({**GOOD, "resolutions": []}),
        json.dumps({**GOOD, "resolutions": None}),
        "[" * 100_000,
    ],
    ids=lambda message: message[:30],
)
def test_what_says_nothing_of_a_conflict_is_a_clear_error(repo: Sandbox, message: str) -> None:
    oid = repo.commit(message)
    with pytest.raises(RepositoryError, match=f"{oid[:12]} does not say what stopped") as refused:
        read_pending_conflict(repo.repository, oid)
    assert "migrate abort forgets it" in (refused.value.advice or "")


@pytest.mark.parametrize("what", ["HEAD:f", "HEAD^{tree}"])
def test_a_ref_that_names_no_commit_is_a_clear_error(repo: Sandbox, what: str) -> None:
    repo.commit("a", {"f": "text\n"})
    with pytest.raises(RepositoryError, match="does not say what stopped"):
        read_pending_conflict(repo.repository, repo.git("rev-parse", what))


def test_no_setting_of_a_user_changes_what_is_read(repo: Sandbox) -> None:
    repo.commit("a")
    pending_conflict = PendingConflict(RESTACK, "x", conflict(repo, *ODD))
    oid = write_pending_conflict(repo.repository, pending_conflict)
    for key, value in {
        "log.showSignature": "true",
        "log.decorate": "full",
        "color.ui": "always",
        "i18n.logOutputEncoding": "UTF-16",
        "notes.displayRef": "refs/notes/*",
        "log.follow": "true",
    }.items():
        repo.git("config", key, value)
    repo.git("notes", "add", "-m", "a note", oid)
    read = read_pending_conflict(repo.repository, oid)
    assert read is not None
    assert read.conflict == pending_conflict.conflict
