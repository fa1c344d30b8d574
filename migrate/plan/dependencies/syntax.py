"""What a Python module imports, names and does with files, read from its syntax tree without running it.

A computed name cannot be read this way. So this also says where names are computed, and the caller then counts
everything that might be meant.
"""

from __future__ import annotations

import ast
import sys
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

PURE = frozenset(
    {"__future__", "abc", "ast", "base64", "bisect", "collections", "contextlib", "copy", "dataclasses", "datetime"}
    | {"decimal", "difflib", "enum", "fractions", "functools", "hashlib", "heapq", "html", "importlib", "itertools"}
    | {"json", "keyword", "math", "migrate", "numbers", "operator", "posixpath", "re", "statistics", "string"}
    | {"textwrap", "types", "typing", "typing_extensions", "unicodedata"}
)
"""Modules that cannot open files. `migrate` is among them, because the workspace is a tree of git's."""
LOCATING = frozenset({"__file__", "__path__", "__spec__", "__loader__", "__cached__", "co_filename"})
"""Names that tell a module where its file is."""
LOCATING_MODULES = frozenset({"inspect", "importlib.resources", "importlib.util", "pkgutil", "runpy"})
LOADING_MODULES = frozenset({"importlib.util", "importlib.machinery", "pkgutil", "runpy", "zipimport"})
"""Modules that load others by computed names."""
OPENING = frozenset({"open", "exec", "eval", "compile", "__import__", "__builtins__"})
EXECUTING = frozenset({"exec", "eval", "compile"})
COMPUTING = frozenset(
    {"format", "format_map", "join", "glob", "rglob", "iglob", "iterdir", "listdir", "scandir", "walk", "fwalk"}
    | {"with_name", "with_stem", "with_suffix", "substitute", "safe_substitute"}
)
"""Methods and functions that build names from other texts, or list a folder."""
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


class ImportedName(NamedTuple):
    """`from ..module import names`, two levels up. `import module` has level 0 and no names."""

    level: int
    module: tuple[str, ...]
    names: tuple[str, ...] = ()


@dataclass
class Facts:
    """What a module uses, as far as its source tells."""

    imports: list[ImportedName] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    """Its string literals, docstrings left out."""
    imports_unknown: bool = False
    """Whether it imports modules by computed names."""
    renders_unknown: bool = False
    """Whether it renders templates by computed names."""
    renders_named: bool = False
    """Whether it renders templates whose names are in variables."""
    locates: bool = False
    """Whether it asks where its file is."""
    reaches: bool = False
    """Whether it can open files or run programs."""
    computes: bool = False
    """Whether it builds names from other texts."""

    def add(self, other: Facts) -> None:
        """Add the facts of another module: a phase does what the modules that it imports do."""
        self.texts += other.texts
        for flag in ("imports_unknown", "renders_unknown", "renders_named", "locates", "reaches", "computes"):
            setattr(self, flag, getattr(self, flag) or getattr(other, flag))

    @property
    def may_use_any_file(self) -> bool:
        """Whether its texts do not tell which files it opens or runs."""
        return self.locates or (self.reaches and self.computes)

    @property
    def may_render_any_template(self) -> bool:
        """Whether its texts do not tell which templates it renders."""
        return self.renders_unknown or (self.renders_named and self.computes) or self.may_use_any_file


def syntax_tree(source: bytes, label: str) -> ast.Module:
    """The syntax tree of a module. Raises `SyntaxError` or `ValueError` when it cannot be parsed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python itself warns about "\d" in a text when the module runs.
        try:
            return ast.parse(source, filename=label)
        except (RecursionError, MemoryError):
            raise ValueError("it is nested too deeply") from None


def facts_of(module: ast.Module) -> Facts:
    """What a module uses, as far as its source tells."""
    nodes = by_type(module)
    reader = SyntaxReader(docstrings={id(text) for kind in DOCUMENTED for text in docstrings(nodes[kind])})
    steps: tuple[tuple[type[ast.AST], Callable[[Any], None]], ...] = (
        (ast.Import, reader.import_),
        (ast.ImportFrom, reader.import_from),
        (ast.Call, reader.call),
        (ast.Name, reader.name),
        (ast.Attribute, reader.attribute),
        (ast.Constant, reader.constant),
        (ast.JoinedStr, reader.formatted),
        (ast.BinOp, reader.operation),
        (ast.AugAssign, reader.operation),
    )
    for kind, read in steps:
        for node in nodes[kind]:
            read(node)
    return reader.facts


def by_type(module: ast.Module) -> Mapping[type[ast.AST], list[Any]]:
    """All nodes of a syntax tree, by type. `ast.walk` takes twice as long, and reading a plan must be fast."""
    found: dict[type[ast.AST], list[Any]] = defaultdict(list)
    waiting: list[ast.AST] = [module]
    while waiting:
        node = waiting.pop()
        found[type(node)].append(node)
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                waiting += [item for item in value if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST) and name not in ("ctx", "op"):
                waiting.append(value)
    return found


def docstrings(
    nodes: Iterable[ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef],
) -> Iterator[ast.AST]:
    """The docstrings of a module, its classes and its functions."""
    for node in nodes:
        first = node.body[0] if node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            yield first.value


class SyntaxReader:
    """Reads the nodes of one module: imports first, then calls, then whatever these have not explained."""

    def __init__(self, docstrings: set[int]) -> None:
        self.facts = Facts()
        self._docstrings = docstrings
        self._explained: set[int] = set()
        """Names of functions whose calls are understood completely."""
        self._importing = {"__import__"}
        """The names by which the module calls `import_module`."""

    def import_(self, node: ast.Import) -> None:
        """`import a.b`"""
        for alias in node.names:
            self._module(alias.name)
            self.facts.imports.append(ImportedName(0, tuple(alias.name.split("."))))

    def import_from(self, node: ast.ImportFrom) -> None:
        """`from a import b`"""
        names = tuple(alias.name for alias in node.names)
        module = node.module or ""
        if node.level == 0:
            for name in (module, *(f"{module}.{name}" for name in names)):
                self._module(name)
        if module == "importlib":
            self._importing |= {a.asname or a.name for a in node.names if a.name in ("import_module", "__import__")}
        self.facts.imports.append(ImportedName(node.level, tuple(module.split(".")) if module else (), names))

    def call(self, node: ast.Call) -> None:
        """`import_module(…)` and `….render(…)`: the first argument is a name."""
        name = called_name(node.func)
        first = node.args[0] if node.args else None
        literal = first.value if isinstance(first, ast.Constant) and isinstance(first.value, str) else None
        if (name == "import_module" or name in self._importing) and literal is not None:
            self._explained.add(id(node.func))
            path = literal.lstrip(".")
            level = len(literal) - len(path)
            # The level of `__import__`: whether it begins at the package.
            levels = (0, 1) if name == "__import__" and not level else (level,)
            self.facts.imports += [ImportedName(each, tuple(path.split(".")) if path else ()) for each in levels]
        elif name == "render" and isinstance(node.func, ast.Attribute):
            self._explained.add(id(node.func))
            self.facts.renders_named |= isinstance(first, (ast.Name, ast.Attribute))
            self.facts.renders_unknown |= literal is None and not isinstance(first, (ast.Name, ast.Attribute))

    def name(self, node: ast.Name) -> None:
        """A name by itself."""
        self._any_name(node, node.id)
        self.facts.reaches |= node.id in OPENING
        self.facts.imports_unknown |= node.id in EXECUTING

    def attribute(self, node: ast.Attribute) -> None:
        """A name behind a dot."""
        self._any_name(node, node.attr)
        self.facts.reaches |= node.attr == "run"
        self.facts.renders_named |= node.attr == "render" and id(node) not in self._explained

    def constant(self, node: ast.Constant) -> None:
        """A text that is written out in full."""
        if isinstance(node.value, (str, bytes)) and id(node) not in self._docstrings:
            text = node.value if isinstance(node.value, str) else node.value.decode("latin-1")
            self.facts.texts.append(text)
            self.facts.locates |= text in LOCATING
            self.facts.computes |= "%s" in text

    def formatted(self, node: ast.JoinedStr) -> None:
        """An f-string."""
        self.facts.computes |= any(isinstance(value, ast.FormattedValue) for value in node.values)

    def operation(self, node: ast.BinOp | ast.AugAssign) -> None:
        """Texts that are added or formatted."""
        operands = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,)
        self.facts.computes |= isinstance(node.op, (ast.Add, ast.Mod)) and any(map(is_text_constant, operands))

    def _module(self, name: str) -> None:
        self.facts.reaches |= name.partition(".")[0] not in PURE
        self.facts.locates |= name in LOCATING_MODULES
        self.facts.imports_unknown |= name in LOADING_MODULES

    def _any_name(self, node: ast.AST, name: str) -> None:
        self.facts.locates |= name in LOCATING
        self.facts.computes |= name in COMPUTING
        if name == "import_module" or name in self._importing:
            self.facts.imports_unknown |= id(node) not in self._explained


def called_name(function: ast.expr) -> str:
    """The last part of the name of a called function."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""


def is_text_constant(node: ast.expr) -> bool:
    """Whether an operand is a literal text."""
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def is_module_installed(name: str) -> bool:
    """Whether an absolute import of that name finds a module of Python or of this program."""
    return name in sys.stdlib_module_names or name == "migrate"
