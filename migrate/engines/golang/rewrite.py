"""Computes the new content of every file that names a package that moves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from migrate.engines.golang.callers import Caller, ImportReplacement, NewImport
from migrate.engines.golang.comments import link_edits, mention_edits, package_comment_edits
from migrate.engines.golang.crossing import Crossings
from migrate.engines.golang.directives import assembly_edits, assembly_needle, linkname_edits
from migrate.engines.golang.edit import edit_go
from migrate.engines.golang.header import Header, ImportDeclaration, ImportSpec
from migrate.engines.golang.import_edits import with_import, without_import
from migrate.engines.golang.imports import added_import
from migrate.engines.golang.modules import GoModules
from migrate.engines.golang.package_merge import joining
from migrate.engines.golang.plan import GoPlan
from migrate.engines.golang.qualify import NameQualifier
from migrate.engines.golang.requests import Merge, RequestedMove
from migrate.engines.golang.split_package import SplitPackage
from migrate.engines.notes import Remark
from migrate.engines.splice import Splice, splice
from migrate.git.paths import folder_of
from migrate.text import encode
from migrate.tree.searches import plain_word

TELLING = 4
"""A word of at least this many characters is rare enough to search for."""


def shortest_paths(modules: GoModules, folders: Iterable[str]) -> list[str]:
    """The import paths of folders, without those below another one."""
    paths = {path for folder in folders if (path := modules.import_path(folder)) is not None}
    return [path for path in sorted(paths) if not any(path.startswith(f"{other}/") for other in paths)]


def early_needles(modules: GoModules, requests: Iterable[RequestedMove]) -> list[str]:
    """A first version of `Rewriter.needles`, before there is a plan: each of those contains one of these texts.

    They are short, so that a later search for other names of the folders need not read the whole tree again.
    """
    folders = {
        folder for each in requests for folder in ([each.old, each.new] if isinstance(each, Merge) else [each.old])
    }
    paths = shortest_paths(modules, folders)
    return list(dict.fromkeys(text for path in paths for text in shorter(path)))


def shorter(path: str) -> tuple[str, ...]:
    """Texts one of which is in every spelling of an import path: its last word, unless that is very short."""
    word = plain_word(path.rpartition("/")[2])
    return (word,) if len(word) >= TELLING else (path, assembly_needle(path))


class Rewriter:
    """Rewrites files of the tree before a plan; only what names a moved package changes.

    `kept` are imports that do not change, by file; `found` is what crosses the cuts.
    """

    def __init__(
        self, plan: GoPlan, found: Crossings | None = None, kept: Mapping[str, Collection[ImportSpec]] | None = None
    ) -> None:
        self._plan = plan
        self._kept = kept or {}
        self._qualifier = NameQualifier(plan, {} if found is None else found.qualified)
        self._joined = joining(plan) if plan.merges else frozenset[str]()
        self.hidden: list[str] = []
        """Names that would mean something else in a file that joins the package which it imports."""
        self.notes: list[Remark] = []
        """Notes on the files that were rewritten."""
        self._split = {p.folder: SplitPackage(plan, p) for p in plan.packages.values() if p.is_split}

    def needles(self) -> list[str]:
        """Fixed texts: every file that may need a change contains one of them, or moves itself."""
        modules = self._plan.before.modules
        places = {old for old, _ in self._plan.moves} | set(self._plan.packages)
        return shortest_paths(modules, places) + [assembly_needle(path) for path in self._plan.new_paths]

    def changed(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The new content of every file that changes, with its path in the tree before: one at a time."""
        for path in paths:
            new = self.content(path)
            if new != self._plan.before.content(path):
                yield path, new

    def content(self, path: str) -> bytes:
        """The new content of a file of the tree before."""
        before = self._plan.before.content(path)
        if path.endswith(".s"):
            return splice(before, assembly_edits(before, self._plan.new_paths))
        header = self._plan.before.header(path)
        if header is None:
            return before
        caller = Caller(self._plan, self._split, path, header, self._joined)
        replacements = caller.replacements(self._kept.get(path, ()))
        self.notes += caller.notes
        self.hidden += caller.hidden
        qualified = self._qualifier.qualified(path, header)
        edits = [*self._clause_edits(path, header), *_import_edits(before, header, replacements), *qualified.edits]
        edits += self._own_mentions(path, header, caller, replacements)
        edits += linkname_edits(before, self._new_symbol)
        content = edit_go(before, header, list(dict.fromkeys(edits)))
        for spec, replacement in replacements.items():
            if not replacement.imports:
                content = without_import(content, spec.name, spec.path)
        for name, imported in qualified.imports:
            content = with_import(content, name, imported)
        return content

    def _clause_edits(self, path: str, header: Header) -> Iterator[Splice]:
        clause = self._plan.clauses.get(path)
        if clause is not None:
            yield Splice(header.package_start, header.package_end, encode(clause))
            yield from package_comment_edits(self._plan.before.content(path), header, clause)
        if header.comment is not None:
            folder, new_folder = folder_of(path), folder_of(self._plan.place(path))
            new = self._plan.after.modules.import_path(new_folder)
            if header.comment.path == self._plan.before.modules.import_path(folder) and new is not None:
                yield Splice(header.comment.start, header.comment.end, encode(f'"{new}"'))

    def _own_mentions(
        self, path: str, header: Header, caller: Caller, replacements: Mapping[ImportSpec, ImportReplacement]
    ) -> Iterator[Splice]:
        """The edits of comments that name the file's own package.

        If the file has, or gets, an import with one of the names, the comments mean that import.
        """
        clause = self._plan.clauses.get(path, header.package)
        old, new = (name.removesuffix("_test") for name in (header.package, clause))
        split = self._split.get(folder_of(path))
        syntax = self._plan.before.syntax(path)
        if split is not None and header.package == old:
            destination = split.package.destinations[path]
            edits = [*mention_edits(syntax, old, split.clause_of)]
            edits += link_edits(syntax, lambda name: split.qualifier_of(name, destination))
        else:
            folder, declares = folder_of(path), self._plan.before.declares
            renamed = mention_edits(syntax, old, lambda name: new if declares(folder, name) else None)
            edits = [*renamed] if old != new else []
        # Naming all imports is slow, and few comments need it.
        if edits and old not in caller.names() and (split or new not in caller.names(replacements)):
            yield from edits

    def _new_symbol(self, path: str, name: str) -> str | None:
        """The import path of `path.name` after the map, when it is another one."""
        plan = self._plan
        folder = plan.before.modules.folder(path)
        split = self._split.get(folder or "")
        if split is not None:
            destination = split.destination_of.get(name.partition(".")[0].strip("(*)"))
            return None if destination is None else plan.after.modules.import_path(destination.folder)
        return plan.new_paths.get(path)


def _import_edits(
    content: bytes, header: Header, replacements: Mapping[ImportSpec, ImportReplacement]
) -> Iterator[Splice]:
    for declaration in header.declarations:
        for spec in declaration.specs:
            replacement = replacements.get(spec)
            if replacement is not None:
                yield from replacement.qualifiers
                if replacement.imports not in ((), (NewImport(spec.name, spec.path),)):
                    yield from _spec_edits(content, declaration, spec, replacement, header)


def _spec_edits(
    content: bytes,
    declaration: ImportDeclaration,
    spec: ImportSpec,
    replacement: ImportReplacement,
    header: Header,
) -> Iterator[Splice]:
    first, *others = replacement.imports
    if first.name != spec.name:
        yield Splice(spec.begin, spec.start, encode(f"{first.name} " if first.name else ""))
    if first.path != spec.path:
        quote = content[spec.start : spec.start + 1]
        yield Splice(spec.start, spec.end, quote + encode(first.path) + quote)
    for other in others:
        if all((other.name, other.path) != (each.name, each.path) for each in header.imports):
            yield added_import(content, declaration, spec, other.name, other.path)
