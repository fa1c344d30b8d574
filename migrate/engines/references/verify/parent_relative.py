"""Bare `../..` in moved files: they led to the top of the repository and no longer do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname

from migrate.engines.code_proof import Hit
from migrate.engines.old_paths import OldPaths
from migrate.engines.references.verify.kinds import FileKind, kind_of
from migrate.text import line_before

CLIMB = re.compile(r"(?<![\w.])\.\.((?:/\.\.)*)/?(?![\w./*])")
AFTER_VARIABLE = re.compile(r"(?:[)}][\"']?|\$\w+[\"']?)/$")
SURE = re.compile(
    r"""(?:\bcd|\bpushd|\s-C|\b(?:cwd|dir|directory|context|root\w*|baseUrl|working-directory)["']?[ \t]*[:=])[ \t]+"""
    r"""["']?(?:\$\{?\w+\}?/|"?\$\([^()]*\)"?/)?$""",
    re.IGNORECASE,
)
DOUBT = "a relative path in a file that was at another depth"


def parent_relative_hits(path: str, text: str, old_paths: OldPaths) -> Iterator[Hit]:
    """The bare `../..` of a moved file that led to the top from its old place and lead elsewhere from the new one."""
    origin = old_paths.moved.get(path)
    if origin is None or kind_of(path) is FileKind.PROSE:
        return
    was, now = depth(origin), depth(path)
    for found in CLIMB.finditer(text) if was != now else ():
        before = line_before(text, found.start())
        if 1 + found[1].count("/") == was and (not before.endswith("/") or AFTER_VARIABLE.search(before)):
            sure = SURE.search(before)
            yield Hit(*found.span(), dirname(origin), dirname(path), doubt=None if sure else DOUBT)


def depth(path: str) -> int:
    """How many folders stand above a file."""
    return path.count("/")
