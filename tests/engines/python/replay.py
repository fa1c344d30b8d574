"""Moves of Python modules that people made by hand, made again by the engine and held against what they left.

    python -m tests.engines.python.replay REPOSITORY [--commits HASH ...] [--most 20] [--show CLASS ...]

Commits in which git finds several renamed modules are taken from the history. Their moves are made on the parent's
tree, in memory, and every file that either side changed is compared.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import basename, dirname

from migrate.engines.python.places import is_python_source
from migrate.engines.python.roots import roots_of
from migrate.engines.python.tree import PythonTree
from migrate.engines.references.common.scope import is_lock, is_third_party
from migrate.errors import MigrateError
from migrate.git.repository import Repository
from migrate.phase.workspace import Workspace
from migrate.text import decode
from migrate.tree.overlay import Overlay
from tests.engines.python.judging import Places, Side, judge
from tests.replay.__main__ import differences, table
from tests.replay.judging import Class, Judged
from tests.replay.judging import judge as judge_text

MARK = "\x01"


@dataclass
class Replayed:
    """One commit, made again."""

    commit: str
    subject: str
    moves: dict[str, str]
    files: list[Judged] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
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
        if parent and sum(map(is_python_source, moves)) >= (1 if only else 2):
            count += 1
            yield commit, parent, subject, moves
            if count == most:
                return


def renames(fields: list[str]) -> dict[str, str]:
    """The renamed files; git pairs no empty ones, so those go where the files beside them went."""
    moves, gone, new = {}, [], set()
    rest = iter(fields)
    for status in rest:
        path = next(rest, "")
        if status.startswith("R"):
            target = next(rest)
            if is_python_source(path) == is_python_source(target):
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
    """Make the moves of a commit on its parent's tree, and judge every file."""
    done = Replayed(commit, subject, moves)
    objects = Repository.open(repository).objects
    ws, left = Workspace(Overlay.of(objects, parent)), Overlay.of(objects, commit)
    try:
        for old, new in moves.items():
            if is_python_source(old):
                ws.python.move(old, new)
        ws.flush()
        ws.relocate({old: new for old, new in moves.items() if not is_python_source(old)})
        ws.references.update()
        ws.flush()
    except MigrateError as error:
        done.refused = f"{error} ({error.advice})"
        return done
    done.notes = ws.notes
    before, after, theirs = (tree_of(each) for each in (ws.overlay.before(), ws.overlay, left))
    places = Places(before, ws.moved)
    for old, entry in ws.overlay.base.items():
        new = ws.moved.resolve(old)
        our, their = ws.overlay.entries.get(new), left.entries.get(new)
        if is_third_party(old) or is_lock(old) or our is None or their is None:
            continue
        if our == their == entry or not (our.is_text_candidate and their.is_text_candidate):
            continue
        if our.oid == their.oid:
            done.files.append(Judged(new))
            continue
        contents = [ws.overlay.content(oid) for oid in (entry.oid, our.oid)] + [objects.blob(their.oid)]
        if is_python_source(new):
            sides = zip((before, after, theirs), (old, new, new), contents, strict=True)
            done.files.append(judge(new, places, *(Side(*each) for each in sides)))
        else:
            done.files.append(judge_text(new, places.spelled, *contents))
    return done


def tree_of(overlay: Overlay) -> PythonTree:
    """The Python files of a tree."""
    return PythonTree(overlay.entries.keys(), roots_of(overlay))


def main() -> None:
    """Replay what the command line names."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("repository", type=Path)
    parser.add_argument("--commits", nargs="*", default=[])
    parser.add_argument("--most", type=int, default=20)
    parser.add_argument("--show", nargs="*", default=[])
    options = parser.parse_args()
    tables: dict[str, Counter[Class]] = defaultdict(Counter)
    refused = 0
    for each in commits(Repository.open(options.repository), options.commits, options.most):
        done = replay(options.repository, *each)
        counts = Counter(file.what for file in done.files)
        said = f"refused: {done.refused}" if done.refused else ", ".join(f"{n} {k.value}" for k, n in counts.items())
        print(f"{done.commit[:10]} {done.subject[:60]}: {len(done.moves)} moves; {said}", flush=True)
        for file in done.files:
            tables["Python" if is_python_source(file.path) else file.kind][file.what] += 1
            for line in differences(file, options.show):
                print(line)
        refused += bool(done.refused)
    print(f"\n{refused} refused", "", *table(tables), sep="\n")


if __name__ == "__main__":
    main()
