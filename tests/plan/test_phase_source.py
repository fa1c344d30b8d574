"""What a phase module says of itself before anything of it runs."""

from __future__ import annotations

import os
from dataclasses import fields
from pathlib import Path

import pytest

from migrate.errors import PlanError
from migrate.plan.phase_source import KEYWORDS, Phase, PhaseSource, phase_files, phase_id, phase_number, read_phase

APPLY = "def apply(ws):\n    ws.write('a', 'a')\n"


def read(folder: Path, text: str | bytes) -> PhaseSource:
    path = folder / "p01_first.py"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_phase(path, path.name)


def problem(folder: Path, text: str | bytes) -> PlanError:
    found = read(folder, text).problem
    assert found is not None
    return found


def test_title_body_and_declaration_come_from_the_source(tmp_path: Path) -> None:
    text = '"""Move things.\n\n    Because they\n    were wrong.\n    """\n\n'
    source = read(tmp_path, f'{text}PHASE = Phase(validations=("build",), may_be_empty=True)\n{APPLY}')
    assert (source.id, source.title, source.body) == ("p01-first", "Move things", "Because they\nwere wrong.")
    assert source.declaration == Phase(validations=("build",), may_be_empty=True)
    assert (source.label, source.path) == ("p01_first.py", tmp_path / "p01_first.py")


def test_reading_a_phase_runs_nothing_of_it(tmp_path: Path) -> None:
    trace = tmp_path / "ran"
    text = f'"""Title."""\nimport pathlib\npathlib.Path({str(trace)!r}).touch()\nraise SystemExit\n{APPLY}'
    read(tmp_path, text)
    assert not trace.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["p01_first.py"]


def test_an_annotated_declaration_counts_too(tmp_path: Path) -> None:
    source = read(tmp_path, f'"""T."""\nPHASE: Phase = Phase(may_be_empty=True)\n{APPLY}')
    assert source.declaration.may_be_empty


def test_a_phase_without_a_declaration_has_the_plain_one(tmp_path: Path) -> None:
    assert read(tmp_path, f'"""T."""\nx: int\n{APPLY}').declaration == Phase()


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (APPLY, 1, "needs a docstring"),
        ('"""   """\n' + APPLY, 1, "needs a docstring"),
        ('"""T."""\n', 1, "needs a function apply(ws)"),
        ('"""T."""\nasync def apply(ws): ...\n', 1, "needs a function apply(ws)"),
        ('"""T."""\n\ndef apply(ws:\n', 3, "this is not Python"),
        ('"""T."""\0\n' + APPLY, 1, "this is not Python"),
        ('"""T."""\nX = ' + "-" * 100_000 + "1\n" + APPLY, 1, "this is not Python: it is nested too deeply"),
        (b'"""T."""\nX = "\xff"\n', 2, "this is not Python: (unicode error) 'utf-8' codec can't decode byte 0xff"),
        (b"# coding: klingon\n", 1, "this is not Python: unknown encoding: klingon"),
        (
            '"""T."""\nPHASE = Phase(may_be_emty=True)\n' + APPLY,
            2,
            'has no keyword "may_be_emty"; did you mean "may_be_empty"?',
        ),
        ('"""T."""\nPHASE = Phase(("build",))\n' + APPLY, 2, "takes keywords only"),
        ('"""T."""\nPHASE = Phase(**options)\n' + APPLY, 2, 'has no keyword "**"'),
        ('"""T."""\n\nPHASE = make()\n' + APPLY, 3, "must be written as Phase(…)"),
        ('"""T."""\nPHASE = None\n' + APPLY, 2, "must be written as Phase(…)"),
        ('"""T."""\nPHASE = Phase(validations=names())\n' + APPLY, 2, "must be a literal"),
        ('"""T."""\nPHASE = Phase(validations={[]: 1})\n' + APPLY, 2, "must be a literal"),
        ('"""T."""\nPHASE = Phase(validations="build")\n' + APPLY, 2, "must be a tuple of names"),
        ('"""T."""\nPHASE = Phase(validations=(1,))\n' + APPLY, 2, "must be a tuple of names"),
        ('"""T."""\nPHASE = Phase(may_be_empty=1)\n' + APPLY, 2, "must be True or False"),
        ('"""T."""\nPHASE = Phase(formerly="p02-a")\n' + APPLY, 2, "formerly must be a tuple of names"),
        (
            '"""T."""\nPHASE = Phase(formerly=("config",))\n' + APPLY,
            2,
            'has "config", which is not the name of a phase',
        ),
        ('"""T."""\nPHASE = Phase(formerly=("a/b/p02-a",))\n' + APPLY, 2, 'has "a/b/p02-a", which is not the name'),
        ('"""T."""\nPHASE = Phase(formerly=("-x/p02-a",))\n' + APPLY, 2, 'has "-x/p02-a", which is not the name'),
        ('"""T."""\nPHASE = Phase(formerly=("p02-a\\n",))\n' + APPLY, 2, r'has "p02-a\n", which is not the name'),
        (
            '"""T."""\nPHASE = Phase(formerly=("old/p02_Config.py",))\n' + APPLY,
            2,
            'did you mean "old/p02-config"?',
        ),
    ],
)
def test_a_module_that_does_not_keep_the_contract_has_a_problem_with_its_line(
    tmp_path: Path, text: str | bytes, line: int, said: str
) -> None:
    found = problem(tmp_path, text)
    assert found.where == f"p01_first.py:{line}"
    assert said in found.message


def test_a_broken_module_has_a_hash_of_its_own_and_its_name_for_a_title(tmp_path: Path) -> None:
    one, other = read(tmp_path, "def apply(:\n"), read(tmp_path, "def apply(::\n")
    assert (one.title, one.body, one.declaration) == ("p01-first", "", Phase())
    assert one.digest != other.digest
    assert one.trouble == "p01_first.py:1: this is not Python: invalid syntax"
    with pytest.raises(PlanError, match="this is not Python"):
        one.check()


def test_a_wrong_declaration_takes_nothing_from_the_text(tmp_path: Path) -> None:
    source = read(tmp_path, f'"""Move it.\n\nBecause.\n"""\nPHASE = None\n{APPLY}')
    assert (source.title, source.body) == ("Move it", "Because.")
    assert source.problem is not None


def test_what_is_no_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "p01_first.py"
    for make in (lambda: os.mkfifo(path), lambda: path.symlink_to("/dev/zero"), lambda: path.symlink_to("nowhere")):
        make()
        assert "this phase cannot be read: " in read_phase(path, path.name).trouble
        path.unlink()
    path.mkdir()
    assert (
        read_phase(path, "phases/p01.py").trouble
        == "phases/p01.py: this phase cannot be read: it is not a regular file"
    )


def test_a_module_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "p01_first.py"
    with path.open("wb") as file:
        file.truncate(257 * 2**10)
    assert read_phase(path, path.name).trouble == "p01_first.py: this phase cannot be read: it is larger than 256 KB"


def test_every_field_of_a_phase_is_a_keyword() -> None:
    assert {field.name for field in fields(Phase)} == set(KEYWORDS)


def test_the_former_names_of_a_phase_are_read(tmp_path: Path) -> None:
    source = read(tmp_path, f'"""T."""\nPHASE = Phase(formerly=["p02-config", "old_mig-1/p2-config"])\n{APPLY}')
    assert source.declaration.formerly == ("p02-config", "old_mig-1/p2-config")


def test_a_text_with_an_odd_escape_is_no_error_of_the_plan(tmp_path: Path) -> None:
    assert read(tmp_path, f'"""T."""\nPATTERN = "\\d"\n{APPLY}').title == "T"


def test_phases_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("p10_ten.py", "p2_two.py", "p01_one.py", "layout.py", "__init__.py", "p1.txt", "pkg_x.py", "p2p.py"):
        (tmp_path / name).write_text("")
    assert [path.name for path in phase_files(tmp_path)] == ["p01_one.py", "p2_two.py", "p10_ten.py"]
    assert phase_id(tmp_path / "p03_generic_utilities.py") == "p03-generic-utilities"
    assert phase_number(tmp_path / "p03_generic_utilities.py") == 3


@pytest.mark.parametrize(("name", "right"), [("p04_Core.py", "p04_core.py"), ("P04-core api.py", "p04_core_api.py")])
def test_a_file_that_is_nearly_a_phase_is_not_left_out_unnoticed(tmp_path: Path, name: str, right: str) -> None:
    (tmp_path / name).write_text("")
    with pytest.raises(PlanError) as refused:
        phase_files(tmp_path)
    assert name in str(refused.value.where)
    assert f"rename it to {right}" in (refused.value.advice or "")
