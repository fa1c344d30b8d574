"""Where a branch stands as seen from the migration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from migrate.errors import RefusedError
from migrate.git.history import Commit, read_history
from migrate.orchestrator.carry.plan import CarryPlan, commit_before, first_parent_line, plan_carry
from migrate.orchestrator.carry.shared import CarryRun
from migrate.stack.project import Project
from tests.story import Story

if TYPE_CHECKING:
    from tests.conftest import Sandbox

FIRST, SECOND, THIRD = (f"migrate/tidy/{name}" for name in ("p01-move-old", "p02-add-guide", "p03-drop-notes"))


def history(repo: Sandbox, tip: str) -> dict[str, Commit]:
    return read_history(repo.repository, [tip], changes=False)


def merge(repo: Sandbox, branch: str, message: str = "merge") -> str:
    repo.git("merge", "--quiet", "--no-ff", "-m", message, branch)
    return repo.git("rev-parse", "HEAD")


def side(repo: Sandbox, name: str, files: dict[str, str], start: str = "HEAD") -> str:
    """A commit on a branch of its own; back where we were."""
    here = repo.git("branch", "--show-current")
    repo.git("switch", "--quiet", "-c", name, start)
    oid = repo.commit(name, files)
    repo.git("switch", "--quiet", here)
    return oid


def test_what_landed_by_a_commit_of_the_base_is_after_the_commit_below(repo: Sandbox) -> None:
    a, b, c = (repo.commit(name) for name in "abc")
    assert commit_before(repo.repository, "origin", c, b) == a
    assert commit_before(repo.repository, "origin", c, c) == b
    assert commit_before(repo.repository, "origin", b, b) == a


def test_what_landed_by_a_merge_is_after_what_the_base_was_right_before_it(repo: Sandbox) -> None:
    repo.commit("a")
    landed = side(repo, "phase", {"p": ""})
    side(repo, "on-it", {"q": ""}, "phase")
    b = repo.commit("b", {"b": ""})
    merged = merge(repo, "phase")
    c = repo.commit("c")
    later = merge(repo, "on-it")  # Another way to the same commit, which came later.
    assert commit_before(repo.repository, "origin", later, landed) == b
    assert commit_before(repo.repository, "origin", c, landed) == b
    assert commit_before(repo.repository, "origin", merged, landed) == b


def test_what_landed_by_a_merge_into_a_branch_that_was_merged_came_with_the_outer_one(repo: Sandbox) -> None:
    repo.commit("a")
    landed = side(repo, "phase", {"p": ""})
    repo.git("switch", "--quiet", "-c", "train")
    repo.commit("t", {"t": ""})
    merge(repo, "phase")
    repo.git("switch", "--quiet", "main")
    b = repo.commit("b", {"b": ""})
    tip = merge(repo, "train")
    assert commit_before(repo.repository, "origin", tip, landed) == b


def test_where_history_ends_with_what_landed_nobody_can_say_what_was_before(repo: Sandbox) -> None:
    a = repo.commit("a")
    with pytest.raises(RefusedError, match=f"no history from before {a[:7]} landed") as refused:
        commit_before(repo.repository, "origin", repo.commit("b"), a)
    assert refused.value.advice == "git fetch --unshallow origin brings it; then run the command again"


def test_a_line_goes_down_by_first_parents_to_what_it_stands_on(repo: Sandbox) -> None:
    a = repo.commit("a")
    side(repo, "else", {"x": ""})
    b = repo.commit("b", {"b": ""})
    m = merge(repo, "else")
    c = repo.commit("c")
    own = read_history(repo.repository, [c], [a], changes=False)
    commits, fork = first_parent_line(own, c)
    assert ([commit.oid for commit in commits], fork) == ([c, m, b], a)
    assert first_parent_line(history(repo, c), c)[1] is None
    assert first_parent_line({}, c) == ([], c)


def world(story: Story, name: str) -> CarryPlan:
    """Where a branch stands now."""
    project = Project.open(story.path, None)
    context, tip = project.look(), story.git("rev-parse", name)
    return plan_carry(context, CarryRun(context, [tip]), name, tip)


def shown(found: CarryPlan) -> tuple[list[str], list[str]]:
    """The subjects of the branch's commits, and the phases that it lacks."""
    return [commit.subject for commit in found.commits], [phase.id[:3] for phase in found.missing]


def test_a_branch_from_before_the_migration_lacks_every_phase_that_was_made(story: Story) -> None:
    start = story.begin().git("rev-parse", "main")
    side(story, "feature", {"old/c.txt": ""})
    story.made("run", "--to", "p02")
    found = world(story, "feature")
    assert shown(found) == (["feature"], ["p01", "p02"])
    assert (found.fork, found.attach_point, found.target) == (start, start, story.git("rev-parse", SECOND))
    assert (len(found.history), found.landed) == (0, frozenset())


def test_a_branch_on_a_phase_lacks_those_above_also_when_the_phase_was_made_again(story: Story) -> None:
    story.begin().made("run")
    once = story.git("rev-parse", FIRST)
    side(story, "feature", {"new/c.txt": ""}, FIRST)
    story.git("switch", "--quiet", "main")
    story.commit("Newer", {"newer.txt": ""})
    story.made("restack")
    found = world(story, "feature")
    assert shown(found) == (["feature"], ["p02", "p03"])
    assert (found.fork, found.attach_point) == (once, story.git("rev-parse", FIRST))
    assert found.history.resolve("old/a.txt") == "new/a.txt"


def test_a_branch_goes_over_what_landed_from_right_before_it(story: Story) -> None:
    story.begin()
    side(story, "feature", {"old/c.txt": ""})
    story.made("run")
    story.git("switch", "--quiet", "main")
    below = story.commit("Else", {"else.txt": ""})
    merge(story, FIRST, "Merge the first")
    story.type("land", "--yes").ended(0)
    story.git("switch", "--quiet", "main")
    story.commit("On", {"on.txt": ""})
    story.made("restack")
    found = world(story, "feature")
    assert shown(found) == (["feature"], ["p01", "p02", "p03"])
    assert (found.attach_point, found.target) == (below, story.git("rev-parse", THIRD))
    assert found.landed == {"p01-move-old"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("all", "all already has every phase that was made"),
        ("empty", "empty has no commit of its own"),
        ("newer", "newer stands on a newer main than the stack"),
    ],
)
def test_a_branch_that_needs_nothing_or_the_stack_first_is_refused(story: Story, name: str, said: str) -> None:
    story.begin().git("branch", "empty")
    story.made("run")
    side(story, "all", {"x": ""}, THIRD)
    story.git("switch", "--quiet", "main")
    story.commit("Newer", {"newer.txt": ""})
    side(story, "newer", {"y": ""})
    with pytest.raises(RefusedError, match=said):
        world(story, name)
