"""Reading a plan: every table and key is checked, and an error names the file and the line. No phase runs."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from pathlib import Path

import tomli

from migrate import limits
from migrate.errors import PathError, PlanError
from migrate.execution.command import Command
from migrate.git.paths import check_path
from migrate.plan.contract_tables import ContractReader
from migrate.plan.dependencies.digest import PhaseFolder
from migrate.plan.engine_tables import EngineTables, engine_tables, is_engine_table
from migrate.plan.forge_table import ForgeTableReader
from migrate.plan.location import display_path
from migrate.plan.model import Plan
from migrate.plan.phase_checks import check_numbers, with_former_names_checked, with_validations_checked
from migrate.plan.phase_source import PhaseSource, phase_files, read_phase
from migrate.plan.remote import REMOTE
from migrate.plan.toml_position import Positions
from migrate.plan.toml_tables import Table, Tables
from migrate.plan.validation import Validation, WantedReceipts
from migrate.templating.reading import read_regular
from migrate.text import did_you_mean, printable, shortened
from migrate.tree.allowed import Allowed
from migrate.tree.editable_tree import Imports

MIGRATION_KEYS = (
    "name",
    "title",
    "base",
    "branch_prefix",
    "remote",
    "phases",
    "templates",
    "setup",
    "order",
    "imports",
    "strict",
    "secrets",
    "approvals",
    "receipts",
    "allowed_signers",
)
VALIDATION_KEYS = ("name", "run", "manual", "phases", "timeout", "env", "setup", "requires", "probe", "baseline")
ALLOW_KEYS = ("files", "text", "reason")
TABLES = ("migration", "validation", "allow", "layout", "layer", "forge")
"""The tables of a plan, beside those of the engines."""


def read_plan(path: Path, shown: Callable[[Path], str] = display_path) -> Plan:
    """Read a plan and the phases that it names, running none of them.

    `shown` turns a file into the name that messages use.
    """
    label = shown(path)
    try:
        text = read_regular(path, limits.PLAN_BYTES).decode("utf-8")
        document = tomli.loads(text)
    except OSError as error:
        raise PlanError(f"the plan cannot be read: {error.strerror}", where=label) from None
    except UnicodeDecodeError:
        raise PlanError("the plan is not UTF-8", where=label) from None
    except tomli.TOMLDecodeError as error:
        raise PlanError(f"this is not TOML: {shortened(error.msg, 200)}", where=f"{label}:{error.lineno}") from None
    except RecursionError:
        raise PlanError("a value or a key of the plan is nested too deeply", where=label) from None
    except ValueError:  # Python refuses to convert more digits (`sys.int_info`).
        raise PlanError("a number of the plan has more than 4,300 digits", where=label) from None
    return PlanReader(path, label, Positions(text), document, shown).plan()


class PlanReader(Tables):
    """Checks one plan table by table."""

    def __init__(
        self, path: Path, label: str, positions: Positions, document: Table, shown: Callable[[Path], str]
    ) -> None:
        super().__init__(path, label, positions, document)
        self.shown = shown

    def plan(self) -> Plan:
        """The whole document."""
        for key in self.document:
            if key not in TABLES and not is_engine_table(key):
                line = max(self.positions.line(key), self.positions.line("", 0, key))
                known = did_you_mean(key, (*TABLES, *engine_tables()))
                raise PlanError(f'unknown table or key "{printable(key)}"{known}', where=f"{self.label}:{line}")
        table = self.document.get("migration")
        if not isinstance(table, dict):
            raise PlanError("a plan needs a [migration] table with a name", where=f"{self.label}:1")
        self._known("migration", 0, table, MIGRATION_KEYS)
        name = self._name(table)
        folder = self._folder(table, "phases", "phases")
        templates = self._folder(table, "templates", None)
        assert folder is not None
        imports = self._imports(table)
        settings = EngineTables(self.path, self.label, self.positions, self.document).settings(TABLES)
        # What phases do depends on both. Digests of plans that have neither do not change.
        mode = (b"" if imports == "rewrite" else imports.encode()) + b"".join(
            settings[name].digest for name in sorted(settings)
        )
        phases = self._phases(table, folder, PhaseFolder(folder, plan=self.path, templates=templates, mode=mode))
        validations = self._validations(phases, self._command("migration", 0, table, "setup"))
        phases = with_former_names_checked(name, with_validations_checked(phases, validations))
        contracts = ContractReader(self.path, self.label, self.positions, self.document)
        return Plan(
            path=self.path,
            label=self.label,
            name=name,
            title=self._text("migration", 0, table, "title") or name,
            base=self._text("migration", 0, table, "base") or "main",
            branch_prefix=self._prefix(table, name),
            remote=self._text("migration", 0, table, "remote") or REMOTE,
            phases_dir=folder,
            templates_dir=templates,
            phases=phases,
            validations=validations,
            allowed=self._allowed(),
            drawing=contracts.drawing(),
            layers=contracts.layers(),
            imports=imports,
            settings=settings,
            strict="the plan is strict" if self._flag("migration", 0, table, "strict") else "",
            secrets=self._strings("migration", 0, table, "secrets") or (),
            signed=WantedReceipts(self._is_signed(table, "approvals"), self._is_signed(table, "receipts")),
            allowed_signers=self._allowed_signers(table),
            forge=ForgeTableReader(self.path, self.label, self.positions, self.document).forge(),
        )

    def _imports(self, table: Table) -> Imports:
        value = self._text("migration", 0, table, "imports") or "rewrite"
        if value not in ("rewrite", "forward"):
            self.fail(f'imports must be "rewrite" or "forward", not "{printable(value)}"', "migration", 0, "imports")
        return "forward" if value == "forward" else "rewrite"

    def _is_signed(self, table: Table, key: str) -> bool:
        value = self._text("migration", 0, table, key)
        if value not in (None, "signed"):
            self.fail(f'{key} must be "signed", or left out, not "{printable(value)}"', "migration", 0, key)
        if value is not None and "allowed_signers" not in table:
            said = f'{key} = "signed" needs allowed_signers, the file of the base that says whose keys may sign'
            self.fail(said, "migration", 0, key)
        return value is not None

    def _allowed_signers(self, table: Table) -> str | None:
        value = self._text("migration", 0, table, "allowed_signers")
        if value is not None:
            try:
                return check_path(value)
            except PathError as error:
                self.fail(f"allowed_signers: {error.message}", "migration", 0, "allowed_signers")
        return None

    def _name(self, table: Table) -> str:
        name = self._text("migration", 0, table, "name")
        if not name:
            self.fail("a migration needs a name", "migration")
        if not all(char.isascii() and (char.isalnum() or char in "-_") for char in name) or name.startswith("-"):
            self.fail(
                f'the name "{printable(name)}" becomes part of branch names: use letters, digits, - and _',
                "migration",
                0,
                "name",
            )
        self._check_length(name, "migration", 0, "name")
        return name

    def _check_length(self, name: str, table: str, index: int, key: str) -> None:
        """Raise `PlanError` for a name that is too long to be part of a ref or of a file's name."""
        if max(len(part.encode()) for part in name.split("/")) > limits.NAME_BYTES or len(name) > limits.PREFIX_BYTES:
            most = f"{limits.NAME_BYTES} bytes" + ("" if key == "name" else " between two slashes")
            self.fail(f"this {key} is too long: a name has at most {most}", table, index, key)

    def _prefix(self, table: Table, name: str) -> str:
        prefix = (self._text("migration", 0, table, "branch_prefix") or f"migrate/{name}").rstrip("/")
        self._check_length(prefix, "migration", 0, "branch_prefix")
        return prefix

    def _folder(self, table: Table, key: str, default: str | None) -> Path | None:
        value = self._text("migration", 0, table, key) or default
        if value is None:
            return None
        # Both accept any text as a path, even one that is too long or a loop of symlinks.
        folder = Path(os.path.realpath(self.path.parent / value))
        if key == "phases" and key not in table and not os.path.isdir(folder):  # noqa: PTH112
            folder = self.path.parent.resolve()
        if not os.path.isdir(folder):  # noqa: PTH112
            self.fail(f'the folder "{printable(value)}" for {key} does not exist', "migration", 0, key)
        return folder

    def _phases(self, table: Table, folder: Path, made_from: PhaseFolder) -> tuple[PhaseSource, ...]:
        files = phase_files(folder)
        if not files:
            where = self.shown(folder)
            self.fail(f'there is no phase in "{where}": a phase is a file p01_some_name.py', "migration", 0)
        found = [read_phase(path, self.shown(path), made_from) for path in files]
        check_numbers(found)
        by_id = {source.id: source for source in found}
        order = self._strings("migration", 0, table, "order")
        if order is None:
            return tuple(found)
        for phase in order:
            if phase not in by_id:
                known = did_you_mean(phase, by_id)
                self.fail(
                    f'the order names the unknown phase "{printable(phase)}"{known}', "migration", 0, "order", phase
                )
        doubled = next((phase for phase in order if order.count(phase) > 1), None)
        if doubled:
            self.fail(f'the order names "{doubled}" twice', "migration", 0, "order", doubled)
        left_out = next((phase for phase in by_id if phase not in order), None)
        if left_out:
            self.fail(f'the order leaves out "{left_out}"; move its file elsewhere to drop it', "migration", 0, "order")
        return tuple(by_id[phase] for phase in order)

    def _validations(self, phases: Sequence[PhaseSource], prepare: Command | None) -> tuple[Validation, ...]:
        found: list[Validation] = []
        for index, table in enumerate(self._tables("validation")):
            self._known("validation", index, table, VALIDATION_KEYS)
            validation = self._validation(index, table, prepare)
            if any(other.name == validation.name for other in found):
                self.fail(f'validation "{validation.name}" is defined twice', "validation", index, "name")
            for glob in validation.phases:
                if not any(fnmatchcase(source.id, glob) for source in phases):
                    known = did_you_mean(glob, [source.id for source in phases])
                    self.fail(f'no phase matches "{printable(glob)}"{known}', "validation", index, "phases", glob)
            found.append(validation)
        return tuple(found)

    def _validation(self, index: int, table: Table, prepare: Command | None) -> Validation:
        where = ("validation", index, table)
        name = self._text(*where, "name")
        if not name:
            self.fail("a validation needs a name", "validation", index)
        if "/" in name or not name.isprintable() or name.startswith((".", "-")):
            self.fail(f'the name "{printable(name)}" cannot name a log file', "validation", index, "name")
        self._check_length(name, "validation", index, "name")
        run, manual = self._command(*where, "run"), self._text(*where, "manual")
        if (run is None) == (manual is None):
            self.fail(f'validation "{name}" needs either run or manual', "validation", index)
        timeout = table.get("timeout")
        if timeout is not None and not is_duration(timeout):
            self.fail("timeout must be a number of seconds above 0", "validation", index, "timeout")
        assert timeout is None or isinstance(timeout, (int, float))
        phases = self._strings(*where, "phases")
        return Validation(
            name=name,
            run=run,
            manual=manual,
            phases=("*",) if phases is None else phases,
            timeout=None if timeout is None else float(timeout),
            env=self._environment(index, table),
            probe=self._command(*where, "probe"),
            prepare=prepare if manual is None else None,
            setup=self._command(*where, "setup"),
            requires=self._strings(*where, "requires") or (),
            baseline=self._expression(index, table),
        )

    def _expression(self, index: int, table: Table) -> str | None:
        import re

        text = self._text("validation", index, table, "baseline")
        if text is not None:
            try:
                re.compile(text)
            except (re.error, OverflowError, RecursionError) as error:
                said = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
                self.fail(f"baseline is not a regular expression: {said}", "validation", index, "baseline")
        return text

    def _environment(self, index: int, table: Table) -> tuple[tuple[str, str], ...]:
        env = table.get("env", {})
        if not isinstance(env, dict) or not all(isinstance(value, str) for value in env.values()):
            self.fail('env must be a table of strings, such as { GOOS = "linux" }', "validation", index, "env")
        for name, value in env.items():
            if not name or "=" in name or "\0" in name + value:
                self.fail(f'"{printable(name)}" cannot be an environment variable', "validation", index, "env")
        return tuple(sorted(env.items()))

    def _allowed(self) -> tuple[Allowed, ...]:
        found = []
        for index, table in enumerate(self._tables("allow")):
            self._known("allow", index, table, ALLOW_KEYS)
            files, reason = (self._text("allow", index, table, key) for key in ("files", "reason"))
            if not files or not reason:
                self.fail("an [[allow]] needs files and a reason", "allow", index)
            found.append(Allowed(files=files, text=self._text("allow", index, table, "text"), reason=reason))
        return tuple(found)


def is_duration(value: object) -> bool:
    """Whether a TOML value is a finite number of seconds above 0."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 < value <= sys.float_info.max
