"""`plan --diff` is a patch: applied by git it gives the tree that the phases make, and a terminal is safe from it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.story import PHASES, PLAN, PROGRAM, Story, prepared
from tests.terminal import Terminal

ODD = {
    "src/tabs.mk": "all: one two\n\n.PHONY: one two\n\none:\n\techo one\n\ntwo:\n\techo two\n",
    "src/dos.txt": "one\r\ntwo\r\n",
    "src/open.txt": "no line feed at the end",
    "src/latin.txt": b"caf\xe9\n",
    "src/picture.bin": bytes(range(256)) * 4,
    "src/run.sh": "#!/bin/sh\necho run\n",
    'src/a "quoted" name.txt': "x\ny\nz\n",
    b"src/caf\xe9.txt".decode("utf-8", "surrogateescape"): "odd name\n",
    "src/тест.txt": "other letters\n",
    "same.txt": "a\nb\nc\n",
    "gone.txt": "gone\n",
    "place": "a file where a folder will be\n",
    "INDEX.md": "See src/tabs.mk and src/open.txt.\n",
}
MOVE = '''\
    """Move src to lib."""


    def apply(ws):
        ws.move("src", "lib")
        ws.replace("src/", "lib/", "INDEX.md")
        ws.replace("echo", "printf", "lib/tabs.mk")
        ws.write("lib/picture.bin", bytes(reversed(range(256))) * 4)
        ws.write("lib/new.bin", bytes(range(200)))
        ws.write("lib/dos.txt", b"one\\r\\nthree\\r\\n")
        ws.write("lib/latin.txt", b"the\\xe9\\n")
        ws.write("lib/open.txt", b"still none")
    '''
CHANGE = '''\
    """Change what has moved, and what is where something was."""


    def apply(ws):
        ws.move("lib/tabs.mk", "build/rules.mk")
        ws.move("same.txt", "other.txt")
        ws.write("same.txt", "quite another\\n")
        ws.delete("gone.txt")
        ws.delete("place")
        ws.write("place/inside.txt", "a folder now\\n")
        ws.run("chmod", "755", "lib/open.txt")
        ws.run("ln", "-s", "lib/open.txt", "link")
        ws.write("lib/open.txt", b"now with one\\n")
    '''
BACK = '''\
    """Put a name back, and a file in place of the folder."""


    def apply(ws):
        ws.delete("same.txt")
        ws.move("other.txt", "same.txt")
        ws.delete("place/inside.txt")
        ws.write("place", "a file again\\n")
        ws.write("gone.txt", "is back\\n")
        ws.delete("link")
        ws.run("chmod", "644", "lib/open.txt")
    '''
SETTINGS = {
    "diff.noprefix": "true",
    "diff.mnemonicPrefix": "true",
    "diff.renames": "false",
    "diff.renameLimit": "1",
    "diff.external": "false",
    "diff.context": "0",
    "diff.algorithm": "patience",
    "color.ui": "always",
    "core.quotePath": "true",
    "apply.whitespace": "nowarn",
}


def applied(story: Story, commit: str, patch: bytes, cwd: Path) -> str:
    """The tree that git makes of a commit by a patch."""
    story.git("worktree", "add", "--quiet", "--detach", str(cwd), commit)
    subprocess.run(["git", "apply", "--index"], cwd=cwd, input=patch, check=True)
    tree = story.git("write-tree", cwd=cwd)
    story.git("worktree", "remove", "--force", str(cwd))
    return tree


def typed(story: Story, *arguments: str) -> bytes:
    """What a pipe gets."""
    done = subprocess.run([*PROGRAM, *arguments], cwd=story.path, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
@prepared
def odd(story: Story) -> Story:
    """A repository with every kind of file, and three phases that change all of them."""
    story.commit("Odd", ODD)
    (story.path / "src/run.sh").chmod(0o755)
    story.begin(p01_move=MOVE, p02_change=CHANGE, p03_back=BACK)
    return story


def test_the_patch_of_all_phases_gives_the_tree_of_the_last(odd: Story, tmp_path: Path) -> None:
    patch = typed(odd, "plan", "--diff")
    odd.made("run", "--no-validate")
    expected = odd.git("rev-parse", "migrate/tidy/p03-back^{tree}")
    assert applied(odd, "main", patch, tmp_path / "w") == expected


def test_no_setting_of_the_user_changes_it(odd: Story, tmp_path: Path) -> None:
    odd.write(".gitattributes", "*.txt diff=trap\n*.mk -diff\n")
    odd.commit("Attributes")
    odd.git("config", "diff.trap.command", "false")
    odd.git("config", "diff.trap.textconv", "false")
    for key, value in SETTINGS.items():
        odd.git("config", key, value)
    patch = typed(odd, "plan", "--diff")
    odd.made("run", "--no-validate")
    expected = odd.git("rev-parse", "migrate/tidy/p03-back^{tree}")
    for key in ("color.ui", "apply.whitespace"):
        odd.git("config", "--unset", key)
    assert applied(odd, "main", patch, tmp_path / "w") == expected


def test_each_phase_has_its_own_patch_in_the_json(odd: Story, tmp_path: Path) -> None:
    phases = odd.type("plan", "--diff", "--json").ended(0).json["phases"]
    odd.made("run", "--no-validate")
    below = "main"
    for number, phase in enumerate(phases):
        branch = f"migrate/tidy/{phase['id']}"
        patch = phase["diff"].encode("utf-8", "surrogateescape")
        assert applied(odd, below, patch, tmp_path / str(number)) == odd.git("rev-parse", f"{branch}^{{tree}}")
        below = branch
    assert "diff" not in odd.type("rollback", "p01", "--yes").text
    assert "diff" not in odd.type("plan", "--json").ended(0).json["phases"][0]


def test_moves_are_renames_also_where_content_changed(odd: Story) -> None:
    patch = typed(odd, "plan", "--diff").decode("utf-8", "surrogateescape")
    assert "similarity index 100%\nrename from src/run.sh\nrename to lib/run.sh\n" in patch
    assert "rename from src/tabs.mk\nrename to build/rules.mk\n" in patch
    assert "\n-\techo one\n" in patch
    assert "\n+\tprintf one\n" in patch
    assert "GIT binary patch" in patch
    second = odd.type("plan", "--diff", "--json").json["phases"][1]["diff"]
    assert "old mode 100644\nnew mode 100755\n" in second
    assert "similarity index 100%\nrename from lib/tabs.mk\nrename to build/rules.mk\n" in second


def test_what_is_pending_on_made_phases_applies_to_them(odd: Story, tmp_path: Path) -> None:
    odd.made("next", "--no-validate")
    patch = typed(odd, "plan", "--diff")
    odd.made("run", "--no-validate")
    expected = odd.git("rev-parse", "migrate/tidy/p03-back^{tree}")
    assert applied(odd, "migrate/tidy/p01-move", patch, tmp_path / "w") == expected


def test_an_error_that_looks_like_a_patch_is_not_applied(story: Story, tmp_path: Path) -> None:
    hostile = (
        '"""Be odd."""\n\nfrom migrate import Problem\n\n\ndef apply(ws):\n    pass\n\n\ndef preflight(ws):\n'
        '    yield Problem("no\\n--- a/notes.txt\\n+++ b/notes.txt\\n@@ -1 +1 @@\\n-notes\\n+owned")\n'
    )
    story.begin(p01_move_old=PHASES["p01_move_old.py"], p02_odd=hostile)
    done = subprocess.run([*PROGRAM, "plan", "--diff"], cwd=story.path, capture_output=True, check=False)
    assert done.returncode == 1
    assert b"+owned" in done.stdout
    story.made("next", "--no-validate")
    expected = story.git("rev-parse", "migrate/tidy/p01-move-old^{tree}")
    assert applied(story, "main", done.stdout, tmp_path / "w") == expected


def test_no_ref_moves_and_the_work_tree_stays(odd: Story) -> None:
    before = odd.refs()
    typed(odd, "plan", "--diff")
    assert odd.refs() == before
    odd.untouched()


def test_on_a_terminal_it_is_safe_and_binary_files_are_named(story: Story) -> None:
    write = 'ws.write("page.txt", "a\\tb\\x1b[31mred\\r\\n"); ws.write("new.bin", bytes(range(99)))'
    story.begin(PLAN, p01_write=f'"""Write."""\n\n\ndef apply(ws):\n    {write}\n')
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    environment.pop("NO_COLOR")
    for env in ({**environment, "NO_COLOR": "1"}, environment):
        terminal = Terminal(story, "plan", "--diff", env=env)
        assert terminal.end() == 0
        shown = terminal.shown
        assert "a      b\\x1b[31mred\\r" in shown
        assert "Binary files /dev/null and b/new.bin differ" in shown
        assert "GIT binary patch" not in shown
        assert ("\x1b[32m+a " in shown) is ("NO_COLOR" not in env)
