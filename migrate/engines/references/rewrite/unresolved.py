"""What is left to a person: places that may name a moved path, and `../` paths that may now lead elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from migrate.engines.references.common.edits import ReferenceEdit
from migrate.engines.references.rewrite.context import RewriteContext
from migrate.engines.references.rewrite.source_file import SourceFile
from migrate.engines.references.rewrite.tokens import TokenPattern
from migrate.engines.registry import engine_of_file
from migrate.git.paths import folder_of
from migrate.limits import TOO_LARGE
from migrate.text import examples, plural

CLIMB = re.compile(r"""["`]((?:\.\./)+[\w-][^"`\n]*)["`]""")
"""`"../../bin/tool"` in a string: it may be in no tree, because it is built or put there by hand."""

STRINGS = "strings of "
OTHER = "other places"
REASONS = {
    OTHER: ("place spells", "places spell", "nothing shows that {} a path"),
    "generated files": ("line of generated files names", "lines of generated files name", "a program writes {}"),
    "patches": ("line of patches names", "lines of patches name", "a patch is for the files that it was made from"),
}


def reason_texts(why: str) -> tuple[str, str, str]:
    """The words for a reason to leave places: for one place, for several, and why."""
    if why in REASONS:
        return REASONS[why]
    language = why.removeprefix(STRINGS)
    reason = "no function that takes a path was seen to take {}"
    return f"string of {language} code spells", f"strings of {language} code spell", reason


@dataclass(frozen=True)
class LeftPlace:
    """A line that is left as it is, counted from 1."""

    path: str
    line: int

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"


@dataclass
class Left:
    """The places that an update left, by reason."""

    places: dict[str, list[LeftPlace]] = field(default_factory=dict)
    unclear: list[tuple[str, list[int]]] = field(default_factory=list)
    """The lines of unclear `../` paths, by file."""
    too_large: list[str] = field(default_factory=list)
    """The files that were not read."""

    def found(self, source_file: SourceFile, unresolved: Iterable[ReferenceEdit]) -> None:
        """Add the doubtful places of a file; line numbers are right, because no edit adds or removes a line."""
        engine = engine_of_file(source_file.new)
        why = f"{STRINGS}{engine.language}" if engine is not None and engine.follows_strings else OTHER
        for doubt in unresolved:
            self._add(why, source_file, doubt.start)

    def skipped(self, source_file: SourceFile, pattern: TokenPattern, context: RewriteContext, why: str) -> None:
        """Add the places of a file that is not rewritten because a program made it."""
        for token in pattern.find(source_file.text, 0, len(source_file.text)):
            if (
                not token.dots
                and len(token.parts) > 1
                and context.existed(token.path)
                and context.moves.moves(token.path)
            ):
                self._add(why, source_file, token.start)

    def parent_relatives(
        self, source_file: SourceFile, edits: Sequence[ReferenceEdit], context: RewriteContext
    ) -> None:
        """Add the `../` paths of a file that no rule could update."""
        if lines := unclear_parent_relatives(source_file, edits, context):
            self.unclear.append((source_file.new, lines))

    def lines(self) -> list[str]:
        """A line for every place, with the reason."""
        places = [f"{place}: {why}" for why, places in self.places.items() for place in places]
        return places + [f"{path}: {TOO_LARGE}" for path in self.too_large]

    def notes(self) -> list[str]:
        """A note for each reason: a count and a few examples."""
        said = []
        strings = [why for why in self.places if why.startswith(STRINGS)]
        for why in (*strings, *(why for why in REASONS if why in self.places)):
            places = self.places[why]
            one, many, reason = reason_texts(why)
            count = plural(len(places), one, many)
            them = "it" if len(places) == 1 else "them"
            they = "it is" if len(places) == 1 else "they are"
            because = reason.format(they if why == OTHER else them)
            left = "a moved path and was" if len(places) == 1 else "moved paths and were"
            said.append(f"{count} {left} not changed, because {because}: {examples(list(map(str, places)))}")
        if self.too_large:
            files = plural(len(self.too_large), "file was", "files were")
            said.append(f"{files} not searched for references, because of {TOO_LARGE}: {examples(self.too_large)}")
        return said + parent_relative_notes(self.unclear)

    def _add(self, why: str, source_file: SourceFile, start: int) -> None:
        place = LeftPlace(source_file.new, source_file.text.count("\n", 0, start) + 1)
        places = self.places.setdefault(why, [])
        if place not in places[-1:]:
            places.append(place)


def parent_relative_notes(found: Sequence[tuple[str, list[int]]]) -> list[str]:
    """A note on relative paths that may lead elsewhere now."""
    if not found:
        return []
    lines = [f"{path}:{line}" for path, lines in found for line in lines]
    have = plural(len(lines), "line has", "lines have")
    return [f"{have} relative paths to what is not in the tree; check that they still lead there: {examples(lines)}"]


def unclear_parent_relatives(
    source_file: SourceFile, edits: Sequence[ReferenceEdit], context: RewriteContext
) -> list[int]:
    """The lines, counted from 1, of `../` paths that may lead elsewhere now; `edits` are the edits that are made."""
    engine = engine_of_file(source_file.new)
    if engine is None or not engine.follows_strings:
        return []
    if source_file.old not in context.before or _keeps_neighbours(source_file):
        return []
    places = list(engine.references.climbs(source_file.text))
    for found in CLIMB.finditer(source_file.text) if "../" in source_file.text else ():
        followed = any(found.start() <= edit.start < found.end() for edit in edits)
        path = source_file.resolve(found[1])
        if (
            not followed
            and path is not None
            and not context.is_known(path)
            and not _leads_there(source_file, found[1], context)
        ):
            places.append(found.start())
    return sorted({source_file.text.count("\n", 0, place) + 1 for place in places})


def _keeps_neighbours(source_file: SourceFile) -> bool:
    """Whether the folder at most got another name in its place, so that every `../` path is still right."""
    return folder_of(source_file.old_folder) == folder_of(source_file.new_folder)


def _leads_there(source_file: SourceFile, written: str, context: RewriteContext) -> bool:
    """Whether a `../` path is still right, because both ends moved alike."""
    path, now = (
        source_file.resolve(written),
        SourceFile(source_file.text, source_file.new, source_file.new).resolve(written),
    )
    return path is not None and now is not None and context.moves.resolve(path) == now
