"""Which file goes to which room: the whole restructuring, as data."""

from __future__ import annotations

from collections.abc import Mapping

from migrate import Workspace

Moves = Mapping[str, str]
"""Paths below `migrate/` or `tests/`, old and new; a name without an ending is a folder."""

TREE = {
    "allowed.py": "tree/allowed.py",
    "changes.py": "tree/changes.py",
    "editable_tree.py": "tree/editable_tree.py",
    "globs.py": "tree/globs.py",
    "ignore.py": "tree/gitignore.py",
    "moves.py": "tree/moves.py",
    "overlay.py": "tree/overlay.py",
    "route.py": "tree/route.py",
    "searches.py": "tree/searches.py",
    "stated_modules.py": "tree/stated_modules.py",
    "wildcard.py": "tree/wildmatch.py",
    "written.py": "tree/written.py",
    "paths.py": "git/paths.py",
}
TREE_TESTS = {
    "test_changes.py": "tree/test_changes.py",
    "test_ignore.py": "tree/test_gitignore.py",
    "test_moves.py": "tree/test_moves.py",
    "test_overlay.py": "tree/test_overlay.py",
    "test_written.py": "tree/test_written.py",
    "test_paths.py": "git/test_paths.py",
}

TEMPLATING = {
    "authored.py": "templating/authored.py",
    "dependencies/beside.py": "templating/beside.py",
    "dependencies/reading.py": "templating/reading.py",
    "documents.py": "templating/documents.py",
    "markdown.py": "templating/markdown.py",
    "resources.py": "templating/resources.py",
    "templates.py": "templating/templates.py",
}
TEMPLATING_TESTS = {
    "test_documents.py": "templating/test_documents.py",
    "test_templates.py": "templating/test_templates.py",
    "describe/test_markdown.py": "templating/test_markdown.py",
}

EXECUTION = {
    "redaction.py": "execution/redaction.py",
    "git/slots.py": "execution/slots.py",
    "validation/command.py": "execution/command.py",
    "validation/environment.py": "execution/environment.py",
    "validation/log.py": "execution/log.py",
    "validation/output.py": "execution/output.py",
    "validation/process.py": "execution/process.py",
    "validation/tools.py": "execution/tools.py",
}
EXECUTION_TESTS = {
    "test_redaction.py": "execution/test_redaction.py",
    "git/test_slots.py": "execution/test_slots.py",
    "git/test_slot_repairs.py": "execution/test_slot_repairs.py",
    "validation/test_environment.py": "execution/test_environment.py",
    "validation/test_log.py": "execution/test_log.py",
    "validation/test_output.py": "execution/test_output.py",
    "validation/test_process.py": "execution/test_process.py",
    "validation/test_tools.py": "execution/test_tools.py",
}

ENGINES = {
    "golang": "engines/golang",
    "implied": "engines/implied",
    "references": "engines/references/rewrite",
    "references/__init__.py": "engines/references/__init__.py",
    "references/formats": "engines/references/formats",
    "references/proof": "engines/references/verify",
    "references/stale.py": "engines/references/verify/stale.py",
    **{
        f"references/{name}.py": f"engines/references/common/{name}.py"
        for name in ("allowance", "modules", "regions", "roots", "scope")
    },
}
ENGINES_TESTS = {
    "golang": "engines/golang",
    "implied": "engines/implied",
    "references": "engines/references",
}

PLAN = {
    "base_guess.py": "plan/base_guess.py",
    "builtin_phase.py": "plan/builtin_phase.py",
    "dependencies": "plan/dependencies",
    "go_table.py": "plan/go_table.py",
    "home.py": "plan/home.py",
    "laid_out.py": "plan/laid_out.py",
    "layout/drawing.py": "plan/drawing.py",
    "layout/layers.py": "plan/layers.py",
    "layout/stated.py": "plan/contract_tables.py",
    "names.py": "plan/names.py",
    "other_plans.py": "plan/other_plans.py",
    "phase.py": "plan/phase_source.py",
    "phase_checks.py": "plan/phase_checks.py",
    "plan.py": "plan/model.py",
    "scaffold.py": "plan/scaffold.py",
    "toml_position.py": "plan/toml_position.py",
    "toml_tables.py": "plan/toml_tables.py",
    "validation/spec.py": "plan/validation.py",
}
PLAN_TESTS = {
    "dependencies": "plan/dependencies",
    "test_base_guess.py": "plan/test_base_guess.py",
    "layout/test_drawing.py": "plan/test_drawing.py",
    "layout/test_layers.py": "plan/test_layers.py",
    "layout/test_stated.py": "plan/test_contract_tables.py",
    "test_phase.py": "plan/test_phase_source.py",
    "test_plan.py": "plan/test_model.py",
    "validation/test_spec.py": "plan/test_validation.py",
}

CONTRACTS = {"layout/contract.py": "contracts/target_tree.py", "layout/crossings.py": "contracts/crossings.py"}
CONTRACTS_TESTS = {
    "layout/test_contract.py": "contracts/test_target_tree.py",
    "layout/test_crossings.py": "contracts/test_crossings.py",
}

PHASE = {
    "builtin": "phase/builtin",
    "phase_process.py": "phase/process_state.py",
    "relocation.py": "phase/relocation.py",
    "running.py": "phase/runner.py",
    "workspace.py": "phase/workspace.py",
}
PHASE_TESTS = {
    "test_relocation.py": "phase/test_relocation.py",
    "test_running.py": "phase/test_runner.py",
    "test_workspace.py": "phase/test_workspace.py",
}

STACK = {
    f"{name}.py": f"stack/{new}.py"
    for name, new in {
        "branches": "branches",
        "checked_out": "checked_out",
        "conclusion": "next_step",
        "conflict_place": "conflict_place",
        "containing": "containing",
        "cut_short": "cut_short",
        "entries": "entries",
        "former": "former",
        "holdings": "holdings",
        "judging": "judging",
        "landings": "landings",
        "landmarks": "landmarks",
        "phase_state": "phase_state",
        "project": "project",
        "remote_state": "remote_state",
        "resolutions": "resolutions",
        "revert_branches": "revert_branches",
        "same_change": "same_change",
        "snapshot": "snapshot",
        "stack": "model",
        "stopped": "conflict_state",
        "stragglers": "stragglers",
        "strange_refs": "strange_refs",
        "taken_back": "taken_back",
        "told_landings": "told_landings",
        "trailers": "trailers",
        "unseen": "unseen",
    }.items()
}
STACK_TESTS = {
    "test_containing.py": "stack/test_containing.py",
    "test_entries.py": "stack/test_entries.py",
    "test_landings.py": "stack/test_landings.py",
    "test_snapshot.py": "stack/test_snapshot.py",
    "test_stack.py": "stack/test_model.py",
    "test_stopped.py": "stack/test_conflict_state.py",
    "test_trailers.py": "stack/test_trailers.py",
    "orchestrator/test_cut_short.py": "stack/test_cut_short.py",
}

JOURNAL = {"journal.py": "journal/record.py", "lock.py": "journal/lock.py"}
JOURNAL_TESTS = {"test_journal.py": "journal/test_record.py", "test_lock.py": "journal/test_lock.py"}


def furnish(ws: Workspace, room: str, about: str, files: Moves, tests: Moves) -> None:
    """Move files and their tests into a room, and let what names them follow; `about` is the room's docstring."""
    for top, moves in (("migrate", files), ("tests", tests)):
        for old, new in moves.items():
            ws.python.move(f"{top}/{old}", f"{top}/{new}")
    ws.flush()
    inside = f"migrate/{room}/__init__.py"
    if not ws.exists(inside):
        ws.write(inside, f'"""{about}"""\n')
    ws.references.update()
