"""The kind of a file for the proof: prose, code, settings, or commands and everything else."""

from __future__ import annotations

import re
from enum import Enum, auto
from posixpath import basename, splitext

from migrate.engines.registry import engine_of_file


class FileKind(Enum):
    """The kind of a file."""

    PROSE = auto()
    CODE = auto()
    SETTINGS = auto()
    SCRIPT = auto()


def kind_names(text: str) -> frozenset[str]:
    """A set of words, as one writes them."""
    return frozenset(text.split())


PROSE = frozenset({".md", ".mdx", ".markdown", ".rst", ".adoc", ".txt", ".org"})
CODE = kind_names(
    ".js .jsx .mjs .cjs .ts .tsx .mts .cts .vue .svelte .java .kt .kts .scala .groovy .rs .c .h .cc .cpp "
    ".hpp .cs .rb .php .swift .dart .ex .exs .lua .html .css .scss .less .sql .proto .s"
)
SETTINGS = frozenset({".yaml", ".yml", ".toml", ".json", ".jsonc", ".json5", ".ini", ".cfg", ".conf", ".properties"})
IGNORE_FILE = re.compile(r"\.\w*ignore|CODEOWNERS|\.gitattributes|[\w.-]+\.dockerignore")
BAZEL = frozenset({"build", "workspace", "build.bazel", "module.bazel", "workspace.bazel", ".bazelrc"})


def kind_of(path: str) -> FileKind:
    """The kind of a file, by its name."""
    end = splitext(path)[1].lower()
    if end in PROSE:
        return FileKind.SCRIPT if basename(path) == "CMakeLists.txt" else FileKind.PROSE
    if end in CODE or engine_of_file(path) is not None:
        return FileKind.CODE
    return FileKind.SETTINGS if end in SETTINGS else FileKind.SCRIPT


def is_ignore_file(path: str) -> bool:
    """Whether a file holds patterns of paths, one a line."""
    return IGNORE_FILE.fullmatch(basename(path)) is not None


def counts_from_own(path: str) -> bool:
    """Whether the patterns of an ignore file count from its folder, and that is not the top."""
    return "/" in path and is_ignore_file(path) and not path.endswith((".dockerignore", "CODEOWNERS"))


def is_makefile(path: str) -> bool:
    """Whether make reads a file."""
    name = basename(path).lower()
    return name.startswith(("makefile", "gnumakefile")) or name.endswith(".mk")


def is_bazel(path: str) -> bool:
    """Whether Bazel reads a file."""
    name = basename(path).lower()
    return name in BAZEL or name.endswith((".bzl", ".bazel"))
