"""Writing many objects at once by one `git fast-import`, which puts them into a pack.

No work tree and no index take part. Measured on a tree of 13,024 entries: 10 ms for 4 moved and 137 rewritten files,
where `git mv`, writing, `git add` and `git commit` take 8 to 13 times as long.
"""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from typing import IO, NamedTuple

from migrate.errors import GitFailedError
from migrate.git.objects import SUBMODULE, BlobId, CommitId, TreeEntry, TreeId
from migrate.git.process import Git
from migrate.git.repository import Repository
from migrate.text import decode, encode


class CommitHead(NamedTuple):
    """What a commit says beside its files. `author` and `committer` are in git's form `Name <mail> seconds zone`."""

    author: str
    committer: str
    message: str
    parents: tuple[CommitId, ...]


class FastImport:
    """A `git fast-import` that makes commits and moves no ref.

    Commits go to a ref of its own that is reset before the end, so that only `move_refs` ever moves anything. The
    objects can be used by other commands once it has ended.
    """

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._ref = f"refs/migrate/importing-{os.getpid()}-{time.monotonic_ns()}"
        self._marks: dict[CommitId, int] = {}
        # With core.ignoreCase, which a repository made on macOS has, it would put A/x and a/y into one folder. Its own
        # ref is nothing that a reference-transaction hook should hear of, least of all while the user looks.
        self._process = subprocess.Popen(
            [
                *("git", "-c", "core.ignoreCase=false", "-c", "core.hooksPath=/dev/null", "fast-import"),
                *("--quiet", "--force", "--done", "--date-format=raw"),
            ],
            cwd=repository.git.directory,
            env=repository.git.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert self._process.stdin is not None
        self._stdin: IO[bytes] = self._process.stdin

    def end(self) -> None:
        """Let it write what it holds. Raises `GitFailedError` when it cannot."""
        self._write(b"reset %s\n\ndone\n" % encode(self._ref))
        _, said = self._process.communicate()
        if self._process.returncode != 0:
            raise self._failure(said)

    def stop(self) -> None:
        """End it: nobody needs what it holds."""
        self._process.kill()
        self._process.communicate()

    def commit(
        self, head: CommitHead, changes: Mapping[str, TreeEntry | None], content: Callable[[BlobId], bytes | None]
    ) -> CommitId:
        """Write one commit: its first parent's tree with `changes`, where None deletes a path."""
        self._begin(head)
        for path in (path for path, entry in changes.items() if entry is None):
            self._write(b"D %b\n" % quoted_path(path))
        for path, entry in changes.items():
            if entry is not None:
                self._file(path, entry, None if entry.mode == SUBMODULE else content(entry.oid))
        return self._end()

    def commit_tree(self, head: CommitHead, tree: TreeId) -> CommitId:
        """Write one commit of a tree that the repository holds."""
        self._begin(head)
        self._write(b'M 040000 %b ""\n' % tree.encode())
        return self._end()

    def _begin(self, head: CommitHead) -> None:
        body = encode(head.message)
        self._write(
            b"reset %b\n\ncommit %b\nmark :%d\nauthor %b\ncommitter %b\ndata %d\n%b\n"
            % (
                encode(self._ref),
                encode(self._ref),
                len(self._marks) + 1,
                encode(head.author),
                encode(head.committer),
                len(body),
                body,
            )
        )
        for word, parent in zip((b"from", *(b"merge" for _ in head.parents[1:])), head.parents, strict=False):
            # A commit of this very stream is known by its mark alone until the stream ends.
            name = f":{self._marks[parent]}" if parent in self._marks else parent
            self._write(b"%b %b\n" % (word, name.encode()))

    def _end(self) -> CommitId:
        mark = len(self._marks) + 1
        self._write(b"\nget-mark :%d\n" % mark)
        made = self._answer()
        self._marks[made] = mark
        return made

    def _file(self, path: str, entry: TreeEntry, data: bytes | None) -> None:
        if data is None:
            self._write(b"M %b %b %b\n" % (entry.mode.encode(), entry.oid.encode(), quoted_path(path)))
        else:
            self._write(b"M %b inline %b\ndata %d\n" % (entry.mode.encode(), quoted_path(path), len(data)))
            self._write(data)
            self._write(b"\n")

    def _write(self, raw: bytes) -> None:
        try:
            self._stdin.write(raw)
        except BrokenPipeError as error:
            raise self._failure(self._process.communicate()[1]) from error

    def _answer(self) -> CommitId:
        assert self._process.stdout is not None
        try:
            self._stdin.flush()
        except BrokenPipeError as error:
            raise self._failure(self._process.communicate()[1]) from error
        line = self._process.stdout.readline().decode().strip()
        if not line:
            raise self._failure(self._process.communicate()[1])
        return CommitId(line)

    def _failure(self, said: bytes) -> GitFailedError:
        report = self._repository.git_dir / f"fast_import_crash_{self._process.pid}"
        report.unlink(missing_ok=True)
        text = decode(said).strip()
        first = next((line for line in text.splitlines() if line.startswith(("fatal", "error"))), text)
        return GitFailedError(f"git fast-import said: {first}", stderr=text)


def write_blobs(git: Git, contents: Iterable[bytes]) -> None:
    """Write blobs that other commands can use at once. Raises `GitFailedError` when git cannot, as on a full disk."""
    parts = (part for content in contents for part in (b"blob\ndata %d\n" % len(content), content, b"\n"))
    running = git.start("fast-import", "--quiet", "--done", stdin=chain(parts, [b"done\n"]))
    try:
        running.result()
    except GitFailedError:
        report = git.text("rev-parse", "--git-path", f"fast_import_crash_{running.pid}")
        (git.directory / report).unlink(missing_ok=True)
        raise


def quoted_path(path: str) -> bytes:
    """A path as fast-import reads it: C-quoted, so that spaces, quotes and line feeds survive."""
    raw = encode(path).replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + raw + b'"'
