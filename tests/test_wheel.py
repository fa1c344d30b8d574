"""The built wheel, installed in a clean environment, is the whole program."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder of programs of a new virtual environment that holds the wheel and what it depends on."""
    place = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--outdir", str(place), str(TOP)]
    subprocess.run(build, check=True, capture_output=True)
    venv.create(place / "venv", with_pip=True)
    programs = place / "venv" / "bin"
    (wheel,) = place.glob("git_phases-*.whl")
    subprocess.run([programs / "pip", "install", "--quiet", wheel], check=True, capture_output=True)
    return programs


def test_nine_phases_and_their_templates_come_with_the_wheel(installed, repo):
    repo.commit("first", {"go.mod": "module example.com/x\n\ngo 1.21\n", "internal/auth/auth.go": "package auth\n"})
    environment = {**os.environ, "PATH": f"{installed}{os.pathsep}{os.environ['PATH']}"}
    environment.pop("PYTHONPATH", None)

    def run(*command):
        done = subprocess.run(
            command,
            cwd=repo.path,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = run(installed / "python", "-P", "-c", "import migrate; print(migrate.__file__)")
    assert Path(where.strip()).is_relative_to(installed.parent)
    # `man` looks beside the folder of every program on PATH, and `git migrate --help` asks it.
    pages = installed.parent / "share" / "man" / "man1"
    assert {page.name for page in pages.iterdir()} == {"git-migrate.1", "migrate.1"}
    run("migrate", "init", "--example", "pllm")
    assert len(list((repo.path / "phases").glob("p0*.py"))) == 9
    run("migrate", "next", "--no-validate")
    assert "ANALYSIS.md" in run("git", "show", "--stat", "--format=", "migrate/pllm/p01-analysis")
    assert "p01-analysis" in run("git", "migrate", "status")
    assert "Analyse the current structure" in run("git", "migrate", "pr", "p01", "--json")
