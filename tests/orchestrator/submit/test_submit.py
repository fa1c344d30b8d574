"""The stack as pull requests, on a GitHub whose every answer is held against GitHub's own description."""

from __future__ import annotations

import pytest

from migrate.describe.markers import END
from tests.forges.on_github import FIRST, SECOND, THIRD, OnGitHub

CHAIN = [(FIRST, "main"), (SECOND, FIRST), (THIRD, SECOND)]


def test_each_phase_gets_a_request_on_the_branch_below(github: OnGitHub) -> None:
    ran = github.submit().ended(0, "p01-move-old", "opened", f"https://github.com/shop/app/pull/{github.pull(THIRD)}")
    assert github.bases() == CHAIN
    first = github.server.pulls[1]
    assert (first.title, first.draft) == ("Move old to new", False)
    assert "The old folder was never meant to stay." in first.body
    assert github.origin.git("rev-parse", FIRST) == github.story.git("rev-parse", FIRST)
    assert "a-token-of-ada" not in ran.text


def test_every_request_shows_the_whole_stack_and_how_it_was_validated(github: OnGitHub) -> None:
    github.submit().ended(0)
    assert len(github.server.comments) == 3
    for on, body in github.server.comments.values():
        assert [f"#{each.number} " in body for each in github.server.pulls.values()] == [True] * 3
        assert f"👉 | #{on} |" in body
    for branch in (FIRST, SECOND, THIRD):
        (status,) = github.server.statuses[github.origin.git("rev-parse", branch)].values()
        assert (status["context"], status["state"]) == ("migrate/check", "success")
    assert list(github.server.stacks.values()) == [[1, 2, 3]]


def test_an_unchanged_stack_makes_no_write(github: OnGitHub) -> None:
    github.submit().ended(0)
    github.server.calls.clear()
    refs = github.story.refs()
    github.submit().ended(4, "Every request is as it should be.")
    assert github.server.writes == []
    assert github.story.refs() == refs


def test_a_dry_run_makes_the_calls_of_a_real_run_and_no_write(github: OnGitHub) -> None:
    before = github.story.refs("refs/heads", "refs/migrate"), github.origin.git("for-each-ref")
    dry = github.story.type("submit", "--dry-run", "--json").ended(0)
    assert github.server.writes == []
    assert (github.story.refs("refs/heads", "refs/migrate"), github.origin.git("for-each-ref")) == before
    github.submit().ended(0)
    numbers = {f"<number of {p.head}>": str(p.number) for p in github.server.pulls.values()}
    foreseen = []
    for call in dry.json["calls"]:
        path = call["path"]
        for name, number in numbers.items():
            path = path.replace(name, number)
        foreseen.append((call["method"], path))
    assert foreseen == github.server.writes
    assert f"{len(foreseen)} calls would be made" in dry.err


def test_a_dry_run_shows_the_difference_of_each_text(github: OnGitHub) -> None:
    github.submit().ended(0)
    github.story.git("switch", "--quiet", THIRD)
    github.story.commit("Say it better", {"guide.md": "Read new/a.txt.\n"})
    github.story.made("validate", "p03")
    said = github.story.type("submit", "--dry-run").ended(0).err
    assert "PATCH /repos/shop/app/pulls/3   (change the request)" in said
    assert "Say it better" in said


def test_a_failed_phase_stays_here_and_gets_no_request(github: OnGitHub) -> None:
    github.story.git("switch", "--quiet", SECOND)
    github.story.commit("Break it", {"broken": ""})
    github.story.type("validate", "p02").ended(1)
    github.submit().ended(0, "p02-add-guide gets no request", "p03-drop-notes gets no request")
    assert github.bases() == CHAIN[:1]


def test_only_the_phases_that_are_named_are_submitted(github: OnGitHub) -> None:
    github.submit("p01", "2").ended(0)
    assert github.bases() == CHAIN[:2]
    assert "to come" in github.server.comments[1000][1]
    github.submit().ended(0)
    assert github.bases() == CHAIN


def test_a_request_that_exists_is_taken_over_and_keeps_its_title_and_text(github: OnGitHub) -> None:
    github.story.type("sync", "--yes").ended(0)
    github.server.opened({"head": SECOND, "base": "main", "title": "Guide, please", "body": "By hand."})
    github.submit().ended(0)
    taken = github.server.pulls[1]
    assert (taken.head, taken.base, taken.title) == (SECOND, FIRST, "Guide, please")
    assert taken.body.startswith("By hand.\n\n<!-- migrate: generated for tidy p02-add-guide -->")
    assert sorted(github.bases()) == CHAIN


def test_what_a_person_wrote_and_chose_stays(github: OnGitHub) -> None:
    github.submit().ended(0)
    pull = github.server.pulls[2]
    pull.body = f"Look at the wording.\n\n{pull.body}\nThank you!\n".replace("\n", "\r\n")
    pull.title = "A better title"
    pull.draft = True
    github.server.calls.clear()
    github.submit().ended(4)
    github.story.git("switch", "--quiet", SECOND)
    github.story.commit("Say it better", {"guide.md": "Read new/a.txt.\n"})
    github.story.made("restack")
    github.submit().ended(0)
    assert (pull.title, pull.draft) == ("A better title", True)
    assert pull.body.startswith("Look at the wording.\r\n\r\n<!-- migrate:")
    assert pull.body.endswith(f"{END}\r\n\r\nThank you!\r\n") or pull.body.rstrip().endswith("Thank you!")
    assert "Say it better" in pull.body


def test_a_request_that_a_person_closed_stays_closed(github: OnGitHub) -> None:
    github.submit().ended(0)
    github.server.pulls[3].state = "closed"
    github.server.calls.clear()
    github.submit()
    assert github.bases() == CHAIN[:2]


def test_it_asks_before_anything_is_published(github: OnGitHub) -> None:
    before = github.origin.git("for-each-ref")
    ran = github.story.migrate("submit").ended(6, "there is no terminal to ask on")
    assert "migrate submit --yes" in ran.err
    assert github.server.writes == []
    assert github.origin.git("for-each-ref") == before


@pytest.mark.parametrize("words", [("submit", "p07"), ("submit", "nonsense")])
def test_an_unknown_phase_is_refused(github: OnGitHub, words: tuple[str, ...]) -> None:
    github.story.type(*words).ended(2, "there is no phase")


def test_those_who_own_the_files_of_a_phase_are_asked_to_review_it(github: OnGitHub) -> None:
    github.story.git("switch", "--quiet", "main")
    owners = "* @ada\n/old/ @bob @shop/core\nguide.md @ann\n"
    github.story.commit("Say who owns what", {".github/CODEOWNERS": owners})
    github.story.git("push", "--quiet", "origin", "main")
    github.story.made("restack")
    github.submit().ended(0)
    assert [pull.reviewers for pull in github.server.pulls.values()] == [["bob", "shop/core"], ["ann"], []]


def test_whom_the_forge_does_not_take_is_named_and_stops_nothing(github: OnGitHub) -> None:
    github.server.me = "somebody-else"
    github.server.strangers = {"bob"}
    github.story.git("switch", "--quiet", "main")
    github.story.commit("Say who owns what", {"CODEOWNERS": "* @bob\n"})
    github.story.git("push", "--quiet", "origin", "main")
    github.story.made("restack")
    github.submit().ended(0, "p01-move-old: to ask for reviews was refused", "collaborators")
    assert github.bases() == CHAIN
    github.submit().ended(4)
