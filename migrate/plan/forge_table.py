"""The table `[forge]` of a plan: where its pull requests are, and what each of them is given."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from migrate.plan.toml_tables import Tables
from migrate.text import did_you_mean, printable

FORGE_KEYS = ("kind", "url", "api_url", "labels", "reviewers", "assignees", "milestone", "merge", "draft", "codeowners")
KINDS = ("github", "gitlab", "gitea", "forgejo")
METHODS = ("merge", "squash", "rebase")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True)
class ForgeTable:
    """What a plan says of its forge; a text is empty where it says nothing."""

    kind: str = ""
    url: str = ""
    api_url: str = ""
    labels: tuple[str, ...] = ()
    reviewers: tuple[str, ...] = ()
    assignees: tuple[str, ...] = ()
    milestone: str = ""
    merge: str = "squash"
    """How `submit --land` merges."""
    draft: bool = True
    """Whether a request is a draft while its phase has not passed."""
    codeowners: bool = True
    """Whether those who own the files of a phase are asked to review it."""
    is_given: bool = False
    """Whether the plan has the table."""


class ForgeTableReader(Tables):
    """Reads it."""

    def forge(self) -> ForgeTable:
        """The table, or what holds without one."""
        table = self.document.get("forge")
        if table is None:
            return ForgeTable()
        if not isinstance(table, dict):
            self.fail("write [forge] as a table", "forge")
        self._known("forge", 0, table, FORGE_KEYS)
        where = ("forge", 0, table)
        merge = self._text(*where, "merge") or "squash"
        self._check_among("merge", merge, METHODS)
        kind = self._text(*where, "kind") or ""
        self._check_among("kind", kind, ("", *KINDS))
        for key in ("url", "api_url"):
            self._check_address(key, self._text(*where, key) or "")
        return ForgeTable(
            kind=kind,
            url=self._text(*where, "url") or "",
            api_url=self._text(*where, "api_url") or "",
            labels=self._strings(*where, "labels") or (),
            reviewers=self._strings(*where, "reviewers") or (),
            assignees=self._strings(*where, "assignees") or (),
            milestone=self._text(*where, "milestone") or "",
            merge=merge,
            draft=self._flag(*where, "draft") if "draft" in table else True,
            codeowners=self._flag(*where, "codeowners") if "codeowners" in table else True,
            is_given=True,
        )

    def _check_among(self, key: str, value: str, known: tuple[str, ...]) -> None:
        if value not in known:
            one_of = ", ".join(f'"{each}"' for each in known if each)
            near = did_you_mean(value, known)
            self.fail(f'{key} is one of {one_of}, not "{printable(value)}"{near}', "forge", 0, key)

    def _check_address(self, key: str, value: str) -> None:
        """A token goes there: nobody on the way may read it."""
        if not value:
            return
        try:
            parts = urlsplit(value)
            host = parts.hostname
        except ValueError:
            host = None
        is_plain = host is None or parts.username or parts.password or parts.query or parts.fragment
        if is_plain or not (parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK)):
            self.fail(f"{key} must be an address that begins with https:// and names a host alone", "forge", 0, key)
