"""Small trees before and after moves, told as texts: what each file says, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

Files = Mapping[str, "str | bytes"]

CART = "class Cart:\n    total = 3\n"
BASE: Files = {
    "src/shop/__init__.py": "",
    "src/shop/cart.py": CART,
    "src/shop/money.py": "EURO = 1\n",
    "src/store/__init__.py": "",
}
"""Two packages below src: `shop` with two modules, `store` empty."""

TO_STORE = {"src/shop/cart.py": "src/store/cart.py"}
TO_BASKET = {"src/shop/cart.py": "src/shop/basket.py"}
OTHER = {"src/shop": "src/mart"}


@dataclass(frozen=True)
class Case:
    """Moves of a tree, the files that then are another way, and what is executed before and after."""

    name: str
    files: Files
    moves: Mapping[str, str]
    after: Files
    run: str = "import app"
    run_after: str | None = None
    """Where the code itself must be another one; "" where it cannot run."""
    notes: tuple[str, ...] = field(default=())


def app(name: str, before: str | bytes, moves: Mapping[str, str], after: str | bytes, **more: object) -> Case:
    """A case of one importing file, src/app.py, beside the two packages."""
    extra = more.pop("extra", {})
    done = more.pop("done", {})
    assert isinstance(extra, dict)
    assert isinstance(done, dict)
    return Case(name, {**BASE, **extra, "src/app.py": before}, moves, {"src/app.py": after, **done}, **more)  # type: ignore[arg-type]


IMPORTS = [
    app("from a module", "from shop.cart import Cart\nCart()\n", TO_STORE, "from store.cart import Cart\nCart()\n"),
    app("a module from its package", "from shop import cart\ncart.Cart()\n", TO_STORE, "from store import cart\ncart.Cart()\n"),
    app("a dotted import and its uses", "import shop.cart\nshop.cart.Cart()\n", TO_STORE, "import store.cart\nstore.cart.Cart()\n"),
    app("a dotted import with an alias", "import shop.cart as c\nc.Cart()\n", TO_STORE, "import store.cart as c\nc.Cart()\n"),
    app("a package that is still used stays imported",
        "import shop.cart\nprint(shop.cart.Cart, shop.__name__)\n", TO_STORE,
        "import shop\nimport store.cart\nprint(store.cart.Cart, shop.__name__)\n"),
    app("another module of the package keeps it imported",
        "import shop.cart\nimport shop.money\nprint(shop.cart.Cart, shop.money.EURO, shop.__name__)\n", TO_STORE,
        "import shop.money\nimport store.cart\nprint(store.cart.Cart, shop.money.EURO, shop.__name__)\n"),
    app("one of two names is cut off", "from shop import cart, money\nprint(cart.Cart, money.EURO)\n", TO_STORE,
        "from shop import money\nfrom store import cart\nprint(cart.Cart, money.EURO)\n"),
    app("the cut keeps parentheses and comments",
        "from shop import (\n    cart,  # the cart\n    money,  # the money\n)\nprint(cart.Cart, money.EURO)\n", TO_STORE,
        "from shop import (\n    money,  # the money\n)\nfrom store import cart  # the cart\nprint(cart.Cart, money.EURO)\n"),
    app("what is cut off joins what comes from there",
        "from shop import cart, money\nfrom store import desk\nprint(cart.Cart, money.EURO, desk.D)\n", TO_STORE,
        "from shop import money\nfrom store import cart, desk\nprint(cart.Cart, money.EURO, desk.D)\n",
        extra={"src/store/desk.py": "D = 1\n"}),
    app("an alias stays", "from shop import cart as c\nc.Cart()\n", TO_BASKET, "from shop import basket as c\nc.Cart()\n"),
    app("a renamed module is called by its new name", "from shop import cart\ncart.Cart()\n", TO_BASKET, "from shop import basket\nbasket.Cart()\n"),
    app("a name that is taken keeps the old one as an alias",
        "from shop import cart\nbasket = cart.Cart()\n", TO_BASKET, "from shop import basket as cart\nbasket = cart.Cart()\n",
        notes=("src/app.py:1 keeps the name \"cart\" for basket",)),
    app("an argument of the name of a package is no use of it",
        "import shop.cart\ndef f(shop):\n    return shop.cart\nshop.cart.Cart()\n", TO_STORE,
        "import store.cart\ndef f(shop):\n    return shop.cart\nstore.cart.Cart()\n"),
    app("a local variable hides the package",
        "import shop.cart\ndef f():\n    shop = {}\n    return shop.get\nf()\nshop.cart.Cart()\n", TO_STORE,
        "import store.cart\ndef f():\n    shop = {}\n    return shop.get\nf()\nstore.cart.Cart()\n"),
    app("a comprehension hides the package",
        "import shop.cart\nx = [shop.upper() for shop in 'ab']\nshop.cart.Cart()\n", TO_STORE,
        "import store.cart\nx = [shop.upper() for shop in 'ab']\nstore.cart.Cart()\n"),
    app("a keyword and an attribute of the name are none of it",
        "import shop.cart\nd = dict(shop=1)\nclass K:\n    shop = 2\nK.shop\nshop.cart.Cart()\n", TO_STORE,
        "import store.cart\nd = dict(shop=1)\nclass K:\n    shop = 2\nK.shop\nstore.cart.Cart()\n"),
    app("imports in functions", "def f():\n    from shop.cart import Cart\n    import shop.cart\n    return Cart, shop.cart.Cart\nf()\n", TO_STORE,
        "def f():\n    from store.cart import Cart\n    import store.cart\n    return Cart, store.cart.Cart\nf()\n"),
    app("for type checkers alone",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import shop.cart\n    from shop.cart import Cart\nx: 'shop.cart.Cart | None' = None\ny = None  # type: shop.cart.Cart\n", TO_STORE,
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import store.cart\n    from store.cart import Cart\nx: 'store.cart.Cart | None' = None\ny = None  # type: store.cart.Cart\n"),
    app("a try with a fallback",
        "try:\n    from shop.cart import Cart\nexcept ImportError:\n    Cart = None\nCart()\n", TO_STORE,
        "try:\n    from store.cart import Cart\nexcept ImportError:\n    Cart = None\nCart()\n"),
    app("a star", "from shop.cart import *\nCart()\n", TO_STORE, "from store.cart import *\nCart()\n"),
    app("several on a line", "import os; from shop import cart, money; print(cart.Cart, money.EURO)\n", TO_STORE,
        "import os; from shop import money; from store import cart; print(cart.Cart, money.EURO)\n"),
    app("a suite on the line of its head", "if True: from shop import cart, money\nprint(cart.Cart, money.EURO)\n", TO_STORE,
        "if True: from shop import money; from store import cart\nprint(cart.Cart, money.EURO)\n"),
    app("a backslash", "from shop.cart \\\n    import Cart\nCart()\n", TO_STORE, "from store.cart \\\n    import Cart\nCart()\n"),
    app("carriage returns", b"from shop import cart, money\r\nprint(cart.Cart, money.EURO)\r\n", TO_STORE,
        b"from shop import money\r\nfrom store import cart\r\nprint(cart.Cart, money.EURO)\r\n"),
    app("a byte order mark", b"\xef\xbb\xbffrom shop.cart import Cart\nCart()\n", TO_STORE, b"\xef\xbb\xbffrom store.cart import Cart\nCart()\n"),
    app("another encoding", b"# -*- coding: latin-1 -*-\nimport shop.cart\nx = '\xe9'\nshop.cart.Cart()\n", TO_STORE,
        b"# -*- coding: latin-1 -*-\nimport store.cart\nx = '\xe9'\nstore.cart.Cart()\n"),
    app("a form feed", "import os\n\x0c\nimport shop.cart\nshop.cart.Cart()\n", TO_STORE, "import os\n\x0c\nimport store.cart\nstore.cart.Cart()\n"),
    app("no line feed at the end", "from shop import cart, money", TO_STORE, "from shop import money\nfrom store import cart"),
    app("Python 2", "from shop.cart import Cart\nprint 'x' % Cart\nexec 'y'\n", TO_STORE, "from store.cart import Cart\nprint 'x' % Cart\nexec 'y'\n", run=""),
    app("a template", "from shop.cart import Cart\n{% if x %}\nimport {{ y }}\n{% endif %}\n", TO_STORE,
        "from store.cart import Cart\n{% if x %}\nimport {{ y }}\n{% endif %}\n", run=""),
    app("newer Python", "import shop.cart\ntype X = shop.cart.Cart\nf'{shop.cart.Cart['a']}'\ntry: pass\nexcept A, B: pass\n", TO_STORE,
        "import store.cart\ntype X = store.cart.Cart\nf'{store.cart.Cart['a']}'\ntry: pass\nexcept A, B: pass\n", run=""),
    app("a sorted block stays sorted",
        "from shop.cart import Cart\nfrom shop.money import EURO\nfrom store.desk import D\nCart(), EURO, D\n", TO_STORE,
        "from shop.money import EURO\nfrom store.cart import Cart\nfrom store.desk import D\nCart(), EURO, D\n",
        extra={"src/store/desk.py": "D = 1\n"}),
    app("a block that was not sorted is left as it is",
        "from store.desk import D\nfrom shop.cart import Cart\nfrom shop.money import EURO\nCart(), EURO, D\n", TO_STORE,
        "from store.desk import D\nfrom store.cart import Cart\nfrom shop.money import EURO\nCart(), EURO, D\n",
        extra={"src/store/desk.py": "D = 1\n"}),
    app("two statements from one module stay two",
        "from shop.cart import Cart\nfrom shop.cart import Desk\nCart(), Desk\n", TO_STORE,
        "from store.cart import Cart\nfrom store.cart import Desk\nCart(), Desk\n",
        extra={"src/shop/cart.py": CART + "Desk = 1\n"}),
    app("a whole package", "import shop.cart\nfrom shop import money\nshop.cart.Cart(), money.EURO\n", OTHER,
        "import mart.cart\nfrom mart import money\nmart.cart.Cart(), money.EURO\n"),
    app("a package and what it is called elsewhere", "import shop as s\nimport shop.cart\ns.cart.Cart()\n", OTHER, "import mart as s\nimport mart.cart\ns.cart.Cart()\n"),
    app("an extension module goes with its package", "try:\n    from shop._fast import f\nexcept ImportError:\n    f = None\n", OTHER,
        "try:\n    from mart._fast import f\nexcept ImportError:\n    f = None\n"),
    app("a name that only begins alike", "from shop.cart import Cart\nfrom shop.cartoon import C\n", TO_STORE,
        "from shop.cartoon import C\nfrom store.cart import Cart\n", extra={"src/shop/cartoon.py": "C = 1\n"}),
    app("a module of another package is found through an alias",
        "import shop\nimport shop.cart\ns = shop\nprint(s.__name__, shop.cart.Cart)\n", TO_STORE,
        "import shop\nimport store.cart\ns = shop\nprint(s.__name__, store.cart.Cart)\n"),
    app("a package that is deleted again", "import shop.cart\nshop.cart.Cart\ndel shop\n", TO_STORE, "import store.cart\nstore.cart.Cart\ndel store\n"),
    app("a package that a function imports for all", "def f():\n    global shop\n    import shop.cart\nf()\nshop.cart.Cart\n", TO_STORE,
        "def f():\n    global store\n    import store.cart\nf()\nstore.cart.Cart\n"),
    app("a type that is the whole of a text", "import shop.cart\ndef f(x: 'shop.cart.Cart') -> \"shop.cart.Cart\":\n    # type: (shop.cart.Cart) -> shop.cart.Cart\n    return x\n", TO_STORE,
        "import store.cart\ndef f(x: 'store.cart.Cart') -> \"store.cart.Cart\":\n    # type: (store.cart.Cart) -> store.cart.Cart\n    return x\n"),
    app("letters of other alphabets", "import shop.käse\nfrom shop import käse as k\nshop.käse.T, k.T\nX = 'shop.käse.T'\n", {"src/shop/käse.py": "src/store/mílk.py"},
        "import store.mílk\nfrom store import mílk as k\nstore.mílk.T, k.T\nX = 'store.mílk.T'\n", extra={"src/shop/käse.py": "T = 1\n"}),
    app("a top-level module goes into a package", "import tools\ntools.T\n", {"src/tools.py": "src/shop/tools.py"},
        "from shop import tools\ntools.T\n", extra={"src/tools.py": "T = 1\n"}),
]  # fmt: skip

RELATIVE = [
    Case("a moved file finds what stays",
         {**BASE, "src/shop/cart.py": "from .money import EURO\nfrom . import money\n"}, TO_STORE,
         {"src/store/cart.py": "from shop.money import EURO\nfrom shop import money\n"},
         "import shop.cart", "import store.cart"),
    Case("a moved file goes deeper", {**BASE, "src/shop/cart.py": "from .money import EURO\n"}, {"src/shop/cart.py": "src/shop/deep/cart.py"},
         {"src/shop/deep/cart.py": "from ..money import EURO\n"}, "import shop.cart", "import shop.deep.cart"),
    Case("siblings of a moved file", {**BASE, "src/shop/money.py": "from .cart import Cart\nfrom . import cart\ncart.Cart\n"},
         {"src/shop/cart.py": "src/shop/deep/cart.py"},
         {"src/shop/money.py": "from .deep.cart import Cart\nfrom .deep import cart\ncart.Cart\n"}, "import shop.money"),
    Case("inside a moved package nothing changes",
         {**BASE, "src/shop/money.py": "from .cart import Cart\nfrom . import cart\n"}, OTHER,
         {"src/mart/money.py": "from .cart import Cart\nfrom . import cart\n"}, "import shop.money", "import mart.money"),
    Case("out of a moved package",
         {**BASE, "src/shop/deep/__init__.py": "from ..money import EURO\n"}, {"src/shop/deep": "src/shop/a/b"},
         {"src/shop/a/b/__init__.py": "from ...money import EURO\n"}, "import shop.deep", "import shop.a.b"),
    Case("into a moved package",
         {**BASE, "src/shop/deep/x.py": "X = 1\n", "src/shop/money.py": "from .deep.x import X\nfrom .deep import x\n"},
         {"src/shop/deep": "src/shop/low"}, {"src/shop/money.py": "from .low.x import X\nfrom .low import x\n"}, "import shop.money"),
    Case("a module becomes a package", {**BASE, "src/shop/cart.py": "from .money import EURO\n"}, {"src/shop/cart.py": "src/shop/cart/__init__.py"},
         {"src/shop/cart/__init__.py": "from ..money import EURO\n"}, "import shop.cart"),
    Case("a package becomes a module", {**BASE, "src/shop/desk/__init__.py": "from ..money import EURO\n"}, {"src/shop/desk/__init__.py": "src/shop/desk.py"},
         {"src/shop/desk.py": "from .money import EURO\n"}, "import shop.desk"),
    Case("a package exports what leaves it",
         {**BASE, "src/shop/__init__.py": "from .cart import Cart\n", "src/app.py": "from shop import Cart\nCart()\n"}, TO_STORE,
         {"src/shop/__init__.py": "from store.cart import Cart\n", "src/app.py": "from shop import Cart\nCart()\n"}),
    Case("a module that its package exports",
         {**BASE, "src/shop/__init__.py": 'from . import cart\n\n__all__ = ["cart"]\n', "src/app.py": "from shop import *\ncart.Cart()\n"},
         TO_BASKET, {"src/shop/__init__.py": 'from . import basket\n\n__all__ = ["basket"]\n'}, "import shop"),
    Case("a name of a package hides its module",
         {**BASE, "src/shop/__init__.py": "from .cart import cart\n", "src/shop/cart.py": "def cart():\n    pass\n", "src/app.py": "from shop import cart\ncart()\n"},
         TO_STORE, {"src/shop/__init__.py": "from store.cart import cart\n", "src/app.py": "from shop import cart\ncart()\n"}),
    Case("a stub goes along", {**BASE, "src/shop/cart.pyi": "from .money import EURO\nclass Cart: ...\n"}, TO_STORE,
         {"src/store/cart.pyi": "from shop.money import EURO\nclass Cart: ...\n"}, "import shop.cart", "import store.cart"),
    Case("a main module", {**BASE, "src/shop/__main__.py": "from .cart import Cart\nfrom shop import money\n"}, OTHER,
         {"src/mart/__main__.py": "from .cart import Cart\nfrom mart import money\n"},
         "import runpy; runpy.run_module('shop')", "import runpy; runpy.run_module('mart')"),
    Case("a swap", {**BASE, "src/app.py": "import shop.cart, shop.money\nshop.cart.Cart(), shop.money.EURO\n"},
         {"src/shop/cart.py": "src/shop/money.py", "src/shop/money.py": "src/shop/cart.py"},
         {"src/app.py": "import shop.money, shop.cart\nshop.money.Cart(), shop.cart.EURO\n"}),
]  # fmt: skip

ROOTS = [
    Case("packages without an init file",
         {"src/shop/cart.py": CART, "src/app.py": "from shop.cart import Cart\nimport shop.cart\nshop.cart.Cart()\n"},
         {"src/shop/cart.py": "src/deep/er/cart.py"},
         {"src/app.py": "from deep.er.cart import Cart\nimport deep.er.cart\ndeep.er.cart.Cart()\n"}),
    Case("two source roots that a file names",
         {"pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["src", "lib"]\n', "src/shop/cart.py": CART,
          "src/app.py": "from shop.cart import Cart\n", "lib/tools/x.py": "from shop.cart import Cart\n"},
         {"src/shop/cart.py": "lib/tools/cart.py"},
         {"src/app.py": "from tools.cart import Cart\n", "lib/tools/x.py": "from tools.cart import Cart\n"}),
    Case("to the src layout", {"shop/__init__.py": "", "shop/cart.py": CART, "tests/test_a.py": "from shop.cart import Cart\n"},
         {"shop": "src/shop"}, {"tests/test_a.py": "from shop.cart import Cart\n"}, ""),
    Case("modules beside a script", {"bin/run.py": "import tool\ntool.T\n", "bin/tool.py": "T = 1\n"}, {"bin/tool.py": "bin/gear.py"},
         {"bin/run.py": "import gear\ngear.T\n"}, "import runpy, sys; sys.path[:0] = ['bin']; runpy.run_path('bin/run.py')"),
    Case("from the top of the repository", {**BASE, "tests/test_a.py": "from src.shop.cart import Cart\n"}, TO_STORE,
         {"tests/test_a.py": "from src.store.cart import Cart\n"}, "import runpy, sys; sys.path[:0] = ['.']; runpy.run_path('tests/test_a.py')"),
    Case("a module of the standard library of the same name",
         {**BASE, "src/shop/logging.py": "L = 1\n", "src/app.py": "import logging\nfrom shop.logging import L\nlogging.INFO\n"},
         {"src/shop/logging.py": "src/store/logs.py"}, {"src/app.py": "import logging\nfrom store.logs import L\nlogging.INFO\n"}),
    Case("a folder of the name of a module of the standard library",
         {"tests/conftest.py": "", "tests/typing/t.py": "import typing\nfrom typing import Any\n"}, {"tests/typing/t.py": "tests/types/t.py"},
         {"tests/types/t.py": "import typing\nfrom typing import Any\n"},
         "import runpy; runpy.run_path('tests/typing/t.py')", "import runpy; runpy.run_path('tests/types/t.py')"),
    Case("a folder that setup.py gives to a package",
         {"setup.py": "setup(package_dir={'shop': 'lib/python/shop', 'odd': 'lib/strange'})\n", "lib/python/shop/cart.py": CART, "lib/python/shop/deep/x.py": "from shop.cart import Cart\n"},
         {"lib/python/shop/cart.py": "lib/python/shop/deep/cart.py"}, {"lib/python/shop/deep/x.py": "from shop.deep.cart import Cart\n"},
         "import sys; sys.path.insert(0, 'lib/python'); import shop.deep.x"),
    Case("a folder that pyproject.toml gives to a package",
         {"pyproject.toml": '[tool.setuptools.package-dir]\nshop = "lib/python/shop"\n', "lib/python/shop/cart.py": CART, "lib/python/shop/deep/x.py": "from shop.cart import Cart\n"},
         {"lib/python/shop/cart.py": "lib/python/shop/deep/cart.py"}, {"lib/python/shop/deep/x.py": "from shop.deep.cart import Cart\n"}, ""),
    Case("a folder that setup.cfg gives to a package",
         {"setup.cfg": "[options]\npackage_dir =\n    shop = lib/python/shop\n", "lib/python/shop/cart.py": CART, "lib/python/shop/deep/x.py": "from shop.cart import Cart\n"},
         {"lib/python/shop/cart.py": "lib/python/shop/deep/cart.py"}, {"lib/python/shop/deep/x.py": "from shop.deep.cart import Cart\n"}, ""),
    Case("a root moves with the file that names it",
         {"setup.py": "setup(py_modules=['cart'])\n", "cart.py": CART, "tests/test_cart.py": "import cart\n\nfrom cart import Cart\n"},
         {"setup.py": "old/setup.py", "cart.py": "old/cart.py", "tests/test_cart.py": "old/tests/test_cart.py"},
         {"old/tests/test_cart.py": "import cart\n\nfrom cart import Cart\n", "old/setup.py": "setup(py_modules=['cart'])\n"}, ""),
    Case("a package of stubs with modules in it",
         {"typed/six/__init__.pyi": "from six.moves import x\n", "typed/six/moves/x.pyi": ""}, {"typed/six": "stubs/six"}, {"stubs/six/__init__.pyi": "from six.moves import x\n"}, ""),
    Case("a package without an init file below two roots",
         {"pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["src", "lib"]\n', "src/ns/a.py": "A = 1\n", "lib/ns/b.py": "B = 1\n",
          "src/app.py": "import ns.a, ns.b\nfrom ns import a, b\nns.a.A, ns.b.B, a.A, b.B\n"},
         {"src/ns/a.py": "lib/ns/deep/a.py"}, {"src/app.py": "import ns.deep.a, ns.b\nfrom ns import b\nfrom ns.deep import a\nns.deep.a.A, ns.b.B, a.A, b.B\n"}),
    Case("half of a package without an init file",
         {"pyproject.toml": '[tool.pytest.ini_options]\npythonpath = ["src", "lib"]\n', "src/ns/a.py": "A = 1\n", "lib/ns/b.py": "B = 1\n",
          "src/app.py": "import ns.a, ns.b\nfrom ns import a, b\nns.a.A, ns.b.B, a.A, b.B\n"},
         {"src/ns": "src/na"}, {"src/app.py": "import na.a, ns.b\nfrom na import a\nfrom ns import b\nna.a.A, ns.b.B, a.A, b.B\n"}),
    Case("a package goes into itself",
         {"src/p/__init__.py": "", "src/p/a.py": "from .b import B\nfrom p.b import B as C\n", "src/p/b.py": "B = 1\n", "src/app.py": "import p.a\np.a.B\nfrom p import b\n"},
         {"src/p": "src/p/p"}, {"src/p/p/a.py": "from .b import B\nfrom p.p.b import B as C\n", "src/app.py": "import p.p.a\np.p.a.B\nfrom p.p import b\n"}),
    Case("two modules go into a new folder",
         {"src/a.py": "import b\nb.B\n", "src/b.py": "B = 1\n", "src/app.py": "import a, b\na.b.B\n"}, {"src/a.py": "src/pk/a.py", "src/b.py": "src/pk/b.py"},
         {"src/pk/a.py": "from pk import b\nb.B\n", "src/app.py": "from pk import a, b\na.b.B\n"}),
    Case("a swap of packages",
         {"src/p/__init__.py": "V = 'p'\n", "src/q/__init__.py": "V = 'q'\nimport p\nassert p.V == 'p'\n", "src/app.py": "import p, q\nassert p.V == 'p' and q.V == 'q'\n"},
         {"src/p": "src/q", "src/q": "src/p"}, {"src/app.py": "import q, p\nassert q.V == 'p' and p.V == 'q'\n"}),
    Case("a name that differs by case alone", {**BASE, "src/app.py": "from shop import cart\ncart.Cart\nimport shop.cart\nshop.cart.Cart\n"}, {"src/shop/cart.py": "src/shop/Cart.py"},
         {"src/app.py": "from shop import Cart\nCart.Cart\nimport shop.Cart\nshop.Cart.Cart\n"}),
    Case("a straggler follows what has moved",
         {"src/mart/__init__.py": "", "src/mart/cart.py": CART, "src/shop/late.py": "from shop.cart import Cart\n"},
         {"src/shop": "src/mart"}, {"src/mart/late.py": "from mart.cart import Cart\n"}, ""),
]  # fmt: skip

TEXTS = [
    app("names that are imported", "import importlib\nimportlib.import_module('shop.cart').Cart()\n__import__('shop.cart')\n", TO_STORE,
        "import importlib\nimportlib.import_module('store.cart').Cart()\n__import__('store.cart')\n"),
    app("mocks", "from unittest import mock\nfrom unittest.mock import patch\nwith mock.patch('shop.cart.Cart'), patch('shop.cart.Cart.total'):\n    pass\n", TO_STORE,
        "from unittest import mock\nfrom unittest.mock import patch\nwith mock.patch('store.cart.Cart'), patch('store.cart.Cart.total'):\n    pass\n"),
    app("monkeypatch", "def test(monkeypatch):\n    monkeypatch.setattr('shop.cart.Cart', 1)\n    setattr(test, 'shop.cart', 1)\n", TO_STORE,
        "def test(monkeypatch):\n    monkeypatch.setattr('store.cart.Cart', 1)\n    setattr(test, 'shop.cart', 1)\n"),
    app("settings of Django", "INSTALLED_APPS = ['django', 'shop.cart']\nROOT_URLCONF = 'shop.cart'\nMIDDLEWARE = ['shop.cart.Cart']\nTEMPLATES = [{'OPTIONS': {'loaders': ['shop.cart.L']}}]\n", TO_STORE,
        "INSTALLED_APPS = ['django', 'store.cart']\nROOT_URLCONF = 'store.cart'\nMIDDLEWARE = ['store.cart.Cart']\nTEMPLATES = [{'OPTIONS': {'loaders': ['store.cart.L']}}]\n"),
    app("settings of Celery", "imports = ('shop.cart',)\ntask_routes = {'x': 1}\n", TO_STORE, "imports = ('store.cart',)\ntask_routes = {'x': 1}\n"),
    app("a logger's name is configuration", "import logging\nlogging.getLogger('shop.cart')\n", TO_STORE, "import logging\nlogging.getLogger('shop.cart')\n",
        notes=("src/app.py:2 names shop.cart in a text",)),
    app("a text that nothing reserves is noted", "x = 'see shop.cart'  # shop.cart does it\n", TO_STORE, "x = 'see shop.cart'  # shop.cart does it\n",
        notes=("src/app.py:1 names shop.cart in a text",)),
    app("a name that is put together is noted", "from importlib import import_module\nx = 'cart'\n\ndef f():\n    import_module(f'shop.{x}')\n    import_module(f'shop.cart.{x}')\n", TO_STORE,
        "from importlib import import_module\nx = 'cart'\n\ndef f():\n    import_module(f'shop.{x}')\n    import_module(f'shop.cart.{x}')\n",
        notes=("src/app.py:6 computes the name of a module",)),
    app("doctests", 'def f():\n    """\n    >>> from shop import cart, money\n    >>> cart.Cart().total\n    3\n    """\n', TO_STORE,
        'def f():\n    """\n    >>> from shop import money\n    >>> from store import cart\n    >>> cart.Cart().total\n    3\n    """\n',
        run="import app, doctest; assert not doctest.testmod(app).failed"),
    app("a dotted name that the module defines is an import path",
        "X = 'shop.cart.Cart'\nY = {'BACKEND': 'shop.cart.Cart', 'key': 'shop.cart.nothing', 'z': 'shop.cart:Cart', 'c': 'shop.cart.Other'}\n", TO_STORE,
        "X = 'store.cart.Cart'\nY = {'BACKEND': 'store.cart.Cart', 'key': 'shop.cart.nothing', 'z': 'store.cart:Cart', 'c': 'store.cart.Other'}\n",
        notes=("src/app.py:2 names shop.cart in a text",)),
    app("the whole name of a module is an import path, and that is said",
        "Y = {'BACKEND': 'shop.cart'}\nassert 'shop.cart' not in Y\n", TO_STORE, "Y = {'BACKEND': 'store.cart'}\nassert 'store.cart' not in Y\n",
        notes=('src/app.py:1 says "shop.cart" as an import path, so it was updated',)),
    app("the name of a task that is given for good stays",
        "def task(**_):\n    return task\n\n\ntask(name='shop.cart.Cart')\nsend = 'shop.cart.Cart'\n", TO_STORE,
        "def task(**_):\n    return task\n\n\ntask(name='shop.cart.Cart')\nsend = 'shop.cart.Cart'\n", notes=("src/app.py:5 names shop.cart in a text",)),
    app("a logger that the module names after itself follows",
        "import logging\nX = {'loggers': {'shop.cart': {}}}\nlogging.getLogger('shop.cart')\nY = ('shop.cart', logging.INFO, 'said')\n", TO_STORE,
        "import logging\nX = {'loggers': {'store.cart': {}}}\nlogging.getLogger('store.cart')\nY = ('store.cart', logging.INFO, 'said')\n",
        extra={"src/shop/cart.py": "import logging\n\nlog = logging.getLogger(__name__)\n"}),
    app("the tables of setuptools", "def setup(**_): pass\nsetup(package_data={'shop': ['*.txt'], 'shop.cart': []}, packages=['shop', 'shop.cart'])\n", OTHER,
        "def setup(**_): pass\nsetup(package_data={'mart': ['*.txt'], 'mart.cart': []}, packages=['mart', 'mart.cart'])\n"),
    app("the module that a Python runs", "import sys\nX = [sys.executable, '-u', '-m', 'shop.cart', '-m', 'shop']\nY = ['pytest', '-m', 'shop']\n", OTHER,
        "import sys\nX = [sys.executable, '-u', '-m', 'mart.cart', '-m', 'mart']\nY = ['pytest', '-m', 'shop']\n"),
    Case("a package is run as its main module",
         {**BASE, "src/shop/__main__.py": "", "src/app.py": "import sys\nX = [sys.executable, '-m', 'shop']\n", "Makefile": "x:\n\tpython -m shop\n"},
         {"src/shop/__init__.py": "src/shop/inner/__init__.py"},
         {"src/app.py": "import sys\nX = [sys.executable, '-m', 'shop']\n", "Makefile": "x:\n\tpython -m shop\n"}),
    app("a module that is taken as an attribute is noted", "import shop\nimport shop.cart\ngetattr(shop, 'cart')\n", TO_STORE, "import shop\nimport store.cart\ngetattr(shop, 'cart')\n",
        run_after="", notes=("src/app.py:3 takes a module by the name of an attribute",)),
    app("an import by a computed name is noted", "from importlib import import_module\n\nimport_module('o' + 's')\nNAME = 'os'\nimport_module(NAME)\n", TO_STORE,
        "from importlib import import_module\n\nimport_module('o' + 's')\nNAME = 'os'\nimport_module(NAME)\n", notes=("src/app.py:5 imports by a name that is computed",)),
    app("code inside of a text is noted", 'X = """\nfrom shop import cart\n"""\nY = "import shop.cart; shop.cart.Cart()"\n', TO_STORE,
        'X = """\nfrom shop import cart\n"""\nY = "import shop.cart; shop.cart.Cart()"\n',
        notes=("src/app.py:2 imports shop in code inside of a text", "src/app.py:4 imports shop.cart in code inside of a text")),
    Case("the heading of a docstring is the name of the module",
         {**BASE, "src/shop/cart.py": '"""\n    shop.cart\n    ~~~~~~~~~\n\n    Carts.\n"""\n', "src/shop/money.py": '"""shop.cart\n~~~~~~~~~\n"""\n'}, {"src/shop/cart.py": "src/store/deep/cart.py"},
         {"src/store/deep/cart.py": '"""\n    store.deep.cart\n    ~~~~~~~~~~~~~~~\n\n    Carts.\n"""\n', "src/shop/money.py": '"""shop.cart\n~~~~~~~~~\n"""\n'}, "import shop.cart", "import store.deep.cart"),
    Case("what a star import takes hides a module",
         {**BASE, "src/shop/__init__.py": "from .cart import *\n", "src/shop/cart.py": "__all__ = ['cart']\n\n\ndef cart():\n    return 1\n", "src/app.py": "import shop\nimport shop.money\nassert shop.cart() == 1\n"},
         TO_STORE, {"src/shop/__init__.py": "from store.cart import *\n", "src/app.py": "import shop\nimport shop.money\nassert shop.cart() == 1\n"}),
    app("roles in docstrings", '"""See :class:`~shop.cart.Cart` and :mod:`shop.cart`."""\n', TO_STORE, '"""See :class:`~store.cart.Cart` and :mod:`store.cart`."""\n'),
]  # fmt: skip


def page(
    name: str,
    path: str,
    before: str,
    after: str,
    moves: Mapping[str, str] = TO_STORE,
    extra: Files = MappingProxyType({}),
) -> Case:
    """A case of one file that is no Python code."""
    return Case(name, {**BASE, **extra, path: before}, moves, {path: after}, "")


PAGES = [
    page("pyproject.toml", "pyproject.toml",
         '[project.scripts]\ncart = "shop.cart:main"\n\n[project.entry-points."x.y"]\nz = "shop.cart:Cart"\n\n[[tool.mypy.overrides]]\nmodule = [\n  "shop.cart.*",\n  "shop.money",\n]\n\n[tool.coverage.run]\nsource = ["shop.cart"]\n\n[tool.x]\ny = "shop.cart"\n',
         '[project.scripts]\ncart = "store.cart:main"\n\n[project.entry-points."x.y"]\nz = "store.cart:Cart"\n\n[[tool.mypy.overrides]]\nmodule = [\n  "store.cart.*",\n  "shop.money",\n]\n\n[tool.coverage.run]\nsource = ["store.cart"]\n\n[tool.x]\ny = "shop.cart"\n'),
    page("setup.cfg", "setup.cfg",
         "[options]\npackages =\n    shop\n    store\n[options.entry_points]\nconsole_scripts =\n    cart = shop.cart:main\n[mypy-shop.cart.*]\nx = 1\n[isort]\nknown_first_party = shop, store\n",
         "[options]\npackages =\n    mart\n    store\n[options.entry_points]\nconsole_scripts =\n    cart = mart.cart:main\n[mypy-mart.cart.*]\nx = 1\n[isort]\nknown_first_party = mart, store\n", OTHER),
    page("data of packages in setup.cfg", "setup.cfg",
         "[options.package_data]\nshop.cart = *.html\n* = py.typed\n[options.packages.find]\ninclude =\n    shop.cart*\n",
         "[options.package_data]\nstore.cart = *.html\n* = py.typed\n[options.packages.find]\ninclude =\n    store.cart*\n"),
    page("data of packages in pyproject.toml", "pyproject.toml",
         '[tool.setuptools.package-data]\n"shop.cart" = ["*.html", "shop.txt"]\nshop = ["py.typed"]\n[tool.setuptools.packages.find]\ninclude = ["shop*"]\n',
         '[tool.setuptools.package-data]\n"mart.cart" = ["*.html", "shop.txt"]\nmart = ["py.typed"]\n[tool.setuptools.packages.find]\ninclude = ["mart*"]\n', OTHER),
    page("a key that gets a dot", "pyproject.toml", '[tool.setuptools.package-data]\nshop = ["py.typed"]\n', '[tool.setuptools.package-data]\n"store.mart" = ["py.typed"]\n', {"src/shop": "src/store/mart"}),
    page("a Makefile", "Makefile", "run:\n\tpython -m shop.cart --x shop/cart\n\tpytest -p shop.cart --pyargs shop.money\n", "run:\n\tpython -m store.cart --x shop/cart\n\tpytest -p store.cart --pyargs shop.money\n"),
    page("a workflow", ".github/workflows/ci.yml", "      - run: python3 -W error -m shop.cart\n      - run: DJANGO_SETTINGS_MODULE=shop.cart x\n", "      - run: python3 -W error -m store.cart\n      - run: DJANGO_SETTINGS_MODULE=store.cart x\n"),
    page("a Dockerfile", "Dockerfile", 'CMD ["python", "-m", "shop.cart"]\nRUN gunicorn -w 4 shop.cart:app\n', 'CMD ["python", "-m", "store.cart"]\nRUN gunicorn -w 4 store.cart:app\n'),
    page("Sphinx", "docs/api.rst", ".. automodule:: shop.cart\n   :members:\n\n.. autoclass:: shop.cart.Cart\n\nSee :mod:`shop.cart` and :func:`the one <shop.cart.f>`, not shop.cart.\n",
         ".. automodule:: store.cart\n   :members:\n\n.. autoclass:: store.cart.Cart\n\nSee :mod:`store.cart` and :func:`the one <store.cart.f>`, not shop.cart.\n"),
    page("examples without an import", "README.md", ">>> shop.start()\n>>> shop.cart.Cart()\n>>> cart = 1\n>>> shop.other\n", ">>> mart.start()\n>>> mart.cart.Cart()\n>>> cart = 1\n>>> shop.other\n", OTHER, extra={"src/shop/__init__.py": "def start():\n    pass\n"}),
    page("an example that binds the name", "README.md", ">>> shop = open()\n>>> shop.start()\n", ">>> shop = open()\n>>> shop.start()\n", OTHER, extra={"src/shop/__init__.py": "def start():\n    pass\n"}),
    page("Markdown", "README.md", "```python\nimport shop.cart\n\nshop.cart.Cart()\n```\n\n    >>> from shop.cart import Cart\n", "```python\nimport store.cart\n\nstore.cart.Cart()\n```\n\n    >>> from store.cart import Cart\n"),
]  # fmt: skip


def notebook(
    name: str, before: Sequence[Sequence[str] | str], after: Sequence[Sequence[str] | str], **dumped: Any
) -> Case:
    """A case of a notebook, by its cells of code; a text of Markdown stands between them."""
    said = [spelled_notebook(cells, **{"indent": 1, "ensure_ascii": False, **dumped}) for cells in (before, after)]
    return page(name, "docs/tour.ipynb", *said)


def spelled_notebook(cells: Sequence[Sequence[str] | str], **dumped: Any) -> str:
    """A notebook with these cells of code."""
    prose = {"cell_type": "markdown", "metadata": {}, "source": ["Use `import shop.cart`.\n", "```"]}
    code = [
        {"cell_type": "code", "metadata": {"a": [{}]}, "outputs": [{"source": "import shop.cart"}], "source": source}
        for source in cells
    ]
    language = {"kernelspec": {"language": "python", "name": "python3"}}
    return json.dumps({"cells": [prose, *code], "metadata": language, "nbformat": 4}, **dumped) + "\n"


NOTEBOOKS = [
    notebook("cells of a notebook", [["%matplotlib inline\n", "import shop.cart\n"], [], ["!ls 'x\n", "c = shop.cart.Cart() # \u00e9\n", 'print("see shop.cart")']],
             [["%matplotlib inline\n", "import store.cart\n"], [], ["!ls 'x\n", "c = store.cart.Cart() # \u00e9\n", 'print("see shop.cart")']]),
    notebook("a statement in a notebook that is cut in two", [["from shop import (\n", "    cart,\n", "    money,\n", ")\n", "cart.x = money"], ["from shop import cart, money"]],
             [["from shop import (\n", "    money,\n", ")\n", "from store import cart\n", "cart.x = money"], ["from shop import money\n", "from store import cart"]]),
    notebook("a cell with the line that other editors put between cells", [["import shop.cart\n", "# %%\n", "x = 1"], ["import shop.cart"]],
             [["import store.cart\n", "# %%\n", "x = 1"], ["import store.cart"]]),
    notebook("cells that are one text", ["import shop.cart\nshop.cart.x = '\u00e9'", ["import shop.cart"]], ["import store.cart\nstore.cart.x = '\u00e9'", ["import store.cart"]], indent=None, ensure_ascii=True),
    page("a notebook of another language", "a.ipynb", (other := spelled_notebook([["import shop.cart"]]).replace('"python"', '"julia"')), other),
    page("no notebook", "a.ipynb", "{\nimport shop.cart\n", "{\nimport shop.cart\n"),
]  # fmt: skip

CASES = [*IMPORTS, *RELATIVE, *ROOTS, *TEXTS, *PAGES, *NOTEBOOKS]
