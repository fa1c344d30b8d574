"""The entry point: `migrate`, `git migrate` and `python -m migrate`."""

from __future__ import annotations

import signal
import sys

INTERRUPTED = 130


def main() -> None:
    """Run the command line and exit with its code.

    Being told to end (`kill`, a terminal that is closed) is like Ctrl-C: what runs is ended with us, and the state is
    one that `status` explains.
    """
    for ending in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ending) is signal.SIG_DFL:  # `nohup` ignores SIGHUP, and means it.
            signal.signal(ending, signal.default_int_handler)
    try:
        from migrate.cli.app import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)


if __name__ == "__main__":
    main()
