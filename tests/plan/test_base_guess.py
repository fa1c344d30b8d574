"""Which branch a new plan gets as its base, from what a repository has."""

from __future__ import annotations

import pytest

from migrate.plan.base_guess import BaseGuess, guessed

CASES = {
    "a repository without a commit": ("topic", (), None, None, "topic", True),
    "one without a commit and with a detached HEAD": (None, (), None, "trunk", "trunk", True),
    "main is checked out": ("main", ("main", "topic"), None, None, "main", True),
    "a feature branch is checked out": ("topic", ("main", "topic"), None, None, "main", False),
    "an old repository": ("topic", ("master", "topic"), None, None, "master", False),
    "main and master, and master is checked out": ("master", ("main", "master"), None, None, "master", True),
    "git's own default": ("topic", ("trunk", "topic"), None, "trunk", "trunk", False),
    "a default that is not there": ("topic", ("main", "topic"), None, "trunk", "main", False),
    "the remote's default wins over main": ("main", ("main", "develop"), "develop", None, "develop", False),
    "the remote's default is checked out": ("develop", ("main", "develop"), "develop", None, "develop", True),
    "the remote's default, and a detached HEAD": (None, ("main",), "main", None, "main", True),
    "one branch of any name": ("späße", ("späße",), None, None, "späße", True),
    "several branches of other names": ("one", ("one", "two"), None, None, "one", False),
    "several, and a detached HEAD": (None, ("two", "one"), None, None, "one", False),
}


@pytest.mark.parametrize("case", CASES)
def test_the_base_is_the_branch_that_others_stand_on(case: str) -> None:
    here, branches, remote, default, branch, is_clear = CASES[case]
    assert guessed(here, branches, remote, default) == BaseGuess(branch, here, is_clear)
