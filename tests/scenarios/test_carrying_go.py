"""A colleague's Go branch comes across a migration that moves packages: what comes out is what the migration makes of
the branch, and Go accepts it."""

from __future__ import annotations

import subprocess

import pytest

from tests.scenarios.moving import Moving
from tests.story import Story

PLAN = """\
[migration]
name = "tidy"
imports = "{imports}"
"""
PHASES = {
    "p01_move.py": '''\
        """Move retry and its policy."""


        def apply(ws):
            ws.go.move("internal/retry", "pkg/retry")
            ws.references.update()
        ''',
    "p02_rename.py": '''\
        """Move the store, and call it shelf."""


        def apply(ws):
            ws.go.move("internal/store", "internal/core/shelf", rename="shelf")
            ws.references.update()
        ''',
}
TIP = "migrate/tidy/p02-rename"
CARRIED = "migrate/tidy/carried/feature"

RETRY = """\
package retry

// Do tries again.
func Do(f func() error) error { return f() }

// Tries is how often.
func Tries() int { return 3 }
"""
APP = """\
package app

import (
	"fmt"

	"example.com/shop/internal/retry"
	"example.com/shop/internal/store"
)

func Run() error {
	fmt.Println(store.Open())
	return retry.Do(func() error { return nil })
}
"""
PROGRAM = {
    "internal/retry/retry.go": RETRY,
    "internal/store/store.go": "package store\n\n// Open opens it.\nfunc Open() int { return 1 }\n",
    "internal/app/app.go": APP,
    "README.md": "See internal/retry/retry.go.\n",
}

# What a colleague adds to it: a file in the package that moves, a package below it that imports it by its old path, an
# edit of a file that moves, and an import right beside the lines that the migration rewrites.
BACKOFF = """\
package backoff

import (
	"example.com/shop/internal/retry"
	"example.com/shop/internal/store"
)

func Twice() int { return 2 * retry.Tries() * store.Open() }
"""
CLOCK = "package clock\n\nfunc Now() int { return 0 }\n"
STEPS: list[tuple[str, dict[str, str]]] = [
    (
        "Add a backoff",
        {
            "internal/retry/slow.go": "package retry\n\n// Slow waits.\nfunc Slow() int { return Tries() }\n",
            "internal/retry/backoff/backoff.go": BACKOFF,
            "internal/retry/backoff/backoff_test.go": (
                'package backoff_test\n\nimport (\n\t"testing"\n\n\t"example.com/shop/internal/retry/backoff"\n)\n\n'
                "func TestTwice(t *testing.T) { _ = backoff.Twice() }\n"
            ),
            "README.md": "See internal/retry/retry.go and internal/retry/backoff/backoff.go.\n",
        },
    ),
    (
        "Use it",
        {
            "internal/retry/retry.go": RETRY.replace("return 3", "return 5"),
            "internal/clock/clock.go": CLOCK,
            "internal/app/app.go": APP.replace(
                '\t"example.com/shop/internal/retry"\n',
                '\t"example.com/shop/internal/clock"\n\t"example.com/shop/internal/retry"\n'
                '\t"example.com/shop/internal/retry/backoff"\n',
            ).replace("store.Open()", "store.Open(), clock.Now(), backoff.Twice(), retry.Slow()"),
        },
    ),
]


def begin(story: Story, imports: str = "rewrite") -> Moving:
    """The program, its plan, and a colleague's branch that begins before the migration."""
    program = Moving(story, PROGRAM)
    story.plan(PLAN.format(imports=imports))
    for file, text in PHASES.items():
        story.phase(file, text)
    story.commit("Begin")
    story.git("switch", "--quiet", "-c", "feature")
    for message, files in STEPS:
        story.commit(message, files)
    program.builds()
    story.git("switch", "--quiet", "main")
    return program


def tree(story: Story, revision: str) -> str:
    """The tree of a revision."""
    return story.git("rev-parse", f"{revision}^{{tree}}")


def migrated_afresh(story: Story) -> list[str]:
    """The tree of each commit of the branch, migrated as if it had been the base from the beginning."""
    found = []
    story.type("rollback", "p01", "--yes").ended(0)
    for revision in ("feature~1", "feature"):
        story.git("switch", "--quiet", "main")
        story.git("reset", "--quiet", "--hard", revision)
        story.made("run")
        found.append(tree(story, TIP))
        story.type("rollback", "p01", "--yes").ended(0)
    return found


def is_accepted(program: Moving, branch: str) -> None:
    """Assert that Go accepts every commit of a branch, or its last two."""
    for revision in (f"{branch}~1", branch):
        program.story.git("switch", "--quiet", "--detach", revision)
        program.builds()


@pytest.mark.parametrize("imports", ["rewrite", "forward"])
def test_a_carried_branch_is_what_the_migration_makes_of_it_commit_by_commit(story: Story, imports: str) -> None:
    program = begin(story, imports)
    story.made("run")
    story.git("switch", "--quiet", "main")
    story.type("carry", "feature").ended(0, "2 commits")
    assert story.git("rev-parse", f"{CARRIED}~2") == story.git("rev-parse", TIP)
    assert story.files(CARRIED) >= {"pkg/retry/slow.go", "pkg/retry/backoff/backoff.go", "internal/clock/clock.go"}
    is_accepted(program, CARRIED)
    carried = [tree(story, revision) for revision in (f"{CARRIED}~1", CARRIED)]
    if imports == "rewrite":
        assert not [path for path in story.files(CARRIED) if path.startswith(("internal/retry", "internal/store"))]
        assert "internal/retry" not in story.git("show", f"{CARRIED}:internal/app/app.go")
    else:
        assert "pkg/retry" in story.git("show", f"{CARRIED}:internal/retry/forward.go")
    assert carried == migrated_afresh(story)


def test_plain_git_conflicts_where_carry_does_not(story: Story) -> None:
    begin(story).story.made("run")
    done = subprocess.run(
        ["git", "merge-tree", "--write-tree", "--name-only", "--no-messages", TIP, "feature"],
        cwd=story.path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done
    assert "internal/app/app.go" in done.stdout.splitlines()
    story.git("switch", "--quiet", "main")
    story.type("carry", "feature").ended(0)


@pytest.mark.parametrize("imports", ["rewrite", "forward"])
def test_a_branch_is_carried_over_what_has_landed_and_what_came_after(story: Story, imports: str) -> None:
    program = begin(story, imports)
    story.made("run")
    story.git("switch", "--quiet", "main")
    story.commit("Else", {"internal/else/else.go": "package other\n"})
    story.git("merge", "--quiet", "--no-ff", "-m", "Merge", TIP)
    on_top = 'package late\n\nimport _ "example.com/shop/pkg/retry"\n'
    story.commit("On", {"internal/late/late.go": on_top})
    story.type("land", "--yes").ended(0)
    story.type("carry", "feature").ended(0, "2 commits")
    assert story.git("rev-parse", f"{CARRIED}~2") == story.git("rev-parse", "main")
    assert "internal/late/late.go" in story.files(CARRIED)
    is_accepted(program, CARRIED)


def test_a_hand_edit_on_the_stack_and_a_branch_come_together(story: Story) -> None:
    program = begin(story)
    story.made("run")
    text = story.git("show", f"{TIP}:internal/app/app.go") + "\n\n// Stop ends it.\nfunc Stop() {}\n"
    story.commit("By hand", {"internal/app/app.go": text, "pkg/retry/hand.go": "package retry\n"})
    story.type("carry", "feature").ended(0, "2 commits")
    assert "func Stop()" in story.git("show", f"{CARRIED}:internal/app/app.go")
    assert "clock.Now()" in story.git("show", f"{CARRIED}:internal/app/app.go")
    is_accepted(program, CARRIED)
