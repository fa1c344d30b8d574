"""The same stack as merge requests on GitLab."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from migrate.forges.client import Client
from tests.conftest import Sandbox
from tests.forges.fake_gitlab import PROJECT, FakeGitLab, running_gitlab
from tests.forges.on_github import FIRST, SECOND, THIRD
from tests.forges.served import Fault
from tests.story import PLAN, Ran, Story

GATE = '\n[[validation]]\nname = "smoke"\nmanual = "Look at it."\nphases = ["p03-*"]\n'
TABLE = '\n[forge]\napi_url = "{}"\nlabels = ["refactoring"]\nreviewers = ["bob", "ada"]\nmilestone = "v2"\n'
CHAIN = [(FIRST, "main"), (SECOND, FIRST), (THIRD, SECOND)]


class OnGitLab(NamedTuple):
    """The story, and the server."""

    story: Story
    server: FakeGitLab

    def submit(self, *options: str) -> Ran:
        """Type `migrate submit --yes`."""
        return self.story.type("submit", "--yes", *options)

    def targets(self) -> list[tuple[str, str]]:
        """The branch and the target of every open merge request."""
        return [(each.source, each.target) for each in self.server.merges.values() if each.state == "opened"]


@pytest.fixture
def gitlab(story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OnGitLab]:
    """The small migration, run, with a remote on a fake GitLab."""
    monkeypatch.setattr(Client, "sleep", lambda *_: None)
    origin = Sandbox(tmp_path / "origin.git")
    story.git("init", "--quiet", "--bare", "--initial-branch=main", str(origin.path))
    with running_gitlab(origin.path) as server:
        story.begin(PLAN + GATE + TABLE.format(server.url))
        story.git("remote", "add", "origin", f"git@gitlab.com:{PROJECT}.git")
        story.git("config", f"url.{origin.path.as_uri()}.insteadOf", f"git@gitlab.com:{PROJECT}.git")
        story.git("config", f"credential.{server.url}.helper", "!echo username=ada; echo password=a-token-of-ada #")
        story.git("push", "--quiet", "origin", "main")
        story.type("run")
        yield OnGitLab(story, server)


def test_each_phase_gets_a_merge_request(gitlab: OnGitLab) -> None:
    gitlab.submit().ended(0, "!3  opened, draft  https://gitlab.com/shop/app/-/merge_requests/3")
    assert gitlab.targets() == CHAIN
    titles = [each.title for each in gitlab.server.merges.values()]
    assert titles == ["Move old to new", "Add a guide", "Draft: Drop the notes"]
    for each in gitlab.server.merges.values():
        assert (each.labels, each.reviewers) == (["refactoring"], [2])
    assert all("!1 " in body and "!3 " in body for _, body in gitlab.server.notes.values())
    assert [(row["name"], row["status"]) for row in gitlab.server.statuses] == [
        ("migrate/check", "success"),
        ("migrate/check", "success"),
        ("migrate/check", "success"),
        ("migrate/smoke", "pending"),
    ]


def test_groups_and_people_who_left_own_files_and_are_not_asked(gitlab: OnGitLab) -> None:
    gitlab.story.to_the_plan()
    gitlab.story.commit("Say who owns it", {"CODEOWNERS": "* @bob @shop/core @somebody-who-left @@maintainer\n"})
    gitlab.story.git("push", "--quiet", "origin", "main")
    gitlab.story.made("restack")
    gitlab.submit().ended(0)
    assert [each.reviewers for each in gitlab.server.merges.values()] == [[2]] * 3


def test_an_unchanged_stack_makes_no_write(gitlab: OnGitLab) -> None:
    gitlab.submit().ended(0)
    gitlab.server.calls.clear()
    gitlab.submit().ended(4)
    assert gitlab.server.writes == []


def test_a_status_that_waits_still_is_not_posted_again_for_other_words(gitlab: OnGitLab) -> None:
    gitlab.submit().ended(0)
    gitlab.server.statuses[-1]["description"] = "waits for somebody"
    gitlab.server.calls.clear()
    gitlab.submit().ended(4)
    assert gitlab.server.writes == []


def test_a_gate_that_was_approved_makes_it_ready(gitlab: OnGitLab) -> None:
    gitlab.submit().ended(0)
    gitlab.story.made("approve", "p03", "smoke", "--yes")
    gitlab.submit().ended(0)
    assert gitlab.server.merges[3].title == "Drop the notes"


def test_a_comment_of_a_colleague_that_may_not_be_written_again_stops_nothing(gitlab: OnGitLab) -> None:
    gitlab.submit().ended(0)
    gitlab.server.notes_of_others = set(gitlab.server.notes)
    gitlab.story.made("approve", "p03", "smoke", "--yes")
    gitlab.submit().ended(0, "p01-move-old: to write the comment again was refused")
    assert gitlab.server.statuses[-1]["status"] == "success"


def test_the_lowest_is_merged_and_the_rest_follows(gitlab: OnGitLab) -> None:
    gitlab.submit().ended(0)
    gitlab.story.type("submit", "--land", "p01", "--yes").ended(0, "squash !1 into", "p01-move-old has landed")
    assert gitlab.targets() == [(SECOND, "main"), (THIRD, SECOND)]
    message = gitlab.server.origin.git("log", "-1", "--format=%B", "main")
    assert message.startswith("Move old to new (!1)\n")
    assert "Migration-Phase: p01-move-old" in message


def test_an_undo_closes_and_the_next_submit_opens_again(gitlab: OnGitLab) -> None:
    gitlab.submit().ended(0)
    gitlab.story.type("undo", "--yes").ended(0, "close !1")
    assert gitlab.targets() == []
    gitlab.submit().ended(0)
    assert gitlab.targets() == CHAIN


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.BAD_GATEWAY, Fault.LIMITED])
def test_a_fault_is_got_over(gitlab: OnGitLab, fault: Fault) -> None:
    gitlab.server.fault = lambda call: fault if call % 5 == 0 else None
    ran = gitlab.submit()
    gitlab.server.fault = lambda _: None
    if ran.code:
        gitlab.submit().ended(0)
    assert gitlab.targets() == CHAIN
    assert len(gitlab.server.merges) == 3
    assert len(gitlab.server.notes) == 3


def test_from_a_fork_the_lowest_is_opened_and_the_rest_waits(gitlab: OnGitLab, tmp_path: Path) -> None:
    story, server = gitlab
    fork = Sandbox(tmp_path / "fork.git")
    story.git("init", "--quiet", "--bare", "--initial-branch=main", str(fork.path))
    story.git("remote", "rename", "origin", "upstream")
    story.git("remote", "add", "origin", "git@gitlab.com:me/app.git")
    story.git("config", f"url.{fork.path.as_uri()}.insteadOf", "git@gitlab.com:me/app.git")
    story.git("push", "--quiet", "origin", "main")
    story.git("config", "migrate.requestsRemote", "upstream")
    server.fork = ("me/app", fork.path)
    gitlab.submit().ended(0, "p02-add-guide waits until p01-move-old is merged", "p03-drop-notes waits")
    (merge,) = server.merges.values()
    assert (merge.source, merge.target, merge.project, merge.labels) == (FIRST, "main", 4, [])
    gitlab.submit().ended(4)
