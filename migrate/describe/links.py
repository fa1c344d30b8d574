"""A remote's URL → addresses of pages on its forge, and never the credentials that the URL may hold."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from migrate.forges.hosts import KINDS, place_of
from migrate.git.objects import CommitId
from migrate.plan.forge_table import ForgeTable


@dataclass(frozen=True)
class Links:
    """Addresses of pages of one repository on a forge; each is None for any other remote."""

    web: str | None = None
    """The repository's own page."""
    infix: str = "/"
    """What stands between the repository's page and the kind of page: GitLab has `/-/`."""
    branches: str = "tree"
    """The kind of page that shows a branch: Gitea and Forgejo have `src/branch`."""

    def branch(self, name: str) -> str | None:
        """The files of a branch."""
        return self._page(self.branches, quote(name))

    def compare(self, base: str, branch: str) -> str | None:
        """The comparison of a branch with the one below it."""
        return self._page("compare", f"{quote(base)}...{quote(branch)}")

    def commit(self, oid: CommitId) -> str | None:
        """One commit."""
        return self._page("commit", quote(oid))

    def _page(self, kind: str, rest: str) -> str | None:
        return None if self.web is None else f"{self.web}{self.infix}{kind}/{rest}"


def links_of(remote_url: str | None, table: ForgeTable | None = None) -> Links:
    """The pages of the repository that a remote names; none unless it is on a forge that is known.

    `table` is what a plan says of that forge.
    """
    place = place_of(remote_url, table)
    if place is None:
        return Links()
    kind = KINDS[place.kind]
    return Links(place.web, kind.infix, kind.branches)
