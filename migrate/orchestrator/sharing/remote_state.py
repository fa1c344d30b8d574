"""What a remote has of a migration, with all its commits, and how each ref stands here and there.

Only the refs of this migration and its base are asked for. Remote-tracking branches follow; nothing else moves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from migrate.errors import RepositoryError
from migrate.git.fetch import fetch_refs, list_refs
from migrate.git.history import object_kinds
from migrate.git.locks import clear_locks_below
from migrate.git.objects import CommitId
from migrate.git.refs import RefUpdate, exactly, move_refs, read_refs
from migrate.git.repository import Repository
from migrate.git.worktrees import BRANCH
from migrate.orchestrator.prune import pruned
from migrate.orchestrator.sharing.ref_values import RefRole, RefValues
from migrate.plan.model import Plan
from migrate.plan.names import RefNames
from migrate.stack.archive import archived_numbers
from migrate.stack.entries import JournalEntry, read_journal
from migrate.stack.project import Context, Project
from migrate.stack.strange_refs import stands_in_the_way


@dataclass(frozen=True)
class RemoteState:
    """The refs of a migration on a remote; `base` is its base branch there."""

    refs: Mapping[str, CommitId]
    base: CommitId | None
    strange: Mapping[str, CommitId] = field(default_factory=dict)
    """Refs there that name no commit: as if they were not there, but a push replaces just that."""
    is_anew: bool = False
    """Whether the remote never had what this clone knows: what is not there was not taken away."""


def read_remote_state(project: Project) -> RemoteState:
    """Ask the remote, and fetch what is not here.

    Raises `RepositoryError` when it cannot be reached, or changed while it was read.
    """
    plan, names, repository = project.plan, project.names, project.repository
    base = BRANCH + plan.base
    # A fetch, a push or a noting that was killed left them; all that it was moving moves again.
    for folder in (f"refs/remotes/{plan.remote}", names.synced(plan.remote, "")):
        clear_locks_below(repository, folder)
    patterns = (f"{BRANCH}{plan.branch_prefix}/*", base, f"refs/migrate/{plan.name}/*", names.receipts)
    listed = list_refs(repository, plan.remote, *patterns)
    refs = {ref: oid for ref, oid in listed.items() if is_shared(names, plan, ref)}
    dropped = dropped_here(repository, names, refs)
    known = {ref: oid for ref, oid in refs.items() if (ref, oid) not in dropped}
    known |= {base: listed[base]} if base in listed else {}
    # What is deleted there may stand in the way of what is there.
    forget_remote_value(repository, names, plan, listed)
    refspecs = wanted(repository, plan, known)
    if refspecs:
        fetch_refs(repository, plan.remote, refspecs)
    kinds = object_kinds(repository, known.values())
    if "missing" in kinds.values():
        raise RepositoryError(f'"{plan.remote}" changed while it was read', advice="run the command again")
    strange = {ref: oid for ref, oid in refs.items() if kinds.get(oid, "commit") != "commit"}
    for ref, oid in strange.items():
        what = f"{ref} is a {kinds[oid]} on {plan.remote}, not a commit, and is ignored"
        repository.tell(f"{what}   (git push {plan.remote} :{ref} deletes it there)")
    return RemoteState(
        {ref: oid for ref, oid in refs.items() if ref not in strange},
        listed.get(base),
        strange=strange,
        is_anew=base not in listed,
    )


def dropped_here(
    repository: Repository, names: RefNames, refs: Mapping[str, CommitId]
) -> frozenset[tuple[str, CommitId]]:
    """The archived refs of a remote that are not here because they were pruned: nobody wants their commits again."""
    here = read_refs(repository, names.archive_prefix)
    if all(here.get(ref) == oid for ref, oid in refs.items() if ref.startswith(names.archive_prefix)):
        return frozenset()
    return pruned(names, read_journal(repository, names, exactly(repository, names.journal).get(names.journal)))


def is_shared(names: RefNames, plan: Plan, ref: str) -> bool:
    """Whether a ref is one that clones share: not what is carried, in progress, or somebody else's."""
    if ref.startswith(f"{BRANCH}{plan.branch_prefix}/"):
        return not ref.startswith(f"{BRANCH}{plan.branch('carried/')}")
    if ref.startswith(names.archive_prefix):
        return bool(archived_numbers(names, [ref]))
    if stands_in_the_way(names, ref):
        return False
    folders = (names.made(""), names.landed(""))
    return ref in (names.start, names.journal, names.receipts, names.resolutions) or ref.startswith(folders)


def wanted(repository: Repository, plan: Plan, known: Mapping[str, CommitId]) -> list[str]:
    """What is to be fetched: what differs here. git itself sees whether the commits are here already, and whole.

    It is asked for by value: git looks each name up among all that the remote has.
    """
    here = read_refs(repository, "refs")
    refspecs = []
    for ref, oid in known.items():
        tracking = tracking_of(plan, ref)
        if tracking is not None and here.get(tracking) != oid:
            refspecs.append(f"+{oid}:{tracking}")
        elif tracking is None and here.get(ref) != oid:
            refspecs.append(oid)
    return refspecs


def forget_remote_value(repository: Repository, names: RefNames, plan: Plan, listed: Mapping[str, CommitId]) -> None:
    """Let the remote-tracking branches of this migration go that the remote does not have any more.

    One of which this clone has all commits is noted as what both had, where no sync did that.
    """
    folder = f"refs/remotes/{plan.remote}/"
    tracked = read_refs(repository, f"{folder}{plan.branch_prefix}/")
    gone = {BRANCH + ref[len(folder) :]: oid for ref, oid in tracked.items()}
    gone = {ref: oid for ref, oid in gone.items() if ref not in listed}
    if not gone:
        return
    here = exactly(repository, *gone, *(names.synced(plan.remote, ref) for ref in gone))
    updates = [RefUpdate(folder + ref.removeprefix(BRANCH), oid, None) for ref, oid in gone.items()]
    for ref, oid in gone.items():
        noted = names.synced(plan.remote, ref)
        if noted not in here and ref in here and repository.is_ancestor(oid, here[ref]):
            updates.append(RefUpdate(noted, None, oid))
    move_refs(repository, updates, f"no longer on {plan.remote}")


def deleted_upstreams(repository: Repository, plan: Plan) -> frozenset[str]:
    """The branches of this migration that git's configuration follows on the remote, where they are no more."""
    asked = "--format=%(refname)%00%(upstream)%00%(upstream:track,nobracket)"
    listed = repository.git.text("for-each-ref", asked, f"{BRANCH}{plan.branch_prefix}/")
    rows = (line.split("\0") for line in listed.split("\n") if line)
    return frozenset(ref for ref, followed, how in rows if how == "gone" and followed == tracking_of(plan, ref))


def tracking_of(plan: Plan, ref: str) -> str | None:
    """The remote-tracking branch of a branch; None for another ref."""
    return f"refs/remotes/{plan.remote}/{ref.removeprefix(BRANCH)}" if ref.startswith(BRANCH) else None


def read_ref_values(
    context: Context,
    remote_state: RemoteState,
    over: Mapping[str, str],
    taken_back: Mapping[str, JournalEntry],
    news: Collection[JournalEntry],
) -> list[RefValues]:
    """Every ref that clones share, here and there: phases bottom first, then reverts, then what is the tool's own.

    The archive and the journal are not among them. `over` says of phases why nobody needs their branch any more,
    `taken_back` the branches that a colleague took back, and the entries by which; `news` are those that are new here.
    """
    project, snapshot = context.project, context.snapshot
    plan, names = project.plan, project.names
    roles = {f"{BRANCH}{plan.branch(source.id)}": (RefRole.BRANCH, source.id) for source in plan.sources}
    reverts = f"{BRANCH}{plan.branch('revert-')}"
    refs = sorted({**snapshot.refs, **remote_state.refs})
    roles |= {ref: (RefRole.BRANCH, "") for ref in refs if ref.startswith(reverts) and ref not in roles}
    roles |= {names.start: (RefRole.START, ""), names.receipts: (RefRole.RECEIPTS, "")}
    roles |= {names.resolutions: (RefRole.RESOLUTIONS, "")}
    for folder, role in ((names.made(""), RefRole.MADE), (names.landed(""), RefRole.LANDED)):
        roles |= {ref: (role, ref.removeprefix(folder)) for ref in refs if ref.startswith(folder)}
    last_synced = exactly(project.repository, *(names.synced(plan.remote, ref) for ref in roles))
    if remote_state.is_anew:
        last_synced = {
            name: oid for ref in remote_state.refs if (oid := last_synced.get(name := names.synced(plan.remote, ref)))
        }
    followed = deleted_upstreams(project.repository, plan) if not remote_state.is_anew else frozenset()
    return [
        RefValues(
            ref,
            role,
            snapshot.refs.get(ref),
            remote_state.refs.get(ref),
            last_synced.get(names.synced(plan.remote, ref)),
            phase,
            withdrawn=snapshot.refs.get(names.withdrawn(phase)) if role is RefRole.BRANCH and phase else None,
            taken_back=taken_back.get(ref) if role is RefRole.BRANCH else None,
            is_news=taken_back.get(ref) in news,
            over=over.get(phase, ""),
            was_there=ref in followed,
        )
        for ref, (role, phase) in roles.items()
    ]


def unrelated_refs(ref_values: Iterable[RefValues], remote_state: RemoteState) -> tuple[str, ...]:
    """Branches below the prefix, on the remote, of which the plan knows nothing."""
    known = {each.ref for each in ref_values}
    return tuple(ref for ref in remote_state.refs if ref.startswith(BRANCH) and ref not in known)
