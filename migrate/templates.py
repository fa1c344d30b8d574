"""Rendering Jinja templates, in the sandbox: a template may come from the repository that is being migrated."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound
from jinja2.sandbox import ImmutableSandboxedEnvironment

from migrate.errors import MigrateError
from migrate.resources import shipped
from migrate.text import did_you_mean


def render(name: str, folder: Path | None, values: Mapping[str, object]) -> str:
    """The text of a template, looked up in `folder` first and then among those that ship with the program.

    Raises `MigrateError` with the template and the line when it is missing or wrong.
    """
    environment = environment_of(folder)
    try:
        return environment.get_template(name).render(values)
    except TemplateNotFound as error:
        known = environment.list_templates()
        raise MigrateError(f'there is no template "{error.name}"{did_you_mean(str(error.name), known)}') from error
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        raise MigrateError(f"{error}", where=f"{name}:{line}" if line else name) from error


@cache
def environment_of(folder: Path | None) -> ImmutableSandboxedEnvironment:
    """The sandbox for the templates of a folder. It is kept, because compiling a template takes ten times as long as
    rendering it."""
    from migrate.describe.markdown import FILTERS

    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader([place for place in (folder, shipped("templates")) if place is not None]),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(FILTERS)
    return environment
