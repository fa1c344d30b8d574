"""A file that is no Python code, after a step: settings, commands, pages and their examples."""

from __future__ import annotations

from migrate.engines.python.dotted import Dotted
from migrate.engines.python.examples import code_of
from migrate.engines.python.formats import names
from migrate.engines.python.rewrite import Rewriting
from migrate.engines.python.step import Step
from migrate.engines.splice import Edit
from migrate.git.process import decode, encode


def page_edits(step: Step, path: str, content: bytes) -> list[Edit]:
    """The edits of the names of modules that formats reserve, and of the examples."""
    text = decode(content)
    dotted = Dotted(step, path)
    examples = example_edits(step, path, content)
    edits = []
    for offset, name in names(path, text):
        new = dotted.renamed(name)
        if new is not None and new != name:
            start = len(encode(text[:offset]))
            edit = Edit(start, start + len(encode(name)), encode(new))
            if not any(edit.start < other.end and other.start < edit.end for other in examples):
                edits.append(edit)
    return [*edits, *examples]


def example_edits(step: Step, path: str, content: bytes) -> list[Edit]:
    """The edits of the examples in a page, or in the docstrings of a file."""
    code = code_of(path, content)
    return [] if code is None else Rewriting(step, path, code, original=content).edits()
