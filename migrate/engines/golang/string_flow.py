"""Follows strings of Go code to the functions that take them, to tell which strings are paths.

There are no types here. A string is followed through joins, variables, fields and loops of its own package, and through
the parameters of functions whose names and packages are known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from migrate.engines.golang.go_source import GoSource, node_text
from migrate.engines.golang.path_functions import (
    EMBEDDED,
    FIELDS,
    FLAGS,
    FUNCTIONS,
    METHODS,
    PURE,
    SHAPING,
    Arguments,
)
from migrate.engines.module_folder import ModuleFolder, module_named
from migrate.engines.references.common.spans import Reading
from migrate.git.paths import folder_of
from migrate.text import encode
from migrate.tree.overlay import Overlay

if TYPE_CHECKING:
    from tree_sitter import Node

LITERALS = ("interpreted_string_literal", "raw_string_literal")
FUNCTION = ("function_declaration", "method_declaration", "func_literal")
THROUGH = (
    "interpreted_string_literal_content", "raw_string_literal_content", "escape_sequence", "parenthesized_expression",
    "literal_value", "literal_element", "composite_literal", "expression_list", "variadic_argument",
    "type_conversion_expression", "unary_expression", "index_expression", "slice_expression",
)  # fmt: skip
DEEP, WIDE = 3, 400
"""The most functions into which a string is followed, and the most uses of one name that are searched."""
OURS = re.compile(rb"repo|checkout|workspace|source|src|project|module|Caller|__file__", re.IGNORECASE)
"""Usual names of variables that hold the folder of the repository."""
TEMPORARY = re.compile(rb"te?mp", re.IGNORECASE)


@dataclass
class StringFlow:
    """Follows strings in the Go code of a tree."""

    overlay: Overlay
    modules: tuple[ModuleFolder, ...]
    _sources: dict[str, GoSource] = field(default_factory=dict)
    _folders: dict[str, list[str]] = field(default_factory=dict)

    def reading(self, path: str, position: int) -> Reading:
        """How to read the string at a byte of a Go file."""
        source = self.source(path)
        node = source.root.descendant_for_byte_range(position, position)
        while node is not None and node.type not in (*LITERALS, "comment", "import_spec"):
            if node.child_count and node.type not in THROUGH:
                return Reading.STRING
            node = node.parent
        if node is None or node.type == "comment":
            return Reading.TEXT if node is not None else Reading.STRING
        return self._taken(source, node, 0, set()) or Reading.STRING

    def source(self, path: str) -> GoSource:
        """A file of the tree."""
        if path not in self._sources:
            self._sources[path] = GoSource(path, self.overlay.content(self.overlay.entries[path].oid))
        return self._sources[path]

    def _taken(self, source: GoSource, node: Node, depth: int, seen: set[tuple[str, int]]) -> Reading | None:
        """How the function that takes an expression reads it; None when that is unknown."""
        if (source.path, node.start_byte) in seen or len(seen) > WIDE:
            return None
        seen.add((source.path, node.start_byte))
        parent = node.parent
        while parent is not None:
            if parent.type == "argument_list":
                return self._argument(source, node, parent, depth, seen)
            if parent.type == "binary_expression":
                if is_temporary(parent.child_by_field_name("left"), source):
                    return None
            elif parent.type == "keyed_element":
                return self._keyed(source, node, parent, depth, seen)
            elif parent.type in (
                "var_spec",
                "const_spec",
                "short_var_declaration",
                "assignment_statement",
                "range_clause",
            ):
                return self._assigned(source, node, parent, depth, seen)
            elif parent.type not in THROUGH:
                return None
            node, parent = parent, parent.parent
        return None

    def _argument(
        self, source: GoSource, node: Node, arguments: Node, depth: int, seen: set[tuple[str, int]]
    ) -> Reading | None:
        call = arguments.parent
        called = None if call is None else call.child_by_field_name("function")
        if call is None or called is None:
            return None
        index = next((i for i, child in enumerate(arguments.named_children) if child == node), 0)
        package, name = self._function(source, called)
        if (package == "path/filepath" and name in PURE) or node_text(called) in SHAPING:
            if index and is_temporary(arguments.named_children[0], source):
                return None
            further = self._taken(source, call, depth, seen)
            further = further or (Reading.TEXT if package == "path/filepath" else None)
            # After an unknown folder, a word means something in that folder: `Join(bundle, "web")`. It is probably not
            # a file of the tree.
            before = [child for child in arguments.named_children[:index] if child.type not in LITERALS]
            is_known = all(OURS.search(child.text or b"") for child in before)
            return further if further is None or is_known else Reading.CODE
        known = self._known(source, called, package, name)
        if known is not None:
            return read_as(known, index, node) if known.hold(index) else None
        if depth >= DEEP:
            return None
        if FLAGS.get(name) == index:
            return self._through_pointer(source, arguments.named_children[0], depth, seen)
        for file, function in self._definitions(source, called, package, name):
            parameter = parameter_at(function, index)
            body = function.child_by_field_name("body")
            if parameter is None or body is None:
                continue
            found = self._uses(file, parameter, body, depth + 1, seen)
            if found is None and returns(body, parameter):
                found = self._taken(source, call, depth + 1, seen)
            if found is not None:
                return found
        return None

    def _through_pointer(self, source: GoSource, node: Node, depth: int, seen: set[tuple[str, int]]) -> Reading | None:
        """How a variable or field is read whose address is passed."""
        place = node.child_by_field_name("operand") if node.type == "unary_expression" else None
        if place is None:
            return None
        selected = place.type == "selector_expression"
        name = node_text(place.child_by_field_name("field")) if selected else node_text(place)
        for file in self._package(source):
            if found := self._uses(file, name, file.root, depth, seen, selected=selected):
                return found
        return None

    def _known(self, source: GoSource, called: Node, package: str | None, name: str) -> Arguments | None:
        """The arguments of a known function that are paths."""
        if package is not None:
            return FUNCTIONS.get(package, {}).get(name)
        if called.type != "selector_expression":
            return None
        operand = called.child_by_field_name("operand")
        if name in EMBEDDED and operand is not None:
            holder = re.compile(rb"\b" + re.escape(encode(node_text(operand))) + rb"\s+embed\.FS\b")
            if any(holder.search(file.content) for file in self._package(source)):
                return EMBEDDED[name]
        return METHODS.get(name)

    def _function(self, source: GoSource, called: Node) -> tuple[str | None, str]:
        """The import path and name of a called function; None for a method or a function of the same package."""
        if called.type == "selector_expression":
            operand, name = called.child_by_field_name("operand"), called.child_by_field_name("field")
            if operand is not None and name is not None:
                return source.imports.get(node_text(operand)), node_text(name)
        return None, node_text(called)

    def _definitions(
        self, source: GoSource, called: Node, package: str | None, name: str
    ) -> Iterator[tuple[GoSource, Node]]:
        """The functions of the tree that may be called."""
        if package is not None:
            module = module_named(self.modules, package)
            files = [] if module is None else self._files(module.folder_of(package))
        else:
            files = self._files(folder_of(source.path))
        wanted = encode(f"{name}(")
        for path in files:
            file = self.source(path)
            if wanted in file.content:
                yield from ((file, function) for function in file.functions.get(name, ()))
        if called.type == "identifier":
            yield from ((source, function) for function in source.closures(name))

    def _keyed(
        self, source: GoSource, node: Node, pair: Node, depth: int, seen: set[tuple[str, int]]
    ) -> Reading | None:
        """How a field of a struct or an entry of a map is read: by its uses elsewhere."""
        key = pair.child_by_field_name("key") or pair.named_children[0]
        body = pair.parent
        literal = None if body is None else body.parent
        if literal is None or key.start_byte <= node.start_byte < key.end_byte:
            return None
        kind = literal.child_by_field_name("type") if literal.type == "composite_literal" else None
        name = node_text(key)
        if kind is not None and node_text(kind).removeprefix("&") in FIELDS:
            return Reading.PATH if name in FIELDS[node_text(kind)] else None
        if not name.isidentifier():
            return None
        if name == "Dir":  # a folder in exec.Cmd, packages.Config, build.Context and many others
            return Reading.TEXT
        scope = enclosing(node) or source.root
        return self._uses(source, name, scope, depth, seen, selected=True)

    def _assigned(
        self, source: GoSource, node: Node, statement: Node, depth: int, seen: set[tuple[str, int]]
    ) -> Reading | None:
        """How a value that is assigned to a variable is read: like the variable."""
        left = statement.child_by_field_name("left")
        if left is None:
            names = [node_text(child) for child in statement.children_by_field_name("name")]
        else:
            if left.start_byte <= node.start_byte < left.end_byte:
                return None
            if statement.type == "assignment_statement" and node_text(left).endswith(".Dir"):
                return Reading.PATH if "exec" in source.imports else Reading.TEXT
            names = [node_text(child) for child in left.named_children]
        scope = enclosing(statement)
        for name in names:
            if not name.isidentifier() or name == "_":
                continue
            if scope is not None:
                found = self._uses(source, name, scope, depth, seen)
            else:
                found = next(
                    (f for file in self._package(source) if (f := self._uses(file, name, file.root, depth, seen))), None
                )
            if found:
                return found
        return None

    def _uses(
        self,
        source: GoSource,
        name: str,
        scope: Node,
        depth: int,
        seen: set[tuple[str, int]],
        *,
        selected: bool = False,
    ) -> Reading | None:
        """How a name is read anywhere in a scope."""
        wanted = re.compile((rb"(?<=\.)" if selected else rb"(?<![\w.])") + re.escape(encode(name)) + rb"\b")
        for place in wanted.finditer(source.content, scope.start_byte, scope.end_byte):
            node = source.root.descendant_for_byte_range(place.start(), place.end())
            if node is None or node.type not in ("identifier", "field_identifier"):
                continue
            if selected:
                node = node.parent if node.parent is not None and node.parent.type == "selector_expression" else None
            if node is not None and (found := self._taken(source, node, depth, seen)):
                return found
        return None

    def _package(self, source: GoSource) -> list[GoSource]:
        return [self.source(path) for path in self._files(folder_of(source.path))]

    def _files(self, folder: str) -> list[str]:
        """The Go files that stand in a folder itself."""
        if not self._folders:
            for path, entry in self.overlay.entries.items():
                if path.endswith(".go") and entry.is_text_candidate:
                    self._folders.setdefault(folder_of(path), []).append(path)
        return self._folders.get(folder, [])


def read_as(known: Arguments, index: int, node: Node) -> Reading:
    """How a function that takes paths reads an argument. The first word of a command is a program."""
    if not known.words:
        return Reading.PATH
    return Reading.PATH if index == known.places[0] and "/" in node_text(node) else Reading.WORDS


def parameter_at(function: Node, index: int) -> str | None:
    """The name of the parameter for an argument; further arguments belong to the last one, which may be variadic."""
    parameters = function.child_by_field_name("parameters")
    names = [
        node_text(name)
        for declared in ([] if parameters is None else parameters.named_children)
        for name in declared.children_by_field_name("name")
    ]
    if not names:
        return None
    return names[min(index, len(names) - 1)]


def returns(body: Node, parameter: str) -> bool:
    """Whether a function may give back what a parameter holds."""
    given = rb"\breturn\b[^\n]*\b" + re.escape(encode(parameter)) + rb"\b"
    return re.search(given, body.text or b"") is not None


def is_temporary(node: Node | None, source: GoSource) -> bool:
    """Whether an expression is a temporary folder, which holds nothing of the repository."""
    if node is None:
        return False
    if TEMPORARY.search(node.text or b""):
        return True
    scope = enclosing(node) or source.root
    made = rb"\b" + re.escape(node.text or b"") + rb"\b[^\n]*=[^\n]*(?:TempDir|MkdirTemp)\("
    return node.type == "identifier" and re.search(made, source.content[scope.start_byte : scope.end_byte]) is not None


def enclosing(node: Node) -> Node | None:
    """The outermost function around a node; None at package level."""
    found, place = None, node.parent
    while place is not None:
        found = place if place.type in FUNCTION else found
        place = place.parent
    return found
