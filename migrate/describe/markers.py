"""The comments around generated text, so that writing it again replaces it and nothing else."""

from __future__ import annotations

import re

BEGIN = "<!-- migrate: generated for {subject} -->"
END = "<!-- migrate: end of the generated text -->"

GENERATED = re.compile(r"<!-- migrate: generated for [^\n]* -->\n.*\n<!-- migrate: end of the generated text -->", re.S)


def mark(subject: str, text: str) -> str:
    """Generated text between its markers; `subject` is a name of ours such as `pllm p03-generic-utilities`."""
    return f"{BEGIN.format(subject=subject)}\n{text.strip()}\n{END}\n"


def renew(body: str, generated: str) -> str:
    """A description with its generated part written again; what a person wrote around it stays.

    A body without markers was written by a person: it stays whole, and the generated text follows it.
    """
    if not body.strip():
        return generated
    if GENERATED.search(body) is None:
        return f"{body.rstrip()}\n\n{generated}"
    return GENERATED.sub(lambda _: generated.rstrip("\n"), body, count=1)
