"""What is read of a migration at once: its base, what arrived there, and refs that a kill left half-way."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrate.git.refs import RefUpdate, read_refs
from migrate.journal.record import Operation, record
from migrate.plan.model import Plan
from migrate.plan.names import RefNames
from migrate.plan.reader import read_plan
from migrate.stack.project import Project
from migrate.stack.snapshot import take_snapshot

if TYPE_CHECKING:
    from tests.conftest import Sandbox

NAMES = RefNames("m")
LOCAL, REMOTE, FIRST = "refs/heads/main", "refs/remotes/origin/main", "refs/heads/migrate/m/p01-first"
OURS = "Do it\n\nMigration: m\nMigration-Phase: p01-first\nMigration-Source: d1\n"


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    (tmp_path / "p01_first.py").write_text('"""First."""\ndef apply(ws): ...\n')
    (tmp_path / "migrate.toml").write_text('[migration]\nname = "m"\n')
    return read_plan(tmp_path / "migrate.toml")


@pytest.mark.parametrize(
    ("local", "remote", "expected"),
    [
        ("a", "a", "main"),
        ("a", "b", "main"),
        ("b", "a", "main"),
        ("b", "c", "main"),
        ("a", None, "main"),
        (None, "a", "origin/main"),
    ],
    ids=["same", "remote newer", "local newer", "diverged", "local alone", "remote alone"],
)
def test_the_base_is_our_branch_and_the_remotes_where_there_is_none(
    repo: Sandbox, plan: Plan, local: str | None, remote: str | None, expected: str
) -> None:
    a, b = repo.commit("a"), repo.commit("b")
    repo.git("switch", "--quiet", "--detach", a)
    oids = {"a": a, "b": b, "c": repo.commit("c")}
    repo.git("update-ref", "-d", LOCAL)
    for ref, name in ((LOCAL, local), (REMOTE, remote)):
        if name is not None:
            repo.git("update-ref", ref, oids[name])
    snapshot = take_snapshot(repo.repository, plan)
    assert snapshot.base_branch == expected
    assert snapshot.base == oids[(local if expected == "main" else remote) or ""]


def test_the_base_is_the_remotes_where_the_stack_stands_on_what_only_the_remote_has(repo: Sandbox, plan: Plan) -> None:
    a, b = repo.commit("a"), repo.commit("b")
    repo.git("update-ref", REMOTE, b)
    repo.git("reset", "--quiet", "--hard", a)
    repo.git("update-ref", NAMES.start, a)
    assert take_snapshot(repo.repository, plan).base == a
    repo.git("switch", "--quiet", "--detach", b)
    repo.git("update-ref", FIRST, repo.commit("c"))
    snapshot = take_snapshot(repo.repository, plan)
    assert (snapshot.base_branch, snapshot.base, set(snapshot.landings)) == ("origin/main", b, set())


# -- what arrived -----------------------------------------------------------------------------------------------


def begun(repo: Sandbox) -> None:
    """A base on which a phase was made."""
    repo.git("update-ref", NAMES.start, repo.commit("a", {"old/a": "", "b": ""}))


def arrived(repo: Sandbox, plan: Plan) -> tuple[str, ...]:
    return take_snapshot(repo.repository, plan).arrived


def test_nothing_arrives_before_a_phase_has_landed(repo: Sandbox, plan: Plan) -> None:
    repo.commit("a", {"old/a": ""})
    assert arrived(repo, plan) == ()
    repo.git("update-ref", NAMES.start, "HEAD")
    repo.commit("theirs", {"old/late": ""})
    assert arrived(repo, plan) == ()


def test_files_that_others_brought_arrived_before_the_phase_or_after(repo: Sandbox, plan: Plan) -> None:
    begun(repo)
    repo.commit("theirs", {"old/early": "", "b": "changed\n"})
    repo.commit(OURS, {"new/a": ""})
    repo.commit("theirs, too", {"old/late": ""})
    assert arrived(repo, plan) == ("old/early", "old/late")


def test_files_came_by_a_merge_as_well(repo: Sandbox, plan: Plan) -> None:
    begun(repo)
    repo.git("branch", "side")
    repo.commit(OURS, {"new/a": ""})
    repo.git("switch", "--quiet", "side")
    repo.commit("theirs", {"old/late": ""})
    repo.git("switch", "--quiet", "main")
    repo.git("merge", "--quiet", "--no-ff", "-m", "Merge side", "side")
    assert arrived(repo, plan) == ("old/late",)


def test_what_is_gone_again_or_was_only_changed_did_not_arrive(repo: Sandbox, plan: Plan) -> None:
    begun(repo)
    repo.commit(OURS, {"new/a": ""})
    repo.commit("theirs", {"old/late": "", "old/a": "changed\n"})
    repo.git("rm", "-q", "old/late")
    repo.commit("away again")
    assert arrived(repo, plan) == ()


@pytest.mark.parametrize("says", ["This reverts commit {oid}.", "This takes back p01-first ({oid})."])
def test_what_a_revert_brought_back_did_not_arrive(repo: Sandbox, plan: Plan, says: str) -> None:
    begun(repo)
    (repo.path / "old/a").unlink()
    oid = repo.commit(OURS, {"new/a": ""})
    repo.commit(f"Back\n\n{says.format(oid=oid)}\n", {"old/a": ""})
    assert arrived(repo, plan) == ()


def test_what_landed_without_trailers_did_not_arrive(repo: Sandbox, plan: Plan) -> None:
    begun(repo)
    repo.git("switch", "--quiet", "-c", "side")
    made = repo.commit(OURS, {"new/a": ""})
    repo.git("switch", "--quiet", "main")
    oid = repo.commit("An emptied message (#1)", {"new/a": "", "else": "by a squash\n"})
    repo.git("update-ref", NAMES.made("p01-first"), made)
    assert arrived(repo, plan) == ()
    repo.git("update-ref", NAMES.landed("p01-first"), oid)
    assert arrived(repo, plan) == ()
    repo.commit("theirs", {"old/ünï\udcff": ""})
    assert arrived(repo, plan) == ("old/ünï\udcff",)


def test_a_phase_of_another_migration_is_somebody_elses(repo: Sandbox, plan: Plan) -> None:
    begun(repo)
    repo.commit(OURS, {"new/a": ""})
    repo.commit(OURS.replace("Migration: m", "Migration: other"), {"other/a": ""})
    assert arrived(repo, plan) == ("other/a",)


# -- a kill half-way --------------------------------------------------------------------------------------------


def killed(repo: Sandbox, plan: Plan, moved: Mapping[str, str | None]) -> dict[str, str]:
    """Refs as a killed git left them when it had moved just some of those of the last operation."""
    entry = repo.git("rev-parse", NAMES.journal)
    for ref in json.loads(repo.git("log", "-1", "--format=%b", NAMES.journal))["refs"]:
        value = moved.get(ref["ref"], ref["old"])
        repo.git("update-ref", ref["ref"], value or "0" * 40)
    repo.git("update-ref", "-d", NAMES.journal)
    repo.git("update-ref", "--create-reflog", "-m", "migrate: what was killed", NAMES.intent, entry)
    return read_refs(repo.repository)


@pytest.mark.parametrize("moved", ["nothing", "the first", "a third value"])
def test_an_operation_that_moved_in_part_is_seen_whole_and_looking_moves_nothing(
    repo: Sandbox, plan: Plan, moved: str
) -> None:
    a, b, c = (repo.commit(name) for name in "abc")
    repo.git("update-ref", FIRST, a)
    project = Project(repo.repository, plan, "migrate test", "abc")
    made = NAMES.made("p01-first")
    updates = (RefUpdate(NAMES.start, None, a), RefUpdate(FIRST, a, b), RefUpdate(made, None, b))
    record(project.look(), Operation("make p01-first", updates))
    values = {"nothing": {}, "the first": {NAMES.start: a}, "a third value": {NAMES.start: a, FIRST: c}}[moved]
    before = killed(repo, plan, values)
    seen = take_snapshot(repo.repository, plan).refs
    expected = {"nothing": (None, a, None), "the first": (a, b, b), "a third value": (a, c, b)}[moved]
    assert (seen.get(NAMES.start), seen.get(FIRST), seen.get(made)) == expected
    assert read_refs(repo.repository) == before


def test_a_branch_that_was_to_go_is_seen_gone(repo: Sandbox, plan: Plan) -> None:
    a = repo.commit("a")
    repo.git("update-ref", FIRST, a)
    project = Project(repo.repository, plan, "migrate test", "abc")
    record(project.look(), Operation("rollback", (RefUpdate(FIRST, a, None),)))
    killed(repo, plan, {NAMES.archive(1, "p01-first"): a})
    assert FIRST in read_refs(repo.repository)
    assert take_snapshot(repo.repository, plan).branch("migrate/m/p01-first") is None
