"""The hash of everything that decides what a phase does.

A phase is made from its own module, the modules that it imports, directly or through others, and the files and
templates that it names. When it computes names, everything that might be meant counts: running a phase again for
nothing costs time, but not running it again although its codemod changed is wrong.
"""

from __future__ import annotations

import ast
import hashlib
import os
import re
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from migrate import limits
from migrate.errors import PlanError
from migrate.plan.dependencies.former import former_digest, former_shared
from migrate.plan.dependencies.modules import PythonModules
from migrate.plan.dependencies.names import FileNames
from migrate.plan.dependencies.syntax import Facts, facts_of
from migrate.plan.dependencies.templates import Templates
from migrate.templating.beside import FilesBeside

if TYPE_CHECKING:
    from hashlib import _Hash as Hash

PYTHON = re.compile(r"(?:^|\*)\.py$")
"""Matches a text that selects Python files: `.py` or `*.py`."""
VERSION = b"2"
"""The version of the hash. When it changes, the present one becomes a former one."""
ADVICE = "move what no phase uses to another folder"


class Digests(NamedTuple):
    """The hash of a phase, and the hashes that older versions of the program gave it."""

    digest: str
    former: tuple[str, ...]


class PhaseFolder:
    """The folder of a plan's phases, with everything that may decide what they do.

    `plan` is the plan's own file. It does not count itself; only `mode` does, the settings that change what phases do.
    """

    def __init__(
        self, folder: Path, *, plan: Path | None = None, templates: Path | None = None, mode: bytes = b""
    ) -> None:
        self._folder = folder
        self._templates_folder = templates
        self._mode = mode
        own = {plan.parent.resolve() / plan.name} if plan is not None else set()
        self._beside = FilesBeside(folder, own | ({templates} if templates is not None else set()))
        self._modules = PythonModules(self._beside)
        self._template_files = FilesBeside(templates, own) if templates is not None else None

    def digests(self, path: Path, label: str, raw: bytes, module: ast.Module) -> Digests:
        """The hashes of a phase. Raises `PlanError` when it may be made from more files than can be read."""
        total = hashlib.sha256(VERSION + b"\0" + self._mode + b"\0" + hashlib.sha256(raw).digest())
        files, facts = self._used(path.name, label, facts_of(module))
        add_fact(total, b"file", self._beside, files)
        if self._template_files is not None and self._templates is not None:
            names = self._templates.rendered(facts.texts, unknown=facts.may_render_any_template)
            if names:
                check_listed(label, self._template_files)
            check_size(label, self._template_files, names)
            add_fact(total, b"template", self._template_files, names)
        former = () if self._former is None else (former_digest(self._former + self._mode, raw),)
        return Digests(total.hexdigest()[:16], former)

    def _used(self, own: str, label: str, facts: Facts) -> tuple[set[str], Facts]:
        """The files beside the phases that a phase is made from, and the facts of all of them together."""
        total = Facts()
        total.add(facts)
        found: set[str] = set()
        wanted = self._modules.loaded(facts, ())
        while new := (wanted | self._any(label, total)) - found - {own}:
            found |= new
            check_size(label, self._beside, found)
            for name in new:
                if name.endswith(".py"):
                    facts = self._modules.facts(name)
                    total.add(facts)
                    wanted |= self._modules.loaded(facts, tuple(name.split("/")[:-1]))
                else:
                    wanted |= self._names.in_file(self._beside.content(name).text)
        return found, total

    def _any(self, label: str, facts: Facts) -> set[str]:
        """The files that may be used by names that are written out, and by names that are computed."""
        reaches = facts.reaches or facts.locates
        found = self._names.meant(facts.texts) if reaches else self._names.written_out(facts.texts)
        if facts.imports_unknown or (facts.may_use_any_file and any(PYTHON.search(text) for text in facts.texts)):
            found |= self._modules.all()
        if facts.may_use_any_file and not self._beside.is_repository:
            check_listed(label, self._beside)
            found |= {name for name in self._beside.files if not name.endswith(".py")}
        return found

    @cached_property
    def _names(self) -> FileNames:
        return FileNames(() if self._beside.is_repository else self._beside.files)

    @cached_property
    def _templates(self) -> Templates | None:
        return Templates(self._template_files) if self._template_files is not None else None

    @cached_property
    def _former(self) -> bytes | None:
        return former_shared(self._folder, self._templates_folder)


def add_fact(total: Hash, kind: bytes, place: FilesBeside, names: Iterable[str]) -> None:
    """Add files to a hash, with their names."""
    for name in sorted(names):
        total.update(kind + b"\0" + os.fsencode(name) + b"\0" + place.content(name).fingerprint)


def check_listed(label: str, place: FilesBeside) -> None:
    """Raise `PlanError` for a folder with too many files, when a phase may use any of them."""
    if not place.is_listed:
        raise PlanError(
            f'this phase may use any file in "{place.top.name or place.top}", '
            f"and there are more than {limits.FOLDER_ENTRIES:,}",
            where=label,
            advice=ADVICE,
        )


def check_size(label: str, place: FilesBeside, names: Iterable[str]) -> None:
    """Raise `PlanError` for files that are too large together."""
    if sum(place.size(name) for name in names) > limits.PHASE_FILES_BYTES:
        most = limits.limit_words(limits.PHASE_FILES_BYTES)
        raise PlanError(f"the files that this phase may read hold more than {most}", where=label, advice=ADVICE)
