from __future__ import annotations

import pytest

from migrate.forges.codeowners import owners_of

GITHUB = """\
# Everything, unless a later rule says otherwise.
*       @shop/core
*.js    @js-owner #inline
/build/logs/ @doctocat
docs/*  @docs
apps/   @octocat ann@example.com
/scripts/ @bob @ann
/apps/github
"""
GITLAB = """\
* @default
[Database] @dba @shop/data
model/db/
^[Docs][2] @writer
*.md
docs/a\\ b.txt @spaced
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("main.go", ("shop/core",)),
        ("a/b.js", ("js-owner",)),
        ("build/logs/x/y", ("doctocat",)),
        ("x/build/logs/y", ("shop/core",)),
        ("docs/a.md", ("docs",)),
        ("docs/a/b.md", ("shop/core",)),
        ("x/apps/y/z.go", ("octocat",)),
        ("apps/github/z", ()),
        ("scripts/x", ("bob", "ann")),
    ],
)
def test_the_last_rule_that_matches_counts(path: str, owners: tuple[str, ...]) -> None:
    assert owners_of(GITHUB, [path]) == owners


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("model/db/x.rb", ("default", "dba", "shop/data")),
        ("README.md", ("default", "writer")),
        ("docs/a b.txt", ("default", "spaced")),
    ],
)
def test_on_gitlab_each_section_counts(path: str, owners: tuple[str, ...]) -> None:
    assert owners_of(GITLAB, [path]) == owners


def test_everybody_is_named_once_and_not_more_than_a_forge_takes() -> None:
    text = "".join(f"/f{number} @u{number} @all\n" for number in range(40))
    found = owners_of(text, [f"f{number}" for number in range(40)])
    assert found[:3] == ("u0", "all", "u1")
    assert len(found) == 15
