"""Loading a phase module from its source, anew each time, with the modules beside it."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from functools import lru_cache
from importlib.abc import MetaPathFinder
from importlib.machinery import FileFinder, ModuleSpec, SourceFileLoader
from types import CodeType, ModuleType
from typing import NoReturn

from migrate.phase.contract import PhaseModule
from migrate.plan.phase_source import PhaseSource

PACKAGE = "migrate_phases"


class UncachedSource(SourceFileLoader):
    """Loads a module from its source every time, and keeps no bytecode.

    The folder may be in the user's repository. And bytecode would be taken as current when its source changed within
    one second and kept its length.
    """

    def path_stats(self, path: str) -> NoReturn:  # noqa: ARG002 (importlib asks for it)
        """Return nothing, so that Python neither reads nor writes bytecode."""
        raise OSError

    def source_to_code(self, data: bytes, path: str, *, _optimize: int = -1) -> CodeType:  # type: ignore[override]
        """Compile a source once. Each phase still runs shared modules anew, as modules of its own."""
        return compiled(data, path, _optimize)


@lru_cache(maxsize=128)
def compiled(source: bytes, path: str, optimize: int) -> CodeType:
    """The compiled code of a source, kept for the next phase."""
    code = compile(source, path, "exec", dont_inherit=True, optimize=optimize)
    assert isinstance(code, CodeType)
    return code


class BesidePhases(MetaPathFinder):
    """Finds the modules that stand beside phases."""

    @classmethod
    def find_spec(
        cls,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,  # noqa: ARG003 (importlib gives it)
    ) -> ModuleSpec | None:
        """The module of that name, when it belongs to a folder of phases."""
        if not fullname.startswith(PACKAGE + "_"):
            return None
        found = (FileFinder(folder, (UncachedSource, [".py"])).find_spec(fullname) for folder in path or ())
        return next((spec for spec in found if spec is not None), None)


def load(source: PhaseSource) -> PhaseModule:
    """Import a phase's module; modules beside it can be imported relatively (`from . import layout`).

    Raises whatever the module raises, and `PhaseError` when it is no phase.
    """
    package = f"{PACKAGE}_{abs(hash(str(source.path.parent)))}"
    name = f"{package}.{source.path.stem}"
    if BesidePhases not in sys.meta_path:
        sys.meta_path.insert(0, BesidePhases)
    for stale in [known for known in sys.modules if known == package or known.startswith(package + ".")]:
        del sys.modules[stale]
    parent = importlib.util.module_from_spec(ModuleSpec(package, None, is_package=True))
    parent.__path__ = [str(source.path.parent)]
    sys.modules[package] = parent
    spec = importlib.util.spec_from_file_location(name, loader=UncachedSource(name, str(source.path)))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return PhaseModule.of(module)
