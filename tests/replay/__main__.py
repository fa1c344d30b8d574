"""Moves that people made by hand, made again by the engine and held against what they left: `make replay`.

    python -m tests.replay REPOSITORY [REVISIONS ...] [--count 100] [--beside] [--commits HASH ...] [--show CLASS ...]

Commits whose subject speaks of a move are taken from the history, evenly over time. The moves that git finds in each
are made on its parent's tree, in memory, and every file is compared with the commit's own.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from migrate.engines.references.common.modules import modules_of
from migrate.engines.references.common.scope import is_lock, is_third_party
from migrate.errors import MigrateError
from migrate.git.repository import Repository
from migrate.tree.overlay import Overlay
from tests.replay.commits import PeoplesMove, peoples_moves
from tests.replay.judging import Class, Judged, Moved, judge
from tests.replay.moves import Verbs, carry_out, stated, verbs_for


@dataclass
class Replayed:
    """One commit, made again."""

    move: PeoplesMove
    verbs: Verbs
    files: list[Judged] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)
    """Files of which the people deleted one side, or put it elsewhere."""
    refused: str = ""


def replay(repository: Path, move: PeoplesMove) -> Replayed:
    """Make the moves of a commit on its parent's tree, and judge every file."""
    objects = Repository.open(repository).objects  # each keeps what it has read
    before, after = Overlay.of(objects, move.parent), objects.tree(move.commit)
    said = stated(before)
    before.settings = {"go": said}
    done = Replayed(move, verbs_for(move, before, after))
    try:
        ws = carry_out(done.verbs, before)
    except MigrateError as error:
        done.refused = str(error)
        return done
    top = next((each.import_path for each in modules_of(ws.overlay, before.base) if not each.folder), "")
    moved = Moved(ws.moved, done.verbs.names, dict(said.paths).get("", top))
    for old, entry in before.base.items():
        new = ws.moved.resolve(old)
        ours, theirs = ws.overlay.entries.get(new), after.get(new)
        if is_third_party(old) or is_lock(old) or (ours == theirs == entry and old == new):
            continue
        if ours is None or theirs is None:
            done.apart.append(new)
        elif ours.oid == theirs.oid:
            done.files.append(Judged(new))
        elif ours.is_text_candidate and theirs.is_text_candidate:
            contents = [ws.overlay.content(oid) for oid in (entry.oid, ours.oid, theirs.oid)]
            done.files.append(judge(new, moved, *contents))
    return done


def report(done: Iterable[Replayed], shown: Sequence[str]) -> None:
    """Print each commit, the places that are asked for, and the tables."""
    tables: dict[str, Counter[Class]] = defaultdict(Counter)
    places: dict[str, Counter[Class]] = defaultdict(Counter)
    refused = apart = commits = 0
    for each in done:
        print(summary(each), flush=True)
        for file in each.files:
            kind = f"{file.kind}, {each.verbs.kind}" if file.kind == "Go" else file.kind
            tables[kind][file.what] += 1
            places[kind].update(difference.what for difference in file.differences)
            for line in differences(file, shown):
                print(line)
        commits, refused, apart = commits + 1, refused + bool(each.refused), apart + len(each.apart)
    print(f"\n{commits} commits, {refused} of them refused; {apart} files that they deleted or put elsewhere")
    print("\n".join(["", "files", *table(tables), "", "places that differ", *table(places)]))


def summary(done: Replayed) -> str:
    """One line for a commit, and one for each verb."""
    go = Counter(file.what for file in done.files if file.kind == "Go")
    rest = Counter(file.what for file in done.files if file.kind != "Go")
    counts = [", ".join(f"{n} {what.value}" for what, n in counter.items()) or "none" for counter in (go, rest)]
    said = f"refused: {done.refused}" if done.refused else f"Go: {counts[0]}; other: {counts[1]}"
    head = f"== {done.move.commit[:10]} {done.move.date} {done.move.subject}"
    return "\n".join([head, *(f"   {line[:200]}" for line in done.verbs.lines()), f"   {said}"])


def differences(file: Judged, shown: Sequence[str]) -> Iterator[str]:
    """The places of a file that are asked for."""
    for each in file.differences:
        if each.what.value.rstrip("?") in shown or "all" in shown:
            yield f"   [{each.what.value}] {file.path}:{each.region.line}"
            for mark, lines in zip("-ot", (each.region.base, each.region.ours, each.region.theirs), strict=True):
                yield from (f"      {mark} {line[:200]}" for line in lines[:12])


def table(counts: dict[str, Counter[Class]]) -> Iterator[str]:
    """Counts by the kind of file and by class."""
    yield f"{'':<22}" + "".join(f"{what.value:>13}" for what in Class)
    for kind in sorted(counts, key=lambda kind: (not kind.startswith("Go"), kind)):
        yield f"{kind:<22}" + "".join(f"{counts[kind][what]:>13}" for what in Class)


def main() -> None:
    """Choose, replay and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("repository", type=Path)
    parser.add_argument("revisions", nargs="*", default=["HEAD"])
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--beside", action="store_true", help="take the commits that move no Go code instead")
    parser.add_argument("--commits", nargs="*", default=[])
    parser.add_argument("--show", nargs="*", default=[])
    chosen = parser.parse_args()
    found = list(peoples_moves(Repository.open(chosen.repository), chosen.revisions))
    pure = [move for move in found if move.is_pure and move.moves_go != chosen.beside]
    print(f"{len(found)} commits speak of a move and make one; {len(pure)} of them do little else")
    if chosen.commits:
        pure = [move for move in found if move.commit.startswith(tuple(chosen.commits))]
    step = max(1, len(pure) / chosen.count)
    taken = [pure[int(number * step)] for number in range(min(chosen.count, len(pure)))]
    report((replay(chosen.repository, move) for move in taken), chosen.show)


if __name__ == "__main__":
    main()
