"""The contracts of a plan: what they say, and every way in which they can be wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from migrate.errors import PlanError
from migrate.plan.layers import Exempt, Layer
from migrate.plan.model import Plan
from migrate.plan.reader import read_plan

CORE = '[[layer]]\nname = "core"\nfolders = ["core"]\n'
API = '[[layer]]\nname = "api"\nfolders = ["api"]\n'


@pytest.fixture
def stated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Plan]:
    """Reads a plan with some tables from its line 3 on."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "p01_first.py").write_text('"""Title."""\n\ndef apply(ws): ...\n')

    def read(tables: str) -> Plan:
        (tmp_path / "migrate.toml").write_text(f'[migration]\nname = "m"\n{tables}')
        return read_plan(Path("migrate.toml"))

    return read


def test_a_plan_need_not_state_anything(stated: Callable[[str], Plan]) -> None:
    plan = stated("")
    assert (plan.drawing, plan.layers) == (None, ())


def test_layers_are_read_with_their_rules_and_exceptions(stated: Callable[[str], Plan]) -> None:
    plan = stated(
        '[[layer]]\nname = "pkg"\nfolders = ["pkg", "./", "lib/"]\nmay_import = []\n'
        + '[[layer.except]]\nfiles = "pkg/*.go"\nimports = "core/"\nreason = "for now"\n'
        + CORE
        + 'imports_nothing_of = ["pkg"]\n'
        + '[[layer.except]]\nfiles = "core/*_test.go"\nimports = "pkg/**"\nreason = "tests"\n'
    )
    assert plan.layers == (
        Layer("pkg", ("pkg", "", "lib"), (), (), (Exempt("pkg/*.go", "core", "for now", 7),), 5),
        Layer("core", ("core",), None, ("pkg",), (Exempt("core/*_test.go", "pkg/**", "tests", 15),), 13),
    )


@pytest.mark.parametrize("opening", ["'''\n", '"""\n', "'''"])
def test_every_line_of_a_tree_is_that_of_the_plan(stated: Callable[[str], Plan], opening: str) -> None:
    close = opening.strip()
    drawing = stated(f"[layout]\n# the target\ntree = {opening}top/\n├── pkg/\n└── cmd/\n{close}\n").drawing
    assert drawing is not None
    first = 7 if opening.endswith("\n") else 6
    assert [(place.path, place.line) for place in drawing.places] == [("pkg", first), ("cmd", first + 1)]
    assert drawing.label == "migrate.toml"


@pytest.mark.parametrize(
    ("tables", "line", "said"),
    [
        ("[layout]\n", 3, "a [layout] needs a tree, such as tree = '''…'''"),
        ("[layout]\ntree = 7\n", 4, "tree must be a text, not a number"),
        ("[layout]\ntree = '├─ a/'\n[layer]\n", 5, "write each layer as its own [[layer]] table"),
        ("[layout]\ntre = 'a/'\n", 4, '[layout] knows no "tre"; did you mean "tree"?'),
        ("[[layout]]\ntree = 'a/'\n", 3, "write the target tree as tree = '''…''' in a [layout] table"),
        ("[layout]\ntree = '''\ntop\n  ../x\n'''\n", 6, '"../x" leads out of the repository'),
        ('[[layer]]\nname = "core"\n', 3, "a layer needs a name and folders"),
        ('[[layer]]\nname = "core"\nfolders = []\n', 3, "a layer needs a name and folders"),
        ('[[layer]]\nname = "core"\nfolders = ["a",\n"../b"]\n', 6, '"../b" leads out of the repository'),
        (CORE + API + 'imports_nothing_off = ["core"]\n', 9, '[layer] knows no "imports_nothing_off"; did you mean'),
        (CORE + 'may_import = ["core"]\n', 6, 'a layer may always import itself: take "core" out'),
        (API + CORE + 'imports_nothing_of = ["apy"]\n', 9, 'imports_nothing_of names the unknown layer "apy"; did you mean "api"?'),
        (API + CORE + 'may_import = [\n  "api",\n  "pkg",\n]\n', 11, 'may_import names the unknown layer "pkg"'),
        (API + CORE + 'may_import = []\nimports_nothing_of = ["api"]\n', 10, "may_import forbids everything else already"),
        (CORE + CORE, 7, 'layer "core" is defined twice'),
        (CORE + API.replace('["api"]', '["api", "core/"]'), 8, '"core" is in layer "core" already'),
        (CORE + 'except = "tests"\n', 6, "write each exception as its own [[layer.except]] table"),
        (CORE + '[[layer.except]]\nfiles = "a"\nimports = "b"\n', 6, "a [[layer.except]] needs files, imports and a reason"),
        (
            CORE + '[[layer.except]]\nfiles = "a"\nimports = "b"\nreason = "c"\n' + API + '[[layer.except]]\nfile = "a"\n',
            14,
            '[layer.except] knows no "file"; did you mean "files"?',
        ),
        ("[[layers]]\n", 3, 'unknown table or key "layers"; did you mean "layer"?'),
    ],
)  # fmt: skip
def test_a_wrong_contract_is_refused_with_its_line(
    stated: Callable[[str], Plan], tables: str, line: int, said: str
) -> None:
    with pytest.raises(PlanError) as refused:
        stated(tables)
    assert refused.value.where == f"migrate.toml:{line}"
    assert said in refused.value.message
