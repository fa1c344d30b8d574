"""Comparing the problems of a phase with those that its base has already.

A repository whose base does not pass a check, as where generated code is not in the tree, can still be migrated: the
check must then fail on a phase as it does on the base. Paths that the phases moved make no difference, and neither does
what differs from run to run (`likeness.py`); every other new line is a new problem.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from migrate import limits
from migrate.deadline import TookTooLongError, within
from migrate.execution.log import LogLine
from migrate.tree.moves import MoveMap
from migrate.validation.likeness import normalised


class BaselineError(Exception):
    """The lines of output that an expression selects cannot be told."""


def select_problems(baseline: str, output: Iterable[LogLine], place: Path) -> tuple[str, ...]:
    """The lines of output that the expression finds something in, without secrets and without the path of the slot.

    Raises `BaselineError` for an expression that takes too long, or that selects too many lines to compare.
    """
    top = str(place)

    def relative(line: str) -> str:
        return line.replace(f"{top}/", "").replace(top, ".") if top in line else line

    try:
        with within(limits.BASELINE_SECONDS):
            search = re.compile(baseline).search
            # A secret is looked for only in what is kept.
            return tuple(within_limits(relative(line.hidden) for line in output if search(relative(line.whole))))
    except TookTooLongError:
        raise BaselineError(
            f"its baseline takes longer than {limits.BASELINE_SECONDS:g} s: "
            "write it without a repetition inside another, such as (a+)+"
        ) from None


def within_limits(problems: Iterable[str]) -> Iterator[str]:
    """Lines that a receipt can hold. Raises `BaselineError` when there are more."""
    size = 0
    for count, line in enumerate(problems, 1):
        size += len(line)
        if count > limits.PROBLEM_LINES or size > limits.PROBLEM_CHARACTERS:
            raise BaselineError(
                f"its baseline selects more than {limits.PROBLEM_LINES:,} lines, or a million characters: "
                "write one for the problems alone"
            )
        yield line


def new_problems(base: Sequence[str], phase: Sequence[str], moved: MoveMap) -> list[str]:
    """The lines of `phase` that are not among those of `base`, each as often as it is there.

    Old paths in the lines of `base` stand for their new ones, also at the end of an import path (`module/old/path`).
    """
    there = Counter(relocated_problem(base, moved))
    # Most are the same to the letter; what differs from run to run is looked for in the others alone.
    others = without_known(phase, there)
    known = Counter(normalised(line) for line in there.elements())  # A count below zero has none.
    return without_known(others, known, normalised)


def without_known(lines: Iterable[str], known: Counter[str], form: Callable[[str], str] = str) -> list[str]:
    """The lines whose form is not known, each as often as it is there; what is known is used up."""
    new = []
    for line in lines:
        known[at := form(line)] -= 1
        if known[at] < 0:
            new.append(line)
    return new


def relocated_problem(lines: Sequence[str], moved: MoveMap) -> list[str]:
    """Lines with every old path in them replaced by the new one."""
    if not len(moved):
        return list(lines)
    longest_first = (spelled_problem(old) for old in sorted((old for old, _ in moved), key=len, reverse=True))
    path = re.compile(rf"(?<![\w.-])(?:{'|'.join(longest_first)})(?![\w-]|\.[a-z])")
    return [path.sub(lambda found: moved.resolve(found[0]), line) for line in lines]


def spelled_problem(path: str) -> str:
    """The expression of an old path in a line. One word is a path only beside a slash: `old` may be any word there."""
    word = re.escape(path)
    return word if "/" in path else rf"(?:(?<=/){word}|{word}(?=/))"
