"""The token for a forge, from where the user keeps it: nothing is stored, printed or written to the journal.

A plan comes with a repository and may name any host. So a token that is for no host in particular, as one in the
environment, goes to the host of the remote's own URL alone, or to the public host of its kind; the programs of a forge
and git's credential helpers are asked for the host that the token is sent to.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from urllib.parse import urlsplit

from migrate.errors import ForgeError
from migrate.execution.redaction import hide_value
from migrate.forges.hosts import PUBLIC, Place
from migrate.git.credentials import credential
from migrate.git.process import Git, own_environment
from migrate.git.repository import Repository

VARIABLES: Mapping[str, tuple[str, ...]] = {
    "github": ("GH_TOKEN", "GITHUB_TOKEN"),
    "gitlab": ("GITLAB_TOKEN", "GITLAB_ACCESS_TOKEN"),
    "gitea": ("GITEA_TOKEN",),
    "forgejo": ("FORGEJO_TOKEN", "GITEA_TOKEN"),
}
ENTERPRISE = ("GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN")
"""What gh reads for a server of one's own (gh-environment(1))."""
PROGRAMS: Mapping[str, tuple[str, ...]] = {
    "github": ("gh", "auth", "token", "--hostname"),
    "gitlab": ("glab", "config", "get", "token", "--host"),
}
IN_THE_ENVIRONMENT = frozenset({*chain(*VARIABLES.values()), *ENTERPRISE, "OAUTH_TOKEN"})
"""What these programs answer with for any host, where it is set."""
SECONDS = 10.0
"""Seconds that such a program has: it reads a file or a key ring."""


@dataclass(frozen=True)
class Token:
    """A secret, and the name of the user where only both together are one. It never shows itself."""

    secret: str
    user: str = ""

    def __repr__(self) -> str:
        return "Token(***)"


def token_for(repository: Repository, place: Place, *, is_looking: bool = False) -> Token:
    """The token for a place, hidden from then on in everything that is printed.

    What only looks (`is_looking`) starts no program that the repository's own configuration names.

    Raises `ForgeError` when there is none: the message says where it was looked for.
    """
    found = (
        from_environment(place)
        or from_program(place)
        or from_git(Git(Path("/")) if is_looking else repository.git, place)
    )
    if found is not None:
        hide_value(found.secret)
        if not is_sendable(found.secret):
            raise ForgeError(
                f"the token for {place.host} is none: it has spaces, or characters that no token has",
                advice=f"set {variables(place)[0]} to the token alone, then run the command again",
            )
        return found
    host, program = place.host, PROGRAMS.get(place.kind)
    variable = variables(place)[0]
    login = f"{program[0]} auth login --hostname {host}, or " if program else ""
    elsewhere = "" if place.is_from_remote else " (the plan names another host than the remote, so none of those count)"
    raise ForgeError(
        f"there is no token for {host}: not in {' or '.join(variables(place))}{elsewhere}"
        f"{f', not from {program[0]}' if program else ''}, not from git credential",
        advice=f"{login}{variable}=… in the environment; then run the command again",
    )


def variables(place: Place) -> tuple[str, ...]:
    """The variables that hold a token for a place."""
    is_own = place.kind == "github" and place.host != PUBLIC["github"] and not place.host.endswith(".ghe.com")
    return ENTERPRISE if is_own else VARIABLES[place.kind]


def is_sendable(secret: str) -> bool:
    """Whether a text can be a token. Another one would end, or break, the header that it is sent in."""
    return bool(secret) and secret.isascii() and secret.isprintable() and " " not in secret


def from_environment(place: Place) -> Token | None:
    """A token in the environment, where it is meant for this host."""
    if not (place.is_from_remote or place.host == PUBLIC[place.kind]):
        return None
    value = next((value for name in variables(place) if (value := os.environ.get(name, "").strip())), None)
    return Token(value) if value else None


def from_program(place: Place) -> Token | None:
    """A token that the forge's own program keeps for this host."""
    words = PROGRAMS.get(place.kind)
    if words is None or shutil.which(words[0]) is None:
        return None
    with suppress(OSError, subprocess.SubprocessError):
        done = subprocess.run(
            [*words, urlsplit(place.trusted).hostname or ""],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
            cwd="/",
            env={name: value for name, value in own_environment().items() if name not in IN_THE_ENVIRONMENT},
        )
        value = done.stdout.strip()
        if done.returncode == 0 and is_sendable(value):
            return Token(value)
    return None


def from_git(git: Git, place: Place) -> Token | None:
    """What git itself would use for the repository."""
    found = credential(git, f"{place.trusted}/{place.project}" if place.trusted == place.root else place.api)
    return Token(found.password, found.user) if found is not None else None
