"""Finds chains of `Path(__file__)` in moved files that led to the top of the repository and no longer do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname

from migrate.engines.code_proof import Hit
from migrate.engines.old_paths import OldPaths
from migrate.engines.references.verify.parent_relative import DOUBT, depth

CHAIN = re.compile(r"__file__\)(?:\.(?:resolve|absolute)\(\))?(?:((?:\.parent)+)\b|\.parents\[(\d)\])(?!\.parent)")
SEGMENTS = re.compile(r"(?:\s*/\s*[\"'][\w./-]+[\"'])*")


def chain_hits(path: str, text: str, old_paths: OldPaths) -> Iterator[Hit]:
    """The chains of a moved file that led to the top from its old place and lead elsewhere from the new one."""
    origin = old_paths.moved.get(path)
    if origin is None or not path.endswith(".py") or depth(origin) == depth(path):
        return
    was = depth(origin)
    for found in CHAIN.finditer(text):
        levels = int(found[2]) if found[2] else found[1].count(".parent") - 1
        top = "/".join(path.split("/")[: -1 - levels])
        named = SEGMENTS.match(text, found.end())
        if levels == was and not (named and named[0] and old_paths.is_there(named_below(top, named[0]))):
            # It may still be right: one folder deeper, it may be meant to reach the folder in which the file stood.
            yield Hit(*found.span(), dirname(origin), dirname(path), doubt=DOUBT if top == dirname(origin) else None)


def named_below(top: str, segments: str) -> str:
    """The path that the strings of a chain name below a folder."""
    return "/".join(filter(None, [top, *re.findall(r"[\w./-]+(?=[\"'])", segments)]))
