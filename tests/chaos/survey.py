"""One command struck at its points, one after the other, each time on a copy of the same repository."""

from __future__ import annotations

import itertools
import json
import os
import re
import shlex
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.chaos.calls import Point
from tests.chaos.child import Ended, typed
from tests.chaos.disk import filled, is_own
from tests.chaos.faults import Fault, Kind
from tests.chaos.judge import Before, Scene, advised, branch, kept, manners, reachable, refs, settled, truth, violations
from tests.chaos.rows import Now, Row, prepared
from tests.chaos.stages import TRACKED, UNTRACKED
from tests.chaos.state import digest
from tests.chaos.watch import Moment, Watch

ROUNDS = 3
"""How often what a person types may be typed until the command has finished."""
NOTHING_LEFT = 4
SPREAD = 7
"""How much further on the points of each kind begin where not all are struck."""


@dataclass
class Report:
    """What became of one command."""

    name: str
    points: int = 0
    """How many faults there are."""
    struck: Counter[str] = field(default_factory=Counter)
    """How many were tried, by the name of their kind."""
    runs: int = 0
    """How often the command ran for that: faults that leave the same behind are struck together."""
    disks: int = 0
    """How many different disks were left behind and judged."""
    violations: list[str] = field(default_factory=list)

    def add(self, other: Report) -> None:
        """Take in what another worker found for the same command."""
        self.struck += other.struck
        self.runs += other.runs
        self.disks += other.disks
        self.violations += other.violations


@dataclass(frozen=True)
class Left:
    """What a fault left behind, whatever the command said, and what became of it: the same for two disks alike."""

    scene: Scene
    branch: str
    has_branch: bool
    """Whether the branch on which the user was is there."""
    lost: tuple[str, ...]
    finished: bool
    half: tuple[str, ...]
    """What is half done."""
    after: tuple[str, ...]
    """What did not hold when a person went on from there."""


class Site:
    """One place at which one repository stands again and again, so that every absolute path in it stays right."""

    def __init__(self, row: Row, scratch: Path) -> None:
        self.row = row
        self.folder = self.folder_in(scratch)
        self._top = self.folder.parent
        # Not on the disk that may be full.
        self._output = Path(f"/proc/self/fd/{os.memfd_create('output')}")
        self._gits = scratch / "gits"
        self._kept = scratch / "kept"
        prepared(row, self.folder)
        files = [UNTRACKED, TRACKED] if row.dirty else [UNTRACKED]
        self.before = Before.of(self.folder, *files, prose=row.prose, silent=row.silent)
        self._scene = Scene.of(self.folder)
        self._branches = {self.before.branch}
        self._turn = 0
        self.left: dict[bytes, Left] = {}
        """What was left behind so far, by the digest of the disk."""
        self._top.rename(self._kept)

    @staticmethod
    def folder_in(scratch: Path) -> Path:
        """Where its repository stands."""
        return scratch / "site/work"

    def reset(self) -> None:
        """Put the repository and its slots back to before the command."""
        shutil.rmtree(self._top, ignore_errors=True)
        shutil.copytree(self._kept, self._top, symlinks=True, copy_function=copied)
        self._turn = 0

    def type(self, *arguments: str, watch: Watch | None = None, gits: Path | None = None) -> Ended:
        """Run a command."""
        self._turn += 1
        return typed(arguments, self.folder, self._output, watch, gits, self._turn)

    def look(self) -> Scene:
        """What is there now."""
        return Scene.of(self.folder)

    def faults(self, kinds: Collection[Kind], *, compared: bool = False) -> dict[Kind, list[Fault]]:
        """Every fault of some kinds that can happen to this command, counted in a run without any.

        Where they are `compared`, it is known which leave the same behind.
        """
        self.reset()
        watch = Watch(self._top, is_compared=compared)
        whole = self.type(*self.row.arguments, watch=watch, gits=self._gits)
        assert whole.code == self.row.code, whole
        assert self.row.finished(self.now()[0]), whole
        self._branches.add(branch(self.folder))
        if self.row.discards:
            commits = self.before.commits & reachable(self.folder)
            self.before = replace(self.before, commits=commits, done=refs(self.folder))
        met = list(zip(watch.points, watch.moments, strict=True))
        found = {
            kind: [Fault(kind, 0, str(point), alike(kind, point, moment)) for point, moment in met if kind.is_at(point)]
            for kind in kinds
            if kind.is_asked
        }
        starts = [line.split("\t") for line in self._gits.read_text().splitlines()]
        found[Kind.GIT_FAILS] = [Fault(Kind.GIT_FAILS, 0, words) for _, words in starts]
        found[Kind.KILLED] = [Fault(Kind.KILLED, 0, words, moment or None) for moment, words in starts]
        # Each file that is written takes one block, or more: with so many free the command should succeed.
        written = {point.paths for point in watch.points if Kind.FULL.fits(point.call)}
        found[Kind.DISK] = [Fault(Kind.DISK, 0, "blocks are free")] * (len(written) if is_own(self._top) else 0)
        return {kind: [replace(fault, number=i) for i, fault in enumerate(found[kind])] for kind in kinds}

    def strike(self, fault: Fault) -> Iterator[str]:
        """Let one fault happen; what does not hold afterwards."""
        ended, point = self.hit(fault)
        if point is None and fault.kind.is_asked:
            yield f"no call could be struck: {ended}"
        disk = digest(self._top)
        if disk not in self.left:
            self.left[disk] = self.look_and_go_on()
        left = self.left[disk]
        if not fault.kind.takes_all and not (point is not None and point.is_ours and fault.kind is Kind.ONE_KILLED):
            yield from manners(ended)
            yield from truth(ended, self._scene, lambda: left.scene)
            yield from self.elsewhere(ended, left)
        yield from left.lost
        if ended.code == self.row.code == 0:
            if not left.finished:
                yield f"it says that it is done, and it is not: {ended.text.strip()}"
            yield from (f"done, {what}" for what in left.half)
        yield from left.after

    def look_and_go_on(self) -> Left:
        """Look at what a fault left behind, then go on as a person does."""
        scene, here, there = self.look(), branch(self.folder), f"refs/heads/{self.before.branch}" in refs(self.folder)
        lost = tuple(kept(self.folder, self.before))
        now, said = self.now()
        half = tuple(settled(self.folder, self.before))
        return Left(scene, here, there, (*lost, *said), self.row.finished(now), half, tuple(self.finish()))

    def elsewhere(self, ended: Ended, left: Left) -> Iterator[str]:
        """Whether a command that failed left the user where they neither were nor wanted to go, and does not say so."""
        if ended.code and left.has_branch and left.branch not in self._branches and not advised(ended.text):
            yield f"the user was on {self.before.branch} and is on {left.branch or 'nothing'}: {ended.text.strip()}"

    def hit(self, fault: Fault) -> tuple[Ended, Point | None]:
        """Let one fault happen; how the command ended, and what was struck.

        How often something is written can differ from one run to the next. Where the last of its points is not
        reached, the last one that there is takes its place.
        """
        for _ in range(ROUNDS):
            self.reset()
            watch = Watch(self._top, fault)
            with filled(self._top, fault.number) if fault.kind is Kind.DISK else nullcontext():
                ended = self.type(*self.row.arguments, watch=watch)
            if watch.struck is not None or not fault.kind.is_asked:
                break
            fault = replace(fault, number=watch.met - 1)
        return ended, watch.struck

    def now(self) -> tuple[Now, list[str]]:
        """What `status` says, and what is wrong with how it says it."""
        found = refs(self.folder)
        if not self.row.planned:
            return Now({}, found, self.folder), []
        ended = self.type("status", "--json")
        try:
            phases = json.loads(ended.text)["phases"]
        except (ValueError, KeyError):
            wrong = f"migrate status exits with {ended.code}: {ended.text.strip()}"
            return Now({}, found, self.folder), [wrong]
        return Now({phase["id"]: phase["state"] for phase in phases}, found, self.folder), []

    def finish(self) -> Iterator[str]:
        """Type what a person types after a fault, at least once, until the command has finished."""
        said: list[str] = []
        seen: set[str] = set()
        for number in itertools.count():
            told = []
            for arguments in self.row.attempts:
                scene = self.look()
                ended = self.type(*arguments)
                said.append(ended.text.strip())
                yield from manners(ended)
                yield from truth(ended, scene, self.look)
                told += advised(ended.text) if ended.code not in (0, NOTHING_LEFT) else []
            now, wrong = self.now()
            if not wrong and self.row.finished(now):
                yield from (f"once finished, {what}" for what in violations(self.folder, self.before))
                return
            if number == 0:
                yield from (f"after one more command, {what}" for what in settled(self.folder, self.before))
            # Of several locks git names one at a time.
            gets_on = any(line.startswith("rm ") for line in told if line not in seen)
            if number >= ROUNDS - 1 and not gets_on:
                break
            seen.update(told)
            for line in told:
                said.append(f"$ {line}\n{self.obey(line)}")
        yield f"it does not finish when it is run again: {said}"

    def obey(self, line: str) -> str:
        """Type a command that a person was told to type."""
        try:
            words = shlex.split(line)
        except ValueError:
            return "no shell understands this"
        if words[0] == "migrate":
            return self.type(*words[1:]).text.strip()
        if words[0] == "rm" and not all(Path(word).is_relative_to(self._top) for word in words[1:]):
            return "this is no file of the repository"
        done = subprocess.run(words, cwd=self.folder, stdin=-3, stdout=-1, stderr=subprocess.STDOUT, check=False)
        return done.stdout.decode(errors="replace").strip()


def copied(source: str, target: str) -> str:
    """Copy a file; nobody ever writes into an object, so its copy may be the same file."""
    if "/objects/" in source:
        os.link(source, target)
        return target
    return str(shutil.copy2(source, target))


def alike(kind: Kind, point: Point, moment: Moment | None) -> object:
    """What the faults of a kind have in common that leave the same behind.

    When all are killed only the disk is left. When something happens to one process, or from outside, it is the same as
    at an earlier call of that process since when nothing else has changed: the disk is, and nobody has come further. Of
    a command that is interrupted itself one cannot know.
    """
    if kind is Kind.ALL_KILLED and moment is not None:
        return moment.disk
    if kind in (Kind.ONE_KILLED, Kind.ENDED) or (kind is Kind.PRESSED and not point.is_ours):
        return moment
    return None


def sort(place: str) -> str:
    """What the places of calls have in common that do the same to other objects."""
    return re.sub(r"objects/[0-9a-f]{2}\b(/\w+)?|\b[0-9a-f]{7,40}\b|tmp_\w+|\.new-\w+|\d+", "#", place)


def chosen(faults: Sequence[Fault], some: int | None, shift: int) -> Sequence[Fault]:
    """So many of the faults, evenly spread and beginning further on with each `shift`; all when `some` is None."""
    if some is None or len(faults) <= some:
        return faults
    return [faults[(len(faults) * i // some + shift) % len(faults)] for i in range(some)]


def one_in(faults: Sequence[Fault], every: tuple[int, int], shift: int) -> Sequence[Fault]:
    """One in so many of the faults, evenly spread, and which one; of the first ones at least one."""
    which, many = every
    return faults[(shift % min(many, len(faults) or 1) + which) % many :: many]


def survey(
    row: Row,
    scratch: Path,
    *,
    some: int | None = None,
    shift: int = 0,
    every: tuple[int, int] = (0, 1),
    share: tuple[int, int] = (0, 1),
    kinds: Collection[Kind] = tuple(Kind),
    told: Callable[[str], None] = lambda _: None,
) -> Report:
    """Strike a command: at every point, at one in so many, or at `some` of each kind; by `share` one worker's part.

    Every violation is `told` when it is found.
    """
    with row.beside(Site.folder_in(scratch)):
        return surveyed(Site(row, scratch), some, shift, every, share, kinds, told)


def surveyed(
    site: Site,
    some: int | None,
    shift: int,
    every: tuple[int, int],
    share: tuple[int, int],
    kinds: Collection[Kind],
    told: Callable[[str], None],
) -> Report:
    """The same for a site."""
    row = site.row
    found = site.faults(kinds, compared=some is None)
    report = Report(row.name, sum(map(len, found.values())))
    faults = []
    for number, of_kind in enumerate(found.values()):
        # So that the kinds do not all strike at the same places.
        faults += one_in(chosen(of_kind, some, shift), every, SPREAD * number)
    # Those of one part of the command leave similar disks, which one worker then judges once.
    faults.sort(key=lambda fault: fault.number / len(found[fault.kind]))
    first, last = (len(faults) * i // share[1] for i in (share[0], share[0] + 1))
    done: set[tuple[Kind, object]] = set()
    for fault in faults[first:last]:
        report.struck[fault.kind.name] += 1
        if fault.alike is not None and (fault.kind, fault.alike) in done:
            continue
        done.add((fault.kind, fault.alike))
        report.runs += 1
        for what in dict.fromkeys(site.strike(fault)):
            report.violations.append(f"{row.name}: {fault}: {what}")
            told(report.violations[-1])
    report.disks = len(site.left)
    return report
