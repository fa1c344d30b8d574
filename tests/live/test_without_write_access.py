"""A stack of somebody who may not push: one request after the other, by AGit, each from `refs/for/main`."""

from __future__ import annotations

import pytest

from migrate.errors import ForgeError
from migrate.forges import gitea
from migrate.forges.base import Call
from tests.live.conftest import Shared, on_server
from tests.live.gitea import Gitea, Person, remote_url
from tests.story import Story


@pytest.fixture
def theirs(story: Story, server: Gitea, ada: Person, monkeypatch: pytest.MonkeyPatch) -> Shared:
    """Three phases that were run by somebody who can only read the repository."""
    cleo = server.person(f"cleo{next(PEOPLE)}")
    shared = on_server(story, server, ada, monkeypatch, 3)
    story.git("remote", "set-url", "origin", remote_url(server, cleo, shared.project).replace(f":{cleo.token}", ""))
    story.git("config", "credential.helper", f"!echo password={cleo.token} #")
    monkeypatch.setenv("GITEA_TOKEN", cleo.token)
    return shared


PEOPLE = iter(range(1, 100))


def titles(shared: Shared) -> list[str]:
    """The titles of the open requests."""
    return [each["title"] for each in shared.requests()]


def test_the_lowest_is_opened_and_the_rest_is_named_as_waiting(theirs: Shared) -> None:
    theirs.story.type("submit", "--dry-run").ended(0, "PUSH refs/for/main", "topic: migrate/tidy/p01-step-1")
    assert theirs.requests() == []
    said = theirs.submit().ended(0, "opened", "p02-step-2 waits until p01-step-1 is merged").err
    assert "p03-step-3 waits until p02-step-2 is merged" in said
    (request,) = theirs.requests()
    assert (request["title"], request["base"]["ref"]) == ("Take step 1", "main")
    assert theirs.files(request["number"]) == {"step1.txt", "all.txt"}
    assert "**Phase 1 of 3**" in request["body"]
    assert "3 phases, merged from the bottom up" in theirs.comments(request["number"])[0]
    assert [each["name"] for each in theirs.ada("GET", f"{theirs.repository}/branches")] == ["main"]
    theirs.submit().ended(4, "Every request is as it should be.")
    assert "#1  open" in theirs.story.type("status").ended(0).out


def test_a_fix_is_pushed_to_the_same_request(theirs: Shared) -> None:
    theirs.submit().ended(0)
    theirs.story.git("switch", "--quiet", "migrate/tidy/p01-step-1")
    commit = theirs.story.commit("Fix it", {"step1.txt": "one\n"})
    theirs.story.made("restack")
    theirs.submit().ended(0, "updated")
    (request,) = theirs.requests()
    assert (request["number"], request["head"]["sha"]) == (1, commit)


def test_one_after_the_other_is_merged_until_none_is_left(theirs: Shared) -> None:
    for number in (1, 2, 3):
        theirs.submit().ended(0)
        assert titles(theirs) == [f"Take step {number}"]
        (request,) = theirs.requests()
        assert theirs.files(request["number"]) == {f"step{number}.txt", "all.txt"}
        theirs.merge(request["number"], "squash", merge_title_field="x", merge_message_field=" ")
        theirs.story.type("land", "--fetch", "--yes").ended(0)
    theirs.submit().ended(4)
    assert theirs.story.states() == ["landed"] * 3


def test_what_somebody_else_opened_under_the_same_topic_is_left_alone(theirs: Shared, server: Gitea) -> None:
    theirs.submit().ended(0)
    body = theirs.requests()[0]["body"]
    other = server.person(f"cleo{next(PEOPLE)}")
    url = remote_url(server, other, theirs.project)
    options = ("-o", "topic=migrate/tidy/p01-step-1", "-o", "title=Not mine")
    theirs.story.git("push", "--quiet", *options, url, "migrate/tidy/p01-step-1:refs/for/main")
    other("PATCH", f"{theirs.repository}/pulls/2", body=body)
    theirs.submit().ended(4)
    assert theirs.requests()[1]["title"] == "Not mine"


def test_it_is_undone_and_done_again(theirs: Shared) -> None:
    theirs.submit().ended(0)
    theirs.story.type("undo", "--yes").ended(0, "close #1")
    assert theirs.requests() == []
    theirs.submit().ended(0)
    assert titles(theirs) == ["Take step 1"]


def test_one_that_was_pushed_and_not_described_is_completed(theirs: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    send = gitea.Gitea.send

    def broken(forge: gitea.Gitea, call: Call) -> int | None:
        if call.what == "describe it":
            raise ForgeError("the line is dead")
        return send(forge, call)

    monkeypatch.setattr(gitea.Gitea, "send", broken)
    theirs.submit().ended(6, "the line is dead")
    monkeypatch.setattr(gitea.Gitea, "send", send)
    theirs.submit().ended(0)
    (request,) = theirs.requests()
    assert request["body"].startswith("<!-- migrate: generated for")
    assert request["body"].count("migrate: set") == 1


def test_a_fork_has_one_request_at_a_time(theirs: Shared, server: Gitea, monkeypatch: pytest.MonkeyPatch) -> None:
    story, dora = theirs.story, server.person(f"cleo{next(PEOPLE)}")
    dora("POST", f"{theirs.repository}/forks")
    project = f"{dora.name}/{theirs.project.partition('/')[2]}"
    story.git("remote", "rename", "origin", "upstream")
    story.git("remote", "add", "origin", remote_url(server, dora, project).replace(f":{dora.token}", ""))
    story.git("config", "credential.helper", f"!echo password={dora.token} #")
    story.git("config", "migrate.requestsRemote", "upstream")
    monkeypatch.setenv("GITEA_TOKEN", dora.token)
    for number in (1, 2, 3):
        theirs.submit().ended(0)
        (request,) = theirs.requests()
        assert (request["head"]["label"], request["head"]["repo"]["full_name"]) == (
            f"migrate/tidy/p0{number}-step-{number}",
            project,
        )
        assert theirs.files(request["number"]) == {f"step{number}.txt", "all.txt"}
        theirs.merge(request["number"], "squash")
        story.git("fetch", "--quiet", "upstream")
        story.git("push", "--quiet", "origin", "upstream/main:main")
        story.type("land", "--fetch", "--yes").ended(0)
    assert theirs.story.states() == ["landed"] * 3
