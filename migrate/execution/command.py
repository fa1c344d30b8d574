"""A command as a plan states it."""

from __future__ import annotations

Command = tuple[str, ...] | str
"""An argument list, or a line for `sh -c`."""
