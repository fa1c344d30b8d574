"""What people do on a running Gitea while a stack is there, and what `submit` makes of it."""

from __future__ import annotations

import pytest

from tests.conftest import Sandbox
from tests.live.conftest import PLAN, Shared, on_server
from tests.live.gitea import Gitea, Person
from tests.story import Story

CHAIN = [("p01-step-1", "main"), ("p02-step-2", "p01-step-1"), ("p03-step-3", "p02-step-2")]
TABLE = """
labels = ["refactoring"]
reviewers = ["bob", "ada"]
assignees = ["ada"]
milestone = "v2"
"""


@pytest.fixture(scope="session")
def bob(server: Gitea) -> Person:
    """A reviewer."""
    return server.person("bob")


@pytest.fixture
def three(story: Story, server: Gitea, ada: Person, bob: Person, monkeypatch: pytest.MonkeyPatch) -> Shared:
    """A repository of three phases, with labels and people in its plan."""
    plan = PLAN.replace('kind = "gitea"\n', f'kind = "gitea"\n{TABLE}')
    shared = on_server(story, server, ada, monkeypatch, 3, plan)
    ada("PUT", f"{shared.repository}/collaborators/bob", permission="write")
    ada("POST", f"{shared.repository}/labels", name="refactoring", color="#00aabb")
    ada("POST", f"{shared.repository}/milestones", title="v2")
    return shared


def test_labels_people_and_a_milestone_are_given_once(three: Shared) -> None:
    three.submit().ended(0)
    for request in three.requests():
        assert [label["name"] for label in request["labels"]] == ["refactoring"]
        assert [each["login"] for each in request["requested_reviewers"]] == ["bob"]
        assert [each["login"] for each in request["assignees"]] == ["ada"]
        assert request["milestone"]["title"] == "v2"
    three.ada("DELETE", f"{three.repository}/issues/1/labels/{request['labels'][0]['id']}")
    three.submit().ended(4)
    assert three.requests()[0]["labels"] == []


def test_a_missing_label_is_said_before_anything_is_pushed(three: Shared) -> None:
    label = three.ada("GET", f"{three.repository}/labels")[0]
    three.ada("DELETE", f"{three.repository}/labels/{label['id']}")
    three.submit().ended(6, 'there is no label "refactoring"')
    assert three.requests() == []


def test_a_review_fix_is_carried_and_the_approval_above_is_explained(three: Shared, bob: Person) -> None:
    three.submit().ended(0)
    second = three.requests()[1]
    bob("POST", f"{three.repository}/pulls/{second['number']}/reviews", event="APPROVED", body="Good.")
    assert "approved by bob" in three.story.type("status").ended(0).out
    three.story.git("switch", "--quiet", "migrate/tidy/p01-step-1")
    three.story.commit("Fix what Bob saw", {"step1.txt": "one\n"})
    three.story.made("restack")
    three.submit().ended(0)
    comments = three.comments(second["number"])
    assert any(f"**Nothing is new since bob approved** `{second['head']['sha'][:7]}`" in each for each in comments)
    assert three.bases() == CHAIN
    assert three.files(second["number"]) == {"step2.txt", "all.txt"}


def test_texts_of_people_stay_and_a_taken_over_request_is_not_doubled(three: Shared) -> None:
    three.story.type("sync", "--yes").ended(0)
    three.ada(
        "POST", f"{three.repository}/pulls", head="migrate/tidy/p02-step-2", base="main", title="Mine", body="Hello."
    )
    three.submit().ended(0)
    assert sorted(three.bases()) == CHAIN
    mine = next(each for each in three.requests() if each["title"] == "Mine")
    assert mine["body"].startswith("Hello.\n\n<!-- migrate: generated")
    three.ada("PATCH", f"{three.repository}/pulls/{mine['number']}", title="Still mine", body=f"{mine['body']}\nBye.")
    three.submit().ended(4)
    again = three.ada("GET", f"{three.repository}/pulls/{mine['number']}")
    assert again["title"] == "Still mine"
    assert again["body"].endswith("Bye.")


def test_a_gate_makes_a_draft_until_it_is_approved(
    story: Story, server: Gitea, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = '\n[[validation]]\nname = "smoke"\nmanual = "Look at it."\nphases = ["p02-*"]\n'
    shared = on_server(story, server, ada, monkeypatch, 2, PLAN + gate)
    shared.submit().ended(0)
    assert [(each["title"], each["draft"]) for each in shared.requests()] == [
        ("Take step 1", False),
        ("WIP: Take step 2", True),
    ]
    shared.story.made("approve", "p02", "smoke", "--yes")
    shared.submit().ended(0)
    assert [each["title"] for each in shared.requests()] == ["Take step 1", "Take step 2"]


def test_one_command_merges_lands_and_updates(three: Shared) -> None:
    three.submit().ended(0)
    for name in ("p01", "p02", "p03"):
        three.story.type("submit", "--land", name, "--yes").ended(0)
    assert three.story.states() == ["landed"] * 3
    assert three.bases() == []
    assert [each["name"] for each in three.ada("GET", f"{three.repository}/branches")] == ["main"]
    log = three.story.git("log", "-3", "--format=%s", "main").split("\n")
    assert [line.rpartition(" (")[0] for line in log] == ["Take step 3", "Take step 2", "Take step 1"]


def test_a_submit_is_undone_and_done_again(three: Shared) -> None:
    three.submit().ended(0)
    three.story.type("undo", "--yes").ended(0, "close #1")
    assert three.bases() == []
    three.submit().ended(0)
    assert three.bases() == CHAIN
    assert [each["number"] for each in three.requests("all")] == [1, 2, 3]


def test_a_colleague_goes_on_with_the_same_requests(three: Shared, bob: Person, tmp_path, monkeypatch) -> None:
    three.submit().ended(0)
    place = tmp_path / "bob"
    three.story.git("clone", "--quiet", three.story.git("remote", "get-url", "origin"), str(place))
    other = Story(Sandbox(place).path)
    other.capture = three.story.capture
    other.git("config", "user.name", "Bob")
    other.git("config", "user.email", "bob@example.com")
    other.git("config", "credential.helper", f"!echo username=bob; echo password={bob.token} #")
    monkeypatch.setenv("GITEA_TOKEN", bob.token)
    other.type("sync", "--yes").ended(0)
    other.type("submit", "--yes").ended(4, "Every request is as it should be.")
