"""`migrate init`"""

from __future__ import annotations

import sys

import click

from migrate.cli.settings import Settings, command_folder, options, settings_of
from migrate.errors import Exit
from migrate.git.repository import Repository
from migrate.plan.base_guess import BaseGuess, branch_names, guess_base, named_base
from migrate.plan.location import display_path
from migrate.plan.scaffold import (
    EXAMPLES,
    check_no_plan,
    check_no_plan_on,
    example_phase,
    first_plan,
    top_of_work_tree,
    write_new,
)
from migrate.text import printable


@click.command(name="init", short_help="Write a plan and a first phase.")
@click.option("--example", "which", type=click.Choice(EXAMPLES), help="Copy a migration that ships with the program.")
@click.option("--name", help="Name of the migration. Default: the name of the folder.")
@click.option("--base", metavar="BRANCH", help="Branch that the first phase starts from. Default: detected.")
@options
@click.pass_context
def command(context: click.Context, which: str | None, name: str | None, base: str | None) -> int:
    """Write a plan and a first phase into this repository. Existing files are not overwritten."""
    settings = settings_of(context)
    check_no_plan(command_folder())
    found = base_from_branch(settings, base)
    check_no_plan_on(found.branch, command_folder())
    files = (
        example_phase(which, command_folder(), found.branch)
        if which
        else first_plan(command_folder(), name, found.branch)
    )
    repository = Repository.open(command_folder())
    written = [display_path(path) for path in write_new(top_of_work_tree(repository), files)]
    if settings.json:
        settings.output.json({"written": written, "base": found.branch})
    for path in written:
        settings.output.say(f"wrote {path}")
    settings.output.say(base_sentence(found))
    settings.output.say("Read them, change them, commit them on the base branch or keep them untracked.")
    if branch_names(repository) or repository.head().commit is not None:
        settings.output.next("plan", "what the phases would do")
    else:
        settings.output.say(
            "This repository has no commit yet, and the phases need one to stand on: commit something first; "
            f"then {settings.output.again('plan')} shows what the phases would do."
        )
    return Exit.DONE


def base_from_branch(settings: Settings, named: str | None) -> BaseGuess:
    """The base that was named, or that was found; a person on a terminal is asked when it is not clear."""
    repository = Repository.open(command_folder())
    if named is not None:
        return named_base(repository, named)
    guess = guess_base(repository)
    if guess.is_clear or settings.yes or settings.json or not sys.stdin.isatty():
        return guess
    return named_base(repository, click.prompt("Base branch", default=guess.branch, err=True))


def base_sentence(found: BaseGuess) -> str:
    """What to say of the base."""
    if found.here in (found.branch, None):
        return f"The base is {printable(found.branch)}."
    here = f"You are on {printable(str(found.here))}"
    return (
        f"The base is {printable(found.branch)}. {here}: if the phases are to stand on that, change base in the plan."
    )
