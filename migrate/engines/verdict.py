"""The findings of an engine's checks after a phase."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from migrate.errors import PhaseError
from migrate.text import EXAMPLES, joined_list, plural, printable, some_of


class Flaw(NamedTuple):
    """One problem at a line of a file, counted from 1, with advice."""

    path: str
    line: int
    text: str
    advice: str


class Unread(NamedTuple):
    """A file that could not be checked, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class EngineVerdict:
    """Flaws that a phase made in the code of a language, and files that could not be checked."""

    language: str
    flaws: tuple[Flaw, ...] = ()
    unread: tuple[Unread, ...] = ()

    def note(self) -> str | None:
        """A sentence for the pull request on the files that could not be checked."""
        if not self.unread:
            return None
        files = plural(len(self.unread), f"{self.language} file")
        return f"{files} could not be checked without a compiler: {some_of(self._files())}"

    def details(self) -> list[str]:
        """Each of those files with the reason, where the note does not name all."""
        return self._files() if len(self.unread) > EXAMPLES else []

    def _files(self) -> list[str]:
        return [f"{printable(path)} ({reason})" for path, reason in self.unread]

    def error(self) -> PhaseError | None:
        """The error of a phase that made flaws."""
        if not self.flaws:
            return None
        lines = [f"{printable(flaw.path)}:{flaw.line} {printable(flaw.text)}" for flaw in self.flaws]
        advice = "; ".join(dict.fromkeys(flaw.advice for flaw in self.flaws))
        count = plural(len(self.flaws), "flaw")
        return PhaseError(
            f"the {self.language} code would have {count} after this phase:\n{joined_list(lines)}", advice=advice
        )
