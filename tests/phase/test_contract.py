"""What a phase module must offer."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from migrate.errors import PhaseError
from migrate.phase.builtin import stragglers
from migrate.phase.contract import Apply, PhaseModule, Preflight
from migrate.phase.workspace import Workspace
from migrate.plan.phase_source import Problem
from migrate.tree.overlay import Overlay
from phases.pllm import p03_generic_utilities

if TYPE_CHECKING:
    from tests.conftest import Sandbox


def module(**names: object) -> ModuleType:
    """A module that has these names."""
    made = ModuleType("phase")
    vars(made).update(names)
    return made


@pytest.fixture
def ws(repo: Sandbox) -> Workspace:
    return Workspace(Overlay.of(repo.repository.objects, repo.commit("base", {"a": "a\n"})))


def test_the_phases_of_our_own_satisfy_it() -> None:
    apply: Apply = p03_generic_utilities.apply
    preflight: Preflight = p03_generic_utilities.preflight
    assert PhaseModule.of(p03_generic_utilities) == PhaseModule(apply, preflight)
    assert PhaseModule.of(stragglers) == PhaseModule(stragglers.apply)


@pytest.mark.parametrize("name", ["apply", "preflight"])
def test_a_name_that_is_no_function_is_refused(name: str) -> None:
    with pytest.raises(PhaseError, match=f"{name} must be a function .* its type is tuple"):
        PhaseModule.of(module(**{"apply": lambda _: None, name: ("x",)}))


def test_an_apply_that_is_gone_is_refused() -> None:
    with pytest.raises(PhaseError, match="apply was taken away"):
        PhaseModule.of(module())


@pytest.mark.parametrize(
    ("found", "problems"),
    [
        (None, []),
        ([], []),
        ("in the way", [Problem("in the way")]),
        (Problem("in the way", "git rm it"), [Problem("in the way", "git rm it")]),
        (["one", Problem("two")], [Problem("one"), Problem("two")]),
        ({"one": 1}.keys(), [Problem("one")]),
    ],
    ids=str,
)
def test_what_a_preflight_gives(found: object, problems: list[Problem], ws: Workspace) -> None:
    assert PhaseModule.of(module(apply=print, preflight=lambda _: found)).problems(ws) == problems
