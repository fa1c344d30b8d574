"""What failed is not published unasked, nor is what stands on it."""

from __future__ import annotations

import pytest

from tests.scenarios.clones import FIRST, SECOND, THIRD, Clones, sync
from tests.story import PLAN, prepared

GUIDED = PLAN + '\n[[validation]]\nname = "guide"\nrun = "! test -e guide.md"\nphases = ["p02-*"]\n'


def branches(clones: Clones) -> set[str]:
    """The branches on the remote."""
    return set(clones.origin.git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").splitlines())


@pytest.fixture
@prepared
def failing(clones: Clones) -> Clones:
    """Three phases in Ada's clone, of which the second failed."""
    ada, bob, _ = clones
    ada.plan(GUIDED)
    ada.commit("Forbid the guide")
    ada.git("push", "--quiet", "origin", "main")
    bob.git("pull", "--quiet", "--ff-only")
    ada.type("run", "--no-validate").ended(0)
    ada.type("validate", "--all").ended(1)
    assert ada.states() == ["passed", "failed", "passed"]
    return clones


def test_a_failed_phase_and_what_stands_on_it_stay_here_and_the_rest_is_pushed(failing: Clones) -> None:
    ada, bob, _ = failing
    sync(ada).ended(
        0,
        "p02-add-guide is not pushed: it failed guide",
        "p03-drop-notes is not pushed: it stands on p02-add-guide, which failed",
        "migrate sync --allow-failed",
    )
    assert branches(failing) == {"main", FIRST}
    assert not failing.origin.git("for-each-ref", "refs/migrate/tidy/made/p02-add-guide")
    left = ada.type("sync", "--json").ended(4).json["left"]
    assert {"ref": f"refs/heads/{SECOND}", "why": "it failed guide"} in left
    failing.sync(bob)
    assert bob.states() == ["passed", "pending", "pending"]


def test_it_is_pushed_when_that_is_said(failing: Clones) -> None:
    ada, bob, _ = failing
    sync(ada, "--allow-failed").ended(0)
    assert branches(failing) == {"main", FIRST, SECOND, THIRD}
    failing.sync(bob)
    assert bob.states() == ada.states() == ["passed", "failed", "passed"]


def test_a_failed_phase_that_was_fixed_is_pushed(failing: Clones) -> None:
    ada, _, _ = failing
    ada.git("switch", "--quiet", SECOND)
    ada.git("rm", "--quiet", "guide.md")
    ada.commit("Fix it")
    ada.made("validate")
    ada.made("restack")
    sync(ada).ended(0)
    assert branches(failing) == {"main", FIRST, SECOND, THIRD}


def test_what_is_there_already_stays_there_when_it_fails_later(clones: Clones) -> None:
    ada, _, origin = clones
    ada.made("run")
    clones.sync(ada)
    ada.git("switch", "--quiet", "main")
    ada.plan(GUIDED)
    ada.commit("Forbid the guide")
    ada.git("push", "--quiet", "origin", "main")
    before = origin.git("for-each-ref", "refs/heads")
    ada.git("switch", "--quiet", THIRD)
    ada.commit("By hand", {"hand.txt": ""})
    ada.git("switch", "--quiet", "main")
    ada.type("validate", "--all").ended(1)
    sync(ada).ended(0, "p03-drop-notes is not pushed: it stands on p02-add-guide, which failed")
    assert origin.git("for-each-ref", "refs/heads") == before
