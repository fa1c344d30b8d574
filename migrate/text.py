"""Text from outside: read without loss, and made safe to print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def decode(raw: bytes) -> str:
    """Bytes from outside as text; what is no UTF-8 survives the way back."""
    return raw.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """The bytes that `decode` was given."""
    return text.encode("utf-8", "surrogateescape")


def printable(text: str) -> str:
    """`text` with control characters, bidirectional overrides and undecodable bytes shown escaped.

    A repository can hold file names, branch names and messages that would move the cursor of a terminal, colour it or
    reorder what it shows.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else _escaped_char(c) for c in text)


def printable_lines(text: str) -> str:
    """`printable` for text of several lines: line feeds and tabs stay."""
    return "\n".join(printable(line.expandtabs()) for line in text.split("\n"))


def _escaped_char(char: str) -> str:
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return char.encode("unicode_escape", "backslashreplace").decode("ascii")


def shortened(text: str, most: int) -> str:
    """The beginning of a text, so that it has no more than `most` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


NEAR = 1_000
"""Characters of a line that are looked at on each side of a place in it."""


def line_before(text: str, position: int) -> str:
    """What stands before a position on its line; of a longer line the last `NEAR` characters, behind an ellipsis.

    A file may be one line. What is asked at each of its places must not read all of it each time.
    """
    start = max(0, position - NEAR)
    begin = text.rfind("\n", start, position)
    if begin >= 0:
        return text[begin + 1 : position]
    return f"…{text[start:position]}" if start else text[:position]


def line_after(text: str, position: int) -> str:
    """What stands behind a position on its line, at most `NEAR` characters."""
    return text[position : position + NEAR].partition("\n")[0].removesuffix("\r")


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant."""
    # Imported for the few messages that need it: every command imports this module.
    import difflib

    found = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return found[0] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean "…"?`, or nothing when no known word is near."""
    found = nearest(word, known)
    return f'; did you mean "{found}"?' if found else ""


EXAMPLES = 3
"""How many of many things are named."""


def some_of(items: Sequence[str]) -> str:
    """The first few of many, and how many more there are: `a, b, c and 4 more`."""
    shown = ", ".join(items[:EXAMPLES])
    return f"{shown} and {len(items) - EXAMPLES:,} more" if len(items) > EXAMPLES else shown


def plural(count: int, noun: str, many: str | None = None) -> str:
    """`1 file`, `2 files`."""
    return f"{count:,} {noun if count == 1 else many or noun + 's'}"


LISTED = 20
"""So many lines of a list are shown."""


def joined_list(lines: Sequence[str]) -> str:
    """Reasons below each other; of many the first ones, and how many there are more."""
    more = [f"… and {len(lines) - LISTED} more"] if len(lines) > LISTED else []
    return "\n".join(f"  {line}" for line in [*lines[:LISTED], *more])


def examples(places: Sequence[str], shown: int = 3) -> str:
    """The first few of some places, and how many more there are."""
    more = len(places) - shown
    return ", ".join(places[:shown]) + (f" and {more} more" if more > 0 else "")


def duration(seconds: float) -> str:
    """`2.4s`, or `1m12s` from a minute on."""
    minutes, rest = split_duration(seconds)
    return f"{minutes}m{rest:02.0f}s" if minutes else f"{rest:.1f}s"


def long_duration(seconds: float) -> str:
    """`2.4 s`, or `1 min 12 s` from a minute on."""
    minutes, rest = split_duration(seconds)
    return f"{minutes} min {rest:.0f} s" if minutes else f"{rest:.1f} s"


def split_duration(seconds: float) -> tuple[int, float]:
    """Minutes, and the seconds beside them: whole ones where there are minutes."""
    return divmod(round(seconds), 60) if seconds >= 59.95 else (0, seconds)
