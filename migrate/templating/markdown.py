"""Text from a repository, written so that it cannot break the Markdown around it.

Markdown is read twice: by a parser (CommonMark with GitHub's tables), and then by a forge that turns `@name`, `#12` and
web addresses of the rendered text into links, mentions and closed issues. Backslashes are enough for the parser. For
the forge only an invisible character inside such a word helps, because it reads `\\@name` as `@name`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from migrate.text import printable, printable_lines, shortened

LONGEST = 1000
"""The most characters that `escape` returns, so that no single text fills a description (GitHub's limit is 65,536)."""

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#+!|~@$&^])")
"""A parenthesis has a meaning only after a bracket, and brackets are escaped."""
AT_THE_START = re.compile(r"^(\d+)([.)])|^([-=(])")
"""What begins a list or a heading, or would complete a link that a template began."""
SIGIL = re.compile(r"(?:[#!~%$&^]|://)(?=\w)|@(?=\S)|gh-(?=\d)|www(?=\.)", re.IGNORECASE)
"""What begins a reference of GitHub's or GitLab's: https://docs.gitlab.com/user/markdown/#gitlab-specific-references"""

JOINER = "\ue000"
JOINER_ENTITY = "&#8288;"
"""U+2060 WORD JOINER: takes no room and ends a forge's word. `JOINER` stands for it while the text is escaped."""

MARKER = "<!-- migrate:"
"""How the comments around generated text begin (`markers.py`)."""


def plain_text(text: object) -> str:
    """Text on one line, without control characters and without characters that change the reading direction."""
    return printable(" ".join(str(text).split()))


def escape(text: object) -> str:
    """Prose on one line in which nothing has a meaning to Markdown, HTML or a forge; it may stand in a table."""
    line = shortened(plain_text(text), LONGEST)
    marked = SIGIL.sub(rf"\g<0>{JOINER}", line)
    escaped = AT_THE_START.sub(r"\1\\\2\3", SPECIAL.sub(r"\\\1", marked))
    return escaped.replace(JOINER, JOINER_ENTITY)


def code_span(text: object) -> str:
    """A code span with the text, whatever it contains; empty for an empty text.

    The fence is longer than any run of back quotes inside, and one space is put where CommonMark (section 6.1) would
    take one away.
    """
    line = printable(str(text))
    if not line:
        return ""
    fence = "`" * (longest_run(line) + 1)
    pad = " " if line[0] == "`" or line[-1] == "`" or (line[0] == line[-1] == " " and line.strip()) else ""
    return f"{fence}{pad}{line}{pad}{fence}"


def table_cell(text: object) -> str:
    """A code span inside a table, where a pipe ends the cell unless it is escaped, even in a code span."""
    return code_span(text).replace("|", "\\|")


def code_block(text: str, language: str = "") -> str:
    """A fenced block that the text cannot close."""
    lines = printable_lines(text.rstrip("\n"))
    fence = "`" * max(3, longest_run(lines) + 1)
    return f"{fence}{language}\n{lines}\n{fence}"


def longest_run(text: str) -> int:
    """The length of the longest run of back quotes."""
    return max((len(run) for run in re.findall(r"`+", text)), default=0)


FILTERS: dict[str, Callable[..., str]] = {"md": escape, "code": code_span, "cell": table_cell, "block": code_block}
