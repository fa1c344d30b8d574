"""The comments around generated text, so that writing it again replaces it and nothing else."""

from __future__ import annotations

import re

from migrate.markdown import MARKER

END = f"{MARKER} end of the generated text -->"


def mark(subject: str, text: str) -> str:
    """Generated text between its markers; `subject` names what it describes, such as `pllm p03-generic-utilities`."""
    name = re.sub(r"[^\w ./]+", "-", subject)
    return f"{MARKER} generated for {name} -->\n{text.strip()}\n{END}\n"


def renew(body: str, generated: str) -> str:
    """A description with its generated part written again; what a person wrote around it stays.

    A body without that part was written by a person: it stays whole, and the generated text follows it.
    """
    begin = re.escape(generated.partition("\n")[0])
    part = re.compile(rf"^{begin}$.*?^{re.escape(END)}$", re.MULTILINE | re.DOTALL)
    if part.search(body):
        return part.sub(lambda _: generated.rstrip("\n"), body, count=1)
    return f"{body.rstrip()}\n\n{generated}" if body.strip() else generated
