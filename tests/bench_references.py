"""What phases that update references cost beside `git grep`, and what they hold: a part of `make bench`.

    python tests/bench_references.py [MOBY [LOKI]]

With clones of moby/moby and grafana/loki the phases move folders of those; without, of a generated tree of 20,000 Go
files. Five phases stand beside five `git grep -lF` of the whole tree, a small one beside one, in turn, in one run.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from bench_large import forget, git, timed
from large import MODULE, POPULAR, make

from migrate.git.repository import Repository
from migrate.phase.workspace import Workspace
from migrate.tree.overlay import Overlay

RUNS = 5
SMALL, FIVE, ONE = "a small phase", "five phases", "one phase"


class Tree(NamedTuple):
    """A repository, a text to look for in it, and the moves of each row."""

    name: str
    path: Path
    revision: str
    searched: str
    rows: Mapping[str, Mapping[str, str]]


class Cost(NamedTuple):
    """Seconds of the clock, seconds of all processors, and the megabytes of the process at its largest."""

    seconds: float
    work: float
    memory: float


def moby(path: Path) -> Tree:
    """Folders of moby since it stands at its own module path."""
    five = {
        "daemon/libnetwork": "daemon/net",
        "daemon/logger": "daemon/logging/drivers",
        "daemon/volume": "daemon/storage/volume",
        "pkg/sysinfo": "internal/sysinformation",
        "daemon/builder": "daemon/imagebuild",
    }
    small = {"daemon/graphdriver/zfs": "daemon/storage/zfs"}
    return Tree("moby", path, "HEAD", "github.com/moby/moby/v2/daemon/libnetwork", {FIVE: five, SMALL: small})


def loki(path: Path) -> Tree:
    """The package of loki that most of it imports."""
    moves = {"pkg/logproto": "pkg/proto/logs"}
    return Tree("loki", path, "HEAD", "github.com/grafana/loki/v3/pkg/logproto", {ONE: moves})


def generated(folder: Path) -> Tree:
    """The tree of 20,000 files."""
    make(folder)
    listed = subprocess.run(["git", "ls-files"], cwd=folder, check=True, capture_output=True, text=True).stdout
    packages = sorted({path.rpartition("/")[0] for path in listed.split() if path.endswith(".go")} - {POPULAR})
    five = {POPULAR: "internal/platform/metrics", **{old: f"moved/p{n}" for n, old in enumerate(packages[:4])}}
    rows = {FIVE: five, SMALL: {packages[4]: "moved/small"}}
    return Tree("a generated tree", folder, "main", f"{MODULE}/{POPULAR}", rows)


def phases(repository: Path, revision: str, moves: Mapping[str, str]) -> Cost:
    """Phases on top of each other, one for each move, in a process that has started."""
    import migrate.engines.golang.verbs
    import migrate.engines.references.rewrite.updater  # noqa: F401 (so that they are there)

    opened = Repository.open(repository)
    commit = opened.commit(revision)
    assert commit is not None
    started, before = time.perf_counter(), work()
    overlay = Overlay.of(opened.objects, commit)
    for old, new in moves.items():
        ws = Workspace(overlay.next())
        ws.go.move(old, new)
        ws.references.update()
        overlay = ws.overlay
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(time.perf_counter() - started, work() - before, memory)


def work() -> float:
    """The seconds of processors that this process and its children have had."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in both)


def in_a_process(tree: Tree, moves: Mapping[str, str]) -> Cost:
    """The phases of one row."""
    words = [f"{old}={new}" for old, new in moves.items()]
    ran = subprocess.run(
        [sys.executable, __file__, "--phases", str(tree.path), tree.revision, *words],
        check=True,
        capture_output=True,
        text=True,
    )
    return Cost(*map(float, ran.stdout.split()))


def by_command(tree: Tree, moves: Mapping[str, str], scratch: Path) -> Iterator[Cost]:
    """The same phases by `migrate run`, in a bare clone: with its start, its checks of the Go code and the commits."""
    bare, plan = scratch / "bare", scratch / "migrate.toml"
    git(tree.path, "clone", "--quiet", "--shared", "--bare", str(tree.path), str(bare))
    git(bare, "branch", "--force", "bench", git(tree.path, "rev-parse", tree.revision).decode().strip())
    plan.write_text('[migration]\nname = "bench"\nbase = "bench"\nphases = "."\n')
    for number, (old, new) in enumerate(moves.items(), 1):
        text = (
            f'"""Move {number}."""\n\n\ndef apply(ws):\n    ws.go.move("{old}", "{new}")\n    ws.references.update()\n'
        )
        (scratch / f"p{number:02}_move.py").write_text(text)
    migrate = [str(Path(sys.executable).parent / "migrate"), "--plan", str(plan)]
    timed(bare, [*migrate, "status"])  # The history is searched once in the life of a clone.
    for _ in range(RUNS):
        forget(bare)
        yield timed(bare, [*migrate, "run", "--no-validate"])


def greps(tree: Tree, count: int) -> Cost:
    """So many searches of the whole tree."""
    started, before = time.perf_counter(), work()
    for _ in range(count):
        subprocess.run(
            ["git", "grep", "-lF", tree.searched, tree.revision], cwd=tree.path, check=True, capture_output=True
        )
    return Cost(time.perf_counter() - started, work() - before, 0)


def lines(tree: Tree) -> Iterator[str]:
    """One line a row: how long it took, beside git, and what it held."""
    for name, moves in tree.rows.items():
        ours, plain, whole = [], [], []
        with tempfile.TemporaryDirectory() as scratch:
            for cost in by_command(tree, moves, Path(scratch)):
                whole.append(cost)
                ours.append(in_a_process(tree, moves))
                plain.append(greps(tree, len(moves)))
        phase, run, grep = (Cost(*map(statistics.median, zip(*costs, strict=True))) for costs in (ours, whole, plain))
        yield f"{tree.name}, {name}; git grep × {len(moves)}: {grep.seconds:.3f} s, {grep.work:.3f} of work"
        for row, cost in (("the phases alone", phase), ("by migrate run", run)):
            yield (
                f"  {row:<17} {cost.seconds:6.3f} s, {cost.seconds / grep.seconds:.2f} times as long   "
                f"{cost.work:.3f} of work, {cost.work / grep.work:.2f} times   {cost.memory:.0f} MB"
            )


def main(clones: list[Path]) -> None:
    """Measure and print."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        trees = [make_tree(path) for make_tree, path in zip((moby, loki), clones, strict=False)]
        for tree in trees or [generated(Path(folder) / "large")]:
            for line in lines(tree):
                print(line, flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--phases"]:
        _, _, place, revision, *words = sys.argv
        print(*phases(Path(place), revision, dict(word.split("=") for word in words)))
    else:
        main([Path(argument).resolve() for argument in sys.argv[1:]])
