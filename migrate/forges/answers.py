"""Reading what a forge answers: JSON of which nothing is sure. What has another type than it should is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from migrate.forges.base import BODY_CHARACTERS, NO_COMMIT, Comment
from migrate.git.objects import CommitId
from migrate.git.process import OBJECT_NAME

LONGEST_NUMBER = 10**12


def inside(value: Any, *keys: str) -> Any:
    """The value at the end of some keys, None where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def text(value: Any, *keys: str) -> str:
    """A text without NUL bytes and halves of surrogate pairs, which nothing can write; empty where there is none."""
    found = inside(value, *keys)
    return found.replace("\0", "").encode("utf-8", "replace").decode() if isinstance(found, str) else ""


def flag(value: Any, *keys: str) -> bool:
    """Whether something is said to be true."""
    return inside(value, *keys) is True


def number(value: Any, *keys: str) -> int:
    """A number from 1, or 0."""
    found = inside(value, *keys)
    is_number = isinstance(found, int) and not isinstance(found, bool)
    return found if is_number and 0 < found < LONGEST_NUMBER else 0


def oid(value: Any, *keys: str) -> CommitId:
    """The name of an object, empty where there is none: it may become an argument of git."""
    found = text(value, *keys)
    return CommitId(found) if OBJECT_NAME.fullmatch(found) else NO_COMMIT


def address(value: Any, *keys: str) -> str:
    """An address of a page."""
    found = text(value, *keys)
    return found if found.startswith(("https://", "http://")) and found.isprintable() and " " not in found else ""


def items(value: Any, *keys: str) -> list[Any]:
    """A list, empty where there is none."""
    found = inside(value, *keys)
    return found if isinstance(found, list) else []


def names(values: Iterable[Any], key: str) -> tuple[str, ...]:
    """The names of labels or people."""
    return tuple(filter(None, (text(value, key) for value in values)))


def body(value: Any, *keys: str) -> str:
    """The text of a body or a comment, with the line ends that were written: forms of the web send `CR LF`."""
    return text(value, *keys)[: 16 * BODY_CHARACTERS]


def comments(listed: Iterable[Any]) -> tuple[Comment, ...]:
    """The comments of a list, in its order."""
    return tuple(Comment(number(each, "id"), body(each, "body")) for each in listed if number(each, "id"))
