"""The trees of a stack, told by what each phase changes."""

from __future__ import annotations

import pytest

from migrate.orchestrator.replay.layers import Layers, signature_of
from migrate.stack.project import Project
from tests.story import PHASES, Story


@pytest.fixture
def stack(story: Story) -> Project:
    """Three phases, the second with a hand edit on which the third stands; a file comes, changes, and goes again."""
    dropping = '"""Drop."""\n\n\ndef apply(ws):\n    ws.delete("guide.md")\n'
    names = {name.removesuffix(".py"): text for name, text in PHASES.items()}
    story.begin(**{**names, "p03_drop_notes": dropping}).made("run", "--to", "p02")
    story.commit("By hand", {"new/a.txt": "edited\n"})
    story.made("run", "--no-validate")
    return Project.open(story.path, None)


def test_the_tree_of_each_tip_is_as_git_has_it(story: Story, stack: Project) -> None:
    phases = stack.look().stack.phases
    layers = Layers(stack.repository, phases)
    for phase in phases:
        assert phase.tip is not None
        assert dict(layers.at(phase.tip.oid)) == stack.repository.objects.tree(phase.tip.oid)
        assert len(layers.at(phase.tip.oid)) == len(stack.repository.objects.tree(phase.tip.oid))
        assert layers.at(phase.tip.oid).get("none") is None
    assert dict(layers.at(story.git("rev-parse", "main"))) == stack.repository.objects.tree("main")


def test_runs_tell_by_their_paths_what_no_commit_can_be(story: Story, stack: Project) -> None:
    layers = Layers(stack.repository, stack.look().stack.phases)
    tips = [step.tip for step in layers.steps.values()]
    for first in range(3):
        below = list(layers.steps.values())[first].below
        for last, signature in layers.runs(first):
            paths = story.git("diff-tree", "-r", "-z", "--name-only", below, tips[last]).split("\0")[:-1]
            assert signature is not None
            assert signature.size == len(paths)
    assert [last for last, _ in layers.runs(0)] == [2, 1, 0]
    (edited,) = [step for step in layers.steps.values() if "new/a.txt" in step.changed and "guide.md" in step.changed]
    assert layers.runs(1)[-1][1] == signature_of(edited.changes)


def test_what_stands_elsewhere_is_compared_with_nothing(story: Story, stack: Project) -> None:
    story.git("switch", "-q", "migrate/tidy/p01-move-old")
    story.commit("Late", {"late": ""})
    phases = Project.open(story.path, None).look().stack.phases
    layers = Layers(stack.repository, phases)
    assert [signature is None for _, signature in layers.runs(0)] == [True, True, False]
    for phase in phases:
        assert phase.tip is not None
        assert dict(layers.at(phase.tip.oid)) == stack.repository.objects.tree(phase.tip.oid)
