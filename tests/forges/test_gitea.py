"""What Gitea's module makes of what a server says, and what it sends: without a server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from migrate.errors import RefusedError
from migrate.forges.base import NO_COMMIT, Call, Open, PullRequest, Push, RequestState
from migrate.forges.client import Client
from migrate.forges.errors import ExistsError
from migrate.forges.gitea import Gitea, own_requests
from migrate.forges.hosts import Place
from migrate.forges.last_set import LastSet, set_line
from migrate.git.objects import CommitId

PLACE = Place("gitea", "https://gitea.example", "shop/app", "https://gitea.example/api/v1")
BRANCH = "migrate/tidy/p01-move-old"
COMMIT = CommitId("a" * 40)
BODY = f"Text.\n{set_line(LastSet('Move old', False, branch=BRANCH))}\n"


def listed(number: int, **more: Any) -> dict[str, Any]:
    """A request that somebody opened by a push: it has no branch."""
    head = {"ref": f"refs/pull/{number}/head", "label": "", "repo_id": 1, "sha": COMMIT}
    base = {"ref": "main", "label": "main", "repo_id": 1}
    values = {"number": number, "title": "Move old", "body": BODY, "state": "open", "head": head, "base": base}
    return {**values, "user": {"login": "cleo"}, **more}


def of_branch(request: Mapping[str, Any], me: str) -> list[PullRequest]:
    """What counts of one request that was listed for the branch, where `me` asks."""
    return list(own_requests([request], [BRANCH], me, ""))


def test_a_request_without_a_branch_is_known_by_what_its_description_says() -> None:
    (found,) = of_branch(listed(7), "cleo")
    assert (found.branch, found.number, found.commit, found.state) == (BRANCH, 7, COMMIT, RequestState.OPEN)


@pytest.mark.parametrize("more", [{"user": {"login": "mallory"}}, {"body": "Text."}, {"user": {}}])
def test_one_of_somebody_else_or_without_such_a_line_is_none_of_ours(more: Mapping[str, Any]) -> None:
    assert of_branch(listed(7, **more), "cleo") == []


def test_who_may_push_has_branches_and_no_such_requests() -> None:
    assert of_branch(listed(7), "") == []


def gitea(said: Any) -> tuple[Gitea, list[tuple[str, str, Mapping[str, str]]]]:
    """A repository to which branches may not be pushed; what is pushed for review; `said` is what the server says."""
    pushed: list[tuple[str, str, Mapping[str, str]]] = []

    def push(commit: CommitId, ref: str, options: Mapping[str, str]) -> str:
        pushed.append((commit, ref, options))
        if isinstance(said, Exception):
            raise said
        return str(said)

    class Silent(Client):
        def get(self, path: str, **params: str | int) -> Any:
            return {"permissions": {"push": False}}

    found = Gitea(PLACE, Silent(PLACE.api, {}), push)
    assert not found.may_push()
    return found, pushed


def test_it_is_opened_by_a_push_and_described_then() -> None:
    forge, pushed = gitea("Visit the existing pull request:\n  https://gitea.example/shop/app/pulls/12")
    first, second = forge.render(Open(BRANCH, "main", "Move old", BODY, is_draft=True, commit=COMMIT))
    assert forge.send(first) == 12
    ((commit, ref, options),) = pushed
    assert (commit, ref) == (COMMIT, "refs/for/main")
    assert (options["topic"], options["title"], options["force-push"]) == (BRANCH, "WIP: Move old", "true")
    assert "\n" not in options["description"]
    (found,) = of_branch(listed(12, body=options["description"]), "cleo")
    assert (found.branch, found.number) == (BRANCH, 12)
    assert (second.method, second.values) == ("PATCH", {"body": BODY})


def test_a_commit_that_is_there_already_is_looked_for() -> None:
    forge, _ = gitea(RefusedError("it did not take refs/for/main: new commit is same with old commit"))
    (call,) = forge.render(Push(BRANCH, "main", COMMIT))
    with pytest.raises(ExistsError):
        forge.send(call)


def test_what_is_refused_for_another_reason_is_said() -> None:
    forge, _ = gitea(RefusedError("it did not take refs/for/main: no"))
    with pytest.raises(RefusedError, match="no"):
        forge.send(Call("PUSH", "refs/for/main", {"commit": NO_COMMIT}, "push the branch"))
