"""Where the requests of a repository are: on the remote of the plan, or where the user says that it is a fork of."""

from __future__ import annotations

from dataclasses import replace

from migrate.errors import RefusedError
from migrate.forges.hosts import Place, expected_place, place_of
from migrate.git.repository import Repository
from migrate.plan.forge_table import ForgeTable

SETTING = "migrate.requestsRemote"
"""In git's configuration the remote that requests are for, where branches are pushed to a fork of it.

The plan cannot say it: others share it, and push elsewhere.
"""


def request_place(repository: Repository, remote: str, table: ForgeTable) -> Place | None:
    """Where requests are, None where that is on no forge that is known."""
    there = repository.config(SETTING) or remote
    place = place_of(url_of(repository, there), table)
    own = place_of(url_of(repository, remote), table) if there != remote else place
    if place is None or own is None or not place.is_secret or own.root != place.root:
        return None
    return replace(place, remote=remote, fork=own.project if own.project != place.project else "")


def expected_request_place(repository: Repository, remote: str, table: ForgeTable) -> Place:
    """The same. Raises `RefusedError` for such a place."""
    place = request_place(repository, remote, table)
    if place is not None:
        return place
    there = repository.config(SETTING) or remote
    for each in (there, remote):
        expected_place(each, url_of(repository, each), table)
    raise RefusedError(
        f'"{remote}" and "{there}" are not on the same forge', advice=f"git config --unset {SETTING}, or set it right"
    )


def url_of(repository: Repository, remote: str) -> str | None:
    """The URL of a remote."""
    return repository.config(f"remote.{remote}.url")
