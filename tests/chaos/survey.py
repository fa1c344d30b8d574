"""Striking one command at its points, each time in a fresh copy of the same repository."""

from __future__ import annotations

import json
import shutil
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.chaos.child import Ended, typed
from tests.chaos.faults import Fault, Kind, Stream, count_transactions, go_half_way
from tests.chaos.judge import Before, manners, refs, violations
from tests.chaos.rows import SLOTS, TRACKED, UNTRACKED, Now, Row, prepared

ROUNDS = 3
"""How often what a person types may be typed until the command has finished."""


@dataclass
class Report:
    """What became of one command."""

    name: str
    points: int = 0
    """How many faults there are."""
    struck: Counter[str] = field(default_factory=Counter)
    """How many were tried, by the name of their kind."""
    violations: list[str] = field(default_factory=list)

    def add(self, other: Report) -> None:
        """Take in what another worker found for the same command."""
        self.struck += other.struck
        self.violations += other.violations


class Site:
    """One place at which one repository stands again and again, so that every absolute path in it stays right."""

    def __init__(self, row: Row, scratch: Path) -> None:
        self.row = row
        self.folder = scratch / "work"
        self._output = scratch / "output"
        self._points = scratch / "points"
        self._kept = scratch / "kept"
        prepared(row, self.folder)
        self.before = Before.of(self.folder, UNTRACKED, *([TRACKED] if row.dirty else []))
        self._places = (self.folder, scratch / SLOTS)
        self._kept.mkdir()
        for place in self._places:
            if place.exists():
                place.rename(self._kept / place.name)

    def reset(self) -> None:
        """Put the repository and its slots back to before the command."""
        for place in self._places:
            shutil.rmtree(place, ignore_errors=True)
            if (self._kept / place.name).exists():
                shutil.copytree(self._kept / place.name, place, symlinks=True)

    def type(self, *arguments: str, fault: Fault | None = None, points: Path | None = None) -> Ended:
        """Run a command."""
        return typed(arguments, self.folder, self._output, fault, points)

    def faults(self, kinds: Collection[Kind]) -> dict[Kind, list[Fault]]:
        """Every fault of some kinds that can happen to this command, counted in runs without any."""
        self.reset()
        whole = self.type(*self.row.arguments, points=self._points)
        assert whole.code == self.row.code, whole
        assert self.row.finished(self.now()[0]), whole
        places = defaultdict(list)
        for line in self._points.read_text().splitlines():
            stream, _, place = line.partition("\t")
            places[Stream(stream)].append(place)
        for state in {Stream.PREPARED, Stream.COMMITTED} & {kind.stream for kind in kinds}:
            self.reset()
            count = count_transactions(self.folder / ".git", state)
            assert self.type(*self.row.arguments).code == self.row.code
            places[state] = count.read_text().splitlines()
        return {kind: [Fault(kind, i, place) for i, place in enumerate(places[kind.stream])] for kind in kinds}

    def strike(self, fault: Fault) -> Iterator[str]:
        """Let one fault happen; what does not hold afterwards."""
        self.reset()
        if fault.kind.takes_git_along:
            count_transactions(self.folder / ".git", fault.kind.stream, fault.point + 1)
        ended = self.type(*self.row.arguments, fault=fault)
        if fault.kind.takes_git_along:
            (self.folder / ".git/hooks/reference-transaction").unlink()
            if fault.kind is Kind.GROUP_HALF:
                go_half_way(self.folder / ".git")
        if fault.kind.kills and (ended.code is None or ended.code >= 0):
            yield f"the point was not reached: {ended}"
        if not fault.kind.kills:
            yield from manners(ended)
        yield from violations(self.folder, self.before, settled=not fault.kind.takes_git_along)
        now, said = self.now()
        yield from said
        if ended.code == self.row.code == 0 and not self.row.finished(now):
            yield f"it says that it is done, and it is not: {ended.text.strip()}"
        yield from self.finish()

    def now(self) -> tuple[Now, list[str]]:
        """What `status` says, and what is wrong with how it says it."""
        ended = self.type("status", "--json")
        try:
            phases = json.loads(ended.text)["phases"]
        except ValueError:
            return Now({}, {}), [f"migrate status exits with {ended.code}: {ended.text.strip()}"]
        return Now({phase["id"]: phase["state"] for phase in phases}, refs(self.folder)), []

    def finish(self) -> Iterator[str]:
        """Type what a person types after a fault, at least once, until the command has finished."""
        said: list[str] = []
        for _ in range(ROUNDS):
            for arguments in self.row.attempts:
                ended = self.type(*arguments)
                said.append(ended.text.strip())
                yield from manners(ended)
            now, wrong = self.now()
            if not wrong and self.row.finished(now):
                yield from (f"once finished, {what}" for what in violations(self.folder, self.before))
                return
        yield f"it does not finish when it is run again: {said}"


def chosen(faults: Sequence[Fault], some: int | None, shift: int) -> Sequence[Fault]:
    """So many of the faults, evenly spread and beginning further on with each `shift`; all when `some` is None."""
    if some is None or len(faults) <= some:
        return faults
    return [faults[(len(faults) * i // some + shift) % len(faults)] for i in range(some)]


def survey(
    row: Row,
    scratch: Path,
    *,
    some: int | None = None,
    shift: int = 0,
    share: tuple[int, int] = (0, 1),
    kinds: Collection[Kind] = tuple(Kind),
) -> Report:
    """Strike a command: at every point, or at `some` of each kind; of these every n-th from the i-th, by `share`."""
    site = Site(row, scratch)
    faults = [fault for found in site.faults(kinds).values() for fault in chosen(found, some, shift)]
    report = Report(row.name, len(faults))
    for fault in faults[share[0] :: share[1]]:
        report.struck[fault.kind.name] += 1
        report.violations += [f"{row.name}: {fault}: {what}" for what in site.strike(fault)]
    return report
