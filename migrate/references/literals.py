"""What the strings and comments of a file of code are, asked only where one of them spells a moved path."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from migrate.references.flow import Flow
from migrate.references.regions import Reading
from migrate.references.scope import encoded

SLASHES = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z))|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\.|[^`\\])*`""", re.DOTALL
)
HASHES = re.compile(
    r"""(?P<comment>\#[^\n]*|\"{3}.*?(?:\"{3}|\Z)|'{3}.*?(?:'{3}|\Z))|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'""",
    re.DOTALL,
)
HASHED = (".py", ".pyi", ".rb", ".pl", ".pm", ".ex", ".exs", ".r", ".R", ".jl", ".nim", ".cmake")


@dataclass(frozen=True)
class Literals:
    """The code of one file."""

    path: str
    text: str
    flow: Callable[[], Flow]

    def reading(self, position: int) -> Reading:
        """How the place is to be read: prose in a comment, and a string by where it goes, as far as that is known."""
        if self.path.endswith(".go"):
            return self.flow().reading(self.path, position if self._plain else len(encoded(self.text[:position])))
        return Reading.TEXT if any(start <= position < end for start, end in self._comments) else Reading.CODE

    @cached_property
    def _plain(self) -> bool:
        return self.text.isascii()

    @cached_property
    def _comments(self) -> list[tuple[int, int]]:
        lexer = HASHES if self.path.endswith(HASHED) else SLASHES
        return [found.span() for found in lexer.finditer(self.text) if found["comment"]]
