"""`migrate sync`"""

from __future__ import annotations

from collections.abc import Iterator

import click

from migrate.cli.checkout_message import say_next
from migrate.cli.failure import declined
from migrate.cli.output import Output
from migrate.cli.settings import options, settings_of
from migrate.errors import Exit
from migrate.git.objects import CommitId
from migrate.git.worktrees import BRANCH
from migrate.orchestrator.sharing.divergence import givers
from migrate.orchestrator.sharing.publish import short_ref
from migrate.orchestrator.sharing.ref_values import RefAction, RefDecision, RefRole
from migrate.orchestrator.sharing.sync import Synced, sync
from migrate.orchestrator.sharing.sync_plan import SyncPlan
from migrate.plan.model import Plan
from migrate.stack.next_step import next_step_of
from migrate.text import EXAMPLES, plural

OVER = {
    "landed": "it has landed in {}",
    "merged": "it was merged into another phase's branch",
    "reverted": "{} took it back",
}
"""Why nobody needs a branch any more, by the word for it."""


@click.command(name="sync", short_help="Share branches, receipts and the journal with a remote.")
@click.option("--allow-failed", is_flag=True, help="Also push failed phases and the phases above them.")
@click.option("--revive", is_flag=True, help="Publish again a migration that was deleted on the remote.")
@click.option("--fetch-only", is_flag=True, help="Only take what is new; push nothing.")
@options
@click.pass_context
def command(context: click.Context, fetch_only: bool, allow_failed: bool, revive: bool) -> int:
    """Take what the remote has of the migration, and push what it lacks.

    Branches, receipts, journal and archive are shared. Each ref is pushed only if the remote still has the value seen
    there, all at once where the remote can do that. What was taken back here is deleted on the remote. If both sides
    changed a branch, nothing moves. Failed phases are not pushed.
    """
    settings = settings_of(context)
    project = settings.project()
    out = settings.output

    def agree(exchange: SyncPlan, giving: bool) -> bool:
        announce_sync(out, project.plan, exchange, giving=giving)
        return not giving or settings.confirm("Push?")

    done = sync(project, agree, out.say, push=not fetch_only, allow_failed=allow_failed, revive=revive)
    if done is None:
        raise declined()
    if settings.json:
        out.json(sync_row(done))
    if done.switched is not None and not done.switched.done:
        out.say(f"{done.switched.branch} moved, but your work tree was left on the old commit: {done.switched.why}.")
    for warning in done.warnings:
        out.say(warning, fg="yellow")
    nothing = not done.pushed and not done.exchange.takes
    out.say(sync_sentence(done))
    if fetch_only and done.exchange.gives:
        out.next("sync", f"pushes what {done.exchange.remote} lacks")
    else:
        say_next(out, next_step_of(done.stack))
    return Exit.NOTHING_LEFT if nothing else Exit.DONE


def sync_sentence(done: Synced) -> str:
    """What a sync did, in one sentence."""
    remote = done.exchange.remote
    if done.pushed:
        return f"{remote} is up to date now."
    unpushed = "; you have unpushed changes" if done.exchange.gives else ""
    if done.exchange.takes:
        return f"Up to date with {remote}{unpushed}."
    return f"Nothing new on {remote}{unpushed}."


def announce_sync(out: Output, plan: Plan, exchange: SyncPlan, *, giving: bool) -> None:
    """Say exactly what comes, what goes, and what is left as it is."""
    remote = exchange.remote
    if exchange.takes:
        out.say(f"From {remote}:")
        sync_table(out, list(taken_lines(exchange)))
    if giving:
        out.say(f"To {remote}:")
        sync_table(out, list(given_lines(exchange)))
    if giving and exchange.along:
        count = plural(exchange.along, "commit")
        out.say(f"They contain {count} of {plan.base} that {plan.base} on {remote} does not have.")
    for line in left_lines(out, plan, exchange):
        out.say(line)


def sync_table(out: Output, rows: list[tuple[str, str]]) -> None:
    """What comes or goes, one line each."""
    width = max((len(name) for name, _ in rows), default=0)
    for name, what in rows:
        out.say(f"  {name:<{width}}  {what}".rstrip())


def taken_lines(exchange: SyncPlan) -> Iterator[tuple[str, str]]:
    """What comes from the remote."""
    there = givers(exchange.journals.remote_entries)
    for each in exchange.having(RefAction.TAKE, RefAction.ADOPT, RefAction.REMOVE, role=RefRole.BRANCH):
        if each.action is RefAction.REMOVE:
            entry, new = each.ref_values.taken_back, None
        else:
            entry, new = there.get((each.ref, each.ref_values.remote)), each.ref_values.remote
        how = f"{entry.title}, {entry.who.partition(' <')[0]}" if entry else "commits by hand"
        same = "; yours is the same" if each.action is RefAction.ADOPT else ""
        yield sync_ref_name(each), f"{sync_arrow(each.ref_values.local, new)}  ({how}{same})"
    yield from rest_lines(exchange, RefAction.TAKE, len(exchange.journals.to_take))


def given_lines(exchange: SyncPlan) -> Iterator[tuple[str, str]]:
    """What goes to the remote."""
    own_entries = givers(exchange.journals.own_entries)
    for each in exchange.having(RefAction.PUSH, role=RefRole.BRANCH):
        entry = own_entries.get((each.ref, each.ref_values.local))
        how = f"  (rewritten{f' by {entry.title}' if entry else ''})" if each.ref in exchange.rewritten else ""
        yield sync_ref_name(each), f"{sync_arrow(each.ref_values.remote, each.ref_values.local)}{how}"
    for each in exchange.having(RefAction.DELETE, role=RefRole.BRANCH):
        yield sync_ref_name(each), f"{sync_arrow(each.ref_values.remote, None)}  (taken back here)"
    own = sum(not entry.kind.is_no_news for entry in exchange.journals.to_push)
    syncs = len(exchange.journals.to_push) - own + (1 if exchange.takes else 0)
    yield from rest_lines(exchange, RefAction.PUSH, own + syncs)
    if exchange.archive:
        yield "archive", f"+{exchange.archive}"
    if exchange.pruned:
        yield "archive", f"-{len(exchange.pruned)}  (pruned)"


def rest_lines(exchange: SyncPlan, action: RefAction, entries: int) -> Iterator[tuple[str, str]]:
    """What comes or goes beside the branches: receipts, what is known of phases, and the journal."""
    if exchange.having(action, RefAction.MERGE, role=RefRole.RECEIPTS):
        both = exchange.having(RefAction.MERGE, role=RefRole.RECEIPTS)
        yield "receipts", "of both sides" if both else ""
    for role, word in ((RefRole.START, "start"), (RefRole.MADE, "made"), (RefRole.LANDED, "landed")):
        found = exchange.having(action, role=role)
        if found:
            yield word, ", ".join(each.ref_values.phase for each in found)
    if exchange.having(action, role=RefRole.RESOLUTIONS):
        yield "resolutions", "how conflicts were resolved"
    if entries:
        yield "journal", f"+{entries}"


def sync_arrow(old: CommitId | None, new: CommitId | None) -> str:
    """From where to where."""
    return f"{old[:7] if old else 'new'} → {new[:7] if new else 'deleted'}"


def sync_ref_name(decision: RefDecision) -> str:
    """A branch as the table names it."""
    return decision.ref_values.phase or decision.ref.rpartition("/")[2]


def left_lines(out: Output, plan: Plan, exchange: SyncPlan) -> Iterator[str]:
    """What differs and stays so."""
    remote = exchange.remote
    for each in exchange.having(RefAction.HOLD, role=RefRole.BRANCH):
        yield f"{each.ref_values.phase} is not pushed: {each.why}"
    if any("failed" in each.why for each in exchange.having(RefAction.HOLD, role=RefRole.BRANCH)):
        yield f"{out.again('sync --allow-failed')} pushes them, too."
    for each in exchange.having(RefAction.LEAVE, role=RefRole.BRANCH):
        branch = each.ref.removeprefix(BRANCH)
        if each.ref_values.local is None:
            yield f"{branch} stays on {remote}; to delete it there: git push {remote} --delete {branch}"
        elif each.ref_values.taken_back is not None:
            who = each.ref_values.taken_back.who.partition(" <")[0]
            yield f"{branch} was taken back by {who}; yours has changes, so it stays here"
            yield f"  to take it back here, too: {out.again(f'rollback {each.ref_values.phase}')}"
            yield f"  to publish it again: git push {remote} {branch}"
        elif each.why in OVER:
            yield f"{branch} is not pushed, and stays here: {OVER[each.why].format(plan.base)}"
        else:
            yield f"{branch} was deleted on {remote}, and stays here"
            if not each.ref_values.over:
                yield f"  to publish it again: git push {remote} {branch}"
    for ref in exchange.unrelated[:EXAMPLES]:
        yield f"{short_ref(ref)} is on {remote}, and your plan has no such phase"
        yield f"  if {plan.base} on {remote} has it: git switch {plan.base} && git pull {remote} {plan.base}"
        yield f"  to delete it there: git push {remote} --delete {short_ref(ref)}"
    more = len(exchange.unrelated) - EXAMPLES
    if more > 0:
        listing = f"git branch --remotes --list '{remote}/{plan.branch_prefix}/*'"
        yield f"and {plural(more, 'branch', 'branches')} more like that   ({listing})"


def sync_row(done: Synced) -> dict[str, object]:
    """A sync for programs."""
    exchange = done.exchange
    updates = exchange.operation.updates if exchange.operation else ()
    lefts = exchange.having(RefAction.LEAVE, RefAction.HOLD, role=RefRole.BRANCH)
    return {
        "remote": exchange.remote,
        "pushed": [{"ref": each.ref, "old": each.old, "new": each.new} for each in done.pushed],
        "taken": [{"ref": each.ref, "old": each.old, "new": each.new} for each in updates],
        "left": [
            *({"ref": each.ref, "why": each.why} for each in lefts),
            *({"ref": ref, "why": "not in the plan"} for ref in exchange.unrelated),
        ],
    }
