"""Old names of modules in places that no format reserves: they are noted, and left to a person."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from posixpath import basename

from migrate.engines.notes import Remark
from migrate.engines.python.dotted import Dotted
from migrate.engines.python.header import import_statements, string_texts
from migrate.engines.python.import_targets import ImportTargets, stated_target
from migrate.engines.python.places import is_python_source
from migrate.engines.python.step import PythonStep
from migrate.engines.references.common.allowance import permit
from migrate.text import decode, encode
from migrate.tree.allowed import Allowed

_HISTORY = re.compile(r"(?:change|history|news|release)", re.IGNORECASE)
_NAME = re.compile(r"(?<![\w./-])[^\W\d]\w*(?:\.[^\W\d]\w*)+(?![\w/-])")


def unreserved_mentions(
    step: PythonStep, path: str, content: bytes, allowed: Sequence[Allowed] = ()
) -> Iterator[Remark]:
    """The lines of a file, after the step, that still use the old name of a module.

    `path` is the old path. In code only texts and comments are searched. Histories may use old names, and so may lines
    that the plan allows (`allowed`).
    """
    if _HISTORY.match(basename(path)):
        return
    leaves = {basename(place) for place in step.tops}
    named, now = Named(step, path), step.moves.resolve(path)
    for start, end in string_texts(content) if is_python_source(path) else [(0, len(content))]:
        text = decode(content[start:end])
        if not any(leaf in text for leaf in leaves):
            continue
        line = content.count(b"\n", 0, start) + 1
        code = dict(named.code(text)) if is_python_source(path) else {}
        for number, each in enumerate(text.split("\n")):
            if permit(now, each, allowed) is not None:
                continue
            where = f"{now}:{line + number}"
            if number in code:
                yield Remark(where, f"imports {code[number]} in code inside of a text", "places import in a text")
                continue
            for name in named.old_names(each, leaves):
                yield Remark(where, f"names {name} in a text", "places name old modules in a text")


_COMPUTED = re.compile(rb"\b(?:import_module|__import__|import_string)\([ \t]*(?![rRbBuUfF]{0,2}[\"'])(?P<name>[^\s)])")


def computed_imports(contents: Iterable[tuple[str, bytes]]) -> Iterator[Remark]:
    """The places at which files import a module whose name only a running program knows."""
    for path, content in contents:
        for match in _COMPUTED.finditer(content):
            if content[match.start() - 4 : match.start()] != b"def ":
                line = content.count(b"\n", 0, match.start()) + 1
                yield Remark(f"{path}:{line}", "imports by a name that is computed", "places import by computed names")


class Named:
    """The old names in one text of a file that have new names after a step."""

    def __init__(self, step: PythonStep, path: str) -> None:
        self._step = step
        self._now = step.moves.resolve(path)
        self._dotted = Dotted(step, path)
        self._wanted = ImportTargets(step, path)

    def old_names(self, line: str, leaves: Collection[str]) -> Iterator[str]:
        """The dotted names of modules that have a new name."""
        for match in _NAME.finditer(line):
            if not any(part in leaves for part in match[0].split(".")):
                continue
            found = self._dotted.module(match[0])
            if found is None or found.place not in self._step.moved or "." not in found.name:
                continue
            if (there := self._step.after.longest(match[0], self._now)) is None or there.name != found.name:
                yield found.name

    def code(self, text: str) -> Iterator[tuple[int, str]]:
        """The imports in the code of a text that would have to change: the lines, counted from 0, and the names."""
        inside = encode(text.lstrip("rRbBuUfF").lstrip("\"'"))
        for each in import_statements(inside.replace(b"\\n", b" \n")):
            if not each.level and self._wanted.of(each) != stated_target(each):
                yield inside.count(b"\n", 0, each.start), each.module or each.items[0].name
