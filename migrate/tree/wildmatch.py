"""Path patterns as git reads them in ignore files: `*` and `?` stay within one name, `**/` crosses folders, `[…]` is a
set.

Written after `dowild` in git's wildmatch.c and compared with git itself by the tests. Libraries that do the same were
measured against `git check-ignore` first: pathspec 1.1 differs where a rule allows a folder again, at trailing spaces,
at `[:alpha:]` and at characters beyond ASCII, and takes some patterns for errors that git reads.
"""

from __future__ import annotations

import re

NEVER = "(?!)"

CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r" \t\n\r\f\v",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}


def wildmatch_regex(pattern: str, *, crossing: str = "[^/]*") -> str:
    """The regular expression (for `re.DOTALL`) of a whole path.

    `crossing` is the expression for two stars that are not a whole name, as in `a**b`; git reads them like one star.
    """
    out = []
    at = 0
    while at < len(pattern):
        char = pattern[at]
        if char == "*":
            text, at = stars(pattern, at, crossing)
        elif char == "[":
            text, at = character_set(pattern, at + 1)
        elif char == "?":
            text, at = "[^/]", at + 1
        elif char == "\\":
            text, at = re.escape(pattern[at + 1]) if at + 1 < len(pattern) else NEVER, at + 2
        else:
            text, at = re.escape(char), at + 1
        out.append(text)
    return "".join(out)


def below_pattern(whole: str) -> re.Pattern[str]:
    """An expression for a path, for which `whole` is the expression, and for everything below it."""
    return re.compile(rf"(?:{whole})(?:/.*)?", re.DOTALL)


def stars(pattern: str, at: int, crossing: str) -> tuple[str, int]:
    """The expression of the stars that begin at a place, and the place after them."""
    end = at
    while pattern[end : end + 1] == "*":
        end += 1
    if end == at + 1:
        return "[^/]*", end
    begins = at == 0 or pattern[at - 1] == "/"
    if begins and pattern[end : end + 1] == "/":
        return "(?:.*/)?", end + 1
    return (".*" if begins and end == len(pattern) else crossing), end


def character_set(pattern: str, at: int) -> tuple[str, int]:
    """The expression of the set whose `[` stands before a place, and the place after it."""
    negated = pattern[at : at + 1] in ("!", "^")
    at += negated
    first, items, previous = at, [], ""
    while at < len(pattern) and (pattern[at] != "]" or at == first):
        if found := re.compile(r"\[:([^\]]*):\]").match(pattern, at):
            if found[1] not in CLASSES:
                return NEVER, len(pattern)
            items.append(CLASSES[found[1]])
            previous, at = "", found.end()
        elif pattern[at] == "-" and previous and pattern[at + 1 : at + 2] not in ("", "]"):
            last, at = literal_regex(pattern, at + 1)
            items += [f"{re.escape(previous)}-{re.escape(last)}"] if previous <= last else []
            previous = ""
        else:
            previous, at = literal_regex(pattern, at)
            items.append(re.escape(previous))
    if at >= len(pattern):
        return NEVER, len(pattern)
    inside = "".join(items)
    return f"(?!/)[{'^' if negated else ''}{inside}]" if inside else NEVER, at + 1


def literal_regex(pattern: str, at: int) -> tuple[str, int]:
    """The character that a place stands for, escaped or not, and the place after it."""
    escaped = pattern[at] == "\\" and at + 1 < len(pattern)
    return pattern[at + escaped], at + 1 + escaped
