"""An end to what may never end by itself, such as a search by somebody's regular expression."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class TookTooLongError(Exception):
    """The block did not end in time."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Let a block take so many seconds of this process's time, so that a busy machine changes nothing.

    Raises `TookTooLongError` in it. Only the main thread can be told; in another one nothing ends the block.
    """
    with ended_by(signal.ITIMER_VIRTUAL, signal.SIGVTALRM, seconds):
        yield


@contextmanager
def before_long(seconds: float) -> Iterator[None]:
    """Let a block take so many seconds by the clock: it waits for others, who may never come to an end.

    Raises `TookTooLongError` in it, as `within` does.
    """
    with ended_by(signal.ITIMER_REAL, signal.SIGALRM, seconds):
        yield


@contextmanager
def ended_by(timer: int, number: int, seconds: float) -> Iterator[None]:
    """End a block by a timer and its signal; a timer that was set before goes on behind the block."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def ended(*_: object) -> None:
        raise TookTooLongError

    began, before = time.monotonic(), signal.signal(number, ended)
    left, _ = signal.setitimer(timer, seconds)
    try:
        yield
    finally:
        signal.setitimer(timer, 0)
        signal.signal(number, before)
        if left:
            signal.setitimer(timer, max(0.001, left - (time.monotonic() - began)))
