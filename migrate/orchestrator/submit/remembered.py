"""What the journal says of a submit: enough to change it back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from migrate.forges.base import Action, Add, Edit, Link, Open, Post, Rewrite, Say


def remembered(actions: Sequence[Action]) -> tuple[Mapping[str, object], ...]:
    """What the journal says of actions: enough to change them back. A new text is known by its digest."""
    found: list[Mapping[str, object]] = []
    for action in actions:
        match action:
            case Open():
                found.append({"did": "open", "branch": action.branch})
            case Edit():
                changes = {
                    key: {"old": change.old, "new": digest(change.new)} for key, change in action.changes.items()
                }
                found.append({"did": "edit", "branch": action.request.branch, "changes": changes})
            case Say() | Rewrite():
                found.append({"did": "say", "branch": action.branch})
            case Add():
                found.append({"did": "add", "branch": action.branch})
            case Post():
                found.append({"did": "post", "branch": action.branch})
            case Link():
                found.append({"did": "link", "branch": action.branch})
            case _:
                pass
    return tuple(found)


def digest(text: str) -> str:
    """What a text is known by: without the line ends and the edges that forges change."""
    return hashlib.sha256(text.replace("\r\n", "\n").strip().encode("utf-8", "surrogateescape")).hexdigest()[:16]
