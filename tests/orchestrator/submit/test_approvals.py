"""What is new since somebody approved: proven from trees, the base apart."""

from __future__ import annotations

from tests.forges.on_github import FIRST, SECOND, OnGitHub


def approve(github: OnGitHub, branch: str) -> str:
    """Let Bob approve a request as it is now."""
    commit = github.origin.git("rev-parse", branch)
    number = github.pull(branch)
    github.server.reviews[number] = [{"state": "APPROVED", "user": {"login": "bob"}, "commit_id": commit}]
    return commit


def said(github: OnGitHub, branch: str) -> list[str]:
    """What is said on a request of approvals."""
    number = github.pull(branch)
    return [body for on, body in github.server.comments.values() if on == number and "approvals of tidy" in body]


def test_nothing_is_said_while_the_commit_is_the_one_that_was_approved(github: OnGitHub) -> None:
    github.submit().ended(0)
    approve(github, SECOND)
    github.submit().ended(4)
    assert said(github, SECOND) == []


def test_a_restack_that_changed_nothing_says_so(github: OnGitHub) -> None:
    github.submit().ended(0)
    commit = approve(github, SECOND)
    github.story.git("switch", "--quiet", FIRST)
    github.story.commit("Fix it", {"new/a.txt": "better\n"})
    github.story.made("restack")
    github.submit().ended(0)
    (comment,) = said(github, SECOND)
    assert f"**Nothing is new since bob approved** `{commit[:7]}`" in comment
    github.submit().ended(4)


def test_a_change_is_named_by_its_files(github: OnGitHub) -> None:
    github.submit().ended(0)
    approve(github, SECOND)
    github.story.git("switch", "--quiet", FIRST)
    github.story.commit("Fix it", {"new/a.txt": "better\n"})
    github.story.git("switch", "--quiet", SECOND)
    github.story.commit("Say it better", {"guide.md": "Read it.\n"})
    github.story.made("restack")
    github.submit().ended(0)
    (comment,) = said(github, SECOND)
    assert "**New since bob approved**" in comment
    assert "the base apart: `guide.md`" in comment


def test_a_commit_that_is_not_here_is_not_judged(github: OnGitHub) -> None:
    github.submit().ended(0)
    number = github.pull(SECOND)
    github.server.reviews[number] = [{"state": "APPROVED", "user": {"login": "bob"}, "commit_id": "a" * 40}]
    github.submit().ended(0)
    assert "cannot be told" in said(github, SECOND)[0]


def test_a_base_with_a_conflict_is_compared_file_by_file(github: OnGitHub) -> None:
    github.submit().ended(0)
    approve(github, SECOND)
    github.story.git("switch", "--quiet", "main")
    github.story.commit("Take the place", {"other.md": "x\n"})
    github.story.made("restack")
    github.submit().ended(0)
    assert "Nothing is new since bob approved" in said(github, SECOND)[0]
