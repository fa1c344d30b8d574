"""What the commands cost as a repository grows, along one dimension at a time: `make scale`, under 20 minutes.

Each point is a generated repository and whole processes in it: the median of their processor seconds, those of git
included, and the megabytes of the largest. `python tests/bench_scale.py DIMENSION …` measures some dimensions;
`PYTHONPATH=TREE python tests/bench_scale.py` another checkout of the program.
"""

from __future__ import annotations

import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

RUNS = 3
PLAN = '[migration]\nname = "tidy"\n\n[[validation]]\nname = "check"\nrun = "true"\n'
PHASE = '"""Do step {0}."""\n\n\ndef apply(ws):\n    ws.write("made/{0}.txt", "made\\n")\n'
RECEIPT = {"validation": "check", "key": "0", "outcome": "passed", "seconds": 1.0, "when": "2026-01-01T00:00:00Z"}
NAMES = "refs/migrate/tidy"
Point = tuple[str, float, float]
"""What was typed, its processor seconds, and the megabytes of the largest process."""


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    """What a git command prints."""
    done = subprocess.run(["git", *arguments], cwd=folder, input=stdin, check=True, capture_output=True)
    return done.stdout.decode().strip()


def typed(folder: Path, *words: str) -> None:
    """Type a command that prepares something."""
    subprocess.run([sys.executable, "-m", "migrate", *words], cwd=folder, check=False, capture_output=True)


def cost(folder: Path, *words: str, runs: int = 1) -> Point:
    """What a command costs: once, where it changes what it finds."""
    code = (
        "import resource,subprocess,sys\n"
        "subprocess.run([sys.executable,'-m','migrate',*sys.argv[1:]],capture_output=True)\n"
        "used=resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(used.ru_utime+used.ru_stime,used.ru_maxrss)"
    )
    told = [
        subprocess.run([sys.executable, "-c", code, *words], cwd=folder, check=True, capture_output=True, text=True)
        for _ in range(runs)
    ]
    pairs = [tuple(map(float, each.stdout.split())) for each in told]
    return " ".join(words), statistics.median(each[0] for each in pairs), max(each[1] for each in pairs) / 1024


def repository(folder: Path, phases: int) -> Path:
    """A repository with a plan of so many phases, none of which has run."""
    (folder / "phases").mkdir(parents=True)
    (folder / "migrate.toml").write_text(PLAN)
    for number in range(1, phases + 1):
        (folder / "phases" / f"p{number:03}_step.py").write_text(PHASE.format(f"{number:03}"))
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "Begin")
    return folder


def stream(ref: str, tip: str, count: int, files: Callable[[int], str], said: Callable[[int], str]) -> bytes:
    """A stream for `git fast-import` of so many commits on a line."""
    parts = []
    for number in range(count):
        message = said(number)
        above = f"from :{number}\n" if number else (f"from {tip}\n" if tip else "")
        parts.append(
            f"commit {ref}\nmark :{number + 1}\ncommitter A <a@b> {1_800_000_000 + number} +0000\n"
            f"data {len(message)}\n{message}{above}{files(number)}"
        )
    return "".join(parts).encode()


def inline(path: str, text: str) -> str:
    """A file of a commit in a stream."""
    return f"M 100644 inline {path}\ndata {len(text)}\n{text}\n"


def noted(tip: str, notes: str) -> bytes:
    """A stream for `git fast-import` of one commit with notes."""
    return stream("refs/notes/migrate/tidy", tip, 1, lambda _: notes, str)


def by_phases(scratch: Path) -> Iterator[tuple[int, Sequence[Point]]]:
    """Phases of one file each."""
    for count in (4, 16, 64, 128):
        folder = repository(scratch / f"phases-{count}", count)
        points = [cost(folder, "run", "--yes"), cost(folder, "validate", "--all"), cost(folder, "status", runs=RUNS)]
        git(folder, "switch", "-q", "main")
        (folder / "made").mkdir()
        for number in (1, 2):
            (folder / f"made/{number:03}.txt").write_text("made\n")
            git(folder, "add", "-A")
            git(folder, "commit", "-q", "-m", f"Squashed (#{number})")
        yield count, [*points, cost(folder, "land", "--yes", "--no-validate")]


def by_base(scratch: Path) -> Iterator[tuple[int, Sequence[Point]]]:
    """Commits of the base since a phase landed; a clone whose own base is behind, as after `git fetch`."""
    for count in (10, 1_000, 10_000, 50_000):
        folder = repository(scratch / f"base-{count}", 9)
        typed(folder, "run", "--yes", "--no-validate")
        git(folder, "switch", "-q", "main")
        git(folder, "merge", "-q", "--squash", "migrate/tidy/p001-step")
        git(folder, "commit", "-q", "-m", git(folder, "log", "-1", "--format=%B", "migrate/tidy/p001-step"))
        told = stream(
            "refs/heads/main",
            git(folder, "rev-parse", "main"),
            count,
            lambda n: inline(f"src/{n % 1000}.txt", f"{n}"),
            lambda n: f"Change {n}\n\nWhat it is about, in a line or two of prose.\n",
        )
        git(folder, "fast-import", "--quiet", stdin=told)
        git(folder, "gc", "-q")
        git(folder, "reset", "-q", "--hard")
        points = [cost(folder, "land", "--yes", "--no-validate")]
        git(folder, "clone", "-q", "--bare", ".", str(scratch / f"base-{count}.git"))
        git(folder, "remote", "add", "origin", str(scratch / f"base-{count}.git"))
        git(folder, "fetch", "-q", "origin")
        git(folder, "switch", "-q", "main")
        git(folder, "reset", "-q", "--hard", f"main~{count - 1}")
        typed(folder, "status")
        yield count, [*points, cost(folder, "status", runs=RUNS)]


def by_archive(scratch: Path) -> Iterator[tuple[int, Sequence[Point]]]:
    """Refs of the archive, at the first sync."""
    for count in (50, 500, 2_000, 6_000):
        folder = repository(scratch / f"archive-{count}", 3)
        typed(folder, "run", "--yes", "--no-validate")
        git(folder, "switch", "-q", "main")
        git(folder, "clone", "-q", "--bare", ".", str(scratch / f"archive-{count}.git"))
        git(folder, "remote", "add", "origin", str(scratch / f"archive-{count}.git"))
        git(
            folder,
            "fast-import",
            "--quiet",
            stdin=stream("refs/heads/tmp", "", count, lambda n: inline("f", f"{n}"), str),
        )
        oids = git(folder, "rev-list", "tmp").split()
        names = "".join(f"create {NAMES}/archive/{1000 + n // 20}/p{n % 20} {oid}\n" for n, oid in enumerate(oids))
        git(folder, "update-ref", "--stdin", stdin=names.encode())
        git(folder, "branch", "-q", "-D", "tmp")
        yield count, [cost(folder, "sync", "--yes")]


def by_operations(scratch: Path) -> Iterator[tuple[int, Sequence[Point]]]:
    """Operations in the journal."""
    for count in (50, 500, 2_000, 8_000):
        folder = repository(scratch / f"operations-{count}", 3)
        typed(folder, "run", "--yes", "--no-validate")
        git(folder, "switch", "-q", "main")
        tip = git(folder, "rev-parse", f"{NAMES}/journal")
        last = json.loads(git(folder, "log", "-1", "--format=%b", tip))

        def entry(number: int, whole: int = count, last: dict[str, object] = last) -> str:
            plain = {"version": 1, "command": "x", "kind": "fact", "refs": [], "invocation": f"i{number}"}
            return f"Do it\n\n{json.dumps({**(last if number == whole - 1 else plain), 'number': number + 1})}\n"

        told = stream("refs/heads/tmp", "", count, lambda _: "deleteall\n", entry)
        git(folder, "fast-import", "--quiet", stdin=told)
        git(folder, "update-ref", f"{NAMES}/journal", "tmp", tip)
        git(folder, "branch", "-q", "-D", "tmp")
        yield count, [cost(folder, "journal", "-n", "5", runs=RUNS), cost(folder, "undo", "--yes")]


def by_receipts(scratch: Path) -> Iterator[tuple[int, Sequence[Point]]]:
    """Receipts on trees that the stack does not have."""
    for count in (10, 1_000, 10_000, 50_000):
        folder = repository(scratch / f"receipts-{count}", 3)
        typed(folder, "run", "--yes")
        text = json.dumps({**RECEIPT, "who": "A <a@b>", "commit": "1" * 40})
        names = (hashlib.sha1(f"{number}".encode(), usedforsecurity=False).hexdigest() for number in range(count))
        tip = git(folder, "rev-parse", "refs/notes/migrate/tidy")
        notes = "".join(inline(name, text) for name in names)
        git(folder, "fast-import", "--quiet", stdin=noted(tip, notes))
        typed(folder, "status")
        yield count, [cost(folder, "status", runs=RUNS)]


def by_edits(scratch: Path) -> Iterator[tuple[int, Sequence[Point]]]:
    """Commits by hand on the branch of one of two phases, taken to a base that has gone on."""
    for count in (1, 20, 200):
        folder = repository(scratch / f"edits-{count}", 2)
        typed(folder, "run", "--yes", "--no-validate", "--to", "p001")
        told = stream(
            "refs/heads/migrate/tidy/p001-step",
            git(folder, "rev-parse", "migrate/tidy/p001-step"),
            count,
            lambda n: inline(f"edited/{n}", f"{n}"),
            lambda n: f"Edit {n}\n",
        )
        git(folder, "switch", "-q", "main")
        git(folder, "fast-import", "--quiet", stdin=told)
        (folder / "later").write_text("")
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "Later")
        yield count, [cost(folder, "restack", "--no-validate")]


def by_branches(scratch: Path) -> Iterator[tuple[int, Sequence[Point]]]:
    """Branches of the remote with one commit each, carried, and then again where nothing is new."""
    for count in (10, 50, 200):
        folder = repository(scratch / f"branches-{count}", 3)
        base = git(folder, "rev-parse", "main")
        typed(folder, "run", "--yes", "--no-validate")
        git(folder, "switch", "-q", "main")
        git(folder, "clone", "-q", "--bare", ".", str(scratch / f"branches-{count}.git"))
        git(folder, "remote", "add", "origin", str(scratch / f"branches-{count}.git"))
        for number in range(count):
            ref = f"refs/remotes/origin/work-{number}"
            told = stream(ref, base, 1, lambda _, name=f"work/{number}": inline(name, "work"), lambda _: "Work\n")
            git(folder, "fast-import", "--quiet", stdin=told)
        yield count, [cost(folder, "carry", "--all"), cost(folder, "carry", "--all", runs=RUNS)]


def by_files(scratch: Path, counts: Sequence[int] = (1_000, 10_000)) -> Iterator[tuple[int, Sequence[Point]]]:
    """Files of the tree, of which the phases change one each."""
    for count in counts:
        folder = repository(scratch / f"files-{count}", 3)
        tree = "".join(inline(f"src/{number // 100}/{number % 100}.txt", f"{number}") for number in range(count))
        tip = git(folder, "rev-parse", "main")
        told = stream("refs/heads/main", tip, 1, lambda _, tree=tree: tree, lambda _: "Files\n")
        git(folder, "fast-import", "--quiet", stdin=told)
        git(folder, "reset", "-q", "--hard")
        points = [cost(folder, "run", "--yes"), cost(folder, "status", runs=RUNS)]
        git(folder, "switch", "-q", "main")
        (folder / "later").write_text("")
        git(folder, "add", "later")
        git(folder, "commit", "-q", "-m", "Later")
        yield count, [*points, cost(folder, "restack", "--no-validate")]


def by_many_files(scratch: Path) -> Iterator[tuple[int, Sequence[Point]]]:
    """The same of more files than most repositories have."""
    yield from by_files(scratch, (50_000, 150_000))


DIMENSIONS = {
    "phases": by_phases,
    "base": by_base,
    "archive": by_archive,
    "operations": by_operations,
    "receipts": by_receipts,
    "edits": by_edits,
    "branches": by_branches,
    "files": by_files,
}
BY_NAME = {"many-files": by_many_files}
"""What takes long to prepare, and is measured where it is named."""


def main() -> int:
    """Measure the dimensions that are named, or all."""
    os.environ.update(GIT_AUTHOR_NAME="Bench", GIT_AUTHOR_EMAIL="bench@example.com")
    os.environ.update(GIT_COMMITTER_NAME="Bench", GIT_COMMITTER_EMAIL="bench@example.com")
    with tempfile.TemporaryDirectory() as scratch:
        settings = {"COUNT": "1", "KEY_0": "migrate.slotsDir", "VALUE_0": f"{scratch}/slots"}
        os.environ.update({f"GIT_CONFIG_{name}": value for name, value in settings.items()})
        for name in sys.argv[1:] or DIMENSIONS:
            for count, points in {**DIMENSIONS, **BY_NAME}[name](Path(scratch)):
                told = "   ".join(f"{words} {seconds:.2f} s {memory:.0f} MB" for words, seconds, memory in points)
                print(f"{name} {count:>7,}   {told}", flush=True)
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
