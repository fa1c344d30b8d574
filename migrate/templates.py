"""Rendering Jinja templates, in the sandbox: a template may come from the repository that is being migrated."""

from __future__ import annotations

from collections.abc import Mapping
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
    folders = [place for place in (folder, shipped("templates")) if place is not None]
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    from migrate.describe.markdown import FILTERS

    environment.filters.update(FILTERS)
    try:
        return environment.get_template(name).render(values)
    except TemplateNotFound as error:
        known = environment.list_templates()
        raise MigrateError(f'there is no template "{error.name}"{did_you_mean(str(error.name), known)}') from error
    except TemplateError as error:
        line = getattr(error, "lineno", None)
        raise MigrateError(f"{error}", where=f"{name}:{line}" if line else name) from error
