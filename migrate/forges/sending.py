"""Sending a call right after a push: for some seconds a forge may not know yet what it was given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from migrate.forges.base import Call
from migrate.forges.client import Client
from migrate.forges.errors import AnswerError

PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds between the tries. Gitea on loopback took up to 3 s."""


def send_when_ready(client: Client, call: Call, is_not_yet: Callable[[Call, AnswerError], bool]) -> Any:
    """Make a call, again while `is_not_yet` says that the forge has not seen the push. Raises what the last try did."""
    for pause in PAUSES:
        try:
            return client.request(call.method, call.path, values=call.values or None)[0]
        except AnswerError as error:
            if not is_not_yet(call, error):
                raise
            client.sleep(pause)
    return client.request(call.method, call.path, values=call.values or None)[0]
