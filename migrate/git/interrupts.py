"""Delays interrupts such as Ctrl-C until a step that must not stop half-way has ended."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

INTERRUPTS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def blocked() -> Iterator[None]:
    """Block interrupts, for every process that is started meanwhile for good: a terminal sends Ctrl-C to all of them.

    An interrupt that arrived is raised at the end.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def delayed() -> Iterator[None]:
    """Let the first interrupt wait for the end of the block; a second one comes through at once.

    Raises `KeyboardInterrupt` at the end when one arrived. Only the main thread is interrupted.
    """
    arrived: list[int] = []

    def wait(number: int, _: object) -> None:
        if arrived:
            raise KeyboardInterrupt
        arrived.append(number)

    is_main = threading.current_thread() is threading.main_thread()
    before = {number: signal.getsignal(number) for number in INTERRUPTS if is_main}
    handled = {number: handler for number, handler in before.items() if callable(handler)}
    for number in handled:
        signal.signal(number, wait)
    try:
        yield
    finally:
        for number, handler in handled.items():
            signal.signal(number, handler)
    if arrived:
        raise KeyboardInterrupt
