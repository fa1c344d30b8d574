"""Watching over a command from outside: each of its calls is let through, and one of them is struck."""

from __future__ import annotations

import os
import select
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tests.chaos.calls import BY_NUMBER, Call, Point, is_thread, program_of, touched
from tests.chaos.faults import Fault, Kind
from tests.chaos.seccomp import Notice, answer, received, waits
from tests.chaos.state import digest

PATIENCE = 60
"""Seconds for one command and everything that it starts."""
SLOW = 0.5
"""Seconds for which a slow git makes whoever waits for it wait, at most."""
LOOK = 0.02
"""After how many seconds it is looked whether it was killed by then."""


class Moment(NamedTuple):
    """When a call is made: what the disk is, who makes it, and how far all of them have come but for that."""

    disk: bytes
    pid: int
    said: int
    """How often something was written to what is none of its files: pipes, and the list of gits that were started."""


@dataclass
class Watch:
    """What happens to one command. Without a fault it writes down the points, and the moment of each."""

    within: Path
    """The folder of which changes are points."""
    fault: Fault | None = None
    is_compared: bool = False
    """Whether it is told by their moments which of the points are alike."""
    points: list[Point] = field(default_factory=list)
    moments: list[Moment | None] = field(default_factory=list)
    met: int = 0
    """How many calls there were at which the fault can happen."""
    struck: Point | None = None
    _said: int = 0
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
            ready = dict(poll.poll(1000 * (LOOK if self._held else end - now)))
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
        call = BY_NUMBER[notice.number]
        paths = touched(notice, f"{self.within}/") if self._is_looked_for(call) else None
        error: int | None = 0
        if paths is None:
            self._said += call.file is not None
        elif self.fault is None:
            self._count(main, notice, call, paths)
        elif self.struck is not None:
            error = self.fault.kind.error or 0
        elif not (self.fault.kind is Kind.ENDED and is_thread(notice.pid, main)):
            self.met += 1
            if self.met == self.fault.number + 1:
                self.struck = Point(call, program_of(notice.pid, main), paths)
                error = self._strike(self.fault.kind, main, notice)
        if error is not None and not self._dead and self._held is not notice:
            answer(listener, notice, error)

    def _is_looked_for(self, call: Call) -> bool:
        """Whether it makes a difference what a call is about."""
        if self.fault is None:
            return True
        return self.fault.kind.is_asked and self.fault.kind.fits(call) and (self._full or self.struck is None)

    def _count(self, main: int, notice: Notice, call: Call, paths: tuple[str, ...]) -> None:
        self.points.append(Point(call, program_of(notice.pid, main), paths))
        pid = main if is_thread(notice.pid, main) else notice.pid
        self.moments.append(Moment(digest(self.within), pid, self._said) if self.is_compared else None)

    def _strike(self, kind: Kind, main: int, notice: Notice) -> int | None:
        """What the call gives; None when whoever made it is no more: an answer could let it happen all the same."""
        if kind is Kind.ALL_KILLED:
            self._dead = True
            kill(notice.pid)
            with suppress(ProcessLookupError):
                os.killpg(main, signal.SIGKILL)
        elif kind is Kind.ONE_KILLED:
            kill(notice.pid)
            return None
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
