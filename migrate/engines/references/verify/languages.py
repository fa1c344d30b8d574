"""Languages without an engine: how their imports are searched for, and what remains unproven.

Their imports are searched for by their spelling. That finds broken imports, but does not prove that there are no
others. So `verify` says how many files of which language moved.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from posixpath import basename

from migrate.engines.code_proof import Hit
from migrate.engines.old_paths import OldPaths
from migrate.engines.references.common.scope import is_third_party
from migrate.engines.references.verify.includes import included_hits, leaves_to_compiler
from migrate.engines.references.verify.java import JavaNames
from migrate.engines.references.verify.rust import rust_hits
from migrate.engines.references.verify.web import ALIASES, specifier_hits
from migrate.text import decode

CONFIGURES = re.compile(
    r"[tj]sconfig[\w.-]*\.json|(?:vite|vitest|webpack|rollup|babel|metro|jest)\.config\.\w+|package\.json"
)

Finder = Callable[[str, str], Iterator[Hit]]


@dataclass(frozen=True)
class Language:
    """A language, the endings of its files, and the search for its imports, if there is one.

    `is_open` says whether a tree has imports whose meaning the spelling does not tell.
    """

    name: str
    ends: tuple[str, ...]
    finder: Callable[[OldPaths], Finder] | None = None
    is_open: Callable[[OldPaths], bool] = lambda _: True


def web_finder(old_paths: OldPaths) -> Finder:
    """The search for module specifiers."""
    return lambda path, text: specifier_hits(path, text, old_paths)


def rust_finder(old_paths: OldPaths) -> Finder:
    """The search for modules of Rust."""
    return lambda path, text: rust_hits(path, text, old_paths)


def included_finder(old_paths: OldPaths) -> Finder:
    """The search for includes."""
    return lambda path, text: included_hits(path, text, old_paths)


def has_aliases(old_paths: OldPaths) -> bool:
    """Whether modules of JavaScript may be imported by other names than relative paths."""
    entries = old_paths.overlay.entries
    files = [
        path for path, entry in entries.items() if entry.is_text_candidate and CONFIGURES.fullmatch(basename(path))
    ]
    return any(ALIASES.search(decode(old_paths.overlay.content(entries[path].oid))) for path in files)


def java_finder(old_paths: OldPaths) -> Finder:
    """The search for packages."""
    return JavaNames(old_paths).hits


LANGUAGES = (
    Language("Java", (".java",), java_finder),
    Language("Kotlin", (".kt", ".kts"), java_finder),
    Language("Scala", (".scala",), java_finder),
    Language("Groovy", (".groovy",), java_finder),
    Language("Rust", (".rs",), rust_finder),
    Language("JavaScript", (".js", ".jsx", ".mjs", ".cjs", ".vue", ".svelte"), web_finder, has_aliases),
    Language("TypeScript", (".ts", ".tsx", ".mts", ".cts"), web_finder, has_aliases),
    Language("C", (".c", ".h", ".m"), included_finder, leaves_to_compiler),
    Language("C++", (".cc", ".cpp", ".cxx", ".hpp", ".hh", ".mm"), included_finder, leaves_to_compiler),
    Language("C#", (".cs",)),
    Language("Ruby", (".rb",)),
    Language("PHP", (".php",)),
    Language("Swift", (".swift",)),
    Language("Dart", (".dart",)),
    Language("Elixir", (".ex", ".exs")),
    Language("Haskell", (".hs",)),
    Language("Lua", (".lua",)),
    Language("Perl", (".pl", ".pm")),
    Language("Protobuf", (".proto",), included_finder),
)


@dataclass(frozen=True)
class Unchecked:
    """How many files of a language moved whose imports nobody checked."""

    language: str
    files: int
    searched: bool
    """Whether their imports were searched for by spelling."""


def moved_languages(old_paths: OldPaths) -> dict[Language, int]:
    """The languages of the files that moved, with how many did."""
    known = {end: language for language in LANGUAGES for end in language.ends}
    ends = ("." + basename(path).rpartition(".")[2] for path in old_paths.moved if not is_third_party(path))
    return Counter(known[end] for end in ends if end in known)


def unchecked(old_paths: OldPaths) -> tuple[Unchecked, ...]:
    """The languages of moved files, except those whose imports could all be checked."""
    moved = moved_languages(old_paths).items()
    return tuple(
        Unchecked(known.name, count, known.finder is not None) for known, count in moved if known.is_open(old_paths)
    )


class LanguageImports:
    """The search for imports in all languages of which files moved, and in those that import from them."""

    def __init__(self, old_paths: OldPaths) -> None:
        moved = moved_languages(old_paths)
        makers = {language.finder for language in moved if language.finder is not None}
        finders = {maker: maker(old_paths) for maker in makers}
        alike = (language for language in LANGUAGES if language.finder in makers)
        self._finders = {end: finders[known.finder] for known in alike if known.finder for end in known.ends}

    @property
    def ends(self) -> tuple[str, ...]:
        """How the files end that are searched."""
        return tuple(self._finders)

    def hits(self, path: str, text: str) -> Iterator[Hit]:
        """The imports of a file that name what is gone."""
        finder = self._finders.get("." + path.rpartition(".")[2])
        if finder is not None:
            yield from finder(path, text)
