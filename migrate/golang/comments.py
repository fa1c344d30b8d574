"""Comments that name a package by its name: its own `// Package metrics …`, and links such as `[metrics.Counter]`.

Both are what `go doc` reads (https://go.dev/doc/comment).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from migrate.golang.header import Header, raw
from migrate.golang.scope import Scopes
from migrate.golang.splice import Edit


def package_comment_edits(content: bytes, header: Header, new: str) -> Iterator[Edit]:
    """The edits that let the comment above the package clause begin with the `new` name."""
    old = re.escape(raw(header.package))
    first = re.compile(rb"(?:^|\n)(?://[ \t]?|/\*\s*)Package (" + old + rb")(?![\w\x80-\xff])")
    for found in first.finditer(content, 0, header.package_start):
        yield Edit(found.start(1), found.end(1), raw(new))


def doc_link_edits(scopes: Scopes, old: str, new: str) -> Iterator[Edit]:
    """The edits that give the links of a file to the package called `old` its `new` name."""
    link = re.compile(rb"\[\*?(" + re.escape(raw(old)) + rb")(?:\.[\w\x80-\xff]+){1,2}\]")
    for found in link.finditer(scopes.content):
        node = scopes.tree.root_node.descendant_for_byte_range(found.start(), found.end())
        if node is not None and node.type == "comment":
            yield Edit(found.start(1), found.end(1), raw(new))
