"""The sample repository, restructured once for all tests of the phases."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import pytest

from migrate.git.repository import Repository
from migrate.git.writer import CommitIdentity, CommitWriter
from migrate.phase.runner import Applied, Chain, run_chain
from migrate.plan.model import Plan
from migrate.plan.reader import read_plan
from migrate.stack.trailers import commit_message
from migrate.tree.editable_tree import Imports
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay

HERE = Path(__file__).parent
SAMPLE = HERE.parent / "sample/tree"
PLAN = HERE.parent.parent / "phases/pllm/migrate.toml"
WHO = "Ada Lovelace <ada@example.com> 1714564800 +0000"


def commit_all(folder: Path, message: str) -> None:
    """Commit everything in a folder, whoever the machine thinks that we are."""
    who = ["-c", "user.name=Ada Lovelace", "-c", "user.email=ada@example.com", "-c", "commit.gpgsign=false"]
    for arguments in (["add", "--all"], ["commit", "--quiet", "--message", message]):
        git(folder, *who, *arguments)


def git(folder: Path, *arguments: str) -> str:
    """Run git in a folder and return what it printed."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(["git", *arguments], cwd=folder, check=True, env=clean, capture_output=True, text=True).stdout


def make_sample(folder: Path) -> Repository:
    """The sample as a repository with one commit."""
    shutil.copytree(SAMPLE, folder, symlinks=True)
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit_all(folder, "The old layout")
    return Repository.open(folder)


@dataclass
class Restructured:
    """A repository and what the nine phases make of it, in memory."""

    repository: Repository
    plan: Plan
    chain: Chain

    def phase(self, number: int) -> Applied:
        """What one phase did, by its number."""
        return self.chain.applied[number - 1]

    def read(self, number: int, path: str) -> str:
        """The text of a file after a phase."""
        overlay = self.phase(number).overlay
        return overlay.content(overlay.entries[path].oid).decode()

    @cached_property
    def final(self) -> set[str]:
        """The paths after the last phase."""
        return set(self.chain.applied[-1].overlay.entries)

    @cached_property
    def commits(self) -> Mapping[str, str]:
        """A real commit of each phase, by the phase's number."""
        found = {}
        parent = self.repository.commit("main")
        assert parent is not None
        for applied in self.chain.applied:
            message = commit_message(self.plan.name, applied.source, applied.moves, applied.notes)
            with CommitWriter(self.repository, CommitIdentity(WHO, WHO)) as writer:
                parent = writer.commit(message, (parent,), applied.overlay.changes(), applied.overlay.written.get)
            found[applied.source.id[:3]] = parent
        return found


def restructure(repository: Repository, imports: Imports = "rewrite") -> Restructured:
    """Run all phases in memory."""
    plan = replace(read_plan(PLAN), imports=imports)
    base = repository.commit("main")
    assert base is not None
    overlay = Overlay.of(repository.objects, base)
    return Restructured(repository, plan, run_chain(plan, plan.phases, overlay, MoveMap(), None))


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Restructured:
    """The sample, restructured."""
    return restructure(make_sample(tmp_path_factory.mktemp("phases") / "pllm"))
