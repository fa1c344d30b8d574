"""The nine phases of the shipped migration, run on the sample repository."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from migrate.contracts.crossings import judge_layers
from migrate.contracts.target_tree import compare_with_drawing
from migrate.engines.references.verify.stale import stale_references
from migrate.engines.sources import all_sources
from migrate.git.objects import EXECUTABLE, SYMLINK
from migrate.phase.runner import run_chain, run_phase
from migrate.plan.reader import read_plan
from migrate.tree.moves import MoveMap
from tests.phases.conftest import PLAN, Restructured, git, make_sample, restructure

IDS = [
    "p01-analysis",
    "p02-directory-structure",
    "p03-generic-utilities",
    "p04-core-components",
    "p05-api-layer",
    "p06-business-services",
    "p07-import-statements",
    "p08-validation",
    "p09-documentation",
]

FOLDERS = [
    "cmd/pllm",
    "cmd/pllm/commands",
    "cmd/server",
    "cmd/worker",
    "pkg/cache",
    "pkg/circuitbreaker",
    "pkg/loadbalancer",
    "pkg/retry",
    "internal/core/auth",
    "internal/core/config",
    "internal/core/database",
    "internal/core/models",
    "internal/api/docs",
    "internal/api/handlers",
    "internal/api/handlers/admin",
    "internal/api/router",
    "internal/api/ui",
    "internal/infrastructure/logger",
    "internal/infrastructure/middleware",
    "internal/infrastructure/testutil",
    "internal/services/llm/models",
    "internal/services/llm/providers",
    "internal/services/llm/realtime",
    "internal/services/monitoring/audit",
    "internal/services/monitoring/metrics",
    "internal/services/monitoring/ratelimit",
    "internal/services/data/budget",
    "internal/services/data/cache",
    "internal/services/data/redis",
    "internal/services/integrations/guardrails",
    "internal/services/integrations/guardrails/providers",
    "internal/services/integrations/guardrails/types",
    "internal/services/integrations/key",
    "internal/services/integrations/team",
    "internal/services/cachewarm",
    "internal/services/integration",
    "internal/services/worker",
]

GROUPS = [
    "pkg",
    "internal/core",
    "internal/api",
    "internal/infrastructure",
    *(f"internal/services/{name}" for name in ("llm", "monitoring", "data", "integrations")),
]


def test_all_nine_run(sample: Restructured) -> None:
    assert sample.chain.error is None
    assert [applied.source.id for applied in sample.chain.applied] == IDS


def test_go_files_stand_where_the_plan_wants_them(sample: Restructured) -> None:
    assert sorted({path.rpartition("/")[0] for path in sample.final if path.endswith(".go")}) == sorted(FOLDERS)


def test_no_file_is_lost(sample: Restructured) -> None:
    moved = MoveMap()
    for applied in sample.chain.applied:
        moved = moved.then(applied.moves)
    base = sample.phase(1).overlay.base
    assert {moved.resolve(path) for path in base} <= sample.final
    assert not any(change.is_deleted for applied in sample.chain.applied for change in applied.files)


def test_nothing_names_an_old_path_but_history_and_records(sample: Restructured) -> None:
    moved = MoveMap()
    for applied in sample.chain.applied:
        moved = moved.then(applied.moves)
    found = stale_references(sample.phase(9).overlay, moved, sample.plan.allowed)
    assert [item for item in found if item.reason is None] == []
    assert {item.path for item in found} == {
        "CHANGELOG.md",
        "docs/refactoring/ANALYSIS.md",
        "docs/refactoring/MOVES.md",
    }


def test_every_branch_is_right_by_itself(sample: Restructured) -> None:
    moved = MoveMap()
    for applied in sample.chain.applied:
        moved = moved.then(applied.moves)
        left = [item for item in stale_references(applied.overlay, moved, sample.plan.allowed) if item.reason is None]
        assert left == [], applied.source.id


def test_running_again_gives_the_same_trees(sample: Restructured) -> None:
    again = restructure(sample.repository)
    for first, second in zip(sample.chain.applied, again.chain.applied, strict=True):
        assert first.overlay.entries == second.overlay.entries, first.source.id
        assert first.notes == second.notes


def test_modes_and_symlinks_survive(sample: Restructured) -> None:
    entries = sample.phase(9).overlay.entries
    assert entries["scripts/check.sh"].mode == EXECUTABLE
    link = entries["internal/api/docs/latest.md"]
    assert link.mode == SYMLINK
    assert sample.phase(9).overlay.content(link.oid) == b"../../../docs/architecture.md"


# -- p01, p02 -------------------------------------------------------------------------------------------------------


def test_the_analysis_counts_what_is_there(sample: Restructured) -> None:
    report = sample.read(1, "docs/refactoring/ANALYSIS.md")
    assert "84 Go files in 36 packages, tests included." in report
    assert "| `internal/services` | 39 | 51% |" in report
    assert "- `internal/services/retry`\n" in report
    assert "- `internal/services/loadbalancer`" not in report  # it imports circuitbreaker
    assert "```mermaid\nflowchart LR\n" in report


def test_the_analysis_keeps_saying_what_was(sample: Restructured) -> None:
    assert sample.read(9, "docs/refactoring/ANALYSIS.md") == sample.read(1, "docs/refactoring/ANALYSIS.md")


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_says_what_belongs_there(sample: Restructured, group: str) -> None:
    readme = sample.read(2, f"{group}/README.md")
    assert f"A package belongs in `{group}/` when " in readme
    assert "It does not belong here when " in readme
    for folder in FOLDERS:
        if folder.rpartition("/")[0] == group:
            assert f"| `{folder.rpartition('/')[2]}` | " in readme


def test_the_ignore_rule_that_hides_data_is_lifted_openly(sample: Restructured) -> None:
    assert "data/\n!/internal/services/data/\n" in sample.read(2, ".gitignore")
    assert any("`data/` would hide internal/services/data/" in note for note in sample.phase(2).notes)


# -- p03 to p06 -----------------------------------------------------------------------------------------------------


def test_the_cache_is_split(sample: Restructured) -> None:
    assert {path for path in sample.final if path.rpartition("/")[2].startswith(("cache", "pricing_cache"))} == {
        "pkg/cache/cache.go",
        "pkg/cache/cache_test.go",
        "internal/services/data/cache/pricing_cache.go",
        "internal/services/data/cache/pricing_cache_test.go",
        "internal/infrastructure/middleware/cache.go",
    }
    both = sample.read(3, "internal/middleware/budget_async.go")
    assert '"example.com/pllm/pkg/cache"' in both
    assert '"example.com/pllm/internal/services/data/cache"' in both


def test_a_file_named_in_a_document_is_followed_to_its_half(sample: Restructured) -> None:
    readme = sample.read(3, "README.md")
    assert "(internal/services/data/cache/pricing_cache.go)" in readme
    assert "(./pkg/cache/cache.go)" in readme
    assert "internal/services/cachewarm/" in sample.read(3, "docs/architecture.md")


def test_metrics_become_a_package_of_that_name(sample: Restructured) -> None:
    folder = "internal/services/monitoring/metrics"
    assert sample.read(6, f"{folder}/metrics_service.go").count("package metrics\n") == 1
    assert "package metrics_test\n" in sample.read(6, f"{folder}/metrics_staging_test.go")
    assert "package redis_test\n" in sample.read(6, "internal/services/data/redis/redis_integration_test.go")


def test_what_the_plan_does_not_name_stays_and_is_said(sample: Restructured) -> None:
    stays = ", ".join(f"internal/services/{name}" for name in ("cachewarm", "integration", "worker"))
    assert f"not named in the plan and left where they are: {stays}" in sample.phase(6).notes


def test_paths_opened_at_run_time_follow(sample: Restructured) -> None:
    assert 'LoadDefaultPricing("internal/core/config")' in sample.read(4, "cmd/server/main.go")
    assert '"../../../core/config/model_prices.json"' in sample.read(6, "internal/services/data/budget/service_test.go")
    assert '"internal/configuration-notes"' in sample.read(9, "internal/core/config/config.go")


def test_a_destination_that_exists_is_refused_before_anything_moves(tmp_path: Path) -> None:
    repository = make_sample(tmp_path / "pllm")
    work = tmp_path / "pllm"
    (work / "pkg/retry").mkdir(parents=True)
    (work / "pkg/retry/retry.go").write_text("package retry\n")
    git(work, "add", "--all")
    git(work, "-c", "user.name=A", "-c", "user.email=a@example.com", "commit", "--quiet", "--message", "In the way")
    chain = restructure(repository).chain
    assert [applied.source.id for applied in chain.applied] == IDS[:2]
    assert chain.error is not None
    assert '"pkg/retry" exists already' in chain.error.message


# -- p07 ------------------------------------------------------------------------------------------------------------


def test_callers_say_metrics_where_they_can(sample: Restructured) -> None:
    chat = sample.read(7, "internal/api/handlers/chat.go")
    assert "metrics." in chat
    assert not re.search(r"\bservices\.[A-Z]", chat)
    assert any("metrics.go imports" in note for note in sample.phase(7).notes)  # runtime/metrics has the name there


def test_a_stale_reference_fails_the_phase_with_its_place(sample: Restructured) -> None:
    done = sample.phase(6)
    overlay = done.overlay.next()
    overlay.put("docs/late.md", b"First\n\nLook into `internal/services/retry/retry.go`.\n")
    history = MoveMap()
    for applied in sample.chain.applied[:6]:
        history = history.then(applied.moves)
    chain = run_chain(sample.plan, [sample.plan.phases[6]], overlay, history, None)
    assert chain.error is not None
    assert "docs/late.md:3: internal/services/retry is now pkg/retry" in chain.error.message


def test_a_package_that_came_back_fails_the_phase(sample: Restructured) -> None:
    overlay = sample.phase(6).overlay.next()
    overlay.put("internal/services/team/new.go", b"package team\n")
    chain = run_chain(sample.plan, [sample.plan.phases[6]], overlay, MoveMap(), None)
    assert chain.error is not None
    assert '"internal/services/team" is there' in chain.error.message


# -- p08, p09 -------------------------------------------------------------------------------------------------------


def test_the_smoke_test_lists_what_a_person_must_look_at(sample: Restructured) -> None:
    text = sample.read(8, "docs/refactoring/SMOKE_TEST.md")
    for endpoint in ("/v1/chat", "/admin/keys", "/health", "/docs/", "/"):
        assert f'curl -i "$BASE{endpoint}"' in text
    assert "- [ ] `internal/core/config` (cmd/server/main.go:" in text
    assert "- [ ] `internal/api/ui/dist/`" in text
    assert "- [ ] `make docker-up`" in text
    assert "BASE=http://localhost:8080" in text
    assert "migrate approve p08-validation smoke" in text


def test_the_readme_shows_the_new_tree_with_the_words_it_had(sample: Restructured) -> None:
    text = sample.read(9, "README.md")
    assert text.count("## Project Structure") == 1
    assert re.search(r"│   │   ├── auth/ +# who may come in\n", text)  # the owner's words, at the new place
    assert re.search(r"└── retry/ +# Retry logic with backoff\n", text)  # the plan's, where it had none
    assert "[ARCHITECTURE.md](ARCHITECTURE.md)" in text
    assert text.index("## Project Structure") < text.index("## Parts")
    assert '"example.com/pllm/pkg/retry"' in text


def test_architecture_is_written_and_no_rule_hides_it(sample: Restructured) -> None:
    text = sample.read(9, "ARCHITECTURE.md")
    assert "ARCHITECTURE.md\n!/ARCHITECTURE.md\n" in sample.read(9, ".gitignore")
    assert "**Clear separation** between reusable packages" in text
    assert '"example.com/pllm/pkg/retry"' in text
    assert "](docs/refactoring/MOVES.md)" in text
    assert "| services | `internal/services` | log, core, pkg |" in text
    assert "| pkg | `pkg` | nothing of this program |" in text


def test_the_result_is_as_the_plan_draws_it_and_keeps_its_layers(sample: Restructured) -> None:
    assert sample.plan.drawing is not None
    overlay = sample.phase(9).overlay
    layout = compare_with_drawing(sample.plan.drawing, overlay.entries, [])
    assert (layout.missing, layout.undrawn) == ((), ())
    assert "internal/services/worker" in layout.others
    layers = judge_layers(sample.plan.layers, all_sources(overlay))
    assert (layers.broken, layers.empty, layers.unread, layers.unneeded) == ((), (), (), ())
    assert {crossing.path.endswith("_test.go") for crossing in layers.excepted} == {True}


def test_layers_that_are_not_kept_are_named(sample: Restructured) -> None:
    text = sample.read(9, "ARCHITECTURE.md")
    assert "| `internal/core/database/database_test.go` | `internal/infrastructure/testutil` | tests set up" in text
    assert "Today every other import keeps to this." in text
    overlay = sample.phase(8).overlay.next()
    overlay.put(
        "internal/core/auth/teams.go",
        b'package auth\n\nimport _ "example.com/pllm/internal/services/integrations/team"\n',
    )
    applied = run_phase(sample.plan, sample.plan.phases[8], overlay, MoveMap(), None)
    text = applied.overlay.content(applied.overlay.entries["ARCHITECTURE.md"].oid).decode()
    assert "| `internal/core/auth/teams.go` | `internal/services/integrations/team` |\n" in text
    assert "keeps to this" not in text


def test_notes_that_are_kept_out_of_git_stay_out(sample: Restructured) -> None:
    assert "CLAUDE.md" not in sample.final
    assert any(note.startswith("CLAUDE.md is not updated: .gitignore ignores it") for note in sample.phase(9).notes)


def test_tracked_notes_are_updated(sample: Restructured) -> None:
    overlay = sample.phase(8).overlay.next()
    overlay.put("CLAUDE.md", b"# Notes\n\nHello.\n\n## License\n\nMIT\n")
    overlay.put("README.md", b"# pllm\n")
    overlay.put("ARCHITECTURE.md", b"# Ours\n\n## Code layout\n\nProse.\n")
    applied = run_phase(sample.plan, sample.plan.phases[8], overlay, MoveMap(), None)

    def read(path: str) -> str:
        return applied.overlay.content(applied.overlay.entries[path].oid).decode()

    assert read("CLAUDE.md").index("## Project Structure") < read("CLAUDE.md").index("## License")
    assert read("README.md").startswith("# pllm\n\n## Project Structure\n")
    assert read("ARCHITECTURE.md").startswith("# Ours\n\n## Code layout\n\n```\n")
    assert read("ARCHITECTURE.md").endswith("Prose.\n")


# -- for real -------------------------------------------------------------------------------------------------------


COMMANDS = (
    "make generate",
    "go build ./...",
    "go vet ./...",
    "go test -vet=off -ldflags=-s ./...",
    "sh scripts/check.sh",
)


def test_every_branch_builds_and_passes_its_tests(
    sample: Restructured, tmp_path: Path, go_caches: Mapping[str, str]
) -> None:
    work = tmp_path / "work"
    environment = {**os.environ, **go_caches}
    git(sample.repository.git.directory, "worktree", "add", "--quiet", "--detach", str(work), "main")

    def run(command: str) -> str:
        done = subprocess.run(command.split(), cwd=work, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{name}: {command}\n{done.stdout}{done.stderr}"
        return done.stdout

    for name, commit in list(sample.commits.items())[2:]:
        git(work, "checkout", "--quiet", "--detach", commit)
        git(work, "clean", "-ffdxq")
        for command in COMMANDS:
            run(command)
        assert run("gofmt -l .") == f"{'internal/core' if name > 'p03' else 'internal'}/models/legacy.go\n"
        assert git(work, "status", "--porcelain") == "", name


def test_the_plan_names_its_validations() -> None:
    plan = read_plan(PLAN)
    names = {source.id: [v.name for v in plan.validations_of(source)] for source in plan.phases}
    assert names["p03-generic-utilities"] == ["build", "vet"]
    assert names["p08-validation"] == ["build", "vet", "tidy", "test", "lint", "docker-up", "smoke"]
