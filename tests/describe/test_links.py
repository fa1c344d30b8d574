from __future__ import annotations

import pytest

from migrate.describe.links import Links, links_of

GITHUB = Links("https://github.com/andreimerfu/pllm")


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/andreimerfu/pllm",
        "https://github.com/andreimerfu/pllm.git",
        "https://github.com/andreimerfu/pllm/",
        "https://ada:s3cret@github.com/andreimerfu/pllm.git",
        "https://x-access-token:ghp_s3cret@GitHub.com/andreimerfu/pllm.git",
        "git@github.com:andreimerfu/pllm.git",
        "github.com:andreimerfu/pllm",
        "ssh://git@github.com/andreimerfu/pllm.git",
        "ssh://git@github.com:22/andreimerfu/pllm.git",
        "ssh://git@ssh.github.com:443/andreimerfu/pllm.git",
        "git://github.com/andreimerfu/pllm.git",
        "  git@github.com:andreimerfu/pllm.git\n",
    ],
)
def test_every_form_of_a_url_leads_to_the_same_page(url):
    assert links_of(url) == GITHUB


@pytest.mark.parametrize(
    ("url", "web"),
    [
        ("git@gitlab.com:group/sub/project.git", "https://gitlab.com/group/sub/project"),
        ("https://gitlab.example.org:8443/a/b.git", "https://gitlab.example.org:8443/a/b"),
        ("http://gitlab.internal.lan/a/b", "http://gitlab.internal.lan/a/b"),
        ("git@github.example.com:a/b.git", "https://github.example.com/a/b"),
    ],
)
def test_forges_of_ones_own_are_known_by_their_name(url, web):
    assert links_of(url).web == web


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "/srv/git/pllm.git",
        "../pllm",
        "file:///srv/github.com/a/b",
        "C:/work/pllm",
        "https://example.com/a/b.git",
        "https://github.com.evil.example@evil.example/a/b",
        "https://notgithub.com/a/b",
        "https://github.com/only",
        "https://github.com/a/b/c",
        "https://github.com/a/../b",
        "https://github.com/a/b)](javascript:alert(1)",
        "https://github.com/a/b?token=s3cret",
        "https://github.com/a/b#s3cret",
        "https://github.com:port/a/b",
        "ftp://github.com/a/b",
        "https://[broken/a/b",
        "git@github.com:a/b c",
        "ext::sh -c github.com/a/b",
    ],
)
def test_anything_else_has_no_pages(url):
    assert links_of(url) == Links()


def test_pages_of_github():
    assert GITHUB.branch("migrate/pllm/p03") == "https://github.com/andreimerfu/pllm/tree/migrate/pllm/p03"
    assert GITHUB.compare("main", "x y") == "https://github.com/andreimerfu/pllm/compare/main...x%20y"
    assert GITHUB.commit("90aa1c4") == "https://github.com/andreimerfu/pllm/commit/90aa1c4"


def test_pages_of_gitlab():
    assert links_of("git@gitlab.com:a/b.git").branch("f(x)") == "https://gitlab.com/a/b/-/tree/f%28x%29"


def test_no_forge_no_pages():
    assert (Links().branch("main"), Links().compare("a", "b"), Links().commit("1")) == (None, None, None)
