"""Reads a `go.mod` line by line, and changes its requirements without touching other lines.

The grammar is that of https://go.dev/ref/mod#go-mod-file-grammar: one directive a line, or a block of lines with the
same verb. The result stays formatted if `go mod edit -fmt` would not have changed the file before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from migrate.git.paths import folder_of

OLDEST = "1.16"
"""The Go version of a `go.mod` without a `go` line."""

_LINE = re.compile(r"[^\n]*\n?")
_TOKEN = re.compile(r'"[^"\n]*"|`[^`\n]*`|//[^\n]*|=>|[()]|(?:(?!//)[^\s"`()])+')
_INDIRECT = re.compile(r"//[ \t]*indirect(?:[ \t]*;[ \t]*|[ \t]*$)")


class GoModWord(NamedTuple):
    """One word without its quotes; `start` and `end` count characters of the file."""

    text: str
    start: int
    end: int


class GoModLine(NamedTuple):
    """One directive, alone or in a block: its words without the verb, and the comment after it.

    `start` and `end` enclose the text of the line. `opened` is where the first line of its block ends, `block` where
    the last one does; both are None outside blocks.
    """

    verb: str
    words: tuple[GoModWord, ...]
    comment: GoModWord | None
    start: int
    end: int
    opened: int | None
    block: int | None


class Requirement(NamedTuple):
    """One line of `require`."""

    path: str
    version: str
    indirect: bool


class GoModReplacement(NamedTuple):
    """One line of `replace`; `version` is "" when every version is replaced, `target` is everything after `=>`."""

    path: str
    version: str
    target: str


@dataclass(frozen=True)
class Manifest:
    """One `go.mod` that has been read."""

    source: str

    @cached_property
    def lines(self) -> Sequence[GoModLine]:
        """Every directive in the order of the file."""
        return _with_block_ends(list(_scan_lines(self.source)))

    @cached_property
    def go(self) -> str:
        """The version of its `go` line."""
        return next((line.words[0].text for line in self.lines if line.verb == "go" and line.words), OLDEST)

    @cached_property
    def requirements(self) -> Mapping[str, Requirement]:
        """What it requires, by module path."""
        return {line.words[0].text: _requirement(line) for line in self._required}

    @cached_property
    def replacements(self) -> Mapping[str, GoModReplacement]:
        """What it replaces, by module path."""
        found = {}
        for line in self.lines:
            texts = [word.text for word in line.words]
            if line.verb == "replace" and "=>" in texts[1:3]:
                arrow = texts.index("=>")
                found[texts[0]] = GoModReplacement(texts[0], "".join(texts[1:arrow]), " ".join(texts[arrow + 1 :]))
        return found

    def owner(self, import_path: str) -> Requirement | None:
        """The requirement for an import path: the one with the longest matching prefix."""
        while import_path:
            if import_path in self.requirements:
                return self.requirements[import_path]
            import_path = folder_of(import_path)
        return None

    def requiring(self, wanted: Requirement) -> Manifest:
        """This file with one requirement added, or brought to another version.

        An existing requirement loses its `// indirect` when `wanted` is direct, and never gains one.
        """
        present = next((line for line in self._required if line.words[0].text == wanted.path), None)
        if present is None:
            return Manifest(_requirement_line(self, wanted))
        source = self.source
        if present.comment is not None and not wanted.indirect:
            kept = _INDIRECT.sub("// ", present.comment.text)
            kept = "" if kept == "// " else kept
            start = present.comment.start if kept else present.words[-1].end
            source = source[:start] + kept + source[present.comment.end :]
        version = present.words[1]
        return Manifest(source[: version.start] + wanted.version + source[version.end :])

    @cached_property
    def _required(self) -> Sequence[GoModLine]:
        return [line for line in self.lines if line.verb == "require" and len(line.words) == 2]


def _scan_lines(source: str) -> Iterator[GoModLine]:
    """The directives, and the `)` of each block; where a block ends is not known yet while its lines are read."""
    verb, opened = "", None
    for text in _LINE.finditer(source):
        tokens = [GoModWord(found[0], found.start(), found.end()) for found in _TOKEN.finditer(source, *text.span())]
        comment = tokens.pop() if tokens and tokens[-1].text.startswith("//") else None
        if not tokens or [token.text for token in tokens[-2:]] == ["(", ")"]:
            continue
        end = text.start() + len(text[0].rstrip())
        if tokens[0].text == ")":
            yield GoModLine(")", (), comment, text.start(), end, opened, None)
            verb, opened = "", None
        elif opened is None and tokens[-1].text == "(":
            verb, opened = tokens[0].text, text.start() + len(text[0].rstrip("\r\n"))
        else:
            first = 0 if opened is not None else 1
            words = tuple(GoModWord(_unquoted(word.text), word.start, word.end) for word in tokens[first:])
            if comment is not None:
                comment = GoModWord(comment.text.rstrip(), comment.start, comment.start + len(comment.text.rstrip()))
            yield GoModLine(verb or tokens[0].text, words, comment, text.start(), end, opened, None)


def _with_block_ends(lines: list[GoModLine]) -> list[GoModLine]:
    ends = {line.opened: line.end for line in lines if line.verb == ")"}
    return [line._replace(block=ends.get(line.opened)) for line in lines if line.verb != ")"]


def _unquoted(token: str) -> str:
    return token[1:-1] if token[:1] in ('"', "`") else token


def _requirement(line: GoModLine) -> Requirement:
    indirect = line.comment is not None and _INDIRECT.match(line.comment.text) is not None
    return Requirement(line.words[0].text, line.words[1].text, indirect)


def _requirement_line(manifest: Manifest, wanted: Requirement) -> str:
    source = manifest.source
    newline = "\r\n" if "\r\n" in source else "\n"
    written = f"{wanted.path} {wanted.version}" + (" // indirect" if wanted.indirect else "")
    group = _group_for(manifest, wanted)
    if group is None:
        return _with_statement(manifest, f"require {written}", newline)
    if group[0].opened is not None:
        before = [line for line in group if line.words[0].text < wanted.path]
        place = before[-1].end if before else group[0].opened
        return f"{source[:place]}{newline}\t{written}{source[place:]}"
    alone = group[0]
    old = source[alone.words[0].start : alone.end]
    both = [old, written] if alone.words[0].text < wanted.path else [written, old]
    block = newline.join(["require (", *(f"\t{line}" for line in both), ")"])
    return source[: alone.start] + block + source[alone.end :]


def _group_for(manifest: Manifest, wanted: Requirement) -> list[GoModLine] | None:
    """The block (or the single line) that a requirement belongs to: the last of its kind, else one of both kinds."""
    groups: dict[int, list[GoModLine]] = {}
    for line in manifest.lines:
        if line.verb == "require" and len(line.words) == 2:
            groups.setdefault(line.start if line.opened is None else line.opened, []).append(line)
    kinds = {key: {_requirement(line).indirect for line in group} for key, group in groups.items()}
    same = [groups[key] for key, kind in kinds.items() if kind == {wanted.indirect}]
    mixed = [groups[key] for key, kind in kinds.items() if len(kind) == 2]
    found = same or mixed
    return found[-1] if found else None


def _with_statement(manifest: Manifest, statement: str, newline: str) -> str:
    """The file with one more statement, after the last `require`, else after the first lines of every `go.mod`."""
    source = manifest.source
    ends: dict[bool, list[int]] = {True: [], False: []}
    for line in manifest.lines:
        if line.verb in ("require", "module", "go", "toolchain"):
            ends[line.verb == "require"].append(line.end if line.block is None else line.block)
    place = max(ends[True] or ends[False])
    rest = source[place:]
    follows = rest.lstrip("\r\n")
    gap = newline if follows and len(rest) - len(follows) == len(newline) else ""
    return source[:place] + newline * 2 + statement + gap + (rest or newline)
