"""What Python would refuse after a move is refused before anything changes, with a place and what to do."""

from __future__ import annotations

import pytest

from migrate.errors import MigrateError, PathError, PhaseError
from tests.engines.python.cases import BASE, CART, Files
from tests.engines.python.conftest import Make, contents

REFUSED: list[tuple[str, Files, dict[str, str], str]] = [
    ("a name that is no identifier", {}, {"src/shop/cart.py": "src/shop/my-cart.py"}, "not a name that an import can use"),
    ("a keyword", {}, {"src/shop/cart.py": "src/shop/class.py"}, "not a name that an import can use"),
    ("the standard library", {}, {"src/shop/cart.py": "src/json.py"}, "standard library"),
    ("a module and a package of one name", {"src/store/cart/__init__.py": ""}, {"src/shop/cart.py": "src/store/cart.py"}, "would be one module"),
    ("a file that is there", {"src/store/cart.py": ""}, {"src/shop/cart.py": "src/store/cart.py"}, "is there already"),
    ("a name that the package defines", {"src/store/__init__.py": "cart = 1\n"}, {"src/shop/cart.py": "src/store/cart.py"}, "defines \"cart\" itself"),
    ("a circle that breaks an import",
     {"src/store/__init__.py": "from app import X\n", "src/app.py": "from shop.cart import Cart\nX = Cart\n"},
     {"src/shop/cart.py": "src/store/cart.py"}, "close a circle"),
    ("an import that would find nothing", {"src/app.py": "import shop.cart\n"}, {"src/shop/cart.py": "src/not-a-package/cart.py"}, "no module has that name"),
    ("a module to the path of a package", {}, {"src/shop/cart.py": "src/store/cart"}, "cannot move to"),
    ("a name that is bound twice", {"src/app.py": "try:\n    import shop.cart\nexcept ImportError:\n    shop = None\nshop.cart\n"},
     {"src/shop/cart.py": "src/store/cart.py"}, "bound by an import and by something else"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "moves", "said"), [each[1:] for each in REFUSED], ids=[each[0] for each in REFUSED])
def test_what_python_would_refuse_is_refused(files: Files, moves: dict[str, str], said: str, python_repo: Make) -> None:
    ws = python_repo({**BASE, **files})
    before = contents(ws)
    with pytest.raises(MigrateError, match=said) as caught:
        move_all(ws, moves)
    assert caught.value.advice
    assert contents(ws) == before


def move_all(ws: object, moves: dict[str, str]) -> None:
    for old, new in moves.items():
        ws.python.move(old, new)  # type: ignore[attr-defined]
    ws.flush()  # type: ignore[attr-defined]


def test_a_circle_that_was_there_is_no_reason(python_repo: Make) -> None:
    ws = python_repo(
        {**BASE, "src/shop/cart.py": "from shop import money\n" + CART, "src/shop/money.py": "from shop import cart\n"}
    )
    ws.python.move("src/shop/cart.py", "src/store/cart.py")
    assert ws.read_text("src/shop/money.py") == "from store import cart\n"


def test_a_circle_that_harms_nothing_is_noted(python_repo: Make) -> None:
    ws = python_repo({**BASE, "src/store/__init__.py": "import app\n", "src/app.py": "import shop.cart\n"})
    ws.python.move("src/shop/cart.py", "src/store/cart.py")
    ws.flush()
    assert ws.notes == ["files import each other in a circle now: src/app.py, src/store/__init__.py"]


def test_moving_what_is_not_there_fails_or_is_skipped(python_repo: Make) -> None:
    ws = python_repo(BASE)
    with pytest.raises(PathError, match=r'no Python code at "src/shop/carts.py"; did you mean "src/shop/cart.py"\?'):
        ws.python.move("src/shop/carts.py", "src/store/cart.py")
    ws.python.move("src/shop/carts.py", "src/store/cart.py", missing="skip")
    assert contents(ws).keys() == BASE.keys()


def test_a_move_that_was_made_leads_late_imports_on(python_repo: Make) -> None:
    ws = python_repo(
        {
            "src/store/__init__.py": "",
            "src/store/cart.py": CART,
            "src/shop/__init__.py": "",
            "src/app.py": "import shop.cart\nshop.cart.Cart()\n",
        }
    )
    ws.python.move("src/shop/cart.py", "src/store/cart.py", missing="skip")
    assert ws.read_text("src/app.py") == "import store.cart\nstore.cart.Cart()\n"


def test_two_places_for_one_module_are_refused(python_repo: Make) -> None:
    ws = python_repo(BASE)
    ws.python.move("src/shop/cart.py", "src/store/cart.py")
    with pytest.raises(PhaseError, match="is to move to"):
        ws.python.move("src/shop/cart.py", "src/store/basket.py")


def test_rename_keeps_the_folder(python_repo: Make) -> None:
    ws = python_repo(BASE)
    ws.python.rename("src/shop/cart.py", "basket")
    ws.flush()
    ws.python.rename("src/shop", "mart")
    assert sorted(path for path in contents(ws) if "mart" in path) == [
        "src/mart/__init__.py",
        "src/mart/basket.py",
        "src/mart/money.py",
    ]
    assert dict(ws.moved) == {"src/shop/cart.py": "src/mart/basket.py", "src/shop": "src/mart"}
