"""Edited imports are what gofmt would make of them, and nothing else is tidied."""

from __future__ import annotations

import random
import subprocess

import pytest

from migrate.engines.golang.header import scan
from migrate.engines.golang.imports import added_import, tidy
from migrate.engines.splice import Splice, splice


def gofmt(source: bytes) -> bytes:
    return subprocess.run(["gofmt"], input=source, capture_output=True, check=True).stdout


def rewrite(source: bytes, paths: dict[str, str]) -> bytes:
    header = scan(source)
    assert header is not None
    edits = [Splice(s.start, s.end, f'"{paths[s.path]}"'.encode()) for s in header.imports if s.path in paths]
    return tidy(source, header, splice(source, edits))


def block(*lines: str) -> bytes:
    return ("package a\n\nimport (\n" + "".join(f"\t{line}\n" if line else "\n" for line in lines) + ")\n").encode()


FORMATTED = {
    "one run": block('"b"', '"c"', '"d"'),
    "two runs": block('"b"', '"x"', "", '"c"', '"d"'),
    "comment between": block('"b"', '"x"', "// here", '"c"', '"d"'),
    "trailing comments": block('"b" // two', '"c"', '"dd" // longer', '"e"  // short'),
    "block comments": block('/* l */ "b"', '"c" /* t */', '"d"'),
    "names": block('"b"', 'z "c"', '. "d"', '_ "e"'),
    "one spec": block('"b"'),
    "single declarations": b'package a\n\nimport "b"    // one\nimport "cccc" // two\n',
    "cgo": b'package a\n\n// #include <x.h>\nimport "C"\n\nimport (\n\t"b"\n\t"c"\n)\n',
    "comment before the end": block('"b"', '"c"', "// the end"),
}


@pytest.mark.parametrize("source", FORMATTED.values(), ids=FORMATTED.keys())
@pytest.mark.parametrize("paths", [{"b": "zzzzzz/b"}, {"d": "a"}, {"c": "zz", "b": "y"}, {"b": "x"}, {"C": "C"}])
def test_a_formatted_file_stays_formatted(source: bytes, paths: dict[str, str]) -> None:
    assert gofmt(source) == source
    edited = rewrite(source, paths)
    assert gofmt(edited) == edited


def test_random_blocks_come_out_as_gofmt_makes_them() -> None:
    chance = random.Random(7)
    for _ in range(40):
        names = sorted(chance.sample("abcdefghijklmnop", 8))
        lines = []
        for name in names:
            line = chance.choice(["", "", "q", "_", "é"]) + f' "{name * chance.randint(1, 4)}"'
            lines.append(line.strip() + chance.choice(["", "", " // note " + name]))
            lines += [""] if chance.random() < 0.2 else []
        source = gofmt(block(*lines))
        header = scan(source)
        assert header is not None
        paths = {spec.path: chance.choice(["x/", "a/", ""]) + spec.path for spec in header.imports}
        raw = splice(source, [Splice(s.start, s.end, f'"{paths[s.path]}"'.encode()) for s in header.imports])
        assert tidy(source, header, raw) == gofmt(raw)


def test_a_run_that_was_not_sorted_keeps_its_order() -> None:
    assert rewrite(block('"d"', '"b"', '"c"'), {"b": "z"}) == block('"d"', '"z"', '"c"')


def test_comments_that_were_not_aligned_are_left_so() -> None:
    assert rewrite(block('"b" // x', '"cc" // y'), {"b": "bb"}) == block('"bb" // x', '"cc" // y')


def test_a_run_that_does_not_change_is_not_touched() -> None:
    source = block('"b"', '"c"', "", '"z"', '"y"')
    assert rewrite(source, {"b": "d"}) == block('"c"', '"d"', "", '"z"', '"y"')


def test_carriage_returns_travel_with_their_lines() -> None:
    source = block('"b"', '"c"').replace(b"\n", b"\r\n")
    assert rewrite(source, {"b": "d"}) == block('"c"', '"d"').replace(b"\n", b"\r\n")


def test_the_same_import_twice_becomes_one_as_gofmt_has_it() -> None:
    edited = rewrite(block('"b"', '"c"'), {"b": "c"})
    assert edited == block('"c"')


def test_several_specs_on_one_line_are_spliced_in_place() -> None:
    assert rewrite(b'package a\nimport ("b"; "c")\n', {"b": "z"}) == b'package a\nimport ("z"; "c")\n'


@pytest.mark.parametrize(
    ("source", "result"),
    [
        (block('"b"', '"d"'), block('"b"', '"c"', '"d"')),
        (block('"b" // why'), block('"b" // why', '"c"')),
        (b'package a\n\nimport "b"\n', b'package a\n\nimport "b"\nimport "c"\n'),
        (b'package a\n\nimport "b"; var x int\n', b'package a\n\nimport "b"; import "c"; var x int\n'),
        (b'package a\nimport ("b")\n', b'package a\nimport ("b"; "c")\n'),
        (b'package a\r\nimport (\r\n\t"b"\r\n)\r\n', b'package a\r\nimport (\r\n\t"b"\r\n\t"c"\r\n)\r\n'),
    ],
)
def test_a_second_import_stands_beside_the_first(source: bytes, result: bytes) -> None:
    header = scan(source)
    assert header is not None
    declaration = header.declarations[0]
    edit = added_import(source, declaration, declaration.specs[0], "", "c")
    assert tidy(source, header, splice(source, [edit])) == result
