"""The faults: where a command can be struck, and putting one of them into a child.

A first run without a fault counts the points. Each is then struck in turn, so nothing has to be known of how a command
does its work.
"""

from __future__ import annotations

import builtins
import errno
import io
import json
import os
import shlex
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from migrate.git.writer import CommitWriter

WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
EVENTS = frozenset(
    {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.utime"}
)
"""What Python tells an audit hook before it changes a file system, beside `open`."""


class Stream(Enum):
    """The sequences of points that a run goes through."""

    PROCESS = "process"
    """Before and after the start of every process, before and after each git is waited for."""
    GIT = "git"
    """The start of every git."""
    WRITE = "write"
    """Before everything that the program itself writes: files, folders, and what goes to `git fast-import`."""
    PREPARED = "prepared"
    """Every transaction of refs whose locks are held and of which nothing has moved."""
    COMMITTED = "committed"
    """Every transaction of refs that has moved them, before anybody was told."""


class Kind(Enum):
    """What happens at a point."""

    KILLED = "killed"
    KILLED_WRITING = "killed before a write"
    GIT_FAILS = "git fails"
    GIT_FULL = "git finds the disk full"
    DISK_FULL = "the disk is full"
    GROUP_PREPARED = "all killed with a transaction prepared"
    GROUP_HALF = "all killed in the middle of a transaction"
    GROUP_COMMITTED = "all killed with a transaction committed"

    @property
    def stream(self) -> Stream:
        """The points at which it can happen."""
        return STREAMS[self]

    @property
    def kills(self) -> bool:
        """Whether the command gets no chance to say anything."""
        return self not in (Kind.GIT_FAILS, Kind.GIT_FULL, Kind.DISK_FULL)

    @property
    def takes_git_along(self) -> bool:
        """Whether git itself is killed, so that what it held stays locked."""
        return self in IN_TRANSACTIONS


STREAMS = {
    Kind.KILLED: Stream.PROCESS,
    Kind.KILLED_WRITING: Stream.WRITE,
    Kind.GIT_FAILS: Stream.GIT,
    Kind.GIT_FULL: Stream.GIT,
    Kind.DISK_FULL: Stream.WRITE,
    Kind.GROUP_PREPARED: Stream.PREPARED,
    Kind.GROUP_HALF: Stream.PREPARED,
    Kind.GROUP_COMMITTED: Stream.COMMITTED,
}
INTENT = "refs/migrate/tidy/intent"
IN_TRANSACTIONS = (Kind.GROUP_PREPARED, Kind.GROUP_HALF, Kind.GROUP_COMMITTED)
SAYS = {
    Kind.GIT_FAILS: "fatal: injected",
    Kind.GIT_FULL: "error: unable to write file: No space left on device",
}


@dataclass(frozen=True)
class Fault:
    """One kind of fault at one point, counted from 0."""

    kind: Kind
    point: int
    place: str = ""
    """What the command was about to do there."""

    def __str__(self) -> str:
        return f"{self.kind.value}, {self.kind.stream.value} {self.point}: {self.place}"


@dataclass
class Injector:
    """What stands in a child between the program and the system. Without a fault it writes down the points."""

    inherited: int
    """A descriptor for every process that is started."""
    fault: Fault | None = None
    record: int | None = None
    """A descriptor to which the points are written, one a line."""
    counts: dict[Stream, int] = field(default_factory=lambda: defaultdict(int))
    quiet: int = 0
    """More than 0 while what happens is not the program's doing but ours, or part of a point already counted."""

    def install(self) -> None:
        """Put it in place, for the rest of this process's life."""
        self._wrap_processes()
        self._wrap_files()
        self._wrap_import()
        sys.addaudithook(self._audit)

    def reached(self, stream: Stream, place: str) -> bool:
        """Count a point, and strike it if it is the one: kill, raise `OSError`, or say True for a git to be replaced."""
        number = self.counts[stream]
        self.counts[stream] += 1
        if self.record is not None:
            os.write(self.record, f"{stream.value}\t{place}\n".encode("utf-8", "backslashreplace"))
        fault = self.fault
        if fault is None or (fault.kind.stream, fault.point) != (stream, number):
            return False
        if fault.kind.kills:
            os.kill(os.getpid(), signal.SIGKILL)
        if fault.kind is Kind.DISK_FULL:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return True

    def _wrap_processes(self) -> None:
        start = subprocess.Popen.__init__

        def starting(process: subprocess.Popen[bytes], command: Sequence[str], *rest: Any, **options: Any) -> None:
            process.words = shown(command)
            self.reached(Stream.PROCESS, f"before the start of {process.words}")
            if is_git(command) and self.reached(Stream.GIT, process.words):
                assert self.fault is not None
                command = ["sh", "-c", f"echo {shlex.quote(SAYS[self.fault.kind])} >&2; exit 128"]
            options["pass_fds"] = (*options.get("pass_fds", ()), self.inherited)
            self._silently(lambda: start(process, command, *rest, **options))
            self.reached(Stream.PROCESS, f"after the start of {process.words}")

        subprocess.Popen.__init__ = starting
        for name in ("communicate", "wait"):
            setattr(subprocess.Popen, name, self._waiting(getattr(subprocess.Popen, name)))

    def _waiting(self, wait: Callable[..., Any]) -> Callable[..., Any]:
        def waiting(process: subprocess.Popen[bytes], *rest: Any, **options: Any) -> Any:
            # How often a validation is looked at depends on the clock; that is no point to come back to.
            if self.quiet or process.returncode is not None or not process.words.startswith("git "):
                return wait(process, *rest, **options)
            self.reached(Stream.PROCESS, f"before the end of {process.words}")
            done = self._silently(lambda: wait(process, *rest, **options))
            self.reached(Stream.PROCESS, f"after the end of {process.words}")
            return done

        return waiting

    def _silently(self, action: Callable[[], Any]) -> Any:
        self.quiet += 1
        try:
            return action()
        finally:
            self.quiet -= 1

    def _wrap_files(self) -> None:
        opened = io.open

        def opening(file: Any, mode: str = "r", *rest: Any, **options: Any) -> Any:
            made = opened(file, mode, *rest, **options)
            return Written(made, self) if set(mode) & set("wax+") and not self.quiet else made

        io.open = builtins.open = opening

    def _wrap_import(self) -> None:
        write = CommitWriter._write

        def writing(writer: CommitWriter, raw: bytes) -> None:
            self.reached(Stream.WRITE, f"{raw[:30]!r} to git fast-import")
            write(writer, raw)

        CommitWriter._write = writing

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if self.quiet or not (event in EVENTS or event == "open"):
            return
        if event == "open" and (not isinstance(arguments[2], int) or not arguments[2] & WRITING):
            return
        if arguments[0] == os.devnull:
            return
        self.quiet += 1
        try:
            what = " ".join(Path(os.fsdecode(a)).name for a in arguments if isinstance(a, str | bytes | os.PathLike))
            self.reached(Stream.WRITE, f"{event} {what}")
        finally:
            self.quiet -= 1


class Written:
    """A file that is open for writing, each write a point."""

    def __init__(self, file: Any, injector: Injector) -> None:
        self._file = file
        self._injector = injector

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> Written:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __iter__(self) -> Any:
        return iter(self._file)

    def write(self, data: Any) -> Any:
        """Write, when nothing strikes first."""
        self._injector.reached(Stream.WRITE, f"write to {self._file.name}")
        return self._file.write(data)


def is_git(command: Sequence[str]) -> bool:
    """Whether a command line runs git."""
    return not isinstance(command, str) and Path(command[0]).name == "git"


def shown(command: Sequence[str]) -> str:
    """A command line in a few words: git without what is the same in all of them."""
    words = [command] if isinstance(command, str) else [str(word) for word in command]
    if is_git(words):
        settings = {index for index, word in enumerate(words) if word == "-c"}
        words = [word for i, word in enumerate(words) if i not in settings and i - 1 not in settings]
    return " ".join(words)[:90].replace("\n", " ").replace("\t", " ")


HOOK = """\
#!/bin/sh
test "$1" = {state} || exit 0
cat >>{count}.refs
echo {state} >>{count}
test "$(wc -l <{count})" -ne {number} || kill -KILL 0
"""


def count_transactions(git_dir: Path, state: Stream, number: int = 0) -> Path:
    """Install a hook that kills the whole process group when `state` is reached for the `number`-th time, from 1.

    Returns the file that gets a line each time.
    """
    count = git_dir / f"chaos-{state.value}"
    hook = git_dir / "hooks/reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(HOOK.format(state=state.value, count=shlex.quote(str(count)), number=number))
    hook.chmod(0o755)
    return count


def go_half_way(git_dir: Path) -> None:
    """Do what git does after a transaction is prepared, and stop in the middle: half of the refs have moved.

    git gives each ref its value by a rename of its lock, one after the other in the order of the transaction, which is
    that of the journal's entry. Then it removes the refs that go, of which the locks are empty, the intent last.
    """
    said = subprocess.run(["git", "log", "-1", "--format=%b", INTENT], cwd=git_dir, capture_output=True, check=False)
    order = [ref["ref"] for ref in json.loads(said.stdout)["refs"]] if said.stdout.strip() else []

    def place(lock: Path) -> tuple[bool, int]:
        ref = str(lock.relative_to(git_dir).with_suffix(""))
        return lock.stat().st_size == 0, order.index(ref) if ref in order else len(order)

    locks = sorted((git_dir / "refs").rglob("*.lock"), key=place)
    for lock in locks[: (len(locks) + 1) // 2]:
        ref = lock.with_suffix("")
        if lock.stat().st_size:
            # git writes the reflog first (`files_transaction_finish` in its refs/files-backend.c).
            log = git_dir / "logs" / ref.relative_to(git_dir)
            log.parent.mkdir(parents=True, exist_ok=True)
            log.touch()
            lock.rename(ref)
        else:
            ref.unlink(missing_ok=True)
            lock.unlink()
