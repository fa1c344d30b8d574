"""The entry point: `migrate`, `git migrate` and `python -m migrate`."""

from __future__ import annotations

import signal
import signal
import sys
from types import FrameType

INTERRUPTED = 130


def main() -> None:
    """Run the command line and exit with its code.

    A closed terminal and `kill` end a command as Ctrl-C does, so that no validation is left running behind it.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:  # nohup ignores SIGHUP, and means it.
            signal.signal(number, signal.default_int_handler)
    try:
        from migrate.cli.app import run

    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, interrupted)
        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)


def interrupted(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    """Being told to end is the same as Ctrl-C: what runs is ended with us, and the state stays one that is explained."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
