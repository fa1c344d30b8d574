"""Files that programs write: their references are fixed by generating them again."""

from __future__ import annotations

import re
from posixpath import basename

# https://go.dev/s/generatedcode, and what generators for other languages write.
MARK = re.compile(
    r"\bgenerated\b.*\bdo not (?:edit|modify)\b|\bdo not (?:edit|modify)\b.*\bgenerated\b|@generated\b"
    r"|^\W*(?:this file (?:is|was) )?auto[- ]?generated\b|^\W*this file (?:is|was) generated\b",
    re.IGNORECASE | re.MULTILINE,
)
CODE = re.compile(r"^(?:package|import|func|type|var|const|class|def|from|export|module)\b", re.MULTILINE)
WRITTEN = re.compile(
    r".*\.min\.(?:js|css)|.*\.map|.*\.snap|.*\.lock|.*-lock\.(?:json|ya?ml)|npm-shrinkwrap\.json|go(?:\.work)?\.sum"
)
"""Names of files that no person writes: minified ones, snapshots, locks."""
HEAD = 2000
"""Characters in which a file says that it was generated."""
WIDE = 2000
"""Characters of a line that no person writes."""
MINIFIED = (".js", ".css", ".mjs", ".cjs")


def is_machine_written(path: str, text: str) -> bool:
    """Whether a program wrote a file: it says so before its first code, or its name or its lines do."""
    if WRITTEN.fullmatch(basename(path)):
        return True
    head = text[:HEAD]
    code = CODE.search(head)
    if MARK.search(head, 0, code.start() if code else len(head)):
        return True
    return path.endswith(MINIFIED) and any(len(line) > WIDE for line in text.split("\n"))
