"""What finds the strings and comments of source code; a comment is in the group `comment`."""

from __future__ import annotations

import re

QUOTED = r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
"""A string on one line."""
SLASH_COMMENT = r"(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))"
"""A comment of languages that write `//` and `/* */`."""
SLASHES = re.compile(rf"{SLASH_COMMENT}|{QUOTED}|`(?:\\.|[^`\\])*`", re.DOTALL)
"""Languages whose comments begin with `//`."""
HASHES = re.compile(rf"(?P<comment>\#[^\n]*|\"{{3}}.*?(?:\"{{3}}|\Z)|'{{3}}.*?(?:'{{3}}|\Z))|{QUOTED}", re.DOTALL)
"""Languages whose comments begin with `#`."""
