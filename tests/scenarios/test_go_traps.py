"""The traps of moving Go packages, by number, and where each one has its scenario.

A scenario is a function `test_trap_NN_…` of a file `test_go_traps_*.py`; its docstring begins with the number. Where
the right answer is a refusal, the scenario says what is refused, with file and line, and that nothing changed.
"""

from __future__ import annotations

import ast
from pathlib import Path

HERE = Path(__file__).parent
TRAPS = {
    1: "a path that only begins alike",
    2: "overlapping, chained and swapped moves",
    3: "files for other systems and build tags, ignored files, _x and testdata",
    4: "tests inside and outside of the package",
    5: "a package name other than the folder's",
    6: "a base name that changes",
    7: "two packages of one name in one file",
    8: "dot, blank, named and raw-string imports, one path twice",
    9: 'import "C" and its preamble',
    10: "comments, blank lines, several declarations, semicolons, byte-order marks, CRLF",
    11: "import comments",
    12: "go:embed",
    13: "go:generate, and generated code that is not in the tree",
    14: "relative paths in code, and strings that name a folder at run time",
    15: "-ldflags -X",
    16: "go:linkname, export, assembly, cgo",
    17: "internal/ and import cycles",
    18: "nested modules, go.work, replace",
    19: "vendor/",
    20: "a destination that is taken, also by letter case",
    21: "a destination that an ignore rule hides",
    22: "modes, symlinks and submodules",
    23: "references outside imports",
    24: "history",
    25: "splits",
    26: "forwarding packages",
}
ELSEWHERE = {26: "test_forwarding.py"}
"""Traps that have a file of their own."""


def test_every_trap_has_its_scenario() -> None:
    told = {number for number, file in ELSEWHERE.items() if "def test_" in (HERE / file).read_text(encoding="utf-8")}
    for file in HERE.glob("test_go_traps_*.py"):
        for one in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(one, ast.FunctionDef) and one.name.startswith("test_"):
                words = one.name.split("_")
                assert words[1] == "trap", f"{file.name}:{one.lineno} has no number"
                assert (ast.get_docstring(one) or "").startswith(f"{int(words[2])}. "), f"{file.name}:{one.lineno}"
                told.add(int(words[2]))
    assert told == set(TRAPS)
