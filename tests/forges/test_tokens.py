"""Where a token comes from, and where none may go."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.errors import ForgeError
from migrate.execution.redaction import redact
from migrate.forges.base import Change, Edit, PullRequest
from migrate.forges.client import Client
from migrate.forges.github import GitHub
from migrate.forges.hosts import Place, place_of
from migrate.forges.tokens import token_for
from migrate.plan.forge_table import ForgeTable
from tests.conftest import Sandbox


def place(remote: str, **table: str) -> Place:
    """A place that is known."""
    found = place_of(remote, ForgeTable(**table))
    assert found is not None
    return found


def test_the_environment_comes_first(repo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "from-the-environment")
    assert token_for(repo.repository, place("git@github.com:a/b")).secret == "from-the-environment"


@pytest.mark.parametrize(
    ("url", "table"),
    [
        ("work:a/b", {"kind": "gitea", "url": "https://evil.example"}),
        ("https://gitea.example/a/b", {"kind": "gitea", "api_url": "https://evil.example/api/v1"}),
        ("https://gitea.com/a/b", {"kind": "gitea", "api_url": "https://evil.example/api/v1"}),
        ("work:a/b", {"kind": "gitea", "url": "https://gitea.com", "api_url": "https://evil.example/api/v1"}),
    ],
)
def test_a_token_for_no_host_does_not_go_to_a_host_that_only_the_plan_names(
    repo: Sandbox, monkeypatch: pytest.MonkeyPatch, url: str, table: dict[str, str]
) -> None:
    monkeypatch.setenv("GITEA_TOKEN", "a-secret-of-ada")
    repo.git("config", "credential.https://gitea.example.helper", "!echo username=ada; echo password=kept-by-git #")
    with pytest.raises(ForgeError) as refused:
        token_for(repo.repository, place(url, **table))
    assert "the plan names another host" in refused.value.message


def test_a_public_token_of_github_does_not_go_to_another_server(repo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "for-github-com")
    with pytest.raises(ForgeError, match="GH_ENTERPRISE_TOKEN"):
        token_for(repo.repository, place("git@github.evil.example:a/b"))
    monkeypatch.setenv("GH_ENTERPRISE_TOKEN", "for-the-server")
    assert token_for(repo.repository, place("git@github.evil.example:a/b")).secret == "for-the-server"


def test_a_token_of_a_server_of_ones_own_does_not_go_to_github_because_a_plan_names_another_page(
    repo: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GH_ENTERPRISE_TOKEN", "for-the-server")
    table = {"kind": "github", "url": "https://pages.example", "api_url": "https://api.github.com"}
    with pytest.raises(ForgeError, match=r"there is no token for github\.com: not in GH_TOKEN"):
        token_for(repo.repository, place("https://github.com/a/b", **table))


def test_the_program_of_the_forge_is_asked_for_the_host(
    repo: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gh = tmp_path / "gh"
    gh.write_text('#!/bin/sh\ntest "$*" = "auth token --hostname github.com" && echo gho_of_the_key_ring\n')
    gh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    assert token_for(repo.repository, place("git@github.com:a/b")).secret == "gho_of_the_key_ring"


def test_a_program_of_a_forge_does_not_give_a_token_of_the_environment_to_a_host_that_only_the_plan_names(
    repo: Sandbox, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """As gh does: it answers for any server of one's own with what the environment has (gh-environment(1))."""
    gh = tmp_path / "gh"
    gh.write_text('#!/bin/sh\ntest -n "$GH_ENTERPRISE_TOKEN" && echo "$GH_ENTERPRISE_TOKEN"\n')
    gh.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setenv("GH_ENTERPRISE_TOKEN", "for-the-server-of-ada")
    with pytest.raises(ForgeError, match=r"there is no token for evil\.example"):
        token_for(repo.repository, place("work:a/b", kind="github", url="https://evil.example"))


def test_all_calls_go_to_the_host_that_the_token_is_for() -> None:
    """GraphQL has an address of its own beside the REST API."""
    found = place(
        "https://github.corp.example/a/b",
        kind="github",
        url="https://evil.example",
        api_url="https://github.corp.example/api/v3",
    )
    request = PullRequest(1, "b", "main", "t", key="PR_1")
    (call,) = GitHub(found, Client(found.api, {})).render(Edit(request, {"draft": Change("yes", "no")}))
    assert call.path == "https://github.corp.example/api/graphql"


@pytest.mark.parametrize("value", ["rose-garden-17\nX-Other: 1", "rose-garden-17 \u2026", "rose-gården-17"])
def test_what_cannot_be_a_token_is_refused_and_not_shown(
    repo: Sandbox, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("GITEA_TOKEN", value)
    with pytest.raises(ForgeError, match=r"token for gitea\.com is none") as refused:
        token_for(repo.repository, place("https://gitea.com/a/b"))
    assert "rose" not in f"{refused.value.message} {refused.value.advice}"


def test_git_is_asked_last_and_asks_nobody(repo: Sandbox) -> None:
    repo.git("config", "credential.https://gitea.example.helper", "!echo username=ada; echo password=kept-by-git #")
    found = token_for(repo.repository, place("https://gitea.example/a/b"))
    assert (found.user, found.secret) == ("ada", "kept-by-git")
    with pytest.raises(ForgeError, match="there is no token"):
        token_for(repo.repository, place("https://gitea.other/a/b"))


def test_a_token_is_hidden_in_everything_that_is_printed(repo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.git("config", "credential.helper", "!echo username=ada; echo password=tiger-lily-17 #")
    found = token_for(repo.repository, place("https://gitea.example/a/b"))
    assert "tiger" not in repr(found)
    assert "tiger" not in redact("the answer was: bad credentials tiger-lily-17")
