"""Verifying shares no rule with rewriting, so that neither repeats a mistake of the other."""

from __future__ import annotations

import ast
from pathlib import Path

import migrate.engines.references

HOUSE = Path(migrate.engines.references.__file__).parent
SHARED = {
    # What reads facts of the tree.
    "modules": {"ModuleFolder", "module_at", "module_named", "modules_of"},
    "image_folders": {"image_work_folders"},
    "scope": {"is_third_party", "is_history", "kept_name", "too_large"},
    # What the plan and the documents promise may stay: two answers would contradict each other.
    "allowance": {"line_text_at", "permit"},
}


def imported(path: Path) -> set[tuple[str, str]]:
    """The names that a module takes from what rewriting and verifying share, each with its module."""
    nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
    common = f"{migrate.engines.references.__name__}.common."
    inside = [node for node in nodes if (node.module or "").startswith(common)]
    return {((node.module or "").removeprefix(common), name.name) for node in inside for name in node.names}


def test_what_verifies_takes_nothing_that_is_common_but_what_reads_facts_and_promises():
    """That it takes nothing of the rewriting at all is held by import-linter."""
    engines = HOUSE.parent
    folders = (HOUSE / "verify", engines / "golang" / "proof", engines / "python" / "proof")
    taken = {name for folder in folders for path in folder.glob("*.py") for name in imported(path)}
    assert taken
    assert taken <= {(module, name) for module, names in SHARED.items() for name in names}
