"""A file that is no Python code, after a step: settings, commands, pages and their examples."""

from __future__ import annotations

import re

from migrate.engines.python.dotted import Dotted
from migrate.engines.python.examples import code_of
from migrate.engines.python.formats import module_names
from migrate.engines.python.rewrite import PythonRewrite
from migrate.engines.python.step import PythonStep
from migrate.engines.splice import Splice
from migrate.text import decode, encode

_BARE_KEY = re.compile(r"[ \t]*=")
_RUN = re.compile(r"-m[\s\"',]+\Z")


def page_edits(step: PythonStep, path: str, content: bytes) -> list[Splice]:
    """The edits of the names of modules that formats reserve, and of the examples."""
    text = decode(content)
    dotted = Dotted(step, path)
    examples = example_edits(step, path, content)
    edits = []
    for offset, name in module_names(path, text):
        new = dotted.run(name) if _RUN.search(text, max(0, offset - 8), offset) else dotted.renamed(name)
        if new is not None and new != name:
            start = len(encode(text[:offset]))
            edit = Splice(
                start,
                start + len(encode(name)),
                encode(f'"{new}"' if "." in new and is_bare_key(path, text, offset, name) else new),
            )
            if not any(edit.start < other.end and other.start < edit.end for other in examples):
                edits.append(edit)
    return [*edits, *examples]


def is_bare_key(path: str, text: str, offset: int, name: str) -> bool:
    """Whether a name stands without quotes where TOML would take a dot in it for a table."""
    return (
        path.endswith(".toml")
        and _BARE_KEY.match(text, offset + len(name)) is not None
        and text[:offset].endswith("\n")
    )


def example_edits(step: PythonStep, path: str, content: bytes) -> list[Splice]:
    """The edits of the examples in a page, or in the docstrings of a file."""
    code = code_of(path, content)
    return [] if code is None else PythonRewrite(step, path, code, original=content).edits()
