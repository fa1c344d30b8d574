"""Alternatives in one spelling: `internal/(auth|ui)/`, `web/{src,lib}/**`, `integration($|/util)`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.engines.references.common.edits import ReferenceEdit
from migrate.engines.references.rewrite.context import RewriteContext
from migrate.engines.references.rewrite.prefixes import Prefix, Surroundings, prefix_at
from migrate.engines.references.rewrite.source_file import SourceFile
from migrate.engines.references.rewrite.tokens import SLASH, spelled_token
from migrate.git.paths import folder_of
from migrate.tree.moves import MoveMap

GROUP = rf"(?P<slash>{SLASH})?[({{](?:\?:)?(?P<names>[^(){{}}\n]*)[)}}]"
NAME = re.compile(rf"(?P<slash>{SLASH})?(?P<name>[\w.\\-]+?)(?=\\?[|,]|\$?$)")
MARKS = ("/(", "/{", "|/", ",/", "(/", "{/")
COUNTED = (Prefix.NONE, Prefix.DOT, Prefix.TOP, Prefix.VARIABLE)


def has_alternatives(text: str) -> bool:
    """A fast test whether a text may have some."""
    return any(mark in text for mark in MARKS)


def groups(moves: MoveMap) -> re.Pattern[str]:
    """The expression for the beginning of a group after the folder above a moved path."""
    folders = {above.rpartition("/")[2] for old, _ in moves if (above := folder_of(old))}
    names = "|".join(spelled_token(folder, SLASH) for folder in sorted(folders)) or "(?!)"
    return re.compile(rf"(?:{names})(?:{SLASH})?[({{]")


def alternatives(
    source_file: SourceFile, context: RewriteContext, around: Surroundings
) -> Iterator[tuple[ReferenceEdit, bool]]:
    """The alternatives of a text that name a moved path, with the edits that they need.

    The second value says whether the edit is right: if the folder above changed, a person must divide them.
    """
    if not has_alternatives(source_file.text):
        return
    for old, new in context.moves:
        above, _, name = old.rpartition("/")
        if not above or above.rpartition("/")[2] not in source_file.text or name not in source_file.text:
            continue
        for found in re.finditer(spelled_token(above, SLASH) + GROUP, source_file.text):
            if prefix_at(source_file.text, found.start(), around) not in COUNTED:
                continue
            for each in named_alternatives(found, name):
                stays = folder_of(new) == above
                yield ReferenceEdit(*each.span("name"), new.rpartition("/")[2] if stays else each["name"], old), stays


def named_alternatives(group: re.Match[str], name: str) -> Iterator[re.Match[str]]:
    """The alternatives of a group that are a name, behind a slash which stands before the group or in it."""
    start, end = group.span("names")
    if not re.search(r"[|,]", group["names"]):
        return
    position = start
    for part in re.split(r"[|,]", group["names"]):
        found = NAME.match(group.string, position, end)
        if found and bool(found["slash"]) != bool(group["slash"]) and found["name"].replace("\\", "") == name:
            yield found
        position += len(part) + 1
