"""Interrupts wait for the end of what must not end half-way."""

from __future__ import annotations

import os
import signal
import subprocess

import pytest

from migrate.git.interrupts import INTERRUPTS, blocked, delayed


@pytest.mark.parametrize("number", INTERRUPTS)
def test_the_first_interrupt_waits_and_the_second_does_not(number: signal.Signals) -> None:
    before = signal.signal(number, signal.default_int_handler)
    done = []

    def interrupted(times: int) -> None:
        with delayed():
            for _ in range(times):
                os.kill(os.getpid(), number)
            done.append(times)

    try:
        for times in (1, 2):
            with pytest.raises(KeyboardInterrupt):
                interrupted(times)
            assert signal.getsignal(number) is signal.default_int_handler
    finally:
        signal.signal(number, before)
    assert done == [1]


def test_what_is_started_meanwhile_hears_no_interrupt() -> None:
    with blocked():
        script = "kill -INT $$; kill -TERM $$; kill -HUP $$; echo alive"
        process = subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE)
    assert process.communicate()[0] == b"alive\n"
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, ()) & set(INTERRUPTS)
