"""A forge on loopback: what takes its calls, one at a time, and the ways in which a call can fail.

Nothing of it outlives its test: a thread that is left would print into the next one.
"""

from __future__ import annotations

import json
import socket
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import unquote, urlsplit


class Fault(Enum):
    """What goes wrong with one call."""

    LOST_REQUEST = "the connection breaks before anything is done"
    LOST_ANSWER = "it is done, and the connection breaks before the answer"
    HALF_ANSWER = "it is done, and half of the answer comes"
    SERVER_ERROR = "500 before anything is done"
    BAD_GATEWAY = "502 although it is done"
    LIMITED = "429 with a time to wait"
    SECONDARY = "403 with a time to wait"
    SLOW = "the answer comes later than is waited for"


class RefusedCallError(Exception):
    """An answer that is no success."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Server(ThreadingHTTPServer):
    """What listens. It knows its connections, so that it can end them, and lets nobody else hear what went wrong."""

    daemon_threads = False  # So that closing it waits for what still answers.

    def __init__(self, served: Served) -> None:
        super().__init__(("127.0.0.1", 0), handler(served))
        self.served = served
        self.connections: set[socket.socket] = set()

    def get_request(self) -> tuple[socket.socket, Any]:
        """A new connection."""
        connection, address = super().get_request()
        self.connections.add(connection)
        return connection, address

    def shutdown_request(self, request: Any) -> None:
        """A connection that is over."""
        self.connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, *_: Any) -> None:
        """What went wrong outside of an answer."""
        self.served.broken.append(f"a connection: {sys.exc_info()[1]!r}")

    def end(self) -> None:
        """End all connections, and wait for what still answers."""
        self.shutdown()
        for connection in [*self.connections]:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()


class Served(ABC):
    """A forge. `calls` are all that came; `fault` is asked before each one what goes wrong with it."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str]] = []
        self.broken: list[str] = []
        """What was against the description of the API."""
        self.fault: Callable[[int], Fault | None] = lambda _: None
        self.before: Callable[[int], None] = lambda _: None
        """Called with the number of each call before it is looked at."""
        self.ended = threading.Event()
        self.lock = threading.Lock()
        self._server = Server(self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        """Give up the place of one that never answers."""
        self._server.server_close()

    @abstractmethod
    def answer(self, method: str, target: str, raw: bytes) -> tuple[int, Any]:
        """What a call does, and what it answers. Raises `RefusedCallError`."""

    @property
    def writes(self) -> list[tuple[str, str]]:
        """The calls that change something."""
        return [call for call in self.calls if call[0] != "GET"]

    @contextmanager
    def running(self) -> Iterator[Self]:
        """While it answers; nothing that went through it may have been against the description of its API."""
        thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield self
        finally:
            self.ended.set()
            self._server.end()
            thread.join()
        assert self.broken == []


def handler(server: Served) -> type[BaseHTTPRequestHandler]:
    """What answers the calls of a server."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

        def handle_one_request(self) -> None:
            with suppress(ConnectionError):
                super().handle_one_request()

        def __getattr__(self, name: str) -> Any:
            """`do_GET` and the others are one."""
            if name.startswith("do_"):
                return self.in_turn
            raise AttributeError(name)

        def in_turn(self) -> None:
            self.is_slow = False
            with server.lock:
                self.one()
            if self.is_slow:
                server.ended.wait(1)  # Longer than anybody waits.
                self.cut()

        def one(self) -> None:
            raw = self.rfile.read(int(self.headers.get("content-length") or 0))
            number = len(server.calls)
            server.calls.append((self.command, unquote(urlsplit(self.path).path)))
            server.before(number)
            fault = server.fault(number)
            if fault in (Fault.LOST_REQUEST, Fault.SERVER_ERROR, Fault.LIMITED, Fault.SECONDARY):
                self.fail(fault)
                return
            if self.headers.get("authorization") != "Bearer a-token-of-ada":
                self.send(401, {"message": "Bad credentials"})
                return
            try:
                status, answer = server.answer(self.command, self.path, raw)
            except RefusedCallError as refused:
                status, answer = refused.status, {"message": str(refused), "documentation_url": "https://x"}
            except Exception as error:
                server.broken.append(f"{self.command} {self.path}: {error}")
                status, answer = 418, {"message": "this test is wrong"}
            if fault is not None:
                self.fail(fault, answer)
            else:
                self.send(status, answer)

        def fail(self, fault: Fault, answer: Any = None) -> None:
            if fault is Fault.SERVER_ERROR:
                self.send(500, {"message": "Server Error"})
            elif fault is Fault.BAD_GATEWAY:
                self.send(502, None, b"<html>Bad Gateway</html>")
            elif fault is Fault.LIMITED:
                self.send(429, {"message": "rate limit"}, headers={"Retry-After": "3"})
            elif fault is Fault.SECONDARY:
                self.send(403, {"message": "secondary rate limit"}, headers={"Retry-After": "2"})
            elif fault is Fault.SLOW:
                self.is_slow = True
            elif fault is Fault.HALF_ANSWER:
                whole = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(whole)))
                self.end_headers()
                self.wfile.write(whole[: len(whole) // 2])
                self.cut()
            else:
                self.cut()

        def cut(self) -> None:
            self.close_connection = True
            with suppress(OSError):
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)

        def send(self, status: int, answer: Any, raw: bytes | None = None, headers: Any = None) -> None:
            body = raw if raw is not None else b"" if status == 204 else json.dumps(answer).encode()
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler
