"""Whatever a team does, every clone that has fetched tells the same state, and what it advises works when typed.

The plan has no validation, so that nothing depends on receipts, which a plain clone does not have.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from migrate.errors import Exit
from tests.chaos.child import Ended, import_everything, typed
from tests.story import PHASES, Story

EXAMPLES = int(os.environ.get("CLONES_EXAMPLES", "3"))
STEPS = int(os.environ.get("CLONES_STEPS", "8"))
PLAN = '[migration]\nname = "tidy"\ntitle = "Tidy up"\n'
NAMES = ("p01-move-old", "p02-add-guide", "p03-drop-notes")
NUMBERS = st.integers(0, 2)
BEGIN = "Begin"
"""The commit that brought the plan: without it there is nothing to tell."""
DEPTH = 60
"""How much of the history a CI has: all of the migration, and not all of what was before it."""
WELL = (Exit.DONE, Exit.NOTHING_LEFT)


class Team(RuleBasedStateMachine):
    """Ada drives the migration, Bob reviews, and a forge merges pull requests; all over one bare repository."""

    template: Path
    output: Path

    @initialize()
    def begin(self) -> None:
        """Everybody has a clone of the same repository."""
        self.scratch = Path(tempfile.mkdtemp(dir=self.template.parent))
        self.origin = self.scratch / "origin.git"
        shutil.copytree(self.template, self.origin, symlinks=True)
        self.ada, self.bob, self.forge = (self.clone(name) for name in ("ada", "bob", "forge"))
        self.count = 0

    def teardown(self) -> None:
        """Nothing of it is needed any more."""
        if hasattr(self, "scratch"):
            shutil.rmtree(self.scratch, ignore_errors=True)

    # -- what people do ---------------------------------------------------------------------------------------------

    @rule(number=NUMBERS)
    def run(self, number: int) -> None:
        """Ada makes phases."""
        self.type(self.ada, "run", "--to", NAMES[number])

    @rule()
    def restack(self) -> None:
        """Ada runs what is out of date again."""
        self.type(self.ada, "restack", "--fetch")

    @rule()
    def land(self) -> None:
        """Ada takes out what landed."""
        self.type(self.ada, "land", "--fetch", "--yes")

    @rule()
    def base_commit(self) -> None:
        """Somebody merges something else into the base."""
        self.fetch_forge()
        self.commit(self.forge, f"base-{self.count}.txt")
        self.forge.git("push", "--quiet", "origin", "main")

    @rule(how=st.sampled_from(["fast-forward", "merge", "squash", "emptied"]))
    def merge_lowest(self, how: str) -> None:
        """The forge merges the lowest pull request."""
        branch = next((b for b in self.on_origin() if not self.in_base(f"origin/{b}")), None)
        if branch is None:
            return
        self.fetch_forge()
        source = f"origin/{branch}"
        if how in ("fast-forward", "merge"):
            option = "--ff" if how == "fast-forward" else "--no-ff"
            done = self.tried(self.forge, "merge", "--quiet", option, "-m", f"Merge {branch}", source)
        else:
            said = self.forge.git("log", "-1", "--format=%B", source) if how == "squash" else f"Tidy (#{self.count})"
            done = self.tried(self.forge, "merge", "--quiet", "--squash", source)
            done = done and self.tried(self.forge, "commit", "--quiet", "-m", said)
        if done:
            self.forge.git("push", "--quiet", "origin", "main")

    @rule()
    def revert(self) -> None:
        """The forge takes the last commit of the base back."""
        self.fetch_forge()
        parents = self.forge.git("rev-list", "--parents", "-1", "HEAD").split()[1:]
        mainline = ("-m", "1") if len(parents) > 1 else ()
        has_more = self.forge.git("log", "-1", "--format=%s") != BEGIN
        if has_more and self.tried(self.forge, "revert", "--no-edit", *mainline, "HEAD"):
            self.forge.git("push", "--quiet", "origin", "main")

    @rule(number=NUMBERS)
    def review_fix(self, number: int) -> None:
        """Bob commits on the branch of a phase and pushes it, as people do with git alone."""
        branch = f"migrate/tidy/{NAMES[number]}"
        if branch in self.on_origin():
            self.bob.git("switch", "--quiet", "--detach", f"origin/{branch}")
            self.commit(self.bob, f"fix-{self.count}.txt")
            self.bob.git("push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")
            self.bob.git("switch", "--quiet", "main")

    @rule(number=NUMBERS)
    def amend(self, number: int) -> None:
        """Ada amends the commit of a phase."""
        branch = f"migrate/tidy/{NAMES[number]}"
        if f"refs/heads/{branch}" in self.ada.refs() and self.tried(self.ada, "switch", "--quiet", branch):
            self.count += 1
            self.ada.write(f"amended-{self.count}.txt", "amended\n")
            self.ada.git("add", f"amended-{self.count}.txt")
            self.ada.git("commit", "--quiet", "--amend", "--no-edit")
            self.ada.git("switch", "--quiet", "main")

    @rule(number=NUMBERS)
    def update_branch(self, number: int) -> None:
        """The forge merges the base into the branch of a phase."""
        branch = f"migrate/tidy/{NAMES[number]}"
        if branch in self.on_origin():
            self.fetch_forge()
            self.forge.git("switch", "--quiet", "--detach", f"origin/{branch}")
            if self.tried(self.forge, "merge", "--quiet", "--no-ff", "-m", "Merge main", "origin/main"):
                self.forge.git("push", "--quiet", "origin", f"HEAD:refs/heads/{branch}")

    @rule()
    def rename(self) -> None:
        """Somebody gives the file of a phase another name, and says so in it."""
        self.fetch_forge()
        old, new = self.forge.path / "phases/p03_drop_notes.py", self.forge.path / "phases/p03_remove_notes.py"
        if old.exists():
            text = old.read_text() + '\n\nPHASE = Phase(formerly=("p03-drop-notes",))\n'
            new.write_text(text.replace("def apply", "from migrate import Phase\n\n\ndef apply"))
            old.unlink()
            self.forge.commit("Name it better")
            self.forge.git("push", "--quiet", "origin", "main")

    @rule()
    def sync(self) -> None:
        """Ada shares what she has."""
        self.type(self.ada, "sync", "--yes")

    @rule()
    def follow_the_advice(self) -> None:
        """Ada types what `status` tells her to."""
        self.advice_works(self.ada)

    @rule()
    def help_out(self) -> None:
        """Bob goes on where Ada is, as `status` tells him to."""
        if self.type(self.bob, "sync", "--yes").code in WELL:
            self.advice_works(self.bob)
            self.type(self.bob, "sync", "--yes")

    # -- what must hold ---------------------------------------------------------------------------------------------

    @invariant()
    def everybody_agrees(self) -> None:
        """Every clone that has fetched tells the same state of every phase, and its advice is not refused.

        A shallow one may not know.
        """
        if not hasattr(self, "ada"):
            return
        if "refs/migrate/tidy/stopped" in self.ada.refs():
            self.type(self.ada, "abort")
        if not self.shared():
            return  # What Ada has was not shared, because somebody must decide first; she was told so.
        ci = self.clone("ci", "--depth", str(DEPTH), "--no-single-branch")
        tips = self.on_origin()
        ci.git("switch", "--quiet", "--detach", f"origin/{tips[-1]}" if tips else "origin/main")
        self.pull(self.bob)
        self.type(self.bob, "sync", "--fetch-only")
        told = {story.path.name: self.states(story) for story in (self.ada, self.bob, self.clone("fresh"), ci)}
        known = {at: state for at, state in enumerate(told["ci"]) if state[1] != "unknown"}
        told["ci"] = [known.get(at, state) for at, state in enumerate(told["ada"])]
        assert all(states == told["ada"] for states in told.values()), (told, self.last)
        for name in ("fresh", "ci"):
            self.advice_works(Story(self.scratch / name))
            shutil.rmtree(self.scratch / name)

    # -- how --------------------------------------------------------------------------------------------------------

    last = Ended(0, "")

    def clone(self, name: str, *options: str) -> Story:
        """A new clone of the bare repository."""
        story = Story(self.scratch / name)
        story.path.mkdir()
        story.git("clone", "--quiet", *options, self.origin.as_uri(), ".")
        return story

    def type(self, story: Story, *arguments: str) -> Ended:
        """Run a command in a clone: it may be refused, and it never blows up."""
        self.last = typed(arguments, story.path, self.output)
        assert "Traceback" not in self.last.text, (arguments, self.last)
        assert "This is a bug" not in self.last.text, (arguments, self.last)
        return self.last

    def shared(self) -> bool:
        """Whether everything that Ada has is on the remote, and the other way round."""
        self.pull(self.ada)
        return self.type(self.ada, "sync", "--yes").code in WELL

    def pull(self, story: Story) -> None:
        """Fetch, and bring the base up to date, wherever one stands."""
        story.git("fetch", "--quiet")
        onto = ("pull", "--quiet", "--ff-only", "origin", "main")
        self.tried(story, *(onto if story.branch() == "main" else ("fetch", "--quiet", "origin", "main:main")))

    def states(self, story: Story) -> list[tuple[str, str]]:
        """What `status` says of every phase."""
        told = self.type(story, "status", "--json")
        assert told.code == 0, told
        return [(phase["id"], phase["state"]) for phase in json.loads(told.text)["phases"]]

    def advice_works(self, story: Story) -> None:
        """Type the command that `status` names: it may find nothing to do, or stop at a conflict, and no more."""
        told = json.loads(self.type(story, "status", "--json").text)
        if told["next"] is None:
            return
        done = self.type(story, *shlex.split(told["next"])[1:], "--yes")
        assert done.code in (*WELL, Exit.CONFLICT), (told["conclusion"], told["next"], done)
        if done.code == Exit.CONFLICT:
            self.type(story, "abort")

    def on_origin(self) -> list[str]:
        """The phases' branches on the remote, bottom first."""
        self.forge.git("fetch", "--quiet", "--prune", "origin")
        listed = self.forge.git("for-each-ref", "--format=%(refname:lstrip=3)", "refs/remotes/origin/migrate/tidy/p*")
        return listed.split()

    def in_base(self, revision: str) -> bool:
        """Whether the base contains a commit already."""
        return self.tried(self.forge, "merge-base", "--is-ancestor", revision, "origin/main")

    def fetch_forge(self) -> None:
        """Let the forge stand on the base as the remote has it."""
        self.forge.git("fetch", "--quiet", "--prune", "origin")
        self.forge.git("switch", "--quiet", "--force", "main")
        self.forge.git("reset", "--quiet", "--hard", "origin/main")

    def commit(self, story: Story, path: str) -> None:
        """Commit one new file."""
        self.count += 1
        story.write(path, f"{self.count}\n")
        story.git("add", path)
        story.git("commit", "--quiet", "-m", f"Commit {self.count}")

    def tried(self, story: Story, *arguments: str) -> bool:
        """Whether a command of git succeeds; a merge that does not is taken back."""
        try:
            story.git(*arguments)
        except AssertionError:
            self.undone(story, arguments)
            return False
        return True

    def undone(self, story: Story, arguments: Sequence[str]) -> None:
        """Leave nothing half-merged behind."""
        if arguments[0] in ("merge", "revert", "commit"):
            story.git("reset", "--quiet", "--hard")


@pytest.mark.property
def test_every_clone_tells_the_same_and_what_it_advises_works(tmp_path: Path) -> None:
    import_everything()
    story = Story(tmp_path / "first")
    story.path.mkdir()
    story.git("init", "--quiet", "-b", "main")
    story.begin(PLAN, **{name.removesuffix(".py"): text for name, text in PHASES.items()})
    before = "".join(
        f"commit refs/heads/before\ncommitter A <a@b> {1_600_000_000 + number} +0000\ndata 6\nBefore\n"
        for number in range(DEPTH)
    )
    subprocess.run(["git", "fast-import", "--quiet"], cwd=story.path, input=before.encode(), check=True)
    story.git("rebase", "--quiet", "before", "main")
    story.git("branch", "--quiet", "--delete", "--force", "before")
    story.git("clone", "--quiet", "--bare", ".", str(tmp_path / "template.git"))
    Team.template = tmp_path / "template.git"
    Team.output = tmp_path / "output"
    run_state_machine_as_test(
        Team,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.generate),
            print_blob=False,
        ),
    )
