"""References to moved paths that are left in a tree: each with where it is, or why it may stay.

The proof of `migrate verify`. What it finds, it finds by `search` and `relative`, which share no rule with rewriting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from posixpath import dirname

from migrate.allowed import Allowed
from migrate.forwarding import forwarding_files
from migrate.git.objects import SYMLINK
from migrate.moves import MoveMap
from migrate.overlay import Overlay
from migrate.references.allowance import line_at, permit
from migrate.references.formats import format_of
from migrate.references.formats.golang import import_paths
from migrate.references.modules import Module, module_at, module_named, modules_of
from migrate.references.past import Past
from migrate.references.records import Stale
from migrate.references.relative import relative, resolved
from migrate.references.roots import image_roots
from migrate.references.scope import PROSE, decoded, history, is_binary, is_third_party, kept_name, preload
from migrate.references.search import Place, Search

FORWARDED = "forwarded: imports name the old path until ws.go.unforward()"
"""Why an import may name a place that only forwards to where its package went."""

UNFINISHED = re.compile(r"\$[\w{(]")
"""A variable that ends a name: `internal/auth$SUFFIX` is another path than `internal/auth`."""


@dataclass(frozen=True)
class Hit:
    """A place in a text that names a path which is gone."""

    start: int
    end: int
    old: str
    new: str
    reason: str | None = None
    """Why it may stay, as far as the place itself says."""


def stale(overlay: Overlay, moves: MoveMap, allowed: Sequence[Allowed] = ()) -> list[Stale]:
    """Every reference to a moved path that is left anywhere in a tree, import paths included, in order of place.

    A reference that a person must fix has no `reason`. Old paths where something stands now are not stale; what only
    forwards is nothing, but an import of it may stay.
    Third-party code and binary files are not searched.
    """
    forwarding = forwarding_files(overlay)
    past = Past.of(view(overlay, forwarding), moves)
    search = searching(past)
    forwarded = import_paths_of({dirname(path) for path in forwarding}, past)
    found = []
    for path in searched(past):
        content = overlay.content(overlay.entries[path].oid)
        if not is_binary(content):
            text = decoded(content)
            imports = set(forwarded_imports(path, text, forwarded))
            for hit in hits(text, path, past, search):
                item = reported(hit, path, text, allowed)
                found.append(replace(item, reason=FORWARDED) if any(hit.start in span for span in imports) else item)
    return sorted([*found, *broken_links(past, allowed)], key=lambda item: (item.path, item.line, item.column))


def view(overlay: Overlay, forwarding: Sequence[str]) -> Overlay:
    """A tree without its forwarding packages."""
    if not forwarding:
        return overlay
    seen = overlay.next()
    seen.drop(forwarding)
    return seen


def import_paths_of(folders: set[str], past: Past) -> set[str]:
    """The import paths of some folders."""
    modules = modules_of(past.overlay, past.overlay.entries)
    homes = ((folder, module_at(modules, folder)) for folder in folders)
    return {home.import_path_of(folder) for folder, home in homes if home is not None}


def forwarded_imports(path: str, text: str, forwarded: set[str]) -> Iterator[range]:
    """Where a Go file imports packages that forward."""
    for start, end in import_paths(text) if forwarded and path.endswith(".go") else ():
        if text[start + 1 : end - 1] in forwarded:
            yield range(start, end)


def searching(past: Past) -> Search:
    """The search for what is gone: as paths, and as import paths where nothing answers to them any more."""
    now = modules_of(past.overlay, past.overlay.entries)
    before = tuple(Module(module.import_path, past.origins.resolve(module.folder)) for module in now)
    imports, inside = {}, set()
    for path in past.places:
        home = module_at(before, path)
        if home is not None and home.folder and home.folder != path:
            inside.add(path[len(home.folder) + 1 :])
            imported = home.import_path_of(path)
            owner = module_named(now, imported)
            if owner is None or not past.exists(owner.folder_of(imported)):
                imports[imported] = path
    several = {path for path in inside if "/" in path}
    return Search(past.places, imports=imports, inside=several, modules=now, roots=image_roots(past.overlay))


def searched(past: Past) -> list[str]:
    """The files that can name a path that is gone: by its first folder, or relatively from below that folder."""
    overlay = past.overlay
    tops = {top(path) for path in past.places}
    modules = modules_of(overlay, overlay.entries)
    named = overlay.holding([*tops, *(module.import_path for module in modules if module.folder)])
    below = (path for path in overlay.entries if not tops.isdisjoint((top(path), top(past.origins.resolve(path)))))
    found = [path for path in {*named, *below} if overlay.entries[path].is_text_candidate and not is_third_party(path)]
    preload(overlay, found)
    return found


def top(path: str) -> str:
    """The first component of a path."""
    return path.split("/", maxsplit=1)[0]


def hits(text: str, path: str, past: Past, search: Search) -> Iterator[Hit]:
    """The places in a file's text that name something gone."""
    if "\u2215" in text:  # assembly writes example·com∕shop∕internal∕auth·Func
        text = text.translate({ord("\u2215"): "/", ord("\u00b7"): "."})
    taken: list[tuple[int, int]] = []
    for start, end, written in relative(path, text):
        entry = relative_entry(path, written, past)
        if entry is not None:
            taken.append((start, end))
            yield Hit(start, end, *entry)
    for place in search.places(text):
        if not any(start <= place.start < end for start, end in taken):
            entry = place_entry(place, path, text, past) or module_entry(place, path, text, past, search.modules)
            if entry is not None:
                yield Hit(place.start, place.end, *entry, reason=reason_of(place, path, text, past))


def reason_of(place: Place, path: str, text: str, past: Past) -> str | None:
    """Why what a place names may stay: it is a link to what was, or one word that need not be the package's folder."""
    if place.pinned:
        return "history: a link to a fixed commit"
    bare = not place.qualified and "/" not in place.path and not text.startswith("/", max(0, place.start - 1))
    if bare and path.endswith(PROSE) and past.moves.resolve(place.path) in past.packages:
        return "ambiguous: one word, which need not mean the package"
    return None


def relative_entry(path: str, written: str, past: Past) -> tuple[str, str] | None:
    """The moved path that a relative reference names, and where that is now.

    A reference in a file that was itself moved is also read from its old folder: what it named there may have stayed.
    """
    here = resolved(dirname(path), written)
    if here is None or past.exists(here):
        return None
    entry = past.entry(here)
    origin = past.origins.resolve(path)
    if entry is None and origin != path:
        there = resolved(dirname(origin), written)
        if there is not None and past.existed(there):
            return there, past.moves.resolve(there)
    return entry


def place_entry(place: Place, path: str, text: str, past: Past) -> tuple[str, str] | None:
    """The moved path that a place names, and where that is now."""
    folder = dirname(path)
    if place.climb:
        named = resolved(folder, place.climb + place.path)
        if named is not None and (past.exists(named) or past.entry(named)):
            return None
    elif not place.qualified and folder and past.exists(f"{folder}/{place.path}"):
        return None
    entry = past.entry(place.path) or symbol_entry(place, text, past)
    if entry is not None and entry[0] == place.path and UNFINISHED.match(text, place.end):
        return None
    if entry is None or "/" in entry[0]:
        return entry
    dot = text.startswith("./", max(0, place.start - 2)) and not is_run(place, text)
    slash = text.startswith("/", place.end) or dot
    sure = past.existed(place.path) if "/" in place.path else slash and not place.behind_slash
    return entry if sure else None


def is_run(place: Place, text: str) -> bool:
    """Whether the one word of a place is a command, `./shop -v`, and so no folder."""
    before = text[max(0, place.start - 80) : place.start].rpartition("\n")[2]
    return (
        text.startswith(" ", place.end) and re.search(r"(?:^\s*(?:[$#>] )?|[;&|(`]\s*|sudo )\./$", before) is not None
    )


def module_entry(place: Place, path: str, text: str, past: Past, modules: tuple[Module, ...]) -> tuple[str, str] | None:
    """The moved path that a place names from the top of the file's own module, where that is not the tree's."""
    home = module_at(modules, path)
    if home is None or not home.folder or place.qualified or place.climb or past.existed(place.path):
        return None
    if past.exists(f"{dirname(path)}/{place.path}") or UNFINISHED.match(text, place.end):
        return None
    entry = past.entry(f"{home.folder}/{place.path}")
    return entry if entry and "/" in entry[0][len(home.folder) + 1 :] else None


def symbol_entry(place: Place, text: str, past: Past) -> tuple[str, str] | None:
    """The entry of a package whose symbol a place names: `internal/auth.Service`, `-X module/internal/auth.key=`."""
    if past.exists(place.path):
        return None
    begin = place.path.rfind("/") + 1
    for dot in re.finditer(r"\.", place.path[begin:]):
        folder, symbol = place.path[: begin + dot.start()], place.path[begin + dot.end() :]
        if folder in past.places and (place.qualified or symbol[:1].isupper() or text.startswith("=", place.end)):
            return past.entry(folder)
    return None


def broken_links(past: Past, allowed: Sequence[Allowed]) -> Iterator[Stale]:
    """The relative symlinks whose target is gone."""
    for path, entry in past.overlay.entries.items():
        if entry.mode == SYMLINK and not is_third_party(path):
            target = decoded(past.overlay.content(entry.oid))
            found = None if target.startswith("/") else relative_entry(path, target, past)
            if found is not None:
                yield reported(Hit(0, len(target), *found), path, target, allowed, kind="symlink")


def reported(hit: Hit, path: str, text: str, allowed: Sequence[Allowed], kind: str = "") -> Stale:
    """A hit with its position, and why it may stay."""
    begin, line = line_at(text, hit.start)
    return Stale(
        path=path,
        line=text.count("\n", 0, hit.start) + 1,
        column=hit.start - begin + 1,
        text=line,
        old=hit.old,
        new=hit.new,
        kind=kind or format_of(path).kind,
        reason=history(path) or kept_name(path, line) or permit(path, line, allowed) or hit.reason,
    )
