"""One `git cat-file --batch-command` that stays open: a question about an object is a line, and no process.

git searches for a missing object again at each request, in new packs, too (`oid_object_info_extended` in git's
object-file.c). It may still know an object that was removed meanwhile, so whether one exists *now* is asked of a new
process (`history.absent`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from migrate.git.conversation import Conversation, EndedError
from migrate.git.process import OBJECT_NAME, git_failed
from migrate.text import encode

if TYPE_CHECKING:
    from migrate.git.process import Git

AT_ONCE = 400
"""This many requests are sent before the first answer is read: both sides fit into pipes, so neither waits forever."""
LONGEST_NAME = 100
"""The longest request of which so many are sent at once."""
KEPT = 20_000
"""This many answers about objects with full names are kept."""

Answer = TypeVar("Answer")


class About(NamedTuple):
    """An object: its full name, its kind such as `commit`, and its size in bytes."""

    oid: str
    kind: str
    size: int


class Reader:
    """Reads objects by one process that is started when it is needed."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._open: Conversation | None = None
        self._known: dict[str, About] = {}

    def about(self, names: Sequence[str]) -> list[About | None]:
        """The kinds and sizes of some objects, by any name that git knows; None for a missing one.

        A name with a line feed names nothing.
        """
        unknown = [name for name in dict.fromkeys(names) if name not in self._known and is_askable(name)]
        found: dict[str, About | None] = {}
        for some in bundled(unknown):
            found |= zip(some, self._asked(partial(heads, names=some)), strict=True)
        self._keep({name: about for name, about in found.items() if about is not None})
        return [self._known.get(name) or found.get(name) for name in names]

    def content(self, name: str) -> tuple[About, bytes] | None:
        """One object with its content; None when it is missing."""
        if not is_askable(name):
            return None
        return self._asked(partial(whole, name=name))

    def _keep(self, answers: dict[str, About]) -> None:
        if len(self._known) > KEPT:
            self._known.clear()
        self._known |= {name: about for name, about in answers.items() if OBJECT_NAME.match(name)}

    def _asked(self, question: Callable[[Conversation], Answer]) -> Answer:
        """An answer; a git that was ended since the last one is started again.

        Raises `GitFailedError` where it ends at this question, `MissingObjectError` where that is for an object that a
        partial clone left out.
        """
        is_new = self._open is None
        asked = self._open = self._open or Conversation(self._git, "cat-file", "--batch-command")
        try:
            return question(asked)
        except EndedError:
            self._open, result = None, asked.result()
            if is_new:
                raise git_failed(asked.arguments, result) from None
            return self._asked(question)
        except BaseException:  # Part of the answer may be left.
            self._open = None
            asked.stop()
            raise


def is_askable(name: str) -> bool:
    """Whether a name fits into a line."""
    return "\n" not in name and "\0" not in name


def bundled(names: Sequence[str]) -> list[Sequence[str]]:
    """Names as they are put at once: many short ones, and each long one by itself."""
    short = [name for name in names if len(name) <= LONGEST_NAME]
    return [
        *(short[first : first + AT_ONCE] for first in range(0, len(short), AT_ONCE)),
        *([name] for name in names if len(name) > LONGEST_NAME),
    ]


def heads(asked: Conversation, names: Sequence[str]) -> list[About | None]:
    """What some objects are."""
    asked.say(b"".join(b"info %b\n" % encode(name) for name in names))
    return [head(asked.line()) for _ in names]


def whole(asked: Conversation, name: str) -> tuple[About, bytes] | None:
    """What one object is and what it holds."""
    asked.say(b"contents %b\n" % encode(name))
    about = head(asked.line())
    return None if about is None else (about, asked.content(about.size))


def head(line: bytes) -> About | None:
    """The head of an answer; None for an object that is not here."""
    words = line.split()
    if len(words) == 3 and words[2].isdigit():
        return About(words[0].decode(), words[1].decode(), int(words[2]))
    return None
