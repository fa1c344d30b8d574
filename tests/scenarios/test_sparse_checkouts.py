"""A sparse checkout stays as sparse as it was, and the tree as whole."""

from __future__ import annotations

import pytest

from tests.story import PHASES, PLAN, Story

ELSEWHERE = {"far/one.txt": "See old/a.txt.\n", "far/deep/two.txt": "2\n", "kept/three.txt": "3\n"}
WHOLE = 'run = "test -e far/one.txt -a -e far/deep/two.txt -a -e kept/three.txt"'
CONE = ("--cone", "phases", "old", "new", "kept")
LISTED = ("--no-cone", "/*", "!/far/", "!/far/deep/")
MOVE_FAR = '''\
    """Move what is not checked out."""


    def apply(ws):
        ws.move("far/deep", "kept/deep")
        ws.move("kept/three.txt", "far/three.txt")
        ws.replace("old/", "new/", "far/one.txt")
    '''
TOOL = '''\
    """Let a tool edit what is not checked out."""


    def apply(ws):
        ws.run("sh", "-c", "echo more >> far/one.txt")
    '''


def begin(story: Story, patterns: tuple[str, ...], **phases: str) -> Story:
    """A repository of which the folder `far` is not checked out."""
    plan = PLAN.replace(next(line for line in PLAN.splitlines() if line.startswith("run")), WHOLE)
    story.begin(plan, **phases)
    story.commit("Elsewhere", ELSEWHERE)
    story.git("sparse-checkout", "set", *patterns)
    assert not (story.path / "far").exists()
    return story


@pytest.mark.parametrize("patterns", [CONE, LISTED, ("--sparse-index", *CONE)], ids=["cone", "no-cone", "sparse-index"])
def test_a_run_loses_nothing_outside_and_brings_nothing_in(story: Story, patterns: tuple[str, ...]) -> None:
    begin(story, patterns, p01_move_old=PHASES["p01_move_old.py"], p02_drop_notes=PHASES["p03_drop_notes.py"])
    story.type("run").ended(0, "p02-drop-notes passed", "You are on migrate/tidy/p02-drop-notes.")
    assert ELSEWHERE.keys() <= story.files("HEAD")
    assert (story.path / "new/a.txt").exists()
    assert not (story.path / "far").exists()
    assert story.git("config", "core.sparseCheckout") == "true"
    story.untouched()
    story.type("rollback", "p01", "--yes").ended(0, "You are on main.")
    assert not (story.path / "far").exists()
    story.untouched()


@pytest.mark.parametrize("patterns", [CONE, LISTED], ids=["cone", "no-cone"])
def test_what_is_not_checked_out_is_moved_and_rewritten_too(story: Story, patterns: tuple[str, ...]) -> None:
    begin(story, patterns, p01_far=MOVE_FAR).made("next", "--no-validate")
    assert {"kept/deep/two.txt", "far/three.txt", "far/one.txt"} <= story.files("HEAD")
    assert story.git("show", "HEAD:far/one.txt") == "See new/a.txt."
    assert (story.path / "kept/deep/two.txt").exists()
    assert not (story.path / "far").exists()
    story.untouched()


@pytest.mark.parametrize("patterns", [CONE, LISTED], ids=["cone", "no-cone"])
def test_tools_validations_and_hooks_see_the_whole_tree(story: Story, patterns: tuple[str, ...]) -> None:
    begin(story, patterns, p01_tool=TOOL)
    hook = story.write(
        ".git/hooks/pre-commit", "#!/bin/sh\ngit read-tree -m -u $(git write-tree) && test -e far/deep/two.txt\n"
    )
    hook.chmod(0o755)
    story.type("next").ended(0, "p01-tool passed")
    assert story.git("show", "HEAD:far/one.txt") == "See old/a.txt.\nmore"
    assert story.files("HEAD") >= ELSEWHERE.keys()


def test_a_linked_work_tree_that_is_sparse_is_switched_and_the_main_one_stays_whole(story: Story) -> None:
    story.begin()
    story.commit("Elsewhere", ELSEWHERE)
    linked = story.path.with_name(f"{story.path.name}-linked")
    story.git("worktree", "add", "--quiet", "-b", "beside", str(linked))
    story.git("sparse-checkout", "set", *CONE, cwd=linked)
    story.migrate("next", cwd=linked).ended(0, "You are on migrate/tidy/p01-move-old.")
    assert not (linked / "far").exists()
    assert (story.path / "far/one.txt").exists()
    story.untouched()
