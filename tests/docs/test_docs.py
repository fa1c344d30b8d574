"""The pages say what is: commands, options, keys, verbs, values and links are checked against the program."""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import NamedTuple

import click
import pytest
import tomli

import migrate
from migrate.cli.app import all_commands
from migrate.cli.command_names import COMMANDS
from migrate.engines.golang.verbs import GoVerbs
from migrate.engines.references.rewrite.updater import References
from migrate.errors import Exit, MigrateError
from migrate.phase.workspace import Workspace
from migrate.plan.contract_tables import EXCEPT_KEYS, LAYER_KEYS, LAYOUT_KEYS
from migrate.plan.forge_table import FORGE_KEYS
from migrate.plan.phase_source import read_phase
from migrate.plan.reader import ALLOW_KEYS, MIGRATION_KEYS, VALIDATION_KEYS, read_plan
from migrate.stack.phase_state import State
from migrate.tree.gitignore import Gitignore
from migrate.validation.outcome import Outcome
from tests.compare.cases import CASES
from tests.compare.tools import TOOLS
from tests.manpage import program_context

TOP = Path(__file__).resolve().parents[2]
PAGES = [TOP / "README.md", *sorted((TOP / "docs").glob("*.md"))]
NAMES = [page.name for page in PAGES]
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"(`+)(.+?)\1")
TYPED = re.compile(r"(?:^|\$ |&& |Next: |then: |\$\(|^ *or {2,})(?:git )?migrate ([^\n]*)", re.MULTILINE)
FOREIGN = {"--merge-base", "--force-with-lease", "-z", "-ldflags", "--pyargs"}
"""Options of git, go and pytest that the pages name."""


class Page(NamedTuple):
    """One page, with its code apart from its prose."""

    blocks: list[tuple[str, str]]
    spans: list[str]
    prose: str


def page(path: Path) -> Page:
    """Read a page."""
    text = path.read_text(encoding="utf-8")
    prose = FENCE.sub("", text)
    return Page(FENCE.findall(text), [found[1] for found in SPAN.findall(prose)], prose)


def docs(name: str) -> Page:
    """One of the pages below docs/."""
    return page(TOP / "docs" / name)


def section(text: str, title: str) -> str:
    """What stands below a heading, up to the next one of its level or above."""
    level = re.search(rf"^(#+) {re.escape(title)}$", text, re.MULTILINE)
    assert level is not None, f"there is no section {title}"
    rest = text[level.end() :]
    end = re.search(rf"^#{{1,{len(level[1])}}} ", rest, re.MULTILINE)
    return rest[: end.start()] if end else rest


def first_column(text: str) -> list[str]:
    """The code spans in the first cells of the tables of a text."""
    cells = re.findall(r"^\| (`[^|]*?) \|", text, re.MULTILINE)
    return [span for cell in cells for _, span in SPAN.findall(cell)]


def typed(path: Path) -> Iterator[list[str]]:
    """The words behind `migrate` of every command that a page shows."""
    read = page(path)
    shell = [text for language, text in read.blocks if language == ""]
    for text in [*shell, *read.spans]:
        for line in TYPED.findall(text):
            if "[" in line:  # A synopsis: `validate [PHASE | --all]`.
                yield re.sub(r"[\[\]|]", " ", line).split()
            else:
                yield shlex.split(re.split(r" \||>|&&|#| {2,}|\)", line)[0].rstrip(".,;"))


def options_of(command: click.Command) -> set[str]:
    """The options of a command."""
    found = {name for parameter in command.params if isinstance(parameter, click.Option) for name in parameter.opts}
    return found | {"-h", "--help"}


def command_named(name: str) -> click.Command:
    """One command of the program."""
    command = all_commands.get_command(click.Context(all_commands), name)
    assert command is not None
    return command


ALL_OPTIONS = options_of(all_commands).union(*(options_of(command_named(name)) for name in COMMANDS))


def public(kind: type) -> set[str]:
    """The public names of a class, inherited ones included."""
    return {name for name in dir(kind) if not name.startswith("_")}


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_every_command_that_a_page_shows_exists_with_its_options(path: Path) -> None:
    for words in typed(path):
        shown = f"migrate {' '.join(words)}"
        names = [word for word in words if not word.startswith("-")]
        if not names:
            assert set(words) <= options_of(all_commands), shown
            continue
        name = next((word for word in names if word in COMMANDS), None)
        if name is None:
            assert names[0] == "COMMAND", f"{path.name} shows {shown}"
            continue
        known = options_of(all_commands) | options_of(command_named(name))
        wrong = [word for word in words if word.startswith("-") and word.partition("=")[0] not in known]
        assert not wrong, f"{path.name} shows {shown}"


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_every_option_that_a_page_names_exists(path: Path) -> None:
    named = {found[0] for span in page(path).spans if (found := re.match(r"--?[a-zA-Z][\w-]*", span))}
    assert named - ALL_OPTIONS - FOREIGN == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_a_section_that_names_its_own_options(name: str) -> None:
    text = section((TOP / "docs" / "commands.md").read_text(encoding="utf-8"), name)
    own = options_of(command_named(name)) - options_of(all_commands)
    assert [option for option in own if not re.search(rf"{option}\b", text)] == []


def test_the_options_of_every_command_are_listed() -> None:
    spans = first_column(section(docs("commands.md").prose, "Options of every command"))
    listed = {span.split(" ")[0] for span in spans}
    assert listed == options_of(all_commands) - {"--version"}


def test_the_exit_codes_are_listed() -> None:
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", section(docs("commands.md").prose, "Exit codes"), re.MULTILINE)
    assert [int(number) for number, _ in rows] == [code.value for code in Exit]
    assert [said for (_, said), code in zip(rows, Exit, strict=True) if not said.startswith(code.meaning)] == []


def test_the_help_lists_the_same_exit_codes() -> None:
    with program_context() as context:
        listed = all_commands.get_help(context).partition("Exit codes:")[2]
    words = " ".join(listed.split())
    assert words == " ".join(f"{code.value} {code.meaning}" for code in Exit)


def test_every_code_of_an_error_is_listed_with_its_exit_code_and_no_other() -> None:
    for module in pkgutil.walk_packages(migrate.__path__, "migrate."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    kinds = {kind.code: kind.exit_code for kind in every_kind(MigrateError)}
    kinds |= {"usage": Exit.USAGE, "bug": Exit.BUG, "interrupted": Exit.INTERRUPTED}
    rows = re.findall(r"^\| `([a-z-]+)` \| (\d+) \|", section(docs("commands.md").prose, "JSON"), re.MULTILINE)
    assert {code: int(exit_code) for code, exit_code in rows} == kinds
    assert len(rows) == len(kinds)


def every_kind(kind: type[MigrateError]) -> Iterator[type[MigrateError]]:
    """A kind of error and all below it."""
    yield kind
    for below in kind.__subclasses__():
        yield from every_kind(below)


@pytest.mark.parametrize(("name", "values"), [("commands.md", State), ("plan.md", Outcome)])
def test_every_state_and_outcome_is_explained(name: str, values: type[Enum]) -> None:
    assert {str(value.value) for value in values} <= set(docs(name).spans)


@pytest.mark.parametrize(
    ("title", "keys"),
    [
        ("`[migration]`", MIGRATION_KEYS),
        ("`[[validation]]`", VALIDATION_KEYS),
        ("`[[allow]]`", ALLOW_KEYS),
        ("`[layout]`", LAYOUT_KEYS),
        ("`[forge]`", FORGE_KEYS),
        ("`[[layer]]`", LAYER_KEYS),
        ("`[[layer.except]]`", EXCEPT_KEYS),
    ],
)
def test_every_key_of_the_plan_is_documented_and_no_other(title: str, keys: tuple[str, ...]) -> None:
    text = section(docs("plan.md").prose, title)
    table = text.partition("| key |")[2].partition("\n\n")[0]
    assert sorted(first_column(table)) == sorted(keys)


def test_the_example_plan_can_be_read(tmp_path: Path) -> None:
    examples = [text for language, text in docs("plan.md").blocks if language == "toml"]
    for text in examples:
        tomli.loads(text)
    (tmp_path / "phases").mkdir()
    for name in ("p01_first", "p03_second", "p09_last"):
        (tmp_path / "phases" / f"{name}.py").write_text('"""Title."""\n\n\ndef apply(ws):\n    """Edit."""\n')
    (tmp_path / "migrate.toml").write_text(examples[0], encoding="utf-8")
    read = read_plan(tmp_path / "migrate.toml")
    assert [validation.name for validation in read.validations] == ["build", "test", "smoke"]
    assert len(read.phases) == 3
    (tmp_path / "migrate.toml").write_text(examples[0] + "".join(t for t in examples if "[lay" in t), encoding="utf-8")
    read = read_plan(tmp_path / "migrate.toml")
    assert read.drawing is not None
    assert [layer.name for layer in read.layers] == ["core", "api", "pkg"]


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_every_python_example_is_python_and_every_whole_phase_keeps_the_contract(path: Path, tmp_path: Path) -> None:
    for number, (language, text) in enumerate(page(path).blocks):
        if language == "python":
            ast.parse(text)
            if text.startswith('"""'):
                module = tmp_path / f"p{number:02d}_example.py"
                module.write_text(text, encoding="utf-8")
                assert read_phase(module, module.name).problem is None


def test_every_verb_of_the_workspace_is_documented() -> None:
    text = (TOP / "docs" / "phases.md").read_text(encoding="utf-8")
    assert [name for name in public(Workspace) if not re.search(rf"\bws\.{name}\b", text)] == []
    examples = "".join(source for language, source in docs("phases.md").blocks if language == "python")
    assert [name for name in public(Workspace) if not re.search(rf"\bws\.{name}\b", examples)] == []
    assert [name for name in public(Gitignore) if f"ws.gitignore.{name}" not in text] == []


def test_every_verb_of_the_go_engine_is_documented() -> None:
    text = (TOP / "docs" / "go.md").read_text(encoding="utf-8")
    assert [name for name in public(GoVerbs) if f"ws.go.{name}(" not in text] == []
    assert [name for name in public(References) if f"ws.references.{name}(" not in text] == []


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_no_page_names_a_verb_that_is_not_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    source = "".join(
        (TOP / "migrate" / f"{name}.py").read_text("utf-8") for name in ("tree/editable_tree", "phase/workspace")
    )
    fields = set(re.findall(r"\bself\.([a-z]\w*)\b", source))
    known: dict[str, set[str]] = {
        "": public(Workspace) | fields,
        "go.": public(GoVerbs),
        "gitignore.": public(Gitignore),
        "references.": public(References),
    }
    for owner, name in re.findall(r"(?<![\w\".])ws\.((?:go|gitignore|references)\.)?(\w+)", text):
        assert name in known[owner], f"ws.{owner}{name}"


def test_every_value_of_the_description_template_is_documented_and_no_other() -> None:
    source = ast.parse((TOP / "migrate" / "describe" / "pull_request.py").read_text(encoding="utf-8"))
    values = next(
        node for node in source.body if isinstance(node, ast.FunctionDef) and node.name == "pull_request_values"
    )
    given = next(node.value for node in ast.walk(values) if isinstance(node, ast.Return))
    assert isinstance(given, ast.Dict)
    top = keys_of(given)
    phase = next(v for k, v in zip(given.keys, given.values, strict=True) if ast.literal_eval(k or v) == "phase")
    assert isinstance(phase, ast.Dict)
    spans = first_column(section(docs("pull-requests.md").prose, "The values of `pull_request.md.j2`"))
    assert {span.partition(".")[0] for span in spans} == top
    assert {span.partition(".")[2] for span in spans if span.startswith("phase.")} == keys_of(phase)


def keys_of(node: ast.Dict) -> set[str]:
    """The keys of a dict that is written out."""
    return {key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)}


def test_the_json_of_status_has_the_shape_that_is_shown(tmp_path: Path) -> None:
    (tmp_path / "phases").mkdir()
    (tmp_path / "phases" / "p01_a.py").write_text('"""A."""\n\n\ndef apply(ws):\n    ws.write("a", "")\n')
    (tmp_path / "migrate.toml").write_text('[migration]\nname = "a"\n[[validation]]\nname = "yes"\nrun = "true"\n')
    for words in (["init", "-q", "-b", "main"], ["commit", "-q", "--allow-empty", "-m", "Begin"]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    program = [sys.executable, "-m", "migrate", "-C", str(tmp_path)]
    subprocess.run([*program, "next"], capture_output=True, check=True)
    real = json.loads(subprocess.run([*program, "status", "--json"], capture_output=True, check=True).stdout)
    shown = [json.loads(text) for language, text in docs("commands.md").blocks if language == "json"]
    assert shape(real) in map(shape, shown)


def shape(value: object) -> object:
    """The keys of a JSON value, all the way down."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    return [shape(inner) for inner in value] if isinstance(value, list) else None


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_every_relative_link_resolves(path: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", page(path).prose):
        if not re.match(r"[a-z]+:", target):
            file, _, anchor = target.partition("#")
            there = (path.parent / file).resolve() if file else path
            assert there.exists(), f"{path.name} links to {target}"
            assert not anchor or anchor in anchors(there), f"{path.name} links to {target}"


def anchors(path: Path) -> set[str]:
    """The anchors that a forge gives to the headings of a page."""
    titles = re.findall(r"^#+ (.+)$", page(path).prose, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("path", [path for path in PAGES if path.name != "house.md"])  # It tells where files were.
def test_every_file_of_the_program_that_a_page_names_is_there(path: Path) -> None:
    for span in page(path).spans:
        if re.fullmatch(r"(?:migrate|templates|tests)/[\w/.-]+\.(?:py|j2)", span):
            assert (TOP / span).exists(), span


def test_the_house_is_drawn_as_it_stands() -> None:
    drawing = next(text for _, text in docs("architecture.md").blocks if text.startswith("migrate/\n"))
    inside = drawing.partition("\nphases/")[0]
    named = set(re.findall(r"\b([a-z_]+\.py)\b", inside)) | set(re.findall(r"^  ([a-z]+/)", inside, re.MULTILINE))
    assert [name for name in named if not list((TOP / "migrate").rglob(name.rstrip("/")))] == []
    folders = {f"{child.name}/" for child in (TOP / "migrate").iterdir() if (child / "__init__.py").exists()}
    assert folders <= named


@pytest.mark.parametrize("path", PAGES, ids=NAMES)
def test_pages_are_narrow_and_name_no_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert [line for line in text.split("\n") if len(line) > 120] == []
    assert re.findall(r"/(?:home|root|tmp|work|Users)/\S*", text) == []


def test_the_comparison_has_a_row_for_every_case() -> None:
    text = (TOP / "docs" / "go.md").read_text(encoding="utf-8")
    table = text[text.index("| what moves |") :].split("\n\n")[0].split("\n")
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in table]
    assert rows[0][1:] == list(TOOLS)
    assert [row[0] for row in rows[2:]] == [case.title for case in CASES]
    assert {row[1] for row in rows[2:]} == {"right"}, "what migrate does, or the case is one to mend"


def test_nobody_is_told_to_install_it_from_an_index_that_does_not_have_it() -> None:
    pages = [*TOP.glob("*.md"), *TOP.glob("docs/*.md"), *TOP.glob("migrate/**/*.py")]
    told = [line for page in pages for line in page.read_text(encoding="utf-8").splitlines() if "pip install" in line]
    assert told
    assert not [line for line in told if re.search(r"pip install [^.]*\bgit-phases\b", line)]
