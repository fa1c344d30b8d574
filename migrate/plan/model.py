"""`migrate.toml` → `Plan`. Every error names the file, the line and what would be right."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePath

from migrate import limits
from migrate.errors import PlanError
from migrate.git.refs import is_branch_name
from migrate.git.repository import Repository
from migrate.plan import builtin_phase
from migrate.plan.drawing import Drawing
from migrate.plan.forge_table import ForgeTable
from migrate.plan.layers import Layer
from migrate.plan.phase_source import PhaseSource
from migrate.plan.toml_position import Positions
from migrate.plan.validation import Validation, WantedReceipts, applicable_validations
from migrate.templating.reading import read_regular
from migrate.text import did_you_mean, printable
from migrate.tree.allowed import Allowed
from migrate.tree.editable_tree import Imports
from migrate.tree.engine_settings import SettingsByEngine


@dataclass(frozen=True)
class Plan:
    """One planned refactor of one repository."""

    path: Path
    name: str
    title: str
    base: str
    branch_prefix: str
    remote: str
    phases_dir: Path
    templates_dir: Path | None
    phases: tuple[PhaseSource, ...]
    validations: tuple[Validation, ...]
    allowed: tuple[Allowed, ...]
    drawing: Drawing | None = None
    layers: tuple[Layer, ...] = ()
    imports: Imports = "rewrite"
    """Whether importers are updated at once, or something at the old place forwards for them."""
    settings: SettingsByEngine = field(default_factory=dict)
    """Its settings for the engines."""
    label: str = ""
    """The plan's file as messages name it."""
    strict: str = ""
    """Why a validation that cannot run stops the run like a failure; empty when it does not."""
    secrets: tuple[str, ...] = ()
    """Environment variables, or globs of them, whose values are hidden in addition to those that look like secrets."""
    signed: WantedReceipts = field(default_factory=WantedReceipts)
    """What counts only when it is signed."""
    allowed_signers: str | None = None
    """The file in the base, by its path, that says whose keys may sign; None for the user's own file."""
    forge: ForgeTable = field(default_factory=ForgeTable)
    """Where its pull requests are, and what they are given."""

    def branch(self, phase_id: str) -> str:
        """The name of a phase's branch."""
        return f"{self.branch_prefix}/{phase_id}"

    @property
    def sources(self) -> tuple[PhaseSource, ...]:
        """The phases of the plan, and the built-in one that moves stragglers."""
        return (*self.phases, builtin_phase.source())

    def phase(self, name: str) -> PhaseSource:
        """The phase with that name or number (`p03`, `p3`, `3`). Raises `PlanError` when there is none."""
        file = PurePath(name).name if name.endswith(".py") else name
        wanted = file.replace("_", "-").removesuffix(".py").removeprefix(self.branch_prefix + "/")
        digits = wanted.removeprefix("p")
        is_number = digits.isdecimal() and len(digits) <= limits.NAME_BYTES
        number = f"p{int(digits):02d}" if is_number else wanted
        for source in self.sources:
            if source.id == wanted or source.id.split("-")[0] in (wanted, number):
                return source
        known = [source.id for source in self.phases]
        raise PlanError(
            f'there is no phase "{printable(name)}"{did_you_mean(wanted, known)}',
            advice="migrate status lists the phases",
        )

    def validations_of(self, *sources: PhaseSource) -> tuple[Validation, ...]:
        """The validations of the commit of a phase, or of several phases, in the plan's order."""
        wanted = {
            found.name
            for source in sources
            for found in applicable_validations(self.validations, source.id, source.declaration.validations)
        }
        return tuple(each for each in self.validations if each.name in wanted)


def check_table_names(repository: Repository, plan: Plan) -> None:
    """Raise `PlanError` when git refuses the plan's base, its remote or its branches as names."""
    positions = Positions(read_regular(plan.path, limits.PLAN_BYTES).decode("utf-8"))
    for key, name, branch, example in (
        ("base", plan.base, plan.base, "main"),
        ("remote", plan.remote, f"{plan.remote}/main", "origin"),
        ("branch_prefix", plan.branch_prefix, plan.branch(plan.phases[0].id), f"migrate/{plan.name}"),
    ):
        if not is_branch_name(repository, branch):
            raise PlanError(
                f'git does not accept "{printable(name)}" as {key}',
                where=f"{plan.label}:{positions.line('migration', 0, key)}",
                advice=f'change it in [migration], such as {key} = "{example}"',
            )
