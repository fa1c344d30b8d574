"""The nine phases with `imports = "forward"`: importers stay as they are until phase 7, and the end is the same."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from migrate.engines.golang.header import scan
from tests.phases.conftest import Restructured, git, restructure

AT_ONCE = {
    "p04": ["cmd/server/main.go", "cmd/worker/main.go", "internal/docs/embed_dev.go"],
    "p05": ["cmd/server/main.go"],
}
"""What uses a variable of a package that moves, or one that a build generates."""


@pytest.fixture(scope="module")
def forwarded(sample: Restructured) -> Restructured:
    """The sample, restructured with packages that forward."""
    return restructure(sample.repository, "forward")


def test_both_ways_end_in_the_same_tree(sample: Restructured, forwarded: Restructured) -> None:
    assert forwarded.chain.error is None
    for way, other in zip(sample.chain.applied, forwarded.chain.applied, strict=True):
        same = way.overlay.entries == other.overlay.entries
        assert same == (way.source.id < "p03" or way.source.id > "p07"), way.source.id
        assert way.moves == other.moves, way.source.id


def imports(restructured: Restructured, oid: str) -> list[str]:
    header = scan(restructured.phase(9).overlay.content(oid))
    return [spec.path for spec in header.imports] if header else []


def test_no_importer_is_touched_before_phase_7_but_for_what_cannot_be_forwarded(forwarded: Restructured) -> None:
    for applied in forwarded.chain.applied[2:6]:
        here = [change for change in applied.files if change.is_rewritten and not change.is_moved]
        touched = [
            change.path
            for change in here
            if change.path.endswith(".go")
            and change.old
            and change.new
            and imports(forwarded, change.old.oid) != imports(forwarded, change.new.oid)
        ]
        assert [path for path in touched if "/forward" not in path] == AT_ONCE.get(applied.source.id[:3], [])
        assert any("at old places forward to new ones" in note for note in applied.notes), applied.source.id
        stays = [note for note in applied.notes if note.startswith("not named in the plan")]
        assert all("retry" not in note for note in stays), "what only forwards is nothing that stays"


def test_branches_compile(forwarded: Restructured, tmp_path: Path, go_caches: Mapping[str, str]) -> None:
    work = tmp_path / "work"
    environment = {**os.environ, **go_caches}
    git(forwarded.repository.git.directory, "worktree", "add", "--quiet", "--detach", str(work), "main")
    for name, commit in list(forwarded.commits.items())[3:6:2]:
        git(work, "checkout", "--quiet", "--detach", commit)
        git(work, "clean", "-ffdxq")
        for command in ("make generate", "go vet ./...", "gofmt -l pkg cmd internal/services"):
            done = subprocess.run(
                command.split(), cwd=work, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{name}: {command}\n{done.stdout}{done.stderr}"
        assert done.stdout == "", name
        assert git(work, "status", "--porcelain") == "", name
