"""Doing what was decided, whatever the forge answers."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from migrate.forges.base import Action, Call, Open, Say, number_of
from migrate.forges.errors import UnsureError
from migrate.orchestrator.submit.perform import perform

ACTIONS = (Open("tidy/p01", "main", "T", "B"), Say("tidy/p01", number_of("tidy/p01"), "S"))


class Silent:
    """A forge that opens requests and does not say which."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def render(self, action: Action) -> tuple[Call, ...]:
        """One call."""
        if isinstance(action, Open):
            return (Call("POST", "/pulls", {}, "open", action.branch),)
        return (Call("POST", f"/{number_of(action.branch)}/comments", {}, "comment"),)  # type: ignore[union-attr]

    def send(self, call: Call) -> int | None:
        """Nothing comes back."""
        self.sent.append(call.path)
        return None


def test_a_request_whose_number_is_not_told_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrate.orchestrator.submit.perform.ROUNDS", 2)
    forge, looks = Silent(), []

    def look_again() -> Sequence[Action]:
        looks.append(1)
        return ACTIONS

    with pytest.raises(UnsureError, match="the number of the request for tidy/p01"):
        perform(forge, look_again, ACTIONS)  # type: ignore[arg-type]
    assert (forge.sent, looks) == (["/pulls", "/pulls"], [1])
