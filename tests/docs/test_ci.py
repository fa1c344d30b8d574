"""The workflow of docs/ci.md does on a plain checkout what the page says."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.scenarios.clones import SECOND, Clones, clone, clones
from tests.story import story

__all__ = ["clones", "story"]

PAGE = Path(__file__).parents[2] / "docs/ci.md"


def steps() -> list[str]:
    """The commands of the workflow, but for those that install."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    found = [line.partition("- run: ")[2].partition("   #")[0] for line in lines if "- run: " in line]
    return [command for command in found if not command.startswith("pip ")]


@pytest.mark.parametrize("detached", [False, True])
def test_its_commands_work_where_git_knows_nobody(
    clones: Clones, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, detached: bool
) -> None:
    ada, _, origin = clones
    ada.made("run").made("sync", "--yes")
    ci = clone(ada, origin, tmp_path / "ci", "CI")
    ci.git("config", "--remove-section", "user")
    nobody = tmp_path / "nobody.gitconfig"
    nobody.write_text("[user]\n    useConfigOnly = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(nobody))
    ci.git("switch", "--quiet", *(("--detach", f"origin/{SECOND}") if detached else (SECOND,)))
    assert len(steps()) == 4
    for command in steps():
        done = subprocess.run(command, shell=True, cwd=ci.path, capture_output=True, text=True, check=False)
        assert done.returncode == 0, (command, done.stderr)
    assert "p02-add-guide passed" in done.stderr
