"""Reporting a mistake of ours. Imported when there is one: what it needs is slow to import."""

from __future__ import annotations

import os
import platform
import sys
import traceback
from tempfile import mkstemp

from migrate.cli.output import Output
from migrate.execution.redaction import redact


def report_bug(out: Output, error: BaseException) -> str | None:
    """Name the mistake, and write a log to paste; returns where it is."""
    header = f"arguments: {sys.argv[1:]!r}\npython {platform.python_version()} on {platform.platform()}\n\n"
    text = redact(header + "".join(traceback.format_exception(error)))
    out.say(f"This is a bug of migrate: {type(error).__name__}: {error}", fg="red")
    try:
        descriptor, log = mkstemp(prefix="migrate-bug-", suffix=".log")
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
        out.say(f"Please report it with this log: {log}")
    except OSError:
        out.say(text)
        return None
    return log
