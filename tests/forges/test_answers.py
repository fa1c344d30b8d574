"""What is read of an answer is sound, whatever a forge sends."""

from __future__ import annotations

import json

import pytest

from migrate.errors import ForgeError
from migrate.forges import gitea
from migrate.forges.answers import body, text
from migrate.forges.base import Call, Change, DeleteBranch
from migrate.forges.client import Client
from migrate.forges.github import GitHub
from migrate.forges.hosts import Place, place_of


def test_a_text_can_be_written_to_a_file() -> None:
    value = json.loads('{"body": "half a \\ud83d of a pair\\u0000"}')
    assert text(value, "body") == "half a ? of a pair"
    assert body(value, "body").encode() == b"half a ? of a pair"


@pytest.mark.parametrize("api", ["https://a\x01b/api", "https://host:port/api", "https://xn--a/api"])
def test_an_address_that_is_none_is_an_error_that_says_so(api: str) -> None:
    with pytest.raises(ForgeError, match="is no address") as refused:
        Client(api, {}).get("/user")
    assert refused.value.message.isprintable()


@pytest.mark.parametrize("name", ["add", "stacks", "merge-async"])
def test_a_branch_may_be_named_as_a_call_is(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = []
    monkeypatch.setattr(Client, "request", lambda _, *call, **more: (sent.append((*call, more)), {}))
    forge = GitHub(Place("github", "https://github.com", "a/b", "https://api.github.com"), Client("https://x", {}))
    (call,) = forge.render(DeleteBranch(f"tidy/{name}"))
    assert isinstance(call, Call)
    forge.send(call)
    assert sent == [("DELETE", f"/repos/a/b/git/refs/heads/tidy/{name}", {"values": None})]


@pytest.mark.parametrize(
    ("version", "sent"), [(0, 0), (7, 7), ("9" * 6000, None), ("7", None), (True, None), (-1, None), (1e300, None)]
)
def test_the_version_of_a_body_is_sent_back_where_it_is_one(version: object, sent: int | None) -> None:
    request = gitea.read({"number": 1, "title": "t", "content_version": version}, "b")
    assert gitea.edited(request, {"body": Change("old", "new")}).get("content_version") == sent


@pytest.mark.parametrize("answer", [None, 5, "text", {"message": "x"}])
def test_comments_that_are_no_list_are_an_error_that_says_so(answer: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Client, "request", lambda *_, **__: (answer, {}))
    place = place_of("https://gitea.com/a/b")
    assert place is not None
    forge = gitea.Gitea(place, Client(place.api, {}), lambda *_: "")
    with pytest.raises(ForgeError, match="no list to GET /repos/a/b/issues/1/comments"):
        forge.comments(gitea.read({"number": 1}, "b"))
