"""Which files beside the phases an import loads, by the rules of Python and of `phase/loader.py`."""

from __future__ import annotations

from collections.abc import Iterator

from migrate import limits
from migrate.git.paths import folder_of
from migrate.plan.dependencies.syntax import Facts, ImportedName, facts_of, is_module_installed, syntax_tree
from migrate.templating.beside import PHASE_FILE, FilesBeside

ANYTHING = Facts(imports_unknown=True, renders_unknown=True, locates=True, reaches=True, computes=True)
"""The facts of a module that is not read: it may use anything."""

PackageFiles = tuple[str, ...]
"""The folders from that of the phases down to the one of a module."""


class PythonModules:
    """The Python modules of a folder, each parsed once."""

    def __init__(self, beside: FilesBeside) -> None:
        self._beside = beside
        self._facts: dict[str, Facts] = {}

    def facts(self, name: str) -> Facts:
        """The facts of a module; empty when it cannot be parsed, and `ANYTHING` when it is too large."""
        if name not in self._facts:
            try:
                self._facts[name] = facts_of(syntax_tree(self._beside.raw(name, limits.MODULE_BYTES), name))
            except (SyntaxError, ValueError):
                self._facts[name] = Facts()
            except OSError:
                # Python can still import a module that is too large here, and it may use anything.
                is_too_large = self._beside.size(name) > limits.MODULE_BYTES
                self._facts[name] = ANYTHING if is_too_large else Facts()
        return self._facts[name]

    def all(self) -> set[str]:
        """Every module and script that is no phase; at the top of a repository only modules and packages there."""
        found = {name for name in self._beside.files if name.endswith(".py") and not PHASE_FILE.fullmatch(name)}
        if not self._beside.is_repository:
            return found
        tops = {name: name.partition("/")[0] for name in found}
        return {name for name, top in tops.items() if name == top or self._beside.is_file(f"{top}/__init__.py")}

    def loaded(self, facts: Facts, package: PackageFiles) -> set[str]:
        """The files that the imports of a module load; `package` is where the module is."""
        return {name for each in facts.imports for name in self._loaded(each, package)}

    def _loaded(self, wanted: ImportedName, package: PackageFiles) -> Iterator[str]:
        if wanted.level > len(package) + 1:
            return
        if wanted.level:
            yield from self._found(package[: len(package) + 1 - wanted.level], wanted)
            return
        # Python does not search this folder, unless a phase adds it to the path or runs a script in it.
        if wanted.module and not is_module_installed(wanted.module[0]):
            for start in {(), package}:
                yield from self._found(start, wanted)

    def _found(self, start: PackageFiles, wanted: ImportedName) -> Iterator[str]:
        """The modules of an import, those of the packages on the way, and the submodules among the names."""
        if not all(part.isidentifier() for part in (*wanted.module, *wanted.names) if part != "*"):
            return
        for depth in range(len(start) + len(wanted.module) + 1):
            yield from self._at((*start, *wanted.module)[:depth])
        there = (*start, *wanted.module)
        for name in wanted.names:
            if name != "*":
                yield from self._at((*there, name))
            elif wanted.module:  # `__all__` may name submodules.
                yield from (n for n in self.all() if folder_of(n) == "/".join(there))

    def _at(self, parts: PackageFiles) -> Iterator[str]:
        """The module or the package that a dotted name means."""
        path = "/".join(parts)
        # The folder itself is a package that the loader makes, without a module of its own.
        candidates = (f"{path}.py", f"{path}/__init__.py") if parts else ()
        yield from (name for name in candidates if self._beside.is_file(name))
