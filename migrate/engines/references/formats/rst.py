"""reStructuredText: directives and roles that name files count from the file's own folder.

https://docutils.sourceforge.io/docs/ref/rst/directives.html,
https://www.sphinx-doc.org/en/master/usage/restructuredtext/
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from migrate.engines.references.common.spans import Reading, Span, split_spans

DIRECTIVE = re.compile(
    r"^[ \t]*\.\.[ \t]+(?:\|[^|\n]*\|[ \t]+)?(?:include|literalinclude|image|figure|csv-table|raw|graphviz|uml|"
    r"mermaid|program-output|autofile|download)::[ \t]+(\S+)[ \t]*$|^[ \t]+:(?:file|literal|target):[ \t]+(\S+)[ \t]*$",
    re.MULTILINE,
)
ROLE = re.compile(r":(?:doc|download|file):`(?:[^`<\n]*<([^`>\n]+)>|([^`<\n]+))`")
TOCTREE = re.compile(r"^([ \t]*)\.\.[ \t]+toctree::[^\n]*\n((?:\1[ \t]+[^\n]*\n?|[ \t]*\n)*)", re.MULTILINE)
ENTRY = re.compile(r"^[ \t]+(?!:)(?:[^<\n]*<([^>\n]+)>|([^\s<][^<\n]*?))[ \t]*$", re.MULTILINE)
ADDRESS = re.compile(r"\w+://|/")


def spans(text: str, path: str) -> Iterable[Span]:  # noqa: ARG001 (every format is asked alike)
    """The whole text, with what directives and roles name read as links."""
    return split_spans(
        text, (Span(*span, Reading.LINK) for span in named_files(text) if not ADDRESS.match(text, span[0]))
    )


def named_files(text: str) -> Iterator[tuple[int, int]]:
    """Where the files that directives and roles name are written."""
    for found in (*DIRECTIVE.finditer(text), *ROLE.finditer(text)):
        yield found.span(found.lastindex or 0)
    for tree in TOCTREE.finditer(text):
        for entry in ENTRY.finditer(text, *tree.span(2)):
            yield entry.span(entry.lastindex or 0)
