"""Moves of Python modules that people made by hand, made again by the engine and held against what they left.

    python -m tests.engines.python.replay REPOSITORY [--commits HASH ...] [--most 20] [--show]

Commits in which git finds several renamed modules are taken from the history. Their moves are made on the parent's
tree, in memory, and every Python file that either side changed is compared.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from posixpath import basename, dirname

from migrate.errors import MigrateError
from migrate.git.process import decode
from migrate.git.repository import Repository
from migrate.phase.workspace import Workspace
from migrate.tree.overlay import Overlay

MARK = "\x01"


@dataclass
class Replayed:
    """One commit: how many files are exact, in another order, or different."""

    commit: str
    subject: str
    moves: dict[str, str]
    counts: Counter[str] = field(default_factory=Counter)
    differences: list[str] = field(default_factory=list)
    refused: str = ""


def commits(repository: Repository, only: list[str], most: int) -> Iterator[tuple[str, str, str, dict[str, str]]]:
    """The hash, the parent, the subject and the moves of each commit that renames modules."""
    revisions = ["--no-walk", *only] if only else ["HEAD"]
    arguments = ["--no-merges", "-M90%", "-l0", "--name-status", "-z", f"--format={MARK}%H%n%P%n%s", *revisions]
    count = 0
    for record in decode(repository.git.run("log", *arguments).stdout).split(MARK)[1:]:
        head, _, rest = record.partition("\0")
        commit, parent, subject = head.split("\n")[:3]
        moves = renames(rest.lstrip("\0\n").split("\0"))
        if parent and len(moves) >= (1 if only else 2):
            count += 1
            yield commit, parent, subject, moves
            if count == most:
                return


def renames(fields: list[str]) -> dict[str, str]:
    """The renamed Python files; git pairs no empty ones, so those go where the files beside them went."""
    moves, gone, new = {}, [], set()
    rest = iter(fields)
    for status in rest:
        path = next(rest, "")
        if status.startswith("R"):
            target = next(rest)
            if path.endswith(".py") and target.endswith(".py"):
                moves[path] = target
        elif status == "D":
            gone.append(path)
        elif status == "A":
            new.add(path)
    folders = {dirname(old): dirname(target) for old, target in moves.items() if basename(old) == basename(target)}
    for path in gone:
        folder = folders.get(dirname(path))
        target = f"{folder}/{basename(path)}" if folder else basename(path)
        if path.endswith(".py") and folder is not None and target in new:
            moves[path] = target
    return moves


def replay(repository: Path, commit: str, parent: str, subject: str, moves: dict[str, str]) -> Replayed:
    """Make the moves of a commit on its parent's tree, and compare."""
    done = Replayed(commit, subject, moves)
    objects = Repository.open(repository).objects
    ws = Workspace(Overlay.of(objects, parent))
    theirs = objects.tree(commit)
    try:
        for old, new in moves.items():
            ws.python.move(old, new)
        ws.flush()
    except MigrateError as error:
        done.refused = f"{error} ({error.advice})"
        return done
    before = ws.overlay.base
    for path, entry in ws.overlay.entries.items():
        there = theirs.get(path)
        old = ws.moved.inverse().resolve(path)
        if not path.endswith(".py") or there is None or not (entry.is_text_candidate and there.is_text_candidate):
            continue
        was = before.get(old)
        if was is not None and was.oid == entry.oid == there.oid:
            continue
        base, ours, their = (
            objects.blob(was.oid) if was else b"",
            ws.overlay.content(entry.oid),
            objects.blob(there.oid),
        )
        kind = judged(base, ours, their)
        done.counts[kind] += 1
        if kind not in ("exact", "only theirs"):
            lines = unified_diff(
                *(text.decode("utf-8", "replace").splitlines() for text in (ours, their)),
                f"ours {path}",
                f"theirs {path}",
                n=0,
                lineterm="",
            )
            done.differences.append("\n".join([f"## {kind}", *lines]))
    return done


def judged(base: bytes, ours: bytes, theirs: bytes) -> str:
    """What a difference is: none, only their own edits, the order of lines, or more."""
    if ours == theirs:
        return "exact"
    if ours == base and not any(b"import" in line for line in set(theirs.splitlines()) ^ set(base.splitlines())):
        return "only theirs"
    if squeezed(ours) == squeezed(theirs):
        return "order or layout"
    return "different"


def squeezed(text: bytes) -> list[bytes]:
    """The words of a file, in no order."""
    return sorted(re.findall(rb"[\w.]+|[^\s\w,()\\]", text))


def main() -> None:
    """Replay what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--commits", nargs="*", default=[])
    parser.add_argument("--most", type=int, default=20)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    total: Counter[str] = Counter()
    for each in commits(Repository.open(options.repository), options.commits, options.most):
        done = replay(options.repository, *each)
        said = (
            f"refused: {done.refused}" if done.refused else ", ".join(f"{n} {kind}" for kind, n in done.counts.items())
        )
        print(f"{done.commit[:10]} {done.subject[:60]}: {len(done.moves)} moves; {said}", flush=True)
        if options.show:
            print("\n".join(done.differences))
        total.update(done.counts)
        total["refused"] += bool(done.refused)
    print(", ".join(f"{n} {kind}" for kind, n in total.items()))


if __name__ == "__main__":
    main()
