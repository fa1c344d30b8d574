"""Writing commits from memory: a few objects into files of their own, many by one `git fast-import`.

No work tree and no index take part.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType

from migrate.errors import GitFailedError
from migrate.git.fast_import import CommitHead, FastImport
from migrate.git.objects import SUBMODULE, BlobId, CommitId, TreeEntry, TreeId, unreadable_object
from migrate.git.repository import Repository
from migrate.git.tree_writer import changed_tree
from migrate.text import encode, printable

FEW = 100
"""Up to so many changes of files are written without a pack: as git unpacks what it fetched (`fetch.unpackLimit`)."""
IDENT = re.compile(r"(?:[^<>\n\0]* )?<[^<>\n\0]*> -?[0-9]+ [+-][0-9]{4}")
"""Who made a commit and when, in git's own form (`parse_ident` in git's builtin/fast-import.c)."""


@dataclass(frozen=True)
class CommitIdentity:
    """Who makes commits, in git's own form `Name <mail> seconds zone`."""

    author: str
    committer: str


def commit_identity(repository: Repository) -> CommitIdentity:
    """The author and committer that git itself would use, now.

    Raises `GitFailedError` when git knows none.
    """
    try:
        author, committer = repository.people
        return CommitIdentity(
            dated_identity(author, "GIT_AUTHOR_DATE"), dated_identity(committer, "GIT_COMMITTER_DATE")
        )
    except GitFailedError as error:
        raise GitFailedError(
            "git does not know who you are",
            stderr=error.stderr,
            advice='git config user.name "Your Name" && git config user.email you@example.com',
        ) from error


def dated_identity(person: str, variable: str) -> str:
    """A person whom git named earlier, at the time of now; a date that the environment sets stays."""
    if os.environ.get(variable):
        return person
    return f"{person.rpartition('>')[0]}> {int(time.time())} {time.strftime('%z')}"


class CommitWriter:
    """What makes commits and moves no ref. Other commands can use them when it is closed."""

    def __init__(self, repository: Repository, who: CommitIdentity) -> None:
        self._repository = repository
        self._who = who
        self._importing: FastImport | None = None
        self._written = 0

    def __enter__(self) -> CommitWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._importing is None:
            return
        if kind is not None:
            self._importing.stop()
        else:
            self._importing.end()

    def commit(
        self,
        message: str,
        parents: tuple[CommitId, ...],
        changes: Mapping[str, TreeEntry | None],
        content: Callable[[BlobId], bytes | None],
        *,
        author: str | None = None,
    ) -> CommitId:
        """Write one commit: its first parent's tree with `changes`, where None deletes a path.

        `author` is somebody else who wrote it, in git's own form.
        `content` gives the bytes of a blob that the repository may not hold yet, None for one that it holds.
        Raises `GitFailedError` when that cannot be.
        """
        head = self._head(message, parents, author)
        # Each folder of a path is an object, too, and a call in a call where it is written here.
        deepest = max((path.count("/") for path in changes), default=0)
        importing = self._import(max(len(changes), deepest))
        if importing is not None:
            return importing.commit(head, changes, content)
        return self._write(head, self._tree(parents, changes, content))

    def commit_tree(
        self, message: str, parents: tuple[CommitId, ...], tree: TreeId, *, author: str | None = None
    ) -> CommitId:
        """Write one commit of a tree that the repository holds."""
        head = self._head(message, parents, author)
        importing = self._import(1)
        if importing is not None:
            return importing.commit_tree(head, tree)
        self._check([tree], "tree")
        return self._write(head, tree)

    def commit_nothing(self, message: str, parents: tuple[CommitId, ...]) -> CommitId:
        """Write one commit of the empty tree, which its parents have too."""
        if self._importing is not None:
            return self._importing.commit(self._head(message, parents, None), {}, lambda _: None)
        return write_empty_commit(self._repository, self._who, message, parents)

    def _head(self, message: str, parents: tuple[CommitId, ...], author: str | None) -> CommitHead:
        return CommitHead(author or self._who.author, self._who.committer, message, parents)

    def _import(self, changes: int) -> FastImport | None:
        """What writes a commit with so many changes, and all after it; None where it is written here."""
        self._written += changes
        if self._importing is None and (self._written > FEW or self._repository.loose is None):
            self._importing = FastImport(self._repository)
        return self._importing

    def _tree(
        self,
        parents: tuple[CommitId, ...],
        changes: Mapping[str, TreeEntry | None],
        content: Callable[[BlobId], bytes | None],
    ) -> TreeId:
        """Write the tree of a commit."""
        objects, linked = self._repository.objects, []
        for entry in filter(None, changes.values()):
            new = content(entry.oid) if entry.mode != SUBMODULE else None
            if new is not None:
                write_object(self._repository, "blob", new)
            elif entry.mode != SUBMODULE:
                linked.append(entry.oid)
        self._check(linked, "blob")
        below = objects.trees_of(parents[:1])
        if parents and not below:
            raise unreadable_object(parents[0])
        tree = below[parents[0]] if parents else None
        if tree is not None and not changes:
            return tree
        return TreeId(changed_tree(objects, tree, changes, lambda raw: write_object(self._repository, "tree", raw)))

    def _write(self, head: CommitHead, tree: TreeId) -> CommitId:
        self._check(head.parents, "commit")
        return write_commit(self._repository, head, tree)

    def _check(self, names: Sequence[str], kind: str) -> None:
        """Raise `GitFailedError` when one of some objects is not here, or of another kind."""
        for name, about in zip(names, self._repository.objects.reader.about(names), strict=True):
            if about is None or about.kind != kind:
                raise unreadable_object(name)


def write_empty_commit(
    repository: Repository, who: CommitIdentity, message: str, parents: tuple[CommitId, ...]
) -> CommitId:
    """Write one commit of the empty tree, which its parents have too, and move no ref."""
    tree = repository.objects.empty_tree if parents else write_empty_tree(repository)
    return write_commit(repository, CommitHead(who.author, who.committer, message, parents), tree)


def write_commit(repository: Repository, head: CommitHead, tree: TreeId) -> CommitId:
    """Write one commit of a tree. Raises `GitFailedError` when it cannot be, or would not be sound."""
    for person in (head.author, head.committer):
        if IDENT.fullmatch(person) is None:
            raise GitFailedError(f'a commit cannot be by "{printable(person)}": git would not read that')
    above = [f"parent {oid}" for oid in head.parents]
    lines = [f"tree {tree}", *above, f"author {head.author}", f"committer {head.committer}", "", head.message]
    return CommitId(write_object(repository, "commit", encode("\n".join(lines))))


def write_empty_tree(repository: Repository) -> TreeId:
    """Write the empty tree, once: git knows it without storing it, and then `git fsck` misses it.

    Not by `git mktree`, which ends well where it could not write. Raises `GitFailedError` then.
    """
    if not repository.objects.has_empty_tree:
        write_object(repository, "tree", b"")
        repository.objects.has_empty_tree = True
    return repository.objects.empty_tree


def write_object(repository: Repository, kind: str, content: bytes) -> str:
    """Write one object of a kind and give its name. Raises `GitFailedError` when it cannot be."""
    if repository.loose is not None:
        return repository.loose.write(kind, content)
    return repository.git.run("hash-object", "-t", kind, "-w", "--stdin", stdin=content).text
