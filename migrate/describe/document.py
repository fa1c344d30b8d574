"""A document for other people, made from a template, without secrets."""

from __future__ import annotations

from pathlib import Path

from migrate.describe.values import Values
from migrate.execution.redaction import shared_text, shared_values
from migrate.templating import templates


def render_document(name: str, folder: Path | None, values: Values) -> str:
    """The text of a template, looked up in `folder` first. Raises `TemplateError` when it is missing or wrong.

    Secrets are removed from the values before rendering, because escaping for Markdown changes how they look, and from
    the text afterwards.
    """
    found = shared_values(values)
    assert isinstance(found, dict)
    return shared_text(templates.render_template(name, folder, found))
