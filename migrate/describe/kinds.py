"""What kind of file a path names, in the words of a description."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from migrate.engines.registry import all_engines
from migrate.text import plural

OTHER = "other"

NAMED = 4
"""Up to this many files of one kind are named; more are counted."""

BY_NAME = {
    "makefile": "Makefile",
    "gnumakefile": "Makefile",
    ".gitignore": "ignore rules",
    ".dockerignore": "ignore rules",
    "codeowners": "CODEOWNERS",
}

BY_ENDING = {
    ".md": "Markdown",
    ".mk": "Makefile",
    ".yml": "YAML",
    ".yaml": "YAML",
    ".toml": "TOML",
    ".json": "JSON",
    ".sh": "shell",
    ".proto": "Protocol Buffers",
    ".sql": "SQL",
    ".html": "HTML",
    ".css": "CSS",
    ".js": "JavaScript",
    ".jsx": "JavaScript",
    ".ts": "TypeScript",
    ".tsx": "TypeScript",
    ".txt": "text",
}


def kind_of_file(path: str) -> str:
    """`internal/retry/retry_test.go` → `Go tests`; `other` for what has no name here."""
    name = path.rpartition("/")[2].lower()
    code = next((kind for engine in all_engines() if (kind := engine.kind_of_file(path)) is not None), None)
    if code is not None:
        return code
    if name in BY_NAME:
        return BY_NAME[name]
    if name.startswith(("dockerfile", "containerfile")) or name.endswith(".dockerfile"):
        return "Dockerfile"
    return next((word for ending, word in BY_ENDING.items() if name.endswith(ending)), OTHER)


def count_by_kind(paths: Iterable[str]) -> str:
    """`7 Go, 1 Makefile, 2 other`: the most frequent first, `other` last."""
    ordered = sorted(kinds_of_files(paths).items(), key=lambda item: (item[0] == OTHER, -item[1], item[0]))
    return ", ".join(f"{count:,} {word}" for word, count in ordered)


def few_named_by_kind(paths: Sequence[str]) -> str:
    """`9 files: 7 Go, README.md, Makefile`: kinds with many files are counted, the others named."""
    kinds = kinds_of_files(paths)
    parts = [f"{number} {name}" for name, number in kinds.most_common() if number > NAMED]
    parts += [path for path in paths if kinds[kind_of_file(path)] <= NAMED]
    return f"{plural(len(paths), 'file')}: {', '.join(parts)}"


def kinds_of_files(paths: Iterable[str]) -> Counter[str]:
    """How many files there are of each kind."""
    return Counter(kind_of_file(path) for path in paths)
