"""Refs: reading them, and moving several of them in one transaction."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from migrate.errors import GitFailedError, RefusedError, RepositoryError
from migrate.git.objects import Oid
from migrate.git.process import encode
from migrate.git.repository import Head, Repository

PLAIN_NAME = re.compile(r"[A-Za-z0-9_]+(?:[/-][A-Za-z0-9_]+)*")


@dataclass(frozen=True)
class RefUpdate:
    """One ref goes from `old` to `new`; None means that it does not exist before or after."""

    ref: str
    old: Oid | None
    new: Oid | None


def read_refs(repository: Repository, *prefixes: str) -> dict[str, Oid]:
    """Every ref below the prefixes by its full name."""
    listed = repository.git.text("for-each-ref", "--format=%(objectname) %(refname)", *prefixes)
    # Not splitlines(): git allows U+2028 in the name of a ref.
    return {name: oid for oid, _, name in (line.partition(" ") for line in listed.split("\n") if line)}


def read_refs_and_head(repository: Repository, *prefixes: str) -> tuple[dict[str, Oid], Head]:
    """Every ref below the prefixes by its full name, and what HEAD says; that takes one process where it names one."""
    listed = repository.git.text("for-each-ref", "--format=%(HEAD)%(objectname) %(refname)", *prefixes)
    lines = [(line[0], *line[1:].partition(" ")) for line in listed.split("\n") if line]
    head = next((Head(name.removeprefix("refs/heads/"), oid) for mark, oid, _, name in lines if mark == "*"), None)
    return {name: oid for _, oid, _, name in lines}, head or repository.head()


def exactly(repository: Repository, *refs: str) -> dict[str, Oid]:
    """The values of some refs; for a name without a ref nothing, also where refs stand below it."""
    return {ref: oid for ref, oid in read_refs(repository, *refs).items() if ref in refs} if refs else {}


def is_branch_name(repository: Repository, name: str) -> bool:
    """Whether git accepts `name` as a branch's; for names of plain words it need not be asked."""
    if PLAIN_NAME.fullmatch(name):
        return True
    return not name.startswith("-") and repository.git.succeeds("check-ref-format", f"refs/heads/{name}")


def move_refs(repository: Repository, updates: Sequence[RefUpdate], reason: str) -> None:
    """Move all refs in one transaction, or none.

    Every update names the value that it expects. Raises `RefusedError` when one of them changed meanwhile,
    `RepositoryError` when one cannot be written: then nothing was moved.
    """
    null = repository.null_oid
    lines = [encode(f"update {u.ref}\0{u.new or null}\0{u.old or null}\0") for u in updates]
    script = b"start\0" + b"".join(lines) + b"prepare\0commit\0"
    try:
        repository.git.run("update-ref", "-m", f"migrate: {reason}", "--create-reflog", "-z", "--stdin", stdin=script)
    except GitFailedError as error:
        if "cannot create" in error.stderr:
            said = error.stderr.splitlines()[-1]
            raise RepositoryError(
                f"a branch stands where a folder of branches is needed, so nothing was moved ({said})",
                advice="rename that branch, or choose another branch_prefix in the plan",
            ) from error
        if "Unable to create" in error.stderr:
            raise RepositoryError(
                f"a ref cannot be written, so nothing was moved ({error.stderr.splitlines()[-1]})",
                advice="see to that, then run the command again",
            ) from error
        if "cannot lock ref" in error.stderr or "reference already exists" in error.stderr:
            raise RefusedError(
                f"a branch changed while this ran, so nothing was moved ({error.stderr.splitlines()[-1]})",
                advice="run the command again",
            ) from error
        if "aborted by hook" in error.stderr:
            advice = "nothing was changed; ask what the reference-transaction hook of this repository wants"
            raise GitFailedError(error.message, stderr=error.stderr, advice=advice) from error
        raise
