"""Two lines tell the same problem when they differ in nothing but what differs from run to run."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.validation.likeness import normalised

ALIKE = {
    "go build": [("a.go:12:3: undefined: X", "a.go:14:7: undefined: X")],
    "go vet": [
        ("vet: ./a.go:1:2: x redeclared", "vet: ./a.go:9:3: x redeclared"),
        ("\ta.go:7:6: other declaration of x", "\ta.go:8:6: other declaration of x"),
    ],
    "go test": [
        ("FAIL\tpllm/cmd\t0.012s", "FAIL\tpllm/cmd\t12.4s"),
        ("--- FAIL: TestFoo (0.00s)", "--- FAIL: TestFoo (1.20s)"),
        ("    foo_test.go:12: got nothing", "    foo_test.go:15: got nothing"),
        ("goroutine 18 [running]:", "goroutine 7 [running]:"),
        ("\t/src/a.go:12 +0x1d", "\t/src/a.go:13 +0x2f"),
        ("shop.f(0xc000012345, 0x3)", "shop.f(0xc0000fffff, 0x3)"),
        ("/tmp/go-build2417859471/b001/a.test", "/tmp/go-build113344/b001/a.test"),
        ("2026/11/30 12:00:01 no such user", "2026/11/30 12:00:07 no such user"),
        ("panic: test timed out after 1m2.5s", "panic: test timed out after 58s"),
    ],
    "golangci-lint": [
        (
            "a.go:3:1: exported func F should have comment (revive)",
            "a.go:4:1: exported func F should have comment (revive)",
        ),
        ("* errcheck: 12", "* errcheck: 13"),
    ],
    "mypy": [
        ("a.py:3: error: Incompatible types  [assignment]", "a.py:14: error: Incompatible types  [assignment]"),
        ("Found 3 errors in 2 files (checked 12 source files)", "Found 4 errors in 3 files (checked 13 source files)"),
    ],
    "ruff": [
        ("a.py:1:8: F401 [*] `os` imported but unused", "a.py:2:8: F401 [*] `os` imported but unused"),
        (" --> a.py:1:8", " --> a.py:12:8"),
        ("12 | import os", "13 | import os"),
        ("Found 12 errors.", "Found 13 errors."),
    ],
    "pytest": [
        ("tests/test_a.py:12: AssertionError", "tests/test_a.py:14: AssertionError"),
        ("tests/test_a.py ..F   [ 66%]", "tests/test_a.py ..F   [100%]"),
        ("1 failed, 2 passed in 0.12s", "3 failed, 5 passed in 2.30s"),
        ("open /tmp/pytest-of-ada/pytest-12/x", "open /tmp/pytest-of-ada/pytest-13/x"),
        ("open /tmp/tmpab3x9_k2/x: no", "open /tmp/tmpzq_81xyz/x: no"),
        ("FAILED (failures=1, errors=2)", "FAILED (failures=3, errors=1)"),
        ('  File "a.py", line 12, in f', '  File "a.py", line 15, in f'),
    ],
    "tsc": [("src/a.ts(12,5): error TS2322: Type no", "src/a.ts(130,15): error TS2322: Type no")],
    "eslint": [
        ("  12:5  error  'x' is not defined  no-undef", "  112:15  error  'x' is not defined  no-undef"),
        ("✖ 3 problems (2 errors, 1 warnings)", "✖ 4 problems (3 errors, 11 warnings)"),
    ],
    "cargo": [
        ("  --> src/main.rs:2:5", "  --> src/main.rs:22:15"),
        ("thread 'main' (4711) panicked at src/main.rs:2:5:", "thread 'main' (12) panicked at src/main.rs:3:5:"),
        ("error: aborting due to 2 previous errors", "error: aborting due to 3 previous errors"),
        ("Finished `dev` in 0.31s", "Finished `dev` in 1m 02s"),
    ],
    "javac": [
        ("Foo.java:12: error: cannot find symbol", "Foo.java:14: error: cannot find symbol"),
        ("[ERROR] /w/Foo.java:[12,5] cannot find symbol", "[ERROR] /w/Foo.java:[14,15] cannot find symbol"),
    ],
    "make": [
        ("make: *** [Makefile:3: all] Error 2", "make: *** [Makefile:13: all] Error 2"),
        ("./check.sh: line 12: x: not found", "./check.sh: line 13: x: not found"),
        ("==12345==ERROR: AddressSanitizer", "==999==ERROR: AddressSanitizer"),
        ("@@ -1,3 +1,4 @@", "@@ -20,3 +21,4 @@"),
    ],
}
UNLIKE = {
    "go build": [
        ("a.go:1:1: undefined: parseV1", "a.go:1:1: undefined: parseV2"),
        ("a1.go:3:1: undefined: X", "a2.go:3:1: undefined: X"),
        ('a.go:1:1: cannot use "8080" as int', 'a.go:1:1: cannot use "9090" as int'),
        ("a.go:1:1: cannot use int32 as T", "a.go:1:1: cannot use int64 as T"),
        ("no required module provides example.com/m/v2", "no required module provides example.com/m/v3"),
        ("m@v1.2.3: missing go.sum entry", "m@v1.2.4: missing go.sum entry"),
        ("go.mod requires go >= 1.21", "go.mod requires go >= 1.22"),
    ],
    "go test": [
        ("--- FAIL: TestFoo1 (0.00s)", "--- FAIL: TestFoo2 (0.00s)"),
        ("--- FAIL: TestFoo/case#01 (0.00s)", "--- FAIL: TestFoo/case#02 (0.00s)"),
        ("exit status 1", "exit status 2"),
        ("coverage: 41%", "coverage: 12%"),
    ],
    "golangci-lint": [("a.go:3:1: SA1019: x is deprecated", "a.go:3:1: SA1020: x is deprecated")],
    "mypy": [("a.py:3: error: Argument 1 to f", "a.py:3: error: Argument 2 to f")],
    "ruff": [("a.py:1:8: F401 x", "a.py:1:8: F402 x")],
    "pytest": [
        ("test_a.py::test_foo[3] FAILED", "test_a.py::test_foo[4] FAILED"),
        ("LookupError: utf8", "LookupError: utf16"),
    ],
    "tsc": [("a.ts(1,5): error TS2322: x", "a.ts(1,5): error TS2345: x")],
    "eslint": [("  1:5  error  x  es5/rule", "  1:5  error  x  es6/rule")],
    "cargo": [("error[E0308]: mismatched types", "error[E0309]: mismatched types")],
    "javac": [("Foo1.java:1: error: x", "Foo2.java:1: error: x"), ("use -source 8", "use -source-9")],
    "make": [
        ("make: *** [Makefile:3: all] Error 1", "make: *** [Makefile:3: all] Error 2"),
        ("make[1]: *** no rule", "make[2]: *** no rule"),
        ("x.c: warning: x [-Wformat=1]", "x.c: warning: x [-Wformat=2]"),
        ("cannot pull redis:6", "cannot pull redis:7"),
    ],
}


@pytest.mark.parametrize("tool", ALIKE)
def test_what_differs_from_run_to_run_makes_no_other_problem(tool: str) -> None:
    for one, other in ALIKE[tool]:
        assert normalised(one) == normalised(other)


@pytest.mark.parametrize("tool", UNLIKE)
def test_a_digit_that_tells_which_one_is_meant_makes_another_problem(tool: str) -> None:
    for one, other in UNLIKE[tool]:
        assert normalised(one) != normalised(other)


UNHURRIED = settings(suppress_health_check=[HealthCheck.too_slow])
"""How long a loaded machine takes for an example says nothing."""

NAMES = st.from_regex(r"[A-Za-z_][A-Za-z0-9_]{0,12}", fullmatch=True)
NUMBERS = st.integers(1, 99_999)
AROUND = st.sampled_from(
    ["a.go:{line}:{column}: undefined: {name}", "--- FAIL: {name} (0.{line}s)", "{line} errors in {name}", "{name}",
     "a.ts({line},{column}): error: {name}", "{name}: 0x{line} at line {column}", "  {line}:{column}  error  {name}"]
)  # fmt: skip


@UNHURRIED
@given(AROUND, NAMES, NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_places_and_counts_never_matter(
    around: str, name: str, line: int, column: int, other_line: int, other_column: int
) -> None:
    one = around.format(name=name, line=line, column=column)
    assert normalised(one) == normalised(around.format(name=name, line=other_line, column=other_column))


@UNHURRIED
@given(AROUND, NAMES, NAMES)
def test_two_names_never_count_as_one(around: str, name: str, other: str) -> None:
    one, two = (normalised(around.format(name=each, line=3, column=4)) for each in (name, other))
    assert (one == two) == (name == other)


@UNHURRIED
@given(st.text(st.characters(exclude_categories=["Nd", "Cc"]), max_size=80))
def test_a_line_without_a_number_stays_as_it_is(line: str) -> None:
    assert normalised(line) == " ".join(line.split())
