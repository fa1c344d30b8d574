"""Watching over a command from outside: each of its calls is let through, and one of them is struck."""

from __future__ import annotations

import os
import select
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.calls import Point, point_of
from tests.chaos.faults import Fault, Kind
from tests.chaos.seccomp import Notice, answer, received, waits

PATIENCE = 60
"""Seconds for one command and everything that it starts."""
SLOW = 0.5
"""Seconds for which a slow git makes whoever waits for it wait, at most."""


@dataclass
class Watch:
    """What happens to one command. Without a fault it writes down the points."""

    within: Path
    """The folder of which changes are points."""
    fault: Fault | None = None
    points: list[Point] = field(default_factory=list)
    """Those at which the fault can happen, in order."""
    struck: Point | None = None
    _dead: bool = False
    _full: bool = False
    _held: Notice | None = None
    _until: float = 0.0

    def over(self, main: int, listener: int, last: int) -> bool:
        """Answer until a command and all that it started are gone, of which each holds the other end of `last`.

        False when that does not happen.
        """
        poll = select.poll()
        poll.register(listener, select.POLLIN)
        poll.register(last, select.POLLIN)
        end = time.monotonic() + PATIENCE
        while (now := time.monotonic()) < end:
            ready = dict(poll.poll(1000 * ((self._until if self._held else end) - now)))
            if ready.get(listener, 0) & select.POLLIN:
                notice = received(listener)
                if notice is not None:
                    self._meet(main, listener, notice)
            elif ready.get(listener, 0):
                poll.unregister(listener)  # Nobody is left who could ask.
            if self._held and (time.monotonic() >= self._until or not waits(listener, self._held)):
                answer(listener, self._held)
                self._held = None
            if last in ready:
                return True
        return False

    def _meet(self, main: int, listener: int, notice: Notice) -> None:
        if self._dead:
            kill(notice.pid)
            return
        point = point_of(notice, main, self.within)
        if point is None or not self._counts(point):
            answer(listener, notice)
            return
        self.points.append(point)
        error = self.fault.kind.error or 0 if self.fault is not None and self._full else 0
        if self.fault is not None and self.struck is None and len(self.points) == self.fault.number + 1:
            self.struck = point
            error = self._strike(self.fault.kind, main, notice)
        if not self._dead and self._held is not notice:
            answer(listener, notice, error)

    def _counts(self, point: Point) -> bool:
        return self.fault is None or (self.fault.kind.is_asked and self.fault.kind.fits(point))

    def _strike(self, kind: Kind, main: int, notice: Notice) -> int:
        if kind is Kind.ALL_KILLED:
            self._dead = True
            kill(notice.pid)
            with suppress(ProcessLookupError):
                os.killpg(main, signal.SIGKILL)
        elif kind is Kind.ONE_KILLED:
            kill(notice.pid)
        elif kind is Kind.PRESSED:
            os.killpg(main, signal.SIGINT)
        elif kind is Kind.ENDED:
            os.kill(main, signal.SIGTERM)
            self._held, self._until = notice, time.monotonic() + SLOW
        self._full = kind is Kind.FULL
        return kind.error or 0


def kill(pid: int) -> None:
    """Kill the process of a thread, if it is there still."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
