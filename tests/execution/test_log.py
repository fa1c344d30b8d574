"""Output read from a log: safe, short, and without looking closely at what nobody wants."""

from __future__ import annotations

import tracemalloc

import pytest

from migrate.errors import RepositoryError
from migrate.execution import redaction
from migrate.execution.log import log_lines, opened_log
from migrate.execution.output import most_relevant_line, output_tail

KEY = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\nQyNTUxOQAAACD\n-----END OPENSSH PRIVATE KEY-----"


def hidden(log):
    """The lines of a log as they may be shown."""
    return [line.hidden for line in log_lines(log)]


def test_lines_are_safe_to_print(tmp_path):
    log = tmp_path / "log"
    log.write_bytes(b"first\n\x1b[31mred\x1b[0m\n10%\r20%\r\nbell \a \xff\n\ttab")
    assert hidden(log) == ["first", "red", "20%", "bell \\x07 \\xff", "        tab"]
    assert [line.whole for line in log_lines(log, len("first\n"))] == ["red", "20%", "bell \\x07 \\xff", "        tab"]


@pytest.mark.parametrize("piece", [3, 64])
def test_a_line_without_end_is_its_beginning_and_a_digest_of_the_rest(tmp_path, monkeypatch, piece):
    monkeypatch.setattr("migrate.limits.LINE_BYTES", 4)
    monkeypatch.setattr("migrate.execution.log.PIECE", piece)
    log = tmp_path / "log"

    def read(raw: bytes) -> list[str]:
        log.write_bytes(raw)
        return hidden(log)

    assert read(b"abcd\n\nabc\r\nab\r  \n") == ["abcd", "", "abc", "ab"]
    assert read(b"a" * 50 + b"\rb\n" + b"10%\r20%\r30%") == ["b", "30%"]
    assert read(b"ab\r\r\r\r\r  \r\r\r cd\r\r\r\r  \r\n") == [" cd"]
    [line] = read(b"abcdefghij")
    assert line.startswith("abcd… and 6 bytes more (")
    assert not any(char.isdigit() for char in line.rpartition("(")[2])
    assert read(b"abcdefghij\nabcdefghik\nabcdefghij\n")[::2] == [line, line]
    assert read(b"abcdefghik") != [line]


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\x1b[0m\n"])
@pytest.mark.parametrize("piece", [3, 40, 4096])
def test_of_a_private_key_on_several_lines_nothing_is_left_but_that_there_was_one(tmp_path, monkeypatch, piece, ends):
    monkeypatch.setattr("migrate.execution.log.PIECE", piece)
    log = tmp_path / "log"
    text = f"before\n{KEY}\nafter\n{KEY}\nlast\n"
    log.write_bytes(text.replace("\n", ends).encode())
    assert hidden(log) == ["before", "***", "after", "***", "last"]
    log.write_bytes(text.rpartition("-----END")[0].replace("\n", ends).encode())
    assert hidden(log) == ["before", "***", "after", "***"]


@pytest.mark.parametrize("size", range(40))
def test_a_private_key_that_begins_where_a_line_is_not_looked_at_any_more_is_hidden(tmp_path, monkeypatch, size):
    monkeypatch.setattr("migrate.limits.LINE_BYTES", 60)
    monkeypatch.setattr("migrate.execution.log.PIECE", 50)
    log = tmp_path / "log"
    log.write_text(f"{'x' * (30 + size)}{KEY}\nafter\n")
    first, *more = hidden(log)
    assert more == ["after"]
    assert "b3Blb" not in first


def test_a_value_that_is_cut_where_a_line_is_not_looked_at_any_more_is_hidden(tmp_path, monkeypatch):
    monkeypatch.setenv("DEPLOY_TOKEN", "s3cr3t-Value")
    monkeypatch.setattr(redaction.CURRENT, "redaction", None)
    log = tmp_path / "log"
    log.write_text(f"{'x ' * 20}s3cr3t-Value and more")
    for size in range(40, 60):
        monkeypatch.setattr("migrate.limits.LINE_BYTES", size)
        [line] = hidden(log)
        assert "s3cr3t" not in line


def test_reading_a_line_without_end_holds_little_of_it(tmp_path):
    log = tmp_path / "log"
    with log.open("wb") as file:
        file.truncate(64 * 2**20)
    tracemalloc.start()
    try:
        assert len(most_relevant_line(log, 0, output_tail(log))) == 500
        assert len(output_tail(log)) == 1
        assert tracemalloc.get_traced_memory()[1] < 2**20
    finally:
        tracemalloc.stop()


def test_log_that_cannot_be_written_is_one_clear_error(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(RepositoryError, match="cannot be written"), opened_log(tmp_path / "file" / "log"):
        pass
