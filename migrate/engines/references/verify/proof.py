"""The search for the old paths of one tree in any text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from migrate.engines.code_proof import CodeProof, Hit
from migrate.engines.module_folder import ModuleFolder, module_at, module_named
from migrate.engines.old_paths import OldPaths
from migrate.engines.references.common.image_folders import image_work_folders
from migrate.engines.references.common.modules import modules_of
from migrate.engines.references.common.scope import is_third_party
from migrate.engines.references.verify.bases import Bases
from migrate.engines.references.verify.entries import module_entry, place_entry
from migrate.engines.references.verify.kinds import FileKind, kind_of
from migrate.engines.references.verify.languages import LanguageImports
from migrate.engines.references.verify.misnamed import misnamed, misnamed_hits
from migrate.engines.references.verify.parent_relative import parent_relative_hits
from migrate.engines.references.verify.relative import relative_entry, relative_references
from migrate.engines.references.verify.search import FoundPlace, OldPathSearch
from migrate.engines.references.verify.tails import Tails
from migrate.engines.references.verify.unresolved import is_foreign_address, is_pinned, unresolved_reason
from migrate.engines.references.verify.words import Words
from migrate.engines.references.verify.workflows import workflow_hits, workflow_names
from migrate.engines.registry import all_engines, engine_of_file
from migrate.text import decode
from migrate.tree.overlay import Overlay

COMMANDS = (FileKind.SCRIPT, FileKind.SETTINGS)
"""Files that often name a path by its end, or from an unnamed folder, so that no search for names finds them."""

BAZEL_NAME = re.compile(r"^(?:module|workspace)\([^)]*?\bname\s*=\s*[\"']([\w.-]+)", re.MULTILINE)


@dataclass(frozen=True)
class Proof:
    """Searches texts for the old paths of one tree."""

    old_paths: OldPaths

    @cached_property
    def modules(self) -> tuple[ModuleFolder, ...]:
        """The modules of the tree, in all languages."""
        return modules_of(self.old_paths.overlay, self.old_paths.overlay.entries)

    @cached_property
    def search(self) -> OldPathSearch:
        """The search for whole paths: as paths, and as import paths that no longer mean anything."""
        old_paths, now = self.old_paths, self.modules
        before = tuple(ModuleFolder(module.import_path, old_paths.origins.resolve(module.folder)) for module in now)
        imports, inside = {}, set()
        for path in old_paths.places:
            home_module = module_at(before, path)
            if home_module is not None and home_module.folder and home_module.folder != path:
                inside.add(path[len(home_module.folder) + 1 :])
                imported = home_module.import_path_of(path)
                if not self.is_importable(imported):
                    imports[imported] = path
        several = {path for path in inside if "/" in path}
        roots = image_work_folders(old_paths.overlay)
        return OldPathSearch(
            old_paths.places,
            imports=imports,
            inside=several,
            modules=now,
            roots=roots,
            labels=bazel_names(old_paths.overlay),
        )

    @cached_property
    def words(self) -> Words:
        """The search for folders of one word."""
        return Words(self.old_paths)

    @cached_property
    def tails(self) -> Tails:
        """The search for the ends of old paths."""
        return Tails(self.old_paths)

    @cached_property
    def bases(self) -> Bases:
        """The search for paths that count from a folder which is named elsewhere."""
        return Bases(self.old_paths)

    @cached_property
    def misnamed(self) -> dict[str, str]:
        """Import paths that look right for modules which moved and kept theirs."""
        return misnamed(self.old_paths, self.modules)

    @cached_property
    def workflows(self) -> dict[str, str]:
        """The workflows whose file has another name now."""
        return workflow_names(self.old_paths)

    @cached_property
    def code(self) -> Mapping[str, CodeProof]:
        """What each engine looks for in code, by its name."""
        return {engine.name: engine.proof(self.old_paths, self.modules) for engine in all_engines()}

    def code_of(self, path: str) -> CodeProof | None:
        """What its engine looks for in a file; None for a file without an engine."""
        engine = engine_of_file(path)
        return None if engine is None else self.code[engine.name]

    def import_at(self, path: str, text: str, position: int) -> str | None:
        """The import path of the import that a position of a file stands in; None where there is no import."""
        code = self.code_of(path)
        return None if code is None else code.import_at(path, text, position)

    @cached_property
    def imports(self) -> LanguageImports:
        """The search for imports in languages without an engine."""
        return LanguageImports(self.old_paths)

    def is_importable(self, imported: str) -> bool:
        """Whether an import path means an existing folder, by the present modules."""
        owner = module_named(self.modules, imported)
        return owner is not None and self.old_paths.is_there(owner.folder_of(imported))

    def sees(self, path: str, imported: str) -> bool:
        """Whether an import of a file means this tree, and not a release that the file's module requires."""
        home_module, owner = module_at(self.modules, path), module_named(self.modules, imported)
        code = self.code_of(path)
        if home_module is None or owner is None or owner == home_module or code is None:
            return True
        return code.is_built_with(home_module, owner)

    def needles(self) -> list[str]:
        """Texts one of which is in every file that names an old path, except in files below its top folder."""
        nested = {module.import_path for module in self.modules if module.folder}
        return [*{top(path) for path in self.old_paths.places}, *nested, *self.misnamed, *self.workflows]

    def searched(self) -> list[str]:
        """The files that can name an old path: by one of its names, or relatively from below its top folder."""
        old_paths, overlay = self.old_paths, self.old_paths.overlay
        tops = {top(path) for path in old_paths.places}
        named = overlay.holding(self.needles())
        below = {path for path in overlay.entries if top(path) in tops}
        below |= {path for path, old in old_paths.moved.items() if top(old) in tops}
        others = (path for path in overlay.entries if self.reads(path))
        found = [path for path in sorted({*named, *below, *others}) if overlay.entries[path].is_text_candidate]
        found = [path for path in found if not is_third_party(path)]
        large = overlay.too_large(found)
        found = [path for path in found if path not in large]
        overlay.preload(found)  # Most are read again for their imports.
        return found

    def reads(self, path: str) -> bool:
        """Whether a file is read whatever is spelled in it: it may name a path by its end, or a module with dots."""
        code = self.code_of(path)
        is_open = path.endswith(self.imports.ends) or kind_of(path) in COMMANDS
        return is_open or (code is not None and code.reads(path))

    def hits(self, path: str, text: str) -> Iterator[Hit]:
        """The places in a text that name an old path; of overlapping ones the surest, then the first."""
        if "\u2215" in text:  # assembly writes example·com∕shop∕internal∕auth·Func
            text = text.translate({ord("\u2215"): "/", ord("\u00b7"): "."})
        imported = [*self.imports.hits(path, text), *self._imports_of_code(path, text)]
        yield from imported  # The engines know best what an import is, even a doubtful one.
        taken = bytearray(len(text) + 1)
        mark_hits(imported, taken)
        unsure: list[Hit] = []
        for finder in (
            self._of_code,
            self._relative,
            self._spelled,
            self.words.hits,
            self._based,
            self.tails.hits,
        ):
            found = [hit for hit in finder(path, text) if not overlaps(hit, taken)]
            sure = [hit for hit in found if hit.doubt is None]
            unsure += [hit for hit in found if hit.doubt is not None]
            mark_hits(sure, taken)
            yield from sure
        for hit in unsure:
            if not overlaps(hit, taken):
                mark_hits([hit], taken)
                yield hit

    def _imports_of_code(self, path: str, text: str) -> Iterable[Hit]:
        code = self.code_of(path)
        return () if code is None else code.imports(path, text)

    def _of_code(self, path: str, text: str) -> Iterator[Hit]:
        for code in self.code.values():
            yield from code.hits(path, text)
        yield from misnamed_hits(text, self.misnamed)

    def _relative(self, path: str, text: str) -> Iterator[Hit]:
        for start, end, written in relative_references(path, text):
            entry = relative_entry(path, written, self.old_paths)
            if entry is not None:
                yield Hit(start, end, *entry)

    def _spelled(self, path: str, text: str) -> Iterator[Hit]:
        for place in self.search.places(text):
            hit = self._whole(place, path, text)
            if hit is not None:
                yield hit

    def _based(self, path: str, text: str) -> Iterator[Hit]:
        yield from parent_relative_hits(path, text, self.old_paths)
        yield from workflow_hits(text, self.workflows, self.old_paths, self.search.is_ours)
        yield from self.bases.hits(path, text)

    def _whole(self, place: FoundPlace, path: str, text: str) -> Hit | None:
        """The hit of a whole path in a text, if it is an old one."""
        in_import = (
            not (place.qualified or place.parent_relative) and self.import_at(path, text, place.start) is not None
        )
        if is_foreign_address(place, path, text, in_import=in_import) or self.names_module(place):
            return None
        entry = place_entry(place, path, text, self.old_paths) or module_entry(
            place, path, text, self.old_paths, self.modules
        )
        if entry is None:
            return None
        reason = "history: a link to a fixed commit" if is_pinned(place, text) else None
        doubt = unresolved_reason(place, path, text, self.old_paths, self.code_of(path))
        return Hit(place.start, place.end, *entry, reason=reason, doubt=doubt)

    def names_module(self, place: FoundPlace) -> bool:
        """Whether an import path is right, because a module that moved kept it."""
        if not place.imported:
            return False
        symbol = place.imported.rfind(".") > place.imported.rfind("/")
        without = place.imported.rpartition(".")[0] if symbol else place.imported
        owner = module_named(self.modules, place.imported)
        is_nested = owner is not None and bool(owner.folder)
        return is_nested and (self.is_importable(place.imported) or self.is_importable(without))


def overlaps(hit: Hit, taken: bytearray) -> bool:
    """Whether a hit covers what another search has found; `taken` has a byte for each character of the text."""
    return any(taken[hit.start : hit.end])


def mark_hits(hits: Iterable[Hit], taken: bytearray) -> None:
    """Mark the characters of some hits as taken."""
    for hit in hits:
        taken[hit.start : hit.end] = b"\1" * (hit.end - hit.start)


def bazel_names(overlay: Overlay) -> set[str]:
    """The names by which Bazel knows the repository."""
    files = [path for path in ("MODULE.bazel", "WORKSPACE", "WORKSPACE.bazel") if path in overlay.entries]
    texts = (decode(overlay.content(overlay.entries[path].oid)) for path in files)
    return {name for text in texts for name in BAZEL_NAME.findall(text)}


def top(path: str) -> str:
    """The first component of a path."""
    return path.split("/", maxsplit=1)[0]
