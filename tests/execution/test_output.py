"""What is shown of an output."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.execution.output import LastLine, most_relevant_line, output_tail


def written(log: Path, *lines: str) -> Path:
    """A log with some lines."""
    log.write_text("".join(f"{line}\n" for line in lines))
    return log


def test_tail_is_the_last_twenty_lines_without_empty_ones_at_the_end(tmp_path):
    log = tmp_path / "log"
    assert output_tail(written(log, *map(str, range(50)), "", "")) == tuple(map(str, range(30, 50)))
    assert output_tail(written(log, *map(str, range(50)))) == tuple(map(str, range(30, 50)))
    assert output_tail(written(log)) == ()
    log.write_text("one\ntwo")
    assert output_tail(log) == ("one", "two")
    assert output_tail(log, len("one\n")) == ("two",)


@pytest.mark.parametrize("piece", [3, 10, 64])
def test_tail_is_the_same_however_a_log_is_read(tmp_path, monkeypatch, piece):
    monkeypatch.setattr("migrate.execution.log.PIECE", piece)
    key = ["-----BEGIN RSA PRIVATE KEY-----", *["b3BlbnNzaC1r"] * 30, "-----END RSA PRIVATE KEY-----"]
    log = written(tmp_path / "log", *map(str, range(50)), "x" * 100, "", *key, "after", "", " ")
    assert output_tail(log) == (*map(str, range(34, 50)), "x" * 100, "", "***", "after")
    log.write_text(log.read_text() + "\n".join(key[:-1]))
    assert output_tail(log)[-4:] == ("after", "", "", "***")


@pytest.mark.parametrize("piece", [3, 10, 64, 1024])
@pytest.mark.parametrize("empty", ["", " ", "\x1b[0m"])
def test_tail_does_not_count_empty_lines_at_the_end(tmp_path, monkeypatch, piece, empty):
    monkeypatch.setattr("migrate.execution.log.PIECE", piece)
    log = written(tmp_path / "log", *map(str, range(50)), *[""] * 3, "cannot find the licence", *[empty] * 25)
    expected = (*map(str, range(34, 50)), "", "", "", "cannot find the licence")
    assert output_tail(log)[-4:] == expected[-4:]
    assert output_tail(log) == expected or empty.strip()


@pytest.mark.parametrize(
    ("output", "line"),
    [
        (["# pkg", "a/b.go:12:2: bad", "c.go:1: worse", "exit"], "a/b.go:12:2: bad"),
        (["x 10.0.0.1:80", "\x1b[1ma/b.gö\x1b[0m:\x1b[31m12\x1b[0m bad"], "a/b.gö:12 bad"),
        (["50%\r  a.go:3: bad\r"], "a.go:3: bad"),
        (["building", "make: *** [Makefile:3: build] Error 1", ""], "make: *** [Makefile:3: build] Error 1"),
        ([], ""),
    ],
)
def test_telling_line_names_a_place_or_is_the_last(tmp_path, output, line):
    log = written(tmp_path / "log", *output)
    assert most_relevant_line(log, 0, output_tail(log)) == line


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
