"""Go files that programs write, as https://go.dev/s/generatedcode says."""

from __future__ import annotations

import re

GENERATED = re.compile(r"^// Code generated .* DO NOT EDIT\.\r?$", re.MULTILINE)


def is_generated(text: str, end: int) -> bool:
    """Whether a Go file says that a program writes it, in the `end` characters before its first code.

    Further down the same words may be in a string of a generator.
    """
    return "DO NOT EDIT" in text and GENERATED.search(text, 0, end) is not None
