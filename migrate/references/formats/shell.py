"""Shell command lines: scripts, Makefile recipes, Dockerfiles. Some commands take paths and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from migrate.references.regions import Reading, Region, divided

ASSIGNED = re.compile(r"""^[ \t]*(?:export[ \t]+)?\w+[ \t]*[:?]?=[ \t]*["']?(\.\./?)["']?[ \t]*$""", re.MULTILINE)
WORD = r"""["']?(?P<path>[^\s"'`$;&|()\\]+)"""
COMMAND = re.compile(
    rf"(?:(?:^|[\s;&|(@])(?:cd|pushd|(?P<makes>mkdir)|rmdir|ls|rm|cp|mv|touch)(?:[ \t]+-[\w-]+)*|\s-C)[ \t]+{WORD}"
)
AFTER_CD = re.compile(r"""(?:^|[\s;&|(@])cd[ \t]+["']?([\w./-]+)["']?[ \t]*&&([^\n;)]*)""")
AFTER_WORD = re.compile(r"""(?:(?<=[\s"'=])|^)((?:\.{1,2}|[\w-][\w.-]*)/[^\s"'`=,:;()|&<>]+)""")
COPY = re.compile(r"^[ \t]*(?:COPY|ADD)[ \t]+((?:\\\r?\n|[^\n])+)", re.MULTILINE | re.IGNORECASE)
WORKDIR = re.compile(r"^[ \t]*WORKDIR[ \t]+(\S+)", re.MULTILINE | re.IGNORECASE)
IMAGE_TOP = re.compile(r"/[^/]*/?")
ARGUMENT = re.compile(r"""[^\s\[\]"',\\]+""")


def regions(text: str) -> Iterable[Region]:
    """The whole text, with the first argument of commands that take paths read as one."""
    return divided(text, commands(text))


def docker_regions(text: str) -> Iterable[Region]:
    """The same, with the sources and the destination of `COPY` and `ADD` read as paths."""
    return divided(text, [*commands(text), *(Region(*span, Reading.PATH) for span in copied(text))])


def commands(text: str) -> Iterator[Region]:
    """The arguments of commands that are paths: those of some commands, and all behind a change of the folder."""
    for found in AFTER_CD.finditer(text) if "&&" in text else ():
        for word in AFTER_WORD.finditer(text, *found.span(2)):
            yield Region(*word.span(1), Reading.LINK, found[1])
    for span in command_paths(text):
        yield Region(*span, Reading.PATH)


def command_paths(text: str) -> Iterator[tuple[int, int]]:
    """The arguments of commands that take paths, and the folder above where a variable is to hold it.

    A folder of one word that is made is none that the tree has.
    """
    for found in COMMAND.finditer(text):
        if not found["makes"] or "/" in found["path"].strip("/"):
            yield found.span("path")
    yield from (found.span(1) for found in ASSIGNED.finditer(text))


def copied(text: str) -> Iterator[tuple[int, int]]:
    """The sources and destinations of a Dockerfile's copies, and its working folders.

    A folder at the top of the image is no place of the repository.
    """
    for found in COPY.finditer(text):
        for argument in ARGUMENT.finditer(text, *found.span(1)):
            if not (argument[0].startswith("--") or IMAGE_TOP.fullmatch(argument[0])):
                yield argument.span()
    yield from (found.span(1) for found in WORKDIR.finditer(text) if not IMAGE_TOP.fullmatch(found[1]))
