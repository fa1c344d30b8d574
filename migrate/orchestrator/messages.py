"""The messages of the commits that phases become, with what every clone must be able to read from them."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.git.objects import CommitId
from migrate.phase.runner import Applied
from migrate.stack.model import Stack
from migrate.stack.trailers import Trailers, commit_message


@dataclass(frozen=True)
class Messages:
    """Writes the messages of a chain of phases.

    `base` is the commit of the base below all of them. The phase `lowest`, which stands on it, tells of `silent`: the
    phases that landed though no commit of the base says so.
    """

    migration: str
    base: CommitId
    lowest: str
    silent: tuple[Trailers, ...]

    @classmethod
    def of(cls, stack: Stack, lowest: str) -> Messages:
        """Those of the phases from one of a stack on."""
        is_lowest = stack.below(lowest) is None
        base = stack.base if is_lowest else stack.root()
        return cls(stack.plan.name, base, lowest, stack.silent if is_lowest else ())

    def write(self, applied: Applied) -> str:
        """The message of one phase, as the user's hook left it where one saw it."""
        return applied.message or commit_message(
            self.migration,
            applied.source,
            applied.moves,
            applied.notes,
            base=self.base,
            landed=self.silent if applied.source.id == self.lowest else (),
            ran=applied.ran,
        )
