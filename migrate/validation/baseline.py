"""Comparing the problems of a phase with those that its base has already.

A repository whose base does not pass a check, as where generated code is not in the tree, can still be migrated: the
check must then fail on a phase as it does on the base. Paths that the phases moved make no difference, and neither does
what differs from run to run (`likeness.py`); every other new line is a new problem.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

from migrate.moves import MoveMap
from migrate.validation.likeness import normalised


def select(baseline: str, output: Iterable[str], place: Path) -> tuple[str, ...]:
    """The lines of output that the expression finds something in, with the path of the slot taken out."""
    regex = re.compile(baseline)
    relative = (line.replace(f"{place}/", "").replace(str(place), ".") for line in output)
    return tuple(line for line in relative if regex.search(line))


def new_problems(base: Sequence[str], phase: Sequence[str], moved: MoveMap) -> list[str]:
    """The lines of `phase` that are not among those of `base`, each as often as it is there.

    Old paths in the lines of `base` stand for their new ones, also at the end of an import path (`module/old/path`).
    """
    known = Counter(normalised(line) for line in relocated(base, moved))
    new = []
    for line in phase:
        form = normalised(line)
        if known[form] > 0:
            known[form] -= 1
        else:
            new.append(line)
    return new


def relocated(lines: Sequence[str], moved: MoveMap) -> list[str]:
    """Lines with every old path in them replaced by the new one."""
    if not len(moved):
        return list(lines)
    longest_first = (spelled(old) for old in sorted((old for old, _ in moved), key=len, reverse=True))
    path = re.compile(rf"(?<![\w.-])(?:{'|'.join(longest_first)})(?![\w-]|\.[a-z])")
    return [path.sub(lambda found: moved.resolve(found[0]), line) for line in lines]


def spelled(path: str) -> str:
    """The expression of an old path in a line. One word is a path only beside a slash: `old` may be any word there."""
    word = re.escape(path)
    return word if "/" in path else rf"(?:(?<=/){word}|{word}(?=/))"
