"""The state of every phase, computed from snapshots that are made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from migrate.git.history import Commit, TreeChange, reachable
from migrate.git.repository import Head
from migrate.plan.model import Plan
from migrate.plan.phase_source import Phase, PhaseSource
from migrate.plan.validation import Validation
from migrate.stack.landings import fold_landings
from migrate.stack.model import Stack, compute_stack
from migrate.stack.phase_state import State
from migrate.stack.snapshot import RefNames, Snapshot
from migrate.stack.trailers import commit_message
from migrate.tree.moves import MoveMap
from migrate.validation.outcome import Outcome
from migrate.validation.receipt import Receipt
from migrate.validation.receipts import Receipts

BUILD = Validation("build", run="make")
SMOKE = Validation("smoke", manual="Log in.", phases=("p03-*",))


def source(phase: str, digest: str = "d1") -> PhaseSource:
    return PhaseSource(phase, Path(f"{phase}.py"), f"{phase}.py", f"Do {phase}", "", Phase(), digest)


PLAN = Plan(
    path=Path("migrate.toml"),
    name="m",
    title="M",
    base="main",
    branch_prefix="migrate/m",
    remote="origin",
    phases_dir=Path(),
    templates_dir=None,
    phases=(source("p01-a"), source("p02-b"), source("p03-c")),
    validations=(BUILD, SMOKE),
    allowed=(),
)


def commit(oid: str, parent: str | None, message: str = "by hand\n", changes: Sequence[TreeChange] = ()) -> Commit:
    parents = () if parent is None else (parent,)
    return Commit(oid, f"tree-{oid}", parents, "Ada <a@b>", "2024-05-01T12:00:00Z", message, tuple(changes))


def of_phase(phase: str, moves: dict[str, str] | None = None, *, migration: str = "m", digest: str = "d1") -> str:
    return commit_message(migration, source(phase, digest), MoveMap(moves or {}), [])


def receipt(oid: str, of: Validation, outcome: Outcome, reason: str = "") -> Receipt:
    return Receipt(f"tree-{oid}", of.name, of.key(), outcome, 1.0, "2024-05-01T12:00:00Z", "Ada", oid, reason)


@dataclass
class World:
    """What git might hold: base commits b0 ← b1 …, and phase commits c1 ← c2 ← c3 on b0, each validated."""

    plan: Plan = PLAN
    base: str = "b0"
    branches: dict[str, str] = field(default_factory=lambda: {"p01-a": "c1", "p02-b": "c2", "p03-c": "c3"})
    commits: list[Commit] = field(
        default_factory=lambda: [
            commit("c3", "c2", of_phase("p03-c", {"y": "z"})),
            commit("c2", "c1", of_phase("p02-b", {"x": "y"})),
            commit("c1", "b0", of_phase("p01-a", {"w": "x"})),
        ]
    )
    base_commits: list[Commit] = field(default_factory=list)
    contained: list[Commit] = field(default_factory=list)
    receipts: list[Receipt] = field(
        default_factory=lambda: [
            *(receipt(oid, BUILD, Outcome.PASSED) for oid in ("c1", "c2", "c3")),
            receipt("c3", SMOKE, Outcome.PASSED),
        ]
    )
    published: tuple[str, ...] = ()

    def stack(self) -> Stack:
        by_tree: dict[str, tuple[Receipt, ...]] = {}
        for one in self.receipts:
            by_tree[one.tree] = (*by_tree.get(one.tree, ()), one)
        refs = {f"refs/heads/migrate/m/{phase}": oid for phase, oid in self.branches.items()}
        refs |= {f"refs/remotes/origin/migrate/m/{phase}": "c1" for phase in self.published}
        snapshot = Snapshot(
            base=self.base,
            base_branch="main",
            head=Head("main", self.base),
            refs=refs,
            commits={one.oid: one for one in self.commits},
            landings=fold_landings("m", reversed(self.base_commits)),
            newer=self.newer(),
            receipts=Receipts(by_tree=by_tree),
            base_trees={"b0": "tree-b0"},
            contained={one.oid: one for one in self.contained},
        )
        return compute_stack(self.plan, snapshot)

    def newer(self) -> dict[str, int]:
        """How many base commits lie above each of them, and above b0."""
        known = {one.oid: one for one in self.base_commits}
        return {oid: len(known.keys() - reachable(known, oid)) for oid in (*known, "b0")}

    def states(self) -> list[str]:
        return [str(phase.state) for phase in self.stack()]

    def reasons(self) -> list[str]:
        return [phase.reason for phase in self.stack()]


def test_before_anything_ran_every_phase_is_pending() -> None:
    world = World(branches={}, commits=[], receipts=[])
    stack = world.stack()
    assert world.states() == ["pending"] * 3
    assert stack.top() is None
    assert stack.newer == 0
    assert stack.root() == "b0"
    assert stack.first(State.FAILED) is None


def test_what_ran_and_was_validated_has_passed() -> None:
    stack = World().stack()
    assert World().states() == ["passed"] * 3
    assert [phase.tip and phase.tip.oid for phase in stack] == ["c1", "c2", "c3"]
    assert [phase.commit and phase.commit.oid for phase in stack] == ["c1", "c2", "c3"]
    assert [[v.word for v in phase.validations] for phase in stack] == [["passed"], ["passed"], ["passed", "passed"]]


def test_the_rest_is_pending_and_does_not_touch_what_stands() -> None:
    world = World(branches={"p01-a": "c1", "p02-b": "c2"})
    assert world.states() == ["passed", "passed", "pending"]
    top = world.stack().top()
    assert top is not None
    assert top.id == "p02-b"


def test_a_validation_that_did_not_run_leaves_a_phase_waiting_for_it() -> None:
    world = World(receipts=[receipt("c1", BUILD, Outcome.PASSED)])
    assert world.states() == ["passed", "waiting", "waiting"]
    assert world.reasons() == ["", "not run: build", "gate: smoke; not run: build"]
    assert [v.word for v in world.stack().get("p03-c").validations] == ["not-run", "waiting"]


def test_a_gate_that_nobody_confirmed_leaves_a_phase_waiting() -> None:
    world = World()
    world.receipts.pop()
    assert world.states() == ["passed", "passed", "waiting"]
    assert world.reasons()[2] == "gate: smoke"


def test_a_failed_validation_fails_the_phase_and_says_which_and_why() -> None:
    world = World()
    world.receipts[1] = receipt("c2", BUILD, Outcome.FAILED, "main.go:3: no")
    assert world.states() == ["passed", "failed", "passed"]
    assert world.reasons()[1] == "failed build: main.go:3: no"
    world.receipts[1] = receipt("c2", BUILD, Outcome.FAILED)
    assert world.reasons()[1] == "failed build"
    first = world.stack().first(State.FAILED, State.STALE)
    assert first is not None
    assert first.id == "p02-b"


@pytest.mark.parametrize("outcome", [Outcome.UNAVAILABLE, Outcome.NO_WORSE])
def test_an_outcome_that_is_not_passed_is_never_called_passed(outcome: Outcome) -> None:
    world = World()
    world.receipts[1] = replace(receipt("c2", BUILD, outcome), base="tree-b0")
    assert [v.word for v in world.stack().get("p02-b").validations] == [str(outcome)]


@pytest.mark.parametrize("base", ["tree-b1", "tree-c1", ""])
def test_a_comparison_counts_for_the_base_below_the_stack_alone(base: str) -> None:
    world = World()
    world.receipts[1] = replace(receipt("c2", BUILD, Outcome.NO_WORSE), base=base)
    assert world.reasons() == ["", "not run: build", ""]
    world.receipts[1] = replace(receipt("c2", BUILD, Outcome.FAILED, "no"), base=base)
    assert world.reasons() == ["", "failed build: no", ""]


def test_a_receipt_of_another_tree_or_of_another_definition_does_not_count() -> None:
    world = World()
    world.receipts[1] = replace(world.receipts[1], key="0123456789abcdef")
    world.receipts[2] = replace(world.receipts[2], tree="tree-other")
    assert world.reasons() == ["", "not run: build", "not run: build"]


def test_a_parent_that_moved_makes_what_stands_on_it_stale() -> None:
    world = World()
    world.commits.insert(0, commit("h1", "c1"))
    world.branches["p01-a"] = "h1"
    world.receipts.append(receipt("h1", BUILD, Outcome.PASSED))
    assert world.states() == ["passed", "stale", "stale"]
    assert world.reasons()[1:] == ["the branch that it stands on has moved", "p02-b, below it, is stale"]


def test_a_module_that_changed_makes_its_phase_and_those_above_stale() -> None:
    world = World(plan=replace(PLAN, phases=(source("p01-a"), source("p02-b", "d2"), source("p03-c"))))
    assert world.states() == ["passed", "stale", "stale"]
    assert world.reasons()[1:] == ["its module changed since it ran", "p02-b, below it, is stale"]


def test_a_phase_whose_branch_is_gone_is_known_from_the_branch_above() -> None:
    stack = World(branches={"p01-a": "c1", "p03-c": "c3"}).stack()
    assert [str(phase.state) for phase in stack] == ["passed"] * 3
    assert [phase.is_bare for phase in stack] == [False, True, False]
    assert stack.get("p02-b").tip == stack.get("p02-b").commit


def test_a_phase_of_which_no_branch_holds_a_commit_makes_those_above_stale() -> None:
    world = World(branches={"p01-a": "c1", "p03-c": "c3"})
    world.commits[1] = commit("c2", "c1")
    assert world.states() == ["passed", "pending", "stale"]
    assert world.reasons()[2] == "p02-b, below it, has not run yet"


def test_a_new_phase_in_between_makes_those_above_stale() -> None:
    phases = (source("p01-a"), source("p01b-new"), source("p02-b"), source("p03-c"))
    assert World(plan=replace(PLAN, phases=phases)).states() == ["passed", "pending", "stale", "stale"]


def test_a_branch_that_lost_its_phase_s_commit_is_stale_and_so_is_what_stood_on_it() -> None:
    world = World()
    world.commits.insert(0, commit("h9", "b0"))
    world.branches["p01-a"] = "h9"
    assert world.states() == ["stale", "stale", "stale"]
    assert world.reasons()[:2] == ["its branch holds no commit of this phase", "p01-a, below it, is stale"]


def test_a_phase_of_another_migration_is_none_of_ours() -> None:
    world = World()
    world.commits[2] = commit("c1", "b0", of_phase("p01-a", migration="other"))
    assert world.reasons()[0] == "its branch holds no commit of this phase"


def test_commits_by_hand_are_counted_and_the_phase_above_stands_on_them() -> None:
    world = World()
    world.commits = [
        commit("c3", "h2", of_phase("p03-c")),
        commit("h2", "h1"),
        commit("h1", "c2"),
        *world.commits[1:],
    ]
    world.branches["p02-b"] = "h2"
    world.receipts.append(receipt("h2", BUILD, Outcome.PASSED))
    phase = world.stack().get("p02-b")
    assert world.states() == ["passed", "passed", "passed"]
    assert [edit.oid for edit in phase.hand_edits] == ["h2", "h1"]
    assert (phase.tip and phase.tip.oid, phase.commit and phase.commit.oid) == ("h2", "c2")


def test_receipts_count_for_the_tip_and_not_for_the_commit_below_a_hand_edit() -> None:
    world = World(branches={"p01-a": "h1"})
    world.commits.insert(0, commit("h1", "c1"))
    assert world.reasons()[0] == "not run: build"


def test_what_the_base_contains_has_landed() -> None:
    world = World(base="m1")
    world.commits = world.commits[:2]
    world.base_commits = [commit("m1", "b0"), commit("c1", "b0", of_phase("p01-a", {"w": "x"}))]
    stack = world.stack()
    assert world.states() == ["landed", "passed", "passed"]
    assert stack.get("p01-a").moves == MoveMap({"w": "x"})
    assert not stack.get("p01-a").exists


def test_a_branch_that_the_base_contains_has_landed_even_when_nothing_else_is_known() -> None:
    world = World(base="c1")
    world.contained = [world.commits.pop()]
    assert world.states() == ["landed", "passed", "passed"]


def test_a_foreign_branch_that_the_base_contains_has_not_landed() -> None:
    world = World(base="b0", branches={"p01-a": "b0"}, commits=[], contained=[commit("b0", None)])
    assert world.states() == ["stale", "pending", "pending"]
    assert world.reasons()[0] == "its branch is part of main and holds no commit of this phase"


def test_a_squash_merge_has_landed_and_what_stood_on_the_branch_must_run_again() -> None:
    message = f"Squash (#1)\n\n* {of_phase('p01-a', {'w': 'x'})}\n\n* fixes by hand\n"
    world = World(base="s1", base_commits=[commit("s1", "b0", message)])
    assert world.states() == ["landed", "stale", "stale"]
    assert world.reasons()[1] == "a phase below it has landed"
    assert world.stack().history("p02-b") == MoveMap({"w": "x"})


def test_several_phases_squashed_into_one_commit_have_all_landed() -> None:
    message = "All of it\n\n" + of_phase("p01-a", {"w": "x"}) + "\n" + of_phase("p02-b", {"x": "y"})
    world = World(base="s1", branches={"p03-c": "c3"}, base_commits=[commit("s1", "b0", message)])
    world.commits = [commit("c3", "s1", of_phase("p03-c", {"y": "z"}))]
    assert world.states() == ["landed", "landed", "passed"]
    assert world.stack().moves().resolve("w/f") == "z/f"


def test_a_landed_phase_of_another_migration_is_none_of_ours() -> None:
    world = World(base="s1", branches={}, base_commits=[commit("s1", "b0", of_phase("p01-a", migration="other"))])
    assert world.states() == ["pending"] * 3


def test_commits_of_the_base_that_the_stack_does_not_stand_on_are_counted() -> None:
    world = World(base="b3", base_commits=[commit("b3", "b2"), commit("b2", "b1"), commit("b1", "b0")])
    assert world.stack().newer == 3
    assert world.states() == ["passed"] * 3
    world.commits[2] = commit("c1", "b2", of_phase("p01-a"))
    assert world.stack().newer == 1
    assert World(base="b1", branches={}, base_commits=[commit("b1", "b0")]).stack().newer == 0


def test_the_stack_is_asked_for_neighbours_and_for_what_moved_below() -> None:
    stack = World(branches={"p01-a": "c1", "p03-c": "c3"}, published=("p03-c",)).stack()
    below = stack.below("p03-c")
    assert below is not None
    assert below.id == "p02-b"
    assert stack.below("p01-a") is None
    assert [phase.id for phase in stack.on_top_of("p01-a")] == ["p01-a", "p02-b", "p03-c"]
    assert [phase.published for phase in stack] == [False, False, True]
    whole = World().stack()
    assert whole.history("p01-a") == MoveMap()
    assert whole.history("p03-c").resolve("w/f") == "y/f"
    assert whole.moves().inverse().resolve("z/f") == "w/f"


def test_files_are_counted_from_the_phase_s_own_commit() -> None:
    world = World()
    changes = [
        TreeChange("D", "w/f", "100644", "000000", "1" * 40, "0" * 40),
        TreeChange("A", "x/f", "000000", "100644", "0" * 40, "1" * 40),
    ]
    world.commits[2] = commit("c1", "b0", of_phase("p01-a", {"w": "x"}), changes)
    stack = world.stack()
    assert stack.get("p01-a").counts.sentence() == "1 moved"
    assert World(branches={}, commits=[]).stack().get("p01-a").files == ()


def test_each_migration_has_refs_of_its_own() -> None:
    names = RefNames("pllm")
    assert names.journal == "refs/migrate/pllm/journal"
    assert names.start == "refs/migrate/pllm/start"
    assert names.receipts == "refs/notes/migrate/pllm"
    assert names.archive(3, "p01-a") == "refs/migrate/pllm/archive/3/p01-a"
