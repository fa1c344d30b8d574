"""Which templates of a plan a phase may render: those that it names, and what these include."""

from __future__ import annotations

import re
from collections.abc import Collection

from migrate.plan.dependencies.names import FileNames
from migrate.templating.beside import PHASE_FILE, FilesBeside
from migrate.templating.resources import DESCRIPTION_TEMPLATES, shipped

TAG = re.compile(r"\{%[-+]?\s*(extends|include|import|from)\b(.*?)[-+]?%\}", re.DOTALL)
TEXT = re.compile(r"\"([^\"]*)\"|'([^']*)'")
WORDS = re.compile(r"\b(?:ignore|missing|with|without|context)\b|[\s()\[\],]")
"""Words that may stand in a tag beside names that are written out."""


class Templates:
    """The templates of a plan, above those that ship with the program."""

    def __init__(self, own: FilesBeside) -> None:
        self._own = own
        self._shipped = FilesBeside(shipped("templates"))
        self._names = FileNames({*own.files, *self._shipped.files})

    def rendered(self, texts: Collection[str], *, unknown: bool) -> set[str]:
        """The plan's own templates that a phase with these texts renders; all of them when that is `unknown`.

        Templates that ship with the program do not count: a new version of it makes no phase stale.
        """
        found: set[str] = set()
        waiting = self._names.written_out(texts)
        while waiting:
            name = waiting.pop()
            found.add(name)
            included, is_clear = included_by(self._source(name))
            unknown = unknown or not is_clear
            waiting |= included - found
        found &= set(self._own.files)
        return found | self._all() if unknown else found

    def _source(self, name: str) -> str:
        place = self._own if self._own.is_file(name) else self._shipped
        return place.content(name).text

    def _all(self) -> set[str]:
        """Every template except those of descriptions, because these do not change what a phase does."""
        if self._own.is_repository:
            return set()
        return {name for name in self._own.files if not is_no_template(name.rpartition("/")[2])}


def is_no_template(name: str) -> bool:
    """Whether a file is the template of a description, or a phase in the same folder."""
    return name in DESCRIPTION_TEMPLATES or PHASE_FILE.fullmatch(name) is not None


def included_by(source: str) -> tuple[set[str], bool]:
    """The templates that a template names in its tags, and whether all of these names are written out."""
    names: set[str] = set()
    is_clear = True
    for tag, rest in TAG.findall(source):
        wanted = re.split(r"\bas\b" if tag == "import" else r"\bimport\b", rest)[0] if tag != "include" else rest
        written = [one or other for one, other in TEXT.findall(wanted)]
        names.update(written)
        is_clear = is_clear and bool(written) and not WORDS.sub("", TEXT.sub("", wanted))
    return names, is_clear
