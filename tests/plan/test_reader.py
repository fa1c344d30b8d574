"""`migrate.toml`: what it says, and every way in which it can be wrong."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from migrate.errors import PlanError
from migrate.plan.model import Plan, check_table_names
from migrate.plan.reader import read_plan
from migrate.plan.toml_position import Positions
from migrate.plan.validation import Validation
from migrate.tree.allowed import Allowed

if TYPE_CHECKING:
    from tests.conftest import Sandbox

Write = Callable[[str], Path]
MINIMAL = '[migration]\nname = "m"\n'


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Writes a plan beside two phases, each of which would leave a trace if it ran."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "phases"
    folder.mkdir()
    for name in ("p01_first.py", "p02_second.py"):
        ran = f"import pathlib; pathlib.Path({str(tmp_path / 'ran')!r}).touch()\n"
        (folder / name).write_text(f'"""Title of {name}."""\n{ran}\ndef apply(ws): ...\n')

    def writer(text: str) -> Path:
        path = tmp_path / "migrate.toml"
        path.write_text(dedent(text))
        return path

    return writer


def test_a_whole_plan_is_read_and_nothing_of_it_runs(write: Write, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    plan = read_plan(
        write("""\
        [migration]
        name = "pllm"
        title = "Restructure"
        base = "trunk"
        branch_prefix = "refactor/pllm/"
        remote = "upstream"
        phases = "phases"
        templates = "own"
        order = ["p02-second", "p01-first"]

        [[validation]]
        name = "build"
        run = ["go", "build", "./..."]
        phases = ["p01*"]
        timeout = 60
        env = { GOOS = "linux", A = "b" }
        setup = "make generated"
        requires = ["go"]
        baseline = "^[^ ]+:[0-9]+:"

        [[validation]]
        name = "smoke test"
        manual = "Start it and log in."

        [[allow]]
        files = "docs/**"
        text = "old name"
        reason = "history"
        """)
    )
    assert (plan.name, plan.title, plan.base, plan.remote) == ("pllm", "Restructure", "trunk", "upstream")
    assert [source.id for source in plan.phases] == ["p02-second", "p01-first"]
    assert plan.branch("p01-first") == "refactor/pllm/p01-first"
    assert plan.validations == (
        Validation(
            name="build",
            run=("go", "build", "./..."),
            phases=("p01*",),
            timeout=60.0,
            env=(("A", "b"), ("GOOS", "linux")),
            setup="make generated",
            requires=("go",),
            baseline="^[^ ]+:[0-9]+:",
        ),
        Validation(name="smoke test", manual="Start it and log in."),
    )
    assert plan.allowed == (Allowed("docs/**", "old name", "history"),)
    assert (plan.phases_dir, plan.templates_dir) == (tmp_path / "phases", tmp_path / "own")
    assert not (tmp_path / "ran").exists()


def test_a_name_is_all_that_a_plan_must_have(write: Write) -> None:
    plan = read_plan(write(MINIMAL))
    assert (plan.title, plan.base, plan.branch_prefix, plan.remote) == ("m", "main", "migrate/m", "origin")
    assert [source.title for source in plan.phases] == ["Title of p01_first.py", "Title of p02_second.py"]
    assert (plan.validations, plan.allowed, plan.templates_dir) == ((), (), None)


def test_toml_1_1_is_understood(write: Write) -> None:
    plan = read_plan(write(MINIMAL + '[[validation]]\nname = "b"\nrun = "x"\nenv = {\n  A = "1",\n  B = "2",\n}\n'))
    assert plan.validations[0].env == (("A", "1"), ("B", "2"))


def test_a_plan_among_its_phases_needs_no_folder(write: Write, tmp_path: Path) -> None:
    write(MINIMAL).rename(tmp_path / "phases/migrate.toml")
    assert len(read_plan(tmp_path / "phases/migrate.toml").phases) == 2


WRONG = {
    "no table": ("", 1, "a plan needs a [migration] table with a name"),
    "an array of tables": ('[[migration]]\nname = "m"', 1, "a plan needs a [migration] table"),
    "no name": ('\n[migration]\ntitle = "x"', 2, "a migration needs a name"),
    "name with a slash": ('[migration]\nname = "a/b"', 2, 'the name "a/b" becomes part of branch names'),
    "name like an option": ('[migration]\nname = "-m"', 2, "becomes part of branch names"),
    "name beyond ascii": ('[migration]\nname = "ü"', 2, "becomes part of branch names"),
    "name of the wrong type": ("[migration]\nname = 3", 2, "name must be a text, not a number"),
    "blank title": (MINIMAL + 'title = " "', 3, "title must be a text"),
    "a NUL byte": (MINIMAL + 'title = "a\\u0000b"', 3, "title holds a NUL byte"),
    "unknown key": (MINIMAL + 'titel = "x"', 3, '[migration] knows no "titel"; did you mean "title"?'),
    "unknown table": (MINIMAL + "[[validations]]", 3, 'unknown table or key "validations"; did you mean "validation"?'),
    "unknown key at the top": ('naem = "x"\n' + MINIMAL, 1, 'unknown table or key "naem"'),
    "base of the wrong type": (MINIMAL + "\nbase = true", 4, "base must be a text, not a boolean"),
    "no such folder": (MINIMAL + 'phases = "phase"', 3, 'the folder "phase" for phases does not exist'),
    "no such templates": (MINIMAL + 'templates = "none"', 3, 'the folder "none" for templates does not exist'),
    "a folder without phases": (MINIMAL + 'phases = "."', 1, 'there is no phase in "."'),
    "unknown phase in the order": (
        MINIMAL + 'order = [\n  "p01-first",\n  "p02-secnd",\n]',
        5,
        'the order names the unknown phase "p02-secnd"; did you mean "p02-second"?',
    ),
    "a phase twice in the order": (
        MINIMAL + 'order = ["p01-first", "p02-second", "p01-first"]',
        3,
        'the order names "p01-first" twice',
    ),
    "another way with imports": (
        MINIMAL + '\nimports = "forwards"',
        4,
        'imports must be "rewrite" or "forward", not "forwards"',
    ),
    "signatures without signers": (MINIMAL + 'approvals = "signed"', 3, 'approvals = "signed" needs allowed_signers'),
    "receipts without signers": (MINIMAL + 'receipts = "signed"', 3, 'receipts = "signed" needs allowed_signers'),
    "another word for signed": (MINIMAL + 'approvals = "yes"', 3, 'approvals must be "signed", or left out, not "yes"'),
    "signers elsewhere": (MINIMAL + 'allowed_signers = "../k"', 3, 'allowed_signers: "../k" leads out of the'),
    "signers that are absolute": (MINIMAL + 'allowed_signers = "/k"', 3, 'allowed_signers: "/k" is absolute'),
    "secrets that are no list": (MINIMAL + 'secrets = "PIN"', 3, "secrets must be a list of texts, not a text"),
    "strict of the wrong type": (MINIMAL + 'strict = "yes"', 3, "strict must be true or false, not a text"),
    "imports of the wrong type": (MINIMAL + "imports = true", 3, "imports must be a text, not"),
    "a phase left out": (MINIMAL + 'order = ["p01-first"]', 3, 'the order leaves out "p02-second"'),
    "order of the wrong type": (MINIMAL + 'order = "p01-first"', 3, "order must be a list of texts, not a text"),
    "order of numbers": (MINIMAL + "order = [1]", 3, "order must be a list of texts, not a list"),
    "broken TOML": (MINIMAL + "x = [", 3, "this is not TOML"),
    "a key twice": (MINIMAL + 'name = "n"', 3, "this is not TOML"),
}
VALIDATION = MINIMAL + "[[validation]]\n"
WRONG_VALIDATION = {
    "no name": ('run = "x"', 3, "a validation needs a name"),
    "neither run nor manual": ('name = "b"', 3, 'validation "b" needs either run or manual'),
    "both": ('name = "b"\nrun = "x"\nmanual = "y"', 3, 'validation "b" needs either run or manual'),
    "unknown key": ('name = "b"\nrum = "x"', 5, '[validation] knows no "rum"; did you mean "run"?'),
    "empty run": ('name = "b"\nrun = []', 5, "run must be a list of arguments or a text for the shell, not nothing"),
    "blank run": ('name = "b"\nrun = "  "', 5, "run must be a text"),
    "run of numbers": ('name = "b"\nrun = ["x", 1]', 5, "run must be a list of arguments"),
    "run with a NUL byte": ('name = "b"\nrun = ["x\\u0000"]', 5, "run holds a NUL byte"),
    "setup of the wrong type": ('name = "b"\nrun = "x"\nsetup = 1', 6, "setup must be a list of arguments"),
    "timeout zero": ('name = "b"\nrun = "x"\ntimeout = 0', 6, "timeout must be a number of seconds above 0"),
    "timeout true": ('name = "b"\nrun = "x"\ntimeout = true', 6, "timeout must be a number"),
    "timeout as text": ('name = "b"\nrun = "x"\ntimeout = "60s"', 6, "timeout must be a number"),
    "timeout nan": ('name = "b"\nrun = "x"\ntimeout = nan', 6, "timeout must be a number"),
    "timeout inf": ('name = "b"\nrun = "x"\ntimeout = inf', 6, "timeout must be a number"),
    "env of numbers": ('name = "b"\nrun = "x"\nenv = { A = 1 }', 6, "env must be a table of strings"),
    "env that no process can have": (
        'name = "b"\nrun = "x"\nenv = { "A=B" = "1" }',
        6,
        '"A=B" cannot be an environment variable',
    ),
    "requires of the wrong type": ('name = "b"\nrun = "x"\nrequires = "go"', 6, "requires must be a list of texts"),
    "unknown phase": (
        'name = "b"\nrun = "x"\nphases = ["p01*", "p02-secnd"]',
        6,
        'no phase matches "p02-secnd"; did you mean "p02-second"?',
    ),
    "a name that is no file's": ('name = "a/b"\nrun = "x"', 4, 'the name "a/b" cannot name a log file'),
    "a name that hides": ('name = ".b"\nrun = "x"', 4, "cannot name a log file"),
    "a name that moves the cursor": ('name = "a\\u001b"\nrun = "x"', 4, 'the name "a\\x1b" cannot name a log file'),
    "a bad baseline": ('name = "b"\nrun = "x"\nbaseline = "("', 6, "baseline is not a regular expression"),
    "a name twice": ('name = "b"\nrun = "x"\n[[validation]]\nrun = "y"\nname = "b"', 8, '"b" is defined twice'),
    "an error in the second one": (
        'name = "b"\nrun = "x"\n[[validation]]\nname = "c"',
        6,
        '"c" needs either run or manual',
    ),
    "one table for all": ("", 3, "a validation needs a name"),
    "an allow without a reason": ('name = "b"\nrun = "x"\n[[allow]]\nfiles = "x"', 6, "needs files and a reason"),
    "an allow with a typo": (
        'name = "b"\nrun = "x"\n[[allow]]\nfile = "x"\nreason = "y"',
        7,
        '[allow] knows no "file"; did you mean "files"?',
    ),
}
CASES = WRONG | {
    f"validation: {case}": (VALIDATION + text, line, said) for case, (text, line, said) in WRONG_VALIDATION.items()
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_said_with_file_and_line_and_nothing_runs(write: Write, tmp_path: Path, case: str) -> None:
    text, line, said = CASES[case]
    with pytest.raises(PlanError) as refused:
        read_plan(write(text))
    assert refused.value.where == f"migrate.toml:{line}"
    assert said in refused.value.message
    assert not (tmp_path / "ran").exists()


def test_a_validation_written_as_one_table_is_refused(write: Write) -> None:
    with pytest.raises(PlanError, match=r"migrate.toml:3: write each validation as its own \[\[validation\]\] table"):
        read_plan(write(MINIMAL + '[validation]\nname = "b"\n'))


def test_a_plan_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "migrate.toml").write_bytes(b'[migration]\nname = "\xff"\n')
    with pytest.raises(PlanError, match="the plan is not UTF-8"):
        read_plan(tmp_path / "migrate.toml")


def test_a_phase_that_names_an_unknown_validation_has_a_problem_at_the_line_of_its_declaration(
    write: Write, tmp_path: Path
) -> None:
    phase = tmp_path / "phases/p01_first.py"
    phase.write_text('"""T."""\n\nPHASE = Phase(validations=("biuld",))\n\ndef apply(ws): ...\n')
    plan = read_plan(write(VALIDATION + 'name = "build"\nrun = "x"\n'))
    assert [source.trouble for source in plan.phases] == [
        'phases/p01_first.py:3: validation "biuld" is not defined; did you mean "build"?',
        "",
    ]


def test_phases_of_one_number_are_refused_whatever_the_order_says(write: Write, tmp_path: Path) -> None:
    (tmp_path / "phases/p2_again.py").write_text('"""T."""\ndef apply(ws): ...\n')
    for order in ("", 'order = ["p01-first", "p2-again", "p02-second"]\n'):
        with pytest.raises(PlanError) as refused:
            read_plan(write(MINIMAL + order))
        assert str(refused.value) == (
            'phases/p2_again.py: "phases/p02_second.py" has the number 2 too, but a number must name one phase'
        )
        assert refused.value.advice == (
            'rename one of them; if it has run already, its PHASE says what it was: Phase(formerly=("p2-again",))'
        )


def former(tmp_path: Path, **names: str) -> None:
    """Write phases with former names."""
    for file, said in names.items():
        (tmp_path / f"phases/{file}.py").write_text(
            f'"""T."""\nPHASE = Phase(formerly=({said},))\ndef apply(ws): ...\n'
        )


def test_former_names_of_phases_are_kept(write: Write, tmp_path: Path) -> None:
    former(tmp_path, p01_first='"p03-first", "old/p02-second"', p02_second='"m/p04-x", "old/p04-x"')
    plan = read_plan(write(MINIMAL))
    assert [source.trouble for source in plan.phases] == ["", ""]
    assert [source.declaration.formerly for source in plan.phases] == [
        ("p03-first", "old/p02-second"),
        ("m/p04-x", "old/p04-x"),
    ]


@pytest.mark.parametrize("name", ["p02-second", "m/p02-second", "p01-first"])
def test_a_former_name_that_a_phase_has_now_claims_nothing(write: Write, tmp_path: Path, name: str) -> None:
    former(tmp_path, p01_first=f'"{name}"')
    plan = read_plan(write(MINIMAL))
    short = name.removeprefix("m/")
    assert [source.trouble for source in plan.phases] == [
        f'phases/p01_first.py:2: formerly has "{short}", but the plan has a phase with that name now',
        "",
    ]
    assert plan.phases[0].declaration.formerly == ()


def test_a_former_name_that_two_phases_claim_leads_to_neither(write: Write, tmp_path: Path) -> None:
    former(tmp_path, p01_first='"p03-x"', p02_second='"p04-y", "m/p03-x"')
    plan = read_plan(write(MINIMAL))
    assert [source.trouble for source in plan.phases] == [
        'phases/p01_first.py:2: formerly has "p03-x", and that of "phases/p02_second.py" has it too',
        'phases/p02_second.py:2: formerly has "p03-x", and that of "phases/p01_first.py" has it too',
    ]
    assert {source.declaration.formerly for source in plan.phases} == {()}


def test_a_plan_is_strict_when_it_says_so(write: Write) -> None:
    assert not read_plan(write(MINIMAL)).strict
    assert not read_plan(write(MINIMAL + "strict = false")).strict
    assert read_plan(write(MINIMAL + "strict = true")).strict


def test_another_validation_or_a_strict_plan_makes_no_phase_stale(write: Write, tmp_path: Path) -> None:
    write(MINIMAL).rename(tmp_path / "phases/migrate.toml")
    phase = tmp_path / "phases/p01_first.py"
    phase.write_text('"""T."""\nHERE = __file__\ndef apply(ws): ...\n')
    before = read_plan(tmp_path / "phases/migrate.toml")
    (tmp_path / "phases/migrate.toml").write_text(MINIMAL + 'strict = true\n[[validation]]\nname = "b"\nrun = "x"\n')
    after = read_plan(tmp_path / "phases/migrate.toml")
    assert [source.digest for source in after.phases] == [source.digest for source in before.phases]


def test_phases_that_ran_in_the_other_way_are_stale(write: Write) -> None:
    rewriting = read_plan(write(MINIMAL))
    assert rewriting.imports == "rewrite"
    assert read_plan(write(MINIMAL + 'imports = "rewrite"')) == rewriting
    forwarding = read_plan(write(MINIMAL + 'imports = "forward"'))
    assert forwarding.imports == "forward"
    assert {phase.digest for phase in forwarding.phases}.isdisjoint(phase.digest for phase in rewriting.phases)
    assert not any(
        old.is_made_from(name)
        for old, new in zip(rewriting.phases, forwarding.phases, strict=True)
        for name in (new.digest, *new.former_digests)
    )


def test_a_broken_phase_leaves_the_rest_of_the_plan_readable(write: Write, tmp_path: Path) -> None:
    (tmp_path / "phases/p02_second.py").write_text('"""T."""\ndef apply(ws)\n')
    plan = read_plan(write(MINIMAL))
    assert [source.trouble for source in plan.phases] == [
        "",
        "phases/p02_second.py:2: this is not Python: expected ':'",
    ]


def test_a_phase_gets_the_validations_that_name_it_and_those_that_it_names(write: Write, tmp_path: Path) -> None:
    (tmp_path / "phases/p01_first.py").write_text(
        '"""T."""\nPHASE = Phase(validations=("special",))\ndef apply(ws): ...\n'
    )
    blocks = [("all", "*"), ("second", "p02-*"), ("special", "p02-second")]
    text = "".join(f'[[validation]]\nname = "{name}"\nrun = "x"\nphases = ["{glob}"]\n' for name, glob in blocks)
    plan = read_plan(write(MINIMAL + text))
    names = [[v.name for v in plan.validations_of(source)] for source in plan.phases]
    assert names == [["all", "special"], ["all", "second", "special"]]


@pytest.mark.parametrize(
    "name", ["p02-second", "p02_second", "p02_second.py", "p02", "p2", "2", "02", "migrate/m/p02-second"]
)
def test_a_phase_answers_to_its_name_its_file_its_branch_and_its_number(write: Write, name: str) -> None:
    assert read_plan(write(MINIMAL)).phase(name).id == "p02-second"


def test_a_phase_that_is_not_there_is_refused_with_the_nearest_one(write: Write) -> None:
    plan = read_plan(write(MINIMAL))
    with pytest.raises(PlanError, match=r'there is no phase "p02-secnd"; did you mean "p02-second"\?'):
        plan.phase("p02-secnd")
    with pytest.raises(PlanError, match='there is no phase "7"'):
        plan.phase("7")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('branch_prefix = "refactor..x"', 'git does not accept "refactor..x" as branch_prefix'),
        ('branch_prefix = "a b"', 'git does not accept "a b" as branch_prefix'),
        ('branch_prefix = "-x"', 'git does not accept "-x" as branch_prefix'),
        ('branch_prefix = "/"', 'git does not accept "" as branch_prefix'),
        ('base = "main~1"', 'git does not accept "main~1" as base'),
        ('remote = "--upload-pack=x"', 'git does not accept "--upload-pack=x" as remote'),
    ],
)
def test_a_name_that_git_refuses_is_refused_with_its_line(repo: Sandbox, write: Write, line: str, said: str) -> None:
    plan = read_plan(write(f"{MINIMAL}\n{line}\n"))
    with pytest.raises(PlanError) as refused:
        check_table_names(repo.repository, plan)
    assert (refused.value.where, refused.value.message) == ("migrate.toml:4", said)


def test_names_that_git_accepts_pass(repo: Sandbox, write: Write) -> None:
    plan: Plan = read_plan(write(MINIMAL + 'base = "release/1.x"\nbranch_prefix = "team/ünï"\n'))
    check_table_names(repo.repository, plan)


def test_positions_survive_comments_quotes_and_texts_of_several_lines() -> None:
    text = '# x = 1\n"a" = 1\n[t]  # table\n\'k\' = """\n one\n\f two"""\nlist = [\n  "p1-ab",\n  "p1",\n]\n'
    positions = Positions(text + "[[u]]\n[[u]]\nk = 1\n")
    assert positions.line("", 0, "a") == 2
    assert positions.line("t") == 3
    assert positions.line("t", 0, "k") == 4
    assert positions.line("t", 0, "list", "p1") == 9
    assert positions.line("t", 0, "list", "none") == 7
    assert positions.line("u", 1, "k") == 13
    assert positions.line("u", 1, "none") == 12
    assert positions.line("none") == 1


NESTED, DIGITS, LONG_NAME = "x = " + "[" * 500 + "]" * 500, "9" * 5000, "n" * 201
ONE_VALIDATION = MINIMAL + '[[validation]]\nname = "v"\nrun = "true"\n'
BEYOND = {
    "nested values": (MINIMAL + NESTED, "migrate.toml: a value or a key of the plan is nested too deeply"),
    "a nested key": (MINIMAL + "a" + ".a" * 3000 + " = 1", "is nested too deeply"),
    "a number that Python does not convert": (MINIMAL + f"title = {DIGITS}", "has more than 4,300 digits"),
    "a number that is no duration": (
        ONE_VALIDATION + f"timeout = {DIGITS[:4000]}",
        "migrate.toml:6: timeout must be a number",
    ),
    "a name for a migration": (f'[migration]\nname = "{LONG_NAME}"', "migrate.toml:2: this name is too long"),
    "a prefix": (f'{MINIMAL}branch_prefix = "a/{LONG_NAME}"', "migrate.toml:3: this branch_prefix is too long"),
    "a prefix of many parts": (f'{MINIMAL}branch_prefix = "{"a/" * 600}b"', "this branch_prefix is too long"),
    "a name for a validation": (
        ONE_VALIDATION.replace('"v"', f'"{LONG_NAME}"'),
        "migrate.toml:4: this name is too long",
    ),
    "a folder that no file can be called": (f'{MINIMAL}phases = "{LONG_NAME * 2}"', "migrate.toml:3: the folder "),
    "a folder that is too deep": (f'{MINIMAL}templates = "{"a/" * 3000}"', "migrate.toml:3: the folder "),
    "a repetition without end": (
        ONE_VALIDATION + "baseline = 'x{99999999999}'",
        "baseline is not a regular expression",
    ),
    "a nested expression": (ONE_VALIDATION + f"baseline = '{'(' * 5000}{')' * 5000}'", "it is nested too deeply"),
    "more than is read": (MINIMAL + "#" * 2**20, "migrate.toml: the plan cannot be read: it is larger than 1 MB"),
}


@pytest.mark.parametrize("case", BEYOND)
def test_what_is_beyond_a_limit_is_said_in_a_sentence(write: Write, case: str) -> None:
    text, said = BEYOND[case]
    path = write(text)
    with pytest.raises(PlanError) as found:
        read_plan(path)
    assert said in str(found.value)


def test_a_plan_that_is_no_regular_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "migrate.toml")
    with pytest.raises(PlanError, match="the plan cannot be read: it is not a regular file"):
        read_plan(tmp_path / "migrate.toml", str)


def test_a_folder_that_leads_in_a_circle_is_none(write: Write, tmp_path: Path) -> None:
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(PlanError, match='the folder "round" for phases does not exist'):
        read_plan(write(MINIMAL + 'phases = "round"'))


def test_a_phase_with_a_name_too_long_for_a_branch_is_a_problem_of_that_phase(write: Write, tmp_path: Path) -> None:
    name = f"p03_{'x' * 198}.py"
    (tmp_path / "phases" / name).write_text('"""T."""\ndef apply(ws): ...\n')
    phase = read_plan(write(MINIMAL)).phases[2]
    assert (
        phase.trouble == f"phases/{name}: the name of a phase has at most 200 letters, because it becomes part of "
        "branch names"
    )


@pytest.mark.parametrize("name", ["9" * 5000, "p" + "9" * 5000, "x" * 5000])
def test_a_phase_is_not_found_by_a_name_without_end(write: Write, name: str) -> None:
    with pytest.raises(PlanError, match="there is no phase"):
        read_plan(write(MINIMAL)).phase(name)
