"""What `migrate status` costs over 50,000 commits of the base, with a stack of nine that a remote has: of `make bench`.

A phase landed at the beginning of that history, so that the landing is as old as it can be. The first look searches all
messages; those after it search what is new.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from bench import quiet

COMMITS = 50_000
PHASES = 9
RUNS = 9
PLAN = '[migration]\nname = "long"\n'
LANDED = "Begin\n\nMigration: long\nMigration-Phase: p00-begin\nMigration-Source: 0\nMigration-Base: 0\n"


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> None:
    """Run a git command."""
    subprocess.run(["git", *arguments], cwd=folder, input=stdin, check=True, capture_output=True)


def history(commits: int) -> bytes:
    """A stream for `git fast-import`: the plan, a landing, and then that many commits of one file each."""
    files = {
        "migrate.toml": PLAN,
        "phases/p00_begin.py": phase(0),
        **{f"phases/p{n:02}_step.py": phase(n) for n in range(1, 10)},
    }
    parts = []
    for number in range(commits):
        message = LANDED if number == 1 else f"Change {number}\n\nWhat it is about, in a line or two of prose.\n"
        parts.append(
            f"commit refs/heads/main\nmark :{number + 1}\ncommitter A <a@b> {1_500_000_000 + number * 60} +0000\n"
        )
        parts.append(f"data {len(message)}\n{message}" + (f"from :{number}\n" if number else ""))
        changed = files if number == 0 else {f"src/{number % 1000}.txt": f"{number}\n"}
        parts += [f"M 100644 inline {path}\ndata {len(text)}\n{text}\n" for path, text in changed.items()]
    return "".join(parts).encode()


def phase(number: int) -> str:
    """A phase that writes one file."""
    return f'"""Do step {number}."""\n\n\ndef apply(ws):\n    ws.write("made/{number}.txt", "made\\n")\n'


def status(folder: Path) -> float:
    """The seconds that `migrate status` takes as a whole process."""
    return quiet([sys.executable, "-m", "migrate", "status"], folder)


def main() -> int:
    """Print the first look, and the median of those after it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, remote = Path(scratch) / "work", Path(scratch) / "remote.git"
        folder.mkdir()
        git(folder, "init", "-q", "-b", "main")
        git(folder, "fast-import", "--quiet", stdin=history(COMMITS))
        git(folder, "gc", "-q")
        git(folder, "checkout", "-q", "main")
        subprocess.run([sys.executable, "-m", "migrate", "run", "-y"], cwd=folder, check=True, capture_output=True)
        git(folder, "clone", "-q", "--bare", str(folder), str(remote))
        git(folder, "remote", "add", "origin", str(remote))
        git(folder, "fetch", "-q", "origin")
        shutil.rmtree(folder / ".git/migrate/cache")
        first = status(folder)
        later = [status(folder) for _ in range(RUNS)]
    told = f"median {statistics.median(later):.3f} s   {min(later):.3f} to {max(later):.3f}"
    print(f"status over {COMMITS:,} commits of the base, {PHASES} phases here and on the remote")
    print(f"  the first time  {first:.3f} s\n  afterwards      {told}")
    return os.EX_OK


if __name__ == "__main__":
    sys.exit(main())
