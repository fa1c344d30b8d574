"""The house of this program was moved by its own phases: run again on the tree before, they make the same trees."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.story import Story

TOP = Path(__file__).resolve().parents[2]
PLAN = "phases/house/migrate.toml"


def history(*words: str) -> list[str]:
    """What git prints in the repository of this program, line by line; nothing where it is not one."""
    done = subprocess.run(["git", *words], cwd=TOP, capture_output=True, text=True, check=False)
    return done.stdout.splitlines() if done.returncode == 0 else []


def test_the_phases_of_the_house_make_the_same_trees_again(tmp_path: Path) -> None:
    made = history("log", "--reverse", "--format=%H %T", "--extended-regexp", "--grep=^Migration: house$", "HEAD")
    # An archive of the sources, or a shallow clone, has no history to compare with.
    if not made or history("rev-parse", "--is-shallow-repository") == ["true"]:
        return
    again = Story(tmp_path / "house")
    again.git("clone", "--quiet", "--no-checkout", str(TOP), str(again.path), cwd=tmp_path)
    again.git("switch", "--quiet", "-C", "main", f"{made[0].split()[0]}^")
    again.git("remote", "remove", "origin")  # There all of them have landed.
    again.migrate("--plan", PLAN, "run", "--no-validate", timeout=300).ended(0)
    branches = again.git("for-each-ref", "--format=%(tree)", "--sort=refname", "refs/heads/migrate/house").splitlines()
    assert branches == [each.split()[1] for each in made]
