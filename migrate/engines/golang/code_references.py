"""How Go code names paths of the tree: in strings, in comments and in directives.

Import declarations, import comments and `//go:linkname` are no part of it: the engine rewrites them itself.
`//go:generate` runs in the file's own folder, `//go:embed` reads from there, and so does a test: what they name counts
from the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.engines.code_references import PlainReferences
from migrate.engines.golang.generated import is_generated
from migrate.engines.references.common.lexers import QUOTED, SLASH_COMMENT
from migrate.engines.references.common.spans import Reading, Span, split_spans

COMMENT = r"//[^\n]*|/\*.*?\*/"
LITERAL = r'"(?:\\.|[^"\\\n])*"|`[^`]*`'
BLANK = re.compile(rf"(?:[\s;\ufeff]|{COMMENT})*", re.DOTALL)
PACKAGE = re.compile(r'package\s+\w+(?:[ \t]*(?://|/\*)[ \t]*import[ \t]+("[^"\n]*"))?')
IMPORT = re.compile(rf"import\b[^\S\n]*(?:\((?:{COMMENT}|{LITERAL}|[^)\"`])*\)|[^\n;\"`]*(?:{LITERAL}))", re.DOTALL)
PIECE = re.compile(rf"(?:{COMMENT})|({LITERAL})", re.DOTALL)
LINKNAME = re.compile(r"^//go:linkname[^\n]*", re.MULTILINE)

DIRECTIVE = re.compile(r"^(//go:generate|//go:embed|(?://)?[ \t]*#cgo)[ \t]([^\n]*)", re.MULTILINE)
WORD = re.compile(
    r"""(?:^|[\s"'`=,:;(|&<>]|(?<=\s)-[A-Z](?=[\w.$]))(?:\$\{SRCDIR\}/)?"""
    r"""(\.\./?(?=[\s"']|$)|(?<=-I)[\w.-]+(?=[\s"']|$)|(?:\.{1,2}|[\w-][\w.-]*)/[^\s"'`=,:;()|&<>]+)"""
)
EMBEDDED = re.compile(r"""(?:^|[\s"`:])([\w.-][^\s"`:*?\[\\]*(?<!/))(?=/|[\s"`]|$)""")

CALLER = re.compile(r"^\s*(?:var\s+)?_,\s*(\w+),\s*_,\s*\w+\s*:?=\s*runtime\.Caller\(0\)", re.MULTILINE)
FOLDER_OF = re.compile(r"\b(\w+)\s*:?=\s*(?:file)?path\.Dir\((\w+)\)")
JOIN = re.compile(r"\bJoin\((?:(\w+)|(?:file)?path\.Dir\((\w+)\))\s*,[^()]*\)")


# `filepath.Dir(filepath.Dir(file))`
NESTED = re.compile(r"\b(?:file)?path\.Dir\(\s*(?:file)?path\.Dir\(")
LITERALS = re.compile(rf"{SLASH_COMMENT}|{QUOTED}|`[^`]*`", re.DOTALL)


class GoReferences(PlainReferences):
    """How Go code names paths, as `migrate.engines.code_references.CodeReferences` asks for it."""

    literals = LITERALS

    def spans(self, text: str, path: str) -> Iterator[Span]:  # noqa: ARG002
        """The whole text without what the engine rewrites: directives as paths, all else as code."""
        linked = (found.span() for found in LINKNAME.finditer(text)) if "//go:linkname" in text else ()
        joined = joined_to_caller(text) if "runtime.Caller" in text else ()
        without = [*import_paths(text), *linked]
        return split_spans(text, [*directives(text), *joined], without=without, rest=Reading.CODE)

    def climbs(self, text: str) -> list[int]:
        """The calls of `filepath.Dir` inside each other, in a file that asks where it stands itself."""
        return [found.start() for found in NESTED.finditer(text)] if "runtime.Caller" in text else []

    def is_generated(self, text: str) -> bool:
        """Whether its first comment says so, as https://go.dev/s/generatedcode wants it."""
        return is_generated(text, end_of_blank(text, 0))


def directives(text: str) -> Iterator[Span]:
    """The words of `//go:generate` and `#cgo` that are paths, and the folders and files that `//go:embed` names."""
    for line in DIRECTIVE.finditer(text) if "//go:" in text or "#cgo" in text else ():
        reading, words = (Reading.LINK, EMBEDDED) if line[1] == "//go:embed" else (Reading.COMMAND, WORD)
        for word in words.finditer(text, *line.span(2)):
            yield Span(*word.span(1), reading)


def joined_to_caller(text: str) -> Iterator[Span]:
    """The calls of `filepath.Join` that start at the folder of this very file, as `runtime.Caller` names it."""
    files = {found[1] for found in CALLER.finditer(text)}
    folders = {found[1] for found in FOLDER_OF.finditer(text) if found[2] in files}
    for call in JOIN.finditer(text):
        if call[1] in folders or call[2] in files:
            yield Span(*call.span(), Reading.PATH)


def import_paths(text: str) -> Iterator[tuple[int, int]]:
    """Where the import paths of a file stand: all of them before any other declaration."""
    clause = PACKAGE.match(text, end_of_blank(text, 0))
    position = clause.end() if clause else len(text)
    if clause and clause[1]:
        yield clause.span(1)
    while found := IMPORT.match(text, end_of_blank(text, position)):
        yield from (piece.span(1) for piece in PIECE.finditer(text, *found.span()) if piece[1])
        position = found.end()


def end_of_blank(text: str, start: int) -> int:
    """Where the space and comments that begin at `start` end."""
    found = BLANK.match(text, start)
    return found.end() if found else start
