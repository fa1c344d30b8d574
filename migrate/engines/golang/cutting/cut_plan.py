"""Turns the requests of a phase into a plan: cuts splits into files, then finds and exports what crosses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from migrate.engines.golang.crossing import Crossings, check_crossings, name_crossings
from migrate.engines.golang.cutting.export_members import exported_members
from migrate.engines.golang.cutting.export_names import exported
from migrate.engines.golang.cutting.prepared_split import PreparedSplit
from migrate.engines.golang.cutting.split import prepare_split
from migrate.engines.golang.plan import GoPlan, make_plan
from migrate.engines.golang.requests import FileMove, Request, RequestedMove, Split
from migrate.engines.golang.rewrite import Rewriter
from migrate.engines.golang.tree import GoTree
from migrate.engines.notes import Note
from migrate.errors import MigrateError


@dataclass(frozen=True)
class CutPlan:
    """A plan and what crosses its cuts, for a tree in which every declaration that leaves its file has its own file."""

    plan: GoPlan
    found: Crossings
    _prepared: PreparedSplit

    @property
    def created(self) -> Collection[str]:
        """The files of the plan's tree that the repository does not have."""
        return self._prepared.created

    @property
    def edited(self) -> Collection[str]:
        """The files of the plan's tree whose content differs from the repository, or that are new."""
        return self._prepared.changed

    @property
    def notes(self) -> Sequence[Note]:
        """Notes on what moves along and what stays."""
        return self._prepared.notes

    @property
    def joins(self) -> Mapping[str, str]:
        """The new files that are joined to other files at the end, with these."""
        return self._prepared.joins

    @property
    def requests(self) -> Sequence[Request]:
        """What the plan was made of."""
        return self._prepared.requests

    @property
    def file_moves(self) -> list[FileMove]:
        """The requests that move single files."""
        return [request for request in self.requests if isinstance(request, FileMove)]

    def changed(self, rewriter: Rewriter, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The content of every file that changes in the repository, one at a time."""
        yield from rewriter.changed(path for path in paths if path not in self.edited)
        for path in sorted(self.edited):
            yield path, rewriter.content(path)

    def in_terms_of_the_repository(self, text: str) -> str:
        """A message with the paths and lines of the repository."""
        return self._prepared.in_terms_of_the_repository(text)

    @contextmanager
    def explaining(self) -> Iterator[None]:
        """Run a block whose refusals name the paths and lines of the repository."""
        try:
            yield
        except MigrateError as error:
            raise self._prepared.explained(error) from None


def plan_cuts(tree: GoTree, requested: Sequence[RequestedMove], forwarding: frozenset[str] = frozenset()) -> CutPlan:
    """The plan of the requests of a phase; `forwarding` as in `make_plan`. Raises `PhaseError` with a refusal."""
    prepared = prepare_split(tree, requested)
    try:
        plan = make_plan(prepared.tree, prepared.requests, forwarding)
        found = name_crossings(plan)
        wanted = _to_export(requested, found)
        if any(wanted.values()):
            for folder, names in wanted.items():
                members = sorted(name for name in names if "." in name)
                done = exported_members(prepared.tree, folder, members)
                prepared.update(done.contents)
                prepared.notes += done.notes
                prepared.update(exported(prepared.tree, folder, sorted(names.difference(members))))
            plan = make_plan(prepared.tree, prepared.requests, forwarding)
            found = name_crossings(plan)
        check_crossings(plan, found)
    except MigrateError as error:
        raise prepared.explained(error) from None
    return CutPlan(plan, found, prepared)


def _to_export(requested: Iterable[RequestedMove], found: Crossings) -> Mapping[str, set[str]]:
    """The names to export, by the folder of their package."""
    wanted: dict[str, set[str]] = {}
    for request in requested:
        if isinstance(request, Split):
            unexported = found.unexported(request.old) if request.exports_all else set()
            wanted.setdefault(request.old, set()).update(request.export | unexported)
    return wanted
