"""Whether two versions of a Python file differ only by import paths, for the reviewer of a move.

Python itself parses both. Import statements are compared separately; elsewhere only dotted names that an import binds
may differ. https://docs.python.org/3/library/ast.html
"""

from __future__ import annotations

import ast
import io
import tokenize
import warnings
from collections.abc import Callable, Sequence

from migrate.engines.explanation import ChangeKind, Renames
from migrate.engines.python.places import place_of_module
from migrate.tree.moves import MoveMap


def python_explainer(moves: MoveMap) -> Callable[[bytes, bytes], ChangeKind]:
    """A function that gives the class of a Python file whose bytes changed.

    A changed import is explained when a move leads from the old module to the new one. A changed relative import must
    be read, because its meaning depends on the place of the file.
    """
    renames = Renames(moves)
    pairs = [(place_of_module(old).split("/"), place_of_module(new).split("/")) for old, new in moves]

    def leads(old: str, new: str) -> bool:
        return any(_is_led(old.split("."), new.split("."), *pair) for pair in pairs)

    def kind(old: bytes, new: bytes) -> ChangeKind:
        one, two = _parsed(old), _parsed(new)
        if one is None or two is None:
            return renames.kind(old, new)
        before, after = (
            _imported_names(one),
            _imported_names(two),
        )  # Do this first: comparing the trees takes the imports out of them.
        if not _differ_by_imports_alone(one, two, old, new):
            return renames.kind(old, new)
        come = all(any(leads(was, now) for was in before) for now in after - before)
        gone = all(any(leads(was, now) for now in after) for was in before - after)
        return ChangeKind.IMPORTS if come and gone else ChangeKind.READ

    return kind


def _is_led(old: Sequence[str], new: Sequence[str], moved: Sequence[str], to: Sequence[str]) -> bool:
    """Whether a dotted name begins with the end of an old path, and the other name with the end of its new path."""
    for count in range(1, min(len(moved), len(old)) + 1):
        if list(old[:count]) == list(moved[-count:]):
            rest = len(new) - (len(old) - count)
            if 0 < rest <= len(to) and list(new[:rest]) == list(to[-rest:]) and list(new[rest:]) == list(old[count:]):
                return True
    return False


def _imported_names(tree: ast.Module) -> set[str]:
    """The dotted names that a file imports, those of from-imports with the name behind the module."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


def _differ_by_imports_alone(before: ast.Module, after: ast.Module, old: bytes, new: bytes) -> bool:
    one, two = _Imports(before), _Imports(after)
    if one.taken != two.taken:
        return False
    one.modules |= two.modules
    two.modules |= one.modules
    return one.rest() == two.rest() and _comments_of_code(old) == _comments_of_code(new)


def _parsed(content: bytes) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(content)
    except (SyntaxError, ValueError, RecursionError):
        return None


class _Imports(ast.NodeTransformer):
    """Separates a file from its imports. In the remaining tree each dotted name that an import binds is one name."""

    def __init__(self, tree: ast.Module) -> None:
        self._tree = tree
        self.modules: set[str] = set()
        self.taken: set[str] = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    parts = [alias.asname] if alias.asname else alias.name.split(".")
                    self.modules |= {".".join(parts[:count]) for count in range(1, len(parts) + 1)}
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    # A module may have another name; a class or function must be the same.
                    bound = alias.asname or alias.name
                    self.taken |= {bound} if bound[:1].isupper() or bound == "*" else set()
                    self.modules.add(bound)

    def rest(self) -> list[str]:
        """The rest of each statement, with all names of modules replaced by one."""
        return [ast.dump(node) for node in self.visit(self._tree).body]

    def visit_Import(self, _: ast.Import) -> None:
        """Drop the import."""

    def visit_ImportFrom(self, _: ast.ImportFrom) -> None:
        """Drop the import."""

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        """The longest dotted name that an import binds counts as one."""
        spelled = ast.unparse(node)
        if spelled in self.modules:
            return ast.copy_location(ast.Name("<module>", ast.Load()), node)
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """A name that an import binds to what may be a module."""
        if node.id in self.modules and not node.id[:1].isupper():
            return ast.copy_location(ast.Name("<module>", ast.Load()), node)
        return node


def _comments_of_code(content: bytes) -> list[str]:
    """The comments outside of import statements, in order; comments of imports may change lines."""
    try:
        return sorted(t.string for t in tokenize.tokenize(io.BytesIO(content).readline) if t.type == tokenize.COMMENT)
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return []
