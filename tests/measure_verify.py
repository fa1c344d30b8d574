"""How many references to old paths `migrate verify` finds: `make measure`.

Puts references of a migrated tree back to their old paths, one at a time, in random places, and counts what the search
finds. Without arguments the tree is the embedded sample behind its nine phases:

    python -m tests.measure_verify [--count 1000] [--seed 1] [--module IMPORT_PATH] [REPOSITORY REVISION OLD=NEW ...]

With a repository the moves are made in memory, as a phase would, on the tree of a revision; `--module` says what a tree
without a go.mod is imported as.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from migrate.engines.golang.stated_modules import NOTHING_STATED, StatedModules
from migrate.engines.references.common.modules import modules_of
from migrate.engines.references.verify.records import StaleVerdict
from migrate.engines.references.verify.stale import stale_references
from migrate.git.repository import Repository
from migrate.phase.workspace import Workspace
from migrate.tree.allowed import Allowed
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay
from tests.mutations import Measured, kind, measure, mutations, sample
from tests.phases.conftest import make_sample, restructure

Migrated = tuple[Overlay, MoveMap, Sequence[Allowed], str]
"""A tree, the moves that made it, what may stay, and the import path of the module at the top."""


def migrated_sample(folder: Path) -> Migrated:
    """The sample behind its nine phases."""
    done = restructure(make_sample(folder))
    moves = MoveMap()
    for applied in done.chain.applied:
        moves = moves.then(applied.moves)
    overlay = done.chain.applied[-1].overlay
    return overlay, moves, done.plan.allowed, import_path(overlay)


def migrated(repository: Path, revision: str, pairs: Sequence[str], module: str = "") -> Migrated:
    """A repository behind one phase that makes some moves; `module` is the import path of its top, if a plan says
    it."""
    opened = Repository.open(repository)
    commit = opened.commit(revision)
    if commit is None:
        sys.exit(f'there is no revision "{revision}" in {repository}')
    stated = StatedModules((("", module),)) if module else NOTHING_STATED
    ws = Workspace(Overlay.of(opened.objects, commit, {"go": stated}))
    for pair in pairs:
        old, _, new = pair.partition("=")
        (ws.go.move if any(path.endswith(".go") for path in ws.overlay.under(old)) else ws.move)(old, new)
    ws.references.update()
    return ws.overlay, ws.moved, (), module or import_path(ws.overlay)


def import_path(overlay: Overlay) -> str:
    """The import path of the module at the top; "" when there is none."""
    modules = modules_of(overlay, overlay.entries)
    return next((module.import_path for module in modules if not module.folder), "")


def report(measured: Measured) -> None:
    """Print what was found by kind of file, and everything that was missed."""
    counts: dict[str, Counter[str]] = {}
    for name, some in (("found", measured.found), ("doubtful", measured.doubtful)):
        counts[name] = Counter(kind(mutation.path) for mutation in some)
    counts["missed"] = Counter(kind(mutation.path) for mutation, _ in measured.missed)
    print(f"{'kind':<20} {'found':>6} {'doubtful':>9} {'missed':>7}")
    for each in sorted(set().union(*counts.values())):
        row = [counts[name][each] for name in ("found", "doubtful", "missed")]
        print(f"{each:<20} {row[0]:>6} {row[1]:>9} {row[2]:>7}")
    print(f"found {len(measured.found):,} of {measured.total:,}, {len(measured.doubtful):,} more as doubtful")
    for mutation, line in dict(measured.missed).items():
        print(f"missed {mutation.path}: {mutation.old}: {line[:160]}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--module", default="", metavar="IMPORT_PATH")
    parser.add_argument("repository", nargs="?", type=Path)
    parser.add_argument("revision", nargs="?", default="HEAD")
    parser.add_argument("moves", nargs="*", metavar="OLD=NEW")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        given = chosen.repository
        if given:
            made = migrated(given, chosen.revision, chosen.moves, chosen.module)
        else:
            made = migrated_sample(Path(scratch) / "sample")
        overlay, moves, allowed, module = made
        started = perf_counter()
        listed = stale_references(overlay, moves, allowed)
        print(f"searched {len(overlay.entries):,} files for {len(moves):,} moves in {perf_counter() - started:.2f} s")
        print("before: " + ", ".join(f"{n} {v.value}" for v, n in Counter(item.verdict for item in listed).items()))
        for item in listed:
            if item.verdict is not StaleVerdict.ALLOWED:
                print(f"  {item.verdict.value} {item.path}:{item.line}: {item.old}: {item.text.strip()[:120]}")
        report(measure(overlay, moves, sample(mutations(overlay, moves, module), chosen.count, chosen.seed), allowed))


if __name__ == "__main__":
    main()
