"""Doing what was decided, and again from what is there when the connection breaks: nothing is done twice."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from migrate.forges.base import Action, Add, Call, Forge, Open, Rewrite, filled
from migrate.forges.errors import AnswerError, ExistsError, UnsureError

ROUNDS = 4
"""How often what is there is read again before giving up."""


@dataclass(frozen=True)
class Made:
    """One call that was made, the action that it was for, and the number of the request that it opened."""

    action: Action
    call: Call
    number: int | None = None


def rendered(forge: Forge, actions: Iterable[Action]) -> list[tuple[Action, Call]]:
    """The calls of some actions, in their order."""
    return [(action, call) for action in actions for call in forge.render(action)]


def perform(
    forge: Forge,
    look_again: Callable[[], Sequence[Action]],
    actions: Sequence[Action],
    told: Callable[[str], None] = lambda _: None,
) -> list[Made]:
    """Carry out the actions. Where nobody knows whether a call was done, or it was done before, `look_again` decides.

    People and labels that the forge does not take, such as somebody without access, and comments that only their author
    may write again, are `told`, and stop nothing.
    Raises `ForgeError` when something else does not work: what was made before stays, and running again completes it.
    """
    made: list[Made] = []
    for count in range(1, ROUNDS + 1):
        try:
            one_round(forge, actions, made, told)
        except (ExistsError, UnsureError):
            if count == ROUNDS:
                raise
            actions = look_again()
        except AnswerError as error:
            # Somebody changed the request meanwhile: what they wrote is read first.
            if count == ROUNDS or error.status != CONFLICT:
                raise
            actions = look_again()
        else:
            return made
    raise AssertionError("the last round returns or raises")


CONFLICT = 409
"""The HTTP status for what somebody else changed in between."""


REFUSED = (403, 404, 422)
"""The HTTP statuses for what a forge does not take of this person."""


def one_round(forge: Forge, actions: Sequence[Action], made: list[Made], told: Callable[[str], None]) -> None:
    """Make the calls one after the other; `made` grows with each."""
    numbers: dict[str, int] = {}
    for action, call in rendered(forge, actions):
        try:
            number = forge.send(ready(call, numbers))
        except AnswerError as error:
            if not isinstance(action, (Add, Rewrite)) or error.status not in REFUSED:
                raise
            told(f"{action.branch.rpartition('/')[2]}: to {call.what} was refused: {error.message}")
            continue
        if call.gives and not number:
            raise UnsureError(f"the forge does not say the number of the request for {call.gives}")
        if number is not None and isinstance(action, Open):
            numbers[action.branch] = number
        made.append(Made(action, call, number))


def ready(call: Call, numbers: dict[str, int]) -> Call:
    """A call with the numbers of the requests that were opened before it."""
    values = cast(dict[str, Any], filled(call.values, numbers))
    return replace(call, path=str(filled(call.path, numbers)), values=values)
