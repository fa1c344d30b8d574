"""`make chaos`: every fault at every point of every command.

Words choose: the names of commands (`next`), and of kinds of faults (`git_fails`, `one_killed`).
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.chaos.child import import_everything
from tests.chaos.disk import own_disk
from tests.chaos.faults import KILLS, STOPS, Kind
from tests.chaos.rows import ROWS
from tests.chaos.survey import Report, survey
from tests.conftest import MEMORY, environment, has_memory

WORKERS = int(os.environ.get("WORKERS", "2"))
EVERY = int(os.environ.get("EVERY", "1"))
"""One point in so many is struck."""
FROM = int(os.environ.get("FROM", "0"))
"""Which one: from 0 to one less than all of them."""
COLUMNS = {
    "killed": [kind.name for kind in KILLS],
    "told to end": [kind.name for kind in STOPS],
    "errors": [kind.name for kind in Kind if kind.error],
    "failed git": [Kind.GIT_FAILS.name],
    "full disk": [Kind.DISK.name],
}


def begun(disk: Path) -> None:
    """Give a worker a disk of its own, where the machine allows that."""
    own_disk(disk)


def worked(name: str, scratch: Path, share: tuple[int, int], kinds: Sequence[Kind]) -> Report:
    """One worker's share of the faults of one command."""
    place = scratch / f"{name}-{share[0]}"
    report = survey(ROWS[name], place, share=share, kinds=kinds, every=(FROM, EVERY), told=say)
    shutil.rmtree(place)
    return report


def say(violation: str) -> None:
    """Print what was found at once: the run may take hours."""
    print(violation, flush=True)


def line(*cells: object) -> str:
    """One line of the table."""
    return "  ".join(f"{cell:<12}" if number == 0 else f"{cell:>10}" for number, cell in enumerate(cells))


def told(report: Report, seconds: float) -> str:
    """The line of one command."""
    counts = [sum(report.struck[kind] for kind in kinds) for kinds in COLUMNS.values()]
    return line(
        report.name, report.points, *counts, report.runs, report.disks, len(report.violations), f"{seconds:.0f} s"
    )


def main(words: Sequence[str]) -> int:
    """Print the table and every violation; 1 when there is one, 2 for a word that names nothing."""
    by_word = {kind.name.lower(): kind for kind in Kind}
    if unknown := [word for word in words if word not in ROWS and word not in by_word]:
        print(f"no row for {', '.join(unknown)}; there are: {', '.join([*ROWS, *by_word])}", file=sys.stderr)
        return 2
    names = [word for word in words if word in ROWS] or list(ROWS)
    kinds = [by_word[word] for word in words if word in by_word] or list(Kind)
    import_everything()
    total = Report("all")
    print(line("command", "points", *COLUMNS, "runs", "disks", "violations", "time"), flush=True)
    with tempfile.TemporaryDirectory(dir=MEMORY if has_memory() else None) as scratch:
        # Each git is given all variables, so there are few.
        for name in set(os.environ) - {"PATH", "TMPDIR"}:
            del os.environ[name]
        os.environ |= environment(Path(scratch))
        disk = Path(scratch, "disk")
        disk.mkdir()
        with multiprocessing.get_context("fork").Pool(WORKERS, begun, (disk,)) as pool:
            for name in names:
                began = time.monotonic()
                shares = [(name, disk, (i, WORKERS), kinds) for i in range(WORKERS)]
                report, *others = pool.starmap(worked, shares, chunksize=1)
                for other in others:
                    report.add(other)
                print(told(report, time.monotonic() - began), flush=True)
                total.add(report)
    if Kind.DISK in kinds and not total.struck[Kind.DISK.name]:
        print("This machine gives no disk of its own: none was really full.")
    print(", ".join(f"{count} {name.lower()}" for name, count in total.struck.items()))
    return int(bool(total.violations))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
