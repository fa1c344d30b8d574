"""The house keeps to its plan, whoever adds a file: few rooms, few floors, no circle."""

from __future__ import annotations

import pytest

from tests.house import House, circles, depth


def test_the_house_has_few_rooms_and_floors_and_no_circle() -> None:
    house = House.of()
    assert len(house.rooms) <= 22
    assert house.floors <= 12
    assert circles(house.rooms) == circles(house.files) == []


@pytest.mark.parametrize(
    ("graph", "found", "floors"),
    [
        ({"a": {"b"}, "b": set()}, [], 2),
        ({"a": {"b"}, "b": {"a"}}, [["a", "b"]], 1),
        ({"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}, [["b", "c"]], 3),
    ],
)
def test_circles_and_floors_are_counted(graph: dict[str, set[str]], found: list[list[str]], floors: int) -> None:
    drawn = {node: frozenset(others) for node, others in graph.items()}
    assert (circles(drawn), depth(drawn)) == (found, floors)
