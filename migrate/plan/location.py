"""Where a plan is read from.

A plan that is tracked on its base branch is read from there, whatever is checked out: so every clone runs the same
phases, also on a branch that is older than the plan, and nobody runs what somebody tries out on another branch. When
the base branch itself is checked out, its work tree counts, edits included. A plan that git does not track there is
read from disk, and one that is named by `--plan` always is.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path, PurePosixPath

import tomli

from migrate.errors import PlanError
from migrate.git.objects import BlobId, CommitId
from migrate.git.refs import is_branch_name, read_refs, read_refs_and_head
from migrate.git.repository import Head, Repository
from migrate.limits import PHASE_FILES_BYTES, PLAN_BYTES
from migrate.plan.checkout import Tracked, check_out_plan, inner_path
from migrate.plan.names import base_ref
from migrate.plan.remote import REMOTE, remote_here
from migrate.templating.reading import read_regular

PLACES = ("migrate.toml", "phases/migrate.toml")
"""The usual places of a plan, in the order in which they are tried."""

USUAL_BASES = ("main", "master", "trunk", "develop")
"""Branches that are tried for a plan that is not in the work tree, after the remote's default branch."""


class PlanOrigin(StrEnum):
    """What a plan was read from."""

    NAMED = "named"
    """The file that `--plan` names."""
    DISK = "disk"
    """A file that the base branch does not have."""
    WORK_TREE = "work-tree"
    """The work tree of the base branch."""
    BASE = "base"
    """A commit of the base branch."""


@dataclass(frozen=True)
class PlanLocation:
    """Where a plan was read from.

    `path` is the file to read; `top` is the folder that stands for the top of the repository, None for a plan outside
    it; `shown` what people call the file. `commit` and `branch` are those of the base, for a plan that was read from
    there. `differs` says that the present branch has another copy of it, which is not used.
    """

    path: Path
    origin: PlanOrigin
    shown: str
    top: Path | None = None
    commit: CommitId | None = None
    branch: str = ""
    differs: bool = False
    there: CommitId | None = None
    """The commit of the base branch on the remote, for a tracked plan, when it differs from the one here."""
    tracked: Tracked | None = None
    """The plan and its folders in the base, when it is tracked there."""

    def label(self, path: Path) -> str:
        """A file of the plan as a person would type it: relative to the current folder, or `main:phases/p01.py`."""
        if self.origin is PlanOrigin.BASE and self.top is not None and path.is_relative_to(self.top):
            return f"{self.branch}:{path.relative_to(self.top).as_posix()}"
        return display_path(path)

    def inside(self, path: Path) -> str | None:
        """A file or folder of the plan as a path in the repository; None when it is outside."""
        if self.top is None or not path.is_relative_to(self.top):
            return None
        return path.relative_to(self.top).as_posix()

    def is_same_at(self, repository: Repository, commit: CommitId) -> bool:
        """Whether another commit of the base has the same plan and phases."""
        inside = self.inside(self.path)
        return inside is not None and tracked_at(repository, commit, inside) == self.tracked

    @property
    def sentence(self) -> str:
        """Where the plan was read from, in words."""
        if self.origin is not PlanOrigin.BASE:
            return f"{self.shown}, from your work tree" if self.origin is PlanOrigin.WORK_TREE else self.shown
        assert self.commit is not None
        copy = "; the copy in your work tree differs and is not used" if self.differs else ""
        return f"{self.shown} on {self.branch} at {self.commit[:7]}{copy}"

    def as_json(self) -> dict[str, object]:
        """Where the plan was read from, for programs."""
        return {"file": self.shown, "from": str(self.origin), "commit": self.commit, "differs": self.differs}


def find_plan_location(
    repository: Repository, directory: Path, named: Path | None, base: CommitId | None = None
) -> PlanLocation:
    """Find the plan that a command is about.

    `directory` is where the command was typed, `named` the file of `--plan`. `base` is the commit to which the base
    branch is about to move, if it is. Raises `PlanError` when there is no plan.
    """
    if named is not None:
        return named_plan_location(repository, named)
    on_disk = first_on_disk(repository, directory)
    if on_disk is None:
        return plan_location_on_base(repository) or no_plan()
    inside = path_inside(repository, on_disk)
    if inside is None or repository.work_tree is None:
        return PlanLocation(on_disk, PlanOrigin.DISK, display_path(on_disk))
    said = stated_base(read_migration_table(on_disk))
    said = replace(said, remote=remote_here(repository, said.remote, said.base))
    refs, head = base_refs(repository, said)
    ref = base_ref(refs, said.base, said.remote)
    commit, theirs = base or refs.get(ref or ""), refs.get(f"refs/remotes/{said.remote}/{said.base}")
    there = theirs if theirs != commit else None
    tracked = tracked_at(repository, commit, inside) if commit is not None else None
    if commit is None or tracked is None:
        return PlanLocation(on_disk, PlanOrigin.DISK, display_path(on_disk), repository.work_tree)
    is_checked_out = head.branch == said.base
    if is_checked_out and (base is None or changed_here(repository, inside)):
        return PlanLocation(
            on_disk, PlanOrigin.WORK_TREE, display_path(on_disk), repository.work_tree, there=there, tracked=tracked
        )
    laid = check_out_plan(repository, inside, tracked)
    is_theirs = commit == theirs and commit != refs.get(f"refs/heads/{said.base}")
    branch = f"{said.remote}/{said.base}" if is_theirs else said.base
    differs = differs_here(repository, tracked, inside)
    return PlanLocation(laid / inside, PlanOrigin.BASE, inside, laid, commit, branch, differs, there, tracked)


def display_path(path: Path) -> str:
    """A path as a person would type it: relative to the current folder when it is below that."""
    with suppress(ValueError, OSError):
        return str(path.relative_to(Path.cwd()))
    return str(path)


def named_plan_location(repository: Repository, named: Path) -> PlanLocation:
    """The plan that `--plan` names. Raises `PlanError` when there is none."""
    if not named.is_file():
        raise PlanError(f'there is no plan at "{named}"', advice="migrate init writes one")
    path = named.absolute()
    return PlanLocation(
        path, PlanOrigin.NAMED, display_path(path), repository.work_tree if path_inside(repository, path) else None
    )


def first_on_disk(repository: Repository, directory: Path) -> Path | None:
    """The first plan at its usual places: where the command was typed, then at the top of the work tree."""
    folders = (directory, repository.work_tree)
    found = (folder / place for folder in folders if folder is not None for place in PLACES)
    return next((path for path in found if path.is_file()), None)


def no_plan() -> PlanLocation:
    """Raise the error that says that there is no plan."""
    raise PlanError(
        f"there is no plan: no {' or '.join(PLACES)} here, and none on the base branch",
        advice="migrate init writes one; --plan FILE names one that is elsewhere",
    )


def path_inside(repository: Repository, path: Path) -> str | None:
    """A file as a path in the repository; None when it is outside."""
    top = repository.work_tree
    with suppress(ValueError, OSError):
        if top is not None:
            return path.resolve().relative_to(top.resolve()).as_posix()
    return None


@dataclass(frozen=True)
class StatedBase:
    """What a plan says about where things are, before it is checked."""

    base: str = "main"
    remote: str = REMOTE
    phases: str = "phases"
    templates: str | None = None


def migration_table(raw: bytes) -> Mapping[str, object]:
    """The table `[migration]` of a text; empty when there is none, or the text is not TOML."""
    with suppress(ValueError, RecursionError):
        found = tomli.loads(raw.decode("utf-8")).get("migration")
        return found if isinstance(found, dict) else {}
    return {}


def stated_base(raw: bytes) -> StatedBase:
    """What the text of a plan says; a missing or malformed value counts as not given."""
    table = migration_table(raw) if len(raw) <= PLAN_BYTES else {}
    said = {key: value for key in ("base", "remote", "phases", "templates") if isinstance(value := table.get(key), str)}
    return StatedBase(**{key: value for key, value in said.items() if value and "\0" not in value})


def read_migration_table(path: Path) -> bytes:
    """The content of a plan on disk; empty when it cannot be read. Whoever reads it next reports why."""
    with suppress(OSError):
        return read_regular(path, PHASE_FILES_BYTES)
    return b""


def base_refs(repository: Repository, said: StatedBase) -> tuple[dict[str, CommitId], Head]:
    """The base branch here and on the remote, with their commits, and what HEAD names."""
    if not is_branch_name(repository, said.base):
        return {}, repository.head()
    return read_refs_and_head(repository, f"refs/heads/{said.base}", f"refs/remotes/{said.remote}/{said.base}")


def tracked_at(repository: Repository, commit: CommitId, inside: str) -> Tracked | None:
    """A plan and its folders in a commit; None when one of them is missing, or outside the repository."""
    found = plan_in(repository, commit, inside)
    if found is None:
        return None
    oid, raw = found
    said = stated_base(raw)
    parent = str(PurePosixPath(inside).parent)
    wanted = [inner_path(parent, said.phases), *([inner_path(parent, said.templates)] if said.templates else [])]
    if None in wanted:
        return None
    trees = repository.objects.folders_of(commit, [path for path in wanted if path is not None])
    if wanted[0] not in trees and said.phases == StatedBase.phases:
        own = inner_path(parent, ".")
        trees |= repository.objects.folders_of(commit, [own or ""])
        wanted[0] = own
    folders = {path: trees[path] for path in wanted if path is not None and path in trees}
    return Tracked(oid, folders) if len(folders) == len(set(wanted)) else None


def plan_in(repository: Repository, commit: CommitId, path: str) -> tuple[BlobId, bytes] | None:
    """The plan at a path of a commit, and its text; None when there is none, or it is too large."""
    entry, size = repository.objects.sizes(commit, path).get(path, (None, 0))
    if entry is None or not entry.is_text_candidate or size > PLAN_BYTES:
        return None
    return entry.oid, next(repository.objects.blobs([entry.oid]))[1]


def plan_location_on_base(repository: Repository) -> PlanLocation | None:
    """A plan that only the base branch has: the current branch is older than it, or has no files."""
    refs = read_refs(repository, "refs/heads", "refs/remotes")
    branches: dict[str, CommitId] = {}
    for name in (*remote_heads(repository), *USUAL_BASES, repository.config("init.defaultBranch") or ""):
        for ref in (f"refs/heads/{name}", *(ref for ref in refs if ref.startswith("refs/remotes/"))):
            if ref in refs and (ref.startswith("refs/heads/") or ref.split("/", 3)[3:] == [name]):
                branches.setdefault(name, refs[ref])
    if repository.work_tree is not None:  # The base is checked out, so its work tree counts, and that has no plan.
        branches.pop(repository.head().branch or "", None)
    for branch, commit in branches.items():
        for place in PLACES:
            found = plan_in(repository, commit, place)
            if found is not None and stated_base(found[1]).base == branch:
                tracked = tracked_at(repository, commit, place)
                if tracked is not None:
                    laid = check_out_plan(repository, place, tracked)
                    return PlanLocation(laid / place, PlanOrigin.BASE, place, laid, commit, branch)
    return None


def remote_heads(repository: Repository) -> list[str]:
    """The default branches of the remotes."""
    listed = repository.git.text("for-each-ref", "--format=%(symref:lstrip=3)", "refs/remotes/*/HEAD")
    return [name for name in listed.split("\n") if name]


def changed_here(repository: Repository, inside: str) -> bool:
    """Whether the work tree has a plan or phases that are not committed."""
    commit = repository.head().commit
    tracked = tracked_at(repository, commit, inside) if commit is not None else None
    if tracked is None or differs_here(repository, tracked, inside):
        return True
    places = (inside, *map(pathspec, tracked.folders))
    return bool(repository.git.run("ls-files", "--others", "--exclude-standard", "-z", "--", *places).stdout)


def differs_here(repository: Repository, tracked: Tracked, inside: str) -> bool:
    """Whether the plan or the phases of the work tree differ from those of a commit.

    This does not ask git, because git would run filters of the repository. Line ends make no difference.
    """
    top, objects = repository.work_tree, repository.objects
    if top is None:
        return False
    entries = {inside: tracked.blob}
    for folder, tree in tracked.folders.items():
        found = objects.tree(tree)
        entries |= {
            f"{folder}/{path}".lstrip("/"): e.oid for path, e in found.items() if e.is_text_candidate and folder
        }
    for path, oid in entries.items():
        file = top / path
        raw = read_migration_table(file) if file.is_file() else None
        if raw is None or oid not in (objects.hash_blob(raw), objects.hash_blob(raw.replace(b"\r\n", b"\n"))):
            return True
    return False


def pathspec(folder: str) -> str:
    """A folder as a pathspec of git."""
    return folder or "."
