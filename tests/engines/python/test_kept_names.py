"""What Python calls a module by its path is noted where the name stays, because it may be another one now."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from migrate.engines.python.kept_names import ModuleName, kept_names, spelled_in, told_names
from migrate.phase.workspace import Workspace
from migrate.tree.overlay import Overlay
from tests.conftest import Sandbox

PACKAGE = {"tools/__init__.py": "", "tools/x.py": "", "tools/sub/__init__.py": "", "tools/sub/y.py": ""}


def spelled(repo: Sandbox, files: Mapping[str, str], old: str = "tools", new: str = "dev/tools") -> list[str]:
    """The places that are noted when a folder of Python moves."""
    for path, text in {**PACKAGE, **files}.items():
        repo.write(path, text)
    ws = Workspace(Overlay.of(repo.repository.objects, repo.commit("start")))
    files_before = [path for path in ws.overlay.entries if path == old or path.startswith(f"{old}/")]
    ws.move(old, new)
    ws.references.update()
    moved = {path: ws.moved.resolve(path) for path in files_before}
    return [str(place) for note in kept_names(ws.overlay, moved) for place in note.places]


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("Makefile", "a:\n\tpython -m tools.x"),
        ("Makefile", "a:\n\tpython -m tools"),
        ("Makefile", "a:\n\tpython -m mypy -p tools"),
        ("Makefile", "a:\n\tpytest --cov=tools tests"),
        ("Makefile", "\nPACKAGES := tools"),
        ("run.sh", "\nPKG=tools"),
        ("tox.ini", "[testenv]\ncommands = pytest --cov=tools"),
        ("Dockerfile", 'FROM python\nCMD ["python", "-m", "tools.x"]'),
        ("tox.toml", '["pytest", "--cov",\n"tools"]'),
        ("setup.py", 'setup(packages=["other",\n"tools"])'),
        ("noxfile.py", '\nsession.run("python", "-m", "tools")'),
        ("setup.py", '\nsetup(packages=["tools", "other"])'),
        ("setup.py", '\nsetup(entry_points={"console_scripts": ["x=tools.x:main"]})'),
        ("setup.cfg", "\n[mypy-tools.*]"),
        ("pyproject.toml", '[project.scripts]\nx = "tools.x:main"'),
        ("pyproject.toml", '[tool.setuptools]\npackages = ["other", "tools"]'),
        ("pyproject.toml", '[tool.mypy]\npackages = ["tools"]'),
        ("pyproject.toml", '[[tool.mypy.overrides]]\nmodule = "tools.*"'),
        ("pyproject.toml", '[tool.isort]\nknown_first_party = ["tools"]'),
        ("pyproject.toml", '[tool.coverage.run]\nsource_pkgs = ["tools"]'),
    ],
)
def test_the_name_of_a_moved_package_is_noted_where_it_stays(repo: Sandbox, file: str, line: str) -> None:
    assert spelled(repo, {file: f"{line}\n"}) == [f"{file}:2"]
    assert line in repo.path.joinpath(file).read_text()


@pytest.mark.parametrize(
    "text",
    [
        "see tools, and the tools.",
        "mytools.x tools.y tools.x/a a/tools.x",
        "docker run -p tools\nmkdir -p tools",
        "my-tools = 1\ncolor = 'tools'",
        "cd tools && ls tools/x.py",
        "import os, tools.x\n  from tools.x import f\n>>> import tools.x as x",
    ],
)
def test_what_is_no_name_of_a_module_is_not_noted(repo: Sandbox, text: str) -> None:
    assert spelled(repo, {"notes.txt": f"{text}\n"}) == []


def test_a_package_that_moves_to_where_imports_start_keeps_its_name(repo: Sandbox) -> None:
    assert spelled(repo, {"Makefile": "a:\n\tpython -m tools.x\n"}, new="src/tools") == []


def test_one_module_that_is_called_otherwise_is_noted_by_its_whole_name(repo: Sandbox) -> None:
    text = "a:\n\tpython -m tools.x\n\tpython -m tools.sub\n"
    assert spelled(repo, {"Makefile": text}, "tools/x.py", "tools/z.py") == ["Makefile:2"]


def test_the_name_of_a_module_behind_an_option_is_not_written_as_a_path(repo: Sandbox) -> None:
    for path, text in {**PACKAGE, "Makefile": "a:\n\tpython -m mypy -p tools\n\tpython3 -m tools\n"}.items():
        repo.write(path, text)
    ws = Workspace(Overlay.of(repo.repository.objects, repo.commit("start")))
    ws.move("tools", "dev/tools")
    ws.references.update()
    assert "dev" not in ws.read_text("Makefile")


def test_many_modules_are_told_of_in_one_note(repo: Sandbox) -> None:
    modules = [f"tools/m{number}" for number in range(5)]
    for path in modules:
        repo.write(f"{path}_old.py", "")
    repo.write("run.sh", "".join(f"python -m {path.replace('/', '.')}_old\n" for path in modules))
    ws = Workspace(Overlay.of(repo.repository.objects, repo.commit("start")))
    found = kept_names(ws.overlay, {f"{path}_old.py": f"{path}_new.py" for path in modules})
    assert list(told_names(found)) == [
        "Python may call 5 modules by other names now, and the old ones are spelled still: "
        "tools.m0_old in run.sh:1, tools.m1_old in run.sh:2, tools.m2_old in run.sh:3 and 2 more"
    ]
    assert [line for each in found for line in each.details()] == [
        f"run.sh:{number + 1}: the Python name tools.m{number}_old of tools/m{number}_old" for number in range(5)
    ]


def test_a_text_is_read_once_for_any_number_of_names() -> None:
    class Counted(dict[str, list[ModuleName]]):
        asked = 0

        def __contains__(self, key: object) -> bool:
            self.asked += 1
            return super().__contains__(key)

    called = [ModuleName(f"a/m{i}", f"a.m{i}", f"a/n{i}", f"a.n{i}", frozenset()) for i in range(500)]
    wanted = Counted({each.name: [each] for each in called})
    assert list(spelled_in("a.m7 = 1\n\na.m9 = 2\n", wanted, ["a.m"])) == [(called[7], 1), (called[9], 3)]
    assert wanted.asked < 10
