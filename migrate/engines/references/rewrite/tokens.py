"""Path tokens: runs of text that look like one of the paths that are searched for, in any of the spellings of a path.

A token does not yet mean anything: `prefixes.py` judges what precedes it, `mentions.py` what it names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from migrate.engines.module_folder import ModuleFolder, module_at

# A plain slash, one escaped in a regular expression, Windows' own (escaped or not).
SLASH = r"(?:\\{0,2}/|\\{1,2}(?![\\.-]))"
COMMA = r"""(?:\\{0,2}/|"\s*,\s*"|'\s*,\s*')"""
COMPONENT = r"(?:[\w.-]|\\{1,2}[.-])+"
SEPARATOR = re.compile(rf"{SLASH}|{COMMA}")
ESCAPE = re.compile(r"\\{1,2}(?=[.-])")
FULL_STOP = re.compile(r"(?:\\{0,2}\.)+$")
SIMPLE = re.compile(r"[\w.-]+")

# The arguments of filepath.Join, path.join, os.path.join and their like.
JOINS = ("oin(", "resolve(", "joinpath(")
"""Every text with such a call contains one of these; searching for fixed texts is ten times as fast."""
JOIN = re.compile(r"\b(?:[jJ]oin|resolve|joinpath)\(((?:[^()]|\([^()]*\))*)\)")


@dataclass(frozen=True)
class Token:
    """A path as it is spelled in a text: its components, and where each of them starts and ends."""

    parts: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    separator: str
    """The spelling of the slash; where several are mixed, the longest."""
    dot: str
    """The spelling of a dot: `.`, or `\\.` in a regular expression."""
    joined: bool
    """Whether it stands among the arguments of a join call, where components may be arguments of their own."""

    @cached_property
    def path(self) -> str:
        """The path with plain slashes."""
        return "/".join(self.parts)

    @property
    def start(self) -> int:
        """Where the token starts."""
        return self.starts[0]

    @property
    def end(self) -> int:
        """Where the token ends."""
        return self.ends[-1]

    @cached_property
    def dots(self) -> int:
        """How many leading components are `.` or `..`."""
        return sum(1 for _ in takewhile(lambda part: part in (".", ".."), self.parts))

    def behind(self, count: int) -> Token:
        """The token without its first components."""
        return Token(self.parts[count:], self.starts[count:], self.ends[count:], self.separator, self.dot, self.joined)

    def spell(self, path: str) -> str:
        """Another path in the spelling of this one."""
        return path.replace(".", self.dot).replace("/", self.separator)


class TokenPattern:
    """The expressions that find every token that starts like one of `paths`, and every one that starts with `../`.

    Each starts with a literal, because Python searches that 20 times faster than an alternation.
    """

    def __init__(self, paths: Iterable[str], modules: tuple[ModuleFolder, ...]) -> None:
        self._heads: dict[str, set[str]] = defaultdict(set)
        for path in paths:
            self._add(*path.partition("/")[::2])
            module = module_at(modules, path)
            if module is not None and module.folder:
                inside = path[len(module.folder) :].lstrip("/")
                self._add(module.import_path, inside)
                if inside:  # as the files of the module say it
                    self._add(*inside.partition("/")[::2])

    def find(self, text: str, start: int, end: int) -> Iterator[Token]:
        """The tokens of `text[start:end]`, one literal after the other.

        `testdata/x` begins as both of `test` and `testdata` do, and is one token.
        """
        known: set[tuple[int, int]] = set()
        for token in self._found(text, start, end):
            span = (token.start, token.end)
            if span not in known:
                known.add(span)
                yield token

    def _found(self, text: str, start: int, end: int) -> Iterator[Token]:
        has_joins = any(text.find(call, start, end) >= 0 for call in JOINS)
        joins = [call.span(1) for call in JOIN.finditer(text, start, end)] if has_joins else []
        for regex in self._plain:
            for match in regex.finditer(text, start, end):
                if not any(first <= match.start() < last for first, last in joins):
                    yield read_token(match)
        for first, last in joins:
            for regex in self._joined:
                yield from (read_token(match, joined=True) for match in regex.finditer(text, first, last))

    def _add(self, head: str, rest: str) -> None:
        """Note that `rest` may follow `head`; its first component is enough, unless names need every character."""
        parts = rest.split("/")
        self._heads[head].add(parts[0] if all(map(SIMPLE.fullmatch, parts)) else rest)

    @cached_property
    def _plain(self) -> list[re.Pattern[str]]:
        return self._compiled(SLASH)

    @cached_property
    def _joined(self) -> list[re.Pattern[str]]:
        return self._compiled(COMMA)

    def _compiled(self, separator: str) -> list[re.Pattern[str]]:
        tail = rf"(?:{separator}{COMPONENT})*"
        heads = [
            f"{spelled_token(head, separator)}{following_token(names, separator)}(?:{COMPONENT})?{tail}"
            for head, names in sorted(self._heads.items())
        ]
        climb = rf"\.\.(?:{separator}{COMPONENT}{tail}|(?=/?(?:[\s\"')]|$)))"
        return [re.compile(expression) for expression in (*heads, climb)]


def following_token(names: set[str], separator: str) -> str:
    """The expression for the names that must follow a head; with "" among them, nothing need follow."""
    if "" in names:
        return ""
    ordered = sorted(names, key=lambda name: (-len(name), name))
    return f"{separator}(?:{'|'.join(spelled_token(name, separator) for name in ordered)})"


def spelled_token(path: str, separator: str) -> str:
    """The expression for a path in any spelling."""
    return separator.join(re.escape(part).replace(r"\.", r"\\{0,2}\.") for part in path.split("/"))


def read_token(match: re.Match[str], *, joined: bool = False) -> Token:
    """Split a token into its components."""
    text, offset = match[0], match.start()
    separators = list(SEPARATOR.finditer(text))
    starts = [0, *(found.end() for found in separators)]
    ends = [*(found.start() for found in separators), len(text)]
    stop = FULL_STOP.search(text)
    if stop and stop.start() > starts[-1]:
        ends[-1] = stop.start()
    escape = ESCAPE.search(text)
    slash = "\\" if match.string.endswith(".\\", 0, offset) else "/"
    return Token(
        parts=tuple(ESCAPE.sub("", text[start:end]) for start, end in zip(starts, ends, strict=True)),
        starts=tuple(offset + start for start in starts),
        ends=tuple(offset + end for end in ends),
        separator=max((found[0] for found in separators), key=len, default=slash),
        dot=(escape[0] if escape else "") + ".",
        joined=joined,
    )
