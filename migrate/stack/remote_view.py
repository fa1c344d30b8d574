"""What this clone knows of the branches on the remote, beside where they are."""

from __future__ import annotations

from collections.abc import Mapping

from migrate.git.history import Commit, reachable
from migrate.git.objects import CommitId
from migrate.git.refs import reflog_values
from migrate.git.repository import Repository
from migrate.plan.model import Plan
from migrate.plan.names import RefNames


def outdated(
    repository: Repository, plan: Plan, refs: Mapping[str, CommitId], commits: Mapping[CommitId, Commit]
) -> frozenset[str]:
    """The branches that are here as they once were on the remote, which has moved on: nobody worked on them here."""
    names = RefNames(plan.name)
    found, asked = set(), dict[str, str]()
    for source in plan.sources:
        branch = plan.branch(source.id)
        tracking = f"refs/remotes/{plan.remote}/{branch}"
        ours, theirs = refs.get(f"refs/heads/{branch}"), refs.get(tracking)
        if ours is None or theirs is None or ours == theirs:
            continue
        if refs.get(names.synced(plan.remote, f"refs/heads/{branch}")) == ours or ours in reachable(commits, theirs):
            found.add(branch)
        else:
            asked[tracking] = branch
    once = reflog_values(repository, list(asked))
    return frozenset(found).union(
        branch for ref, branch in asked.items() if refs[f"refs/heads/{branch}"] in once.get(ref, ())
    )


def is_unfetched(repository: Repository, plan: Plan, refs: Mapping[str, CommitId]) -> bool:
    """Whether a fetch brings branches of the remote, but not those of phases, and no sync brought them."""
    tracked, synced = f"refs/remotes/{plan.remote}/", RefNames(plan.name).synced(plan.remote, "refs/heads/")
    if not any(ref.startswith(tracked) for ref in refs) or any(ref.startswith(synced) for ref in refs):
        return False
    sources = repository.fetched(plan.remote)
    folder = f"refs/heads/{plan.branch('')}"
    return bool(sources) and not any(
        each.endswith("*") and folder.startswith(each.removesuffix("*")) for each in sources
    )
