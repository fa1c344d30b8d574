"""The comments around generated text, so that writing it again replaces it and nothing else."""

from __future__ import annotations

import re

from migrate.templating.markdown import MARKER

END = f"{MARKER} end of the generated text -->"


def mark_generated(subject: str, text: str) -> str:
    """Generated text between its markers; `subject` names what it describes, such as `pllm p03-generic-utilities`."""
    name = re.sub(r"[^\w ./]+", "-", subject)
    return f"{MARKER} generated for {name} -->\n{text.strip()}\n{END}\n"


def renew_generated(body: str, generated: str) -> str:
    """A description with its generated part written again; what a person wrote around it stays, to the byte.

    A body without that part was written by a person: it stays whole, and the generated text follows it. The line ends
    are those of the body.
    """
    line_end = "\r\n" if "\r\n" in body else "\n"
    begin = re.escape(generated.partition("\n")[0])
    part = re.compile(rf"(?:^|(?<=^\ufeff)){begin}\r?$.*?^{re.escape(END)}(?=\r?$)", re.MULTILINE | re.DOTALL)
    text = generated.replace("\n", line_end)
    if part.search(body):
        return part.sub(lambda _: text.removesuffix(line_end), body, count=1)
    return f"{body.rstrip()}{line_end * 2}{text}" if body.strip() else text
