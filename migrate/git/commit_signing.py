"""Signing commits that were written without a signature, when the user signs commits.

`git fast-import` and `git commit-tree` sign nothing by themselves, and `commit.gpgsign` is for `git commit`. So commits
that end up on a visible branch are written a second time by `git commit-tree -S`, which heeds `gpg.format`,
`user.signingkey` and the user's programs. Commits of the journal and of notes are nobody's work and are never signed; a
receipt has its own signature (`attestation.py`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from migrate.errors import GitFailedError
from migrate.git.objects import CommitId, TreeId
from migrate.git.repository import Repository
from migrate.text import decode, printable


@dataclass(frozen=True)
class Unsigned:
    """A commit as it stands in the object database."""

    tree: TreeId
    parents: tuple[CommitId, ...]
    author: str
    committer: str
    encoding: str
    message: bytes


def sign_commits(repository: Repository, commits: Sequence[CommitId]) -> list[CommitId]:
    """The same commits with signatures, or these very ones when the user signs none.

    `commits` were just written, each after those of its parents that are among them; parents among them are replaced
    by the signed ones. Authors, dates and messages stay, and no ref moves. Raises `GitFailedError` when git cannot
    sign.
    """
    if not commits or not signs(repository):
        return [*commits]
    made: dict[CommitId, CommitId] = {}
    for oid, raw in repository.objects.blobs(commits):
        made[oid] = sign_commit(repository, parse_unsigned(raw), made)
    return [made[oid] for oid in commits]


def signs(repository: Repository) -> bool:
    """Whether `git commit` would sign here. Raises `GitFailedError` when the setting is neither true nor false."""
    return repository.config("commit.gpgsign", "bool") == "true"


def parse_unsigned(raw: bytes) -> Unsigned:
    """Read a commit that has no signature yet."""
    head, _, message = raw.partition(b"\n\n")
    fields = [line.partition(" ")[::2] for line in decode(head).split("\n")]
    values = dict(fields)
    return Unsigned(
        tree=TreeId(values["tree"]),
        parents=tuple(CommitId(value) for key, value in fields if key == "parent"),
        author=values["author"],
        committer=values["committer"],
        encoding=values.get("encoding", "UTF-8"),
        message=message,
    )


def sign_commit(repository: Repository, commit: Unsigned, replaced: Mapping[CommitId, CommitId]) -> CommitId:
    """Write a commit again with a signature, on parents that were replaced."""
    parents = [word for parent in commit.parents for word in ("-p", replaced.get(parent, parent))]
    try:
        made = repository.git.run(
            *("-c", f"i18n.commitEncoding={commit.encoding}"),
            *("commit-tree", "-S", *parents, "-F", "-", commit.tree),
            stdin=commit.message,
            env={**person_line("AUTHOR", commit.author), **person_line("COMMITTER", commit.committer)},
        )
        return CommitId(made.text)
    except GitFailedError as error:
        raise GitFailedError(
            f"a commit cannot be signed, so it was not made: {signing_failure(error.stderr)}",
            stderr=error.stderr,
            advice="make git commit -S work here, then run the command again; "
            "or go without signatures: git -c commit.gpgsign=false migrate …",
        ) from error


def person_line(role: str, ident: str) -> dict[str, str]:
    """The variables by which git is told who did something and when, from `Name <mail> seconds zone`."""
    name, _, rest = ident.partition(" <")
    mail, _, date = rest.rpartition("> ")
    return {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": mail, f"GIT_{role}_DATE": f"@{date}"}


def signing_failure(stderr: str) -> str:
    """The message of git and the signing program, as one sentence."""
    lines = [line.removeprefix("error: ").removeprefix("fatal: ").strip() for line in stderr.splitlines()]
    return "; ".join(printable(line) for line in lines if line)
