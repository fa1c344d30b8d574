"""One repository: where it is, what is checked out, and what its refs say."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from migrate.errors import GitFailedError, RepositoryError
from migrate.git.conversation import Conversation
from migrate.git.loose import LooseObjects, are_plain
from migrate.git.objects import CommitId, Objects, TreeId, check_algorithm
from migrate.git.process import OBJECT_NAME, Git
from migrate.text import decode

GLOBAL_BARE = ("config", "--global", "--get", "safe.bareRepository")
TRUST_BARE = "git config --global safe.bareRepository all"
PERSON = ("NAME", "EMAIL", "DATE")
SLOT = "a slot of migrate"
"""The reason with which git keeps a slot's work tree locked. Slots are known by it."""


@dataclass(frozen=True)
class Head:
    """What HEAD says: the branch it names (None when detached) and the commit (None when there is none yet)."""

    branch: str | None
    commit: CommitId | None


class Repository:
    """A repository on disk, bare or with a work tree, seen from one of its work trees."""

    def __init__(
        self, git_dir: Path, common_dir: Path, work_tree: Path | None, algorithm: str, *, may_fetch: bool = False
    ) -> None:
        self.git_dir = git_dir
        self.common_dir = common_dir
        self.work_tree = work_tree
        self.git = Git(work_tree or common_dir, may_fetch=may_fetch)
        self.objects = Objects(self.git, algorithm)
        self.tell: Callable[[str], None] = lambda _: None
        """Is given messages for the user about the place of the work."""
        self.doing = ""
        """What reflogs say of refs that move: the command at work. Empty where the reason of each operation is told."""
        self.open_gits: dict[tuple[str, ...], Conversation] = {}
        """The gits that stay open, by their arguments."""
        self._typed: dict[tuple[str, str], str | None] = {}

    @classmethod
    def open(cls, directory: Path, *, may_fetch: bool = False) -> Repository:
        """Find the repository of `directory`; with `may_fetch`, missing objects of a partial clone are fetched.

        Raises `RepositoryError` when it is in none, or in a bare one that came as files of another.
        """
        asked = Git(directory).run(
            "rev-parse",
            "--is-bare-repository",
            "--is-inside-git-dir",
            "--show-object-format",
            "--path-format=absolute",
            "--git-dir",
            "--git-common-dir",
            "--show-cdup",
            accept=(0, 128, 129),
        )
        if asked.code == 129:
            raise RepositoryError("git is too old", advice="install git 2.39 or newer")
        if asked.code == 128:
            if "cannot use bare repository" in asked.stderr:
                raise RepositoryError(
                    f'"{directory}" is in a bare repository, and your git is set not to use those that it only finds',
                    advice=f"to trust those: {TRUST_BARE}",
                )
            if "dubious ownership" in asked.stderr:
                raise RepositoryError(
                    f'git does not trust "{directory}": it belongs to another user',
                    advice=f"git config --global --add safe.directory {directory}",
                )
            raise RepositoryError(
                f'"{directory}" is not in a git repository', advice="use -C DIR to name one, or git init to make one"
            )
        bare, inside, algorithm, *places = asked.text.split("\n")
        if len(places) > 3:  # A folder above has a line feed in its name.
            folders = ("--git-dir", "--git-common-dir", "--show-cdup")
            places = [Git(directory).text("rev-parse", "--path-format=absolute", folder) for folder in folders]
        git_dir, common_dir, *up = places
        check_not_planted(Path(git_dir), directory)
        work_tree = None
        if bare == "false" and inside == "false":
            work_tree = (directory / up[0]).resolve()
        elif bare == "false":
            raise RepositoryError(
                f'"{directory}" is inside git\'s own folder', advice="use -C DIR to name the work tree"
            )
        return cls(Path(git_dir), Path(common_dir), work_tree, check_algorithm(algorithm), may_fetch=may_fetch)

    @contextmanager
    def during(self, doing: str) -> Iterator[None]:
        """Do something that moves refs, which their reflogs say, by as few gits as can be."""
        self.doing = doing
        try:
            yield
        finally:
            self.doing = ""
            for git in self.open_gits.values():
                git.result()
            self.open_gits.clear()

    def seen_from(self, git_dir: Path, work_tree: Path) -> Repository:
        """The same repository, seen from another of its work trees."""
        return Repository(git_dir, self.common_dir, work_tree, self.objects.algorithm, may_fetch=self.git.may_fetch)

    @property
    def state_dir(self) -> Path:
        """`.git/migrate`: caches and logs; deleting it loses nothing but time."""
        return self.common_dir / "migrate"

    @property
    def is_slot(self) -> bool:
        """Whether this is one of the work trees in which commands run."""
        return self.work_tree is not None and is_slot_folder(self.git_dir)

    @cached_property
    def shallow(self) -> frozenset[CommitId]:
        """The commits at which the history of a shallow clone ends: their parents are not here."""
        with suppress(OSError):
            return frozenset(map(CommitId, (self.common_dir / "shallow").read_text().split()))
        return frozenset()

    @cached_property
    def people(self) -> tuple[str, str]:
        """The author and committer of commits that are made here, in git's own form, as of the first call.

        Raises `GitFailedError` when git knows none.
        """
        author = self.git.text("var", "GIT_AUTHOR_IDENT")
        return author, author if self._is_one_person else self.git.text("var", "GIT_COMMITTER_IDENT")

    @property
    def _is_one_person(self) -> bool:
        """Whether author and committer are the same person by git's settings (git-commit-tree(1))."""
        said = (os.environ.get(f"GIT_AUTHOR_{part}") == os.environ.get(f"GIT_COMMITTER_{part}") for part in PERSON)
        return all(said) and not any(key.startswith(("author.", "committer.")) for key in self.settings)

    @cached_property
    def settings(self) -> Mapping[str, str]:
        """git's configuration as of when it was first asked for: by key, in small letters but for the middle of it.

        A key with several values has the last one; a key without a value has an empty one.
        """
        return {key: values[-1] for key, values in self._all_settings.items()}

    @cached_property
    def _all_settings(self) -> Mapping[str, Sequence[str]]:
        """The same with all values of each key, in the order in which git reads them."""
        found: dict[str, list[str]] = {}
        for key, _, value in (field.partition("\n") for field in self.git.run("config", "-z", "--list").fields()):
            found.setdefault(key, []).append(value)
        return found

    @cached_property
    def loose(self) -> LooseObjects | None:
        """The objects in files of their own; None where a setting leaves those to git."""
        return LooseObjects(self.common_dir / "objects", self.objects) if are_plain(self.settings) else None

    @property
    def null_oid(self) -> str:
        """The object name that stands for "no such ref"."""
        return "0" * (40 if self.objects.algorithm == "sha1" else 64)

    def head(self) -> Head:
        """What HEAD says now. Raises `GitFailedError` when git cannot tell."""
        told = self._head_by_files()
        if told is not None:
            return told
        asked = self.git.run("rev-parse", "HEAD", "--symbolic-full-name", "HEAD", accept=(0, 128))
        if asked.code == 0:
            commit, name = asked.text.split("\n")
            return Head(None if name == "HEAD" else name.removeprefix("refs/heads/"), CommitId(commit))
        # Before the first commit HEAD names a branch that is not there. Otherwise it was git that failed.
        unborn = self.git.run("symbolic-ref", "--quiet", "HEAD", accept=(0, 1))
        if unborn.code != 0 or self.git.run("show-ref", "--verify", "--quiet", unborn.text, accept=(0, 1)).code == 0:
            raise GitFailedError("git cannot tell where HEAD is", stderr=asked.stderr)
        return Head(unborn.text.removeprefix("refs/heads/"), None)

    def _head_by_files(self) -> Head | None:
        """The same where HEAD and the branch are files of one line each (gitrepository-layout(5)); None otherwise."""
        with suppress(OSError, ValueError):
            head = self.git_dir / "HEAD"
            said = "" if head.is_symlink() else decode(head.read_bytes()).removesuffix("\n")
            if OBJECT_NAME.fullmatch(said):
                return Head(None, CommitId(said))
            branch = said.removeprefix("ref: refs/heads/")
            if branch != said:
                oid = decode((self.common_dir / "refs/heads" / branch).read_bytes()).removesuffix("\n")
                return Head(branch, CommitId(oid)) if OBJECT_NAME.fullmatch(oid) else None
        return None

    def commit(self, revision: str) -> CommitId | None:
        """The commit that a revision names, or None."""
        (found,) = self.objects.reader.about([revision + "^{commit}"])
        return CommitId(found.oid) if found is not None else None

    def tree_of(self, revision: str) -> TreeId:
        """The tree of a commit. Raises `GitFailedError` when there is none."""
        (found,) = self.objects.reader.about([revision + "^{tree}"])
        if found is not None:
            return TreeId(found.oid)
        options = ("--verify", "--end-of-options")  # It says why.
        return TreeId(self.git.ask("rev-parse", *options, revision + "^{tree}", about=[revision]).text)

    def config(self, key: str, kind: str | None = None) -> str | None:
        """One value of git's configuration, or None; `kind` is a type of `git config --type`.

        Raises `GitFailedError` where the value is of another type.
        """
        section, _, rest = key.partition(".")
        middle, _, name = rest.rpartition(".")
        folded = ".".join(filter(None, (section.lower(), middle, name.lower())))
        if folded not in self.settings or kind is None:
            return self.settings.get(folded)
        if (folded, kind) not in self._typed:
            found = self.git.run("config", f"--type={kind}", "--get", key, accept=(0, 1))
            self._typed[folded, kind] = found.text if found.code == 0 else None
        return self._typed[folded, kind]

    def fetched(self, remote: str) -> tuple[str, ...]:
        """The refs of a remote that a fetch brings, as git's configuration says."""
        specs = " ".join(self._all_settings.get(f"remote.{remote}.fetch", ())).split()
        return tuple(each.removeprefix("+").partition(":")[0] for each in specs)

    @cached_property
    def remotes(self) -> tuple[str, ...]:
        """The names of all remotes."""
        named = (key.removeprefix("remote.").rpartition(".")[0] for key in self.settings if key.startswith("remote."))
        return tuple(sorted({name for name in named if name and not name.startswith("/")}))

    def fetches_all(self, remote: str) -> bool:
        """Whether a fetch of a remote brings every branch that it has."""
        return any(each in ("refs/heads/*", "refs/*") for each in self.fetched(remote))

    def is_ancestor(self, old: str, new: str) -> bool:
        """Whether `new` contains `old`."""
        return (
            old == new
            or self.git.ask("merge-base", "--is-ancestor", old, new, about=[old, new], accept=(0, 1)).code == 0
        )


def check_not_planted(git_dir: Path, directory: Path) -> None:
    """Raise `RepositoryError` for a bare repository among the files of another one.

    A clone brings such files as it brings any, and with them a configuration that nobody chose: it names programs, and
    git heeds it in each folder below. `safe.bareRepository=explicit` is git's own word for that; here only those are
    refused that stand inside a work tree, because a bare repository by itself is a place to work in.
    """
    if git_dir.name == ".git" or not directory.resolve().is_relative_to(git_dir.resolve()):
        return
    around = next((folder for folder in git_dir.resolve().parents if os.path.lexists(folder / ".git")), None)
    if around is None or Git(around).run(*GLOBAL_BARE, accept=(0, 1)).text == "all":
        return
    raise RepositoryError(
        f'"{git_dir}" is a bare repository among the files of "{around}", and its settings may run anything',
        advice=f"migrate -C {shlex.quote(str(around))} status uses the one around it; "
        f"if you trust this one and all others like it: {TRUST_BARE}",
    )


def is_slot_folder(git_dir: Path) -> bool:
    """Whether the work tree that one of git's own folders is for is a slot."""
    with suppress(OSError):
        return (git_dir / "locked").read_text(errors="replace").strip() == SLOT
    return False
