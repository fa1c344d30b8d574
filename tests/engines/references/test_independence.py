"""The proof shares no rule with the rewriting, so that neither repeats a mistake of the other."""

from __future__ import annotations

import ast
from pathlib import Path

import migrate.engines.references

HOUSE = Path(migrate.engines.references.__file__).parent
SHARED = {
    # What reads facts of the tree.
    "modules": {"Module", "module_at", "module_named", "modules_of"},
    "roots": {"image_roots"},
    "scope": {"decoded", "is_binary", "is_third_party", "history", "kept_name", "too_large"},
    # What the plan and the documents promise may stay: two answers would contradict each other.
    "allowance": {"line_at", "permit"},
}


def imported(path: Path) -> set[tuple[str, str]]:
    """The names that a module takes from the folder of the references, each with its module."""
    nodes = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ImportFrom)]
    inside = [node for node in nodes if (node.module or "").startswith("migrate.references.")]
    return {((node.module or "").split(".", 2)[2], name.name) for node in inside for name in node.names}


def test_the_proof_takes_nothing_from_the_rewriting_but_what_reads_facts_and_promises():
    taken = {name for path in (HOUSE / "stale.py", *(HOUSE / "proof").glob("*.py")) for name in imported(path)}
    allowed = {(module, name) for module, names in SHARED.items() for name in names}
    assert {(module, name) for module, name in taken if not module.startswith("proof")} <= allowed


def test_the_rewriting_takes_nothing_from_the_proof():
    files = [path for path in HOUSE.rglob("*.py") if "proof" not in path.parts and path.name != "stale.py"]
    assert {
        (path.name, name) for path in files for name in imported(path) if name[0].startswith(("proof", "stale"))
    } == set()
