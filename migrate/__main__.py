"""The entry point: `migrate`, `git migrate` and `python -m migrate`."""

from __future__ import annotations

import signal
import sys
from types import FrameType


def main() -> None:
    """Run the command line and exit with its code."""
    from migrate.cli.app import run

    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, interrupted)
    sys.exit(run(sys.argv[1:]))


def interrupted(number: int, frame: FrameType | None) -> None:  # noqa: ARG001
    """Being told to end is like Ctrl-C: what runs is ended with us, and the state is one that `status` explains."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    main()
