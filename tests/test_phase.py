"""What a phase module says of itself before anything of it runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.errors import PlanError
from migrate.phase import Phase, PhaseSource, phase_files, phase_id, read_phase, shared_digest

APPLY = "def apply(ws):\n    ws.write('a', 'a')\n"


def read(folder: Path, text: str, shared: bytes = b"") -> PhaseSource:
    path = folder / "p01_first.py"
    path.write_text(text)
    return read_phase(path, path.name, shared)


def refusal(folder: Path, text: str) -> PlanError:
    with pytest.raises(PlanError) as refused:
        read(folder, text)
    return refused.value


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
        (
            '"""T."""\nPHASE = Phase(may_be_emty=True)\n' + APPLY,
            2,
            'knows no "may_be_emty"; did you mean "may_be_empty"?',
        ),
        ('"""T."""\nPHASE = Phase(("build",))\n' + APPLY, 2, "takes keywords only"),
        ('"""T."""\nPHASE = Phase(**options)\n' + APPLY, 2, 'knows no "**"'),
        ('"""T."""\n\nPHASE = make()\n' + APPLY, 3, "must be written as Phase(…)"),
        ('"""T."""\nPHASE = None\n' + APPLY, 2, "must be written as Phase(…)"),
        ('"""T."""\nPHASE = Phase(validations=names())\n' + APPLY, 2, "must be a literal"),
        ('"""T."""\nPHASE = Phase(validations={[]: 1})\n' + APPLY, 2, "must be a literal"),
        ('"""T."""\nPHASE = Phase(validations="build")\n' + APPLY, 2, "must be a tuple of names"),
        ('"""T."""\nPHASE = Phase(validations=(1,))\n' + APPLY, 2, "must be a tuple of names"),
        ('"""T."""\nPHASE = Phase(may_be_empty=1)\n' + APPLY, 2, "must be True or False"),
    ],
)
def test_a_module_that_does_not_keep_the_contract_is_refused_with_its_line(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    refused = refusal(tmp_path, text)
    assert refused.where == f"p01_first.py:{line}"
    assert said in refused.message


def test_a_text_with_an_odd_escape_is_no_error_of_the_plan(tmp_path: Path) -> None:
    assert read(tmp_path, f'"""T."""\nPATTERN = "\\d"\n{APPLY}').title == "T"


def test_phases_come_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("p10_ten.py", "p2_two.py", "p01_one.py", "layout.py", "__init__.py", "p1.txt", "pkg_x.py", "p2p.py"):
        (tmp_path / name).write_text("")
    assert [path.name for path in phase_files(tmp_path)] == ["p01_one.py", "p2_two.py", "p10_ten.py"]
    assert phase_id(tmp_path / "p03_generic_utilities.py") == "p03-generic-utilities"


@pytest.mark.parametrize(("name", "right"), [("p04_Core.py", "p04_core.py"), ("P04-core api.py", "p04_core_api.py")])
def test_a_file_that_is_nearly_a_phase_is_not_left_out_unnoticed(tmp_path: Path, name: str, right: str) -> None:
    (tmp_path / name).write_text("")
    with pytest.raises(PlanError) as refused:
        phase_files(tmp_path)
    assert name in str(refused.value.where)
    assert f"rename it to {right}" in (refused.value.advice or "")


def test_the_digest_changes_with_everything_that_decides_what_a_phase_does(tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    (templates / "a").mkdir(parents=True)
    (tmp_path / "names").mkdir()

    def digest(more: str = "") -> str:
        return read(tmp_path, f'"""T."""\n{APPLY}{more}', shared_digest(tmp_path, templates)).digest

    seen = [digest()]
    (tmp_path / "layout.py").write_text("A = 1\n")
    seen.append(digest())
    (tmp_path / "names/__init__.py").write_text("")
    (tmp_path / "names/more.py").write_text("B = 1\n")
    seen.append(digest())
    (tmp_path / "names/more.py").write_text("B = 2\n")
    seen.append(digest())
    (templates / "a/readme.md").write_text("x")
    seen.append(digest())
    (templates / "b").mkdir()
    (templates / "a/readme.md").rename(templates / "b/readme.md")
    seen.append(digest())
    seen.append(digest("# another comment\n"))
    assert len(set(seen)) == len(seen)
    (tmp_path / "p02_other.py").write_text("anything")
    assert digest("# another comment\n") == seen[-1]
