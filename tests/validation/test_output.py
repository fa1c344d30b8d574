"""Output made safe and short."""

from __future__ import annotations

import tracemalloc

import pytest

from migrate.errors import RepositoryError
from migrate.validation.output import LastLine, lines, opened_log, tail, telling


def test_lines_are_safe_to_print(tmp_path):
    log = tmp_path / "log"
    log.write_bytes(b"first\n\x1b[31mred\x1b[0m\n10%\r20%\r\nbell \a \xff\n\ttab")
    assert list(lines(log)) == ["first", "red", "20%", "bell \\x07 \\xff", "        tab"]
    assert list(lines(log, len("first\n"))) == ["red", "20%", "bell \\x07 \\xff", "        tab"]


def test_a_line_without_end_is_its_beginning_and_a_digest_of_the_rest(tmp_path, monkeypatch):
    monkeypatch.setattr("migrate.limits.LINE_BYTES", 4)
    monkeypatch.setattr("migrate.validation.output.PIECE", 3)
    log = tmp_path / "log"

    def read(raw: bytes) -> list[str]:
        log.write_bytes(raw)
        return list(lines(log))

    assert read(b"abcd\n\nabc\r\nab\r  \n") == ["abcd", "", "abc", "ab"]
    assert read(b"a" * 50 + b"\rb\n" + b"10%\r20%\r30%") == ["b", "30%"]
    [line] = read(b"abcdefghij")
    assert line.startswith("abcd… and 6 bytes more (")
    assert not any(char.isdigit() for char in line.rpartition("(")[2])
    assert read(b"abcdefghij\nabcdefghik\nabcdefghij\n")[::2] == [line, line]
    assert read(b"abcdefghik") != [line]


def test_reading_a_line_without_end_holds_little_of_it(tmp_path):
    log = tmp_path / "log"
    with log.open("wb") as file:
        file.truncate(64 * 2**20)
    tracemalloc.start()
    try:
        assert len(telling(lines(log))) == 500
        assert len(tail(lines(log))) == 1
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_tail_is_the_last_twenty_lines_without_empty_ones_at_the_end():
    assert tail([*map(str, range(50)), "", ""])[-3:] == ("47", "48", "49")
    assert len(tail(map(str, range(50)))) == 20
    assert tail([]) == ()


@pytest.mark.parametrize(
    ("output", "line"),
    [
        (["# pkg", "a/b.go:12:2: bad", "c.go:1: worse", "exit"], "a/b.go:12:2: bad"),
        (["building", "make: *** [Makefile:3: build] Error 1", ""], "make: *** [Makefile:3: build] Error 1"),
        ([], ""),
    ],
)
def test_telling_line_names_a_place_or_is_the_last(output, line):
    assert telling(output) == line


def test_last_line_is_followed_as_it_grows():
    last = LastLine()
    assert last.text == ""
    last.feed(b"one\ntw")
    assert last.text == "tw"
    last.feed(b"o\n\n")
    assert last.text == "two"
    last.feed(b"10%\r\x1b[K20%")
    assert last.text == "20%"
    last.feed(b"x" * 10_000)
    assert len(last.text) == 4096


def test_log_that_cannot_be_written_is_one_clear_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(RepositoryError, match="cannot be written"), opened_log(tmp_path / "file" / "log"):
        pass
