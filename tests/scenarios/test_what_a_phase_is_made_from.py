"""A phase is stale when something that it is made from changed, and not when something beside it did."""

from __future__ import annotations

import os
import re

from migrate.plan.reader import read_plan
from tests.story import PHASES, Story

CODEMOD = '''\
    """Run a codemod."""

    from pathlib import Path

    HERE = Path(__file__).parent


    def apply(ws):
        ws.run("sh", str(HERE / "tools/rename.sh"))
    '''
IMPORTING = '''\
    """Write what a module says."""

    from . import layout


    def apply(ws):
        ws.write("layout.txt", layout.TEXT)
    '''


def begun(story: Story) -> Story:
    """A migration of three phases: one runs a script, one imports a module, one stands alone. All are made."""
    story.write("phases/tools/rename.sh", '. "$(dirname "$0")/more.sh"\n')
    story.write("phases/tools/more.sh", "echo one > renamed\n")
    story.write("phases/layout.py", "TEXT = 'one'\n")
    story.begin(p01_alone=PHASES["p02_add_guide.py"], p02_importing=IMPORTING, p03_codemod=CODEMOD)
    story.made("run", "--no-validate").git("switch", "--quiet", "main")
    return story


def stale(story: Story) -> list[str]:
    """The phases that are stale, and why."""
    return [f"{p['id']}: {p['reason']}" for p in story.status()["phases"] if p["state"] == "stale"]


def test_a_module_that_no_phase_imports_makes_nothing_stale(story: Story) -> None:
    begun(story).write("phases/scratch.py", "import this\n")
    story.write("phases/notes/ideas.py", "")
    assert stale(story) == []
    story.type("restack", "--no-validate").ended(4)


def test_a_module_makes_the_phases_stale_that_import_it(story: Story) -> None:
    begun(story).write("phases/layout.py", "TEXT = 'two'\n")
    assert stale(story)[0] == "p02-importing: its module changed since it ran"
    assert story.states()[0] == "waiting"
    story.made("restack", "--no-validate")
    assert story.git("show", "migrate/tidy/p02-importing:layout.txt") == "two"


def test_an_edited_codemod_makes_the_phase_stale_that_runs_it(story: Story) -> None:
    begun(story).write("phases/tools/rename.sh", "echo two > renamed\n")
    assert stale(story) == ["p03-codemod: its module changed since it ran"]
    story.made("restack", "--no-validate")
    assert story.git("show", "migrate/tidy/p03-codemod:renamed") == "two"
    assert stale(story) == []


def test_so_does_a_file_that_only_the_codemod_uses(story: Story) -> None:
    begun(story).write("phases/tools/more.sh", "echo two > renamed\n")
    assert stale(story) == ["p03-codemod: its module changed since it ran"]


def test_phases_that_an_older_version_made_are_up_to_date(story: Story) -> None:
    begun(story)
    former = {source.digest: source.former_digests[0] for source in read_plan(story.path / "migrate.toml").phases}
    below = "main"
    for phase in ("p01-alone", "p02-importing", "p03-codemod"):
        message = story.git("log", "-1", "--format=%B", f"migrate/tidy/{phase}")
        told = re.sub(r"(?<=Migration-Source: )(\w+)", lambda found: former[found[1]], message)
        assert told != message
        tree = f"migrate/tidy/{phase}^{{tree}}"
        below = story.git("commit-tree", tree, "-p", below, "-m", told)
        story.git("update-ref", f"refs/heads/migrate/tidy/{phase}", below)
    assert stale(story) == []
    story.type("restack", "--no-validate").ended(4)
    story.write("phases/layout.py", "TEXT = 'two'\n")
    assert [line.partition(":")[0] for line in stale(story)] == ["p01-alone", "p02-importing", "p03-codemod"]


def test_a_pipe_or_a_device_beside_the_phases_keeps_nobody_waiting(story: Story) -> None:
    begun(story)
    os.mkfifo(story.path / "phases/layout.yml")
    (story.path / "phases/endless.py").symlink_to("/dev/zero")
    (story.path / "phases/tools/endless.sh").symlink_to("/dev/zero")
    assert stale(story) == ["p03-codemod: its module changed since it ran"]
