"""Collects several reasons why something is impossible, to report them at once."""

from __future__ import annotations

from dataclasses import dataclass, field

from migrate.errors import PhaseError
from migrate.text import joined_list


@dataclass
class Refusal:
    """Collects reasons under one `title`; each comes with what to do about it."""

    title: str
    _reasons: dict[str, None] = field(default_factory=dict)
    _advice: dict[str, None] = field(default_factory=dict)

    def add(self, reason: str, advice: str) -> None:
        """Add a reason; the same one counts once."""
        self._reasons[reason] = None
        self._advice[advice] = None

    def check(self) -> None:
        """Raise `PhaseError` when there is any reason."""
        if self._reasons:
            raise PhaseError(f"{self.title}:\n{joined_list(list(self._reasons))}", advice="; ".join(self._advice))
