"""What every command knows of Python: the checks after a phase, `verify`, descriptions, layers, stragglers."""

from __future__ import annotations

import pytest

from migrate.engines.explanation import ChangeKind
from migrate.engines.python.explain import python_explainer
from migrate.tree.moves import MoveMap
from tests.story import PLAN, Story, prepared, story

__all__ = ["story"]

FILES = {
    "shop/__init__.py": "",
    "shop/cart.py": "from shop import money\n\n\ndef total():\n    return money.SUM\n",
    "shop/money.py": "SUM = 1\n",
    "app.py": "from shop import cart\n\nprint(cart.total())\n",
}
MOVE = '''\
    """Give money a package."""


    def apply(ws):
        ws.python.move("shop/money.py", "shop/core/money.py")
        ws.write("shop/core/__init__.py", "")
    '''
CARELESS = '''\
    """Give money a package."""


    def apply(ws):
        ws.move("shop/money.py", "shop/core/money.py")
    '''


@pytest.fixture
@prepared
def shop(story: Story) -> Story:
    """A small program and its phase."""
    for path, text in FILES.items():
        story.write(path, text)
    return story.begin(p01_give_money_a_package=MOVE)


def test_a_phase_moves_and_a_reviewer_need_not_read_imports(shop: Story) -> None:
    shop.made()
    assert shop.git("show", "HEAD:shop/cart.py").startswith("from shop.core import money\n")
    said = shop.type("pr", "--all").ended(0).out
    assert "1 differs by import paths alone" in said
    assert "Python may call it" not in said
    shop.type("verify").ended(0)


def test_a_move_that_leaves_an_import_behind_fails_the_phase(shop: Story) -> None:
    shop.phase("p01_give_money_a_package.py", CARELESS)
    shop.commit("Move carelessly")
    shop.type("run").ended(1, "the Python code would have 1 flaw", 'shop/cart.py:1 imports "shop.money"')


def test_a_relative_import_is_named_as_it_is_written(shop: Story) -> None:
    shop.phase("p01_give_money_a_package.py", CARELESS.replace("shop/money.py", "shop/stock/coin.py"))
    stock = {"shop/stock/__init__.py": "", "shop/stock/coin.py": "", "shop/deep/__init__.py": ""}
    shop.commit("Stock coins", {**stock, "shop/deep/sum.py": "from ..stock import coin\n"})
    shop.type("run").ended(1, 'shop/deep/sum.py:1 imports "..stock.coin"')


def test_an_import_that_a_colleague_wrote_is_stale(shop: Story) -> None:
    shop.made().commit("Count", {"count.py": "import shop.money\n"})
    said = shop.type("verify").ended(1, "count.py:1: shop/money.py is shop/core/money.py now").out
    assert "not checked" not in said


def test_stragglers_follow_with_what_they_import(shop: Story) -> None:
    whole = MOVE.replace('move("shop/money.py", "shop/core/money.py")', 'move("shop", "store")')
    shop.phase("p01_give_money_a_package.py", whole.replace('        ws.write("shop/core/__init__.py", "")\n', ""))
    shop.commit("Move all")
    shop.made()
    shop.git("switch", "--quiet", "main")
    shop.git("merge", "--quiet", "--no-ff", "--message", "Merge", "migrate/tidy/p01-give-money-a-package")
    late = "from shop.money import SUM\n\nassert SUM == 1\n"
    shop.commit("Be late", {"shop/late.py": late, "count.py": "import shop.late\n"})
    shop.type("land", "--yes").ended(0)
    tip = "migrate/tidy/stragglers"
    assert shop.git("show", f"{tip}:store/late.py").startswith("from store.money import SUM\n")
    assert shop.git("show", f"{tip}:count.py") == "import store.late"


def test_a_folder_that_is_no_package_beside_packages_is_noted(shop: Story) -> None:
    shop.phase("p01_give_money_a_package.py", MOVE.replace('        ws.write("shop/core/__init__.py", "")\n', ""))
    shop.commit("Forget the package")
    shop.made()
    assert "shop/core has no __init__.py, and shop has one" in shop.git("log", "-1", "--format=%B")


def test_a_line_that_the_plan_allows_is_not_noted(shop: Story) -> None:
    allow = '[[allow]]\nfiles = "guide.txt"\ntext = "once"\nreason = "history"\n'
    shop.plan(PLAN, f"\n{allow}")
    shop.commit("Write a guide", {"guide.txt": "It was shop.money once.\nIt is shop.money.\n"})
    shop.made()
    said = shop.git("log", "-1", "--format=%B")
    assert "guide.txt:2" in said
    assert "guide.txt:1" not in said


def test_layers_and_the_structure_know_python(shop: Story) -> None:
    layers = '[[layer]]\nname = "core"\nfolders = ["shop/core"]\n\n[[layer]]\nname = "shop"\nfolders = ["shop"]\n'
    shop.plan(PLAN, f"\n{layers}may_import = []\n")
    shop.commit("Draw layers")
    shop.made()
    broken = shop.type("verify", "--json").json["layers"]["broken"]
    assert [(each["path"], each["line"], each["imported"]) for each in broken] == [("shop/cart.py", 1, "shop/core")]
    assert shop.type("analyze", "--json").ended(0).json["languages"]["Python"] == 6


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("import a.b\na.b.f()\n", "import c.b\nc.b.f()\n", ChangeKind.IMPORTS),
        ("from a.b import f\n", "from c.b import f\n", ChangeKind.IMPORTS),
        ("from a import b\nb.f()\n", "from c import b\nb.f()\n", ChangeKind.IMPORTS),
        ("from src_x.a.b import f\n", "from src_x.c.b import f\n", ChangeKind.READ),
        ("from a.b import f\n", "from evil.b import f\n", ChangeKind.READ),
        ("from a.b import f\n", "from c.b import f\nimport os\n", ChangeKind.READ),
        ("from a.b import f\nfrom a.d import g\n", "from c.b import f\nfrom evil.d import g\n", ChangeKind.READ),
        ("from a.b import f\nf(1)\n", "from c.b import f\nf(2)\n", ChangeKind.READ),
        ("from .b import f\n", "from ..b import f\n", ChangeKind.READ),
    ],
)
def test_an_import_counts_as_explained_where_a_move_leads_to_it(old: str, new: str, kind: ChangeKind) -> None:
    explain = python_explainer(MoveMap({"src/a/b.py": "src/c/b.py"}))
    assert explain(old.encode(), new.encode()) is kind
