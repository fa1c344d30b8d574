"""What decides the outcome of a validation is in its key, and nothing else is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from migrate.plan.validation import Validation, applicable_validations

BUILD = Validation("build", run=("go", "build", "./..."))


@pytest.mark.parametrize(
    "change",
    [
        {"run": "go build ./..."},
        {"run": ("go", "build")},
        {"manual": "look"},
        {"env": (("CGO_ENABLED", "0"),)},
        {"setup": "make generate"},
        {"requires": ("go",)},
        {"baseline": "^#"},
        {"timeout": 60.0},
    ],
)
def test_key_changes_with_everything_that_decides_the_outcome(change):
    assert replace(BUILD, **change).key() != BUILD.key()


def test_key_stays_when_only_the_name_or_the_phases_change():
    assert replace(BUILD, name="compile", phases=("p0*",)).key() == BUILD.key()


def test_order_of_variables_does_not_matter():
    one, other = (("A", "1"), ("B", "2")), (("B", "2"), ("A", "1"))
    assert replace(BUILD, env=one).key() == replace(BUILD, env=other).key()


def test_phase_has_the_validations_that_match_it_and_those_it_names():
    smoke = Validation("smoke", manual="try it", phases=("p08-*",))
    lint = Validation("lint-go", run="lint", phases=())
    assert applicable_validations([BUILD, smoke, lint], "p01-analysis") == [BUILD]
    assert applicable_validations([BUILD, smoke, lint], "p08-validation") == [BUILD, smoke]
    assert applicable_validations([BUILD, smoke, lint], "p01-analysis", ["lint-*"]) == [BUILD, lint]
