"""What the rest of the program asks an engine: the import graph, stale imports, and what a change is."""

from __future__ import annotations

import pytest

from migrate.engines.explanation import ChangeKind
from migrate.engines.python.explain import python_explainer
from migrate.engines.python.graph import files_of
from migrate.engines.python.header import import_statements
from migrate.engines.python.roots import roots_of
from migrate.engines.python.soundness import examine_python
from migrate.engines.python.stale import stale_python_imports
from migrate.engines.python.tree import PythonTree
from migrate.tree.changes import from_trees
from migrate.tree.moves import MoveMap
from tests.engines.python.cases import BASE, CASES, TEXTS, Case
from tests.engines.python.conftest import Make


def test_the_graph_holds_modules_and_the_packages_above_them(python_repo: Make) -> None:
    ws = python_repo({**BASE, "src/app.py": "import os\nfrom shop import cart\ndef f():\n    import shop.money\n"})
    tree = PythonTree(ws.files(), roots_of(ws.overlay))

    def imported(path: str) -> set[str]:
        return {file for each in import_statements(ws.read(path)) for file in files_of(tree, path, each)} - {path}

    assert imported("src/app.py") == {"src/shop/__init__.py", "src/shop/cart.py", "src/shop/money.py"}
    assert imported("src/shop/cart.py") == set()


@pytest.mark.parametrize("case", [case for case in CASES if case.run], ids=lambda case: case.name)
def test_the_checks_after_a_phase_find_nothing_after_the_engine(case: Case, python_repo: Make) -> None:
    ws = python_repo(case.files)
    for old, new in case.moves.items():
        ws.python.move(old, new)
    ws.flush()
    assert examine_python(ws.overlay, from_trees(ws.overlay.base, ws.overlay.changes(), ws.moved)).error() is None


@pytest.mark.parametrize("case", [case for case in CASES if case.run], ids=lambda case: case.name)
def test_nothing_is_stale_after_the_engine(case: Case, python_repo: Make) -> None:
    ws = python_repo(case.files)
    for old, new in case.moves.items():
        ws.python.move(old, new)
    ws.flush()
    assert stale_python_imports(ws.overlay, ws.moved) == []


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("import os\nimport shop.cart\n", 2),
        ("from shop.cart import Cart\n", 1),
        ("from shop import (\n    money,\n    cart,\n)\n", 1),
        ("def f():\n    from shop import cart as c\n", 2),
        ("print 'x'\nfrom shop.cart import Cart\n", 2),
        ("print 'x'\nfrom shop import cart, money\n", 2),
    ],
)
def test_an_import_that_was_left_is_stale(text: str, line: int, python_repo: Make) -> None:
    ws = python_repo({**BASE, "src/app.py": text})
    ws.relocate({"src/shop/cart.py": "src/store/cart.py"})
    assert [(each.path, each.line) for each in stale_python_imports(ws.overlay, ws.moved)] == [("src/app.py", line)]


def test_a_relative_import_that_was_left_is_stale(python_repo: Make) -> None:
    ws = python_repo(
        {**BASE, "src/shop/money.py": "from .cart import Cart\nfrom . import cart\nfrom .cartoon import x\n"}
    )
    ws.relocate({"src/shop/cart.py": "src/store/cart.py"})
    assert [each.line for each in stale_python_imports(ws.overlay, ws.moved)] == [1, 2]


def test_what_is_imported_from_elsewhere_is_not_stale(python_repo: Make) -> None:
    ws = python_repo({**BASE, "src/app.py": "import cart\nfrom store.cart import Cart\nfrom other.cart import x\n"})
    ws.relocate({"src/shop/cart.py": "src/store/cart.py"})
    assert stale_python_imports(ws.overlay, MoveMap(ws.moved)) == []


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.run and "src/app.py" in case.after], ids=lambda case: case.name
)
def test_what_the_engine_writes_differs_by_import_paths_alone(case: Case) -> None:
    told = python_explainer(MoveMap(case.moves))(_bytes(case.files["src/app.py"]), _bytes(case.after["src/app.py"]))
    is_text = case in TEXTS or any(
        word in case.name
        for word in ("type checkers", "an argument", "still used", "for all", "a text", "alphabets", "case alone")
    )
    assert told is ChangeKind.IMPORTS or is_text


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("from a import b\nb.f()\n", "from c import b\nb.g()\n"),
        ("from a import B\n", "from c import D\n"),
        ("import a.b\nx = 1\n", "import c.b\nx = 2\n"),
        ("import a.b  # why\n", "import c.b  # how\n"),
        ("import a.b\n", "import c.b\ny = 1\n"),
        ("import a.b\n", "import c.b +\n"),
    ],
)
def test_what_differs_besides_is_to_be_read(old: str, new: str) -> None:
    everything = MoveMap({"a.py": "c.py", "a/b.py": "c/b.py"})
    assert python_explainer(everything)(old.encode(), new.encode()) is ChangeKind.READ


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode()
