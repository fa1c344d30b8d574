"""What a Dockerfile copies from the context of its build."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress

from migrate.tree.wildmatch import below_pattern, wildmatch_regex

INSTRUCTION = re.compile(r"^[ \t]*(?:COPY|ADD)[ \t]+((?:\\\r?\n|[^\n])+)", re.MULTILINE | re.IGNORECASE)
COMMENT = re.compile(r"^[ \t]*#[^\n]*\n", re.MULTILINE)
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*://|git@|<<|\$")
"""A source outside the context, or known only when the build runs."""


def is_dockerfile_name(name: str) -> bool:
    """Whether a file of this name builds an image."""
    return name.startswith(("Dockerfile", "Containerfile")) or name.lower().endswith((".dockerfile", ".containerfile"))


def dockerfile_copies(text: str, folder: str, exists: Callable[[str], bool]) -> Iterator[Callable[[str], str]]:
    """A function that says whether a Dockerfile in a folder copies a path; none if it copies nothing from its context.

    https://docs.docker.com/reference/dockerfile/#copy. The context is not written there: it is the top of the
    repository or the Dockerfile's own folder, whichever has more of what is copied.
    """
    wanted = [source for source in dockerfile_sources(text) if not ELSEWHERE.match(source)]
    if not wanted:
        return
    context = max(("", folder), key=lambda place: sum(exists(join_lines(place, source)) for source in wanted))
    paths = [join_lines(context, source) for source in wanted]
    pattern = below_pattern("|".join(map(wildmatch_regex, paths)))

    def says(path: str) -> str:
        is_copied = "" in paths or pattern.fullmatch(path)
        return "copied" if is_copied else "not copied"

    yield says


def dockerfile_sources(text: str) -> Iterator[str]:
    """The sources that a Dockerfile copies from its context, not from another stage."""
    for found in INSTRUCTION.finditer(COMMENT.sub("", text)):
        words = instruction_arguments(re.sub(r"\\\r?\n", " ", found[1]))
        if not any(word.startswith("--from") for word in words):
            yield from [word for word in words if not word.startswith("--")][:-1]


def instruction_arguments(line: str) -> Sequence[str]:
    """The words of an instruction, even if they are written as a JSON list."""
    options = re.match(r"(?:--\S+\s+)*", line)
    rest = line[options.end() :] if options else line
    if rest.startswith("["):
        with suppress(ValueError):
            return [*line[: len(line) - len(rest)].split(), *map(str, json.loads(rest))]
    return [word.strip("\"'") for word in line.split()]


def join_lines(folder: str, source: str) -> str:
    """A source as a path from the top; empty for the whole context at the top."""
    inside = source.removeprefix("./").strip("/")
    return f"{folder}/{inside}".strip("/") if inside not in ("", ".") else folder
