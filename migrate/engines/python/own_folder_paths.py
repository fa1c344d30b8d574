"""Rewrites paths that Python code builds from the folder of its own file: `Path(__file__).parents[2] / "web"`.

https://docs.python.org/3/library/pathlib.html#pathlib.PurePath.parents. Such a chain says exactly where it leads, so
both the number of parents and the names after them are rewritten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import relpath

from migrate.engines.code_references import CodeFile, MovedTree
from migrate.engines.references.common.edits import ReferenceEdit
from migrate.engines.references.common.lexers import HASHES
from migrate.git.paths import folder_of

SAME = r"(?:\.resolve\(\)|\.absolute\(\))*"
CLIMB = rf"(?:{SAME}(?:\.parent\b|\.parents\[\d+\]))+{SAME}"
SEGMENTS = r"(?:\s*/\s*[\"'][\w./-]+[\"'])*"
CHAIN = re.compile(rf"Path\(__file__\)(?P<climb>{CLIMB})(?P<rest>{SEGMENTS})")
NAMED = re.compile(
    rf"^(?P<name>\w+)(?:\s*:\s*[\w.]+)?\s*=\s*\(?\s*Path\(__file__\)(?P<climb>{CLIMB})(?P<rest>{SEGMENTS})\)?"
    r"[ \t]*(?:#.*)?$",
    re.MULTILINE,
)
STEP = re.compile(r"\.parents\[(\d+)\]|\.parent\b")
SEGMENT = re.compile(r"[\"']([\w./-]+)[\"']")


@dataclass(frozen=True)
class PythonPath:
    """The folder or file that a chain names, before and now."""

    old: str
    new: str


def python_edits(file: CodeFile, tree: MovedTree) -> Iterator[ReferenceEdit]:
    """The edits of the chains in a file, and of paths that begin with a variable that holds one."""
    if "__file__" not in file.text:
        return
    texts = [found.span() for found in HASHES.finditer(file.text)]
    for chain in CHAIN.finditer(file.text):
        if any(start <= chain.start() < end for start, end in texts):
            continue
        place = python_path_at(file, tree, height(chain["climb"]), segments(chain["rest"]))
        if place is not None:
            yield from chain_edits(chain, file, place)
    for named in NAMED.finditer(file.text):
        if any(start <= named.start() < end for start, end in texts):
            continue
        top = python_path_at(file, tree, height(named["climb"]), segments(named["rest"]))
        if top is not None:
            yield from variable_edits(named["name"], file, top, tree)


def height(climb: str) -> int:
    """How many folders a chain goes up from the file."""
    return sum(int(step[1]) + 1 if step[1] else 1 for step in STEP.finditer(climb))


def segments(rest: str) -> list[str]:
    """The names after the parents, one for each component."""
    return [part for found in SEGMENT.finditer(rest) for part in found[1].split("/")]


def python_path_at(file: CodeFile, tree: MovedTree, climbed: int, named: list[str]) -> PythonPath | None:
    """Where a chain leads; None when that is outside the repository, or does not exist."""
    folders = file.old.split("/")[:-1]
    if climbed - 1 > len(folders):
        return None
    old = "/".join([*folders[: len(folders) - climbed + 1], *named])
    if not tree.existed(old) and tree.destination(old) is None:
        return None
    return PythonPath(old, tree.destination(old) or old)


def chain_edits(chain: re.Match[str], file: CodeFile, place: PythonPath) -> Iterator[ReferenceEdit]:
    """The edits that make a chain lead to the new place."""
    parts = relpath(place.new or ".", folder_of(file.new) or ".").split("/")
    ups = parts.count("..")
    named = [part for part in parts[ups:] if part != "."]
    if ups + 1 != height(chain["climb"]):
        steps = list(STEP.finditer(chain["climb"]))
        first, last = chain.start("climb") + steps[0].start(), chain.start("climb") + steps[-1].end()
        yield ReferenceEdit(
            first, last, f".parents[{ups}]" if "parents" in chain["climb"] else ".parent" * (ups + 1), place.old
        )
    if named != segments(chain["rest"]):
        yield from segment_edits(file, chain.span("rest"), named, place.old)


def variable_edits(name: str, file: CodeFile, top: PythonPath, tree: MovedTree) -> Iterator[ReferenceEdit]:
    """The edits of paths that begin with a variable that holds a folder."""
    for found in re.finditer(rf"\b{name}(?P<rest>(?:\s*/\s*[\"'][\w./-]+[\"'])+)", file.text):
        old = "/".join(part for part in [top.old, *segments(found["rest"])] if part)
        new = tree.destination(old)
        if new is not None:
            named = relpath(new, top.new or ".").split("/")
            if ".." not in named:
                yield from segment_edits(file, found.span("rest"), named, old)


def segment_edits(file: CodeFile, span: tuple[int, int], named: list[str], old: str) -> Iterator[ReferenceEdit]:
    """The edit that rewrites the names after the parents, in the style of quotes and slashes that they have."""
    written = list(SEGMENT.finditer(file.text, *span))
    if not written or not named:
        return
    quote = written[0][0][0]
    together = any("/" in found[1] for found in written)
    literals = ["/".join(named)] if together else named
    yield ReferenceEdit(
        written[0].start(), written[-1].end(), " / ".join(f"{quote}{text}{quote}" for text in literals), old
    )
