"""`land --fetch` asks the forge what was merged, and how, and takes what stands on a merged branch away from it."""

from __future__ import annotations

import pytest

from tests.forges.on_github import FIRST, SECOND, THIRD, OnGitHub
from tests.forges.served import Fault

OTHERWISE = {"new/a.txt": "a\nresolved in the browser\n"}
"""What a merge made of a file, and no phase: nothing but the forge tells that the phase is in it."""


def squash_otherwise(github: OnGitHub, branch: str) -> str:
    """Merge a request as somebody does who resolves a conflict in the browser, and empties the message."""
    story = github.story
    number = github.pull(branch)
    story.git("switch", "--quiet", "--detach", "origin/main")
    story.git("read-tree", "-u", "--reset", branch)
    commit = story.commit("x", OTHERWISE)
    story.git("push", "--quiet", "origin", f"{commit}:refs/heads/main")
    story.git("switch", "--quiet", "main")
    pull = github.server.pulls[number]
    pull.sha, pull.state, pull.merged_as = github.server.tip(pull.head), "closed", commit
    return commit


def test_a_merge_of_which_nothing_else_tells_is_known(github: OnGitHub) -> None:
    github.submit().ended(0)
    commit = squash_otherwise(github, FIRST)
    said = f"p01-move-old has landed: the forge says so ({commit[:7]}, #1 by squash)"
    github.story.type("land", "--fetch", "--yes").ended(0, said)
    assert github.story.states() == ["landed", "passed", "passed"]
    github.submit().ended(0)
    assert github.bases() == [(SECOND, "main"), (THIRD, SECOND)]
    github.story.type("land", "--fetch", "--yes").ended(4)


@pytest.mark.parametrize("method", ["merge", "squash", "rebase"])
def test_it_is_said_how_a_request_was_merged(github: OnGitHub, method: str) -> None:
    github.submit().ended(0)
    github.server.merged("1", {"merge_method": method, "commit_title": "x"})
    done = github.story.type("land", "--fetch", "--yes", "--json").ended(0, f", #1 by {method})")
    (landed,) = done.json["landed"]
    assert landed["request"] == {"number": 1, "method": method}


def test_what_stands_on_a_merged_branch_is_taken_away_from_it_at_once(github: OnGitHub) -> None:
    github.server.has_stacks = False
    github.submit().ended(0)
    github.server.merged("1", {"merge_method": "squash", "commit_title": "x"})
    github.server.calls.clear()
    github.story.type("land", "--fetch", "--yes").ended(0, "On https://github.com/shop/app: #2 goes to main")
    assert github.bases() == [(SECOND, "main"), (THIRD, SECOND)]
    assert github.server.writes == [("PATCH", "/repos/shop/app/pulls/2")]
    github.server.deleted(f"heads/{FIRST}")
    assert github.bases() == [(SECOND, "main"), (THIRD, SECOND)]
    github.submit().ended(0)
    assert github.bases() == [(SECOND, "main"), (THIRD, SECOND)]


def test_who_says_no_changes_nothing_there(github: OnGitHub) -> None:
    github.server.has_stacks = False
    github.submit().ended(0)
    github.server.merged("1", {"merge_method": "squash", "commit_title": "x"})
    github.server.calls.clear()
    github.story.migrate("land", "--fetch").ended(6)
    assert github.server.writes == []


def test_a_forge_that_cannot_be_asked_is_said_and_git_tells_the_rest(github: OnGitHub) -> None:
    github.submit().ended(0)
    github.server.merged("1", {"merge_method": "squash", "commit_title": "x"})
    github.server.fault = lambda _: Fault.LOST_REQUEST
    github.story.type("land", "--fetch", "--yes").ended(0, "cannot be asked", "p01-move-old has landed: a commit")
    assert github.story.states() == ["landed", "passed", "passed"]


def test_without_a_fetch_nobody_is_asked(github: OnGitHub) -> None:
    github.submit().ended(0)
    github.server.calls.clear()
    github.story.type("land").ended(4, "Nothing has landed.")
    assert github.server.calls == []


def test_what_was_taken_back_since_does_not_count(github: OnGitHub) -> None:
    github.submit().ended(0)
    commit = squash_otherwise(github, FIRST)
    github.story.git("pull", "--quiet", "origin", "main")
    github.story.git("revert", "--no-edit", commit)
    github.story.git("push", "--quiet", "origin", "main")
    github.story.type("land", "--fetch", "--yes").ended(4, "Nothing has landed.")
    assert github.story.states()[0] != "landed"


def test_an_older_merge_of_a_branch_of_that_name_does_not_count(github: OnGitHub) -> None:
    github.submit().ended(0)
    pull = github.server.pulls[1]
    pull.state, pull.merged_as = "closed", github.story.git("rev-parse", "main")
    github.story.type("land", "--fetch", "--yes").ended(4, "Nothing has landed.")


def test_a_landing_that_stopped_goes_on_with_what_was_said(github: OnGitHub) -> None:
    github.submit().ended(0)
    github.story.git("switch", "--quiet", SECOND)
    github.story.commit("Say it otherwise", {"new/a.txt": "a\nmine\n"})
    github.story.made("validate", "p02")
    github.story.made("restack")
    squash_otherwise(github, FIRST)
    github.story.type("land", "--fetch", "--yes").ended(5)
    github.server.fault = lambda _: Fault.LOST_REQUEST
    (github.story.slots / "conflict-tidy-1/new/a.txt").write_text("both\n")
    github.story.type("continue").ended(0, "p01-move-old has landed: the forge says so")
    assert github.story.states()[0] == "landed"
    assert github.story.git("show", f"{SECOND}:new/a.txt") == "both"
