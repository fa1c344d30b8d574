"""Languages without an engine: what a cheap search finds, and that nothing is claimed of what nobody checked."""

from __future__ import annotations

import pytest

from migrate.engines.references.verify.languages import Unchecked, unchecked
from migrate.engines.references.verify.past import old_paths_of
from migrate.engines.references.verify.records import StaleVerdict
from migrate.engines.references.verify.stale import stale_references
from migrate.tree.moves import MoveMap

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
C = {
    "src/core/net/tcp.h": "",
    "include/shop/new/log.h": "",
    "proto/shop/v2/kv.proto": "",
}
IN_C = [
    ("src/main.c", '#include "net/tcp.h"', True),
    ("lib/x.cc", "#include <shop/log.h>", True),
    (
        "src/main.c",
        '#include "core/net/tcp.h"\n#include <shop/new/log.h>\n#include <sys/log.h>\n#include "none.h"',
        False,
    ),
    ("proto/x.proto", 'import "shop/v1/kv.proto";', True),
    ("proto/x.proto", 'import "shop/v2/kv.proto";\nimport public "google/v1/kv.proto";', False),
]
RUST = {
    "Cargo.toml": "",
    "src/core/mod.rs": "pub mod auth;\n",
    "src/core/auth.rs": "",
    "src/db.rs": "",
    "testing/db.rs": "",
    "testing/auth.rs": "",
}
IN_RUST = [
    ("src/lib.rs", "pub mod auth;", True),
    ("src/main.rs", "mod core;\nmod db;\nmod none;", False),
    ("testing/all.rs", "mod db;\nmod auth;", False),
    ("src/lib.rs", '#[path = "core/auth.rs"]\nmod auth;', False),
]
MOVES = {
    "shop/auth": "shop/core/auth",
    "shop/helpers.py": "shop/tools.py",
    "src/main/java/com/acme/auth": "src/main/java/com/acme/core/auth",
    "web/src/auth": "web/src/core/auth",
    "src/auth.rs": "src/core/auth.rs",
    "src/net": "src/core/net",
    "net": "new/net",
    "include/shop/log.h": "include/shop/new/log.h",
    "proto/shop/v1": "proto/shop/v2",
}


@pytest.mark.parametrize(
    ("files", "rows"),
    [(PYTHON, IN_PYTHON), (JAVA, IN_JAVA), (WEB, IN_WEB), (RUST, IN_RUST), (C, IN_C)],
    ids=["Python", "Java", "JavaScript", "Rust", "C"],
)
def test_imports_of_what_moved_are_found_by_their_spelling(program, files, rows):
    base = program.only(files).overlay
    wrong = []
    for name, text, is_stale in rows:
        overlay = base.next()
        overlay.put(name, f"{text}\n".encode())
        found = [
            item
            for item in stale_references(overlay, MoveMap(MOVES))
            if item.path == name and item.verdict is StaleVerdict.STALE
        ]
        if bool(found) is not is_stale:
            wrong.append((name, text, found))
    assert wrong == [], "\n".join(map(str, wrong))


def test_a_package_that_keeps_its_name_below_another_root_is_right(program):
    files = {"lib/shop/__init__.py": "", "lib/shop/auth.py": "", "main.py": "import shop.auth\nfrom shop import auth\n"}
    overlay = program.only(files).overlay
    assert stale_references(overlay, MoveMap({"src/shop": "lib/shop"})) == []
    assert stale_references(overlay, MoveMap({"shop": "lib/shop"})) == []


def test_what_nobody_checked_is_counted_by_language(program):
    files = {**PYTHON, **JAVA, **WEB, "lib/ruby/x.rb": "", "lib/ruby/y.rb": "", "vendor/x/z.py": ""}
    old_paths = old_paths_of(program.only(files).overlay, MoveMap({**MOVES, "ruby": "lib/ruby", "x": "vendor/x"}))
    assert sorted(unchecked(old_paths), key=lambda language: language.language) == [
        Unchecked("Java", 1, searched=True),
        Unchecked("Ruby", 2, searched=False),
    ]


@pytest.mark.parametrize(
    ("file", "text", "count"),
    [
        ("web/tsconfig.json", '{"compilerOptions": {"paths": {"@/*": ["src/*"]}}}', 1),
        ("web/vite.config.ts", "export default {resolve: {alias: {}}}", 1),
        ("web/tsconfig.json", "{}", 0),
        ("main.c", '#include "new/net/tcp.h"', 0),
        ("main.c", '#include "net/tcp.h"', 1),
        ("main.c", "#include <stdio.h>", 0),
    ],
)
def test_only_aliases_and_search_paths_leave_imports_unchecked(program, file, text, count):
    old_paths = old_paths_of(
        program.only(
            {"web/src/main.ts": "", "web/src/core/auth/login.ts": "", "new/net/tcp.h": "", file: text}
        ).overlay,
        MoveMap(MOVES),
    )
    assert len(unchecked(old_paths)) == count


@pytest.mark.parametrize(
    ("imported", "is_stale"),
    [
        ("github.com/docker/docker/libnetwork/drivers", True),
        ("github.com/docker/docker/libnetwork", True),
        ("github.com/docker/docker/daemon/libnetwork", False),
        ("github.com/other/drivers", False),
        ("libnetwork/drivers", False),
    ],
)
def test_without_a_module_the_end_of_an_import_of_go_tells(program, imported, is_stale):
    files = {
        "daemon/libnetwork/drivers/x.go": "package drivers\n",
        "daemon/libnetwork/x.go": "package libnetwork\n",
        "main.go": f'package main\n\nimport (\n\t_ "{imported}"\n)\n',
    }
    found = stale_references(program.only(files).overlay, MoveMap({"libnetwork": "daemon/libnetwork"}))
    assert bool(found) is is_stale


def test_climbs_to_the_top_from_another_depth_are_found(program):
    rows = [
        ("a/b/new/x.sh", "cd ../..", {StaleVerdict.STALE}),
        ("a/b/new/x.sh", 'cd "$(dirname "$0")/../.." && ls', {StaleVerdict.STALE}),
        ("a/b/new/x.sh", "cd ../../..", set()),
        ("a/b/new/x.py", "TOP = Path(__file__).resolve().parents[2]", {StaleVerdict.STALE}),
        ("a/b/new/x.py", "TOP = Path(__file__).parent.parent.parent", {StaleVerdict.STALE}),
        ("a/b/new/x.py", "TOP = Path(__file__).parents[3]", set()),
        ("a/b/new/x.py", "HERE = Path(__file__).parent", set()),
        ("a/b/new/x.rs", 'let wanted = "../..";', {StaleVerdict.DOUBTFUL}),
        ("a/b/new/x.md", "It climbs: ../..", set()),
    ]
    base = program.only({"top.txt": "", "a/b/new/y.txt": ""}).overlay
    for name, text, expected in rows:
        overlay = base.next()
        overlay.put(name, f"{text}\n".encode())
        assert {item.verdict for item in stale_references(overlay, MoveMap({"a/old": "a/b/new"}))} == expected, (
            name,
            text,
        )
