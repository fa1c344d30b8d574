"""Phases become commits on branches of their own, in one transaction or one by one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from migrate.errors import PhaseError, RefusedError
from migrate.orchestrator import advance as module
from migrate.orchestrator.advance import advance, pending_phases
from migrate.orchestrator.preview import run_pending
from migrate.orchestrator.validate import validate_announced, validation_targets
from migrate.phase.runner import Applied
from migrate.plan.phase_source import PhaseSource
from migrate.stack.phase_state import PhaseState
from migrate.stack.project import Project
from migrate.stack.run_options import RunOptions
from migrate.validation.progress import SilentProgress
from tests.story import BREAKING, PHASES, PLAN, Story


class Told(SilentProgress):
    """Remembers what it is told."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def phase_started(self, source: PhaseSource) -> None:
        self.steps.append(f"start {source.id}")

    def applied(self, applied: Applied, seconds: float) -> None:
        self.steps.append(f"apply {applied.source.id}")

    def phase_finished(self, phase: PhaseState) -> None:
        self.steps.append(f"finish {phase.id} {phase.state}")


def project(story: Story) -> Project:
    """The story's repository and plan."""
    return Project.open(story.path, story.path / "migrate.toml")


def operations(story: Story) -> list[tuple[str, list[str]]]:
    """The journal, oldest first: what was done, and the refs that moved."""
    said = story.git("log", "--reverse", "-z", "--format=%B", "refs/migrate/tidy/journal").split("\0")
    found = []
    for message in said:
        title, _, body = message.partition("\n\n")
        if body:
            found.append((title, [one["ref"] for one in json.loads(body)["refs"]]))
    return found


def test_without_validations_all_branches_are_made_in_one_transaction(story: Story) -> None:
    story.begin()
    told = Told()
    done = advance(project(story), told, RunOptions(validate=False))
    assert done.made == ("p01-move-old", "p02-add-guide", "p03-drop-notes")
    branches = [f"refs/heads/migrate/tidy/{phase}" for phase in done.made]
    moved = [ref for p in done.made for ref in (f"refs/heads/migrate/tidy/{p}", f"refs/migrate/tidy/made/{p}")]
    title = "make p01-move-old, p02-add-guide, p03-drop-notes"
    assert operations(story) == [(title, [*moved, "refs/migrate/tidy/start"])]
    assert [step for step in told.steps if step.startswith("finish")] == [
        f"finish {phase} waiting" for phase in done.made
    ]
    commits = story.git("rev-list", "--reverse", "main..HEAD").split()
    assert commits == [story.git("rev-parse", branch) for branch in branches]


def test_with_validations_each_phase_is_finished_before_the_next(story: Story) -> None:
    story.begin()
    told = Told()
    advance(project(story), told, to="p02-add-guide")
    assert told.steps == [
        *("start p01-move-old", "apply p01-move-old", "finish p01-move-old passed"),
        *("start p02-add-guide", "apply p02-add-guide", "finish p02-add-guide passed"),
    ]
    titles = [title for title, _ in operations(story)]
    assert titles == ["make p01-move-old", "validate p01-move-old", "make p02-add-guide", "validate p02-add-guide"]


def test_what_was_made_unvalidated_is_validated_first(story: Story) -> None:
    story.begin()
    advance(project(story), Told(), RunOptions(validate=False), to="p02-add-guide")
    told = Told()
    done = advance(project(story), told, only_one=True)
    assert (done.caught_up, done.made) == (("p01-move-old", "p02-add-guide"), ("p03-drop-notes",))
    assert told.steps[:4] == [
        *("start p01-move-old", "finish p01-move-old passed"),
        *("start p02-add-guide", "finish p02-add-guide passed"),
    ]


def test_only_what_is_asked_for_is_caught_up_with(story: Story) -> None:
    story.begin()
    advance(project(story), Told(), RunOptions(validate=False))
    assert advance(project(story), Told(), to="p01-move-old").caught_up == ("p01-move-old",)


def test_a_phase_that_fails_late_keeps_the_next_from_being_made(story: Story) -> None:
    story.begin(p01_break=BREAKING, p02_add_guide=PHASES["p02_add_guide.py"])
    story.type("next", "--no-validate").ended(0)
    done = advance(project(story), Told())
    assert (done.made, done.failed, done.switched) == ((), "p01-break", None)
    story.type("next").ended(6)


def test_nothing_left_is_nothing_done(story: Story) -> None:
    story.begin().made("run")
    for validate in (True, False):
        told = Told()
        done = advance(project(story), told, RunOptions(validate=validate))
        assert (done.made, done.caught_up, done.switched, told.steps) == ((), (), None, [])


def test_the_phases_before_an_error_stand_and_are_told(story: Story) -> None:
    story.begin(p01_move_old=PHASES["p01_move_old.py"], p02_odd='"""Odd."""\n\n\ndef apply(ws):\n    1 / 0\n')
    told = Told()
    done = advance(project(story), told, RunOptions(validate=False))
    assert isinstance(done.error, PhaseError)
    assert done.made == ("p01-move-old",)
    assert told.steps[-1] == "finish p01-move-old waiting"
    assert done.switched is not None
    assert done.switched.done


def test_the_commit_says_what_it_is(story: Story) -> None:
    story.begin().made("next")
    message = story.git("log", "-1", "--format=%B")
    assert message.startswith("Move old to new\n\nThe old folder was never meant to stay.\n\nMigration: tidy\n")
    assert "Moved: old => new" in message
    assert story.git("log", "-1", "--format=%an %ad", "--date=iso-strict") == "Ada Lovelace 2024-05-01T12:00:00+00:00"


def test_the_same_phase_on_the_same_tree_makes_the_same_tree(story: Story) -> None:
    story.begin().made("run")
    tree = story.git("rev-parse", "HEAD^{tree}")
    story.made("rollback", "p01", "--yes").made("run", "--no-validate")
    assert story.git("rev-parse", "HEAD^{tree}") == tree
    assert story.states() == ["passed"] * 3  # The receipts of the trees still count.


def test_a_branch_that_appears_meanwhile_stops_the_whole_transaction(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.begin()
    write = module.write_phase

    def late(*arguments: object) -> None:
        story.git("branch", "migrate/tidy/p02-add-guide")
        write(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "write_phase", late)
    with pytest.raises(RefusedError, match="was not done"):
        advance(project(story), Told(), RunOptions(validate=False))
    assert set(story.refs()) == {"refs/heads/main", "refs/heads/migrate/tidy/p02-add-guide"}


def test_an_untracked_file_in_the_way_of_the_switch_is_kept(story: Story) -> None:
    story.begin(p01_add_guide=PHASES["p02_add_guide.py"])
    story.write("guide.md", "mine\n")
    done = advance(project(story), Told())
    assert done.switched is not None
    assert (done.switched.done, done.switched.why) == (
        False,
        '"migrate/tidy/p01-add-guide" has files that are untracked here: guide.md',
    )
    assert (story.path / "guide.md").read_text() == "mine\n"


def test_the_plan_moves_nothing(story: Story) -> None:
    story.begin()
    before = story.refs()
    foreseen = run_pending(project(story))
    assert [applied.source.id for applied in foreseen.applied] == ["p01-move-old", "p02-add-guide", "p03-drop-notes"]
    assert (foreseen.counts.moved, foreseen.counts.written, foreseen.counts.deleted) == (2, 1, 1)
    assert story.refs() == before
    assert [path.name for path in (story.path / ".git/migrate").iterdir()] == ["cache"]


def test_the_plan_goes_on_from_what_is_made(story: Story) -> None:
    story.begin().made("next")
    assert [applied.source.id for applied in run_pending(project(story)).applied] == ["p02-add-guide", "p03-drop-notes"]
    story.made("run")
    assert run_pending(project(story)).applied == ()


def test_a_failed_phase_is_in_the_way_of_everything(story: Story) -> None:
    story.begin(p01_break=BREAKING, p02_add_guide=PHASES["p02_add_guide.py"]).type("next").ended(1)
    with pytest.raises(RefusedError, match="no phase runs on top of a failed phase"):
        pending_phases(project(story).look().stack, to=None, only_one=True)


def test_what_is_validated(story: Story) -> None:
    story.begin()
    here = project(story)
    context = here.look()
    with pytest.raises(RefusedError, match="no phase has a branch yet"):
        validation_targets(context, None, everything=True)
    with pytest.raises(RefusedError, match="p01-move-old has no branch to validate"):
        validation_targets(context, "p01", everything=False)
    with pytest.raises(RefusedError, match="lost its branch"):
        validate_announced(context, "p01-move-old", Told())
    story.made("run", "--no-validate")
    context = here.look()
    assert validation_targets(context, None, everything=False) == ["p03-drop-notes"]
    assert len(validation_targets(context, None, everything=True)) == 3
    story.git("switch", "--quiet", "migrate/tidy/p02-add-guide")
    assert validation_targets(here.look(), None, everything=False) == ["p02-add-guide"]
    story.git("switch", "--quiet", "main")
    assert validation_targets(here.look(), None, everything=False) == ["p03-drop-notes"]


def test_a_validation_is_run_again_only_when_asked(story: Story) -> None:
    count = story.path / ".git/count"
    story.begin(PLAN.partition("[[")[0] + f'[[validation]]\nname = "count"\nrun = "echo x >>{count}"\n').made("next")
    story.made("validate")
    assert Path(count).read_text() == "x\n"
    story.made("validate", "--again")
    assert Path(count).read_text() == "x\nx\n"


def test_a_gate_needs_a_branch_to_stand_on(story: Story) -> None:
    story.begin(PLAN + '\n[[validation]]\nname = "smoke"\nmanual = "Look"\n')
    story.type("approve", "p01", "smoke").ended(6, "p01-move-old has no branch, so there is nothing to approve")
