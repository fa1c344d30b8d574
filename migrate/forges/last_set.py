"""What `submit` set last, as it stands in the body of a request, so that every clone knows it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from migrate.templating.markdown import MARKER

SET = re.compile(rf"^{re.escape(MARKER)} set (\{{.*\}}) -->\r?$", re.MULTILINE)


@dataclass(frozen=True)
class LastSet:
    """The title that `submit` gave a request, and whether it made it a draft."""

    title: str
    is_draft: bool
    is_closed: bool = False
    """Whether `undo` closed it, so that it is opened again by the next submit."""
    branch: str = ""
    """The branch, where the forge does not know it because it may not be pushed there."""


def last_set(body: str) -> LastSet | None:
    """What was set last, as a body says; None for one that `submit` never wrote."""
    found = SET.search(body)
    try:
        values = json.loads(found[1]) if found else None
    except (ValueError, RecursionError):
        return None
    if not isinstance(values, Mapping) or not isinstance(values.get("title"), str):
        return None
    branch = values.get("branch")
    return LastSet(
        values["title"],
        values.get("draft") is True,
        values.get("closed") is True,
        branch if isinstance(branch, str) else "",
    )


def set_line(last: LastSet) -> str:
    """The comment that says what is set."""
    more = {**({"closed": True} if last.is_closed else {}), **({"branch": last.branch} if last.branch else {})}
    values = json.dumps({"title": last.title, "draft": last.is_draft, **more}).replace("-", "\\u002d")
    return f"{MARKER} set {values} -->"
