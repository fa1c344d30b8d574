"""The entry point: `migrate`, `git migrate` and `python -m migrate`."""

from __future__ import annotations

import os
import signal
import sys
from typing import NoReturn

INTERRUPTED = 130
TOO_EARLY = '{"error": {"code": "interrupted", "message": "interrupted", "where": null, "advice": "migrate status"}}\n'
"""The JSON document of a command that was ended before anything of it was imported."""


def main() -> None:
    """Run the command line and exit with its code.

    Being told to end (`kill`, a terminal that is closed) is like Ctrl-C: what runs is ended with us, and the state is
    one that `status` explains.
    """
    for ending in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(ending) is signal.SIG_DFL:  # `nohup` ignores SIGHUP, and means it.
            signal.signal(ending, signal.default_int_handler)
    has_begun = False
    try:
        from migrate.cli.app import run_command_line

        has_begun = True
        code = run_command_line(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
        if not has_begun and "--json" in sys.argv:
            sys.stdout.write(TOO_EARLY)
    leave_process(code)


def leave_process(code: int) -> NoReturn:
    """End the program, also where a thread that a phase started does not end."""
    threading = sys.modules.get("threading")
    if threading is not None and any(not thread.daemon for thread in threading.enumerate()[1:]):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    main()
