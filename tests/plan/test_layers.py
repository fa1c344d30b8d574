"""What one layer may import of another."""

from __future__ import annotations

import pytest

from migrate.plan.layers import Layer, layer_of


def layer(name: str, *folders: str, may: tuple[str, ...] | None = None, nothing_of: tuple[str, ...] = ()) -> Layer:
    """A layer without exceptions."""
    return Layer(name, folders, may, nothing_of, (), 1)


API, LOG = layer("api", "internal/api"), layer("log", "internal/api/log")
TOP = layer("top", "")


@pytest.mark.parametrize(
    ("rule", "used", "forbidden"),
    [
        (layer("core", "core", nothing_of=("api",)), API, True),
        (layer("core", "core", nothing_of=("api",)), LOG, False),
        (layer("core", "core", nothing_of=("api",)), None, False),
        (layer("core", "core", may=("log",)), API, True),
        (layer("core", "core", may=("log",)), LOG, False),
        (layer("core", "core", may=("log",)), None, True),
        (layer("pkg", "pkg", may=()), LOG, True),
        (layer("any", "any"), API, False),
        (layer("any", "any"), None, False),
    ],
)
def test_a_rule_says_what_is_forbidden_or_the_only_things_that_are_not(
    rule: Layer, used: Layer | None, forbidden: bool
) -> None:
    assert rule.forbids(used) is forbidden
    assert not rule.forbids(rule)


@pytest.mark.parametrize(
    ("folder", "name"),
    [("internal/api", "api"), ("internal/api/v1", "api"), ("internal/api/log/x", "log"), ("internal/apis", "top")],
)
def test_a_folder_is_in_the_layer_of_the_nearest_folder_above_it(folder: str, name: str) -> None:
    found = layer_of([API, LOG, TOP], folder)
    assert found is not None
    assert found.name == name


def test_a_folder_may_be_in_no_layer() -> None:
    assert layer_of([API, LOG], "cmd") is None
