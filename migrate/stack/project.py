"""One repository with one plan: what every command starts from."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from migrate.execution.redaction import hide_values
from migrate.git.files import write_file
from migrate.git.objects import CommitId
from migrate.git.refs import RefUpdate
from migrate.git.repository import Repository
from migrate.plan.location import PlanLocation, PlanOrigin, find_plan_location
from migrate.plan.model import Plan, check_table_names
from migrate.plan.names import RefNames
from migrate.plan.reader import read_plan
from migrate.plan.remote import remote_here
from migrate.stack.archive import Archive
from migrate.stack.model import Stack, compute_stack
from migrate.stack.snapshot import Snapshot, snapshot_after, take_snapshot
from migrate.tree.allowed import Allowed
from migrate.validation.receipts import Receipts

ITSELF = "the migration itself"
"""Why the phases may name old paths."""


@dataclass(frozen=True)
class Project:
    """A repository and the plan for it."""

    repository: Repository
    plan: Plan
    typed: str = ""
    """The command as it was typed, for the journal."""
    invocation: str = field(default_factory=lambda: os.urandom(6).hex())
    """What all operations of this command have in common in the journal."""
    location: PlanLocation | None = None
    """Where the plan was read from."""
    directory: Path = Path()
    """Where the command was typed."""
    plan_file: Path | None = None
    """The plan that was named, where one was."""

    archive: Archive = field(default_factory=Archive)
    """What this command knows of the archive."""

    @classmethod
    def open(cls, directory: Path, plan_file: Path | None, typed: str = "", *, may_fetch: bool = False) -> Project:
        """Find the repository and the plan. Raises `MigrateError` when one of them is missing or wrong.

        What a partial clone left out is brought if it `may_fetch`: where a person asked for work.
        """
        repository = Repository.open(directory, may_fetch=may_fetch)
        if repository.is_slot:
            # Who resolves a conflict stands in a slot. The plan is where the command was typed that stopped at it.
            directory, plan_file = read_origin(repository, plan_file)
            repository = Repository.open(directory, may_fetch=may_fetch)
        location = find_plan_location(repository, directory, plan_file)
        named = location.path if location.origin is PlanOrigin.NAMED else None
        plan = plan_at(repository, location)
        return cls(repository, plan, typed, location=location, directory=directory, plan_file=named).where_it_stands()

    def at(self, base: CommitId | None) -> Project:
        """The same with the plan as it is when the base branch is at another commit; itself where that is None."""
        if base is None or self.location is None or self.location.origin is PlanOrigin.NAMED:
            return self
        location = find_plan_location(self.repository, self.directory, None, base)
        return replace(self, plan=plan_at(self.repository, location), location=location)

    def where_it_stands(self) -> Project:
        """The same with the plan of the remote's base, where the state of the migration is told from there.

        Else a phase would be held against an older module than the one that it was made from.
        """
        there = self.location.there if self.location is not None else None
        if self.location is None or there is None:
            return self
        is_behind = self.repository.is_ancestor(f"refs/heads/{self.plan.base}", there)
        if not is_behind or self.location.is_same_at(self.repository, there):
            return self
        theirs = self.with_plan_of(there)
        stands_there = theirs is not self and take_snapshot(self.repository, self.plan).base == there
        return theirs if stands_there else self

    def with_plan_of(self, base: CommitId) -> Project:
        """The same with the plan of a commit of the base; itself where that has no other, or edits here win."""
        other = self.at(base)
        if self.location is None or other.location is None or other.location.origin is not PlanOrigin.BASE:
            return self
        return other if other.location.path != self.location.path else self

    def strictly(self, strict: bool) -> Project:
        """The same with a plan in which a validation that cannot run is a failure, where that is wanted."""
        why = self.plan.strict or "--strict was given"
        return replace(self, plan=replace(self.plan, strict=why)) if strict else self

    @cached_property
    def names(self) -> RefNames:
        """The refs of the migration."""
        return RefNames(self.plan.name)

    @cached_property
    def own(self) -> tuple[str, ...]:
        """The patterns of the plan's and its phases' own files."""
        return tuple(allowed.files for allowed in self.plan.allowed if allowed.reason == ITSELF)

    def look(
        self,
        base: CommitId | None = None,
        *,
        pending_conflict: bool = True,
        before: Snapshot | None = None,
        receipts: Receipts | None = None,
    ) -> Context:
        """The state of the migration now, or as it will be when its base is at another commit.

        Without `pending_conflict` the conflict that a command stopped at is not read: it may be what nobody can read.
        With `before`, a snapshot of this command, only what is new is read; `receipts` are those that it wrote last.
        """
        snapshot = take_snapshot(
            self.repository, self.plan, base=base, pending_conflict=pending_conflict, before=before, receipts=receipts
        )
        if base is None and snapshot.stands_on_remote and self.location and self.location.commit != snapshot.base:
            there = self.with_plan_of(snapshot.base)
            if there is not self:
                return there.look(pending_conflict=pending_conflict)
        return Context(self, snapshot, compute_stack(self.plan, snapshot))

    def look_after(self, before: Snapshot, moved: Iterable[RefUpdate]) -> Context:
        """The state right after this command moved some refs, from what is known."""
        if before.stands_on_remote:  # Another plan may count.
            return self.look(before=before)
        snapshot = snapshot_after(self.repository, self.plan, before, moved)
        return Context(self, snapshot, compute_stack(self.plan, snapshot))


class Context(NamedTuple):
    """A project at one moment: what git knew of its migration then, and what follows from that."""

    project: Project
    snapshot: Snapshot
    stack: Stack


def origin_file(slot: Path) -> Path:
    """The file beside a slot that says where the command was typed that made it."""
    return slot.with_name(f"{slot.name}.from")


def write_origin(project: Project, slot: Path) -> None:
    """Say beside a slot from which folder and with which plan its repository is worked on."""
    top = project.repository.work_tree or project.repository.common_dir
    values = {"folder": str(top), "plan": str(project.plan_file) if project.plan_file else None}
    write_file(origin_file(slot), json.dumps(values).encode())


def read_origin(repository: Repository, plan_file: Path | None) -> tuple[Path, Path | None]:
    """The folder that a slot belongs to, and the plan that was named there unless another one is named now."""
    top = repository.work_tree or repository.common_dir
    folder, named = None, None
    with suppress(OSError, ValueError, KeyError, TypeError):
        values = json.loads(origin_file(top).read_bytes())
        folder, named = Path(values["folder"]), values["plan"] and Path(values["plan"])
    if folder is None or not folder.is_dir():
        main = repository.common_dir.parent
        folder = main if (main / ".git").is_dir() else top
    return folder, plan_file or named


def plan_at(repository: Repository, location: PlanLocation) -> Plan:
    """The plan of a home, which allows its own files to name old paths. Raises `PlanError` when it is wrong."""
    plan = read_plan(location.path, location.label)
    check_table_names(repository, plan)
    plan = replace(plan, remote=remote_here(repository, plan.remote, plan.base))
    given = {name: value for validation in plan.validations for name, value in validation.env}
    folders = (plan.path.parent, plan.phases_dir, plan.templates_dir)
    hide_values(plan.secrets, given, [folder for folder in folders if folder is not None])
    return replace(plan, allowed=(*plan.allowed, *own_files_of_plan(location, plan)))


def own_files_of_plan(location: PlanLocation, plan: Plan) -> list[Allowed]:
    """The plan and its phases where they are in the repository: a phase that rewrote its own module would be stale."""
    globs = []
    for path in (plan.path, plan.phases_dir, plan.templates_dir):
        inside = location.inside(path) if path is not None else None
        if inside == ".":
            globs.append("*.py")
        elif inside is not None:
            name = re.sub(r"([*?[])", r"[\1]", inside)
            globs.append(name if path == plan.path else f"{name}/**")
    return [Allowed(glob, None, ITSELF) for glob in globs]
