"""What a phase is made from: its hash changes with that, and with nothing else."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from migrate.plan.dependencies import digest as digests
from migrate.plan.dependencies.digest import PhaseFolder
from migrate.plan.phase_source import PhaseSource, read_phase

APPLY = "def apply(ws):\n    ws.write('x', 'x')\n"


class Folder:
    """A folder with one phase."""

    def __init__(self, place: Path, templates: Path | None = None) -> None:
        self.place = place
        self.templates = templates
        place.mkdir(exist_ok=True)

    def write(self, files: Mapping[str, str | bytes]) -> Folder:
        """Write files beside the phase."""
        for name, content in files.items():
            path = self.place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self

    def phase(self, code: str, mode: bytes = b"") -> PhaseSource:
        """The phase with some code before its `apply`."""
        path = self.place / "p01_first.py"
        path.write_text(f'"""Title."""\n{textwrap.dedent(code)}\n{APPLY}')
        plan = self.place / "migrate.toml"
        made_from = PhaseFolder(self.place, plan=plan, templates=self.templates, mode=mode)
        return read_phase(path, path.name, made_from)

    def changes(self, code: str, name: str, content: str = "changed = True\n") -> bool:
        """Whether the phase has another hash when a file beside it has another content."""
        before = self.phase(code)
        assert before.problem is None, before.problem
        self.write({name: content})
        return self.phase(code).digest != before.digest


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "phases")


PACKAGE = {
    "layout.py": "from . import tables\nA = 1\n",
    "tables.py": "B = 1\n",
    "other.py": "C = 1\n",
    "names/__init__.py": "",
    "names/first.py": "from .second import D\n",
    "names/second.py": "from .. import layout\nD = 1\n",
    "names/third.py": "E = 1\n",
    "plain/one.py": "F = 1\n",
    "broken.py": "def f(:\n",
}
IMPORTS = {
    "a module beside it": ("from . import layout", "layout.py"),
    "a name of a module": ("from .layout import A", "layout.py"),
    "a module that a module imports": ("from . import layout", "tables.py"),
    "a package": ("from . import names", "names/__init__.py"),
    "a module of a package": ("from .names import first", "names/first.py"),
    "the package on the way": ("from .names.first import D", "names/__init__.py"),
    "a module that the package imports relatively": ("from .names import first", "names/second.py"),
    "a module above that the package imports": ("from .names import first", "tables.py"),
    "a folder without __init__.py": ("from .plain import one", "plain/one.py"),
    "everything of a package": ("from .names import *", "names/third.py"),
    "inside a function": ("def late():\n    from . import layout", "layout.py"),
    "for types alone": ("if TYPE_CHECKING:\n    from . import layout", "layout.py"),
    "by import_module": ("import importlib\nX = importlib.import_module('.layout', __package__)", "layout.py"),
    "by import_module under another name": (
        "from importlib import import_module as load\nX = load('.names.third', __package__)",
        "names/third.py",
    ),
    "by __import__": ("X = __import__('layout', globals(), locals(), [], 1)", "layout.py"),
    "by a computed name": ("import importlib\nX = [importlib.import_module('.' + n) for n in N]", "other.py"),
    "by a function that is handed on": ("from importlib import import_module\nX = map(import_module, N)", "other.py"),
    "by exec": ("exec(TEXT)", "other.py"),
    "absolutely, as with a changed path": ("import sys\nsys.path.insert(0, X)\nimport layout", "layout.py"),
    "a module that is not Python": ("from . import broken", "broken.py"),
    "a script that it runs": ("SCRIPT = 'names/third.py'", "names/third.py"),
    "what a script that it runs imports": ("SCRIPT = 'tool.py'", "names/third.py"),
    "a phase": ("from . import p02_second", "p02_second.py"),
}


@pytest.mark.parametrize("case", IMPORTS)
def test_a_module_that_a_phase_imports_counts(folder: Folder, case: str) -> None:
    folder.write({**PACKAGE, "tool.py": "import names.third\n", "p02_second.py": "G = 1\n"})
    assert folder.changes(*IMPORTS[case])


UNUSED = {
    "a module that nobody imports": ("from . import layout", "other.py"),
    "a module of a package of which another one is imported": ("from .names import first", "names/third.py"),
    "a module that only a docstring names": ('def f():\n    """As in other.py."""', "other.py"),
    "a phase": ("from . import layout", "p02_second.py"),
    "the folder's own __init__.py, which nobody runs": ("from . import layout", "__init__.py"),
    "a module of the same name as Python's": ("import json", "json.py"),
    "a package of the same name as this program": ("from migrate import Workspace", "migrate/__init__.py"),
    "an import that leads out of the folder": ("from ..layout import A", "layout.py"),
    "a module although names are computed": ("import os\nX = f'{os.sep}{A}'", "other.py"),
}


@pytest.mark.parametrize("case", UNUSED)
def test_a_module_that_a_phase_does_not_import_does_not_count(folder: Folder, case: str) -> None:
    folder.write(PACKAGE)
    assert not folder.changes(*UNUSED[case])


def test_a_module_counts_from_when_it_is_there(folder: Folder) -> None:
    assert folder.changes("from . import layout", "layout.py")


FILES: dict[str, str | bytes] = {
    "rename.cjs": "require('./util')\n",
    "util.cjs": "module.exports = 1\n",
    "recipes/tidy.yml": "a: 1\n",
    "recipes/deep/more.yml": "a: 1\n",
    "fix.sh": ". ./lib.sh; python codemod.py\n",
    "lib.sh": "true\n",
    "codemod.py": "from names import first\n",
    "names/__init__.py": "",
    "names/first.py": "A = 1\n",
    "unused.py": "A = 1\n",
    "data.bin": b"\xff\xfe",
    "README.md": "About these phases.\n",
    "my file.txt": "x\n",
}
USED = {
    "by its name": ("X = 'rename.cjs'", "rename.cjs"),
    "by its path": ("X = 'recipes/tidy.yml'", "recipes/tidy.yml"),
    "within a command line": ("X = 'npx jscodeshift -t phases/rename.cjs src'", "rename.cjs"),
    "by its stem": ("def f(ws):\n    ws.run('jscodeshift', '-t', 'phases/rename')", "rename.cjs"),
    "by its folder": ("import shutil\nX = shutil.copytree('phases/recipes', Y)", "recipes/deep/more.yml"),
    "as bytes": ("X = b'fix.sh'", "fix.sh"),
    "in a module that the phase imports": ("from . import tools", "rename.cjs"),
    "with a space in its name": ("X = 'my file.txt'", "my file.txt"),
    "by a file that the phase names": ("X = 'rename.cjs'", "util.cjs"),
    "by its full name in such a file": ("X = 'fix.sh'", "lib.sh"),
    "as a Python script in such a file": ("X = 'fix.sh'", "codemod.py"),
    "as what such a script imports": ("X = 'fix.sh'", "names/first.py"),
    "as what is no text": ("X = 'data.bin'", "data.bin"),
    "by __file__": ("from pathlib import Path\nX = Path(__file__).parent", "recipes/deep/more.yml"),
    "by a search": ("from pathlib import Path\nX = list(Path('phases').glob('*'))", "util.cjs"),
    "by an f-string": ("import os\nX = open(f'phases/{N}')", "util.cjs"),
    "by texts put together": ("import subprocess\nX = subprocess.run(['node', N + '.cjs'])", "util.cjs"),
    "by a format": ("import subprocess\nX = subprocess.run(['node', '%s.cjs' % N])", "util.cjs"),
    "by ws.run with a computed name": ("def f(ws, n):\n    ws.run('node', f'phases/{n}')", "util.cjs"),
    "by the package's resources": ("from importlib import resources\nX = resources.files(P)", "util.cjs"),
    "by a computed name in a module that the phase imports": ("from . import searching", "util.cjs"),
    "by a pattern for scripts": ("from pathlib import Path\nX = Path(__file__).parent.glob('*.py')", "codemod.py"),
}


@pytest.mark.parametrize("case", USED)
def test_a_file_that_a_phase_may_use_counts(folder: Folder, case: str) -> None:
    folder.write(FILES)
    folder.write({"tools.py": "X = 'rename.cjs'\n", "searching.py": "X = open(f'{Y}')\n"})
    assert folder.changes(*USED[case], content="something else\n")


IDLE = {
    "one that nobody names": ("X = 'rename.cjs'", "README.md"),
    "one whose name is part of a longer one": ("X = 'prefix.sh'", "fix.sh"),
    "one that only a docstring names": ('def f():\n    """Like rename.cjs."""', "rename.cjs"),
    "one of the same stem, when no file can be opened": ("X = 'rename.html'", "rename.cjs"),
    "one of a folder of the same name, when no file can be opened": ("X = 'recipes/README'", "recipes/tidy.yml"),
    "one although an f-string is there, when no file can be opened": ("X = f'{N} files'", "README.md"),
    "one although files can be opened, when all names are written out": ("X = open('fix.sh')", "README.md"),
    "the plan": ("X = __file__", "migrate.toml"),
    "what an editor leaves": ("X = __file__", "fix.sh~"),
    "what a tool leaves": ("X = __file__", "node_modules/a/index.js"),
    "bytecode": ("X = __file__", "__pycache__/layout.cpython-311.pyc"),
    "a module, by __file__": ("X = __file__", "unused.py"),
}


@pytest.mark.parametrize("case", IDLE)
def test_a_file_that_a_phase_does_not_use_does_not_count(folder: Folder, case: str) -> None:
    folder.write(FILES)
    assert not folder.changes(*IDLE[case], content="something else\n")


def test_files_at_the_top_of_a_repository_are_what_phases_change_and_not_what_they_are_made_from(
    folder: Folder,
) -> None:
    folder.write({"README.md": "x", ".git": "gitdir: elsewhere", "layout.py": "A = 1\n"})
    folder.write({"names/__init__.py": "", "names/one.py": "", "src/main.py": ""})
    code = "from . import layout\nX = ('README.md', __file__)"
    assert not folder.changes(code, "README.md")
    assert folder.changes(code, "layout.py")
    assert folder.changes("exec(X)", "names/one.py", "more = 1\n")
    assert not folder.changes("exec(X)", "src/main.py")


def test_the_name_of_a_phase_is_no_part_of_its_hash(folder: Folder, tmp_path: Path) -> None:
    before = folder.phase("from . import layout").digest
    after = folder.place / "p07_another.py"
    (folder.place / "p01_first.py").rename(after)
    assert read_phase(after, after.name, PhaseFolder(folder.place)).digest == before


def test_the_place_of_the_folder_is_no_part_of_the_hash(tmp_path: Path) -> None:
    code = "from . import layout\nX = __file__"
    one, other = (Folder(tmp_path / name).write(PACKAGE).write(FILES).phase(code) for name in ("one", "other"))
    assert (one.digest, one.former_digests) == (other.digest, other.former_digests)


# -- templates ------------------------------------------------------------------------------------------------------

TEMPLATES = {
    "readme.md.j2": "{% include 'parts/head.md' %}\n{{ x }}\n",
    "parts/head.md": '{%- extends "base.md" -%}\n',
    "base.md": "{% from 'macros.md' import one as two with context %}{% import 'more.md' as more %}\n",
    "macros.md": "",
    "more.md": "",
    "other.md": "",
    "choice.md": "{% include ['first.md', 'second.md'] ignore missing %}",
    "second.md": "",
    "open.md": "{% include name ~ '.md' %}",
    "moves.md.j2": "{% include 'parts/head.md' %}",
}
RENDERED = {
    "by its name": ("def f(ws):\n    ws.render('readme.md.j2', 'README.md')", "readme.md.j2"),
    "in a module that the phase imports": ("from . import drawing", "readme.md.j2"),
    "by a template that includes it": ("T = 'readme.md.j2'", "parts/head.md"),
    "by one that is extended": ("T = 'readme.md.j2'", "base.md"),
    "by one that imports from it": ("T = 'readme.md.j2'", "macros.md"),
    "by one that imports it": ("T = 'readme.md.j2'", "more.md"),
    "as one of a list": ("T = 'choice.md'", "second.md"),
    "by a computed name in a template": ("T = 'open.md'", "other.md"),
    "by a computed name": ("def f(ws, n):\n    ws.render(f'{n}.md', 'README.md')", "other.md"),
    "by a name that a variable holds": (
        "def f(ws):\n    for n in ('other', 'more'):\n        name = n + '.md'\n        ws.render(name, 'README.md')",
        "other.md",
    ),
    "by a verb that is handed on": ("def f(ws):\n    draw = ws.render\n    draw(f'{X}.md', 'README.md')", "other.md"),
    "in place of one that ships": ("def f(ws):\n    ws.render('moves.md.j2', 'MOVES.md')", "moves.md.j2"),
    "by __file__": ("X = open(f'{__file__}/../other')", "other.md"),
}


@pytest.fixture
def own(tmp_path: Path) -> Folder:
    """A folder of phases with the plan's templates in it."""
    templates = tmp_path / "phases/templates"
    templates.mkdir(parents=True)
    Folder(templates).write(TEMPLATES)
    folder = Folder(tmp_path / "phases", templates)
    return folder.write({"drawing.py": "def f(ws):\n    ws.render('readme.md.j2', 'x')\n"})


@pytest.mark.parametrize("case", RENDERED)
def test_a_template_that_a_phase_may_render_counts(own: Folder, case: str) -> None:
    code, name = RENDERED[case]
    assert own.changes(code, f"templates/{name}")


NOT_RENDERED = {
    "one that nobody names": ("def f(ws):\n    ws.render('readme.md.j2', 'README.md')", "other.md"),
    "one although texts are put together elsewhere": (
        "def f(ws):\n    ws.render('readme.md.j2', f'{X}/README.md')",
        "other.md",
    ),
    "one although another is named by a variable": (
        "def f(ws):\n    for name in ('more.md', 'base.md'):\n        ws.render(name, 'README.md')",
        "other.md",
    ),
    "a description, although a name is computed": (
        "def f(ws, n):\n    ws.render(f'{n}.md', 'README.md')",
        "pull_request.md.j2",
    ),
    "one for a phase that renders nothing": ("X = 1", "other.md"),
}


@pytest.mark.parametrize("case", NOT_RENDERED)
def test_a_template_that_a_phase_does_not_render_does_not_count(own: Folder, case: str) -> None:
    code, name = NOT_RENDERED[case]
    assert not own.changes(code, f"templates/{name}")


def test_a_description_that_a_phase_renders_itself_counts(own: Folder) -> None:
    code = "def f(ws):\n    ws.render('migration_log.md.j2', 'LOG.md')"
    assert own.changes(code, "templates/migration_log.md.j2")


def test_a_template_that_ships_leads_to_the_plans_own(own: Folder) -> None:
    code = "def f(ws):\n    ws.render('pull_request.md.j2', 'LOG.md')"
    assert own.changes(code, "templates/validation_table.md.j2")


# -- what nobody wrote to be read ------------------------------------------------------------------------------------


class Odd(NamedTuple):
    """Something beside the phases that is no file to be read."""

    code: str
    name: str


@pytest.fixture(params=["from . import odd", "X = __file__", "X = 'odd.txt'"])
def odd(request: pytest.FixtureRequest) -> Odd:
    """A phase that uses it."""
    return Odd(request.param, "odd.py" if "import" in request.param else "odd.txt")


def test_what_is_no_regular_file_is_not_read(folder: Folder, odd: Odd) -> None:
    path = folder.place / odd.name
    makers = (
        lambda: os.mkfifo(path),
        lambda: path.symlink_to("/dev/zero"),
        lambda: path.symlink_to(path),
        lambda: path.symlink_to("nowhere"),
        lambda: path.symlink_to(folder.place),
    )
    for make in makers:
        make()
        source = folder.phase(odd.code)
        assert source.problem is None
        path.unlink()


def test_a_link_counts_with_the_file_that_it_leads_to(folder: Folder, odd: Odd, tmp_path: Path) -> None:
    (tmp_path / "shared").write_text("A = 1\n")
    (folder.place / odd.name).symlink_to(tmp_path / "shared")
    before = folder.phase(odd.code).digest
    (tmp_path / "shared").write_text("A = 2\n")
    assert folder.phase(odd.code).digest != before


def test_links_that_lead_round_in_a_circle_come_to_an_end(folder: Folder) -> None:
    (folder.place / "round").mkdir()
    (folder.place / "round/again").symlink_to(folder.place)
    assert folder.phase("X = __file__").problem is None


def test_more_bytes_than_can_be_read_are_a_problem_of_the_phases_that_may_read_them(folder: Folder) -> None:
    with (folder.place / "large.bin").open("wb") as file:
        file.truncate(65 * 2**20)
    assert folder.phase("X = 1").problem is None
    problem = folder.phase("X = 'large.bin'").problem
    assert problem is not None
    assert str(problem) == "p01_first.py: the files that this phase may read hold more than 64 MB"
    assert problem.advice == "move what no phase uses to another folder"


def test_more_files_than_can_be_listed_are_a_problem_of_the_phases_that_may_read_any(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migrate.limits.FOLDER_ENTRIES", 20)
    folder.write({f"many/{number}.txt": "" for number in range(30)}).write({"rules.yml": ""})
    assert folder.changes("X = 'rules.yml'", "rules.yml")
    problem = folder.phase("X = __file__").problem
    assert problem is not None
    assert problem.message.startswith('this phase may use any file in "phases", and there are more than ')


def test_a_module_that_is_too_large_to_look_into_may_use_any_file(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migrate.limits.MODULE_BYTES", 500)
    folder.write({"data.py": "# " + "x" * 500, "rules.yml": ""})
    assert folder.changes("from . import data", "rules.yml")
    folder.write({"data.py": ""})
    assert not folder.changes("from . import data", "rules.yml")


def test_more_templates_than_can_be_listed_are_a_problem_of_the_phases_that_render(
    own: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migrate.limits.FOLDER_ENTRIES", 20)
    own.write({f"templates/many/{number}.txt": "" for number in range(30)})
    assert own.phase("X = 1").problem is None
    problem = own.phase("def f(ws):\n    ws.render('readme.md.j2', 'x')").problem
    assert problem is not None
    assert problem.message.startswith('this phase may use any file in "templates", and there are more than ')


@pytest.mark.parametrize(
    "source", ["(" * 5000 + ")" * 5000, "-" * 200_000 + "1", "x = 'a\0b'", "\xff", "# coding: no\n"]
)
def test_a_module_that_cannot_be_parsed_counts_by_its_bytes(folder: Folder, source: str) -> None:
    folder.write({"odd.py": source.encode("latin-1")})
    assert folder.changes("from . import odd", "odd.py", source + " ")


# -- the former hash ------------------------------------------------------------------------------------------------


def test_a_phase_that_an_older_version_made_is_recognised(own: Folder) -> None:
    own.write({"layout.py": "A = 1\n", "other.py": "B = 1\n", "names/__init__.py": "", "names/one.py": "C = 1\n"})
    own.write({"rules.yml": "a", "templates/pull_request.md.j2": "x"})
    source = own.phase("from . import layout")
    assert source.former_digests == ("6450e7496e1611d0",)
    assert source.is_made_from("6450e7496e1611d0")
    assert source.is_made_from(source.digest)
    assert not source.is_made_from("0" * 16)
    assert own.phase("from . import layout", b"forward").former_digests == ("d901133677b84478",)


def test_the_mode_of_the_plan_counts(folder: Folder) -> None:
    assert folder.phase("X = 1").digest != folder.phase("X = 1", b"forward").digest


def test_a_folder_that_no_older_version_could_read_has_no_former_hash(folder: Folder) -> None:
    os.mkfifo(folder.place / "pipe.py")
    source = folder.phase("X = 1")
    assert (source.problem, source.former_digests) == (None, ())
    assert digests.VERSION == b"2", "another form needs a place among the former ones"
