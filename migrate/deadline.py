"""An end to what may never end by itself, such as a search by somebody's regular expression."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class TookTooLongError(Exception):
    """The block did not end in time."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let a block take so many seconds of this process's time, so that a busy machine changes nothing.

    Raises `TookTooLongError` in it. Only the main thread can be told; in another one nothing ends the block.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ended(*_: object) -> None:
        raise TookTooLongError

    before = signal.signal(signal.SIGVTALRM, ended)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
