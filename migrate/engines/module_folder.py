"""What code calls the folders of a tree from outside: by an import path that says nothing of where they stand."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.git.paths import is_under


@dataclass(frozen=True)
class ModuleFolder:
    """One module: the import path by which it is known, and the folder that it stands in ("" for the top)."""

    import_path: str
    folder: str

    def folder_of(self, import_path: str) -> str:
        """The folder that an import path below this module's names."""
        return f"{self.folder}{import_path[len(self.import_path) :]}".lstrip("/")

    def import_path_of(self, folder: str) -> str:
        """The import path of a folder below this module's."""
        rest = folder[len(self.folder) :].lstrip("/")
        return f"{self.import_path}/{rest}" if rest else self.import_path


def module_at(modules: tuple[ModuleFolder, ...], path: str) -> ModuleFolder | None:
    """The module that a path belongs to."""
    return next((module for module in modules if is_under(path, module.folder)), None)


def module_named(modules: tuple[ModuleFolder, ...], import_path: str) -> ModuleFolder | None:
    """The module that an import path belongs to: the longest one that it starts with."""
    return max(
        (module for module in modules if is_under(import_path, module.import_path)),
        key=lambda module: len(module.import_path),
        default=None,
    )
