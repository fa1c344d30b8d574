"""Updating every reference to what a phase has moved, except imports of code."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache

from migrate.engines.base import Engine, StringReading
from migrate.engines.forwarding import without_forwarding
from migrate.engines.references.common.allowance import line_text_at, permit
from migrate.engines.references.common.edits import ReferenceEdit
from migrate.engines.references.common.scope import made_by_program
from migrate.engines.references.formats import SETTINGS, Format, format_of
from migrate.engines.references.rewrite.alternatives import groups
from migrate.engines.references.rewrite.context import RewriteContext, routes
from migrate.engines.references.rewrite.file_edits import FileRewrite
from migrate.engines.references.rewrite.literals import Literals
from migrate.engines.references.rewrite.reserved import has_bases
from migrate.engines.references.rewrite.search import candidates
from migrate.engines.references.rewrite.source_file import SourceFile, applied
from migrate.engines.references.rewrite.symlinks import retarget
from migrate.engines.references.rewrite.tokens import TokenPattern
from migrate.engines.references.rewrite.unresolved import Left
from migrate.git.objects import is_binary
from migrate.git.paths import check_path, is_under
from migrate.text import decode, encode
from migrate.tree.allowed import Allowed
from migrate.tree.editable_tree import EditableTree
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay


class References:
    """The references of a workspace's tree, reached as `ws.references`."""

    def __init__(self, ws: EditableTree) -> None:
        self._ws = ws
        self._also: dict[str, str] = {}
        self._done = MoveMap()
        self._before = without_forwarding(ws.overlay, ws.overlay.base)
        self._left: list[str] = []

    def update(self, also: Mapping[str, str] | None = None) -> int:
        """Rewrite every reference to a path that this phase has moved; returns how many places changed.

        Each call handles the moves since the last one, so a second call changes nothing. `also` gives the new path for
        mentions of a folder whose files went to several places: `{"internal/cache": "pkg/cache"}`. Notes list what it
        left because nothing shows that it is a path, and `../` paths that it could not update. Import declarations,
        history, third-party code, lock files, generated files, patches, binary files and what the plan allows to name
        old paths are left alone.
        """
        self._ws.flush()
        self._also |= {check_path(old): check_path(new) for old, new in (also or {}).items()}
        overlay = self._ws.overlay
        moved = routes(self._ws.moved, without_forwarding(overlay, overlay.base), self._also)
        context = RewriteContext.of(overlay, self._before, moves_since(self._done, moved))
        count = 0
        if len(context.moves):
            count, left = rewrite(overlay, context, self._ws.allowed)
            count += retarget(overlay, context)
            self._left += left.lines()
            for text in left.notes():
                self._ws.note(text)
        self._done = moved
        self._before = dict(without_forwarding(overlay, overlay.entries))
        return count

    def left(self) -> tuple[str, ...]:
        """Every place that `update` left although it may name a moved path: `docs/a.md:3: …`.

        Notes show a few of them.
        """
        return tuple(self._left)


def moves_since(done: MoveMap, moved: MoveMap) -> MoveMap:
    """The map that still leads from where `done` ended to where `moved` does."""
    later = {}
    for old, _ in (*done, *moved):
        middle, new = done.resolve(old), moved.resolve(old)
        if middle != new:
            later[middle] = new
    return MoveMap(later)


def rewrite(overlay: Overlay, context: RewriteContext, allowed: Sequence[Allowed]) -> tuple[int, Left]:
    """Rewrite the references in the text files of a tree; returns their number, and the places to check."""
    pattern_for = patterns(context)
    readings: dict[str, StringReading | None] = {}

    def strings(engine: Engine) -> StringReading | None:
        if engine.name not in readings:
            readings[engine.name] = engine.strings(overlay.next(), context.modules_after)
        return readings[engine.name]

    group = groups(context.moves)
    count, left = 0, Left()
    found = candidates(overlay, context)
    left.too_large = found.too_large
    for path, content in overlay.contents(found.files):
        if is_binary(content):
            continue
        source_file = SourceFile(decode(content), context.origin(path), path)
        kind = format_of(path, source_file.text)
        pattern = pattern_for(source_file.old_folder if kind.local else "")
        if not may_name(source_file, kind, pattern, {""} if found.is_affected(path) else found.spelled, group):
            continue
        if (maker := made_by_program(path, source_file.text)) is not None:
            left.skipped(source_file, pattern, context, maker)
            continue
        rewriting = FileRewrite(
            source_file, context, pattern_for, kind.local, Literals(path, source_file.text, strings)
        )
        places, unresolved = rewriting.places(kind.spans(source_file.text, path))
        edits = unpermitted(source_file, places, allowed)
        if edits:
            overlay.put(path, encode(applied(source_file.text, edits)), overlay.entries[path].mode)
            count += len(edits)
        left.found(source_file, unpermitted(source_file, unresolved, allowed))
        left.parent_relatives(source_file, edits, context)
    return count, left


def may_name(
    source_file: SourceFile, kind: Format, pattern: TokenPattern, spelled: Collection[str], group: re.Pattern[str]
) -> bool:
    """Whether a file can name a moved path; an unaffected file must contain one of the words `spelled`, or a group.

    Settings are read by their keys, which takes long; most of them hold nothing that looks like a moved path.
    """
    if kind.spans not in SETTINGS or has_bases(source_file.new) or group.search(source_file.text):
        return True
    tokens = pattern.find(source_file.text, 0, len(source_file.text))
    return any(any(word in token.path for word in spelled) for token in tokens)


def unpermitted(
    source_file: SourceFile, edits: Iterable[ReferenceEdit], allowed: Sequence[Allowed]
) -> list[ReferenceEdit]:
    """The edits in lines that the plan does not allow to name old paths."""
    return [
        edit
        for edit in edits
        if permit(source_file.new, line_text_at(source_file.text, edit.start)[1], allowed) is None
    ]


def patterns(context: RewriteContext) -> Callable[[str], TokenPattern]:
    """The token pattern for the files of each folder: moved paths from the top, and from there where they are below."""
    moved = [old for old, _ in context.moves]

    @cache
    def pattern(folder: str) -> TokenPattern:
        below = [old[len(folder) + 1 :] for old in moved if folder and old != folder and is_under(old, folder)]
        return pattern("") if folder and not below else TokenPattern([*moved, *below], context.modules_before)

    return pattern
