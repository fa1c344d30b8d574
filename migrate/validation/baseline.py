"""Comparing the problems of a phase with those of its base.

A repository can be migrated although its base fails a check, for instance because generated code is not in the tree.
The check must then fail on a phase exactly as on the base. Moved paths make no difference, and neither does what
differs from run to run (`likeness.py`); every other new line is a new problem.
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
    """The problems in an output could not be selected."""


def select_problems(baseline: str, output: Iterable[LogLine], place: Path) -> tuple[str, ...]:
    """The lines of output that match the expression, without secrets and without the path of the slot.

    Raises `BaselineError` for an expression that takes too long, or that selects too many lines to compare.
    """
    top = str(place)

    def relative(line: str) -> str:
        return line.replace(f"{top}/", "").replace(top, ".") if top in line else line

    try:
        with within(limits.BASELINE_SECONDS):
            search = re.compile(baseline).search
            # Only lines that are kept need to be searched for secrets.
            return tuple(within_limits(relative(line.hidden) for line in output if search(relative(line.whole))))
    except TookTooLongError:
        raise BaselineError(
            f"its baseline takes longer than {limits.BASELINE_SECONDS:g} s: "
            "write it without a repetition inside another, such as (a+)+"
        ) from None


def within_limits(problems: Iterable[str]) -> Iterator[str]:
    """The lines, if a receipt can hold them all. Raises `BaselineError` when there are too many."""
    size = 0
    for count, line in enumerate(problems, 1):
        size += len(line)
        if count > limits.PROBLEM_LINES or size > limits.PROBLEM_CHARACTERS:
            raise BaselineError(
                f"its baseline selects more than {limits.PROBLEM_LINES:,} lines, or a million characters: "
                "write one that matches only the problems"
            )
        yield line


def new_problems(base: Sequence[str], phase: Sequence[str], moved: MoveMap) -> list[str]:
    """The lines of `phase` that `base` does not have; a line counts as often as it occurs.

    Old paths in the lines of `base` mean the new ones, also at the end of an import path (`module/old/path`).
    """
    there = Counter(relocated_problem(base, moved))
    # Most lines are equal to the letter; only the others are compared without what differs from run to run.
    others = without_known(phase, there)
    known = Counter(normalised(line) for line in there.elements())  # A count below zero means that there is none.
    return without_known(others, known, normalised)


def without_known(lines: Iterable[str], known: Counter[str], form: Callable[[str], str] = str) -> list[str]:
    """The lines whose form is not among the known ones; each known one accounts for one line."""
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
    """The expression for an old path in a line.

    A single word counts only next to a slash, because it may be any word.
    """
    word = re.escape(path)
    return word if "/" in path else rf"(?:(?<=/){word}|{word}(?=/))"
