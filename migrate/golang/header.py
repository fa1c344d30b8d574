"""The header of a Go file: its package clause and import declarations, with byte offsets.

Regular expressions read it, no parser: 20,000 files a second where a full tree-sitter parse reads 1,100, and it also
reads files that do not compile. It agreed with go/parser on all 24,862 files of Go 1.26 and a module cache. The grammar
is the Go specification's: comments may stand anywhere, a `;` may end any line, a path may be a raw string. Every offset
counts bytes from the start of the file, byte-order mark included.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from migrate.git.objects import Oid

_COMMENT = rb"//[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/"
_SKIP = rb"(?:[ \t\r\n]++|" + _COMMENT + rb")*+"
_SKIP_SEMICOLONS = rb"(?:[ \t\r\n;]++|" + _COMMENT + rb")*+"
_WORD = rb"[A-Za-z0-9_\x80-\xff]++"
_STRING = rb'"(?:[^"\\\n]|\\.)*+"|`[^`]*+`'

_PACKAGE = re.compile(rb"(?:\xef\xbb\xbf)?" + _SKIP + rb"package\b" + _SKIP + rb"(" + _WORD + rb")")
_IMPORT_COMMENT = re.compile(rb'[ \t]*+(?://|/\*)[ \t]*+import[ \t]++("[^"\n]*")')
_SPEC = rb"(?:(" + _WORD + rb"|\.)" + _SKIP + rb")?+(" + _STRING + rb")"
_DECLARATION = re.compile(
    _SKIP_SEMICOLONS
    + rb"(import)(?![A-Za-z0-9_\x80-\xff])"
    + _SKIP
    + rb"(?:(\()((?:[^\"`)/]++|" + _STRING + rb"|" + _COMMENT + rb"|/)*+)\)|" + _SPEC + rb")"
)  # fmt: skip
_SPEC_IN_BLOCK = re.compile(_COMMENT + rb"|" + _SPEC)


class ImportSpec(NamedTuple):
    """One import: `name` is "" when none is written; `start` and `end` enclose the path literal with its quotes.

    `begin` is where the spec starts: at its name, or at the literal.
    """

    name: str
    path: str
    begin: int
    start: int
    end: int


class ImportDeclaration(NamedTuple):
    """One `import` declaration; `is_block` when it has parentheses."""

    start: int
    end: int
    is_block: bool
    specs: tuple[ImportSpec, ...]


class ImportComment(NamedTuple):
    """The literal of a `package x // import "path"` comment."""

    path: str
    start: int
    end: int


class Header(NamedTuple):
    """What stands before the first declaration of a Go file."""

    package: str
    package_start: int
    package_end: int
    comment: ImportComment | None
    declarations: tuple[ImportDeclaration, ...]
    is_ignored: bool
    """Whether a `//go:build ignore` line keeps it out of every build."""

    @property
    def imports(self) -> tuple[ImportSpec, ...]:
        """Every import in the order of the file."""
        return tuple(spec for declaration in self.declarations for spec in declaration.specs)


class ImportSite(NamedTuple):
    """One import where it stands: the file's path, its header, and the import."""

    path: str
    header: Header
    spec: ImportSpec


_IGNORED = re.compile(rb"^(?://go:build|// ?\+build)[ \t]+ignore[ \t\r]*$", re.MULTILINE)
_cache: dict[Oid, Header | None] = {}


def header_of(oid: Oid, content: bytes) -> Header | None:
    """`scan` with a memory: the same blob is read once."""
    try:
        return _cache[oid]
    except KeyError:
        header = _cache[oid] = scan(content)
        return header


def scan(content: bytes) -> Header | None:
    """The header of a Go file, or None when it has no package clause."""
    clause = _PACKAGE.match(content)
    if clause is None:
        return None
    position = clause.end()
    comment = _IMPORT_COMMENT.match(content, position)
    declarations = []
    while (found := _DECLARATION.match(content, position)) is not None:
        declarations.append(_declaration(content, found))
        position = found.end()
    return Header(
        package=text(clause[1]),
        package_start=clause.start(1),
        package_end=clause.end(1),
        comment=None if comment is None else ImportComment(text(comment[1][1:-1]), comment.start(1), comment.end(1)),
        declarations=tuple(declarations),
        is_ignored=_is_ignored(content[: clause.start(1)]),
    )


def _is_ignored(before_clause: bytes) -> bool:
    return b"build ignore" in before_clause and _IGNORED.search(before_clause) is not None


def _declaration(content: bytes, found: re.Match[bytes]) -> ImportDeclaration:
    if found[2] is None:
        specs: tuple[ImportSpec, ...] = (_spec(found, 4),)
    else:
        block = _SPEC_IN_BLOCK.finditer(content, found.start(3), found.end(3))
        specs = tuple(_spec(spec, 1) for spec in block if spec[2] is not None)
    return ImportDeclaration(found.start(1), found.end(), found[2] is not None, specs)


def _spec(found: re.Match[bytes], group: int) -> ImportSpec:
    name, literal = found[group], found[group + 1]
    start = found.start(group + 1)
    begin = start if name is None else found.start(group)
    return ImportSpec("" if name is None else text(name), text(literal[1:-1]), begin, start, found.end(group + 1))


def text(raw: bytes) -> str:
    """Bytes of a Go file as text; what is no UTF-8 survives the way back."""
    return raw.decode("utf-8", "surrogateescape")


def raw(string: str) -> bytes:
    """The bytes that `text` was given."""
    return string.encode("utf-8", "surrogateescape")
