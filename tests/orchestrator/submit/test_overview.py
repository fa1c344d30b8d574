"""What `status` says of the requests."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from migrate.forges.client import Client
from migrate.stack.requests_file import requests_file
from tests.forges.on_github import OnGitHub
from tests.forges.served import Fault


def kept(github: OnGitHub) -> Path:
    """Where it is kept what the forge said."""
    return requests_file(github.story.repository, "tidy")


def know_globally(github: OnGitHub) -> None:
    """Keep the token outside of the repository's own settings."""
    helper = "!echo username=ada; echo password=a-token-of-ada #"
    github.story.git("config", "--global", f"credential.{github.server.url}.helper", helper)


@pytest.fixture
def seen(github: OnGitHub) -> OnGitHub:
    """A submitted stack, on a machine where the token is not in the repository's own settings."""
    github.submit().ended(0)
    know_globally(github)
    return github


def test_status_shows_number_state_review_and_checks(seen: OnGitHub) -> None:
    seen.server.reviews[1] = [{"state": "APPROVED", "user": {"login": "bob"}, "commit_id": "a" * 40}]
    seen.server.pulls[3].draft = True
    said = seen.story.type("status").ended(0).out
    assert "requests on https://github.com/shop/app:" in said
    assert "p01-move-old    #1  open  approved by bob  1 check passed" in said
    assert "p03-drop-notes  #3  draft  not reviewed  1 check passed" in said
    rows = seen.story.status()["requests"]["rows"]
    assert [row["number"] for row in rows] == [1, 2, 3]


def test_of_a_plan_with_a_forge_the_next_command_is_submit(github: OnGitHub) -> None:
    github.story.type("status", "--offline").ended(0, "Next: migrate submit   (opens the pull requests, or updates")


def test_what_was_asked_just_now_is_not_asked_again(seen: OnGitHub) -> None:
    seen.story.type("status").ended(0)
    seen.server.calls.clear()
    seen.story.type("status").ended(0, "#1  open")
    assert seen.server.calls == []


def test_a_forge_that_has_no_request_is_not_asked_again_either(github: OnGitHub) -> None:
    know_globally(github)
    github.story.type("status").ended(0)
    assert github.server.calls != []
    github.server.calls.clear()
    github.story.type("status").ended(0)
    assert github.server.calls == []


@pytest.mark.parametrize("fault", [Fault.LOST_REQUEST, Fault.SERVER_ERROR, Fault.LIMITED, Fault.SLOW])
def test_a_forge_in_trouble_is_asked_once_and_not_waited_for(
    seen: OnGitHub, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    slept: list[float] = []
    monkeypatch.setattr(Client, "sleep", lambda _, seconds: slept.append(seconds))
    seen.server.calls.clear()
    seen.server.fault = lambda _: fault
    for _ in range(2):
        seen.story.type("status").ended(0, f"requests: {seen.server.url.removeprefix('http://')}")
    assert (len(seen.server.calls), slept) == (1, [])


def test_offline_asks_nobody_and_shows_none(seen: OnGitHub) -> None:
    seen.server.calls.clear()
    assert "requests on" not in seen.story.type("status", "--offline").ended(0).out
    assert seen.server.calls == []


def test_what_was_said_before_is_shown_with_its_age_when_the_forge_is_away(seen: OnGitHub) -> None:
    seen.story.type("status").ended(0)
    values = json.loads(kept(seen).read_bytes())
    values["when"] -= 600
    values["asked"] -= 600
    kept(seen).write_text(json.dumps(values))
    seen.server.fault = lambda _: Fault.LOST_REQUEST
    seen.story.type("status").ended(0, "requests on https://github.com/shop/app, 10m", " ago:", "#1  open", "cannot be")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{broken", '{"version": 1, "views": [{"no": 1}]}', '{"version": 1, "views": 7}', '{"version": 0}'],
)
def test_a_damaged_cache_is_asked_for_again(seen: OnGitHub, text: str) -> None:
    kept(seen).write_text(text)
    seen.story.type("status").ended(0, "#1  open")


def test_looking_runs_no_helper_that_the_repository_names(github: OnGitHub) -> None:
    github.submit().ended(0)
    mark = github.story.path / "ran"
    github.story.git("config", f"credential.{github.server.url}.helper", f"!touch '{mark}'; echo password=x #")
    github.story.type("status").ended(0, "there is no token")
    assert not mark.exists()
