"""How long, and how much, a forge is listened to."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest

from migrate.errors import ForgeError
from migrate.forges import client as client_module
from migrate.forges.client import Client, limit
from migrate.forges.errors import UnsureError

Says = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def saying(says: Says, *, is_looking: bool = False) -> Iterator[Client]:
    """A client of a server that answers each call in one way, and waits for nothing."""

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def __getattr__(self, name: str) -> Any:
            """`do_GET` and the others are one."""
            if name.startswith("do_"):
                return lambda: says(self)
            raise AttributeError(name)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    client = Client(f"http://127.0.0.1:{server.server_address[1]}", {}, is_looking=is_looking)
    try:
        yield client
    finally:
        client.close()
        server.shutdown()
        server.server_close()
        thread.join()


def packed(raw: bytes, packing: str) -> Says:
    """An answer that says how it is packed."""

    def says(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", packing)
        handler.send_header("Content-Length", str(len(raw)))
        handler.end_headers()
        handler.wfile.write(raw)

    return says


def drop_by_drop(ended: threading.Event) -> Says:
    """The line and the headers of an answer, byte by byte, without an end."""

    def says(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not ended.wait(0.02):
            handler.wfile.write(b"x")

    return says


def test_a_packed_answer_is_read() -> None:
    with saying(packed(gzip.compress(b'{"number": 7}'), "gzip")) as client:
        assert client.get("/") == {"number": 7}


def test_a_packed_answer_is_not_unpacked_beyond_what_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_module, "ANSWER_BYTES", 2**20)
    with (
        saying(packed(gzip.compress(b" " * 2**24), "gzip")) as client,
        pytest.raises(ForgeError, match="with more than 1 MB"),
    ):
        client.get("/")


def test_an_answer_of_countless_parts_is_not_read_and_one_with_brackets_in_a_text_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(client_module, "ANSWER_PARTS", 100)
    with saying(packed(b"[" + b"{}," * 100 + b"{}]", "identity")) as client, pytest.raises(ForgeError, match="no JSON"):
        client.get("/")
    with saying(packed(b'["' + rb"{\"" * 200 + b'"]', "identity")) as client:
        assert client.get("/") == ['{"' * 200]


@pytest.mark.parametrize("packing", ["gzip, gzip", "br"])
def test_an_answer_that_is_packed_otherwise_is_refused(packing: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Client, "sleep", lambda *_: None)
    raw = gzip.compress(gzip.compress(b"[]"))
    with saying(packed(raw, packing)) as client, pytest.raises(ForgeError, match=f"is packed as {packing}"):
        client.get("/")


@pytest.mark.parametrize("is_looking", [True, False])
def test_an_answer_that_never_ends_is_ended(monkeypatch: pytest.MonkeyPatch, is_looking: bool) -> None:
    name = "LOOKING_SECONDS" if is_looking else "ANSWER_SECONDS"
    monkeypatch.setattr(client_module, name, 0.2)
    ended = threading.Event()
    with saying(drop_by_drop(ended), is_looking=is_looking) as client:
        with pytest.raises(UnsureError, match="no whole answer in time"):
            client.request("POST", "/", values={})
        ended.set()


def test_a_limit_of_years_is_told_and_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    for after in ("9" * 400, "31536000000"):
        assert limit(429, httpx.Headers({"retry-after": after})) == client_module.LONGEST_LIMIT
    assert limit(429, httpx.Headers({"retry-after": "-5"})) == 60.0
