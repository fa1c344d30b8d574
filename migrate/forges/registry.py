"""Which module speaks with which kind of forge. A module, and HTTP with it, is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from migrate.forges.base import Forge
from migrate.forges.hosts import Place
from migrate.forges.tokens import Token, token_for
from migrate.git.objects import CommitId
from migrate.git.push import push_for_review
from migrate.git.repository import Repository

if TYPE_CHECKING:
    from migrate.forges.client import Client


@contextmanager
def open_forge(
    repository: Repository, place: Place, tell: Callable[[str], None], *, is_looking: bool = False
) -> Iterator[Forge]:
    """The forge at a place; `tell` is told of waits. Raises `ForgeError` where there is no token for it.

    What only looks (`is_looking`) starts no program that the repository names, and waits for nothing.
    """

    def push(commit: CommitId, ref: str, options: Mapping[str, str]) -> str:
        return push_for_review(repository, place.remote, commit, ref, options)

    token = token_for(repository, place, is_looking=is_looking)
    forge, client = connect(place, token, tell, push, is_looking=is_looking)
    try:
        yield forge
    finally:
        client.close()


def connect(
    place: Place,
    token: Token,
    tell: Callable[[str], None],
    push: Callable[[CommitId, str, Mapping[str, str]], str],
    *,
    is_looking: bool = False,
) -> tuple[Forge, Client]:
    """The same, with the client that it speaks through."""
    from migrate.forges.client import Client

    match place.kind:
        case "github":
            from migrate.forges import github

            client = Client(place.api, github.headers(token), tell, is_looking)
            return github.GitHub(place, client), client
        case "gitlab":
            from migrate.forges import gitlab

            client = Client(place.api, gitlab.headers(token), tell, is_looking)
            return gitlab.GitLab(place, client), client
        case _:
            from migrate.forges import gitea

            client = Client(place.api, gitea.headers(token), tell, is_looking)
            return gitea.Gitea(place, client, push), client
