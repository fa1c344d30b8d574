"""Refs: reading them, and moving several of them in one transaction."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from os import SEEK_END
from pathlib import Path

from migrate.errors import GitFailedError, MigrateError, RefusedError, RepositoryError
from migrate.git.conversation import Conversation, EndedError
from migrate.git.history import object_kinds
from migrate.git.interrupts import blocked, delayed
from migrate.git.objects import CommitId
from migrate.git.process import git_failed
from migrate.git.repository import Head, Repository
from migrate.text import decode, encode, printable

PREPARED = b"prepare: ok\n"
"""git's answer when it has locked and compared all refs of a transaction: before that, nothing moves."""
ANSWERS = ("start", "prepare", "commit")
"""The steps of a transaction that git answers."""
LAST_BYTES = 65536
"""Bytes at the end of a reflog that hold its last line."""
KINDS = ("commit", "tag", "tree", "blob")
REASON = "migrate: "
"""The beginning of our reasons in reflogs."""
AT_ONCE = 400
"""Names of refs, of up to 255 bytes each, that are put on one command line: it has 128 KiB for sure (ARG_MAX)."""
PLAIN_NAME = re.compile(r"[A-Za-z0-9_]+(?:[/-][A-Za-z0-9_]+)*")


@dataclass(frozen=True)
class RefUpdate:
    """One ref goes from `old` to `new`; None means that it does not exist before or after."""

    ref: str
    old: CommitId | None
    new: CommitId | None


class HalfMovedError(GitFailedError):
    """git stopped in the middle of a transaction: some refs have moved, others have not."""

    code = "half-moved"


def read_refs(repository: Repository, *prefixes: str) -> dict[str, CommitId]:
    """Every ref below the prefixes by its full name. It may name something other than a commit: `read_kinds` tells."""
    listed = repository.git.text("for-each-ref", "--format=%(objectname) %(refname)", *prefixes)
    # Not splitlines(): git allows U+2028 in the name of a ref.
    return {name: CommitId(oid) for oid, _, name in (line.partition(" ") for line in listed.split("\n") if line)}


def read_refs_and_head(repository: Repository, *prefixes: str) -> tuple[dict[str, CommitId], Head]:
    """Every ref below the prefixes by its full name, and what HEAD says; that takes one process where it names one."""
    listed = repository.git.text("for-each-ref", "--format=%(HEAD)%(objectname) %(refname)", *prefixes)
    lines = [(line[0], *line[1:].partition(" ")) for line in listed.split("\n") if line]
    head = next(
        (Head(name.removeprefix("refs/heads/"), CommitId(oid)) for mark, oid, _, name in lines if mark == "*"), None
    )
    return {name: CommitId(oid) for _, oid, _, name in lines}, head or repository.head()


def read_kinds(repository: Repository, *prefixes: str) -> dict[str, tuple[str, CommitId]]:
    """Every ref below the prefixes by its full name: the kind of object that it names, such as `commit`, and which."""
    return _kinds(repository, prefixes)[0]


def read_kinds_and_head(repository: Repository, *prefixes: str) -> tuple[dict[str, tuple[str, CommitId]], Head]:
    """The same, and what HEAD says; that takes one process where HEAD names a ref below the prefixes."""
    kinds, named = _kinds(repository, prefixes)
    head = Head(named.removeprefix("refs/heads/"), kinds[named][1]) if named else repository.head()
    return kinds, head


def _kinds(repository: Repository, prefixes: Sequence[str]) -> tuple[dict[str, tuple[str, CommitId]], str]:
    """The kinds of refs and what they name, and the one of them that HEAD names, empty where it names another."""
    try:
        asked = "--format=%(HEAD)%(objecttype) %(objectname) %(refname)"
        listed = repository.git.text("for-each-ref", asked, *prefixes)
    except GitFailedError:  # A missing or unreadable object; git then says nothing about any ref.
        refs = read_refs(repository, *prefixes)
        kinds = object_kinds(repository, refs.values())
        return {ref: (kind if (kind := kinds.get(oid)) in KINDS else "commit", oid) for ref, oid in refs.items()}, ""
    rows = [(line[0], *line[1:].split(" ", 2)) for line in listed.split("\n") if line]
    named = next((name for mark, _, _, name in rows if mark == "*"), "")
    return {name: (kind, CommitId(oid)) for _, kind, oid, name in rows}, named


def last_reasons(repository: Repository, refs: Sequence[str]) -> dict[str, str]:
    """Why some refs were moved last, as their reflogs say, an empty text for one that says nothing any more.

    A ref without a reflog is left out.
    """
    known = with_reflog(repository, refs)
    if not uses_reftable(repository):
        # The last line of a file: git would read all of it, and a journal of years has thousands.
        return {ref: last_reason(repository.common_dir / "logs" / ref) for ref in known}
    found: dict[str, str] = {}
    for ref, reason in reflog_lines(repository, known, "%gs"):
        found.setdefault(ref, reason)
    return dict.fromkeys(known, "") | found


def last_reason(reflog: Path) -> str:
    """The reason in the last line of a reflog (gitrepository-layout(5), logs): what follows the tab.

    A device has no last line, so it says nothing.
    """
    if not reflog.is_file():
        return ""
    with reflog.open("rb") as file:
        file.seek(max(0, file.seek(0, SEEK_END) - LAST_BYTES))
        lines = file.read().splitlines()
    return decode(lines[-1].partition(b"\t")[2]) if lines else ""


def uses_reftable(repository: Repository) -> bool:
    """Whether git keeps all refs and reflogs in tables, as a newer git can, rather than in files."""
    return (repository.common_dir / "reftable").is_dir()


def reflog_values(repository: Repository, refs: Sequence[str]) -> dict[str, set[CommitId]]:
    """What some refs named, now and before, as their reflogs say; a ref without a reflog is left out."""
    if not refs:
        return {}
    found: dict[str, set[CommitId]] = {}
    for ref, oid in reflog_lines(repository, refs, "%H"):
        found.setdefault(ref, set()).add(CommitId(oid))
    return found


def reflog_lines(repository: Repository, refs: Sequence[str], wanted: str) -> Iterator[tuple[str, str]]:
    """What git says of each line of some reflogs, the newest of each first: the ref, and what a format asks for."""
    asked = encode("".join(f"{ref}\n" for ref in refs))
    options = ("-g", f"--format=%gD%x00{wanted}", "--ignore-missing", "--stdin")
    told = repository.git.run("log", *options, stdin=asked, accept=(0, 128))
    for selector, _, said in (line.partition("\0") for line in told.text.split("\n") if line):
        yield selector.rpartition("@{")[0], said


def with_reflog(repository: Repository, refs: Sequence[str]) -> list[str]:
    """Those of some refs that have a reflog, be it empty. `git reflog exists` is asked of one at a time."""
    if refs and uses_reftable(repository):  # All are in one file, and git is young enough to tell.
        listed = frozenset(repository.git.text("reflog", "list").split("\n"))
        return [ref for ref in refs if ref in listed]
    logs = repository.common_dir / "logs"
    return [ref for ref in refs if (logs / ref).exists() and not (logs / ref).is_dir()]


def exactly(repository: Repository, *refs: str) -> dict[str, CommitId]:
    """The values of some refs; a name without a ref is left out, even if there are refs below it."""
    if not refs:
        return {}
    wanted = frozenset(refs)
    # Whoever can push makes as many as they like: a command line has an end, and git holds each name against each ref.
    listed = read_refs(repository, *(refs if len(refs) <= AT_ONCE else ()))
    return {ref: oid for ref, oid in listed.items() if ref in wanted}


def is_branch_name(repository: Repository, name: str) -> bool:
    """Whether git accepts `name` as a branch's; for names of plain words it need not be asked."""
    if PLAIN_NAME.fullmatch(name):
        return True
    return not name.startswith("-") and repository.git.succeeds("check-ref-format", f"refs/heads/{name}")


def move_refs(repository: Repository, updates: Sequence[RefUpdate], reason: str, *, reflogs: bool = True) -> None:
    """Move all refs in one transaction, or none. An interrupt waits until git has ended it.

    git moves a branch that is checked out in another work tree, too, and says nothing: that tree then seems changed by
    somebody. `orchestrator/branch_updates.py` looks for it first.

    Every update names the value that it expects. Without `reflogs` no new ones are made, so that nothing that stands in
    their places hinders. Raises `RefusedError` when one of the refs changed meanwhile, `RepositoryError` or
    `GitFailedError` when one cannot be written: then nothing was moved. Raises `HalfMovedError` where git stopped when
    it had moved some; where it had moved all, it did its work.

    The git that does it stays open for the next transaction of the command; between two of them it holds no lock.
    """
    arguments = how(repository.doing or reason, reflogs=reflogs)
    kept, said = repository.open_gits, b""
    was_open = arguments in kept
    try:
        with delayed():
            with blocked():  # A terminal sends Ctrl-C to git, too.
                git = kept.pop(arguments, None) or Conversation(repository.git, *arguments)
            kept[arguments] = git
            git.begin()
            git.say(script(repository, updates))
            for _ in ANSWERS:
                said += git.line() + b"\n"
    except EndedError:
        result = kept.pop(arguments).result()
        if was_open and not said:  # It ended before this began: it answers `start` before it looks at any ref.
            move_refs(repository, updates, reason, reflogs=reflogs)
            return
        raise_unless_moved(repository, updates, reason, git_failed(arguments, result), said)
    except BaseException:
        # Part of the answer may be left.
        if arguments in kept:
            kept.pop(arguments).stop()
        raise


def how(reason: str, *, reflogs: bool) -> tuple[str, ...]:
    """The words that move refs."""
    with_reflogs = ("update-ref", "--create-reflog") if reflogs else ("-c", "core.logAllRefUpdates=false", "update-ref")
    return (*with_reflogs, "-m", REASON + reason, "-z", "--stdin")


def script(repository: Repository, updates: Sequence[RefUpdate]) -> bytes:
    """One transaction as `git update-ref` reads it."""
    null = repository.null_oid
    lines = [encode(f"update {u.ref}\0{u.new or null}\0{u.old or null}\0") for u in updates]
    return b"start\0" + b"".join(lines) + b"prepare\0commit\0"


def raise_unless_moved(
    repository: Repository, updates: Sequence[RefUpdate], reason: str, error: GitFailedError, said: bytes
) -> None:
    """Raise the error for a git that failed, unless it had moved all refs; `said` is what it answered before."""
    changing = [update for update in updates if update.old != update.new]
    moved = moved_of(repository, changing) if PREPARED in said else []
    if not moved:
        raise unmoved(error, printable(reason))
    if len(moved) < len(changing):
        message = f"git stopped when it had moved a part of the refs ({said_first(error)})"
        raise HalfMovedError(message, stderr=error.stderr, advice="run the command again")


def moved_of(repository: Repository, updates: Sequence[RefUpdate]) -> list[RefUpdate]:
    """Those of some updates that were made."""
    actual = exactly(repository, *(update.ref for update in updates))
    return [update for update in updates if actual.get(update.ref) == update.new]


def said_first(error: GitFailedError) -> str:
    """The line in which git said why it ended, or how it ended if it said nothing. git's own advice may follow."""
    lines = error.stderr.splitlines()
    fatal = next((line for line in lines if line.startswith("fatal: ")), lines[-1] if lines else error.message)
    return printable(fatal)


def unmoved(error: GitFailedError, what: str) -> MigrateError:
    """The error for a transaction of which nothing was moved. Other steps of the command may have been done before."""
    said = said_first(error)
    if "cannot create" in error.stderr:
        return RepositoryError(
            f'a branch stands where a folder of branches is needed, so "{what}" was not done ({said})',
            advice="rename that branch, or choose another branch_prefix in the plan",
        )
    if "Unable to create" in error.stderr or "unable to create" in error.stderr:
        return RepositoryError(
            f'a ref cannot be written, so "{what}" was not done ({said})',
            advice="fix that, then run the command again",
        )
    if "cannot lock ref" in error.stderr or "reference already exists" in error.stderr:
        return RefusedError(
            f'a branch changed while this ran, so "{what}" was not done ({said})', advice="run the command again"
        )
    message = f'{error.message}; "{what}" was not done'
    if "aborted by hook" in error.stderr:
        advice = "see why the reference-transaction hook of this repository refuses it"
        return GitFailedError(message, stderr=error.stderr, advice=advice)
    return GitFailedError(message, stderr=error.stderr)
