"""The body of a request on a forge: what `migrate pr` writes, what was set last, and what a person wrote around it.

What `submit` set last stands in the body itself, so that every clone knows it: a title that is another one by now was
changed by a person, and stays.
"""

from __future__ import annotations

import re
from dataclasses import replace

from migrate.describe.markers import END, renew_generated
from migrate.forges.last_set import SET, LastSet, last_set, set_line
from migrate.templating.markdown import MARKER

FENCE = re.compile(r"^(`{3,}|~{3,})", re.MULTILINE)


def with_last_set(generated: str, last: LastSet) -> str:
    """Generated text that also says what is set now. A hyphen is written by its number: two of them end a comment."""
    return generated.replace(END, f"{set_line(last)}\n{END}")


def with_closed(body: str) -> str:
    """A body that says that `undo` closed its request; itself where `submit` never wrote it."""
    last = last_set(body)
    if last is None:
        return body
    line = set_line(replace(last, is_closed=True))
    return SET.sub(lambda found: line + ("\r" if found[0].endswith("\r") else ""), body, count=1)


def request_body(old: str, generated: str, most: int, whole: str) -> str:
    """A body with its generated part written again, cut so that all of it has at most `most` characters.

    What a person wrote stays whole. `whole` says where all of the generated text is.
    """
    if SET.fullmatch(old.strip()):
        old = ""  # A request was opened by a push, and nothing else was said yet.
    body = renew_generated(old, generated)
    if len(body) <= most:
        return body
    return renew_generated(old, cut(generated, len(generated) - (len(body) - most), whole))


def cut(generated: str, room: int, whole: str) -> str:
    """The beginning of a generated text, up to the end of a block: what matters most stands first in it."""
    first, _, rest = generated.partition("\n")
    text, _, end = rest.rpartition(f"\n{MARKER} set ")
    note = f"\n\n---\n\n*Cut here: a forge takes no longer text. The whole: {whole}*\n"
    ending = f"{note}{MARKER} set {end}" if text else f"{note}{END}\n"
    text = text or rest.partition(f"\n{END}")[0]
    room -= len(first) + len(ending) + len("\n") + len("\n```")
    kept = text[: max(0, room)]
    kept = kept[: kept.rfind("\n\n")] if "\n\n" in kept else kept[: max(0, kept.rfind("\n"))]
    return f"{first}\n{kept}{closing(kept)}{ending}"


def closing(text: str) -> str:
    """What ends a block of code that a text leaves open."""
    fence = ""
    for found in FENCE.finditer(text):
        if not fence:
            fence = found[1]
        elif found[1].startswith(fence):
            fence = ""
    return f"\n{fence}" if fence else ""
