"""A phase that really ran, on a real repository, is described as it happened."""

from __future__ import annotations

import pytest

from migrate.describe.links import links_of
from migrate.describe.log import migration_log
from migrate.describe.pull_request import describe_phase
from migrate.describe.review import review_phase
from migrate.engines.explanation import ChangeKind
from migrate.git.refs import RefUpdate, move_refs
from migrate.git.writer import CommitWriter, commit_identity
from migrate.phase.runner import run_phase
from migrate.plan.reader import read_plan
from migrate.stack.model import compute_stack
from migrate.stack.snapshot import RefNames, take_snapshot
from migrate.stack.trailers import commit_message
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay

FILES = {
    "go.mod": "module example.org/shop\n\ngo 1.22\n",
    "internal/services/retry/retry.go": "package retry\n\n// Times is how often.\nconst Times = 3\n",
    "internal/services/retry/doc.go": "// Package retry tries again.\npackage retry\n",
    "internal/api/api.go": 'package api\n\nimport "example.org/shop/internal/services/retry"\n\nvar N = retry.Times\n',
    "README.md": "# shop\n\nSee [retry](internal/services/retry/doc.go).\n",
    "Makefile": "test:\n\tgo test ./internal/services/retry\n",
}

PLAN = """\
[migration]
name = "shop"
title = "Restructure the shop"
"""

PHASE = '''\
"""Move generic utilities to pkg/.

Retry knows nothing of the shop.
"""


def apply(ws):
    ws.move("internal/services/retry", "pkg/retry")
    ws.replace("internal/services/retry", "pkg/retry", "internal/api/*.go", "README.md")
    ws.replace("go test ./internal/services/retry", "go test ./...", "Makefile")
    ws.write("pkg/README.md", "# For any program\\n")
    ws.note("Nothing imports retry but the api.")
'''


@pytest.fixture
def stack(repo, tmp_path):
    """The stack after its one phase ran and a person added a commit."""
    repo.commit("Begin", FILES)
    (tmp_path / "plan" / "phases").mkdir(parents=True)
    (tmp_path / "plan" / "migrate.toml").write_text(PLAN)
    (tmp_path / "plan" / "phases" / "p01_generic_utilities.py").write_text(PHASE)
    plan = read_plan(tmp_path / "plan" / "migrate.toml")
    repository, source = repo.repository, plan.phases[0]
    base = repository.commit("main")
    done = run_phase(plan, source, Overlay.of(repository.objects, base), MoveMap(), None)
    with CommitWriter(repository, commit_identity(repository)) as writer:
        message = commit_message(plan.name, source, done.moves, done.notes)
        made = writer.commit(message, (base,), done.overlay.changes(), done.overlay.written.get)
    branch = plan.branch(source.id)
    updates = [RefUpdate(f"refs/heads/{branch}", None, made), RefUpdate(RefNames(plan.name).start, None, base)]
    move_refs(repository, updates, "test")
    repo.git("switch", "--quiet", branch)
    repo.commit(
        "Try a fourth time", {"pkg/retry/retry.go": FILES["internal/services/retry/retry.go"].replace("3", "4")}
    )
    return compute_stack(plan, take_snapshot(repository, plan))


def test_what_a_reviewer_must_read_is_what_no_move_explains(repo, stack):
    found = review_phase(repo.repository.objects, stack, stack.phases[0])
    assert {file.path: (file.kind, file.reason) for file in found.files} == {
        "Makefile": (ChangeKind.READ, "1 line"),
        "README.md": (ChangeKind.LINKS, "1 line"),
        "internal/api/api.go": (ChangeKind.IMPORTS, "1 line"),
        "pkg/README.md": (ChangeKind.READ, "new, 1 line"),
        "pkg/retry/doc.go": (ChangeKind.MOVED, ""),
        "pkg/retry/retry.go": (ChangeKind.MOVED, ""),
    }


def test_the_description_tells_what_happened(repo, stack, golden):
    phase = stack.phases[0]
    found = review_phase(repo.repository.objects, stack, phase)
    text = describe_phase(stack.plan, stack, phase, found, links_of("https://ada:s3cret@github.com/ada/shop.git"))
    assert "s3cret" not in text
    golden("real_pull_request.md", without_names(text, stack))


def test_the_log_tells_what_happened(stack, golden):
    golden("real_migration_log.md", without_names(migration_log(stack.plan, stack), stack))


def without_names(text, stack):
    """The text with fixed words for object names, which depend on the version of the plan's words alone."""
    phase = stack.phases[0]
    for name, word in ((phase.tip.oid, "TIP"), (phase.commit.oid, "COMMIT"), (stack.base, "BASE")):
        text = text.replace(name, word).replace(name[:7], word)
    return text
