"""Notes files that a pattern covered before they moved and no longer covers, or the other way round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from migrate.engines.implied.dockerfiles import is_dockerfile_name
from migrate.engines.implied.rulebooks import Rulebook, is_makefile_name, rulebooks
from migrate.engines.references.common.scope import is_third_party
from migrate.text import decode
from migrate.tree.overlay import Overlay

NAMES = (".gitattributes", "CODEOWNERS")


def coverage_notes(before: Overlay, after: Overlay, moved: Mapping[str, str]) -> Iterator[str]:
    """A note for each way in which a file of patterns treats moved files differently than before.

    `moved` maps old paths of files to new ones.
    """
    then = by_file(before)
    origins = {new: old for old, new in moved.items()}
    for file, books in by_file(after).items():
        for old_book, new_book in zip(then.get(origins.get(file, file), ()), books, strict=False):
            yield from coverage_differences(old_book, new_book, moved)


def coverage_differences(before: Rulebook, after: Rulebook, moved: Mapping[str, str]) -> Iterator[str]:
    """A note for each pair of old and new treatment of moved files by one file of patterns."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for old, new in moved.items():
        said, says = before.says(old), after.says(new)
        if said != says:
            found.setdefault((said, says), []).append((old, new))
    for (said, says), files in found.items():
        (old, new), *others = files
        more = f", and {len(others):,} more like it" if others else ""
        yield f"{after.file}: {new} is {says}; as {old} it was {said}{more}"


def by_file(overlay: Overlay) -> dict[str, Sequence[Rulebook]]:
    """The files of patterns of a tree, with the treatment of paths by each."""
    files = [path for path in overlay.entries if is_rulebook(path) and overlay.entries[path].is_text_candidate]
    overlay.preload(files)
    read = ((path, decode(overlay.content(overlay.entries[path].oid))) for path in files)
    return {path: tuple(rulebooks(path, text, overlay.holds)) for path, text in read}


def is_rulebook(path: str) -> bool:
    """Whether a file of this name holds patterns that are understood here."""
    is_one = has_patterns(path.rpartition("/")[2]) and not is_third_party(path)
    return is_one or path.startswith(".github/workflows/")


@cache
def has_patterns(name: str) -> bool:
    """Whether files of this name hold patterns, in any folder.

    It is cached, because each phase asks it about every path.
    """
    return name in NAMES or name.endswith(".dockerignore") or is_dockerfile_name(name) or is_makefile_name(name)
