"""A remote's URL → addresses of pages on its forge, and never the credentials that the URL may hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from migrate.git.objects import CommitId

SCP_FORM = re.compile(r"(?:[^/:@]+@)?([^/:@]+):(?!//)(.+)")
"""`[user@]host:path` (git-clone(1), "GIT URLS")."""

HOST = re.compile(r"(?:[a-z0-9-]+\.)*(github|gitlab)(?:\.[a-z0-9-]+)+(?::\d+)?")
"""`github.com`, `gitlab.example.org:8443`, `code.gitlab.example.org`."""

PROJECT = re.compile(r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+")
ALIASES = {"ssh.github.com": "github.com", "altssh.gitlab.com": "gitlab.com"}
"""Hosts that serve ssh on port 443."""


@dataclass(frozen=True)
class Links:
    """Addresses of pages of one repository on GitHub or GitLab; each is None for any other remote."""

    web: str | None = None
    """The repository's own page."""
    infix: str = "/"
    """What stands between the repository's page and the kind of page: GitLab has `/-/`."""

    def branch(self, name: str) -> str | None:
        """The files of a branch."""
        return self._page("tree", quote(name))

    def compare(self, base: str, branch: str) -> str | None:
        """The comparison of a branch with the one below it."""
        return self._page("compare", f"{quote(base)}...{quote(branch)}")

    def commit(self, oid: CommitId) -> str | None:
        """One commit."""
        return self._page("commit", quote(oid))

    def _page(self, kind: str, rest: str) -> str | None:
        return None if self.web is None else f"{self.web}{self.infix}{kind}/{rest}"


def links_of(remote_url: str | None) -> Links:
    """The pages of the repository that a remote names; none unless it is on a GitHub or GitLab."""
    found = forge_place(remote_url.strip()) if remote_url else None
    if found is None:
        return Links()
    scheme, host, path = found
    forge = HOST.fullmatch(host)
    path = path.strip("/").removesuffix(".git")
    if forge is None or PROJECT.fullmatch(path) is None or {".", ".."} & set(path.split("/")):
        return Links()
    if forge[1] == "github" and path.count("/") != 1:
        return Links()
    return Links(f"{scheme}://{host}/{path}", "/" if forge[1] == "github" else "/-/")


def forge_place(url: str) -> tuple[str, str, str] | None:
    """Scheme, host (with its port for the web) and path of a remote's URL, or None for a local one."""
    if "://" not in url:
        scp = SCP_FORM.fullmatch(url)
        return None if scp is None else ("https", web_host(scp[1]), scp[2])
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if host is None or parts.query or parts.fragment:
        return None
    if parts.scheme in ("http", "https"):
        return parts.scheme, web_host(host) + (f":{port}" if port else ""), parts.path
    if parts.scheme in ("ssh", "git+ssh", "git"):
        return "https", web_host(host), parts.path
    return None


def web_host(host: str) -> str:
    """The host that serves the web pages of a remote's host."""
    return ALIASES.get(host.lower(), host.lower())
