"""Compiler directives that name packages or files: `//go:linkname`, `//go:embed`, and symbols in assembly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from migrate.engines.splice import Splice
from migrate.text import decode, encode

_LINKNAME = re.compile(rb"^//go:linkname[ \t]+[^\s]+[ \t]+([^\s]+)", re.MULTILINE)
_ESCAPE = re.compile(r"%([0-9a-fA-F]{2})")
_EMBED = re.compile(rb"^//go:embed[ \t]+([^\n\r]+)", re.MULTILINE)
_LETTER = rb"[\w.~-]|\xc2\xb7|[\xc3-\xdf][\x80-\xbf]"
_ASSEMBLY_SYMBOL = re.compile(rb"(?:" + _LETTER + rb")++(?:\xe2\x88\x95(?:" + _LETTER + rb")++)++(?=\(|<)")
_PATTERN = re.compile(r'"(?:[^"\\]|\\.)*"|`[^`]*`|[^\s"`]+')


class Symbol(NamedTuple):
    """A name in the package of an import path, which is written from `start` to `end`."""

    path: str
    name: str
    start: int
    end: int


def linknames(content: bytes) -> Iterator[Symbol]:
    """What each `//go:linkname local path.name` of a file means."""
    if b"//go:linkname" in content:
        for found in _LINKNAME.finditer(content):
            folder, slash, last = decode(found[1]).rpartition("/")
            base, dot, name = last.partition(".")
            if dot:
                written = folder + slash + base
                yield Symbol(_unescaped(written), name, found.start(1), found.start(1) + len(encode(written)))


def linkname_edits(content: bytes, new_path: Callable[[str, str], str | None]) -> Iterator[Splice]:
    """The edits of `//go:linkname local path.name`; `new_path` gives the new import path for a path and a name."""
    for symbol in linknames(content):
        new = new_path(symbol.path, symbol.name)
        if new is not None:
            yield Splice(symbol.start, symbol.end, encode(_escaped_path(new)))


def _escaped_path(import_path: str) -> str:
    """An import path as the linker writes it in symbols: no dot behind the last slash (cmd/internal/objabi)."""
    folder, slash, base = import_path.rpartition("/")
    return folder + slash + base.replace(".", "%2e")


def _unescaped(symbol: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), symbol)


def assembly_needle(import_path: str) -> str:
    """How assembly writes an import path: `·` for each dot, `∕` for each slash (go.dev/doc/asm)."""
    return import_path.replace(".", "·").replace("/", "∕")


def assembly_symbols(content: bytes) -> Iterator[Symbol]:
    """The symbols of an assembly file that name a package, such as `example·com∕m∕a·Func`."""
    for found in _ASSEMBLY_SYMBOL.finditer(content):
        folder, _, last = decode(found[0]).rpartition("∕")
        base, _, name = last.partition("·")
        written = f"{folder}∕{base}"
        path = written.replace("·", ".").replace("∕", "/")
        yield Symbol(path, name, found.start(), found.start() + len(encode(written)))


def assembly_edits(content: bytes, new_paths: Mapping[str, str]) -> Iterator[Splice]:
    """The edits of symbols such as `example·com∕m∕a·Func` in an assembly file."""
    for old, new in new_paths.items():
        symbol = re.compile(rb"(?<![\w\xc2\xe2\x80-\xff])" + re.escape(encode(assembly_needle(old))) + b"(?=\xc2\xb7)")
        for found in symbol.finditer(content):
            yield Splice(found.start(), found.end(), encode(assembly_needle(new)))


def embed_patterns(content: bytes) -> Iterator[tuple[int, str]]:
    """The offset and text of every `//go:embed` pattern of a file, without quotes and `all:`."""
    if b"//go:embed" in content:
        for found in _EMBED.finditer(content):
            for pattern in _PATTERN.finditer(decode(found[1])):
                yield found.start(), pattern[0].strip('"`').removeprefix("all:")


def embed_regex(pattern: str) -> re.Pattern[str]:
    """The expression for a pattern below the package's folder: path.Match, and everything in matching folders."""
    out = []
    for piece in re.findall(r"\*|\?|\[\^?[^\]]+\]|\\.|.", pattern, re.DOTALL):
        if piece in "*?":
            out.append("[^/]*" if piece == "*" else "[^/]")
        elif piece.startswith("[") and len(piece) > 1:
            out.append(piece)
        else:
            out.append(re.escape(piece.removeprefix("\\") or "\\"))
    return re.compile(".*" if pattern == "." else "".join(out) + "(?:/.*)?", re.DOTALL)
