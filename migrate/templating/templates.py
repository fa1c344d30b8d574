"""Rendering Jinja templates, in the sandbox: a template may come from the repository that is being migrated."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import SecurityError
from jinja2.loaders import split_template_path
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from migrate import limits
from migrate.deadline import TookTooLongError, within
from migrate.errors import MigrateError, TemplateError
from migrate.templating.beside import FilesBeside
from migrate.templating.resources import shipped
from migrate.text import did_you_mean

LARGEST_POWER = 1000
"""The largest exponent: a larger one makes numbers that take minutes to print."""


def render_template(name: str, folder: Path | None, values: Mapping[str, object]) -> str:
    """The text of a template, looked up in `folder` first and then among those that ship with the program.

    Raises `TemplateError` with the template and the line when it is missing or wrong.
    """
    environment = environment_of(folder)
    try:
        with within(limits.TEMPLATE_SECONDS):
            return "".join(within_limit(name, environment.get_template(name).generate(values)))
    except TookTooLongError:
        raise TemplateError(f"it does not end within {limits.TEMPLATE_SECONDS:g} s", where=name) from None
    except MigrateError:
        raise
    except TemplateNotFound as error:
        known = environment.list_templates()
        raise TemplateError(f'there is no template "{error.name}"{did_you_mean(str(error.name), known)}') from error
    except TemplateSyntaxError as error:
        raise TemplateError(str(error.message), where=f"{error.name or name}:{error.lineno}") from error
    except Exception as error:
        # A template is a program that the plan brings: when it divides by zero, that is its own error.
        said = str(error) if isinstance(error, JinjaError) else f"{type(error).__name__}: {error}"
        raise TemplateError(said, where=template_place(environment, error) or name) from error


def within_limit(name: str, parts: Iterable[str]) -> Iterator[str]:
    """The output of a template, piece by piece. Raises `TemplateError` when it is too long."""
    written = 0
    for part in parts:
        written += len(part)
        if written > limits.RENDERED_CHARACTERS:
            most = limits.RENDERED_CHARACTERS // limits.MEGABYTE
            raise TemplateError(f"it writes more than {most} million characters", where=name)
        yield part


class BoundedLoader(FileSystemLoader):
    """Finds templates in folders, and refuses those that are too large."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        """The text of a template. Raises `TemplateError` for one that is too large."""
        for folder in self.searchpath:
            path = Path(folder, *split_template_path(template))
            if path.is_file() and path.stat().st_size > limits.TEMPLATE_BYTES:
                raise TemplateError(
                    f"a template holds at most {limits.limit_words(limits.TEMPLATE_BYTES)}", where=template
                )
        return super().get_source(environment, template)

    def list_templates(self) -> list[str]:
        """The names of the templates, up to the limit for a folder."""
        return sorted({name for folder in self.searchpath for name in FilesBeside(Path(folder)).files})


class Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, in which no operator can make an endless text or number."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: object, right: object) -> object:
        """Multiply, within a limit."""
        size = larger(left, right) if operator == "*" else 0
        if size > limits.RENDERED_CHARACTERS or (operator == "**" and isinstance(right, int) and right > LARGEST_POWER):
            raise SecurityError("the result would be too large")
        return super().call_binop(context, operator, left, right)


def larger(left: object, right: object) -> int:
    """The length of a text or list that is to be repeated; 0 for a product of numbers."""
    for repeated, times in ((left, right), (right, left)):
        if isinstance(repeated, str | list | tuple) and isinstance(times, int):
            return len(repeated) * times
    return 0


def template_place(environment: ImmutableSandboxedEnvironment, error: Exception) -> str | None:
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
    from migrate.templating.markdown import FILTERS

    environment = Sandbox(
        loader=BoundedLoader([place for place in (folder, shipped("templates")) if place is not None]),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(FILTERS)
    return environment
