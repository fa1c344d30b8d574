"""References to moved paths that are left in a tree: each with where it is, or why it may stay.

The proof of `migrate verify`. What it finds, it finds by the rules of `proof`, which shares none with the rewriting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from posixpath import dirname
from typing import NamedTuple

from migrate.engines.code_proof import Hit
from migrate.engines.forwarding import forwarding_files
from migrate.engines.module_folder import module_at
from migrate.engines.old_paths import OldPaths
from migrate.engines.references.common.allowance import line_text_at, permit
from migrate.engines.references.common.modules import modules_of
from migrate.engines.references.common.scope import is_history, is_third_party, kept_name
from migrate.engines.references.verify.generated import is_machine_written
from migrate.engines.references.verify.past import old_paths_of
from migrate.engines.references.verify.proof import Proof
from migrate.engines.references.verify.records import Stale, StaleVerdict
from migrate.engines.references.verify.relative import relative_entry
from migrate.git.objects import SYMLINK, is_binary
from migrate.text import decode, line_after, line_before
from migrate.tree.allowed import Allowed
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay

FORWARDED = "forwarded: imports may name the old path while something there forwards them"
"""Why an import may name a place that only forwards to where its package went."""

AGAIN = "generated: run its generator again"
RELEASED = "a release: the module of the file takes that package from a version, not from this tree"


def stale_references(overlay: Overlay, moves: MoveMap, allowed: Sequence[Allowed] = ()) -> list[Stale]:
    """Every reference to a moved path that is left anywhere in a tree, import paths included, in order of place.

    A reference that a person must fix has no `reason`. An old path at which something exists now is not stale. What
    only forwards does not count as existing, but imports of it may stay. Third-party code and binary files are not
    searched.
    """
    forwarding = forwarding_files(overlay)
    old_paths = old_paths_of(view(overlay, forwarding), moves)
    proof = Proof(old_paths)
    forwarded = import_paths_of({dirname(path) for path in forwarding}, old_paths)
    found: list[Stale] = []
    for path, content in overlay.contents(proof.searched()):
        if not is_binary(content):
            found += stale_in_text(path, decode(content), proof, allowed, forwarded)
    return sorted([*found, *broken_links(proof, allowed)], key=lambda item: (item.path, item.line, item.column))


def view(overlay: Overlay, forwarding: Sequence[str]) -> Overlay:
    """A tree without its forwarding packages."""
    if not forwarding:
        return overlay
    seen = overlay.next()
    seen.drop(forwarding)
    return seen


def import_paths_of(folders: set[str], old_paths: OldPaths) -> set[str]:
    """The import paths of some folders."""
    modules = modules_of(old_paths.overlay, old_paths.overlay.entries)
    homes = ((folder, module_at(modules, folder)) for folder in folders)
    return {home_module.import_path_of(folder) for folder, home_module in homes if home_module is not None}


def stale_in_text(
    path: str, text: str, proof: Proof, allowed: Sequence[Allowed], forwarded: frozenset[str] | set[str] = frozenset()
) -> Iterator[Stale]:
    """The references that are left in one file, each with what must be done about it.

    An import of a generated file that names what is gone keeps the code from compiling, so a person must see it.
    """
    written = None
    for hit, line in with_lines(proof.hits(path, text), path, text, allowed):
        spec = proof.import_at(path, text, hit.start)
        item = reported(hit, line, path, text)
        if spec is not None and spec in forwarded:
            item = replace(item, reason=FORWARDED, verdict=StaleVerdict.ALLOWED)
        elif spec is not None and not proof.sees(path, spec):
            item = replace(item, reason=RELEASED, verdict=StaleVerdict.ALLOWED)
        elif item.verdict in (StaleVerdict.STALE, StaleVerdict.DOUBTFUL) and spec is None:
            written = is_machine_written(path, text) if written is None else written
            item = replace(item, reason=AGAIN, verdict=StaleVerdict.GENERATED) if written else item
        yield item


def broken_links(proof: Proof, allowed: Sequence[Allowed]) -> Iterator[Stale]:
    """The relative symlinks whose target is gone."""
    overlay = proof.old_paths.overlay
    for path, entry in overlay.entries.items():
        if entry.mode == SYMLINK and not is_third_party(path):
            target = decode(overlay.content(entry.oid))
            found = None if target.startswith("/") else relative_entry(path, target, proof.old_paths)
            if found is not None:
                hits = with_lines([Hit(0, len(target), *found)], path, target, allowed)
                yield from (reported(hit, line, path, target) for hit, line in hits)


class StaleLine(NamedTuple):
    """A line of a text: its number from 1, its beginning, and why everything on it may stay."""

    number: int
    begin: int
    reason: str | None


def with_lines(
    hits: Iterable[Hit], path: str, text: str, allowed: Sequence[Allowed]
) -> Iterator[tuple[Hit, StaleLine]]:
    """The hits in a text in order, each with its line: every line is read once, however many hits are on it."""
    number, last, line = 1, 0, None
    for hit in sorted(hits, key=lambda hit: hit.start):
        passed = text.count("\n", last, hit.start)
        number, last = number + passed, hit.start
        if line is None or passed:
            begin, written = line_text_at(text, hit.start)
            reason = is_history(path) or kept_name(path, written) or permit(path, written, allowed)
            line = StaleLine(number, begin, reason)
        yield hit, line


def reported(hit: Hit, line: StaleLine, path: str, text: str) -> Stale:
    """A hit with its position, and what must be done about it."""
    reason = line.reason or hit.reason
    verdict = StaleVerdict.ALLOWED if reason else StaleVerdict.DOUBTFUL if hit.doubt else StaleVerdict.STALE
    return Stale(
        path=path,
        line=line.number,
        column=hit.start - line.begin + 1,
        text=line_before(text, hit.start) + text[hit.start : hit.end] + line_after(text, hit.end),
        old=hit.old,
        new=hit.new,
        reason=reason or hit.doubt,
        verdict=verdict,
    )
