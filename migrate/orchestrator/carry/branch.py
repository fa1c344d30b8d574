"""Carrying one branch across the migration: the phases run on every commit of it.

First each commit goes onto the base as it was without the migration, as `git rebase` would bring it there: it conflicts
where it would have conflicted without any migration, and nowhere else. Then the phases run on each result. What a
commit changed between two such trees is what it changes on top of the stack; where the stack's tip is just what the
phases make, that tree is the result, and nothing is merged at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from migrate.engines.registry import engine_of_file
from migrate.errors import PathError, RefusedError
from migrate.execution.tools import commit_of_overlay, tool_runner
from migrate.git.commit_signing import sign_commits
from migrate.git.history import Commit, changes_between, entries_after
from migrate.git.merge import ConflictError, cherry_pick, synthetic
from migrate.git.objects import SYMLINK, CommitId, TreeId
from migrate.git.paths import check_entry
from migrate.git.writer import CommitWriter, commit_identity
from migrate.orchestrator.carry.plan import CarryPlan
from migrate.orchestrator.replay.conflict import DoesNotFitError
from migrate.phase.runner import Chain, run_chain
from migrate.stack.project import Project
from migrate.tree.overlay import Overlay


@dataclass(frozen=True)
class CarriedBranch:
    """A branch on the other side of the migration, which stands on `target`. `tip` may be what nothing names yet."""

    target: CommitId
    tip: CommitId
    commits: tuple[Commit, ...]
    """The commits of the branch that are there again, oldest first."""
    dropped: tuple[Commit, ...]
    """Those that change nothing there, and merges whose resolution no longer fits."""


class BranchCarrier:
    """One branch on its way."""

    def __init__(
        self,
        project: Project,
        name: str,
        carry_plan: CarryPlan,
        resolutions: Mapping[str, TreeId],
        migrated: dict[tuple[tuple[str, ...], TreeId], TreeId],
    ) -> None:
        self._project = project
        self._repository = project.repository
        self._name = name
        self._carry_plan = carry_plan
        self._resolutions = resolutions
        self._phases = tuple(phase.id for phase in carry_plan.missing)
        self._migrated = migrated
        self._target = self._repository.objects.tree(carry_plan.target)

    def carry(self) -> CarriedBranch:
        """Make the commits on top of the stack.

        Raises `DoesNotFitError` at a conflict, `RefusedError` where the phases cannot run on a commit of the branch, or
        one holds what git can check out nowhere.
        """
        carry_plan = self._carry_plan
        tree_of = self._repository.tree_of
        before, here = self._migrate(tree_of(carry_plan.attach_point), None), tree_of(carry_plan.target)
        trees: list[tuple[Commit, TreeId]] = []
        dropped: list[Commit] = []
        for commit, tree, is_empty in self._rebased(dropped):
            after = self._migrate(tree, commit)
            now = self._pick(commit, before, here, after, "where it goes after the migration")
            before = after
            if now == here and not is_empty:
                dropped.append(commit)
            else:
                trees.append((commit, now))
            here = now
        made = [carry_plan.target]
        with CommitWriter(self._repository, commit_identity(self._repository)) as writer:
            for commit, tree in trees:
                made.append(writer.commit_tree(commit.message, (made[-1],), tree, author=commit.authorship))
        tip = [carry_plan.target, *sign_commits(self._repository, made[1:])][-1]
        return CarriedBranch(carry_plan.target, tip, tuple(commit for commit, _ in trees), tuple(dropped))

    def _rebased(self, dropped: list[Commit]) -> Iterator[tuple[Commit, TreeId, bool]]:
        """Each commit with its tree on the base without the migration, and whether it was empty from the start."""
        carry_plan = self._carry_plan
        below, here = self._repository.tree_of(carry_plan.fork), self._repository.tree_of(carry_plan.attach_point)
        self._check()
        for commit in carry_plan.commits:
            try:
                now = self._pick(commit, below, here, commit.tree, "where it goes without the migration")
            except DoesNotFitError:
                if len(commit.parents) == 1:
                    raise
                # git rebase leaves merges out, and this one resolved what the commits before it resolve now.
                dropped.append(commit)
                now = here
            is_empty = below == commit.tree
            below = commit.tree
            if now != here or is_empty:
                yield commit, now, is_empty
            elif commit not in dropped:
                dropped.append(commit)
            here = now

    def _check(self) -> None:
        """Raise `RefusedError` for a commit that holds what git takes into no work tree."""
        commits = self._carry_plan.commits
        trees = [self._repository.tree_of(self._carry_plan.fork), *(commit.tree for commit in commits)]
        pairs = {commit: pair for commit, pair in zip(commits, pairwise(trees), strict=True) if pair[0] != pair[1]}
        for commit, changes in changes_between(self._repository, pairs).items():
            try:
                for path, entry in entries_after(changes).items():
                    if entry is not None:
                        check_entry(path, is_link=entry.mode == SYMLINK)
            except PathError as error:
                raise RefusedError(
                    f'{self._name}: {commit.oid[:7]} "{commit.subject}" holds what git can check out nowhere: {error}',
                    advice=f"git rebase --interactive {commit.oid[:7]}^ on that branch takes the commit out",
                ) from None

    def _pick(self, commit: Commit, base: TreeId, ours: TreeId, theirs: TreeId, where: str) -> TreeId:
        try:
            return cherry_pick(self._repository, self._resolutions, base=base, ours=ours, theirs=theirs)
        except ConflictError as error:
            name = f'{commit.oid[:7]} "{commit.subject}"'
            labels = (f"before {name}", f"{self._name}, {where}", name)
            what = f"{self._name}: {name} ({where})"
            raise DoesNotFitError(what, replace(error.conflict, labels=labels)) from error

    def _migrate(self, tree: TreeId, commit: Commit | None) -> TreeId:
        """What the phases make of a tree."""
        key = (self._phases, tree)
        if key not in self._migrated:
            anchor = synthetic(self._repository, tree, message="A commit of a branch that is carried")
            overlay = Overlay.of(self._repository.objects, anchor)
            runner = tool_runner(self._repository)
            chain = run_chain(
                self._project.plan, self._carry_plan.sources, overlay, self._carry_plan.history, runner, allow_noop=True
            )
            if chain.error is not None:
                where = f'{commit.oid[:7]} "{commit.subject}"' if commit else "the commit that it stands on"
                raise RefusedError(
                    f"{self._name}: the migration cannot run on {where}: {chain.error}",
                    advice="fix that commit on the branch, or the phase, then run the command again",
                )
            self._migrated[key] = self._written(chain, overlay)
        return self._migrated[key]

    def _written(self, chain: Chain, overlay: Overlay) -> TreeId:
        """The tree at the end of a chain, without what landed phases say of the whole tree."""
        last = chain.applied[-1].overlay if chain.applied else overlay
        entries = dict(last.entries)
        for path in self._reports(chain):
            kept = self._target.get(path)
            if kept is None:
                entries.pop(path, None)
            else:
                entries[path] = kept
        last.reset(entries)
        return self._repository.tree_of(commit_of_overlay(self._repository, last))

    def _reports(self, chain: Chain) -> set[str]:
        """The documents that phases wrote which landed: what they say of the whole tree was said once.

        Source code that a phase wrote, such as a package that forwards, follows the branch.
        """
        found: set[str] = set()
        for applied in chain.applied:
            found = {applied.moves.resolve(path) for path in found}
            if applied.source.id in self._carry_plan.landed:
                found |= {file.path for file in applied.files if file.is_written and engine_of_file(file.path) is None}
        return found
