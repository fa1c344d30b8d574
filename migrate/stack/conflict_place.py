"""The folder in which the conflict that a command stopped at is laid out for a person, and what to do there."""

from __future__ import annotations

import shlex
from pathlib import Path

from migrate.execution.slots import is_slot_of, own_slots
from migrate.git.process import Git
from migrate.git.registry import CONFLICT
from migrate.git.repository import Repository
from migrate.stack.conflict_state import PendingConflict


def conflict_slot(migration: str) -> str:
    """The kind of slot in which the conflicts of a migration are laid out."""
    return f"{CONFLICT}{migration}-"


def conflict_place(repository: Repository, migration: str, pending_conflict: PendingConflict) -> Path | None:
    """Where a conflict is laid out as a whole; None where it is nowhere, and `continue` lays it out again."""
    for each in own_slots(repository):
        in_part = each.path.with_name(f"{each.path.name}.dirty")
        is_there = each.is_linked and is_slot_of(each.path, conflict_slot(migration)) and not in_part.exists()
        # What a person made of it may be committed above where it began.
        if is_there and pending_conflict.conflict.ours in conflict_trees(each.path):
            return each.path
    return None


def conflict_trees(place: Path) -> list[str]:
    """The trees of the commits of a slot, which begin with the conflict."""
    return Git(place).run("log", "--format=%T", "HEAD", accept=(0, 128)).text.split("\n")


def how_to_resolve(place: Path) -> str:
    """The three lines that say what to do; the folder is named in full, so that `cd` finds it from anywhere."""
    there = shlex.quote(str(place))
    return f"  resolve it  cd {there}, edit what conflicts\n  then        migrate continue\n  or          migrate abort"
