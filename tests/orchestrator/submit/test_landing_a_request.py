"""`submit --land`: the lowest request is merged, and the rest follows."""

from __future__ import annotations

import pytest

from tests.forges.on_github import FIRST, IDS, SECOND, THIRD, OnGitHub


def test_the_lowest_is_merged_landed_and_the_rest_updated_in_one_command(github: OnGitHub) -> None:
    github.server.has_stacks = False
    github.submit().ended(0)
    github.server.calls.clear()
    github.story.type("submit", "--land", "p01", "--yes").ended(0, "squash #1 into main", "p01-move-old has landed")
    assert github.story.states() == ["landed", "passed", "passed"]
    assert github.bases() == [(SECOND, "main"), (THIRD, SECOND)]
    message = github.origin.git("log", "-1", "--format=%B", "main")
    assert message.startswith("Move old to new (#1)\n")
    assert "Migration-Phase: p01-move-old" in message
    writes = github.server.writes
    retarget = writes.index(("PATCH", "/repos/shop/app/pulls/2"))
    delete = writes.index(("DELETE", f"/repos/shop/app/git/refs/heads/{FIRST}"))
    assert retarget < writes.index(("PUT", "/repos/shop/app/pulls/1/merge")) < delete
    assert "merged" in next(body for on, body in github.server.comments.values() if on == 2)


def test_a_stack_of_the_forge_s_own_is_merged_as_it_wants(github: OnGitHub) -> None:
    github.submit().ended(0)
    github.story.type("submit", "--land", "p01", "--yes").ended(0)
    writes = github.server.writes
    merge = writes.index(("PUT", "/repos/shop/app/pulls/1/merge-async"))
    delete = writes.index(("DELETE", f"/repos/shop/app/git/refs/heads/{FIRST}"))
    assert merge < writes.index(("PATCH", "/repos/shop/app/pulls/2")) < delete
    assert github.story.states() == ["landed", "passed", "passed"]
    assert github.bases() == [(SECOND, "main"), (THIRD, SECOND)]
    assert [pull.state for pull in github.server.pulls.values()] == ["closed", "open", "open"]
    github.story.type("submit", "--land", "p02", "--yes").ended(0)
    github.story.type("submit", "--land", "p03", "--yes").ended(0)
    assert github.story.states() == ["landed"] * 3
    assert len(github.server.pulls) == 3


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_all_land_one_after_the_other_by_the_method_of_the_plan(github: OnGitHub, method: str) -> None:
    github.server.has_stacks = False
    github.story.to_the_plan()
    plan = github.story.path / "migrate.toml"
    plan.write_text(f'{plan.read_text()}merge = "{method}"\n')
    github.story.commit("Say how")
    github.story.git("push", "--quiet", "origin", "main")
    github.story.made("restack")
    github.submit().ended(0)
    for name in IDS:
        github.story.type("submit", "--land", name, "--yes").ended(0)
    assert github.story.states() == ["landed"] * 3
    assert github.bases() == []
    github.submit().ended(4)


def test_a_dry_run_says_what_is_merged_and_merges_nothing(github: OnGitHub) -> None:
    github.submit().ended(0)
    github.server.calls.clear()
    github.story.type("submit", "--land", "p01", "--dry-run").ended(0, "merge_method: squash", "Nothing was changed.")
    assert github.server.writes == []


def test_one_that_was_merged_already_is_not_merged_again(github: OnGitHub) -> None:
    github.server.has_stacks = False
    github.submit().ended(0)
    github.server.merged("1", {"merge_method": "squash", "commit_title": "x"})
    github.server.calls.clear()
    github.story.type("submit", "--land", "p01", "--yes").ended(0)
    assert not [path for _, path in github.server.writes if path.endswith("/merge")]
    assert github.bases() == [(SECOND, "main"), (THIRD, SECOND)]


def test_a_branch_that_somebody_pushed_to_after_the_merge_is_not_deleted(github: OnGitHub) -> None:
    github.server.has_stacks = False
    github.submit().ended(0)
    github.server.merged("1", {"merge_method": "squash", "commit_title": "x"})
    tree = f"{FIRST}^{{tree}}"
    later = github.origin.git("commit-tree", tree, "-p", FIRST, "-m", "By a colleague")
    github.origin.git("update-ref", f"refs/heads/{FIRST}", later)
    github.server.calls.clear()
    github.story.type("submit", "--land", "p01", "--yes").ended(6, "and not as its request was merged")
    assert github.origin.git("rev-parse", FIRST) == later
    assert github.server.writes == []


def test_a_request_that_was_merged_before_the_branch_was_made_anew_counts_no_more(github: OnGitHub) -> None:
    github.server.has_stacks = False
    github.submit().ended(0)
    github.story.type("submit", "--land", "p01", "--yes").ended(0)
    landed = github.origin.git("rev-parse", "main")
    github.story.to_the_plan()
    github.story.git("revert", "--no-edit", landed)
    github.story.git("push", "--quiet", "origin", "main")
    github.story.type("restack", "--yes").ended(0)
    github.story.type("sync", "--yes").ended(0)
    tip = github.origin.git("rev-parse", FIRST)
    github.story.type("submit", "--land", "p01", "--yes").ended(6, "p01-move-old has no open request")
    assert github.origin.git("rev-parse", FIRST) == tip


def test_what_is_not_ready_is_not_merged(github: OnGitHub) -> None:
    github.submit("p01", "p02").ended(0)
    github.story.type("submit", "--land", "p02", "--yes").ended(
        6, "stands on p01-move-old", "submit --land p01-move-old"
    )
    github.story.git("switch", "--quiet", FIRST)
    github.story.commit("Change it", {"new/a.txt": "b\n"})
    github.story.type("submit", "--land", "p01", "--yes").ended(6, "p01-move-old is not ready to be merged")
    github.story.made("validate", "p01")
    github.story.type("submit", "--land", "p01", "--yes").ended(6, "migrate submit makes it so")
    assert not [path for _, path in github.server.writes if "merge" in path]
