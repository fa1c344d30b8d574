"""The base of a Go program goes on while its packages move: a restack is a fresh run, and Go accepts every branch."""

from __future__ import annotations

from tests.scenarios.moving import Moving
from tests.scenarios.test_carrying_go import PHASES, PLAN, PROGRAM, RETRY, STEPS, TIP, tree
from tests.story import Story

LOW = "migrate/tidy/p01-move"
LATE = "migrate/tidy/stragglers"
USE = """\
package use

import (
	"example.com/shop/internal/retry"
	shop "example.com/shop/internal/store"
)

func Use() int { return retry.Tries() + shop.Open() }
"""


def begin(story: Story) -> Moving:
    """The program, migrated; the user is on the base."""
    program = Moving(story, PROGRAM)
    story.plan(PLAN.format(imports="rewrite"))
    for file, text in PHASES.items():
        story.phase(file, text)
    story.commit("Begin")
    story.made("run")
    story.git("switch", "--quiet", "main")
    return program


def is_accepted(program: Moving, *branches: str) -> None:
    """Assert that Go accepts what branches hold."""
    for branch in branches:
        program.story.git("switch", "--quiet", branch)
        program.builds()


def test_what_colleagues_add_and_edit_is_migrated_as_by_a_fresh_run(story: Story) -> None:
    program = begin(story)
    for message, files in STEPS:
        story.commit(message, files)
    story.commit("Use both", {"internal/use/use.go": USE})
    program.builds()
    story.type("status").ended(0, "3 commits newer than the stack")
    story.type("restack").ended(0)
    assert "internal/retry" not in story.git("show", f"{TIP}:internal/use/use.go")
    assert 'shop "example.com/shop/internal/core/shelf"' in story.git("show", f"{TIP}:internal/use/use.go")
    is_accepted(program, LOW, TIP)
    story.type("verify").ended(0, "  0 stale")
    restacked = [tree(story, branch) for branch in (LOW, TIP)]
    story.git("switch", "--quiet", "main")
    story.type("rollback", "p01", "--yes").ended(0)
    story.made("run")
    assert [tree(story, branch) for branch in (LOW, TIP)] == restacked


def test_a_hand_edit_on_a_file_that_moved_is_carried_beside_what_the_base_changed_in_it(story: Story) -> None:
    program = begin(story)
    story.git("switch", "--quiet", LOW)
    by_hand = RETRY.replace("// Do tries again.", "// Do tries again, by hand.")
    more = 'package retry\n\nimport "example.com/shop/internal/store"\n\nfunc More() int { return store.Open() }\n'
    story.commit("By hand", {"pkg/retry/retry.go": by_hand, "pkg/retry/more.go": more})
    story.git("switch", "--quiet", "main")
    story.commit("Theirs", {"internal/retry/retry.go": RETRY.replace("return 3", "return 5")})
    story.type("restack").ended(0, "1 hand edit carried over")
    text = story.git("show", f"{TIP}:pkg/retry/retry.go")
    assert "by hand" in text
    assert "return 5" in text
    assert "internal/core/shelf" in story.git("show", f"{TIP}:pkg/retry/more.go")
    is_accepted(program, LOW, TIP)


def test_a_hand_edit_that_imports_an_old_path_is_carried_by_the_phase_that_moves_it_now(story: Story) -> None:
    program = begin(story)
    story.git("switch", "--quiet", TIP)
    text = 'package late\n\nimport "example.com/shop/pkg/retry"\n\nfunc Late() int { return retry.Tries() }\n'
    story.commit("By hand", {"internal/late/late.go": text})
    story.git("switch", "--quiet", "main")
    phase = story.path / "phases/p01_move.py"
    phase.write_text(phase.read_text().replace("pkg/retry", "pkg/again"))
    story.commit("Elsewhere")
    story.type("restack").ended(0, "1 hand edit carried over")
    assert "pkg/again/retry.go" in story.files(TIP)
    is_accepted(program, LOW)
    assert "pkg/retry" in story.git("show", f"{TIP}:internal/late/late.go")  # p02 made no move of it.


def test_a_straggler_is_moved_with_its_imports_and_everything_builds(story: Story) -> None:
    program = begin(story)
    story.git("merge", "--quiet", "--no-ff", "-m", "Merge", LOW)
    story.type("land", "--yes").ended(0)
    late = {
        "internal/retry/slow.go": "package retry\n\n// Slow waits.\nfunc Slow() int { return Tries() }\n",
        "internal/retry/backoff/backoff.go": STEPS[0][1]["internal/retry/backoff/backoff.go"].replace(
            "internal/retry", "pkg/retry"
        ),
    }
    story.commit("From an older branch", late)
    said = story.type("status").ended(0, "stragglers", "Next: migrate restack").out
    assert "2 files arrived at places that have moved" in said
    story.type("restack").ended(0, "stragglers · Move files that arrived at old places")
    assert story.files(LATE) >= {"pkg/retry/slow.go", "pkg/retry/backoff/backoff.go"}
    assert not [path for path in story.files(TIP) if path.startswith(("internal/retry", "internal/store"))]
    is_accepted(program, LATE, TIP)


def test_a_straggler_that_only_imports_an_old_path_is_led_to_the_new_one(story: Story) -> None:
    program = begin(story)
    story.git("merge", "--quiet", "--ff-only", TIP)
    story.type("land", "--yes").ended(0)
    late = STEPS[0][1]["internal/retry/backoff/backoff.go"]
    story.commit(
        "From an older branch",
        {
            "internal/retry/backoff/backoff.go": late,
            "internal/use/use.go": USE.replace("internal/retry", "internal/retry/backoff").replace(
                "retry.Tries", "backoff.Twice"
            ),
        },
    )
    story.type("status").ended(0, "1 file arrived at places that have moved")
    story.made("restack")
    assert "internal/core/shelf" in story.git("show", f"{LATE}:pkg/retry/backoff/backoff.go")
    is_accepted(program, LATE)
    story.type("verify", "stragglers").ended(0)
