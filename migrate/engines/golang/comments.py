"""Renames packages in comments: the package's own `// Package metrics …`, and `metrics.Counter` anywhere.

The first, and links such as `[metrics.Counter]`, are what `go doc` reads (https://go.dev/doc/comment).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from migrate.engines.golang.header import Header
from migrate.engines.golang.scope import Scopes
from migrate.engines.splice import Splice
from migrate.text import decode, encode


def package_comment_edits(content: bytes, header: Header, new: str) -> Iterator[Splice]:
    """The edits that make the comment above the package clause begin with the `new` name."""
    old = re.escape(encode(header.package))
    first = re.compile(rb"(?:^|\n)(?://[ \t]?|/\*\s*)Package (" + old + rb")(?![\w\x80-\xff])")
    for found in first.finditer(content, 0, header.package_start):
        yield Splice(found.start(1), found.end(1), encode(new))
    bare = re.compile(
        rb"(?:^|\n\r?\n)(?://[ \t]?|/\*\s*)(" + old + rb")[ \t]+(?:is|are|provides|implements|contains)\b"
    )
    for found in bare.finditer(content, 0, header.package_start):
        if re.search(rb"\n\r?\n", content[found.end() : header.package_start]) is None:
            yield Splice(found.start(1), found.end(1), encode(new))


RenamedPackages = Callable[[str], "str | None"]
"""The new qualifier of a name of a package, "" for none; None when nothing changes."""


def mention_edits(scopes: Scopes, old: str, renamed: RenamedPackages) -> Iterator[Splice]:
    """The edits of comments that say `metrics.Counter`, in a link or not, of a package that was called `old`.

    A name that begins with a capital letter must follow: other words after a full stop are prose, or the end of a path.
    """
    mention = re.compile(rb"(?<![\w./\x80-\xff-])(" + re.escape(encode(old)) + rb"\.)([A-Z][\w\x80-\xff]*)")
    for found in mention.finditer(scopes.content):
        new = renamed(decode(found[2])) if _is_in_comment(scopes, found) else None
        if new is not None and new != old:
            yield Splice(found.start(1), found.end(1), encode(new and f"{new}."))


def link_edits(scopes: Scopes, renamed: RenamedPackages) -> Iterator[Splice]:
    """The edits that qualify links such as `[Counter]` of what has left the package."""
    link = re.compile(rb"(?<![\w\x80-\xff\])])\[\*?(?P<name>[A-Z][\w\x80-\xff]*)(?:\.[A-Z][\w\x80-\xff]*)?\](?![(:\[])")
    for found in link.finditer(scopes.content):
        new = renamed(decode(found["name"])) if _is_in_comment(scopes, found) else None
        if new:
            yield Splice(found.start("name"), found.start("name"), encode(f"{new}."))


def _is_in_comment(scopes: Scopes, found: re.Match[bytes]) -> bool:
    node = scopes.tree.root_node.descendant_for_byte_range(found.start(), found.end())
    return node is not None and node.type == "comment"
