"""Which files of a tree may hold a reference to what moved, found by one search for fixed texts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import NamedTuple

from migrate.engines.references.common.scope import (
    THIRD_PARTY,
    is_history,
    is_lock,
    is_manifest,
    is_third_party,
    omitted_endings,
)
from migrate.engines.references.rewrite.context import RewriteContext
from migrate.engines.references.rewrite.reserved import has_usual_base
from migrate.tree.overlay import Overlay
from migrate.tree.searches import any_of, plain_word


class Candidates(NamedTuple):
    """The files that may hold a reference, in memory, and those that are too large to be read."""

    files: list[str]
    too_large: list[str]
    spelled: Collection[str]
    """The texts one of which stands in a file that spells what moved."""
    is_affected: Callable[[str], bool]
    """Whether a file is read whatever it contains."""


def candidates(overlay: Overlay, context: RewriteContext) -> Candidates:
    """The files that may hold a reference: those that moved, and those that spell something that moved.

    A reference spells the last component of a moved path, however it counts. One from outside of the top folder of that
    path spells the top folder too, or the import path of a module in it. Files in which paths may count from a folder
    that is not named are read as well.
    """
    olds = deciding(context)
    tops = {old.split("/")[0] for old in olds}
    is_affected = affected(context)
    needles = search_words(olds)
    spelled = {path for path in overlay.holding(needles, THIRD_PARTY) if may_change(path)}
    also = {path for path in overlay.entries if is_affected(path) or has_usual_base(path)}
    also = {path for path in also if may_change(path) and overlay.entries[path].is_text_candidate}
    large = overlay.too_large(spelled | also)
    spelled, also = spelled - large, also - large
    overlay.preload(sorted(spelled | also))
    near = any_of({*tops, *(module.import_path for module in context.modules_before if module.folder)})
    inside = {path for path in spelled if context.origin(path).split("/")[0] in tops}
    found = {path for path, content in overlay.contents(sorted(spelled - inside)) if near(content)}
    return Candidates(sorted(inside | found | also), sorted(large), needles, is_affected)


def affected(context: RewriteContext) -> Callable[[str], bool]:
    """Whether a file moved, or is in a folder that something left or reached."""
    places = {place for move in context.moves for place in move}
    folders = tuple(
        f"{place}/" for old, new in context.moves if old not in context.before for place in (old, new) if place
    )
    return lambda path: path.startswith(folders) or path in places


def deciding(context: RewriteContext) -> list[str]:
    """The moved paths without those that only move with another one."""
    found = []
    for old, new in context.moves:
        folder, _, name = old.rpartition("/")
        above = context.moves.entry(folder)
        if above is None or f"{context.moves.resolve(folder)}/{name}".lstrip("/") != new:
            found.append(old)
    return found


def search_words(olds: Iterable[str]) -> Collection[str]:
    """For each moved path, a text in every spelling of its last component: escaped, quoted, without ending."""
    found = {plain_word(name) for old in olds for name in [without_ending(old.rpartition("/")[2])]}
    return {word for word in found if not any(other != word and other in word for other in found)}


def without_ending(name: str) -> str:
    """A name as a reference may give it: without an ending that may be omitted."""
    return min((name.removesuffix(end) for end in omitted_endings() if name != end), key=len)


def may_change(path: str) -> bool:
    """Whether a file with this name is edited by people, about the present, and not rewritten by an engine."""
    return not (is_third_party(path) or is_lock(path) or is_manifest(path) or is_history(path))
