"""How long the commands take, as whole processes: `make bench`, or `make bench BENCH=/path/to/a/repository`.

Beside `migrate run` stands a plain script of `mkdir`, `git mv`, `sed`, `git add` and `git commit` that moves the same
paths phase by phase, as one would write it by hand. Beside `migrate restack`, over the last commit of the base, stands
`git rebase --update-refs` of the same branches; where it stops, the phase's side is taken. Without a path the embedded
sample is measured.
"""

from __future__ import annotations

import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from migrate.git.history import read_history
from migrate.git.repository import Repository
from migrate.stack.trailers import read_trailers

TOP = Path(__file__).resolve().parent.parent
PLAN = TOP / "phases" / "pllm" / "migrate.toml"
RUNS = 5
NEW_FILE = "internal/handlers/colleague.go"
NEW_CODE = """package handlers

import "example.com/pllm/internal/config"

// Settings came while the phases waited.
type Settings struct{ *config.Config }
"""


def quiet(command: Sequence[str], folder: Path) -> float:
    """Run a command and return its seconds."""
    started = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - started


def origin(scratch: Path, given: Path | None) -> Path:
    """A repository whose `main` is the state before."""
    place = scratch / "origin"
    if given is not None:
        quiet(["git", "clone", "-q", "--no-hardlinks", str(given), str(place)], scratch)
        quiet(["git", "checkout", "-q", "-B", "main"], place)
        return place
    shutil.copytree(TOP / "tests" / "sample" / "tree", place, symlinks=True)
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A", "-f"], ["commit", "-q", "-m", "The old layout"]):
        quiet(["git", *arguments], place)
    (place / NEW_FILE).write_text(NEW_CODE, encoding="utf-8")
    for arguments in (["add", "-A"], ["commit", "-q", "-m", "What a colleague adds"]):
        quiet(["git", *arguments], place)
    return place


def fresh(scratch: Path, source: Path) -> Path:
    """A new clone to work in."""
    place = scratch / "work"
    shutil.rmtree(place, ignore_errors=True)
    quiet(["git", "clone", "-q", str(source), str(place)], scratch)
    os.sync()  # or what is measured next waits for the clone to reach the disk
    return place


def plain_script(finished: Path) -> str:
    """The script that does by hand what the phases in a repository did."""
    repository = Repository.open(finished)
    tip, base = repository.commit("HEAD"), repository.commit("main")
    assert tip is not None
    assert base is not None
    lines = ["set -e"]
    for commit in reversed(read_history(repository, [tip], [base]).values()):
        for trailers in read_trailers(commit.message):
            lines += by_hand(list(trailers.moves), commit.subject)
    return "\n".join(lines) + "\n"


def by_hand(moves: list[tuple[str, str]], subject: str) -> list[str]:
    """One phase in shell."""
    if not moves:
        return [f"git commit -q --allow-empty -m {shlex.quote(subject)}"]
    lines = []
    # By hand one move comes after the other: what leaves a folder for elsewhere goes before the folder does.
    for old, new in sorted(moves, key=lambda move: -move[0].count("/")):
        lines.append(f"mkdir -p {shlex.quote(str(Path(new).parent))} && git mv {shlex.quote(old)} {shlex.quote(new)}")
    needles = " ".join(f"-e {shlex.quote(old)}" for old, _ in moves)
    edits = " ".join(f"-e {shlex.quote(f's|{old}|{new}|g')}" for old, new in moves)
    lines.append(f"git grep -zlF {needles} | xargs -0 -r sed -i {edits}")
    return [*lines, "git add -A", f"git commit -q -m {shlex.quote(subject)}"]


def moved_on(scratch: Path, source: Path, run: Sequence[str]) -> Path:
    """A clone in which the phases stand on the commit before the last one of the base."""
    place = fresh(scratch, source)
    last = output(place, "rev-parse", "main").strip()
    for arguments in (["remote", "remove", "origin"], ["reset", "-q", "--hard", "main~1"]):
        quiet(["git", *arguments], place)
    quiet(run, place)
    quiet(["git", "branch", "-q", "-f", "main", last], place)
    return place


def rebase(place: Path) -> tuple[float, set[str]]:
    """Rebase all branches of phases onto the base; the seconds, and the files in conflict."""
    conflicts: set[str] = set()
    step = ["rebase", "--update-refs", "--onto", "main", "main~1"]
    started = time.perf_counter()
    while subprocess.run(
        ["git", "-c", "core.editor=true", *step], cwd=place, check=False, capture_output=True
    ).returncode:
        rows = [row.partition("\t") for row in output(place, "ls-files", "-u", "-z").split("\0")[:-1]]
        assert rows, "git rebase failed, and not at a conflict"
        phase = {path for entry, _, path in rows if entry.endswith("3")}
        for path in {path for _, _, path in rows}:
            quiet(["git", *(("checkout", "--theirs") if path in phase else ("rm", "-q", "-f")), "--", path], place)
            conflicts.add(path)
        quiet(["git", "add", "-A"], place)
        step = ["rebase", "--continue" if output(place, "diff", "--cached", "--name-only") else "--skip"]
    return time.perf_counter() - started, conflicts


def output(place: Path, *arguments: str) -> str:
    """What a git command prints."""
    return subprocess.run(["git", *arguments], cwd=place, check=True, capture_output=True, text=True).stdout


def files(place: Path) -> dict[str, str]:
    """The files of the highest branch, and their entries."""
    top = output(place, "for-each-ref", "--format=%(refname)", "refs/heads/migrate").split()[-1]
    rows = output(place, "ls-tree", "-r", "-z", top).split("\0")[:-1]
    return {path: entry for entry, _, path in (row.partition("\t") for row in rows)}


def over_a_commit(scratch: Path, source: Path, migrate: Sequence[str]) -> None:
    """Measure and print what it takes to bring the branches over the last commit of the base."""
    run = [*migrate, "run", "--no-validate", "--yes"]
    ours, by_git = [], []
    for _ in range(RUNS):
        work = moved_on(scratch, source, run)
        ours.append(quiet([*migrate, "restack", "--no-validate"], work))
        wanted = files(work)
        work = moved_on(scratch, source, run)
        seconds, conflicts = rebase(work)
        by_git.append(seconds)
    found = files(work)
    wrong = {path for path in wanted.keys() | found.keys() if wanted.get(path) != found.get(path)} - conflicts
    restack = report("migrate restack, over one commit", ours)
    rebased = report("git rebase --update-refs, the same", by_git)
    print(f"restack / git rebase: {restack / rebased:.2f}")
    print(f"conflicts: none beside {len(conflicts)} files; {len(wrong)} more of git's are not as the phases make them")


def report(name: str, seconds: list[float]) -> float:
    """Print one row and return its median."""
    middle = statistics.median(seconds)
    print(f"{name:<38} {middle:7.3f} s   {min(seconds):.3f} to {max(seconds):.3f}", flush=True)
    return middle


def main() -> None:
    """Measure and print, the two ways of doing the work in turn."""
    given = Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else None
    migrate = [str(Path(sys.executable).parent / "migrate"), "--plan", str(PLAN)]
    os.environ.update(GIT_AUTHOR_NAME="Bench", GIT_AUTHOR_EMAIL="bench@example.com")
    os.environ.update(GIT_COMMITTER_NAME="Bench", GIT_COMMITTER_EMAIL="bench@example.com")
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(
            GIT_CONFIG_COUNT="1", GIT_CONFIG_KEY_0="migrate.slotsDir", GIT_CONFIG_VALUE_0=f"{folder}/slots"
        )
        scratch = Path(folder)
        source = origin(scratch, given)
        finished = fresh(scratch, source)
        quiet([*migrate, "run", "--no-validate", "--yes"], finished)
        script = scratch / "plain.sh"
        script.write_text(plain_script(finished), encoding="utf-8")
        status = [quiet([*migrate, "status"], finished) for _ in range(RUNS)]
        ours, plan, plain = [], [], []
        for _ in range(RUNS):
            work = fresh(scratch, source)
            plan.append(quiet([*migrate, "plan"], work))
            ours.append(quiet([*migrate, "run", "--no-validate", "--yes"], work))
            plain.append(quiet(["sh", str(script)], fresh(scratch, source)))
        print(f"whole processes, median of {RUNS} runs, smallest and largest behind it")
        run = report("migrate run --no-validate", ours)
        by_hand_seconds = report("git mv, sed, git add, git commit", plain)
        report("migrate plan", plan)
        report("migrate status", status)
        print(f"run / by hand: {run / by_hand_seconds:.2f}")
        if output(source, "rev-list", "--count", "main") != "1\n":
            over_a_commit(scratch, source, migrate)


if __name__ == "__main__":
    main()
