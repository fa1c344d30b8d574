"""`finish`: the end of a migration. Everything that the tool keeps of it is removed, here and on the remote.

Everything is decided first. The log is written before anything is removed; then the remote loses what it has, each ref
with the exact value that was seen there; then one transaction removes the refs here. Killed in between, running it
again finishes.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from migrate.describe.log import migration_log
from migrate.errors import RefusedError, RepositoryError
from migrate.git.history import Commit, read_history
from migrate.git.locks import clear_locks, clear_locks_below
from migrate.git.objects import CommitId
from migrate.git.push import RefPush
from migrate.git.refs import RefUpdate, move_refs, read_refs
from migrate.git.worktrees import BRANCH, checked_out, worktrees
from migrate.git.writer import commit_identity, write_empty_commit
from migrate.orchestrator.branch_updates import check_standing, stuck
from migrate.orchestrator.land.left_over import left_over
from migrate.orchestrator.landed_receipts import landed_validations
from migrate.orchestrator.replay.rebuild import maker
from migrate.orchestrator.sharing.publish import PushStep, publish, push_refusal
from migrate.orchestrator.sharing.remote_state import read_remote_state, tracking_of
from migrate.orchestrator.switch import switch_if_safe
from migrate.orchestrator.transition import transition
from migrate.stack.entries import given_value, read_journal
from migrate.stack.model import Stack
from migrate.stack.own_entries import Journal, read_both
from migrate.stack.phase_state import State
from migrate.stack.project import Context, Project
from migrate.stack.told_landings import kept_message
from migrate.stack.trailers import Trailers, read_reverts, read_trailers
from migrate.stack.unknown_history import check_seen
from migrate.text import encode, plural


@dataclass(frozen=True)
class KeptRef:
    """A branch that stays, here or on the remote, and why."""

    ref: str
    why: str
    on_remote: bool = False


@dataclass(frozen=True)
class FinishPlan:
    """What finishing removes, decided before anything happens."""

    local: tuple[RefUpdate, ...]
    remote: tuple[RefPush, ...]
    kept: tuple[KeptRef, ...]
    slots: tuple[Path, ...]
    log: Path
    is_left_there: bool = False
    """Whether the remote keeps something of it."""
    silent: tuple[Trailers, ...] = ()
    """The phases that landed in commits which do not say so: this clone alone remembers it."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left of the migration."""
        return not (self.local or self.remote or self.slots)


def finish(
    project: Project,
    agree: Callable[[FinishPlan], bool],
    told: Callable[[str], None],
    *,
    abandon: bool,
    keep_remote: bool,
    log: Path | None,
) -> FinishPlan | None:
    """Decide, ask `agree`, and remove it all; None when the answer was no.

    Raises `RefusedError` while phases have not landed, unless they are to be abandoned; when the file for the log is
    there; and in a shallow clone, which cannot tell what landed.
    """
    with transition(project, "migrate finish"):
        clear_left_locks(project)
        has_remote = project.repository.config(f"remote.{project.plan.remote}.url") is not None
        there = read_remote_state(project).refs if has_remote and not keep_remote else {}
        context = project.look()
        check_seen(context.stack)
        check_landed(context.stack, abandon=abandon)
        journal = journal_of(context, there)
        landed = landed_validations(context, journal.entries)
        text = migration_log(project.plan, context.stack, project.location, landed)
        ending = plan_finish(context, journal, there, log or default_log(project))
        stays = (keep_remote and context.stack.is_shared) or any(kept.on_remote for kept in ending.kept)
        ending = replace(ending, is_left_there=stays, silent=context.stack.silent)
        if ending.is_empty:
            return ending
        # Where nothing of the journal is left a finish before this one wrote it.
        is_written = log is None and project.names.journal not in context.snapshot.refs and ending.log.exists()
        if not is_written:
            check_log(ending.log, text)
        check_standing(context, ending.local, project.plan.base)
        if not agree(ending):
            return None
        if not is_written:
            write_log(ending.log, text)
        remove_migration(context, ending, told)
        return ending


def check_landed(stack: Stack, *, abandon: bool) -> None:
    """Raise `RefusedError` when something has not landed."""
    left = [f"{phase.id} ({phase.state})" for phase in stack if phase.state is not State.LANDED]
    if left and not abandon:
        raise RefusedError(
            f"{plural(len(left), 'phase')} of {len(stack.phases)} {'has' if len(left) == 1 else 'have'} not landed: "
            f"{', '.join(left)}",
            advice="migrate status says what is next; migrate finish --abandon gives up what has not landed",
        )


def journal_of(context: Context, there: Mapping[str, CommitId]) -> Journal:
    """The journal here; where this clone ended the migration before and left the remote as it was, the one there."""
    names, repository, refs = context.project.names, context.project.repository, context.snapshot.refs
    if names.journal in refs or names.journal not in there:
        return read_both(repository, names, refs.get(names.journal))
    return Journal(read_journal(repository, names, there[names.journal]), [])


def plan_finish(
    context: Context,
    journal: Journal,
    there: Mapping[str, CommitId],
    log: Path,
) -> FinishPlan:
    """What is removed, and which branches stay."""
    project = context.project
    plan, repository, names = project.plan, project.repository, project.names
    held = checked_out(repository)
    own = (context.snapshot.head.branch, repository.work_tree)
    local, kept = [], []
    for ref, oid in read_refs(repository, f"{BRANCH}{plan.branch_prefix}/").items():
        branch = ref.removeprefix(BRANCH)
        why = only_here(context, journal, branch, oid)
        if branch in held and (branch, held[branch]) != own:
            why = f"it is checked out in {held[branch]}"
        if why:
            kept.append(KeptRef(ref, why))
        else:
            local.append(RefUpdate(ref, oid, None))
    remote = []
    for ref, oid in there.items():
        why = only_here(context, journal, ref.removeprefix(BRANCH), oid) if ref.startswith(BRANCH) else ""
        if why:
            kept.append(KeptRef(ref, why, on_remote=True))
        else:
            remote.append(RefPush(ref, oid, None))
    folders = (f"refs/migrate/{plan.name}/", names.receipts)
    tools = {ref: oid for ref, oid in read_refs(repository, *folders).items() if ref.startswith(folders)}
    noted = read_refs(repository, "refs/migrate-remotes")
    tools |= {ref: oid for ref, oid in noted.items() if ref.split("/")[3:4] == [plan.name]}
    local += [RefUpdate(ref, oid, None) for ref, oid in tools.items()]
    return FinishPlan(tuple(local), tuple(remote), tuple(kept), tuple(slots_of_migration(project)), log)


def only_here(context: Context, journal: Journal, branch: str, tip: CommitId) -> str:
    """Why a branch must stay: it holds what is nowhere else; nothing for one that need not."""
    project, snapshot, stack = context
    repository, plan = project.repository, project.plan
    if is_elsewhere(project, tip):
        return ""
    phase = next((phase for phase in stack if phase.branch == branch or plan.branch(phase.id) == branch), None)
    if phase is None:
        done = any(each.branch == branch and each.tip == tip and not each.is_waiting for each in stack.reverts)
        return "" if done and is_revert_ref(context, tip) else "its commits exist nowhere else"
    if phase.state is State.LANDED:
        landed = phase.commit.oid if phase.commit else None
        more = left_over(context, journal, phase.id, tip, landed, maker(context, phase.id))
        return f"it holds changes that are not in {snapshot.base_branch}" if more else ""
    by_tool = {oid for source in plan.sources for oid in given_value(journal.own, project.names.made(source.id))}
    below = [each.tip.oid for each in stack.phases[: stack.phases.index(phase)] if each.tip is not None]
    commits = read_history(repository, [tip], [snapshot.base, *below], changes=False)
    edits = [commit for commit in commits.values() if commit.oid not in by_tool]
    edits = [commit for commit in edits if not is_as_made(context, commit)]
    return f"{plural(len(edits), 'commit')} of it {'is' if len(edits) == 1 else 'are'} nowhere else" if edits else ""


def is_as_made(context: Context, commit: Commit) -> bool:
    """Whether a commit is of a phase, and just what the phase makes when it runs again: it holds nothing of anybody."""
    said = [each.phase for each in read_trailers(commit.message) if each.migration == context.project.plan.name]
    phase = next((phase for phase in context.stack if said == [phase.id]), None)
    return phase is not None and maker(context, phase.id)(commit) == commit.tree


def is_revert_ref(context: Context, tip: CommitId) -> bool:
    """Whether a branch holds nothing but what `rollback` made, on top of the base or of phases."""
    below = [phase.tip.oid for phase in context.stack if phase.tip is not None]
    commits = read_history(context.project.repository, [tip], [context.snapshot.base, *below], changes=False)
    return all(read_reverts(commit.message, context.project.plan.name) for commit in commits.values())


def is_elsewhere(project: Project, tip: CommitId) -> bool:
    """Whether a branch or a tag that is none of this migration contains a commit."""
    prefix = f"{project.plan.branch_prefix}/"
    places = ("refs/heads", "refs/tags", "refs/remotes")
    listed = project.repository.git.text("for-each-ref", f"--contains={tip}", "--format=%(refname)", *places)
    for ref in listed.split("\n"):
        remote = ref.removeprefix("refs/remotes/").partition("/")[2] if ref.startswith("refs/remotes/") else ""
        if ref and not ref.startswith(f"{BRANCH}{prefix}") and not remote.startswith(prefix):
            return True
    return False


def slots_of_migration(project: Project) -> Iterable[Path]:
    """The work trees in which commands ran: all, or those of this migration alone where there are others."""
    mine = f"conflict-{project.plan.name}-"
    alone = is_alone(project)
    for tree in worktrees(project.repository):
        if tree.is_slot and (alone or tree.path.name.startswith(mine)):
            yield tree.path


def is_alone(project: Project) -> bool:
    """Whether the repository has no other migration."""
    refs = read_refs(project.repository, "refs/migrate")
    return all(ref.startswith(f"refs/migrate/{project.plan.name}/") for ref in refs)


def default_log(project: Project) -> Path:
    """Where the log is kept when nobody says where."""
    return (project.repository.work_tree or Path.cwd()) / f"migration-{project.plan.name}.md"


def check_log(file: Path, text: str) -> None:
    """Raise `RefusedError` when something else is where the log is to be written."""
    with suppress(OSError):
        if not file.is_symlink() and encode(text).startswith(file.read_bytes()):
            return  # A finish that was killed, or found no space, wrote it or the beginning of it.
    if file.exists() or file.is_symlink():
        raise RefusedError(f'"{file}" already exists and is not overwritten', advice="--log names another file")
    if not file.parent.is_dir():
        raise RefusedError(f'no folder "{file.parent}"', advice="--log names another file")


def write_log(file: Path, text: str) -> None:
    """Keep the log of the migration where `check_log` allows it. Raises `RepositoryError` when it cannot be written."""
    try:
        with file.open("ab") as stream:
            stream.write(encode(text)[stream.tell() :])
    except OSError as error:
        raise RepositoryError(
            f'"{file}" cannot be written: {error.strerror}', advice="--log names another file"
        ) from error


def clear_left_locks(project: Project) -> None:
    """Clear the locks that a finish left which was killed: nothing tells any more which refs it was removing."""
    plan = project.plan
    tracking = f"refs/remotes/{plan.remote}/{plan.branch_prefix}"
    for folder in (f"refs/migrate/{plan.name}", f"refs/heads/{plan.branch_prefix}", "refs/migrate-remotes", tracking):
        clear_locks_below(project.repository, folder)
    clear_locks(project.repository, [project.names.receipts, project.names.ended, project.names.kept_landings])


def remembered(context: Context, ending: FinishPlan) -> list[RefUpdate]:
    """What this clone goes on knowing: that it ended here what the remote still has, and what landed in silence."""
    name, names, refs = context.project.plan.name, context.project.names, context.snapshot.refs
    found = []
    if ending.is_left_there:
        found.append(noted_message(context, names.ended, f"finish {name}\n"))
    if ending.silent:
        found.append(noted_message(context, names.kept_landings, kept_message(name, ending.silent)))
    elif names.kept_landings in refs:
        found.append(RefUpdate(names.kept_landings, refs[names.kept_landings], None))
    return found


def noted_message(context: Context, ref: str, message: str) -> RefUpdate:
    """What lets a ref of this clone alone name a message."""
    repository = context.project.repository
    oid = write_empty_commit(repository, commit_identity(repository), message, ())
    return RefUpdate(ref, context.snapshot.refs.get(ref), oid)


def remove_migration(context: Context, ending: FinishPlan, told: Callable[[str], None]) -> None:
    """Remove what was decided: on the remote, then here, then what commands left in git's folder."""
    project = context.project
    repository, plan = project.repository, project.plan
    if ending.remote:
        last = project.names.journal
        steps = [PushStep((3 if each.ref == last else 0, 0), each) for each in ending.remote]
        published = publish(project, sorted(steps, key=lambda step: step.place), told)
        if published.left:
            raise push_refusal(project, published, again=project.typed)
    alone = is_alone(project)
    own = next((update for update in ending.local if update.ref == f"{BRANCH}{context.snapshot.head.branch}"), None)
    if own is not None:
        switched = switch_if_safe(project, plan.base)
        if not switched.done:
            raise stuck(context, own, switched.why)
    tracked = [tracking_of(plan, each.ref) for each in ending.remote]
    refs = read_refs(repository, "refs/remotes")
    gone = [RefUpdate(ref, refs[ref], None) for ref in tracked if ref is not None and ref in refs]
    move_refs(repository, [*ending.local, *gone, *remembered(context, ending)], f"finish {plan.name}")
    for path in ending.slots:
        repository.git.run("worktree", "remove", "--force", "--force", str(path), accept=(0, 128))
        for suffix in (".lock", ".dirty", ".moved"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    folders = ["logs", "cache"] if alone else [f"logs/{source.id}" for source in plan.sources]
    for folder in folders:
        shutil.rmtree(repository.state_dir / folder, ignore_errors=True)
