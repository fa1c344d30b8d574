"""The phase contract, and what a phase module declares, read without running it."""

from __future__ import annotations

import ast
import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, NamedTuple

from migrate import limits
from migrate.errors import PlanError
from migrate.plan.dependencies.digest import PhaseFolder
from migrate.plan.dependencies.syntax import syntax_tree
from migrate.templating.beside import PHASE_FILE
from migrate.templating.reading import read_regular
from migrate.text import did_you_mean, printable

NEARLY = re.compile(r"p\d+[-_ ].*\.py", re.IGNORECASE)


@dataclass(frozen=True)
class Phase:
    """What a module declares, as the literal `PHASE = Phase(…)`.

    `validations` names further validations of the plan that run on this phase; `may_be_empty` allows a run that changes
    nothing. `formerly` lists earlier names of the phase, as `migration/phase` when the migration had another name.
    `labels`, `reviewers`, `assignees` and `milestone` are given to its pull request beside those of the plan.
    """

    validations: tuple[str, ...] = ()
    may_be_empty: bool = False
    formerly: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    milestone: str = ""


@dataclass(frozen=True)
class Problem:
    """A reason why a phase cannot run, found by its `preflight`, and what to do about it."""

    message: str
    advice: str | None = None


@dataclass(frozen=True)
class PhaseSource:
    """A phase as its file declares it, read without importing it."""

    id: str
    path: Path
    label: str
    """The file as messages name it."""
    title: str
    body: str
    declaration: Phase
    digest: str
    """Hash of everything that decides what the phase does."""
    declared_at: int = 1
    """The line of `PHASE`."""
    former_digests: tuple[str, ...] = ()
    """The hashes that older versions of the program computed for the same source."""
    problem: PlanError | None = field(default=None, compare=False)
    """Why the module cannot run; its title is then its name, and its hash that of its bytes."""

    @property
    def trouble(self) -> str:
        """The problem as a text; empty when there is none."""
        return str(self.problem or "")

    def is_made_from(self, digest: str) -> bool:
        """Whether a hash from the trailer of a commit is that of the phase as it is now."""
        return digest in (self.digest, *self.former_digests)

    def with_problem(self, message: str) -> PhaseSource:
        """The phase with a problem of its `PHASE`, unless there is none, or the phase has another problem already."""
        if not message or self.problem is not None:
            return self
        return replace(self, problem=PlanError(message, where=f"{self.label}:{self.declared_at}"))

    def check(self) -> None:
        """Raise the problem, if there is one."""
        if self.problem is not None:
            raise self.problem


def phase_files(folder: Path) -> list[Path]:
    """The phase modules of a folder, in the order of their numbers: `p03_generic_utilities.py`.

    Raises `PlanError` for a file whose name is almost that of a phase, because it would be left out unnoticed.
    """
    found = []
    for path in folder.iterdir():
        if name := PHASE_FILE.fullmatch(path.name):
            found.append((int(name[1]), path))
        elif NEARLY.fullmatch(path.name):
            right = re.sub(r"[^a-z0-9.]+", "_", path.name.lower())
            raise PlanError(
                "a phase's file is named p, its number, _ and then small letters, digits and _",
                where=str(path),
                advice=f"rename it to {right}, or to a name without a number when it is not a phase",
            )
    return [path for _, path in sorted(found)]


def phase_number(path: Path) -> int:
    """`p03_generic_utilities.py` → 3."""
    found = PHASE_FILE.fullmatch(path.name)
    assert found is not None
    return int(found[1])


def phase_id(path: Path) -> str:
    """`p03_generic_utilities.py` → `p03-generic-utilities`."""
    return path.stem.replace("_", "-")


def read_phase(path: Path, label: str, folder: PhaseFolder | None = None) -> PhaseSource:
    """Read a phase's docstring and its `PHASE` without importing it; `folder` tells what it is made from.

    A module that breaks the contract gets a `problem` with file and line instead of an error, because other phases and
    most commands work without it.
    """
    source = PhaseSource(phase_id(path), path, label, phase_id(path), "", Phase(), "")
    raw = b""
    try:
        raw = read_module(path, label)
        check_name(source.id, label)
        module = parse_module(raw, label)
        title, _, body = read_phase_text(module, label).partition("\n")
        source = replace(source, title=title.strip().removesuffix("."), body=body.strip())
        declaration, line = declared_phase(module, label)
        source = replace(source, declaration=declaration, declared_at=line)
        if folder is None:
            return replace(source, digest=hash_of(raw))
        digest, former = folder.digests(path, label, raw, module)
        return replace(source, digest=digest, former_digests=former)
    except PlanError as error:
        return replace(source, digest=hash_of(raw), problem=error.with_traceback(None))


def check_name(phase: str, label: str) -> None:
    """Raise `PlanError` for a phase whose name is too long for a branch."""
    if len(phase.encode()) > limits.NAME_BYTES:
        raise PlanError(
            f"the name of a phase has at most {limits.NAME_BYTES} letters, because it becomes part of branch names",
            where=label,
            advice="rename the file",
        )


def read_module(path: Path, label: str) -> bytes:
    """The bytes of a phase's module. Raises `PlanError` for one that cannot be read."""
    try:
        return read_regular(path, limits.MODULE_BYTES)
    except OSError as error:
        raise PlanError(f"this phase cannot be read: {error.strerror}", where=label) from None


def parse_module(raw: bytes, label: str) -> ast.Module:
    """The syntax tree of a phase. Raises `PlanError` with the line that is not valid Python."""
    try:
        return syntax_tree(raw, label)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        said = printable(str(getattr(error, "msg", error)))
        raise PlanError(f"this is not Python: {said}", where=f"{label}:{line}") from None


def read_phase_text(module: ast.Module, label: str) -> str:
    """The docstring of a phase. Raises `PlanError` when it has none, or no `apply`."""
    docstring = ast.get_docstring(module)
    if not docstring:
        raise PlanError(
            "a phase needs a docstring: it is the commit message and the heart of the pull request", where=f"{label}:1"
        )
    if not any(isinstance(node, ast.FunctionDef) and node.name == "apply" for node in module.body):
        raise PlanError("a phase needs a function apply(ws)", where=f"{label}:1")
    return docstring


def hash_of(raw: bytes) -> str:
    """A hash of bytes, as long as a digest."""
    return hashlib.sha256(raw).hexdigest()[:16]


def declared_phase(module: ast.Module, label: str) -> tuple[Phase, int]:
    """The `PHASE` of a module and its line; it must be a literal so that looking at a plan runs nothing."""
    for node in module.body:
        if not isinstance(node, (ast.Assign, ast.AnnAssign)):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id == "PHASE" for target in targets):
            where = f"{label}:{node.lineno}"
            call = node.value
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Phase"):
                raise PlanError("PHASE must be written as Phase(…)", where=where)
            if call.args:
                raise PlanError("Phase(…) takes keywords only", where=where)
            phase = Phase()
            for keyword in call.keywords:
                phase = with_keyword(phase, keyword, where)
            return phase, node.lineno
    return Phase(), 1


def is_flag(value: object) -> bool:
    """Whether a value is True or False."""
    return isinstance(value, bool)


def is_text(value: object) -> bool:
    """Whether a value is a text."""
    return isinstance(value, str)


def are_texts(value: object) -> bool:
    """Whether a value is a list of texts."""
    return isinstance(value, (tuple, list)) and all(isinstance(item, str) for item in value)


class KeywordKind(NamedTuple):
    """What a keyword of `Phase(…)` takes: in words, and as a test of a value."""

    wanted: str
    fits: Callable[[object], bool]


KEYWORDS: Mapping[str, KeywordKind] = {
    "validations": KeywordKind('a tuple of names, such as ("build", "vet")', are_texts),
    "may_be_empty": KeywordKind("True or False", is_flag),
    "formerly": KeywordKind('a tuple of names, such as ("p02-config",)', are_texts),
    "labels": KeywordKind('a tuple of names, such as ("refactor",)', are_texts),
    "reviewers": KeywordKind('a tuple of names, such as ("ann", "shop/core")', are_texts),
    "assignees": KeywordKind('a tuple of names, such as ("ann",)', are_texts),
    "milestone": KeywordKind("a name", is_text),
}
"""The keywords of `Phase(…)`, which are its fields."""
FORMER_NAME = re.compile(r"(?:[A-Za-z0-9_][A-Za-z0-9_-]*/)?p\d+-[a-z0-9-]+")
"""A phase's name, with or without that of a migration before it."""


def with_keyword(phase: Phase, keyword: ast.keyword, where: str) -> Phase:
    """`phase` with one keyword of `Phase(…)`, checked."""
    name = keyword.arg or "**"
    if name not in KEYWORDS:
        raise PlanError(f'Phase has no keyword "{name}"{did_you_mean(name, KEYWORDS)}', where=where)
    try:
        value = ast.literal_eval(keyword.value)
    except (ValueError, TypeError, RecursionError, MemoryError):
        raise PlanError(
            f"{name} must be a literal, because PHASE is read without running the module", where=where
        ) from None
    wanted, fits = KEYWORDS[name]
    if not fits(value):
        raise PlanError(f"{name} must be {wanted}", where=where)
    changes: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value}
    changed = replace(phase, **changes)
    check_former_names(changed.formerly, where)
    return changed


def check_former_names(former: Iterable[str], where: str) -> None:
    """Raise `PlanError` for a text that cannot be the name of a phase."""
    for name in former:
        if FORMER_NAME.fullmatch(name):
            continue
        migration, slash, phase = name.rpartition("/")
        right = migration + slash + phase.removesuffix(".py").replace("_", "-").lower()
        raise PlanError(
            f'formerly has "{printable(name)}", which is not the name of a phase'
            + (f'; did you mean "{right}"?' if FORMER_NAME.fullmatch(right) else ""),
            where=where,
            advice='write the phase as status shows it, such as "p02-config", or "migration/p02-config"',
        )
