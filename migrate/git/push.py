"""Pushing refs of which each must still have, on the remote, the value that was seen there.

`git push` asks the user's pre-push hook. After `send-pack` and `transport_push` in git: with
`--porcelain` one line a ref says what became of it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from migrate.errors import RefusedError, RepositoryError
from migrate.git.objects import CommitId
from migrate.git.process import Result
from migrate.git.repository import Repository
from migrate.text import printable, printable_lines

OPTIONS = ("--porcelain", "--no-follow-tags", "--no-recurse-submodules")
"""The user's settings must not push anything else."""

RACES = ("stale info", "fetch first", "failed to update ref", "cannot lock ref", "reference already exists")
"""git's messages about a ref that somebody else moved before or during the push."""

LOCKED = re.compile(r"nable to create (?:file )?'?(.+?)'?: File exists")
"""git's messages about a lock file of another git."""

CONSEQUENCES = ("atomic push failed", "atomic push failure", "atomic transaction failed")
"""git's messages about the other refs in that case."""


@dataclass(frozen=True)
class RefPush:
    """One ref goes from `old`, which the remote must still have, to `new`; None means that it is not there."""

    ref: str
    old: CommitId | None
    new: CommitId | None


@dataclass(frozen=True)
class PushAnswer:
    """What the remote said: why each of some refs was not taken, and the words of its hooks."""

    rejected: Mapping[str, str] = field(default_factory=dict)
    output: str = ""

    @property
    def causes(self) -> dict[str, str]:
        """The refs that were refused for a reason of their own, or that the remote speaks of, where there are such."""
        own = {ref: why for ref, why in self.rejected.items() if not any(word in why for word in CONSEQUENCES)}
        named = {ref: why for ref, why in self.rejected.items() if f"'{ref}'" in self.output}
        return own or named or dict(self.rejected)

    @property
    def locks(self) -> list[str]:
        """The lock files on the remote that stand in the way: a git that was killed there leaves them for ever."""
        output = "\n".join((*self.rejected.values(), self.output))
        return list(dict.fromkeys(os.path.normpath(found) for found in LOCKED.findall(output)))

    @property
    def is_race(self) -> bool:
        """Whether somebody else moved a ref first."""
        return not self.locks and any(word in why for why in (*self.causes.values(), self.output) for word in RACES)


class NotAtomicError(RepositoryError):
    """The remote cannot take several refs at once or none: nothing was pushed."""

    code = "not-atomic"


@dataclass(frozen=True)
class Folder:
    """The refs below a folder, which go to the remote under the names that they have here, but for `besides`.

    One refspec stands for all of those that the remote lacks: git holds each of many by itself against each ref.
    """

    prefix: str
    besides: tuple[str, ...] = ()

    @property
    def refspecs(self) -> list[str]:
        """What stands for its refs. Without force: what came there meanwhile is not lost by it."""
        return [f"{self.prefix}*:{self.prefix}*", *(f"^{ref}" for ref in self.besides)]

    def stands_for(self, each: RefPush) -> bool:
        """Whether a push is one of its refs that the remote lacks."""
        return each.old is None and each.new is not None and each.ref.startswith(self.prefix)


def push_refs(
    repository: Repository, remote: str, pushes: Sequence[RefPush], *, atomic: bool, folder: Folder | None = None
) -> PushAnswer:
    """Push some refs: with `atomic` all of them or none. Those of a `folder` that the remote lacks go by its name.

    Raises `NotAtomicError` when the remote cannot do that, `RefusedError` when it does not say what became of each ref:
    the user's own hook said no, or the connection broke.
    """
    by_name = [each for each in pushes if folder is None or not folder.stands_for(each)]
    leases = [f"--force-with-lease={each.ref}:{each.old or ''}" for each in by_name]
    refspecs = [f"{each.new or ''}:{each.ref}" for each in by_name]
    if folder is not None and len(by_name) < len(pushes):
        refspecs += folder.refspecs
    options = (*OPTIONS, *(("--atomic",) if atomic else ("--no-atomic",)), *leases)
    # A mirror would push all that it has, and git refuses to push less there.
    named = ("-c", f"remote.{remote}.mirror=false") if "refs/*" in repository.fetched(remote) else ()
    result = repository.git.online().run(
        *named, "push", *options, "--end-of-options", remote, *refspecs, accept=(0, 1, 128)
    )
    if "does not support --atomic" in result.stderr:
        raise NotAtomicError(f'"{remote}" cannot take several refs at once')
    rejected = rejections(result)
    if result.code != 0 and not rejected:
        raise RefusedError(
            f'"{remote}" cannot be pushed to: {printable_lines(result.stderr)}',
            advice="fix that, then run the command again",
        )
    return PushAnswer(rejected, "\n".join(remote_lines(result)))


def push_for_review(repository: Repository, remote: str, commit: CommitId, ref: str, options: Mapping[str, str]) -> str:
    """Push a commit to a ref such as `refs/for/main`, of which a forge makes a request; what the remote printed.

    Raises `RefusedError` when it was not taken: the message has the remote's own words.
    """
    given = [word for key, value in options.items() for word in ("--push-option", f"{key}={' '.join(value.split())}")]
    result = repository.git.online().run(
        "push", *OPTIONS, *given, "--end-of-options", remote, f"{commit}:{ref}", accept=(0, 1, 128)
    )
    why = "; ".join(rejections(result).values())
    if result.code != 0:
        said = why or printable_lines(result.stderr)
        raise RefusedError(f'"{remote}" did not take {ref}: {said}', advice="fix that, then run the command again")
    return "\n".join(remote_lines(result))


def rejections(result: Result) -> dict[str, str]:
    """Why refs were not taken: the lines `!<TAB>from:to<TAB>[rejected] (reason)`."""
    found = {}
    for line in result.text.split("\n"):
        flag, _, rest = line.partition("\t")
        names, _, summary = rest.partition("\t")
        if flag == "!":
            why = summary.partition("(")[2].removesuffix(")") or summary
            found[names.partition(":")[2]] = printable(why)
    return found


def remote_lines(result: Result) -> list[str]:
    """What the remote printed, such as the reasons of its hooks."""
    lines = [line.removeprefix("remote: ").strip() for line in result.stderr.split("\n") if line.startswith("remote: ")]
    return [printable(line) for line in lines if line and "hook declined to update" not in line]
