"""Comments that name a package by its name: its own `// Package metrics …`, and `metrics.Counter` anywhere.

The first, and links such as `[metrics.Counter]`, are what `go doc` reads (https://go.dev/doc/comment).
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


def mention_edits(scopes: Scopes, old: str, new: str) -> Iterator[Edit]:
    """The edits that give a package called `old` its `new` name where comments say `metrics.Counter`, in a link or not.

    A name that begins with a capital letter must follow: other words after a full stop are prose, or the end of a path.
    """
    mention = re.compile(rb"(?<![\w./\x80-\xff-])(" + re.escape(raw(old)) + rb")\.[A-Z]")
    for found in mention.finditer(scopes.content):
        node = scopes.tree.root_node.descendant_for_byte_range(found.start(), found.end())
        if node is not None and node.type == "comment":
            yield Edit(found.start(1), found.end(1), raw(new))
