"""What is advised in a clone of one branch, with a remote of another name, in a mirror: typed word for word, it works."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.scenarios.clones import FIRST, Clones, clone, sync
from tests.story import PHASES, Ran, Story, prepared


@pytest.fixture
@prepared
def shared(clones: Clones) -> Clones:
    """All phases are made and shared, and a colleague has a branch, which the remote has, too."""
    ada, _, _ = clones
    ada.made("run")
    clones.sync(ada)
    ada.git("switch", "--quiet", "--create", "topic", "main")
    ada.commit("Topic", {"old/b.txt": "b, better\n"})
    ada.git("push", "--quiet", "origin", "topic")
    ada.git("switch", "--quiet", "main")
    return clones


def advised(story: Story, said: Ran, pattern: str) -> None:
    """Type the command that was advised, as a shell reads it."""
    found = re.search(pattern, said.text)
    assert found, said
    subprocess.run(found.group(1), shell=True, cwd=story.path, check=True, capture_output=True)


FETCH = r"(?m)(?:^|: )(git (?:remote|fetch|config) .+?) brings"


def test_a_branch_that_a_clone_of_one_branch_lacks_comes_as_is_advised(shared: Clones, tmp_path: Path) -> None:
    one = clone(shared.ada, shared.origin, tmp_path / "one", "One", "--single-branch")
    sync(one).ended(0)
    for name in ("origin/topic", "topic"):
        said = one.type("carry", name).ended(6, f'there is no branch "{name}" here or on origin')
    advised(one, said, FETCH)
    one.type("carry", "origin/topic").ended(0, "topic is carried to")
    one.git("fetch", "--quiet", "origin")
    said = one.type("carry", "nowhere").ended(6)
    with pytest.raises(subprocess.CalledProcessError):
        advised(one, said, FETCH)
    one.git("fetch", "--quiet", "origin")


def test_all_branches_of_a_clone_of_one_branch_are_not_all_of_the_remote(shared: Clones, tmp_path: Path) -> None:
    one = clone(shared.ada, shared.origin, tmp_path / "one", "One", "--single-branch")
    sync(one).ended(0)
    said = one.type("carry", "--all").ended(0, "This clone does not fetch every branch of origin")
    assert "has no branch except" not in said.text
    advised(one, said, FETCH)
    said = one.type("carry", "--all").ended(0, "topic  carried")
    assert "does not fetch" not in said.text


@pytest.mark.parametrize("remotes", [(), ("fork",)])
@pytest.mark.parametrize("depth", [(), ("--depth=1",)])
def test_a_remote_of_another_name_is_the_one_that_the_base_follows(
    shared: Clones, tmp_path: Path, remotes: tuple[str, ...], depth: tuple[str, ...]
) -> None:
    ada, _, origin = shared
    other = clone(ada, origin, tmp_path / "other", "Other", "--origin=upstream", *depth)
    for name in remotes:
        other.git("remote", "add", name, str(tmp_path / "nowhere"))
    if depth:
        said = other.type("status").ended(0, "this clone is shallow")
        other.git("switch", "--quiet", "--detach")
        advised(other, said, r"\((git remote set-branches .+?)\)")
        other.git("switch", "--quiet", "main")
    other.type("status").ended(0, "on upstream", "Next: migrate sync")
    sync(other).ended(0, "From upstream:")
    assert other.states() == ["passed"] * 3
    if not depth:
        other.type("carry", "upstream/topic").ended(0, "topic is carried to")
    merged = ada.commit("Else", {"else.txt": ""})
    ada.git("push", "--quiet", "origin", "main")
    other.made("restack", "--fetch")
    assert other.git("merge-base", FIRST, "main") == merged
    sync(other).ended(0)
    assert origin.git("rev-parse", FIRST) == other.git("rev-parse", FIRST)
    other.made("finish", "--abandon", "--yes")
    assert origin.git("for-each-ref", "refs/migrate", "refs/heads/migrate") == ""


def test_a_remote_that_the_plan_names_and_nobody_set_up_is_named_with_a_command_that_works(
    shared: Clones, tmp_path: Path
) -> None:
    other = clone(shared.ada, shared.origin, tmp_path / "other", "Other", "--origin=upstream")
    other.git("remote", "rename", "upstream", "one")
    other.git("remote", "add", "two", str(tmp_path / "nowhere"))
    other.git("config", "--unset", "branch.main.remote")
    other.type("status").ended(0, 'no remote here is named "origin"', "git remote rename one origin")
    said = other.type("sync", "--yes").ended(2, 'this repository has no remote "origin", which the plan names')
    advised(other, said, r"(?m)^(git remote rename one origin)\b")
    sync(other).ended(0)
    assert other.states() == ["passed"] * 3


@pytest.mark.parametrize("options", [("--mirror",), ("--bare",)])
def test_a_repository_without_a_work_tree_carries_and_shares(
    shared: Clones, tmp_path: Path, options: tuple[str, ...]
) -> None:
    ada, _, origin = shared
    bare = clone(ada, origin, tmp_path / "bare.git", "Bare", *options)
    said = bare.type("carry", "topic").ended(0, "topic is carried to")
    advised(bare, said, r"Next: (git .+?)   \(")
    assert (tmp_path / "topic/new/b.txt").read_text() == "b, better\n"
    said = bare.type("carry", "--all").ended(0)
    if options == ("--bare",):
        advised(bare, said, FETCH)
        said = bare.type("carry", "--all").ended(0)
    assert "topic  the same" in said.text
    ada.commit("Else", {"else.txt": ""})
    ada.git("push", "--quiet", "origin", "main")
    bare.made("restack", "--fetch")
    sync(bare).ended(0)
    assert origin.git("rev-parse", FIRST) == bare.git("rev-parse", FIRST)
    clones_say = ada.type("sync", "--yes").ended(0)
    assert FIRST.rpartition("/")[2] in clones_say.text


def test_a_clone_that_prunes_keeps_what_it_has_of_the_phases(shared: Clones, tmp_path: Path) -> None:
    other = clone(shared.ada, shared.origin, tmp_path / "other", "Other", "--config=fetch.prune=true")
    sync(other).ended(0)
    before = other.refs("refs/heads", "refs/migrate")
    other.git("fetch", "--quiet")
    assert other.refs("refs/heads", "refs/migrate") == before
    other.type("sync", "--yes").ended(4)
    other.made("finish", "--abandon", "--yes")
    assert shared.origin.git("for-each-ref", "refs/migrate", "refs/heads/migrate") == ""


def test_a_base_that_follows_nothing_is_pulled_as_is_advised(shared: Clones) -> None:
    ada, bob, _ = shared
    sync(bob).ended(0)
    bob.git("switch", "--quiet", "main")
    bob.phase("p04_add_more.py", PHASES["p02_add_guide.py"].replace("guide", "more"))
    bob.commit("One more")
    bob.git("push", "--quiet", "origin", "main")
    bob.made("run", "--no-validate")
    sync(bob).ended(0)
    ada.git("update-ref", "-d", "refs/remotes/origin/main")
    ada.git("config", "--unset-all", "remote.origin.fetch")
    said = sync(ada)
    advised(ada, said, r"has it: (git switch main && git pull .+)")
    assert len(ada.states()) == 4


@pytest.mark.parametrize("command", ["next", "status"])
def test_a_failed_phase_of_a_bare_repository_is_fixed_in_a_work_tree_beside_it(
    clones: Clones, tmp_path: Path, command: str
) -> None:
    ada, _, origin = clones
    ada.plan(extra='\n[[validation]]\nname = "fixed"\nrun = "test -e fixed.txt"\nphases = ["p01-*"]\n')
    ada.git("commit", "--quiet", "--all", "--message=Ask for more")
    ada.git("push", "--quiet", "origin", "main")
    bare = clone(ada, origin, tmp_path / "bare.git", "Bare", "--bare")
    said = bare.type("next").ended(1, "fix it   git worktree add")
    if command == "status":
        said = bare.type("status").ended(0, "fix it   git worktree add")
    advised(bare, said, r"fix it   (git .+?), commit")
    beside = Story(tmp_path / FIRST.rpartition("/")[2])
    beside.capture = ada.capture
    beside.commit("Fix", {"fixed.txt": ""})
    beside.type("validate").ended(0)
    assert bare.states()[0] == "passed"
