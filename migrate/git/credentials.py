"""What git knows of a user's name and password for an address, by the helpers that the user chose."""

from __future__ import annotations

from typing import NamedTuple

from migrate.git.process import Git

SILENT = {"GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": ""}
"""What keeps git from asking a person (`git_prompt` in its prompt.c)."""


class Credential(NamedTuple):
    """A name and a password."""

    user: str
    password: str


def credential(git: Git, url: str) -> Credential | None:
    """What git's credential helpers have for an address; None where they have nothing. Nobody is asked.

    A line feed would begin another attribute (git-credential(1)), so an address with one has nothing.
    """
    if "\n" in url or "\0" in url:
        return None
    said = git.run("credential", "fill", stdin=f"url={url}\n\n".encode(), accept=(0, 1, 128), env=SILENT)
    found = dict(line.partition("=")[::2] for line in said.text.split("\n"))
    if said.code != 0 or not found.get("password"):
        return None
    return Credential(found.get("username", ""), found["password"])
