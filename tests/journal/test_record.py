"""The journal, and the snapshot that it is read with, on real repositories."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrate.errors import RefusedError, RepositoryError
from migrate.git.refs import RefUpdate, read_refs
from migrate.journal.record import Operation, next_number, record
from migrate.plan.model import Plan
from migrate.plan.names import RefNames
from migrate.plan.reader import read_plan
from migrate.stack.entries import LAST, own_entries, read_journal
from migrate.stack.project import Context, Project
from migrate.stack.snapshot import take_snapshot

if TYPE_CHECKING:
    from tests.conftest import Sandbox

NAMES = RefNames("m")


def look(repo: Sandbox, plan: Plan) -> Context:
    """What a command that was typed sees of the repository."""
    return Project(repo.repository, plan, "migrate test", "abc").look()


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    (tmp_path / "p01_first.py").write_text('"""First."""\ndef apply(ws): ...\n')
    (tmp_path / "migrate.toml").write_text('[migration]\nname = "m"\n')
    return read_plan(tmp_path / "migrate.toml")


def test_an_operation_moves_its_refs_and_says_so(repo: Sandbox, plan: Plan) -> None:
    a, b = repo.commit("a"), repo.commit("b")
    repo.git("branch", "migrate/m/p01-first", a)
    update = RefUpdate("refs/heads/migrate/m/p01-first", a, b)
    context = look(repo, plan)
    number = record(context, Operation("next p01-first", (update,)))
    refs = read_refs(repo.repository)
    assert number == 1
    assert refs[update.ref] == b
    assert refs["refs/migrate/m/archive/1/p01-first"] == a
    title, _, body = repo.git("log", "-1", "--format=%B", NAMES.journal).partition("\n\n")
    assert title == "next p01-first"
    assert json.loads(body) == {
        "version": 1,
        "number": 1,
        "command": "migrate test",
        "invocation": "abc",
        "kind": "done",
        "refs": [
            {"ref": "refs/migrate/m/archive/1/p01-first", "old": None, "new": a},
            {"ref": update.ref, "old": a, "new": b},
        ],
    }
    assert repo.git("fsck", "--full", "--strict", "--no-dangling") == ""


def test_operations_form_a_chain_and_count_up(repo: Sandbox, plan: Plan) -> None:
    a = repo.commit("a")
    for n in range(1, 4):
        context = look(repo, plan)
        assert next_number(repo.repository, context.snapshot, NAMES) == n
        update = RefUpdate(f"refs/heads/x{n}", None, a)
        assert record(context, Operation(f"step {n}", (update,))) == n
    assert repo.git("log", "--format=%s", NAMES.journal).splitlines() == ["step 3", "step 2", "step 1"]
    assert not any("importing" in ref for ref in read_refs(repo.repository))


def test_a_branch_that_moved_since_the_snapshot_stops_the_whole_operation(repo: Sandbox, plan: Plan) -> None:
    a = repo.commit("a")
    repo.git("branch", "migrate/m/p01-first", a)
    context = look(repo, plan)
    b = repo.commit("b")
    repo.git("branch", "--force", "migrate/m/p01-first", b)
    before = read_refs(repo.repository)
    updates = (RefUpdate("refs/heads/other", None, b), RefUpdate("refs/heads/migrate/m/p01-first", a, None))
    with pytest.raises(RefusedError, match="was not done"):
        record(context, Operation("rollback", updates))
    assert read_refs(repo.repository) == before


def test_two_commands_at_once_cannot_both_write_the_next_entry(repo: Sandbox, plan: Plan) -> None:
    a = repo.commit("a")
    context = look(repo, plan)
    record(context, Operation("one", (RefUpdate("refs/heads/one", None, a),)))
    with pytest.raises(RefusedError):
        record(context, Operation("two", (RefUpdate("refs/heads/two", None, a),)))
    assert "refs/heads/two" not in read_refs(repo.repository)
    assert repo.git("log", "--format=%s", NAMES.journal) == "one"


def test_a_journal_that_something_else_wrote_into_is_told_once_and_goes_on(repo: Sandbox, plan: Plan) -> None:
    a = repo.commit("not an entry")
    told: list[str] = []
    repo.repository.tell = told.append
    one = Operation("one", (RefUpdate("refs/heads/one", None, a),))
    assert record(look(repo, plan), one) == 1
    strange = repo.git("commit-tree", "-p", NAMES.journal, "-m", "strange", f"{a}^{{tree}}")
    repo.git("update-ref", NAMES.journal, strange)
    repo.git("update-ref", f"{NAMES.archive_prefix}7/x", a)
    assert record(look(repo, plan), replace(one, updates=(RefUpdate("refs/heads/two", None, a),))) == 8
    assert record(look(repo, plan), replace(one, updates=(RefUpdate("refs/heads/3", None, a),))) == 9
    assert [strange[:12] in said for said in told] == [True]
    entries = read_journal(repo.repository, NAMES, repo.git("rev-parse", NAMES.journal))
    assert [entry.number for entry in entries] == [1, 0, 8, 9]
    assert own_entries(entries) == entries


@pytest.mark.parametrize(("forged", "after"), [(10**9, 10**9 + 1), (LAST - 1, LAST), (LAST, 4), (10**300, 4)])
def test_no_number_leaves_none_for_the_next_operation(repo: Sandbox, plan: Plan, forged: int, after: int) -> None:
    a = repo.commit("a")
    tip = repo.commit('x\n\n{"number": 3, "refs": []}')
    tip = repo.git("commit-tree", "-p", tip, "-m", f'x\n\n{{"number": {forged}, "refs": []}}', f"{a}^{{tree}}")
    repo.git("update-ref", NAMES.journal, tip)
    assert next_number(repo.repository, take_snapshot(repo.repository, plan), NAMES) == after


def test_a_title_of_any_text_can_be_counted_on_from(repo: Sandbox, plan: Plan) -> None:
    a = repo.commit("a")
    updates = (RefUpdate("refs/heads/ünï\u2028x", None, a),)
    record(look(repo, plan), Operation("approve: “smöke”", updates))
    assert next_number(repo.repository, take_snapshot(repo.repository, plan), NAMES) == 2


# -- the snapshot -----------------------------------------------------------------------------------------------


def test_a_snapshot_holds_what_the_branches_have_beyond_the_base(repo: Sandbox, plan: Plan) -> None:
    a = repo.commit("a")
    repo.git("switch", "--quiet", "-c", "migrate/m/p01-first")
    b = repo.commit("b")
    repo.git("switch", "--quiet", "main")
    repo.git("update-ref", NAMES.start, a)
    c = repo.commit("c")
    repo.git("update-ref", "refs/remotes/origin/migrate/m/p01-first", b)
    snapshot = take_snapshot(repo.repository, plan)
    assert (snapshot.base, set(snapshot.commits)) == (c, {b})
    assert snapshot.branch("migrate/m/p01-first") == b
    assert snapshot.published("origin", "migrate/m/p01-first") == b
    assert snapshot.published("origin", "migrate/m/none") is None


def test_the_base_of_the_remote_serves_where_there_is_no_local_one(repo: Sandbox, plan: Plan) -> None:
    a = repo.commit("a")
    repo.git("switch", "--quiet", "-c", "work")
    repo.git("update-ref", "refs/remotes/origin/main", a)
    repo.git("branch", "-D", "main")
    assert take_snapshot(repo.repository, plan).base == a


def test_a_base_that_is_nowhere_is_a_clear_error_with_the_nearest_branch(repo: Sandbox, plan: Plan) -> None:
    with pytest.raises(RepositoryError, match="has no commit yet"):
        take_snapshot(repo.repository, plan)
    repo.commit("a")
    repo.git("branch", "-m", "mian")
    with pytest.raises(RepositoryError, match='base branch "main" of the plan is not here; did you mean "mian"') as e:
        take_snapshot(repo.repository, plan)
    assert "git fetch origin main:main" in (e.value.advice or "")
