"""Moves that people made, made again: what each difference in a Python file is taken for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.engines.python.replay import commits, replay
from tests.replay.judging import Class

if TYPE_CHECKING:
    from tests.conftest import Sandbox

CART = "".join(f"def cart{number}():\n    return {number}\n\n\n" for number in range(9))
USE = "from shop.cart import cart1\n\ncart1()\n"


def test_each_difference_from_what_people_left_has_its_class(repo: Sandbox) -> None:
    base = {f"use/{name}.py": USE for name in ("same", "more", "left", "other")}
    texts = {"use/text.py": "TEXT = 'see shop.cart'\n", "use/prose.py": "# The cart is good.\n"}
    inits = {"shop/__init__.py": "", "store/__init__.py": "", "use/style.py": "from shop.cart import cart1, cart2\n"}
    repo.commit("start", {**base, **texts, **inits, "shop/cart.py": CART, "shop/wire.py": CART.replace("cart", "wire")})
    repo.git("mv", "shop/cart.py", "store/cart.py")
    repo.git("mv", "shop/wire.py", "store/wire.py")
    repo.commit(
        "Move the cart",
        {
            "use/same.py": USE.replace("shop", "store"),
            "use/more.py": "import os\n" + USE.replace("shop", "store"),
            "use/other.py": "import store.cart\n\nstore.cart.cart1()\n",
            "use/style.py": "from store.cart import (\n    cart2,\n    cart1,\n)\n",
            "use/text.py": "TEXT = 'see store.cart'\n",
            "use/prose.py": "# The trolley is good.\n",
        },
    )
    (found,) = commits(repo.repository, [], 1)
    done = replay(repo.path, *found)
    assert {file.path: file.what for file in done.files} == {
        "use/same.py": Class.SAME,
        "use/more.py": Class.MORE,
        "use/left.py": Class.FOLLOWED,
        "use/other.py": Class.MORE,
        "use/style.py": Class.STYLE,
        "use/text.py": Class.MISSED,
        "use/prose.py": Class.MORE,
    }
