from __future__ import annotations

import pytest

from migrate.errors import RefusedError
from migrate.forges.hosts import KINDS, expected_place, place_of
from migrate.plan import forge_table
from migrate.plan.forge_table import ForgeTable


@pytest.mark.parametrize(
    ("url", "kind", "web", "api"),
    [
        ("git@github.com:a/b.git", "github", "https://github.com/a/b", "https://api.github.com"),
        ("ssh://git@ssh.github.com:443/a/b", "github", "https://github.com/a/b", "https://api.github.com"),
        ("https://acme.ghe.com/a/b", "github", "https://acme.ghe.com/a/b", "https://api.acme.ghe.com"),
        ("https://github.acme.io/a/b", "github", "https://github.acme.io/a/b", "https://github.acme.io/api/v3"),
        ("https://gitlab.com/g/s/p.git", "gitlab", "https://gitlab.com/g/s/p", "https://gitlab.com/api/v4"),
        ("git@codeberg.org:a/b.git", "forgejo", "https://codeberg.org/a/b", "https://codeberg.org/api/v1"),
        ("http://gitlab.com/a/b", "gitlab", "https://gitlab.com/a/b", "https://gitlab.com/api/v4"),
        ("http://codeberg.org/a/b", "forgejo", "https://codeberg.org/a/b", "https://codeberg.org/api/v1"),
        ("https://gitea.lan:3000/a/b", "gitea", "https://gitea.lan:3000/a/b", "https://gitea.lan:3000/api/v1"),
    ],
)
def test_a_remote_leads_to_its_forge(url: str, kind: str, web: str, api: str) -> None:
    place = place_of(url)
    assert place is not None
    assert (place.kind, place.web, place.api, place.is_from_remote) == (kind, web, api, True)


def test_the_plan_says_what_an_alias_of_ssh_does_not() -> None:
    place = place_of("work:shop/app.git", ForgeTable(kind="gitea", url="https://code.example.com/git/"))
    assert place is not None
    assert (place.web, place.api) == ("https://code.example.com/git/shop/app", "https://code.example.com/git/api/v1")
    assert not place.is_from_remote, "a plan comes with a repository: a token for no host does not go where it says"


def test_a_folder_below_the_host_is_no_part_of_the_project() -> None:
    place = place_of("https://h.example/git/a/b", ForgeTable(kind="gitea", url="https://h.example/git"))
    assert place is not None
    assert (place.project, place.is_from_remote) == ("a/b", True)


ODD = ("git@[abc:a/b", "[host]:a/b", "git@exa\u2100mple:a/b", "git@github.com?x:a/b", "https://[::1]/a/b")


@pytest.mark.parametrize("url", [*ODD, "https://example.com/a/b", "/srv/a/b.git", "https://github.com/a", ""])
def test_a_remote_on_no_known_forge_is_refused_with_advice(url: str) -> None:
    assert place_of(url) is None
    assert url not in ODD or place_of(url, ForgeTable(kind="gitea")) is None
    with pytest.raises(RefusedError) as refused:
        expected_place("origin", url, ForgeTable())
    assert refused.value.advice


def test_the_plan_knows_the_kinds_that_there_are() -> None:
    assert tuple(KINDS) == forge_table.KINDS


@pytest.mark.parametrize(
    ("url", "table", "is_refused"),
    [
        ("http://gitea.example.org/acme/shop.git", ForgeTable(), True),
        ("http://gitea.example.org/acme/shop.git", ForgeTable(url="https://gitea.example.org"), False),
        ("https://gitea.example.org/acme/shop.git", ForgeTable(), False),
        ("http://127.0.0.1:3000/acme/shop.git", ForgeTable(kind="gitea"), False),
    ],
)
def test_a_token_is_sent_to_nobody_by_plain_http(url: str, table: ForgeTable, is_refused: bool) -> None:
    if not is_refused:
        assert expected_place("origin", url, table).is_secret
        return
    with pytest.raises(RefusedError, match="plain http") as refused:
        expected_place("origin", url, table)
    assert "git remote set-url origin https://" in (refused.value.advice or "")
