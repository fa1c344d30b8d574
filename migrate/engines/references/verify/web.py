"""Module specifiers of JavaScript and TypeScript: relative ones, and those after an alias such as `@/`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname

from migrate.engines.code_proof import Hit
from migrate.engines.old_paths import MODULE_ENDS, OldPaths
from migrate.engines.references.verify.includes import counted
from migrate.engines.references.verify.relative import relative_entry, resolved_path

QUOTED = re.compile(r"""["'`](\.[^"'`\n?#]*|[@~#]/[^"'`\n?#]+)""")
RELATIVE = re.compile(r"\.{1,2}(?:/.*)?")
BEFORE = re.compile(
    r"(?:\bfrom|\bimport|@import|@use|\b(?:import|require|mock|unmock|resolve|URL|requireActual|importActual)\()\s*$"
)
ALIAS = re.compile(r"[@~#]/(.+)")
ALIASES = re.compile(r'"paths"\s*:|"baseUrl"\s*:|\balias\b|"imports"\s*:|moduleNameMapper')
WRITTEN_FOR = ((".js", (".ts", ".tsx")), (".jsx", (".tsx",)), (".mjs", (".mts",)), (".cjs", (".cts",)))


def specifier_hits(path: str, text: str, old_paths: OldPaths) -> Iterator[Hit]:
    """The specifiers of a file that name a moved module."""
    for found in QUOTED.finditer(text):
        alias = ALIAS.fullmatch(found[1])
        if not BEFORE.search(text[max(0, found.start() - 40) : found.start()]) or not (
            alias or RELATIVE.fullmatch(found[1])
        ):
            continue
        entry = counted(alias[1], old_paths, MODULE_ENDS) if alias else specified(path, found[1], old_paths)
        if entry is not None:
            yield Hit(*found.span(1), *entry)


def specified(path: str, written: str, old_paths: OldPaths) -> tuple[str, str] | None:
    """The moved path that a relative specifier names; `./x.js` also means `x.ts`."""
    if web_sources(resolved_path(dirname(path), written), old_paths):
        return None
    for form in (written, *compiled_from(written)):
        entry = relative_entry(path, form, old_paths)
        if entry is not None:
            return entry
    return None


def web_sources(here: str | None, old_paths: OldPaths) -> bool:
    """Whether a module exists, or its source."""
    return here is not None and any(old_paths.exists(form) for form in (here, *compiled_from(here)))


def compiled_from(path: str) -> Iterator[str]:
    """The sources that a compiled module may have."""
    for end, others in WRITTEN_FOR:
        if path.endswith(end):
            yield from (path.removesuffix(end) + other for other in others)
