"""What runs in a slot has the environment that the user set, and `migrate` at hand behind everything else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from migrate.execution.environment import command_env
from migrate.execution.slots import Slot, take_slot
from migrate.git.hooks import hook_env
from migrate.plan.validation import Validation
from migrate.validation import runner
from migrate.validation.outcome import Outcome
from migrate.validation.runner import run_validation
from tests.conftest import Sandbox

BESIDE = Path(sys.executable).parent
"""The environment in which this program is installed."""
TOP = Path(__file__).resolve().parents[2]


@pytest.fixture
def place(repo: Sandbox) -> Iterator[Slot]:
    """A slot that holds a commit with one file."""
    commit = repo.commit("first", {"file": "1\n"})
    with take_slot(repo.repository) as made:
        made.checkout(commit)
        yield made


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch) -> str:
    """A PATH without the environment in which this program is installed."""
    kept = os.pathsep.join(folder for folder in os.environ["PATH"].split(os.pathsep) if Path(folder) != BESIDE)
    monkeypatch.setenv("PATH", kept)
    return kept


def said(place: Slot, command: str, **env: str) -> str:
    """What a line for the shell prints in a slot."""
    done = subprocess.run(
        ["sh", "-c", command], cwd=place.path, env=command_env(place, env), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done
    return done.stdout.removesuffix("\n")


def test_path_is_the_user_s_with_a_folder_of_nothing_but_migrate_behind(place: Slot, path: str) -> None:
    *before, last = said(place, "echo $PATH").split(os.pathsep)
    assert os.pathsep.join(before) == path
    assert {file.name for file in Path(last).iterdir()} == {"migrate", "git-migrate"}


def test_python_is_the_one_of_the_user(place: Slot, path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "python").write_text("#!/bin/sh\necho mine\n")
    (tmp_path / "python").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{path}")
    assert said(place, "python -m pytest") == "mine"


def test_migrate_of_the_user_s_own_path_wins(place: Slot, tmp_path: Path, path: str) -> None:
    (tmp_path / "migrate").write_text("#!/bin/sh\necho mine\n")
    (tmp_path / "migrate").chmod(0o755)
    assert said(place, "migrate", PATH=f"{tmp_path}:{path}") == "mine"


@pytest.mark.parametrize("name", ["migrate", "git migrate"])
def test_migrate_runs_though_its_environment_is_not_on_path(place: Slot, path: str, name: str) -> None:
    assert shutil.which("migrate", path=path) is None
    assert said(place, f"{name} --version").startswith("migrate, version ")


def test_migrate_runs_where_a_module_of_its_name_stands(
    place: Slot, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (place.path / "migrate").mkdir()
    (place.path / "migrate/__init__.py").write_text("raise SystemExit('not this one')\n")
    (place.path / "click.py").write_text("raise SystemExit('nor this one')\n")
    monkeypatch.setenv("PYTHONPATH", str(place.path))
    assert said(place, "migrate --version").startswith("migrate, version ")


def test_migrate_that_runs_from_its_sources_runs_in_a_slot_too(
    repo: Sandbox, place: Slot, path: str, tmp_path: Path
) -> None:
    elsewhere = tmp_path / "some sources"
    shutil.copytree(TOP / "migrate", elsewhere / "migrate", ignore=shutil.ignore_patterns("__pycache__"))
    program = (
        "import sys; from pathlib import Path; from migrate.git.repository import Repository; "
        "from migrate.execution.slots import take_slot; from migrate.execution.environment import command_env; import os\n"
        "with take_slot(Repository.open(Path(sys.argv[1]))) as place:\n"
        "    env = command_env(place)\n"
        "os.execve('/bin/sh', ['sh', '-c', 'migrate --version && migrate nothing'], env)"
    )
    command = [sys.executable, "-c", program, str(repo.path)]
    done = subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, check=False)
    assert done.stdout.startswith("migrate, version ")
    assert 'there is no command "nothing"' in done.stderr
    shutil.move(elsewhere / "migrate/cli/app.py", elsewhere / "gone")
    done = subprocess.run(command, cwd=elsewhere, capture_output=True, text=True, check=False)
    assert "No module named 'migrate.cli.app'" in done.stderr


def test_script_that_runs_migrate_is_written_anew_when_it_is_broken(place: Slot, path: str) -> None:
    folder = Path(command_env(place)["PATH"].rpartition(":")[2])
    (folder / "migrate").write_text("cut sho")
    (folder / "git-migrate").chmod(0o644)
    assert said(place, "migrate --version; git-migrate --version").count("version") == 2


@pytest.mark.parametrize("name", ["VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME", "LC_ALL", "LANGUAGE", "LANG", "GOWORK"])
def test_what_the_user_set_stays_as_it_is(place: Slot, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "/mine")
    assert said(place, f'echo "${name}"') == "/mine"
    assert hook_env(place.path)[name] == "/mine"
    monkeypatch.delenv(name)
    assert said(place, f'echo "${{{name}-unset}}"') == "unset"


def test_what_starts_this_program_does_not_reach_another_python(place: Slot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("__PYVENV_LAUNCHER__", sys.executable)
    for env in (command_env(place), hook_env(place.path)):
        assert "__PYVENV_LAUNCHER__" not in env


def test_nothing_says_where_the_user_stood(place: Slot, repo: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PWD", str(repo.path))
    monkeypatch.setenv("OLDPWD", str(repo.path))
    for env in (command_env(place), hook_env(place.path)):
        assert env["PWD"] == str(place.path)
        assert "OLDPWD" not in env
    assert str(repo.path) not in said(place, "env")


def test_git_looks_for_no_repository_above_a_slot(place: Slot, repo: Sandbox) -> None:
    (place.path / ".git").unlink()
    repo.git("init", "--quiet", cwd=place.path.parent)
    done = subprocess.run(["git", "rev-parse"], cwd=place.path, env=command_env(place), check=False)
    assert done.returncode == 128


@pytest.mark.parametrize("value", ["", None])
def test_empty_path_is_not_the_current_folder(place: Slot, monkeypatch: pytest.MonkeyPatch, value: str | None) -> None:
    monkeypatch.delenv("PATH") if value is None else monkeypatch.setenv("PATH", value)
    (place.path / "cat").write_text("#!/bin/sh\necho wrong\n")
    (place.path / "cat").chmod(0o755)
    assert command_env(place)["PATH"].startswith(f"{os.defpath}:")


def test_required_program_is_looked_for_where_the_command_runs(
    place: Slot, repo: Sandbox, path: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for folder in (repo.path / "bin", place.path / "tools"):
        folder.mkdir()
        (folder / "linter").write_text("#!/bin/sh\n")
        (folder / "linter").chmod(0o755)
    monkeypatch.chdir(repo.path)
    for folder, outcome in (("bin", Outcome.UNAVAILABLE), ("tools", Outcome.PASSED)):
        spec = Validation("lint", run="linter", requires=("linter",), env=(("PATH", f"{folder}:{path}"),))
        assert run_validation(spec, place, log=tmp_path / "log").outcome is outcome


@pytest.mark.parametrize(
    ("line", "program"),
    [
        ("sh: 1: linter: not found", "linter"),
        ("bash: line 1: linter: command not found", "linter"),
        ("bash: Zeile 1: linter: Kommando nicht gefunden.", "linter"),
        ("bash: ligne 1 : linter : commande introuvable", "linter"),
        ("env: 'linter': No such file or directory", "linter"),
        ("env: ‘linter’: Datei oder Verzeichnis nicht gefunden", "linter"),
        ("sh: 1: ./linter: not found", None),
        ("bash: ligne 1 : git : permission non accordée", None),
        ("error while loading shared libraries: libx.so: cannot open shared object file: No such file", None),
        ("linter", None),
    ],
)
def test_missing_program_is_known_in_every_language(
    place: Slot, tmp_path: Path, line: str, program: str | None
) -> None:
    spec = Validation("lint", run=f'echo "{line}"; exit {runner.NOT_FOUND}')
    verdict = run_validation(spec, place, log=tmp_path / "log")
    if program is None:
        assert verdict.outcome is Outcome.FAILED
    else:
        assert (verdict.outcome, verdict.reason) == (Outcome.UNAVAILABLE, f"{program} is not installed")


def test_slot_that_a_setup_removed_is_a_failure_and_no_missing_program(place: Slot, tmp_path: Path) -> None:
    spec = Validation("build", setup='rm -r "$PWD"', run=("cat", "file"))
    verdict = run_validation(spec, place, log=tmp_path / "log")
    assert (verdict.outcome, verdict.reason) == (
        Outcome.FAILED,
        f'cat cannot be run in "{place.path}": No such file or directory',
    )
