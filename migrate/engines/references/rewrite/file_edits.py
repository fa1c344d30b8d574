"""Rewriting one file: the edits of places that name a moved path, and the places that are left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from posixpath import basename

from migrate.engines.code_references import CodeFile
from migrate.engines.references.common.allowance import line_text_at
from migrate.engines.references.common.edits import ReferenceEdit
from migrate.engines.references.common.image_folders import is_dockerfile
from migrate.engines.references.common.spans import Reading, Span
from migrate.engines.references.formats.settings import checkouts_of
from migrate.engines.references.rewrite.alternatives import alternatives
from migrate.engines.references.rewrite.context import RewriteContext
from migrate.engines.references.rewrite.evidence import Evidence, shown_by
from migrate.engines.references.rewrite.filters import filter_edit, names_module
from migrate.engines.references.rewrite.links import is_link, link_edit, may_be_route
from migrate.engines.references.rewrite.literals import Literals
from migrate.engines.references.rewrite.mentions import PathMention
from migrate.engines.references.rewrite.patterns import pattern_edit
from migrate.engines.references.rewrite.prefixes import Prefix, Surroundings
from migrate.engines.references.rewrite.search_paths import root_of, rooted_edit
from migrate.engines.references.rewrite.source_file import SourceFile
from migrate.engines.references.rewrite.tokens import Token, TokenPattern
from migrate.engines.registry import engine_of_file

PATTERNS = (Reading.IGNORE, Reading.OWNERS, Reading.CONTEXT)
STRICT = (Reading.PATH, Reading.OPERAND)
LINKS = (Reading.LINK, Reading.NAME, Reading.COMMAND)


@dataclass(frozen=True)
class EditPlace:
    """A place that names a moved path, or may."""

    edit: ReferenceEdit
    reading: Reading
    path: str = ""
    sure: bool = True
    spread: bool = False
    """Whether it counts as one if the same path nearby surely is one."""


@dataclass(frozen=True)
class FileRewrite:
    """Decides about the places of one file."""

    source_file: SourceFile
    context: RewriteContext
    pattern_for: Callable[[str], TokenPattern]
    """The pattern that finds moved paths from the top and from a folder."""
    local: bool
    """Whether bare paths of the file may count from its own folder."""
    literals: Literals
    """How the strings of the file's code are read."""

    def places(self, spans: Iterable[Span]) -> tuple[list[ReferenceEdit], list[ReferenceEdit]]:
        """The edits of a file, without overlaps, and the places that are left although they may be paths.

        If a command line surely names a moved path, the same words beside it count as well, so that no line is updated
        by half.
        """
        edits: list[ReferenceEdit] = []
        unresolved: list[EditPlace] = []
        lines: set[tuple[int, str]] = set()
        paths: set[str] = set()
        in_code = False
        for span in spans:
            in_code |= span.reading is Reading.CODE
            for place in self._found(span):
                if place.sure:
                    edits.append(place.edit)
                    lines.add((self._line(place.edit), place.edit.old))
                    paths.add(place.path)
                else:
                    unresolved.append(place)
        edits = edits_together(edits, self._built())
        left: list[ReferenceEdit] = []
        spread: list[ReferenceEdit] = []
        for edit, is_right in alternatives(self.source_file, self.context, self._around):
            (edits if is_right and not in_code else left).append(edit)
        for place in unresolved:
            in_words = (
                place.reading in (Reading.WORDS, Reading.ROOTED) and (self._line(place.edit), place.edit.old) in lines
            )
            in_text = place.reading in (Reading.WORDS, Reading.TEXT) and place.path in paths
            (spread if place.spread and (in_words or in_text) else left).append(place.edit)
        return edits_together(spread, edits), left

    def _built(self) -> Iterable[ReferenceEdit]:
        """The edits of paths that code builds."""
        engine = engine_of_file(self.source_file.new)
        file = CodeFile(self.source_file.text, self.source_file.old, self.source_file.new)
        return engine.references.edits(file, self.context) if engine is not None else ()

    @cached_property
    def _around(self) -> Surroundings:
        """What is known of the tree, and the folders into which this file's steps check it out."""
        known = self.context.surroundings
        checkouts = checkouts_of(self.source_file.text) if self.source_file.new.endswith((".yml", ".yaml")) else ()
        tops = [f"{dot}{folder}/" for folder in checkouts for dot in ("", "./")]
        return replace(known, roots=(*known.roots, *tops)) if tops else known

    def _line(self, edit: ReferenceEdit) -> int:
        return line_text_at(self.source_file.text, edit.start)[0]

    def _found(self, span: Span) -> Iterator[EditPlace]:
        there = self.source_file.inside(span.base, self.context) if span.base else None
        source_file = there or self.source_file
        edit: ReferenceEdit | None
        if span.reading in PATTERNS:
            edit = pattern_edit(source_file, span, self.context)
        elif span.reading is Reading.FILTER and not names_module(source_file.text[span.start : span.end], self.context):
            edit = filter_edit(source_file, span, self.context)
        elif (
            span.reading is Reading.ROOTED
            and root_of(source_file.text[span.start : span.end], source_file, self.context) is not None
        ):
            edit = rooted_edit(source_file, span, self.context)
        elif span.reading in LINKS and is_link(source_file, span, self.context):
            edit = link_edit(source_file, span, self.context)
            if edit is not None and may_be_route(source_file, span, self.context):
                yield EditPlace(edit, span.reading, sure=False)
                return
        else:
            pattern = self.pattern_for(source_file.old_folder if self.local or there else "")
            for token in pattern.find(source_file.text, span.start, span.end):
                if (place := self._judged(token, source_file, span)) is not None:
                    yield place
            return
        if edit is not None:
            yield EditPlace(edit, span.reading)

    def _judged(self, token: Token, source_file: SourceFile, span: Span) -> EditPlace | None:
        """The edit that a token needs, and whether the token is surely a path."""
        reading = span.reading
        mention = PathMention.of(token, source_file, self.context, self._around, strict=reading in STRICT)
        named = mention.named()
        if named is not None and reading is Reading.CODE:
            reading = self.literals.reading(token.start)
            mention = PathMention.of(token, source_file, self.context, self._around, strict=reading in STRICT)
            named = mention.named()
        if named is None:
            return None
        verdict = shown_by(mention, named, reading)
        if verdict is Evidence.NO:
            return None
        edit = ReferenceEdit(named.edit.start, named.edit.end, named.edit.new, named.old)
        spread = mention.prefix in (Prefix.NONE, Prefix.DOT, Prefix.NAME) and verdict is Evidence.MAYBE
        leaves_context = named.own and is_dockerfile(basename(source_file.new)) and ".." in edit.new.split("/")
        # A value that counts from a folder in another value counts from nowhere else.
        is_astray = bool(span.base) and span.reading is Reading.PATH and not (named.own or token.dots)
        sure = verdict is Evidence.PATH and not (leaves_context or is_astray)
        return EditPlace(edit, reading, named.path, sure=sure, spread=spread and not leaves_context)


def edits_together(edits: list[ReferenceEdit], surer: Iterable[ReferenceEdit]) -> list[ReferenceEdit]:
    """All edits; a surer one replaces those that it overlaps."""
    kept = list(surer)
    taken = [(edit.start, edit.end) for edit in kept]
    return [edit for edit in edits if not any(edit.start < end and start < edit.end for start, end in taken)] + kept
