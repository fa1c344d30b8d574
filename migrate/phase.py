"""The phase contract, and what a phase module says of itself before anything of it runs."""

from __future__ import annotations

import ast
import hashlib
import os
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from migrate.errors import PlanError
from migrate.resources import DESCRIPTION_TEMPLATES
from migrate.text import did_you_mean

if TYPE_CHECKING:
    from migrate.workspace import Workspace

FILE_NAME = re.compile(r"p(\d+)_[a-z0-9_]+\.py")
NEARLY = re.compile(r"p\d+[-_ ].*\.py", re.IGNORECASE)


@dataclass(frozen=True)
class Phase:
    """What a module says of itself, as the literal `PHASE = Phase(…)`.

    `validations` names validations of the plan that run on this phase beside those that ask for it; `may_be_empty`
    allows a run that changes nothing.
    """

    validations: tuple[str, ...] = ()
    may_be_empty: bool = False


@dataclass(frozen=True)
class Problem:
    """A reason why a phase cannot run, found by its `preflight`, and what to do about it."""

    message: str
    advice: str | None = None


class PhaseModule(Protocol):
    """What a phase module must offer; `PHASE` and `preflight(ws) -> Iterable[Problem]` are optional."""

    def apply(self, ws: Workspace, /) -> None:
        """Edit the workspace."""


class Preflight(Protocol):
    """The optional check before `apply`."""

    def __call__(self, ws: Workspace, /) -> Iterable[Problem]:
        """Say why the phase cannot run on this tree."""


@dataclass(frozen=True)
class PhaseSource:
    """A phase as its file describes it, read without importing it."""

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


def phase_files(folder: Path) -> list[Path]:
    """The phase modules of a folder, in the order of their numbers: `p03_generic_utilities.py`.

    Raises `PlanError` for a file whose name is nearly one, which would be left out unnoticed.
    """
    found = []
    for path in folder.iterdir():
        if name := FILE_NAME.fullmatch(path.name):
            found.append((int(name[1]), path))
        elif NEARLY.fullmatch(path.name):
            right = re.sub(r"[^a-z0-9.]+", "_", path.name.lower())
            raise PlanError(
                "a phase's file name is p, its number and small letters, digits and _",
                where=str(path),
                advice=f"rename it to {right}, or to a name without a number when it is no phase",
            )
    return [path for _, path in sorted(found)]


def phase_id(path: Path) -> str:
    """`p03_generic_utilities.py` → `p03-generic-utilities`."""
    return path.stem.replace("_", "-")


def shared_digest(folder: Path, templates: Path | None) -> bytes:
    """Hash of what all phases of a folder share: modules and packages beside them, and the plan's templates.

    The templates of descriptions do not count: what a phase does is the same however it is told.
    """
    total = hashlib.sha256()
    shared = [(folder, path) for path in sorted(folder.glob("*.py")) if not FILE_NAME.fullmatch(path.name)]
    for package in sorted(folder.glob("*/__init__.py")):
        shared += [(folder, path) for path in sorted(package.parent.rglob("*.py"))]
    if templates is not None:
        files = [path for path in sorted(templates.rglob("*")) if path.is_file()]
        shared += [(templates, path) for path in files if path.name not in DESCRIPTION_TEMPLATES]
    for top, path in shared:
        name = os.fsencode(path.relative_to(top).as_posix())
        total.update(name + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.digest()


def read_phase(path: Path, label: str, shared: bytes) -> PhaseSource:
    """Read a phase's docstring and its `PHASE` without importing it.

    Raises `PlanError` with file and line for a module that does not keep the contract.
    """
    raw = path.read_bytes()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "\d" in a text is Python's to complain about when the phase runs.
            module = ast.parse(raw, filename=label)
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise PlanError(f"this is not Python: {getattr(error, 'msg', error)}", where=f"{label}:{line}") from None
    docstring = ast.get_docstring(module)
    if not docstring:
        raise PlanError(
            "a phase needs a docstring: it is the commit message and the heart of the pull request", where=f"{label}:1"
        )
    if not any(isinstance(node, ast.FunctionDef) and node.name == "apply" for node in module.body):
        raise PlanError("a phase needs a function apply(ws)", where=f"{label}:1")
    title, _, body = docstring.partition("\n")
    declaration, line = declared(module, label)
    return PhaseSource(
        id=phase_id(path),
        path=path,
        label=label,
        title=title.strip().removesuffix("."),
        body=body.strip(),
        declaration=declaration,
        digest=hashlib.sha256(shared + raw).hexdigest()[:16],
        declared_at=line,
    )


def declared(module: ast.Module, label: str) -> tuple[Phase, int]:
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


def with_keyword(phase: Phase, keyword: ast.keyword, where: str) -> Phase:
    """`phase` with one keyword of `Phase(…)`, checked."""
    known = {field.name for field in fields(Phase)}
    name = keyword.arg or "**"
    if name not in known:
        raise PlanError(f'Phase knows no "{name}"{did_you_mean(name, known)}', where=where)
    try:
        value = ast.literal_eval(keyword.value)
    except (ValueError, TypeError):
        raise PlanError(
            f"{name} must be a literal, because PHASE is read without running the module", where=where
        ) from None
    if name == "may_be_empty":
        if not isinstance(value, bool):
            raise PlanError("may_be_empty must be True or False", where=where)
        return replace(phase, may_be_empty=value)
    if not isinstance(value, (tuple, list)) or not all(isinstance(item, str) for item in value):
        raise PlanError(f'{name} must be a tuple of names, such as ("build", "vet")', where=where)
    return replace(phase, validations=tuple(value))
