"""The Go code of a tree at one moment: its packages, their names, their modules."""

from __future__ import annotations

from bisect import bisect
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property

from migrate.engines.golang.declarations import declared_by_lines
from migrate.engines.golang.header import Header, ImportSpec, header_of, read_header, unread
from migrate.engines.golang.modules import GoModules, is_manifest
from migrate.engines.golang.parsed import Parsed
from migrate.engines.golang.scope import Scopes
from migrate.engines.golang.stated_modules import StatedModules, stated_in
from migrate.errors import PhaseError
from migrate.git.objects import REGULAR, SYMLINK, BlobId, TreeEntry
from migrate.git.paths import folder_of
from migrate.tree.overlay import Overlay

NEVER_BUILT = ("main", "documentation")
"""Package names that a folder may have beside its own: ignored programs, and go/build's "documentation"."""


_modules: dict[tuple[StatedModules, tuple[tuple[str, BlobId], ...]], GoModules] = {}
"""The modules of files with these paths and contents, cached: few phases change them, and all trees of a run ask."""


class GoTree:
    """The Go files of a snapshot of an overlay, without those in vendor/."""

    def __init__(self, overlay: Overlay, entries: Mapping[str, TreeEntry], parsed: Parsed | None = None) -> None:
        self._overlay = overlay
        self._parsed = Parsed() if parsed is None else parsed
        self._declared: dict[str, frozenset[str]] = {}
        self.entries = entries

    @classmethod
    def of(cls, overlay: Overlay) -> GoTree:
        """The tree as it is now; later edits of the overlay do not change it."""
        return cls(overlay, dict(overlay.entries))

    def moved(self, files: Mapping[str, str]) -> GoTree:
        """This tree with files at other paths."""
        entries = dict(self.entries)
        entries |= {new: entries.pop(old) for old, new in files.items()}
        return self.edited(entries, [*files, *files.values()])

    def stored(self, contents: Iterable[tuple[str, bytes]]) -> dict[str, BlobId]:
        """Store new contents of files, one after the other; returns the names of their blobs."""
        return {path: self._overlay.store(content) for path, content in contents}

    def rewritten(self, stored: Mapping[str, BlobId]) -> GoTree:
        """This tree with other content in some of its files, or with more files."""
        entries = dict(self.entries)
        for path, oid in stored.items():
            entries[path] = TreeEntry(entries[path].mode if path in entries else REGULAR, oid)
        return self.edited(entries, stored)

    def edited(self, entries: Mapping[str, TreeEntry], paths: Collection[str]) -> GoTree:
        """The tree of entries that differ only at `paths`; whatever these cannot affect is not read again."""
        tree = GoTree(self._overlay, entries, self._parsed)
        if not any(map(self.is_manifest, paths)):
            tree.modules = self.modules
        tree.folders = self._folders_after(entries, paths)
        return tree

    def _folders_after(self, entries: Mapping[str, TreeEntry], paths: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """`folders` of other entries: a path where a Go file came or went is in one of the two and not in the other."""
        found = dict(self.folders)
        for path in paths:
            was, now = (_is_go(path, of.get(path)) for of in (self.entries, entries))
            folder = folder_of(path)
            if was != now and "vendor" not in folder.split("/"):
                found[folder] = tuple(sorted({path} ^ {*found.get(folder, ())}))
        return {folder: files for folder, files in found.items() if files}

    @cached_property
    def folders(self) -> Mapping[str, tuple[str, ...]]:
        """The Go files of every folder that has some, sorted."""
        found: dict[str, list[str]] = {}
        for path, entry in self.entries.items():
            if path.endswith(".go") and entry.is_text_candidate:
                found.setdefault(folder_of(path), []).append(path)
        return {folder: tuple(sorted(files)) for folder, files in found.items() if "vendor" not in folder.split("/")}

    @cached_property
    def links(self) -> Mapping[str, str]:
        """For every folder with symlinks that have names of Go files: one of these."""
        found: dict[str, str] = {}
        for path, entry in self.entries.items():
            if entry.mode == SYMLINK and path.endswith(".go"):
                found.setdefault(folder_of(path), path)
        return found

    def below(self, folder: str) -> Sequence[str]:
        """Every path below a folder, also of other files, sorted."""
        if not folder:
            return self._sorted
        return self._sorted[bisect(self._sorted, f"{folder}/") : bisect(self._sorted, f"{folder}0")]

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self.entries)

    def has(self, path: str) -> bool:
        """Whether a path is one of the Go files."""
        return path in self.folders.get(folder_of(path), ())

    @cached_property
    def files(self) -> list[str]:
        """Every Go file."""
        return [path for files in self.folders.values() for path in files]

    @cached_property
    def modules(self) -> GoModules:
        """The modules of this tree."""
        manifests = {path: entry.oid for path, entry in self.entries.items() if self.is_manifest(path)}
        key = (stated_in(self._overlay), tuple(manifests.items()))
        if key not in _modules:
            self.preload(manifests)
            _modules[key] = GoModules.read(manifests, self.content, stated_in(self._overlay))
        return _modules[key]

    def is_manifest(self, path: str) -> bool:
        """Whether a file declares modules of the tree."""
        return is_manifest(path, stated_in(self._overlay))

    def local_import(self, path: str, imported: str) -> str | None:
        """The folder of this tree that an import in the file `path` means.

        None when it means no module of this tree, or a published version of one.
        """
        return self.modules.seen_from(self.modules.of(folder_of(path)), imported)

    def local_imports(self, path: str) -> tuple[tuple[ImportSpec, str | None], ...]:
        """Every import of a file with the folder of this tree that it means, as `local_import` says."""
        modules = self.modules
        user = modules.of(folder_of(path))
        key = (None if user is None else user.folder, self.entries[path].oid)
        if key not in modules.imports:
            header = self.header(path)
            specs = () if header is None else header.imports
            modules.imports[key] = tuple([(spec, modules.seen_from(user, spec.path)) for spec in specs])
        return modules.imports[key]

    def content(self, path: str) -> bytes:
        """The bytes of a file."""
        return self._overlay.content(self.entries[path].oid)

    def is_written(self, path: str) -> bool:
        """Whether this run wrote the content of a file, so that it is in memory."""
        return self.entries[path].oid in self._overlay.written

    def header(self, path: str) -> Header | None:
        """The header of a Go file; None when it has no package clause."""
        return header_of(self.entries[path].oid, lambda: self.content(path))

    def scopes(self, path: str, names: Collection[str] | None = None) -> Scopes:
        """The scopes of a Go file.

        Raises `PhaseError` when it cannot be parsed. If only uses of some `names` matter, a file without these words
        need not be parsed.
        """
        scopes = self.syntax(path)
        if scopes.is_broken and (names is None or not scopes.words.isdisjoint(names)):
            raise PhaseError(
                f"{path}:{scopes.broken_line} cannot be parsed, so nobody can tell what the file uses",
                advice="fix it, or do not move what this file imports",
            )
        return scopes

    def syntax(self, path: str) -> Scopes:
        """The scopes of a Go file that may not parse: enough for its comments and declarations."""
        return self._parsed.scopes(self.entries[path].oid, lambda: self.content(path))

    def declares(self, folder: str, name: str) -> bool:
        """Whether the package in a folder declares a name, judging by its lines."""
        if folder not in self._declared:
            files = self.folders.get(folder, ())
            self._declared[folder] = frozenset().union(*(declared_by_lines(self.content(path)) for path in files))
        return name in self._declared[folder]

    def read_headers(self) -> None:
        """Read the headers of all files at once, so that `header` answers from memory."""
        wanted = unread((path, self.entries[path].oid) for path in self.files)
        for path, content in self._overlay.contents(wanted, self.entries):
            read_header(self.entries[path].oid, content)

    def preload(self, paths: Iterable[str]) -> None:
        """Read many files at once, so that `content` answers from memory where it is asked in that order."""
        self._overlay.preload(paths, self.entries)

    def package_name(self, folder: str) -> str | None:
        """The name of the package in a folder: that of most of its files that some build includes."""
        return package_name_in(self, self.folders.get(folder, ()))


def _is_go(path: str, entry: TreeEntry | None) -> bool:
    return path.endswith(".go") and entry is not None and entry.is_text_candidate


def package_name_in(tree: GoTree, files: Iterable[str]) -> str | None:
    """The package name of the files of one folder, external tests aside."""
    votes: Counter[str] = Counter()
    for path in files:
        header = tree.header(path)
        if header is not None:
            is_test = path.endswith("_test.go")
            name = header.package.removesuffix("_test") if is_test else header.package
            weight = 0 if header.is_ignored else 1 if is_test or name in NEVER_BUILT else 1000
            votes[name] += weight
    return max(votes, key=lambda name: (votes[name], name)) if votes else None
