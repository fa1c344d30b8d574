"""`undo` of a submit: what it opened is closed, what it changed goes back, and what people did since stays."""

from __future__ import annotations

from tests.forges.on_github import FIRST, SECOND, THIRD, OnGitHub

CHAIN = [(FIRST, "main"), (SECOND, FIRST), (THIRD, SECOND)]


def test_requests_that_were_opened_are_closed_and_opened_again(github: OnGitHub) -> None:
    github.submit().ended(0)
    heads = github.origin.git("for-each-ref", "refs/heads")
    github.story.type("undo", "--yes").ended(0, "close #1", "commit statuses stay", "origin keeps the branches")
    assert github.bases() == []
    assert github.origin.git("for-each-ref", "refs/heads") == heads
    github.submit().ended(0)
    assert github.bases() == CHAIN
    assert len(github.server.pulls) == 3, "they are opened again, and not twice"
    github.submit().ended(4)


def test_an_update_is_taken_back_where_nobody_changed_it_since(github: OnGitHub) -> None:
    github.story.type("sync", "--yes").ended(0)
    github.server.opened({"head": SECOND, "base": "main", "title": "By hand", "body": "Mine."})
    github.submit().ended(0)
    github.story.type("undo", "--yes").ended(0, "restore base, body of #1", "close #3")
    taken = github.server.pulls[1]
    assert (taken.base, taken.body, taken.state) == ("main", "Mine.", "open")


def test_what_a_person_changed_since_stays_and_is_named(github: OnGitHub) -> None:
    github.story.type("sync", "--yes").ended(0)
    github.server.opened({"head": SECOND, "base": "main", "title": "By hand", "body": "Mine."})
    github.submit().ended(0)
    github.server.pulls[1].body += "\nAnd more."
    github.story.type("undo", "--yes").ended(0, "#1: its body was changed since, and stays")
    assert github.server.pulls[1].body.endswith("And more.")
    assert github.server.pulls[1].base == "main"


def test_after_it_the_command_before_is_the_next_to_be_undone(github: OnGitHub) -> None:
    github.submit().ended(0)
    github.story.type("undo", "--yes").ended(0, "on https://github.com/shop/app")
    github.story.type("undo", "--yes").ended(0, "Undoing", "p03-drop-notes")


def test_what_was_done_after_a_submit_is_undone_first(github: OnGitHub) -> None:
    github.submit().ended(0)
    github.story.git("switch", "--quiet", FIRST)
    github.story.commit("Fix it", {"new/a.txt": "better\n"})
    github.story.made("restack")
    said = github.story.type("undo", "--yes").ended(0).err
    assert "github.com" not in said
    assert github.bases() == CHAIN


def test_a_request_that_a_person_opened_stays_open(github: OnGitHub) -> None:
    """As after a submit that was killed before it opened one."""
    github.submit().ended(0)
    github.server.pulls[3].state = "closed"
    github.server.opened({"head": THIRD, "base": SECOND, "title": "By hand", "body": "Mine."})
    opened = max(github.server.pulls)
    github.story.type("undo", "--yes").ended(0, f"#{opened} stays open: submit did not open it", "close #1")
    assert github.bases() == [(THIRD, SECOND)]


def test_nothing_is_taken_back_unasked(github: OnGitHub) -> None:
    github.submit().ended(0)
    github.server.calls.clear()
    github.story.migrate("undo").ended(6, "there is no terminal to ask on")
    assert github.server.writes == []


def test_an_entry_of_the_journal_that_makes_no_sense_takes_nothing_back(github: OnGitHub) -> None:
    from migrate.orchestrator.submit.take_back import reversed_actions

    rows = ({"did": "edit", "branch": FIRST, "changes": 7}, {"did": "edit", "branch": FIRST, "changes": {"x": "y"}}, {})
    github.submit().ended(0)
    from migrate.forges.base import PullRequest

    assert reversed_actions(rows, {FIRST: PullRequest(1, FIRST, "main", "T")}, (), "#") == ((), ())
