"""References put back to old paths, one at a time: the places of a migrated tree where that can be done.

Chosen without the rewriting and without the proof: wherever a new path is spelled, whole or relatively, the old one is
put in its place. What is written so names nothing any more.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from posixpath import commonprefix, dirname, join, normpath, relpath, splitext

from migrate.engines.golang.checking.verify import stale_imports
from migrate.engines.old_paths import OldPaths
from migrate.engines.references.verify.past import old_paths_of
from migrate.engines.references.verify.proof import Proof
from migrate.engines.references.verify.records import StaleVerdict
from migrate.engines.references.verify.stale import stale_in_text
from migrate.tree.allowed import Allowed
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay

RELATIVE = re.compile(r"(?<![\w./@-])\.{1,2}(?:/[\w.-]+)+")
TARGET = re.compile(r"\]\(([\w-][\w./-]*)")
BEHIND = re.compile(r"(?:^|[^\w./@~%+$-])(?:\./|/)?$|[)}>]/$|\$\w+/$|/(?:main|master|HEAD)/$")
WORD_END, WORD_START = re.compile(r"[\w./@-]*$"), re.compile(r"[\w./@-]*")
IMPORTED = re.compile(r"""^(?:[\w.]+[ \t]+)?["`]|["`].*$""")
LISTED = (StaleVerdict.STALE, StaleVerdict.GENERATED, StaleVerdict.ALLOWED)


@dataclass(frozen=True)
class Mutation:
    """One place of a file where an old path can stand instead of the new one."""

    path: str
    start: int
    end: int
    old: str

    def applied(self, text: str) -> str:
        """The text with the old path in it."""
        return text[: self.start] + self.old + text[self.end :]


@dataclass
class Measured:
    """What became of some mutations."""

    found: list[Mutation] = field(default_factory=list)
    doubtful: list[Mutation] = field(default_factory=list)
    missed: list[tuple[Mutation, str]] = field(default_factory=list)
    """Each with its line."""

    @property
    def total(self) -> int:
        """How many there were."""
        return len(self.found) + len(self.doubtful) + len(self.missed)


def readable(overlay: Overlay) -> Iterator[tuple[str, str]]:
    """The text files of a tree."""
    for path, entry in sorted(overlay.entries.items()):
        content = overlay.content(entry.oid) if entry.is_text_candidate else b"\0"
        if b"\0" not in content and "vendor/" not in f"/{path}" and "node_modules/" not in path:
            yield path, content.decode("utf-8", "surrogateescape")


def mutations(overlay: Overlay, moves: MoveMap, import_path: str = "") -> list[Mutation]:
    """Every place where an old path can be put back, in files that name none now."""
    past = old_paths_of(overlay, moves)
    before = overlay.anchored
    gone = {old: new for old, new in moves if not past.exists(old) and old != new}
    found: dict[tuple[str, int], Mutation] = {}
    for path, text in readable(overlay):
        was = before.get(past.moved.get(path, path))
        old = overlay.content(was.oid).decode("utf-8", "surrogateescape") if was and was.is_text_candidate else text
        own: tuple[Mutation, ...] = (
            *reverted(path, text, old),
            *spelled(path, text, gone, import_path),
            *relative(path, text, past),
        )
        for mutation in own:
            named = IMPORTED.sub("", mutation.old).removeprefix(f"{import_path}/")
            if not past.exists(named):
                found.setdefault((mutation.path, mutation.start), mutation)
    return list(found.values())


def reverted(path: str, text: str, old: str) -> Iterator[Mutation]:
    """The lines that say a path otherwise than before: what they said comes back."""
    lines, olds = text.split("\n"), old.split("\n")
    start = 0
    for line, was in zip(lines, olds, strict=False) if len(lines) == len(olds) else ():
        if line != was and (said := changed(line, was)) is not None:
            begin, end, written = said
            yield Mutation(path, start + begin, start + end, written)
        start += len(line) + 1


def changed(line: str, was: str) -> tuple[int, int, str] | None:
    """Where a line differs from what it was, by whole words of paths; None when that was no path."""
    begin = len(commonprefix([line, was]))
    begin -= len(WORD_END.search(line[:begin])[0])  # type: ignore[index]
    same = len(commonprefix([line[begin:][::-1], was[begin:][::-1]]))
    same -= len(WORD_START.match(line[len(line) - same :])[0])  # type: ignore[index]
    written = was[begin : len(was) - same]
    return (begin, len(line) - same, written) if "/" in written or "\\" in written else None


def spelled(path: str, text: str, gone: dict[str, str], import_path: str) -> Iterator[Mutation]:
    """Where new paths of several names are spelled from the top."""
    for old, new in sorted(gone.items(), key=lambda pair: -len(pair[1])):
        for match in re.finditer(rf"{re.escape(new)}(?![\w-]|\.\w*-)", text) if "/" in new and "/" in old else ():
            before = text[max(0, match.start() - 200) : match.start()].rpartition("\n")[2]
            if BEHIND.search(before) or (import_path and before.endswith(f"{import_path}/")):
                yield Mutation(path, *match.span(), old)


def relative(path: str, text: str, past: OldPaths) -> Iterator[Mutation]:
    """Where relative paths name what moved, or stand in what moved itself."""
    for regex in (RELATIVE, *((TARGET,) if path.endswith(".md") else ())):
        for match in regex.finditer(text):
            group = match.lastindex or 0
            target = normpath(join(dirname(path), match[group]))
            if past.exists(target):
                old = past.origins.resolve(target)
                written = relpath(old, dirname(path) or ".")
                if old != target and written != match[group]:
                    yield Mutation(path, *match.span(group), written)


def measure(overlay: Overlay, moves: MoveMap, chosen: Sequence[Mutation], allowed: Sequence[Allowed] = ()) -> Measured:
    """What the proof finds of some mutations. A file that may keep old paths is listed with its reason."""
    proof = Proof(old_paths_of(overlay, moves))
    searched = set(proof.searched())
    measured = Measured()
    for mutation in chosen:
        text = overlay.content(overlay.entries[mutation.path].oid).decode("utf-8", "surrogateescape")
        mutated = mutation.applied(text)
        line = mutated.count("\n", 0, mutation.start) + 1
        seen = mutation.path in searched or any(needle in mutated for needle in proof.needles())
        items = (
            [item for item in stale_in_text(mutation.path, mutated, proof, allowed) if item.line == line]
            if seen
            else []
        )
        if any(item.verdict in LISTED for item in items) or is_gone_import(
            overlay, moves, mutation.path, mutated, line
        ):
            measured.found.append(mutation)
        elif items:
            measured.doubtful.append(mutation)
        else:
            measured.missed.append((mutation, mutated.split("\n")[line - 1].strip()))
    return measured


def is_gone_import(overlay: Overlay, moves: MoveMap, path: str, text: str, line: int) -> bool:
    """Whether `verify` finds that a line imports a folder which holds no package any more, as it asks of all Go
    code."""
    if not path.endswith(".go"):
        return False
    seen = overlay.next()
    seen.put(path, text.encode("utf-8", "surrogateescape"))
    return any((wrong.path, wrong.line) == (path, line) for wrong in stale_imports(seen, moves))


def sample(found: Sequence[Mutation], count: int, seed: int) -> list[Mutation]:
    """Some of the mutations, with replacement when there are fewer than asked for."""
    if not found:
        return []
    chooser = random.Random(seed)
    return chooser.sample(list(found), count) if count <= len(found) else chooser.choices(found, k=count)


def kind(path: str) -> str:
    """The kind of a file: the end of its name, or its name."""
    return splitext(path)[1] or path.rpartition("/")[2]
