"""What a tool finds that looks upwards is found in each folder above, and removed where it is ours."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from migrate.git.surroundings import found_above, sweep
from tests.conftest import BOUND_BY_PERMISSIONS

LOOK = "import sys; from pathlib import Path; from migrate.git.surroundings import found_above\nprint(found_above(Path(sys.argv[1])))"


@pytest.mark.parametrize(
    "name",
    [
        *("go.mod", "go.work", "package.json", "node_modules", "tsconfig.json", "pyproject.toml", "conftest.py"),
        *(".eslintrc", ".eslintrc.cjs", "eslint.config.mjs", ".prettierrc.toml", "jest.config.ts", ".babelrc"),
        *(".git", ".editorconfig", ".env", "docker-compose.yml", "Cargo.toml", "WORKSPACE", "Gemfile", "tox.ini"),
    ],
)
@pytest.mark.parametrize("above", [".", "..", "../.."])
def test_project_file_is_found_in_every_folder_above(tmp_path: Path, name: str, above: str) -> None:
    place = tmp_path / "a/b/c"
    assert found_above(place) is None
    found = place.joinpath(above).resolve() / name
    found.parent.mkdir(parents=True)
    found.symlink_to("nowhere")
    assert found_above(place) == found


@pytest.mark.parametrize("name", [".tool-versions", ".nvmrc", ".npmrc", ".bashrc", "Makefile", "README.md", "src"])
def test_what_is_the_person_s_environment_or_nobody_looks_for_is_not_in_the_way(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert found_above(tmp_path / "slots") is None


@pytest.mark.parametrize("name", [".git", "node_modules", ".hg"])
def test_path_through_a_folder_that_tools_skip_is_not_a_good_one(tmp_path: Path, name: str) -> None:
    assert found_above(tmp_path / name / "a/b") == tmp_path / name


def test_folder_that_can_be_passed_and_not_be_listed_is_looked_into_too(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    (closed / "open").mkdir(parents=True)
    (closed / "go.work").touch()
    closed.chmod(0o111)
    command = [*BOUND_BY_PERMISSIONS, sys.executable, "-c", LOOK, str(closed / "open/slots")]
    assert subprocess.check_output(command, text=True).strip() == str(closed / "go.work")
    closed.chmod(0o755)


def test_sweeping_removes_project_files_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "node_modules/x").mkdir(parents=True)
    (tmp_path / "package.json").write_text(json.dumps({}))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "go.work").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "owner").touch()
    sweep(tmp_path)
    assert {place.name for place in tmp_path.iterdir()} == {"elsewhere", "owner"}
