"""Rendering Jinja templates, in the sandbox: a template may come from the repository that is being migrated."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError
from jinja2 import TemplateError as JinjaError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from migrate.errors import TemplateError
from migrate.resources import shipped
from migrate.text import did_you_mean


def render(name: str, folder: Path | None, values: Mapping[str, object]) -> str:
    """The text of a template, looked up in `folder` first and then among those that ship with the program.

    Raises `TemplateError` with the template and the line when it is missing or wrong.
    """
    environment = environment_of(folder)
    try:
        return environment.get_template(name).render(values)
    except TemplateNotFound as error:
        known = environment.list_templates()
        raise TemplateError(f'there is no template "{error.name}"{did_you_mean(str(error.name), known)}') from error
    except TemplateSyntaxError as error:
        raise TemplateError(str(error.message), where=f"{error.name or name}:{error.lineno}") from error
    except Exception as error:
        # A template is a program of the plan's: dividing by zero in it is no bug of ours.
        said = str(error) if isinstance(error, JinjaError) else f"{type(error).__name__}: {error}"
        raise TemplateError(said, where=place(environment, error) or name) from error


def place(environment: ImmutableSandboxedEnvironment, error: Exception) -> str | None:
    """The template and the line at which rendering stopped; Jinja puts them into the traceback."""
    assert isinstance(environment.loader, FileSystemLoader)
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        for folder in environment.loader.searchpath:
            if Path(frame.filename).is_relative_to(folder):
                return f"{Path(frame.filename).relative_to(folder).as_posix()}:{frame.lineno}"
    return None


@cache
def environment_of(folder: Path | None) -> ImmutableSandboxedEnvironment:
    """The sandbox for the templates of a folder. It is kept, because compiling a template takes ten times as long as
    rendering it."""
    from migrate.markdown import FILTERS

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
