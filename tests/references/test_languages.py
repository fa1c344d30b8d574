"""Languages without an engine: what a cheap search finds, and that nothing is claimed of what nobody checked."""

from __future__ import annotations

import pytest

from migrate.moves import MoveMap
from migrate.references.proof.languages import Unchecked, unchecked
from migrate.references.proof.past import Past
from migrate.references.proof.records import Verdict
from migrate.references.stale import stale

PYTHON = {
    "shop/__init__.py": "",
    "shop/db.py": "",
    "shop/core/__init__.py": "",
    "shop/core/auth/__init__.py": "",
    "shop/core/auth/models.py": "",
    "shop/tools.py": "",
}
IN_PYTHON = [
    ("main.py", "import shop.auth", True),
    ("main.py", "import os, shop.auth.models as m", True),
    ("main.py", "from shop.auth import models", True),
    ("main.py", "from shop.auth.models import (\n    User,\n)", True),
    ("main.py", "from shop import db, auth", True),
    ("main.py", "def f():\n    from shop.helpers import x", True),
    ("shop/x.py", "from .auth import models", True),
    ("shop/x.py", "from . import auth", True),
    ("shop/core/auth/x.py", "from ..db import connect", True),
    ("main.py", "from shop.core import auth", False),
    ("main.py", "import shop, auth\nfrom auth import x\nfrom other.auth import x", False),
    ("main.py", "from shop import db", False),
    ("shop/core/x.py", "from .auth import models", False),
    ("shop/core/auth/x.py", "from . import models\nfrom .models import User\nfrom ...db import connect", False),
]
JAVA = {
    "src/main/java/com/acme/core/auth/User.java": "package com.acme.core.auth;\n",
    "src/main/java/com/acme/Main.java": "package com.acme;\n",
}
IN_JAVA = [
    ("src/main/java/com/acme/core/auth/Old.java", "package com.acme.auth;", True),
    ("src/main/java/com/acme/X.java", "package com.acme;\n\nimport com.acme.auth.User;", True),
    ("src/main/java/com/acme/X.java", "package com.acme;\n\nimport static com.acme.auth.User.NAME;", True),
    ("src/main/java/com/acme/X.kt", "package com.acme\n\nimport com.acme.auth.User", True),
    ("src/main/java/com/acme/X.java", "package com.acme;\n\nimport com.acme.auth.*;", True),
    (
        "src/main/java/com/acme/X.java",
        "package com.acme;\n\nimport com.acme.core.auth.User;\nimport java.util.*;",
        False,
    ),
    ("src/test/java/com/acme/X.java", "package com.acme;\n\nimport com.acme.Main;", False),
]
WEB = {
    "web/src/core/auth/login.ts": "",
    "web/src/core/auth/index.ts": "",
    "web/src/main.ts": "",
}
IN_WEB = [
    ("web/src/a.ts", "import x from './auth/login'", True),
    ("web/src/a.js", 'const x = require("./auth/login.js")', True),
    ("web/src/a.ts", "export * from './auth'", True),
    ("web/src/a.vue", "<script>\nimport x from '@/auth/login'\n</script>", True),
    ("web/src/core/auth/x.ts", "import y from '../main'", True),
    ("web/src/a.ts", "const x = await import(`./auth/login`)", True),
    ("web/src/a.ts", "import x from './core/auth/login'\nimport y from './main.js'\nimport './a.css'", False),
    (
        "web/src/a.ts",
        "import y from '@acme/auth/login'\nimport z from '@/core/auth/login'",
        False,
    ),
    ("web/src/core/auth/x.ts", "import y from './login'\nimport z from '../../main'\nimport n from './none'", False),
]
RUST = {"Cargo.toml": "", "src/core/mod.rs": "pub mod auth;\n", "src/core/auth.rs": "", "src/db.rs": ""}
IN_RUST = [
    ("src/lib.rs", "pub mod auth;", True),
    ("src/main.rs", "mod core;\nmod db;\nmod none;", False),
    ("src/lib.rs", '#[path = "core/auth.rs"]\nmod auth;', False),
]
MOVES = {
    "shop/auth": "shop/core/auth",
    "shop/helpers.py": "shop/tools.py",
    "src/main/java/com/acme/auth": "src/main/java/com/acme/core/auth",
    "web/src/auth": "web/src/core/auth",
    "src/auth.rs": "src/core/auth.rs",
}


@pytest.mark.parametrize(
    ("files", "rows"),
    [(PYTHON, IN_PYTHON), (JAVA, IN_JAVA), (WEB, IN_WEB), (RUST, IN_RUST)],
    ids=["Python", "Java", "JavaScript", "Rust"],
)
def test_imports_of_what_moved_are_found_by_their_spelling(program, files, rows):
    base = program.only(files).overlay
    wrong = []
    for name, text, is_stale in rows:
        overlay = base.next()
        overlay.put(name, f"{text}\n".encode())
        found = [item for item in stale(overlay, MoveMap(MOVES)) if item.path == name and item.verdict is Verdict.STALE]
        if bool(found) is not is_stale:
            wrong.append((name, text, found))
    assert wrong == [], "\n".join(map(str, wrong))


def test_a_package_that_keeps_its_name_below_another_root_is_right(program):
    files = {"lib/shop/__init__.py": "", "lib/shop/auth.py": "", "main.py": "import shop.auth\nfrom shop import auth\n"}
    overlay = program.only(files).overlay
    assert stale(overlay, MoveMap({"src/shop": "lib/shop"})) == []
    assert stale(overlay, MoveMap({"shop": "lib/shop"})) == []


def test_what_nobody_checked_is_counted_by_language(program):
    files = {**PYTHON, **JAVA, **WEB, "lib/ruby/x.rb": "", "lib/ruby/y.rb": "", "vendor/x/z.py": ""}
    past = Past.of(program.only(files).overlay, MoveMap({**MOVES, "ruby": "lib/ruby", "x": "vendor/x"}))
    assert sorted(unchecked(past), key=lambda language: language.language) == [
        Unchecked("Java", 1, searched=True),
        Unchecked("Python", 3, searched=True),
        Unchecked("Ruby", 2, searched=False),
    ]


@pytest.mark.parametrize(
    ("file", "text", "count"),
    [
        ("web/tsconfig.json", '{"compilerOptions": {"paths": {"@/*": ["src/*"]}}}', 1),
        ("web/vite.config.ts", "export default {resolve: {alias: {}}}", 1),
        ("web/tsconfig.json", "{}", 0),
    ],
)
def test_only_aliases_leave_imports_of_javascript_unchecked(program, file, text, count):
    past = Past.of(program.only({**WEB, file: text}).overlay, MoveMap(MOVES))
    assert len(unchecked(past)) == count
