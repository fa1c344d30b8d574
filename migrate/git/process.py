"""Running git.

Every call is an argument list, its environment is clean and its output is bytes. Reading objects one by one goes
through GitPython instead (`objects.py`), which keeps one `git cat-file --batch` open.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from migrate.errors import GitFailedError, MissingObjectError, RepositoryError
from migrate.text import decode, printable_lines

KEPT_VARIABLES = frozenset(
    {
        "GIT_EXEC_PATH",
        "GIT_SSH",
        "GIT_SSH_COMMAND",
        "GIT_SSH_VARIANT",
        "GIT_SSL_CAINFO",
        "GIT_SSL_NO_VERIFY",
        "GIT_ASKPASS",
        "GIT_TERMINAL_PROMPT",
        "GIT_ALLOW_PROTOCOL",
        "GIT_NO_LAZY_FETCH",
        "GIT_HTTP_PROXY_AUTHMETHOD",
        "GIT_EDITOR",
        "GIT_SEQUENCE_EDITOR",
        "GIT_PAGER",
    }
)
OFFLINE = {"GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": ""}
"""Keeps git from fetching an object that a partial clone left out: that would run what the repository's
configuration names (`remote.*.uploadpack`, `core.sshCommand`) and use the network. The first is known to git 2.45 and
to security releases of older ones; without it git still asks whether the transport is allowed before it starts
anything (`transport_check_allowed` in its transport.c)."""
LAUNCHER = "__PYVENV_LAUNCHER__"
"""Set on macOS by the Python that runs us; every other Python would take our environment for its own (bpo-22490)."""
LEFT_OUT = re.compile(r"could not fetch ([0-9a-f]{40,64}) from promisor remote")
"""git's message about a missing object (`promisor_remote_get_direct` in its promisor-remote.c)."""
OBJECT_NAME = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
"""The full name of an object, by SHA-1 or by SHA-256."""
LONG = 1 << 18
"""Answers of more bytes than this are not kept in memory."""

KEPT_PREFIXES = ("GIT_CONFIG", "GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_TRACE", "GIT_LFS_")


def seal_environment() -> None:
    """Drop the `GIT_*` variables that would point git at another repository, index or work tree.

    A hook and `git rebase --exec` set them for their children; `git migrate` inside one would otherwise write to the
    wrong index. The list of what may stay follows pre-commit's `no_git_env`.
    """
    for name in filter(is_foreign_variable, list(os.environ)):
        del os.environ[name]


def is_foreign_variable(name: str) -> bool:
    """Whether a variable would point git elsewhere; a phase may have set one since."""
    return name.startswith("GIT_") and name not in KEPT_VARIABLES and not name.startswith(KEPT_PREFIXES)


def own_environment() -> dict[str, str]:
    """The variables of this process without those that would point git elsewhere."""
    return {name: value for name, value in os.environ.items() if not is_foreign_variable(name)}


@contextmanager
def sealed() -> Iterator[None]:
    """Keep variables that would point git elsewhere from what a library starts in the block."""
    foreign = {name: os.environ.pop(name) for name in list(os.environ) if is_foreign_variable(name)}
    try:
        yield
    finally:
        os.environ.update(foreign)


@dataclass(frozen=True)
class Result:
    """What one git command gave back."""

    code: int
    stdout: bytes
    stderr: str

    @property
    def text(self) -> str:
        """Standard output as text without its last line feed."""
        return decode(self.stdout).removesuffix("\n")

    def fields(self) -> list[str]:
        """The NUL-terminated fields of `-z` output."""
        return [decode(field) for field in self.stdout.split(b"\0")[:-1]]


class Running:
    """A git command that works while something else is done. It is either waited for or stopped."""

    def __init__(self, arguments: Sequence[str], process: subprocess.Popen[bytes]) -> None:
        self._arguments = arguments
        self._process = process

    @property
    def pid(self) -> int:
        """The id of its process."""
        return self._process.pid

    @property
    def output(self) -> IO[bytes]:
        """Its standard output, to be read while it works."""
        assert self._process.stdout is not None
        return self._process.stdout

    def result(self, accept: Sequence[int] | None = (0,)) -> Result:
        """What it gave back, when it is done. Raises `GitFailedError` when the exit code is not in `accept`."""
        try:
            stdout, stderr = self._process.communicate()
        except BaseException:
            self.stop()
            raise
        return check_result(self._arguments, Result(self._process.returncode, stdout, decode(stderr).strip()), accept)

    def stop(self) -> None:
        """Stop it: nobody needs the answer."""
        self._process.kill()
        self._process.communicate()


class Git:
    """git commands in one repository or work tree.

    Unless it `may_fetch`, git uses no network, and an object that a partial clone left out is an error, because merely
    looking must not do either.
    """

    def __init__(self, directory: Path, *, may_fetch: bool = False) -> None:
        self.directory = directory
        self._answers: dict[tuple[tuple[str, ...], bytes], Result] = {}
        self.may_fetch = may_fetch

    def online(self) -> Git:
        """The same, where the network is what is asked for."""
        return Git(self.directory, may_fetch=True)

    def environment(self, more: Mapping[str, str] | None = None) -> dict[str, str]:
        """The environment of every git command, and `more`."""
        return git_environment(more) | ({} if self.may_fetch else OFFLINE)

    def run(
        self,
        *arguments: str,
        stdin: bytes = b"",
        accept: Sequence[int] = (0,),
        env: Mapping[str, str] | None = None,
    ) -> Result:
        """Run `git ARGUMENTS`.

        Raises `GitFailedError` when the exit code is not in `accept`, `MissingObjectError` when that is for an object
        that a partial clone left out, `RepositoryError` when there is no git.
        """
        try:
            done = subprocess.run(
                git_command(arguments),
                cwd=self.directory,
                input=stdin,
                capture_output=True,
                env=self.environment(env),
                check=False,
            )
        except (FileNotFoundError, NotADirectoryError) as error:
            raise missing_object(error, self.directory) from None
        return check_result(arguments, Result(done.returncode, done.stdout, decode(done.stderr).strip()), accept)

    def ask(self, *arguments: str, about: Iterable[str], stdin: bytes = b"", accept: Sequence[int] = (0,)) -> Result:
        """Run `git ARGUMENTS`, which only reads the objects that `about` names.

        If all of these are full object names, the answer never changes and is kept. A failure, a missing object (which
        a fetch may bring) and an answer that is too long are not kept.
        """
        known = self._answers.get((arguments, stdin))
        if known is None:
            known = self.run(*arguments, stdin=stdin, accept=accept)
            is_short = known.code == 0 and len(known.stdout) <= LONG
            if is_short and b" missing\n" not in known.stdout and all(map(OBJECT_NAME.fullmatch, about)):
                self._answers[arguments, stdin] = known
        return known

    def start(
        self, *arguments: str, stdin: bytes | Iterable[bytes] = b"", env: Mapping[str, str] | None = None
    ) -> Running:
        """Begin `git ARGUMENTS`, a command that reads all of `stdin` before it prints, and do not wait for it.

        Any command reads input that fits into a pipe.

        Raises `RepositoryError` when there is no git.
        """
        try:
            process = subprocess.Popen(
                git_command(arguments),
                cwd=self.directory,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self.environment(env),
            )
        except (FileNotFoundError, NotADirectoryError) as error:
            raise missing_object(error, self.directory) from None
        assert process.stdin is not None
        # A command that ends before it has read says why in its result.
        with suppress(BrokenPipeError), process.stdin as pipe:
            pipe.writelines([stdin] if isinstance(stdin, bytes) else stdin)
        process.stdin = None
        return Running(arguments, process)

    def text(self, *arguments: str) -> str:
        """Standard output of `git ARGUMENTS` without its last line feed."""
        return self.run(*arguments).text

    def succeeds(self, *arguments: str) -> bool:
        """Whether `git ARGUMENTS` exits with 0 rather than 1."""
        return self.run(*arguments, accept=(0, 1)).code == 0


def git_command(arguments: Sequence[str]) -> list[str]:
    """The words that run git."""
    # core.fsmonitor may name a program of the repository; looking must not run it.
    return ["git", "-c", "core.fsmonitor=false", *arguments]


def git_environment(more: Mapping[str, str] | None) -> dict[str, str]:
    """The environment of every git command, and `more`.

    Messages come in English so that none has to be parsed in another language. That is for git alone: what runs on the
    user's behalf has the user's language (`user_environment`).
    """
    ours = {"GIT_LITERAL_PATHSPECS": "1", "GIT_OPTIONAL_LOCKS": "0", "LANGUAGE": ""}
    return {**own_environment(), "LC_ALL": "C.UTF-8", **ours, **(more or {})}


def user_environment(folder: Path) -> dict[str, str]:
    """The environment of programs that run in a folder on the user's behalf: the user's own, without our changes.

    The shell's notes of where the user stands would lead back into the checkout.
    """
    left_out = ("OLDPWD", LAUNCHER)
    return {**{name: value for name, value in own_environment().items() if name not in left_out}, "PWD": str(folder)}


def check_result(arguments: Sequence[str], result: Result, accept: Sequence[int] | None) -> Result:
    """A result whose exit code is in `accept`, or any where that is None. Raises `GitFailedError` for another one."""
    if accept is not None and result.code not in accept:
        raise git_failed(arguments, result)
    return result


def missing_object(error: OSError, directory: Path) -> RepositoryError:
    """The error for a git or a folder that is not there."""
    if directory.is_dir():
        return RepositoryError("git is not installed, or not on PATH", advice="install git 2.39 or newer")
    return RepositoryError(f'no folder "{directory}"', advice=str(error.strerror))


def git_failed(arguments: Sequence[str], result: Result) -> GitFailedError:
    """The error for a git command that exited with a code nobody expected."""
    left_out = LEFT_OUT.search(result.stderr)
    if left_out is not None:
        return MissingObjectError(left_out[1], stderr=result.stderr)
    ending = f"exit code {result.code}" if result.code >= 0 else f"it was killed by signal {-result.code}"
    said = printable_lines(result.stderr) or ending
    return GitFailedError(f"git {git_verb(arguments)} said: {said}", stderr=result.stderr)


def git_verb(arguments: Sequence[str]) -> str:
    """The command among the words, behind settings."""
    before = ("", *arguments)
    return next(word for word, last in zip(arguments, before, strict=False) if "-c" not in (word, last))
