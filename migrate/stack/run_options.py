"""What a person says of a command that runs phases, kept as data: the same for `next`, `run`, `restack`, `land`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class RunOptions:
    """How phases are to run; what nobody says is as here."""

    fetch: bool = False
    """Whether the remote's base branch comes here first."""
    validate: bool = True
    """Whether validations run."""
    hooks: bool = True
    """Whether the user's commit hooks look at each phase."""

    @property
    def words(self) -> tuple[str, ...]:
        """The options as a person types them."""
        flags = (("--fetch", self.fetch), ("--no-validate", not self.validate), ("--no-verify", not self.hooks))
        return tuple(flag for flag, is_given in flags if is_given)
