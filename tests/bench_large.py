"""What `migrate run` costs in a module of 20,000 Go files, beside git itself: a part of `make bench`.

One phase moves a package that 1,000 files import. Beside it stands the least that git can do for the same tree: one
`git grep -l` for the import path in the same commit, and one `git fast-import` of the result. Both work in a bare
repository, so that what is timed is the phase; a row of its own says what it takes to switch a work tree as well, and
one how much of it is the phase and its commit, without starting Python and reading the plan.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench import quiet
from large import MODULE, POPULAR, make

RUNS = 5
NEW = "internal/platform/metrics"
PLAN = '[migration]\nname = "large"\nbase = "main"\nphases = "."\n'
PHASE = f'"""Move metrics."""\n\n\ndef apply(ws):\n    ws.go.move("{POPULAR}", "{NEW}")\n'
BRANCH = "migrate/large/p01-metrics"


class Cost(NamedTuple):
    """What commands took: seconds, seconds of all processors, and the megabytes of the largest process."""

    seconds: float
    work: float
    memory: float


def git(repository: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    """The output of a git command."""
    return subprocess.run(["git", *arguments], cwd=repository, input=stdin, check=True, capture_output=True).stdout


def forget(repository: Path) -> None:
    """Take back what a run made."""
    if git(repository, "rev-parse", "--is-bare-repository") == b"false\n":
        git(repository, "switch", "-q", "main")
    names = git(repository, "for-each-ref", "--format=delete %(refname)", "refs/migrate", "refs/heads/migrate")
    git(repository, "update-ref", "--stdin", stdin=names)


def timed(folder: Path, *commands: Sequence[str]) -> Cost:
    """Run commands and say what they cost; the one after `<` is a file to read."""
    started, work, memory = time.perf_counter(), 0.0, 0
    for command in commands:
        words, source = (command[:-2], command[-1]) if "<" in command else (command, os.devnull)
        with Path(source).open("rb") as stdin:
            child = subprocess.Popen(
                words, cwd=folder, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise subprocess.CalledProcessError(child.returncode, words)
        work += usage.ru_utime + usage.ru_stime
        memory = max(memory, usage.ru_maxrss)
    return Cost(time.perf_counter() - started, work, memory / 1024)


def write_stream(repository: Path, place: Path) -> None:
    """Write the fast-import commands for the same change: the folder renamed, each other changed file inline."""
    who = "Bench <bench@example.com> 1700000000 +0000"
    with place.open("wb") as out:
        out.write(f"commit refs/heads/by-hand\ncommitter {who}\ndata 0\nfrom refs/heads/main^0\n".encode())
        out.write(f"R {POPULAR} {NEW}\n".encode())
        for path in git(repository, "diff", "--name-only", "--diff-filter=M", "main", BRANCH).decode().split():
            content = git(repository, "show", f"{BRANCH}:{path}")
            out.write(b"M 100644 inline %b\ndata %d\n%b\n" % (path.encode(), len(content), content))


def phase_alone(repository: Path, plan: Path) -> Cost:
    """What the phase and its commit cost in a process that has started and knows the plan; run in one of its own."""
    import migrate.engines.golang.verbs  # noqa: F401 (so that it is there)
    from migrate.orchestrator.advance import run_on, write_phase
    from migrate.orchestrator.messages import Messages
    from migrate.stack.project import Project

    def work() -> float:
        both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(usage.ru_utime + usage.ru_stime for usage in both)

    project = Project.open(repository, plan)
    context = project.look()
    started, before = time.perf_counter(), work()
    sources = tuple(phase.source for phase in context.stack)
    chain = run_on(context, sources)
    assert chain.error is None, chain.error
    write_phase(context, context.snapshot.base, Messages.of(context.stack, sources[0].id), chain.applied)
    return Cost(time.perf_counter() - started, work() - before, 0)


def report(name: str, costs: list[Cost]) -> Cost:
    """Print one row and return its medians."""
    middle = Cost(*(statistics.median(column) for column in zip(*costs, strict=True)))
    low, high = min(cost.seconds for cost in costs), max(cost.seconds for cost in costs)
    print(f"{name:<38} {middle.seconds:7.3f} s   {low:.3f} to {high:.3f}   {middle.work:.3f} s of work", flush=True)
    return middle


def scan_headers(checkout: Path) -> None:
    """Print how many headers are read in a second, their imports taken apart, with the files in memory."""
    from migrate.engines.golang.header import scan

    files = [path.read_bytes() for path in checkout.rglob("*.go")]
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        assert all(header is not None and header.imports is not None for header in map(scan, files))
        seconds.append(time.perf_counter() - started)
    print(f"headers read in a second: {len(files) / statistics.median(seconds):,.0f}")


def main() -> None:
    """Measure and print, the ways of doing the work in turn."""
    # An installed program has its bytecode; to compile its modules again takes as long as git for the whole phase.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ.update(GIT_AUTHOR_NAME="Bench", GIT_AUTHOR_EMAIL="bench@example.com")
    os.environ.update(GIT_COMMITTER_NAME="Bench", GIT_COMMITTER_EMAIL="bench@example.com")
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="migrate.slotsDir", GIT_CONFIG_VALUE_0=f"{folder}/slots"
        )
        scratch = Path(folder)
        checkout, bare, plan, stream = (scratch / name for name in ("large", "bare", "migrate.toml", "stream"))
        make(checkout)
        quiet(["git", "clone", "-q", "--bare", str(checkout), str(bare)], scratch)
        plan.write_text(PLAN)
        (scratch / "p01_metrics.py").write_text(PHASE)
        run = [str(Path(sys.executable).parent / "migrate"), "--plan", str(plan), "run", "--no-validate"]
        alone = [sys.executable, __file__, str(bare), str(plan)]
        by_git = (
            ["git", "grep", "-lF", f"{MODULE}/{POPULAR}", "main"],
            ["git", "fast-import", "--quiet", "--force", "<", str(stream)],
        )
        quiet(run, bare)
        wanted = git(bare, "rev-parse", f"{BRANCH}^{{tree}}")
        write_stream(bare, stream)
        ours, switched, phase, plain = [], [], [], []
        for _ in range(RUNS):
            for repository, rows in ((bare, ours), (checkout, switched)):
                forget(repository)
                rows.append(timed(repository, run))
                assert git(repository, "rev-parse", f"{BRANCH}^{{tree}}") == wanted
            plain.append(timed(bare, *by_git))
            forget(bare)
            said = subprocess.run(alone, check=True, capture_output=True, text=True).stdout
            phase.append(Cost(*map(float, said.split())))
        assert git(bare, "rev-parse", "by-hand^{tree}") == wanted, "git makes the same tree"
        scan_headers(checkout)
    print(
        f"20,000 Go files, a package that 1,000 import is moved: median of {RUNS} runs, smallest and largest behind it"
    )
    whole = report("migrate run --no-validate", ours)
    report("the same with a work tree to switch", switched)
    inside = report("the phase and its commit alone", phase)
    least = report("git grep -l and git fast-import", plain)
    print(f"run / git: {whole.seconds / least.seconds:.2f}, in work {whole.work / least.work:.2f}")
    print(f"phase alone / git: {inside.seconds / least.seconds:.2f}, in work {inside.work / least.work:.2f}")
    print(f"largest process: {max(cost.memory for cost in [*ours, *switched]):.0f} MB")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        print(*phase_alone(Path(sys.argv[1]), Path(sys.argv[2])))
    else:
        main()
