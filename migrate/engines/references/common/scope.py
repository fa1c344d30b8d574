"""Which files are looked at, which may keep old paths, and how their bytes are read."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from functools import cache
from itertools import chain
from pathlib import PurePosixPath

from migrate.engines.registry import all_engines, engine_of_file, has_packages

THIRD_PARTY = frozenset({"vendor", "node_modules"})

LOCKS = frozenset(
    {
        "Cargo.lock",
        "Chart.lock",
        "Gemfile.lock",
        "Pipfile.lock",
        "bun.lock",
        "composer.lock",
        "flake.lock",
        "go.sum",
        "go.work.sum",
        "npm-shrinkwrap.json",
        "package-lock.json",
        "pnpm-lock.yaml",
        "poetry.lock",
        "uv.lock",
        "yarn.lock",
    }
)

HISTORY = (
    (("CHANGELOG*", "CHANGES*", "HISTORY*", "NEWS*"), "history: a changelog"),
    (("RELEASE-NOTES*", "RELEASE_NOTES*", "RELEASES*"), "history: release notes"),
    (("*_PLAN.MD", "*-PLAN.MD", "PLAN.MD"), "history: a plan"),
    (("[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]*",), "history: a dated document"),
)
HISTORY_FOLDERS = {
    "adr": "history: a decision record",
    "adrs": "history: a decision record",
    "rfcs": "history: a proposal",
    "changelog": "history: a changelog",
    "changelogs": "history: a changelog",
    "release-notes": "history: release notes",
}

# A file with such a name in a folder `releases` is about one release, whatever its format: `releases/v1.2.0.toml`.
RELEASE = re.compile(r"v?\d+\.\d+[\w.-]*")

DOCUMENTS = frozenset({"", ".md", ".mdx", ".txt", ".rst", ".adoc", ".org"})

PROSE = (".md", ".mdx", ".markdown", ".rst", ".adoc", ".txt")
"""Documents. A word with a slash behind it may be a key there, a platform, or the folder of another program."""

OMITTED = (".md", ".mdx", ".rst", ".ts", ".tsx", ".js", ".jsx", ".mjs", ".vue", ".svelte", ".d.ts", ".html")
"""What imports of TypeScript leave out of a file's name, and links of static sites."""

HEAD, LONG = 1000, 2000
"""The characters at the beginning in which a file says what made it, and a length that no line of code has."""
PATCHES = (".patch", ".diff")
WEB = (".js", ".mjs", ".cjs", ".css", ".map")
DOCUMENTS_MARKED = (".md", ".mdx", ".rst", ".adoc")
COMMENT_LINES = re.compile(r"(?:[ \t]*(?:(?:#|//|/?\*|<!--|--|;|%|\"\"\"|@echo|'use strict')[^\n]*)?(?:\n|\Z))*")
"""The comment with which a file begins."""
MADE = re.compile(
    r"\bcode generated\b|\bDO NOT (?:EDIT|MODIFY)\b|@generated\b|// Jest Snapshot|"
    r"\b(?:this|the) (?:file|code) (?:is|was|has been) (?:an? )?(?:auto\w*[ -]?)?generated|"
    r"\bauto(?:matically)?[ -]?generated (?:by|from|file\b|code\b)",
    re.IGNORECASE,
)
# browserify, webpack and rollup begin or fill their bundles with these.
BUNDLED = re.compile(
    r"\(function\(\)\{function r\(e,n,t\)|__webpack_require__|\[function\(require,module,exports\)\{|"
    r"^\}\(this, ?\(?function ?\(exports\)|//# sourceMappingURL=",
    re.MULTILINE,
)


def is_third_party(path: str) -> bool:
    """Whether a file belongs to someone else's code that is kept in the tree."""
    return not THIRD_PARTY.isdisjoint(path.split("/")[:-1])


def is_lock(path: str) -> bool:
    """Whether a tool writes the file and a person never should."""
    return path.rpartition("/")[2] in LOCKS


def is_manifest(path: str) -> bool:
    """Whether a file says which modules a language has here, so that its engine alone rewrites it."""
    return any(engine.is_manifest(path) for engine in all_engines())


@cache
def omitted_endings() -> tuple[str, ...]:
    """What a reference may leave out of a file's name: `.py` where `shop/cart` means `shop/cart.py`."""
    return (*OMITTED, *chain.from_iterable(engine.omitted for engine in all_engines()))


def is_run_in_place(path: str) -> bool:
    """Whether a file is a test that its language runs in the folder of the file."""
    engine = engine_of_file(path)
    return engine is not None and engine.tests_run_in_place and engine.is_test(path)


def is_prose(path: str) -> bool:
    """Whether a word with a slash after it often is not a folder in such a file."""
    return path.endswith(PROSE) or has_packages(path)


def made_by_program(path: str, text: str) -> str | None:
    """The kind of program that made a file, None for a person's: a generator, a bundler, a minifier, `git diff`."""
    if path.endswith(PATCHES):
        return "patches"
    engine = engine_of_file(path)
    own_rule = engine.references.is_generated(text) if engine is not None else None
    if own_rule is not None:
        return "generated files" if own_rule else None
    if path.endswith(WEB) and (".min." in path or BUNDLED.search(text) or has_long_lines(text)):
        return "generated files"
    if path.endswith(DOCUMENTS_MARKED) or path.rpartition("/")[2].startswith("."):
        return None  # a tool may have created such a file, but people edit it
    head = COMMENT_LINES.match(text, 0, HEAD)
    return "generated files" if head and MADE.search(head[0]) else None


def has_long_lines(text: str) -> bool:
    """Whether lines are longer than a person writes them."""
    return len(text) > LONG and any(len(line) > LONG for line in text.split("\n"))


def is_history(path: str) -> str | None:
    """Why a file may name old paths for ever, or None when it must not."""
    *folders, name = path.split("/")
    if RELEASE.fullmatch(name) and "releases" in folders:
        return "history: release notes"
    if PurePosixPath(name).suffix.lower() not in DOCUMENTS:
        return None
    for patterns, reason in HISTORY:
        if any(fnmatchcase(name.upper(), pattern) for pattern in patterns):
            return reason
    return next((HISTORY_FOLDERS[folder.lower()] for folder in folders if folder.lower() in HISTORY_FOLDERS), None)


def kept_name(path: str, line: str) -> str | None:
    """Why a line of a file may name an old path for ever, or None: the name of a submodule is no path."""
    is_name = path.rpartition("/")[2] == ".gitmodules" and line.lstrip().startswith("[submodule")
    return "the name of a submodule, by which clones know it" if is_name else None
