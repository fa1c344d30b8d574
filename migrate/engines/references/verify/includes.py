"""Files named from folders that only a compiler knows: includes of C, imports of Protobuf, aliases of JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename, dirname, join, normpath, splitext

from migrate.engines.code_proof import Hit
from migrate.engines.old_paths import OldPaths
from migrate.text import decode

INCLUDE = re.compile(r"^[ \t]*#[ \t]*(?:include|import)[ \t]+[\"<]([\w./+-]+)[\">]", re.MULTILINE)
IMPORT = re.compile(r"^[ \t]*import[ \t]+(?:public[ \t]+|weak[ \t]+)?[\"']([\w./-]+\.proto)[\"']", re.MULTILINE)
ELSEWHERE = "a compiler may find it from another folder"
C_ENDS = (".c", ".h", ".cc", ".cpp", ".cxx", ".hpp", ".hh", ".m", ".mm")


def included_hits(path: str, text: str, old_paths: OldPaths) -> Iterator[Hit]:
    """The includes of a file that name what is gone."""
    regex, ends = (IMPORT, (".proto",)) if path.endswith(".proto") else (INCLUDE, C_ENDS)
    own = {dirname(path), dirname(old_paths.moved.get(path, path))}
    for found in regex.finditer(text):
        if not old_paths.is_there(join(dirname(path), found[1])):
            beside = (
                old_paths.gone(join(folder, found[1])) for folder in own if old_paths.existed(join(folder, found[1]))
            )
            entry = next((entry for entry in beside if entry), None) or counted(found[1], old_paths, ends)
            if entry is not None:
                doubt = ELSEWHERE if old_paths.is_below_old_folder(found[1]) else None
                yield Hit(*found.span(1), *entry, doubt=doubt)


def counted(tail: str, old_paths: OldPaths, ends: tuple[str, ...]) -> tuple[str, str] | None:
    """The moved file that was named from some folder, which stayed or moved as a whole; None when it is still there."""
    if tail in old_paths.overlay.entries:
        return None
    stem = splitext(tail)[0]
    for old in old_paths.moved.values() if "/" in tail else ():
        module = splitext(old)[0]
        for named in (module, module.removesuffix("/index")):
            if old.endswith(ends) and f"/{named}".endswith(f"/{stem}"):
                root = named[: len(named) - len(stem)]
                places = (old, root + stem, join(old_paths.moves.resolve(root.rstrip("/")), stem))
                there = [place + end for place in places for end in ("", splitext(old)[1])]
                return None if any(map(old_paths.exists, there)) else old_paths.gone(old)
    return None


def leaves_to_compiler(old_paths: OldPaths) -> bool:
    """Whether a C file includes a moved file from a folder that only the compiler knows."""
    overlay = old_paths.overlay
    names = {basename(old) for old in old_paths.moved.values() if old.endswith(C_ENDS)}
    for path, entry in overlay.entries.items():
        if path.endswith(C_ENDS) and entry.is_text_candidate:
            for found in INCLUDE.finditer(decode(overlay.content(entry.oid))):
                place = normpath(join(dirname(path), found[1]))
                if basename(found[1]) in names and not old_paths.is_there(place):
                    return True
    return False
