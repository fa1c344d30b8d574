"""A remote's URL → the forge that serves it: the one table that knows hosts. The credentials of a URL stay here."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple
from urllib.parse import urlsplit

from migrate.errors import RefusedError
from migrate.plan.forge_table import LOOPBACK, ForgeTable
from migrate.text import printable

SCP_FORM = re.compile(r"(?:[^/:@]+@)?([^/:@]+):(?!//)(.+)")
"""`[user@]host:path` (git-clone(1), "GIT URLS")."""
HOST = re.compile(r"[\w.-]+(?::[0-9]+)?")
"""A host that an address can name, with a port; what git takes for one may be anything."""
PROJECT = re.compile(r"[A-Za-z0-9_.-]+(?:/[A-Za-z0-9_.-]+)+")


class Kind(NamedTuple):
    """One kind of forge: which hosts are one, where its API is below its address, and how its pages are named."""

    hosts: str
    """A regular expression for the whole name of a host, without its port."""
    api: str
    branches: str
    infix: str = "/"
    """What stands between the repository's page and the kind of page."""
    parts: int | None = 2
    """How many names lead to a repository; None for any number from two."""
    sign: str = "#"
    """What stands before the number of a request in a text."""


def named(word: str) -> str:
    """Hosts with a word as one part of their name: `github.com`, `code.gitlab.example.org`."""
    return rf"(?:[a-z0-9-]+\.)*(?:{word})(?:\.[a-z0-9-]+)+"


KINDS: Mapping[str, Kind] = {
    "github": Kind(named("github") + r"|[a-z0-9-]+\.ghe\.com", "/api/v3", "tree"),
    "gitlab": Kind(named("gitlab"), "/api/v4", "tree", "/-/", None, "!"),
    "gitea": Kind(named("gitea"), "/api/v1", "src/branch"),
    "forgejo": Kind(named("forgejo") + r"|codeberg\.org", "/api/v1", "src/branch"),
}
ALIASES = {"ssh.github.com": "github.com", "altssh.gitlab.com": "gitlab.com"}
"""Hosts that serve ssh on port 443."""
APIS = {"github.com": "https://api.github.com"}
"""Hosts whose API has a host of its own; so has every `NAME.ghe.com`."""
PUBLIC = {"github": "github.com", "gitlab": "gitlab.com", "gitea": "gitea.com", "forgejo": "codeberg.org"}
"""The host that a token in the environment is meant for when nothing names another one."""


@dataclass(frozen=True)
class Place:
    """One repository on one forge."""

    kind: str
    root: str
    """The address of the forge, such as `https://github.com`."""
    project: str
    """`owner/name`, on GitLab with any number of groups before the name."""
    api: str
    """The address of its API."""
    is_from_remote: bool = True
    """Whether the remote's own URL names the host of the API, rather than a plan that came with a repository."""
    remote: str = "origin"
    """The name of the remote here to which branches are pushed."""
    fork: str = ""
    """The project to which branches are pushed, where that is another one."""

    @property
    def web(self) -> str:
        """The repository's own page."""
        return f"{self.root}/{self.project}"

    @property
    def is_secret(self) -> bool:
        """Whether nobody on the way reads what is sent there, a token above all."""
        parts = urlsplit(self.api)
        return parts.scheme == "https" or parts.hostname in LOOPBACK

    @property
    def sign(self) -> str:
        """What stands before the number of a request in a text: `#` or `!`."""
        return KINDS[self.kind].sign

    @property
    def host(self) -> str:
        """The host whose secrets may go to the API, with its port where it has one of its own."""
        return urlsplit(self.trusted).netloc

    @property
    def trusted(self) -> str:
        """The address whose secrets may go to the API: the forge's, unless the API is served by a host of its own."""
        if self.api in (api_of(self.kind, self.root), self.root + KINDS[self.kind].api):
            return self.root
        return next((f"https://{host}" for host, api in APIS.items() if api == self.api), self.api)


def place_of(remote_url: str | None, table: ForgeTable | None = None) -> Place | None:
    """Where a remote's repository is; None when it is on no forge that is known.

    `table` says what the URL does not tell: the kind of a host of one's own, the host behind an SSH alias.
    """
    table = table or ForgeTable()
    found = split(remote_url.strip()) if remote_url else None
    if found is None or HOST.fullmatch(found[1]) is None:
        return None
    scheme, host, path = found
    if host in PUBLIC.values():
        scheme = "https"  # What the host answers to the other one is a redirect, and the token would have gone before.
    root = table.url.rstrip("/") or f"{scheme}://{host}"
    kind = table.kind or kind_of(urlsplit(root).hostname or "")
    below = urlsplit(root).path.strip("/")
    path = path.strip("/").removesuffix(".git").removeprefix(f"{below}/" if below else "")
    if kind not in KINDS or PROJECT.fullmatch(path) is None or {".", ".."} & set(path.split("/")):
        return None
    if KINDS[kind].parts not in (None, path.count("/") + 1):
        return None
    api = table.api_url.rstrip("/") or api_of(kind, root)
    own = {urlsplit(f"{scheme}://{host}").hostname}
    own |= {urlsplit(value).hostname for value in APIS.values()} if own & APIS.keys() else set()
    own |= {f"api.{name}" for name in own if name and name.endswith(".ghe.com")}
    return Place(kind, root, path, api, is_from_remote=urlsplit(api).hostname in own)


def expected_place(remote: str, remote_url: str | None, table: ForgeTable) -> Place:
    """The same. Raises `RefusedError` when it is on no forge that is known."""
    place = place_of(remote_url, table)
    if place is not None and not place.is_secret:
        raise RefusedError(
            f'"{remote}" is reached by plain http, and a token would be readable on the way',
            advice=f"git remote set-url {remote} https://… , or name an address with https in the plan: [forge] url",
        )
    if place is not None:
        return replace(place, remote=remote)
    if not remote_url:
        raise RefusedError(f'there is no remote "{remote}"', advice=f"git remote add {remote} URL")
    known = ", ".join(f'"{kind}"' for kind in KINDS)
    raise RefusedError(
        f'"{remote}" is not on a forge that migrate knows by its host',
        advice=f"say which kind it is in the plan: [forge] kind = one of {known}, and its url for an SSH alias; "
        "or push by migrate sync and open requests by hand: migrate pr --all --out pull-requests writes their texts",
    )


def kind_of(host: str) -> str:
    """The kind of forge that a host is by its name, or nothing."""
    return next((name for name, kind in KINDS.items() if re.fullmatch(kind.hosts, host)), "")


def api_of(kind: str, root: str) -> str:
    """The address of a forge's API."""
    host = urlsplit(root).hostname or ""
    if host.endswith(".ghe.com"):
        return f"https://api.{host}"
    return APIS.get(host, root + KINDS[kind].api)


def split(url: str) -> tuple[str, str, str] | None:
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
    """The host that shows pages."""
    return printable(ALIASES.get(host.lower(), host.lower()))
