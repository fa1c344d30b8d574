"""A stack whose branches are in a fork: the lowest phase has a request on the repository itself, and the rest waits."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Sandbox
from tests.forges.on_github import FIRST, IDS, SECOND, OnGitHub

FORK = "me/app"


@pytest.fixture
def forked(github: OnGitHub, tmp_path: Path) -> OnGitHub:
    """The remote `origin` is a fork, and `upstream` the repository that requests are for."""
    story = github.story
    fork = Sandbox(tmp_path / "fork.git")
    story.git("init", "--quiet", "--bare", "--initial-branch=main", str(fork.path))
    story.git("remote", "rename", "origin", "upstream")
    story.git("remote", "add", "origin", f"https://github.com/{FORK}.git")
    story.git("config", f"url.{fork.path.as_uri()}.insteadOf", f"https://github.com/{FORK}.git")
    story.git("push", "--quiet", "origin", "main")
    story.git("config", "migrate.requestsRemote", "upstream")
    github.server.fork = (FORK, fork.path)
    return github


def test_the_lowest_is_opened_and_the_rest_is_named_as_waiting(forked: OnGitHub) -> None:
    said = forked.submit().ended(0, "On https://github.com/shop/app", "opened").err
    assert f"{IDS[1]} waits until {IDS[0]} is merged" in said
    assert f"{IDS[2]} waits until {IDS[1]} is merged" in said
    (pull,) = forked.server.pulls.values()
    assert (pull.fork, pull.head, pull.base, pull.draft) == (FORK, FIRST, "main", False)
    assert forked.server.statuses == {}
    assert Sandbox(forked.server.fork[1]).git("rev-parse", SECOND)
    assert forked.origin.git("for-each-ref", "--format=%(refname)", "refs/heads") == "refs/heads/main"
    forked.server.calls.clear()
    forked.submit().ended(4)
    assert forked.server.writes == []


def test_after_a_merge_the_next_one_is_opened(forked: OnGitHub) -> None:
    story = forked.story
    for number, name in enumerate(IDS, 1):
        forked.submit().ended(0)
        tip = story.git("rev-parse", f"migrate/tidy/{name}")
        commit = story.git("commit-tree", f"{tip}^{{tree}}", "-p", "main", "-m", f"x (#{number})")
        story.git("push", "--quiet", "upstream", f"{commit}:refs/heads/main")
        story.git("push", "--quiet", "origin", f"{commit}:refs/heads/main")
        pull = forked.server.pulls[forked.pull(f"migrate/tidy/{name}")]
        pull.state, pull.merged_as = "closed", commit
        story.type("land", "--fetch", "--yes").ended(0, f"{name} has landed")
    forked.submit().ended(0)
    assert [pull.head.rpartition("/")[2] for pull in forked.server.pulls.values()] == [*IDS]


def test_another_phase_than_the_lowest_is_refused(forked: OnGitHub) -> None:
    forked.submit("p02").ended(6, f"{IDS[1]} has no request before {IDS[0]} is merged", f"migrate submit {IDS[0]}")


def test_a_branch_of_that_name_in_another_fork_is_none_of_ours(forked: OnGitHub) -> None:
    forked.submit().ended(0)
    forked.server.pulls[1].fork = "mallory/app"
    forked.server.calls.clear()
    forked.submit().ended(0)
    assert sorted(pull.fork for pull in forked.server.pulls.values()) == ["mallory/app", FORK]


def test_a_remote_that_is_not_there_or_elsewhere_is_named(forked: OnGitHub) -> None:
    forked.story.git("config", "migrate.requestsRemote", "nowhere")
    forked.submit().ended(6, 'there is no remote "nowhere"')
    forked.story.git("remote", "add", "nowhere", "https://gitlab.com/shop/app.git")
    forked.submit().ended(6, '"origin" and "nowhere" are not on the same forge')
