"""Text from a repository, written so that it cannot break the Markdown around it."""

from __future__ import annotations

import re
from collections.abc import Callable

from migrate.text import printable

SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~@$&])")


def escape(text: object) -> str:
    """Text on one line, with every character that Markdown, HTML or a forge gives a meaning escaped."""
    plain = " ".join(printable(str(text).replace("\n", " ")).split())
    return SPECIAL.sub(r"\\\1", plain)


def code(text: object) -> str:
    """A code span that holds the text whatever it contains, in a table too.

    The fence is longer than any run of back quotes inside (CommonMark 6.1); a pipe is escaped as GitHub's tables want.
    """
    plain = printable(str(text))
    fence = "`" * (max((len(run) for run in re.findall(r"`+", plain)), default=0) + 1)
    pad = " " if plain.startswith("`") or plain.endswith("`") else ""
    return f"{fence}{pad}{plain}{pad}{fence}".replace("|", "\\|")


def block(text: str, language: str = "") -> str:
    """A fenced block that the text cannot close."""
    plain = "\n".join(printable(line.expandtabs(4)) for line in text.rstrip("\n").split("\n"))
    fence = "`" * max(3, max((len(run) for run in re.findall(r"`+", plain)), default=0) + 1)
    return f"{fence}{language}\n{plain}\n{fence}"


FILTERS: dict[str, Callable[..., str]] = {"md": escape, "code": code, "block": block}
