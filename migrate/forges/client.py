"""HTTP with a forge: limits and retries by its own headers, and no answer that is larger than anybody needs.

What changes nothing, or changes the same again, is tried again when the connection breaks. A `POST` is not: nobody
knows whether it was done, so the caller looks first (`UnsureError`).
"""

from __future__ import annotations

import json
import re
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from migrate.deadline import TookTooLongError, before_long
from migrate.errors import ForgeError
from migrate.forges.errors import AGAIN, AnswerError, UnsureError
from migrate.text import long_duration, plural, printable, shortened

TIMEOUT = 30.0
"""Seconds without an answer."""
ANSWER_SECONDS = 120.0
"""Seconds for one whole answer, which may come byte by byte."""
LOOKING_SECONDS = 15.0
"""Seconds for all answers together where somebody only looks: nine requests take 21 calls."""
TRIES = 4
PAUSE = 1.0
"""Seconds before the second try; each one after it waits twice as long."""
LONGEST_WAIT = 120.0
"""Seconds that a limit of the forge is waited for."""
LONGEST_LIMIT = 10.0 * 365 * 86_400
"""Seconds of a limit that are told: what is longer is nobody's."""
ANSWER_BYTES = 32 * 2**20
"""Bytes of one answer: a page of 100 requests with the longest bodies has 26 MB."""
ANSWER_PARTS = 1_000_000
"""Objects and lists of one answer, each of which takes up to 70 bytes: a page of 100 requests has some thousand."""
PAGES = 40
"""Pages of one list."""
SAID = 300
"""Characters of what a forge says of an error."""
STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)


@dataclass
class Client:
    """The API of one forge. `headers` hold the token; `tell` is told of waits.

    Who only looks (`is_looking`) waits for nothing: each call is made once, and all of them end soon.
    """

    api: str
    headers: Mapping[str, str]
    tell: Callable[[str], None] = lambda _: None
    is_looking: bool = False

    def __post_init__(self) -> None:
        self._tries = 1 if self.is_looking else TRIES
        self._http = httpx.Client(
            headers={
                "Accept": "application/json",
                "Accept-Encoding": "gzip",
                "User-Agent": "git-phases",
                **self.headers,
            },
            timeout=TIMEOUT,
            follow_redirects=False,
        )
        self._began = time.monotonic()

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()

    @property
    def host(self) -> str:
        """The host that is spoken with."""
        return urlsplit(self.api).netloc

    def get(self, path: str, **params: str | int) -> Any:
        """An answer as JSON. Raises `ForgeError`."""
        return self.request("GET", path, params=params)[0]

    def found(self, path: str, **params: str | int) -> Any:
        """The same; None for what is not there."""
        try:
            return self.get(path, **params)
        except AnswerError as error:
            if error.status == 404:
                return None
            raise

    def listed(self, path: str, **params: str | int) -> list[Any]:
        """A list that comes without pages. Raises `ForgeError`, also where it is none."""
        return self._list(path, self.get(path, **params))

    def _list(self, path: str, value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise ForgeError(f"{self.host} answered with no list to GET {path}", advice=AGAIN)
        return value

    def pages(self, path: str, size: str, count: int, most: int = PAGES, **params: str) -> Iterator[Any]:
        """The items of a list, page by page; `size` names the parameter that says how many a page has."""
        for number in range(1, most + 1):
            items, headers = self.request("GET", path, params={**params, size: count, "page": number})
            yield from self._list(path, items)
            if len(items) < count and 'rel="next"' not in headers.get("link", ""):
                return
        if most == PAGES:
            raise ForgeError(f"{self.host} has more than {plural(PAGES, 'page')} of GET {path}")

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, str | int] | None = None,
        values: Mapping[str, object] | None = None,
    ) -> tuple[Any, Mapping[str, str]]:
        """One call, tried again where that is sound; gives the answer and its headers."""
        is_safe = method != "POST"
        for count in range(1, self._tries + 1):
            is_last = count == self._tries
            try:
                status, headers, raw = self._in_time(method, path, params, values)
            except httpx.HTTPError as error:
                # A connection that was never made carried nothing.
                is_unsent = isinstance(error, (httpx.ConnectError, httpx.ConnectTimeout))
                if is_last or not (is_safe or is_unsent):
                    raise self._broken(method, path, error, is_safe=is_safe or is_unsent) from None
                self.sleep(PAUSE * 2 ** (count - 1))
                continue
            except (httpx.InvalidURL, UnicodeError) as error:
                raise ForgeError(
                    f'"{printable(self.api)}" is no address: {printable(str(error))}',
                    advice="correct [forge] in the plan, or the remote's URL; then run the command again",
                ) from None
            wait = limit(status, headers)
            if wait is not None and (self.is_looking or not is_last):
                self._wait_for_limit(wait)
            elif status >= 500 and not is_safe:
                raise UnsureError(f"{self.host} answered {method} {path} with {status}", advice=AGAIN)
            elif status >= 500 and not is_last:
                self.sleep(PAUSE * 2 ** (count - 1))
            else:
                return self._answer(method, path, status, raw), headers
        raise AssertionError("the last try returns or raises")

    def _in_time(
        self, method: str, path: str, params: Mapping[str, str | int] | None, values: Mapping[str, object] | None
    ) -> tuple[int, Mapping[str, str], bytes]:
        left = LOOKING_SECONDS - (time.monotonic() - self._began) if self.is_looking else ANSWER_SECONDS
        try:
            with before_long(max(0.001, left)):
                return self._once(method, path, params, values)
        except TookTooLongError:
            raise httpx.ReadTimeout("no whole answer in time") from None

    def _once(
        self, method: str, path: str, params: Mapping[str, str | int] | None, values: Mapping[str, object] | None
    ) -> tuple[int, Mapping[str, str], bytes]:
        url = path if path.startswith(("https://", "http://")) else self.api + path
        body = None if values is None else json.dumps(values).encode()
        headers = {"Content-Type": "application/json"} if body is not None else {}
        with self._http.stream(method, url, params=params or None, content=body, headers=headers) as answer:
            raw = content(answer)
            if len(raw) > ANSWER_BYTES:
                raise ForgeError(f"{self.host} answered {method} {path} with more than {ANSWER_BYTES >> 20} MB")
            return answer.status_code, answer.headers, raw

    def _answer(self, method: str, path: str, status: int, raw: bytes) -> Any:
        if status == 204 or (200 <= status < 300 and not raw.strip()):
            return None
        try:
            value = json.loads(raw) if is_sparse(raw) else None
        except (ValueError, RecursionError):
            value = None
        if 200 <= status < 300:
            if value is None:
                raise ForgeError(f"{self.host} answered {method} {path} with something that is no JSON", advice=AGAIN)
            return value
        said = shortened(printable(" ".join(words(value).split())), SAID)
        raise self._refusal(method, path, status, said)

    def _refusal(self, method: str, path: str, status: int, said: str) -> AnswerError:
        message = f"{self.host} answered {method} {path} with {status}{f': {said}' if said else ''}"
        error = AnswerError(status, said, message)
        if status in (301, 302, 307, 308):
            error.message = f"{self.host}{path} has moved"
            error.advice = "git remote set-url names the new address; then run the command again"
        elif status == 401:
            error.advice = (
                f"the token for {self.host} is not valid any more: make a new one, then run the command again"
            )
        elif status in (403, 404):
            error.advice = "see that the token may read and write this repository; then run the command again"
        return error

    def _broken(self, method: str, path: str, error: httpx.HTTPError, *, is_safe: bool) -> ForgeError:
        what = shortened(printable(str(error) or type(error).__name__), SAID)
        kind = ForgeError if is_safe else UnsureError
        return kind(f"{self.host} cannot be asked ({method} {path}): {what}", advice=AGAIN)

    def sleep(self, seconds: float) -> None:
        """Let the forge alone for so long."""
        time.sleep(seconds)

    def _wait_for_limit(self, seconds: float) -> None:
        if self.is_looking or seconds > LONGEST_WAIT:
            raise ForgeError(
                f"{self.host} takes no more calls for {long_duration(seconds)}",
                advice="run the command again then: it completes what was begun",
            )
        self.tell(f"{self.host} takes no more calls for {seconds:.0f} s; waiting.")
        self.sleep(seconds)


def content(answer: httpx.Response) -> bytes:
    """What an answer holds, up to just beyond `ANSWER_BYTES`: httpx would unpack any number of layers, each in full.

    Raises `httpx.DecodingError` for what was packed in another way than was asked for.
    """
    packed = answer.headers.get("content-encoding", "identity").strip().lower()
    if packed not in ("identity", "gzip"):
        raise httpx.DecodingError(f"the answer is packed as {packed}")
    unpacking = zlib.decompressobj(zlib.MAX_WBITS | 16) if packed == "gzip" else None  # 16: with the header of gzip.
    parts, room = [], ANSWER_BYTES + 1
    try:
        for raw in answer.iter_raw():
            parts.append(unpacking.decompress(raw, room) if unpacking is not None else raw[:room])
            room -= len(parts[-1])
            if not room:
                break
    except zlib.error as error:
        raise httpx.DecodingError(str(error)) from None
    return b"".join(parts)


def is_sparse(raw: bytes) -> bool:
    """Whether JSON has few enough objects and lists to be read; brackets within its texts do not count."""

    def brackets(text: bytes) -> int:
        return text.count(b"{") + text.count(b"[")

    return brackets(raw) <= ANSWER_PARTS or brackets(STRING.sub(b"", raw)) <= ANSWER_PARTS


def limit(status: int, headers: Mapping[str, str]) -> float | None:
    """The seconds that a forge wants to be left alone, None where it says nothing of the kind.

    GitHub: `retry-after`, or `x-ratelimit-remaining: 0` with `x-ratelimit-reset`; GitLab: `RateLimit-Reset`. Both are
    seconds since 1970 (docs.github.com, "Rate limits for the REST API"; docs.gitlab.com, "Rate limits").
    """
    if status not in (403, 429, 503):
        return None
    after = headers.get("retry-after", "")
    if after.isdecimal():
        return min(float(after), LONGEST_LIMIT)
    spent = headers.get("x-ratelimit-remaining", headers.get("ratelimit-remaining", ""))
    reset = headers.get("x-ratelimit-reset", headers.get("ratelimit-reset", ""))
    if reset.isdecimal() and (spent == "0" or status == 429):
        return min(max(1.0, float(reset) - time.time()), LONGEST_LIMIT)
    return 60.0 if status == 429 else None


def words(value: object) -> str:
    """What a forge says of an error: its message, and what is wrong with each field."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "; ".join(filter(None, map(words, value)))
    if isinstance(value, dict):
        parts = [words(value.get(key)) for key in ("message", "error", "code", "field")]
        parts += [words(value.get("errors"))]
        return "; ".join(dict.fromkeys(filter(None, parts)))
    return ""
