"""What a clone does not know, being shallow, fetching few branches, or doubting a landing: words and refusals."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from migrate.errors import RefusedError
from migrate.stack.model import Stack


def unshallow(remote: str) -> str:
    """What to type so that a shallow clone has all of its history: with two remotes git has to be told which."""
    return f"git fetch --unshallow {shlex.quote(remote)}"


def missing_history(remote: str) -> str:
    """What to type where a command needs history that is not here."""
    return f"{unshallow(remote)} brings it; then run the command again"


def shallow(remote: str) -> str:
    """What to say of a shallow clone."""
    return f"this clone is shallow: it does not show what happened before its first commit   ({unshallow(remote)})"


def unseen_words(stack: Stack) -> Iterator[str]:
    """A sentence for each kind of what is not seen, with what to type."""
    if stack.is_shallow:
        yield shallow(stack.plan.remote)
    if stack.is_unfetched:
        yield f"this clone fetches no phase branches: it does not show what only {stack.plan.remote} has"
        yield f"     ({command_that_fetches(stack)})"


def command_that_fetches(stack: Stack) -> str:
    """What to type so that a clone of one branch has those of phases, and fetches them from then on."""
    remote = stack.plan.remote
    fetch = unshallow(remote) if stack.is_shallow else f"git fetch {shlex.quote(remote)}"
    return f"git remote set-branches --add {shlex.quote(remote)} {shlex.quote(stack.plan.branch('*'))} && {fetch}"


def check_fetched(stack: Stack) -> None:
    """Raise `RefusedError` where the remote may have what is about to be made: a clone of one branch cannot know."""
    if stack.may_have_been_made:
        raise RefusedError(
            f"this clone fetches no phase branches, so {stack.plan.remote} may already have what would be made here",
            advice=f"{command_that_fetches(stack)}; then run the command again",
        )


def unseen_json(stack: Stack) -> dict[str, object]:
    """The same for programs."""
    return {"shallow": stack.is_shallow, "unfetched": stack.is_unfetched}


def no_phase(stack: Stack) -> RefusedError:
    """The error where no phase has a branch."""
    if stack.is_shallow:
        return RefusedError(
            "no phase has a branch here, and this clone is shallow", advice=missing_history(stack.plan.remote)
        )
    return RefusedError("no phase has a branch yet", advice="migrate next makes the first one")


def check_seen(stack: Stack) -> None:
    """Raise `RefusedError` where what is done next depends on history that a shallow clone does not have."""
    if stack.is_shallow:
        raise RefusedError(
            "this clone is shallow, and the next step depends on what landed before its first commit",
            advice=missing_history(stack.plan.remote),
        )


def check_told(stack: Stack) -> None:
    """Raise `RefusedError` while somebody says that a phase landed and no file shows it: it must not run on itself."""
    if stack.doubted:
        raise RefusedError(
            f"{stack.doubted[0]} may have landed: a ref says so, but the files do not show it",
            advice="migrate land checks",
        )
