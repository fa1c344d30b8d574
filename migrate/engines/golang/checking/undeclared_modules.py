"""Finds folders that Go files import although no `go.mod` declares a module: a move would silently rewrite nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from migrate.engines.golang.header import ImportSpec
from migrate.engines.golang.modules import MODULE_LINE, bare
from migrate.engines.golang.tree import GoTree
from migrate.engines.splice import line_number_at
from migrate.errors import PhaseError
from migrate.text import decode, plural
from migrate.tree.overlay import Overlay

GOPATH = "src"
"""The folder of a GOPATH below which paths are import paths."""
_HOST = re.compile(r"[\w-]+(?:\.[\w-]+)+")


class _Guess(NamedTuple):
    """The module that an import implies for a folder: its folder, and its import path."""

    folder: str
    path: str


def check_stated(overlay: Overlay, tree: GoTree, folders: Iterable[str]) -> None:
    """Raise `PhaseError` with the line that the plan lacks, when Go files import one of some folders of no module."""
    nameless = [folder for folder in dict.fromkeys(folders) if tree.modules.of(folder) is None]
    if not nameless:
        return
    manifests = dict(_manifests(tree))
    for folder in nameless:
        importers = list(_importers(overlay, tree, folder, manifests))
        if importers:
            ((guess, _),) = Counter(guess for guess, _, _ in importers).most_common(1)
            raise _undeclared_refusal(tree, folder, guess, [(p, s) for g, p, s in importers if g == guess], manifests)


def _undeclared_refusal(
    tree: GoTree, folder: str, guess: _Guess, importers: Sequence[tuple[str, ImportSpec]], manifests: dict[str, str]
) -> PhaseError:
    path, spec = importers[0]
    count = len({path for path, _ in importers}) - 1
    more = f", as do {plural(count, 'more file')}" if count else ""
    files = [file for file, module in manifests.items() if module == guess.path and not guess.folder]
    other = f', or modfile = "{files[0]}"' if files else ""
    return PhaseError(
        f'no go.mod says what "{folder}" is imported as, so no importer would follow; '
        f'{path}:{line_number_at(tree.content(path), spec.start)} imports "{spec.path}"{more}',
        advice=f'name it in the plan: [go] modules = {{ "{guess.folder or "."}" = "{guess.path}" }}{other}',
    )


def _importers(
    overlay: Overlay, tree: GoTree, folder: str, manifests: dict[str, str]
) -> Iterator[tuple[_Guess, str, ImportSpec]]:
    """The files that import a folder or something below it, each with the module that this implies."""
    declared = set(manifests.values())
    needles = [f"/{folder}", *_tails(folder)] if folder else sorted(declared)
    for path in overlay.holding(needles) if needles else ():
        header = tree.header(path) if tree.has(path) else None
        for spec in () if header is None else header.imports:
            is_known = tree.modules.folder(spec.path) is not None
            guess = None if is_known else _guess(folder, spec.path, declared)
            if guess is not None and not overlay.is_folder(f"vendor/{spec.path}"):
                yield guess, path, spec


def _guess(folder: str, imported: str, declared: set[str]) -> _Guess | None:
    if not folder:
        return _Guess("", imported) if imported in declared else None
    root, found, _ = f"{imported}/".partition(f"/{folder}/")
    if found and root:
        return _Guess("", root)
    for tail in _tails(folder):
        if f"{imported}/".startswith(f"{tail}/"):
            parts = tail.split("/")
            # Repositories on a code host have an owner and a name.
            module = "/".join(parts[:3] if _HOST.fullmatch(parts[0]) else parts[:1])
            return _Guess(f"{folder.removesuffix(tail)}{module}", module)
    return None


def _tails(folder: str) -> list[str]:
    """The part of the path of a folder after `src/`."""
    *above, tail = f"/{folder}".rsplit(f"/{GOPATH}/", 1)
    return [tail] if above else []


def _manifests(tree: GoTree) -> Iterator[tuple[str, str]]:
    """The files at the top that serve as a `go.mod`, such as `vendor.mod`, with the module that each declares."""
    for path, entry in tree.entries.items():
        if path.endswith(".mod") and "/" not in path and entry.is_text_candidate:
            declared = MODULE_LINE.search(decode(tree.content(path)))
            if declared is not None:
                yield path, bare(declared[1])
