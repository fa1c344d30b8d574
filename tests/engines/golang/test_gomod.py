"""A go.mod gets its requirements where `go mod edit -fmt` would have them, and keeps every other byte."""

from __future__ import annotations

import subprocess
from itertools import pairwise
from pathlib import Path

import pytest

from migrate.engines.golang.requiring.gomod import GoModReplacement, Manifest, Requirement
from migrate.engines.golang.requiring.gosum import Checksums, with_checksums
from migrate.engines.golang.requiring.versions import is_older, language, release, semver

HEAD = "module m.io/m\n\ngo 1.21\n"
BLOCK = "\nrequire (\n\tb.io/b v1.0.0\n\td.io/d v1.0.0\n)\n"
INDIRECT = "\nrequire (\n\tb.io/i v1.0.0 // indirect\n\td.io/i v1.0.0 // indirect\n)\n"
MIXED = "\nrequire (\n\tb.io/b v1.0.0\n\td.io/i v1.0.0 // indirect\n)\n"
REPLACE = "\nreplace c.io/c => ./c\n"
NEW = "c.io/c v1.2.3"


def requiring(source: str, *, indirect: bool = False, path: str = "c.io/c", version: str = "v1.2.3") -> str:
    return Manifest(source).requiring(Requirement(path, version, indirect)).source


ADDED = {
    "to nothing": (HEAD, False, HEAD + f"\nrequire {NEW}\n"),
    "to less than nothing": ("module m.io/m", False, f"module m.io/m\n\nrequire {NEW}\n"),
    "before other directives": (HEAD + REPLACE, True, HEAD + f"\nrequire {NEW} // indirect\n" + REPLACE),
    "behind the toolchain": (
        HEAD + "\ntoolchain go1.21.3\n" + REPLACE,
        False,
        HEAD + f"\ntoolchain go1.21.3\n\nrequire {NEW}\n" + REPLACE,
    ),
    "into a block": (HEAD + BLOCK + INDIRECT, False, HEAD + BLOCK.replace("\td", f"\t{NEW}\n\td") + INDIRECT),
    "into the block of its kind": (
        HEAD + BLOCK + INDIRECT,
        True,
        HEAD + BLOCK + INDIRECT.replace("\td", f"\t{NEW} // indirect\n\td"),
    ),
    "into a block of both kinds": (HEAD + MIXED, False, HEAD + MIXED.replace("\td", f"\t{NEW}\n\td")),
    "to a block of the other kind": (
        HEAD + BLOCK + REPLACE,
        True,
        HEAD + BLOCK + f"\nrequire {NEW} // indirect\n" + REPLACE,
    ),
    "to a line": (
        HEAD + "\nrequire d.io/d v1.0.0 // why\n",
        False,
        HEAD + f"\nrequire (\n\t{NEW}\n\td.io/d v1.0.0 // why\n)\n",
    ),
    "to a line before it": (
        HEAD + "\nrequire a.io/a v1.0.0\n" + REPLACE,
        False,
        HEAD + f"\nrequire (\n\ta.io/a v1.0.0\n\t{NEW}\n)\n" + REPLACE,
    ),
    "to a line of the other kind": (
        HEAD + "\nrequire a.io/i v1.0.0 // indirect\n",
        False,
        HEAD + f"\nrequire a.io/i v1.0.0 // indirect\n\nrequire {NEW}\n",
    ),
    "between comments": (
        HEAD + "\nrequire (\n\t// why b\n\tb.io/b v1.0.0 // so\n\n\t// why d\n\td.io/d v1.0.0\n// the end\n)\n",
        False,
        HEAD
        + f"\nrequire (\n\t// why b\n\tb.io/b v1.0.0 // so\n\t{NEW}\n\n\t// why d\n\td.io/d v1.0.0\n// the end\n)\n",
    ),
    "first in a block": (
        HEAD + "\nrequire (\n\t// why\n\td.io/d v1.0.0\n)\n",
        False,
        HEAD + f"\nrequire (\n\t{NEW}\n\t// why\n\td.io/d v1.0.0\n)\n",
    ),
    "behind quotes": (
        HEAD + '\nrequire (\n\t"b.io/b" v1.0.0\n\td.io/d v1.0.0\n)\n',
        False,
        HEAD + f'\nrequire (\n\t"b.io/b" v1.0.0\n\t{NEW}\n\td.io/d v1.0.0\n)\n',
    ),
}
CHANGED = {
    "raised": (HEAD + "\nrequire c.io/c v1.0.0 // why\n", True, HEAD + "\nrequire c.io/c v1.2.3 // why\n"),
    "still indirect": (
        HEAD + "\nrequire c.io/c v1.0.0 // indirect\n",
        True,
        HEAD + "\nrequire c.io/c v1.2.3 // indirect\n",
    ),
    "direct now": (HEAD + "\nrequire c.io/c v1.0.0 // indirect\n", False, HEAD + "\nrequire c.io/c v1.2.3\n"),
    "direct now, for a reason": (
        HEAD + "\nrequire (\n\tb.io/b v1.0.0\n\tc.io/c v1.2.3 //indirect ; why\n)\n",
        False,
        HEAD + "\nrequire (\n\tb.io/b v1.0.0\n\tc.io/c v1.2.3 // why\n)\n",
    ),
}


@pytest.mark.parametrize(("before", "indirect", "after"), [*ADDED.values(), *CHANGED.values()], ids=[*ADDED, *CHANGED])
def test_a_requirement_goes_where_it_belongs(before: str, indirect: bool, after: str) -> None:
    assert requiring(before, indirect=indirect) == after
    assert requiring(after, indirect=indirect) == after
    crlf = after.replace("\n", "\r\n")
    assert "\r\n" not in before
    if before.endswith("\n"):
        assert requiring(before.replace("\n", "\r\n"), indirect=indirect) == crlf


def test_go_finds_nothing_to_format(tmp_path: Path) -> None:
    wanted = {f"{n}.mod": after for n, (_, _, after) in enumerate([*ADDED.values(), *CHANGED.values()])}
    for name, source in wanted.items():
        (tmp_path / name).write_text(source)
        subprocess.run(["go", "mod", "edit", "-fmt", name], cwd=tmp_path, check=True)
    formatted = {name: (tmp_path / name).read_text() for name in wanted}
    # The go command writes quotes only where it must; these were here before.
    assert formatted == {name: source.replace('"', "") for name, source in wanted.items()}


def test_every_form_of_a_directive_is_read() -> None:
    manifest = Manifest(
        'module (\n\tm.io/m\n)\r\n// go 1.1\ngo 1.22.3 // so\nrequire ( // these\n\t"a.io/a"\tv1.0.0\n'
        "\tb.io/b v2.0.0+incompatible // indirect\n)\nrequire c.io/c v0.1.0//indirect\nexclude d.io/d v1.0.0\n"
        "replace (\n\ta.io/a v1.0.0 => ../a\n\t`b.io/b`=>f.io/b v1.1.0\n)\nrequire ()\nreplace broken\n"
    )
    assert manifest.go == "1.22.3"
    assert list(manifest.requirements.values()) == [
        ("a.io/a", "v1.0.0", False),
        ("b.io/b", "v2.0.0+incompatible", True),
        ("c.io/c", "v0.1.0", True),
    ]
    assert list(manifest.replacements.values()) == [
        GoModReplacement("a.io/a", "v1.0.0", "../a"),
        GoModReplacement("b.io/b", "", "f.io/b v1.1.0"),
    ]
    assert manifest.owner("a.io/a/sub/x") == ("a.io/a", "v1.0.0", False)
    assert manifest.owner("a.io/aa") is None
    assert Manifest("module m\n").go == "1.16"


def test_versions_are_in_the_order_of_semver() -> None:
    order = [
        "none",
        "v0.0.0-00010101000000-000000000000",
        "v0.0.0",
        "v0.9.0",
        "v0.10.0-alpha",
        "v0.10.0-alpha.1",
        "v0.10.0-alpha.beta",
        "v0.10.0-beta.2",
        "v0.10.0-beta.11",
        "v0.10.0",
        "v0.10.1",
        "v2.0.0+incompatible",
    ]
    assert all(semver(one) < semver(two) for one, two in pairwise(order))
    assert semver("v2.0.0") == semver("v2.0.0+incompatible")


def test_releases_of_go_are_in_the_order_of_the_go_command() -> None:
    order = ["what", "1.9", "1.20", "1.21", "1.21beta1", "1.21rc1", "1.21rc2", "1.21.0", "1.21.3", "1.22"]
    assert all(release(one) < release(two) for one, two in pairwise(order))
    assert is_older("1.21", "1.21.3")
    assert not is_older("1.22", "1.21.3")
    assert [language(version) for version in ("1.21.3", "1.21rc2", "1.9")] == ["1.21", "1.21", "1.9"]


SUM = "a.io/a v1.9.0 h1:a=\na.io/a v1.9.0/go.mod h1:b=\na.io/a v1.10.0/go.mod h1:c=\nc.io/c v1.0.0 h1:d=\n"


def test_hashes_are_sorted_as_the_go_command_sorts_them() -> None:
    lines = ["c.io/c v1.0.0/go.mod h1:f=", "a.io/a v1.10.0 h1:e=", "b.io/b v0.1.0 h1:g=", "c.io/c v1.0.0 h1:d="]
    new = with_checksums(SUM, lines)
    assert new.splitlines() == [
        "a.io/a v1.9.0 h1:a=",
        "a.io/a v1.9.0/go.mod h1:b=",
        "a.io/a v1.10.0 h1:e=",
        "a.io/a v1.10.0/go.mod h1:c=",
        "b.io/b v0.1.0 h1:g=",
        "c.io/c v1.0.0 h1:d=",
        "c.io/c v1.0.0/go.mod h1:f=",
    ]
    assert new.endswith("h1:f=\n")
    assert with_checksums(new, lines) == new
    assert with_checksums("", lines[:1]) == "c.io/c v1.0.0/go.mod h1:f=\n"
    assert with_checksums(SUM.replace("\n", "\r\n"), lines) == new.replace("\n", "\r\n")


def test_hashes_of_one_module_are_found() -> None:
    sums = Checksums.of(SUM, "\n")
    assert sums.of_module("a.io/a", "v1.9.0") == SUM.splitlines()[:2]
    assert sums.has_code("a.io/a", "v1.9.0")
    assert not sums.has_code("a.io/a", "v1.10.0")
