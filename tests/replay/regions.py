"""Where two versions of a text differ from the one that both come from, and from each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple


class Region(NamedTuple):
    """Lines of the text that both come from, and what stands there in ours and in theirs; `line` counts from 1."""

    line: int
    base: tuple[str, ...]
    ours: tuple[str, ...]
    theirs: tuple[str, ...]


def regions(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Iterator[Region]:
    """Every stretch that is not the same in all three, in order."""
    kept = list(zip(matched(base, ours), matched(base, theirs), strict=True))
    at = [0, 0, 0]
    for index in [i for i, (o, t) in enumerate(kept) if o is not None and t is not None] + [len(base)]:
        places = (index, *kept[index]) if index < len(base) else (len(base), len(ours), len(theirs))
        b, o, t = (int(place or 0) for place in places)
        region = Region(at[0] + 1, tuple(base[at[0] : b]), tuple(ours[at[1] : o]), tuple(theirs[at[2] : t]))
        if not region.base == region.ours == region.theirs:
            yield region
        at = [b + 1, o + 1, t + 1]


def matched(base: Sequence[str], other: Sequence[str]) -> list[int | None]:
    """For each line of `base` where it stands in `other`, if it does."""
    found: list[int | None] = [None] * len(base)
    start, end = 0, min(len(base), len(other))
    while start < end and base[start] == other[start]:
        found[start] = start
        start += 1
    tail = 0
    while tail < end - start and base[-1 - tail] == other[-1 - tail]:
        found[-1 - tail] = len(other) - 1 - tail
        tail += 1
    middle = SequenceMatcher(None, base[start : len(base) - tail], other[start : len(other) - tail], autojunk=False)
    for b, o, size in middle.get_matching_blocks():
        for step in range(size):
            found[start + b + step] = start + o + step
    return found
