"""Reading objects: commits, trees and blobs by their names."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, NewType

from migrate import limits
from migrate.errors import GitFailedError, RepositoryError
from migrate.git.paths import folders_of_paths
from migrate.git.process import Git, Running, sealed
from migrate.git.reader import Reader
from migrate.git.recent import Name, Recent
from migrate.text import decode, encode

if TYPE_CHECKING:
    from git import Repo

CommitId = NewType("CommitId", str)
"""The name of a commit: 40 (SHA-1) or 64 (SHA-256) hexadecimal digits.

A text becomes one where git gave it as such, and where one that git gave is read back after a look at its form: in the
journal, in trailers, in caches. What a ref names may be of another kind, whoever pushed it: `read_kinds` tells.
"""
TreeId = NewType("TreeId", str)
"""The name of a tree."""
BlobId = NewType("BlobId", str)
"""The name of a blob."""
Treeish = CommitId | TreeId
"""Something with files: a commit or a tree."""

REGULAR, EXECUTABLE, SYMLINK, SUBMODULE = "100644", "100755", "120000", "160000"
FOLDER = "040000"
MANY = 500
"""From this many paths on the whole tree is listed, because command lines are limited."""

AT_ONCE = 500
"""This many blobs are requested at once: more names may not fit into a pipe, and git would wait until we read."""

FEW = 32
"""Up to this many blobs are requested one by one; for more, starting a separate process is worth it."""
FOLDERS = 64
"""Up to this many folders are read one by one to find files in them."""
KEPT_FOLDERS = 512
"""This many folders stay in memory."""

_SIZED = re.compile(r"([0-7]+) [a-z]+ ([0-9a-f]+) +([0-9]+|-)\t([^\0]+)\0")
_LISTED = re.compile(r"([0-7]+) [a-z]+ ([0-9a-f]+)\t([^\0]+)\0")

BINARY_PREFIX = 8000


class TreeEntry(NamedTuple):
    """One file of a tree: its mode as git writes it, and the blob (or the submodule's commit) it names."""

    mode: str
    oid: BlobId

    @property
    def is_text_candidate(self) -> bool:
        """Whether it is a regular file, not a link or a submodule."""
        return self.mode in (REGULAR, EXECUTABLE)


class Objects:
    """The object database of one repository."""

    def __init__(self, git: Git, algorithm: str) -> None:
        self.git = git
        self.algorithm = algorithm
        self._hash = hashlib.sha1 if algorithm == "sha1" else hashlib.sha256
        self._cache = Recent()
        self.reader = Reader(git)
        self._trees: dict[str, dict[str, TreeEntry]] = {}
        self.has_empty_tree = False
        """Whether the empty tree was written: a commit of it may have been."""
        self._folders: dict[TreeId, dict[str, TreeEntry]] = {}

    @cached_property
    def _repo(self) -> Repo:
        # Importing GitPython takes 0.1 s, half of what `status` may take: only reading single objects needs it.
        try:
            from git import Repo
            from git.db import GitCmdObjectDB
        except ModuleNotFoundError:
            raise
        except ImportError as error:  # It runs `git version` then.
            raise GitFailedError(
                "git does not say its version, so nothing was read", stderr=str(error), advice="git version says why"
            ) from error

        repo = Repo(self.git.directory, odbt=GitCmdObjectDB)
        repo.git.update_environment(**self.git.environment())
        return repo

    def blob(self, oid: BlobId) -> bytes:
        """The content of one blob.

        Raises `GitFailedError` when the object is missing, as in a broken or partial clone.
        """
        cached = self._cache.get(oid)
        if cached is None:
            cached = self._read(oid)
            self._cache.add(oid, cached)
        return cached

    def _read(self, oid: BlobId) -> bytes:
        if self.algorithm != "sha1":
            # GitPython takes no object name of 64 digits (`_parse_object_header` in its git/cmd.py).
            return next(self.blobs([oid]))[1]
        try:
            with sealed():  # It may be what starts the process.
                return self._repo.git.get_object_data(oid)[3]
        except (ValueError, BrokenPipeError):  # There is no such object, or no such process any more.
            return next(self.blobs([oid]))[1]

    def blobs(self, oids: Iterable[Name]) -> Iterator[tuple[Name, bytes]]:
        """The contents of many blobs, or of other objects, in the order asked for, each read when it is taken.

        Some hundreds at a time come from one `git cat-file --batch`, a few from the one that stays open.
        """
        wanted = list(dict.fromkeys(oids))
        if len(wanted) <= FEW:
            yield from ((oid, self._content(oid)) for oid in wanted)
            return
        for first in range(0, len(wanted), AT_ONCE):
            yield from self._batch(wanted[first : first + AT_ONCE])

    def _content(self, oid: str) -> bytes:
        found = self.reader.content(oid)
        if found is None:
            raise unreadable_object(oid)
        return found[1]

    def _batch(self, wanted: Sequence[Name]) -> Iterator[tuple[Name, bytes]]:
        running = self.git.start("cat-file", "--batch", "--buffer", stdin=encode("\n".join(wanted) + "\n"))
        try:
            for oid in wanted:
                yield oid, answered_line(running, oid)
            running.result()
        except BaseException:  # Also when nobody takes what is left.
            running.stop()
            raise

    def missing(self, oids: Iterable[BlobId]) -> list[BlobId]:
        """The blobs, among some, that are not in memory, each once."""
        return self._cache.missing(oids)

    def preload(self, oids: Iterable[BlobId]) -> None:
        """Read many blobs at once, so that `blob` answers from memory: as many of the first as are held."""
        room = limits.READ_BYTES
        for oid, content in self.blobs(self._cache.missing(oids)):
            room -= len(content)
            if room < 0:
                break
            self._cache.add(oid, content)

    def known(self, oids: Set[BlobId]) -> Iterator[tuple[BlobId, bytes]]:
        """The contents of many blobs; newly read ones are not kept in memory."""
        missing = []
        for oid in oids:
            content = self._cache.get(oid)
            if content is None:
                missing.append(oid)
            else:
                yield oid, content
        yield from self.blobs(missing)

    def sizes_of(self, oids: Iterable[BlobId]) -> dict[BlobId, int]:
        """The sizes of many objects in bytes; missing ones are left out."""
        wanted = set(oids)
        held = {oid: len(content) for oid in wanted if (content := self._cache.get(oid)) is not None}
        abouts = self.reader.about(sorted(wanted - held.keys()))
        return held | {BlobId(about.oid): about.size for about in abouts if about is not None}

    def load_small(self, oids: Set[BlobId], limit: int) -> bool:
        """Read blobs that hold no more than `limit` bytes together, so that `blob` answers from memory.

        False, with nothing read, when they hold more.
        """
        missing = self._cache.missing(oids)
        if not missing:
            return True
        if sum(self.sizes_of(missing).values()) > limit:
            return False
        self.preload(missing)
        return True

    def hash_blob(self, content: bytes) -> BlobId:
        """The name that git gives to a blob of this content."""
        return BlobId(self.hash_object("blob", content))

    def hash_object(self, kind: str, content: bytes) -> str:
        """The name that git gives to an object of a kind, such as `tree`."""
        digest = self._hash(b"%b %d\0" % (kind.encode(), len(content)), usedforsecurity=False)
        digest.update(content)
        return digest.hexdigest()

    @property
    def empty_tree(self) -> TreeId:
        """The name of the tree without files."""
        return TreeId(self.hash_object("tree", b""))

    def tree(self, treeish: str) -> dict[str, TreeEntry]:
        """Every file of a tree by its path, sorted as git sorts. Raises `GitFailedError` when there is no such tree."""
        if treeish in self._trees:
            return dict(self._trees[treeish])
        options = ("-r", "-z", "--full-tree", "--end-of-options")
        listed = self.git.ask("ls-tree", *options, treeish, about=[treeish]).stdout
        return {path: TreeEntry(mode, oid) for mode, oid, path in _LISTED.findall(decode(listed))}

    def folders(self, commit: CommitId) -> set[str]:
        """Every folder of a commit, the top left out."""
        if commit in self._trees:
            return folders_of_paths(self._trees[commit]) - {""}
        listed = self.git.ask("ls-tree", "-r", "-d", "-z", "--full-tree", commit, about=[commit]).fields()
        return {folder for kind, _, folder in (line.partition("\t") for line in listed) if " tree " in kind}

    def know_tree(self, commit: CommitId, entries: Mapping[str, TreeEntry]) -> None:
        """Remember the tree of a commit that was just written: the next commit is based on it."""
        self._trees = {commit: dict(sorted(entries.items(), key=lambda item: encode(item[0])))}

    def sizes(self, treeish: str, *paths: str) -> dict[str, tuple[TreeEntry, int]]:
        """Every file of a tree, or those at some paths, with the bytes that it holds; 0 for a submodule.

        Raises `GitFailedError` when there is no such tree.
        """
        if paths:
            entries = self.entries_of(treeish, paths)
            sizes = self.sizes_of(entry.oid for entry in entries.values() if entry.mode != SUBMODULE)
            return {path: (entry, sizes.get(entry.oid, 0)) for path, entry in entries.items()}
        options = ("-r", "-l", "-z", "--full-tree", "--end-of-options")
        listed = self.git.ask("ls-tree", *options, treeish, about=[treeish]).stdout
        found = _SIZED.findall(decode(listed))
        return {path: (TreeEntry(mode, oid), 0 if size == "-" else int(size)) for mode, oid, size, path in found}

    def entries_of(self, treeish: str, paths: Sequence[str]) -> dict[str, TreeEntry]:
        """The files of a tree at some paths; a path at which there is none, or a folder, is left out.

        Raises `GitFailedError` when there is no such tree.
        """
        if not paths:
            return {}
        if len(paths) > MANY:
            tree = self.tree(treeish)
            return {path: tree[path] for path in paths if path in tree}
        parents = dict.fromkeys(path.rpartition("/")[0] for path in paths)
        if len(parents) > FOLDERS or any("\n" in path for path in paths):
            return self._listed(treeish, paths)
        top = self.folders_of(treeish, ["", *parents])
        if "" not in top:
            return self._listed(treeish, paths)  # It says why.
        folders = {path: self.folder(oid) for path, oid in top.items() if path in parents}
        found = {path: folders.get(path.rpartition("/")[0], {}).get(path.rpartition("/")[2]) for path in paths}
        return {path: entry for path, entry in found.items() if entry is not None and entry.mode != FOLDER}

    def _listed(self, treeish: str, paths: Sequence[str]) -> dict[str, TreeEntry]:
        options = ("-z", "--full-tree", "--end-of-options")
        listed = self.git.ask("ls-tree", *options, treeish, "--", *paths, about=[treeish]).stdout
        found = {path: TreeEntry(mode, oid) for mode, oid, path in _LISTED.findall(decode(listed))}
        return {path: found[path] for path in paths if path in found and found[path].mode != FOLDER}

    def folder(self, oid: TreeId) -> dict[str, TreeEntry]:
        """What a tree holds by name, its folders included."""
        if oid not in self._folders:
            if len(self._folders) > KEPT_FOLDERS:
                self._folders.clear()
            self._folders[oid] = entries_in(self._content(oid), len(oid) // 2)
        return self._folders[oid]

    def folders_of(self, commit: str, paths: Sequence[str]) -> dict[str, TreeId]:
        """The trees of a commit's folders; `""` is its top. A path at which there is no folder is left out."""
        abouts = self.reader.about([f"{commit}:{path}" for path in paths])
        return {
            path: TreeId(each.oid) for path, each in zip(paths, abouts, strict=True) if each and each.kind == "tree"
        }

    def trees_of(self, commits: Iterable[CommitId]) -> dict[CommitId, TreeId]:
        """The trees of some commits; one that is not here, as below the end of a shallow clone, is left out."""
        wanted = list(dict.fromkeys(commits))
        abouts = self.reader.about([f"{oid}^{{tree}}" for oid in wanted])
        return {oid: TreeId(about.oid) for oid, about in zip(wanted, abouts, strict=True) if about is not None}

    def grep(self, commit: CommitId, needles: Iterable[str], outside: Iterable[str] = ()) -> GrepSearch:
        """Begin to look for the paths of a commit's files that hold one of the fixed strings, binary files included.

        Folders with the names `outside` are passed over at every place.

        git looks at one line at a time, so a string must not hold a line feed, a NUL byte, or a backslash with an E.
        """
        # Threads of git wait for each other when they read objects: on two processors one finds as much as two, for
        # half the work, and leaves the other processor to this program.
        threads = max(1, (os.cpu_count() or 1) // 2)
        # In the locale C a byte is a byte, whatever library git was built with.
        running = self.git.start(
            *("grep", f"--threads={threads}", "-z", "-l", "-F", "--no-color", "--full-name"),
            *("--no-recurse-submodules", "-f", "-", commit, "--"),
            *(f":(exclude,glob)**/{name}/**" for name in sorted(outside)),
            stdin=encode("".join(needle + "\n" for needle in needles)),
            env={"LC_ALL": "C", "GIT_LITERAL_PATHSPECS": "0"},
        )
        return GrepSearch(running)


class GrepSearch:
    """A `git grep` that works while something else is done. It is either waited for or stopped."""

    def __init__(self, running: Running) -> None:
        self._running = running

    def paths(self) -> set[str]:
        """What it found, when it is done."""
        return {name.partition(":")[2] for name in self._running.result(accept=(0, 1)).fields()}

    def stop(self) -> None:
        """Stop it: nobody needs the answer."""
        self._running.stop()


def entries_in(raw: bytes, width: int) -> dict[str, TreeEntry]:
    """The entries of a tree object by name; each ends with an object name of so many bytes."""
    found = {}
    position = 0
    while position < len(raw):
        space, end = raw.index(b" ", position), raw.index(b"\0", position)
        mode = raw[position:space].decode().rjust(len(FOLDER), "0")
        position = end + 1 + width
        found[decode(raw[space + 1 : end])] = TreeEntry(mode, BlobId(raw[end + 1 : position].hex()))
    return found


def answered_line(running: Running, oid: str) -> bytes:
    """The next content that a `git cat-file --batch` gives. Raises `GitFailedError` when it gives none."""
    header = running.output.readline().split()
    if len(header) == 3:
        content: bytes = running.output.read(int(header[2]))
        if running.output.read(1):
            return content
    if len(header) != 2:  # It did not say "missing", but ended, and says why.
        running.result()
    raise unreadable_object(oid)


def unreadable_object(oid: str) -> GitFailedError:
    """The error for an object that is not in the database."""
    return GitFailedError(
        f"object {oid} cannot be read", advice="git fsck says what is missing; git fetch may bring it back"
    )


def check_algorithm(name: str) -> str:
    """The hash that the repository uses. Raises `RepositoryError` for one that we do not know."""
    if name not in ("sha1", "sha256"):
        raise RepositoryError(f'the repository uses the object format "{name}"', advice="use sha1 or sha256")
    return name


def is_binary(content: bytes) -> bool:
    """Whether git calls a file binary: a NUL is in its first 8,000 bytes (`buffer_is_binary`, xdiff-interface.c)."""
    return b"\0" in content[:BINARY_PREFIX]
