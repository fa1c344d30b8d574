"""Finds which exported names of a Go file can be forwarded exactly, and how to declare each one again elsewhere.

A type is forwarded by an alias, a constant by a constant, a function by a function that calls it. A variable cannot be
forwarded, because a copy would change separately. Nor can anything that names something unexported, or a function that
looks at its caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from migrate.engines.golang.declarations import is_exported, specs
from migrate.engines.golang.forward.calls import (
    Call,
    SignatureName,
    call_of,
    helper_of,
    named_parameters,
    recovers,
    signature_names,
)
from migrate.engines.golang.header import Header
from migrate.engines.golang.scope import Scopes
from migrate.engines.splice import Splice

if TYPE_CHECKING:
    from tree_sitter import Node

_UNIVERSE = re.compile(
    "any|bool|byte|comparable|complex(?:64|128)|error|float(?:32|64)|u?int(?:8|16|32|64)?|rune|string|uintptr|"
    "true|false|iota|nil|len|cap"
)


class ForwardQualifier(NamedTuple):
    """A name before a dot in a signature, and the import path that it means; `is_given` when the import names it."""

    name: str
    path: str
    is_given: bool


FunctionSignature = tuple[bytes | ForwardQualifier, ...]
"""The part of a function after its name: type parameters, parameters, results."""


@dataclass(frozen=True)
class Forwarded:
    """One exported name, and how to declare it again; `refusal` says why that is impossible, "" when it is possible."""

    name: str
    kind: str
    """`type`, `const`, `func` or `var`."""
    signature: FunctionSignature = ()
    own: frozenset[str] = frozenset()
    """The names of its own package in the signature."""
    types: tuple[str, ...] = ()
    """The type parameters."""
    call: Call | None = None
    helper: str = ""
    """The parameter on which a test helper calls `Helper`."""
    refusal: str = ""

    @property
    def imports(self) -> frozenset[ForwardQualifier]:
        """The qualifiers of its signature."""
        return frozenset(piece for piece in self.signature if isinstance(piece, ForwardQualifier))


@dataclass(frozen=True)
class ForwardSource:
    """One Go file whose names are forwarded.

    `import_path` is that of the forwarding package, whose own names need no qualifier there. `declared` are all
    package-level names, `implied` gives the possible names of an import without an explicit one.
    """

    scopes: Scopes
    header: Header
    import_path: str
    declared: Collection[str]
    implied: Callable[[str], set[str]]

    def forwarded(self) -> Iterator[Forwarded]:
        """Every exported package-level name of the file."""
        for node in self.scopes.tree.root_node.named_children:
            yield from self.declared_by(node)

    def declared_by(self, node: Node) -> Iterator[Forwarded]:
        """The exported names of one top-level declaration; methods belong to their types."""
        if node.type == "function_declaration":
            yield from self._function(node)
        elif node.type in ("var_declaration", "const_declaration", "type_declaration"):
            for spec in specs(node):
                yield from self._spec(spec)

    def _function(self, node: Node) -> Iterator[Forwarded]:
        name = named_parameters(node)[0]
        if is_exported(name):
            parts = [node.child_by_field_name(field) for field in ("type_parameters", "parameters", "result")]
            present = [part for part in parts if part is not None]
            call = call_of(node)
            refusal = "recovers from its caller's panics" if recovers(node, self.scopes) else ""
            found = Forwarded(name, "func", types=call.types, call=call, helper=helper_of(node, call), refusal=refusal)
            yield self._signed(found, present, call.names)

    def _spec(self, node: Node) -> Iterator[Forwarded]:
        kind = node.type.partition("_")[0]
        parameters = node.child_by_field_name("type_parameters") if kind == "type" else None
        for name in filter(is_exported, named_parameters(node)):
            found = Forwarded(name, kind, refusal="is a variable" if kind == "var" else "")
            if parameters is not None:
                types = tuple(
                    each for declaration in parameters.named_children for each in named_parameters(declaration)
                )
                found = self._signed(replace(found, types=types), [parameters], ())
            yield found

    def _signed(self, found: Forwarded, parts: list[Node], edits: Iterable[Splice]) -> Forwarded:
        """`found` with its signature, or with the reason why another package cannot write that."""
        placed: list[tuple[int, int, bytes | ForwardQualifier]] = [(edit.start, edit.end, edit.new) for edit in edits]
        own: set[str] = set()
        refusal = found.refusal
        for mention in (mention for part in parts for mention in signature_names(part)):
            qualifier = self._imported(mention.name) if mention.is_qualifier else None
            if qualifier is not None and qualifier.path == self.import_path:
                placed.append((mention.start, mention.end + 1, b""))
            elif qualifier is not None and qualifier.path != "C":
                placed.append((mention.start, mention.end, qualifier))
            elif not self._is_known(mention, found.types):
                if not self._is_own(mention):
                    refusal = refusal or f"names {mention.name}, which only its own package can"
                own.add(mention.name)
        signature = _signature_pieces(self.scopes.content, parts[0].start_byte, parts[-1].end_byte, placed)
        return replace(found, signature=signature, own=frozenset(own), refusal=refusal)

    def _is_known(self, mention: SignatureName, types: tuple[str, ...]) -> bool:
        """Whether a name means the same in every package."""
        if mention.is_qualifier:
            return False
        if mention.name in types:
            return True
        return mention.name not in self.declared and _UNIVERSE.fullmatch(mention.name) is not None

    def _is_own(self, mention: SignatureName) -> bool:
        return not mention.is_qualifier and is_exported(mention.name) and mention.name in self.declared

    def _imported(self, name: str) -> ForwardQualifier | None:
        for spec in self.header.imports:
            if name in ({spec.name} if spec.name else self.implied(spec.path)):
                return ForwardQualifier(name, spec.path, bool(spec.name))
        return None


def _signature_pieces(
    content: bytes, start: int, end: int, placed: list[tuple[int, int, bytes | ForwardQualifier]]
) -> FunctionSignature:
    pieces: list[bytes | ForwardQualifier] = []
    for begin, after, new in sorted(placed, key=lambda place: place[:2]):
        pieces += [content[start:begin], new]
        start = after
    pieces.append(content[start:end])
    if not any(b"\n" in piece or b'"' in piece or b"`" in piece for piece in pieces if isinstance(piece, bytes)):
        pieces = [piece if isinstance(piece, ForwardQualifier) else re.sub(rb"[ \t]+", b" ", piece) for piece in pieces]
    return tuple(piece for piece in pieces if piece)
