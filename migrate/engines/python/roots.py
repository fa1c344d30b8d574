"""The roots: folders below which modules are found, and the file that names each.

https://setuptools.pypa.io/en/latest/userguide/package_discovery.html, https://hatch.pypa.io/latest/config/build/,
https://python-poetry.org/docs/pyproject/#packages,
https://docs.pytest.org/en/stable/reference/reference.html#confval-pythonpath,
https://mypy.readthedocs.io/en/stable/config_file.html#confval-mypy_path
"""

from __future__ import annotations

import configparser
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from posixpath import basename, dirname, normpath

import tomli

from migrate.engines.python.places import INIT, is_python_source, joined_name, packages_above
from migrate.git.paths import is_under
from migrate.text import decode
from migrate.tree.overlay import Overlay


@dataclass(frozen=True)
class SourceRoot:
    """A folder below which modules are found, and why."""

    folder: str
    reason: str
    package: str = ""
    """The topmost package that implies it, when no file names it."""
    stated_in: str = ""
    """The file that names it."""


_SETUP_TABLE = re.compile(r"""package_dir\s*=\s*\{([^{}]*)\}""")
_SETUP_PAIR = re.compile(r"""["']([\w.]*)["']\s*:\s*["']([\w./-]+)["']""")
_SETUP_FIND = re.compile(r"""find_(?:namespace_)?packages\(\s*(?:where\s*=\s*)?["']([\w./-]+)["']""")
_PATH_INSERT = re.compile(r"""sys\.path\.(?:insert\(\s*\d+\s*,|append\()\s*["']([\w./-]+)["']\s*\)""")


USUAL = "src"
TOP = SourceRoot("", "programs that start at the top of the repository look there")


def roots_of(overlay: Overlay) -> list[SourceRoot]:
    """The roots of a tree: those that a file names, those that a topmost package implies, and the top."""
    found = {root.folder: root for root in [*stated_roots(overlay), *usual_roots(overlay)]}
    for root in implied_roots(overlay, [folder for folder in found if folder]):
        found.setdefault(root.folder, root)
    found.setdefault("", TOP)
    return list(found.values())


def usual_roots(overlay: Overlay) -> list[SourceRoot]:
    """The folders called `src` that hold packages and are not packages; build tools search them by default."""
    inside = {folder for path in overlay.entries if is_python_source(path) for folder in packages_above(path)}
    usual = sorted(
        folder for folder in inside if is_usual_root(folder) and f"{folder}/{INIT}.py" not in overlay.entries
    )
    said = _imported_roots(overlay, [USUAL]) if usual else set()
    return [] if said else [SourceRoot(folder, f"a folder called {USUAL} holds packages") for folder in usual]


def is_usual_root(folder: str) -> bool:
    """Whether a folder has the name that the "src layout" gives to a root."""
    return basename(folder) == USUAL


def implied_roots(overlay: Overlay, stated: Sequence[str]) -> list[SourceRoot]:
    """The folders above the topmost packages, except namespace packages.

    Imports tell which: `import shop` means that src is a root of src/shop, `import src` that src is a package. Below a
    stated root a folder is a package unless something shows that it is a root.
    """
    inits = {dirname(path) for path in overlay.entries if basename(path) in (f"{INIT}.py", f"{INIT}.pyi")}
    tops = sorted(
        folder for folder in inits if "/" in folder and not any(each in inits for each in packages_above(folder))
    )
    said = _imported_roots(overlay, sorted({basename(path) for top in tops for path in (top, dirname(top))}))
    found = []
    for top in tops:
        folder = dirname(top)
        may_be_package = basename(folder) in said or any(is_under(folder, root) for root in stated)
        if basename(top) in said or not may_be_package:
            found.append(SourceRoot(folder, f"it holds the package {basename(top)}", top))
    return found


def _imported_roots(overlay: Overlay, names: Sequence[str]) -> set[str]:
    """Those dotted names that begin the name in some import statement."""
    if not names:
        return set()
    needles = [f"{word} {name}" for name in names for word in ("import", "from")]
    longest = sorted(map(re.escape, names), key=len, reverse=True)
    pattern = re.compile(rf"^[ \t]*(?:import|from) ({'|'.join(longest)})\b", re.MULTILINE)
    sources = [path for path in overlay.holding(needles) if is_python_source(path)]
    return {name for _, content in overlay.contents(sources) for name in pattern.findall(decode(content))}


def stated_roots(overlay: Overlay) -> list[SourceRoot]:
    """The roots that settings and programs name, in the order of their files."""
    readers: Mapping[str, Callable[[str], Iterable[str]]] = {
        "pyproject.toml": _of_pyproject,
        "setup.cfg": _of_ini,
        "tox.ini": _of_ini,
        "pytest.ini": _of_ini,
        "mypy.ini": _of_ini,
        "setup.py": _of_setup,
        "conftest.py": _of_inserts,
        "manage.py": lambda _: [""],
    }
    paths = sorted((p for p in overlay.entries if basename(p) in readers), key=lambda p: (p.count("/"), p))
    files = [path for path in paths if overlay.entries[path].is_text_candidate]
    found: dict[str, SourceRoot] = {}
    for path, content in overlay.contents(files):
        for named in readers[basename(path)](decode(content)):
            folder = normpath(joined_name(dirname(path), named)).removeprefix(".").removeprefix("/")
            if not folder.startswith("..") and overlay.is_folder(folder):
                found.setdefault(folder, SourceRoot(folder, f"{path} says so", stated_in=path))
    return list(found.values())


def _of_pyproject(text: str) -> Iterator[str]:
    try:
        tools = tomli.loads(text).get("tool", {})
    except (tomli.TOMLDecodeError, AttributeError):
        return
    setuptools = _at(tools, "setuptools")
    yield from _of_table(_at(setuptools, "package-dir"))
    yield from _texts(_at(setuptools, "packages", "find", "where"))
    yield from _texts(_at(tools, "pdm", "build", "package-dir"))
    yield from _texts(_at(tools, "pytest", "ini_options", "pythonpath"))
    for target in ("wheel", "sdist"):
        build = _at(tools, "hatch", "build", "targets", target)
        yield from (dirname(package) or "." for package in _texts(_at(build, "packages")))
    sources = _at(tools, "hatch", "build", "sources")
    yield from sources if isinstance(sources, list) else ()
    included = _at(tools, "poetry", "packages")
    packages = included if isinstance(included, list) else []
    yield from (str(_at(each, "from") or ".") for each in packages if isinstance(each, dict))
    yield from _listed_strings(_at(tools, "mypy", "mypy_path"))


def _of_ini(text: str) -> Iterator[str]:
    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text)
    except configparser.Error:
        return
    where = parser.get("options.packages.find", "where", fallback=None)
    yield from _listed_strings(where)
    lines = (parser.get("options", "package_dir", fallback=None) or "").splitlines()
    pairs = [line.partition("=") for line in lines]
    yield from _of_table({key.strip(): folder.strip() for key, separator, folder in pairs if separator})
    for section in ("pytest", "tool:pytest"):
        yield from (parser.get(section, "pythonpath", fallback=None) or "").split()
    yield from _listed_strings(parser.get("mypy", "mypy_path", fallback=None))


def _of_setup(text: str) -> Iterator[str]:
    if "setup(" in text:
        tables = [dict(_SETUP_PAIR.findall(match[1])) for match in _SETUP_TABLE.finditer(text)]
        found = [*(each for table in tables for each in _of_table(table)), *_SETUP_FIND.findall(text)]
        yield from found or ["."]


def _of_table(table: object) -> Iterator[str]:
    """The roots of a `package_dir`: the root of a package in a folder of its own name is the folder above."""
    for package, folder in table.items() if isinstance(table, dict) else ():
        path = f"/{package.replace('.', '/')}" if package else ""
        if isinstance(folder, str) and f"/{normpath(folder)}".endswith(path):
            yield normpath(folder)[: -len(path)] or "." if path else folder


def _of_inserts(text: str) -> Iterator[str]:
    yield from (match[1] for match in _PATH_INSERT.finditer(text))


def _at(value: object, *keys: str) -> object:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _texts(value: object) -> Sequence[str]:
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _listed_strings(value: object) -> Iterator[str]:
    """The folders of a list, or of a text that separates them by commas, colons or lines."""
    for text in _texts(value):
        yield from (part for part in re.split(r"[,:\s]+", text) if part and "$" not in part)
