"""`migrate submit`"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import click

from migrate.cli.checkout_message import say_next
from migrate.cli.complete import complete_phases
from migrate.cli.failure import declined
from migrate.cli.land import land_again
from migrate.cli.output import Output
from migrate.cli.settings import Settings, options, settings_of
from migrate.cli.sync import announce_sync as announce_push
from migrate.errors import Exit
from migrate.forges.base import PLACE, Action, Call, Change, Edit, Merge, Open, PullRequest
from migrate.orchestrator.submit.merging import MergeProposal, merge_lowest
from migrate.orchestrator.submit.proposal import Proposal
from migrate.orchestrator.submit.run import Submitted
from migrate.orchestrator.submit.submit import submit
from migrate.plan.model import Plan
from migrate.stack.conflict_state import Attempt, Stoppable
from migrate.stack.next_step import next_step_of
from migrate.stack.run_options import RunOptions
from migrate.text import plural

CONTEXT = 2
"""Lines around a change of a text that are shown."""


@click.command(name="submit", short_help="Open or update one pull request a phase, on the remote's forge.")
@click.argument("phase", nargs=-1, shell_complete=complete_phases)
@click.option("--dry-run", is_flag=True, help="Print every call that would be made, and make none.")
@click.option("--allow-failed", is_flag=True, help="Push and submit phases that failed, too.")
@click.option(
    "--land",
    "landing",
    metavar="PHASE",
    shell_complete=complete_phases,
    help="Merge the request of the lowest phase, land it, and update the rest.",
)
@options
@click.pass_context
def command(
    context: click.Context, phase: tuple[str, ...], dry_run: bool, allow_failed: bool, landing: str | None
) -> int:
    """Push as `sync` does, then open or update one pull request for each PHASE, or for all that have a branch.

    Each request is for the branch below. Its description is that of `migrate pr`; what people wrote around it stays,
    and so do a title, labels and reviewers that they changed. One comment shows the whole stack, and each receipt
    becomes a commit status. A request that exists is taken over, never opened twice.
    """
    if landing is not None and phase:
        raise click.UsageError("--land names the one phase that is merged: leave PHASE out", context)
    settings = settings_of(context)
    if landing is not None:
        return land_lowest(settings, landing, is_dry=dry_run)
    return publish_requests(settings, phase, is_dry=dry_run, allow_failed=allow_failed)


def publish_requests(settings: Settings, phases: Sequence[str], *, is_dry: bool, allow_failed: bool) -> int:
    """Open and update requests, and print what happened."""
    project = settings.project()
    out = settings.output
    names = tuple(project.plan.phase(name).id for name in phases)
    seen: list[Proposal] = []

    def agree(proposal: Proposal) -> bool:
        seen.append(proposal)
        announce(out, project.plan, proposal, in_full=is_dry)
        return is_dry or proposal.is_nothing or settings.confirm("Publish?")

    done = submit(project, names, agree, out.say, is_dry=is_dry, allow_failed=allow_failed)
    if is_dry:
        if settings.json:
            out.json(proposal_json(seen[-1]))
        out.say(f"{plural(len(seen[-1].calls), 'call')} would be made; nothing was changed.")
        return Exit.NOTHING_LEFT if seen[-1].is_nothing else Exit.DONE
    if done is None:
        raise declined()
    if settings.json:
        out.json({**proposal_json(done.proposal), "requests": [request_json(each) for each in done.requests]})
    for line in () if settings.json else rows(done):
        out.result(line)
    nothing = done.proposal.is_nothing
    if nothing:
        out.say("Every request is as it should be.")
    say_next(out, next_step_of(done.stack))
    return Exit.NOTHING_LEFT if nothing else Exit.DONE


def land_lowest(settings: Settings, name: str, *, is_dry: bool) -> int:
    """Merge the lowest request, land it here, and update the others."""
    project = settings.project()
    out = settings.output
    names = {project.plan.branch(source.id): source.id for source in project.plan.sources}

    def agree(proposal: MergeProposal) -> bool:
        out.say(f"On {proposal.place.web}, {plural(len(proposal.calls), 'call')}:")
        for action, call in proposal.calls:
            lines = (
                call_lines(call, names)
                if is_dry
                else [f"{names[branch_of(action)]}  {summary(action, call, proposal.place.sign)}"]
            )
            for line in lines:
                out.say(f"  {line}")
        out.say(f"Then {proposal.phase} lands here, and the requests above it are updated.")
        return is_dry or settings.confirm("Merge?")

    done = merge_lowest(project, project.plan.phase(name).id, agree, out.say, is_dry=is_dry)
    if is_dry:
        out.say("Nothing was changed.")
        return Exit.DONE
    if done is None:
        raise declined()
    settings.yes = True  # All of it was agreed to.
    code = land_again(settings, Attempt(Stoppable("land", RunOptions(fetch=True))))
    if code not in (Exit.DONE, Exit.NOTHING_LEFT):
        return code
    rest = publish_requests(settings, (), is_dry=False, allow_failed=False)
    return Exit.DONE if rest == Exit.NOTHING_LEFT else rest


def announce(out: Output, plan: Plan, proposal: Proposal, *, in_full: bool) -> None:
    """Say exactly what will be done; `in_full` with every call and the differences of texts."""
    if proposal.exchange is not None:
        announce_push(out, plan, proposal.exchange, giving=proposal.pushes)
    for phase in proposal.left_out:
        out.say(f"{phase} gets no request, because {plan.remote} does not get its branch.")
    for phase, below in proposal.waiting:
        out.say(f"{phase} waits until {below} is merged.")
    if not proposal.calls:
        return
    out.say(f"On {proposal.place.web}, {plural(len(proposal.calls), 'call')}:")
    names = {plan.branch(source.id): source.id for source in plan.sources}
    if in_full:
        for _, call in proposal.calls:
            for line in call_lines(call, names):
                out.say(f"  {line}" if line else "")
        return
    done: dict[str, Counter[str]] = {}
    for action, call in proposal.calls:
        words = summary(action, call, proposal.place.sign)
        done.setdefault(names.get(branch_of(action), branch_of(action)), Counter())[words] += 1
    width = max(map(len, done))
    for phase, what in done.items():
        shown = ", ".join(words if count == 1 else f"{words} ({count})" for words, count in what.items())
        out.say(f"  {phase:<{width}}  {shown}")


def branch_of(action: Action) -> str:
    """The branch that an action is about."""
    return action.request.branch if isinstance(action, (Edit, Merge)) else action.branch


def summary(action: Action, call: Call, sign: str) -> str:
    """What an action does, in a few words; `sign` stands before the number of a request."""
    if isinstance(action, Open):
        return f"open a {'draft' if action.is_draft else 'request'} on {action.base.rpartition('/')[2]}"
    if isinstance(action, Merge):
        return f"{action.method} {sign}{action.request.number} into {action.request.base}"
    if isinstance(action, Edit):
        return f"change {', '.join(action.changes)} of {sign}{action.request.number}"
    return call.what


def call_lines(call: Call, names: Mapping[str, str]) -> Iterator[str]:
    """One call as a dry run shows it: method and path, then each text that changes."""
    yield f"{call.method} {known(call.path, names)}   ({call.what})"
    if call.changes:
        for key, change in call.changes.items():
            yield from (f"    {line}" for line in difference(key, change, names))
    else:
        for key, value in call.values.items():
            for number, line in enumerate(known(str(value), names).splitlines() or [""]):
                yield f"    {key}: {line}" if number == 0 else f"      {line}"


def difference(key: str, change: Change, names: Mapping[str, str]) -> Iterator[str]:
    """The difference of a text, or both values of a short one."""
    old, new = known(change.old, names).splitlines(), known(change.new, names).splitlines()
    if len(old) <= 1 and len(new) <= 1:
        yield f"{key}: {''.join(old) or 'nothing'} → {''.join(new) or 'nothing'}"
        return
    yield f"{key}:"
    for line in list(difflib.unified_diff(old, new, n=CONTEXT, lineterm=""))[2:]:
        yield f"  {line.rstrip()}"


def known(text: str, names: Mapping[str, str]) -> str:
    """A text in which a number that is not known yet is shown as `<number of p01-x>`."""
    return PLACE.sub(lambda found: f"<number of {names.get(found[1], found[1])}>", text)


def rows(done: Submitted) -> Iterator[str]:
    """One line for each request."""
    ids = {phase.branch: phase.id for phase in done.stack}
    opened = {made.action.branch for made in done.made if isinstance(made.action, Open)}
    changed = {branch_of(made.action) for made in done.made}
    width = max((len(ids[each.branch]) for each in done.requests), default=0)
    for each in done.requests:
        word = "opened" if each.branch in opened else "updated" if each.branch in changed else "unchanged"
        word = str(each.state) if not each.is_open else f"{word}, draft" if each.is_draft else word
        yield f"{ids[each.branch]:<{width}}  {done.proposal.place.sign}{each.number}  {word}  {each.url}".rstrip()


def request_json(request: PullRequest) -> dict[str, object]:
    """A request for programs."""
    return {
        "branch": request.branch,
        "number": request.number,
        "base": request.base,
        "title": request.title,
        "state": str(request.state),
        "draft": request.is_draft,
        "url": request.url,
    }


def proposal_json(proposal: Proposal) -> dict[str, object]:
    """What is done, for programs."""
    return {
        "forge": {"kind": proposal.place.kind, "url": proposal.place.web},
        "calls": [
            {"method": call.method, "path": known(call.path, {}), "what": call.what} for _, call in proposal.calls
        ],
        "left_out": list(proposal.left_out),
        "waiting": [phase for phase, _ in proposal.waiting],
    }
