"""`undo` of a submit: requests that it opened are closed, and what it changed goes back, where nobody changed it since.

What it will do is written to the journal when the branches are pushed and before it is done, so that a submit that was
killed then can be taken back as well; what the forge has tells how far it came. A base that had to change before the
push, of a submit that was killed before its end, is known to nobody: the next submit says what it is to be.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from migrate.describe.request_body import with_closed
from migrate.forges.base import Action, Call, Change, Edit, PullRequest
from migrate.forges.hosts import Place
from migrate.forges.last_set import last_set
from migrate.forges.registry import open_forge
from migrate.git.refs import exactly
from migrate.journal.record import Operation, record
from migrate.orchestrator.submit.overview import forget
from migrate.orchestrator.submit.perform import perform, rendered
from migrate.orchestrator.submit.proposal import place_of_project
from migrate.orchestrator.submit.remembered import digest
from migrate.orchestrator.transition import transition
from migrate.stack.entries import EntryKind, JournalEntry
from migrate.stack.own_journal import OwnJournal
from migrate.stack.project import Project

STAYS = {
    "say": "the comments stay",
    "add": "labels, reviewers, assignees and milestones stay",
    "post": "commit statuses stay",
    "link": "the stack of the forge's own stays",
}
"""What no undo takes back, by what was done."""


@dataclass(frozen=True)
class TakeBack:
    """What an undo of a submit will do; `kept` are sentences on what it does not."""

    place: Place
    entry: JournalEntry
    actions: tuple[Action, ...]
    calls: tuple[tuple[Action, Call], ...]
    kept: tuple[str, ...]


def last_submit(project: Project) -> JournalEntry | None:
    """The submit that `undo` would take back: the last thing that was done in this clone, if it is one."""
    names = project.names
    tip = exactly(project.repository, names.journal).get(names.journal)
    undone = set()
    for entry in OwnJournal(project.repository, names, tip):
        if entry.kind is EntryKind.UNDO and entry.requests:
            undone.add(entry.of)
        elif entry.kind is EntryKind.SUBMIT and entry.invocation not in undone:
            return entry
        elif entry.kind not in (EntryKind.SYNC, EntryKind.SUBMIT):
            return None
    return None


def take_back_submit(
    project: Project, entry: JournalEntry, agree: Callable[[TakeBack], bool], told: Callable[[str], None]
) -> TakeBack | None:
    """Change back on the forge what a submit changed; None when `agree` said no. Nothing is pushed or deleted."""
    place = place_of_project(project)
    with transition(project, "migrate undo"), open_forge(project.repository, place, told) as forge:
        branches = {str(row.get("branch")) for row in entry.requests}
        remote = frozenset(there(project))

        def decided() -> tuple[tuple[Action, ...], tuple[str, ...]]:
            return reversed_actions(entry.requests, forge.requests(branches), remote, forge.sign)

        actions, kept = decided()
        proposal = TakeBack(place, entry, actions, tuple(rendered(forge, actions)), kept)
        if not agree(proposal):
            return None
        forget(project)
        perform(forge, lambda: decided()[0], actions)
        operation = Operation(
            f"undo: {entry.title}", (), EntryKind.UNDO, of=entry.invocation, requests=({"did": "undo"},)
        )
        record(project.look(), operation)
        return proposal


def there(project: Project) -> list[str]:
    """The branches that the remote had when it was last fetched."""
    folder = f"refs/remotes/{project.plan.remote}/"
    listed = project.repository.git.text("for-each-ref", "--format=%(refname)", folder)
    return [ref.removeprefix(folder) for ref in listed.split("\n") if ref]


def reversed_actions(
    rows: Sequence[Mapping[str, object]], requests: Mapping[str, PullRequest], remote: Collection[str], sign: str
) -> tuple[tuple[Action, ...], tuple[str, ...]]:
    """What changes back what some rows of the journal tell, highest first, and what stays: a pure function."""
    actions: list[Action] = []
    kept: list[str] = []
    for row in reversed(rows):
        request = requests.get(str(row.get("branch")))
        did = str(row.get("did"))
        if did in STAYS:
            kept.append(STAYS[did])
        elif request is None or not request.is_open:
            continue  # It was never opened, or is closed by now.
        elif did == "open" and last_set(request.body) is None:
            kept.append(f"{sign}{request.number} stays open: submit did not open it")
        elif did == "open":
            actions.append(closed(request))
        elif did == "edit":
            changes, own = changes_back(row, request, remote)
            kept += [f"{sign}{request.number}: {words}" for words in own]
            actions += [Edit(request, changes)] if changes else []
    return tuple(actions), tuple(dict.fromkeys(kept))


def closed(request: PullRequest) -> Edit:
    """What closes a request; its body says by whom, so that the next submit opens it again."""
    changes = {"state": Change("open", "closed")}
    body = with_closed(request.body)
    if body != request.body:
        changes["body"] = Change(request.body, body)
    return Edit(request, changes)


def changes_back(
    row: Mapping[str, object], request: PullRequest, remote: Collection[str]
) -> tuple[dict[str, Change], list[str]]:
    """What of one edit goes back, and why the rest does not."""
    present = {
        "title": request.title,
        "body": request.body,
        "base": request.base,
        "draft": "yes" if request.is_draft else "no",
        "state": str(request.state),
    }
    changes: dict[str, Change] = {}
    kept = []
    values = row.get("changes")
    for key, value in values.items() if isinstance(values, Mapping) else ():
        old, new = (str(value.get(each, "")) if isinstance(value, Mapping) else "" for each in ("old", "new"))
        if key not in present or present[key] == old:
            continue
        if digest(present[key]) != new:
            kept.append(f"its {key} was changed since, and stays")
        elif key == "base" and old not in remote:
            kept.append(f"its base stays: {old} is not there any more")
        else:
            changes[key] = Change(present[key], old)
    return changes, kept
