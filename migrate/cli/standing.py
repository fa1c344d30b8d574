"""Where the user stands when a command has ended."""

from __future__ import annotations

from migrate.cli.output import Output
from migrate.orchestrator.switching import Switched


def say_where(out: Output, switched: Switched | None) -> None:
    """Say which branch the user is on now, or why they are where they were; nothing when nobody was to be moved."""
    if switched is not None:
        stays = f"You are where you were: {switched.why}."
        out.say(f"You are on {switched.branch}." if switched.done else stays)
