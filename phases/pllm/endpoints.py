"""The routes of an HTTP server, read from the source of its router: chi, gorilla and net/http name them alike.

A tree-sitter walk, so that a route in a comment or a string does not count and `r.Route("/v1", func…)` puts its path in
front of what it encloses. A router that is mounted (`r.Mount("/admin", x)` with `x := NewAdmin(…)`) is followed when
its constructor stands in the same package.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import tree_sitter_go
from tree_sitter import Language, Node, Parser

METHODS = {name.title(): name for name in ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")}
ANY = "any"
PATTERN = re.compile(r"(?:([A-Z]+) )?(/\S*)")
PARAMETER = re.compile(r"[{*:]")


@dataclass(frozen=True)
class Endpoint:
    """One route: `method` is `any` where the source does not say; `line` counts from 1."""

    method: str
    path: str
    file: str
    line: int

    @property
    def is_plain(self) -> bool:
        """Whether the path can be asked for as it stands, without a parameter."""
        return PARAMETER.search(self.path) is None

    @property
    def area(self) -> str:
        """The first two names of the path: `/v1/models`."""
        return "/".join(self.path.removesuffix("*").rstrip("/").split("/")[:3])

    @property
    def is_probe(self) -> bool:
        """Whether a look at it changes nothing: a GET without parameters."""
        return self.is_plain and self.method in ("GET", ANY)


@dataclass(frozen=True)
class Server:
    """The routes that one constructor sets up, those of the routers that it mounts included."""

    constructor: str
    endpoints: tuple[Endpoint, ...]

    def key(self) -> list[Endpoint]:
        """One endpoint of each area, in the order of the source: a GET without parameters when there is one."""
        best: dict[str, Endpoint] = {}
        for endpoint in self.endpoints:
            known = best.get(endpoint.area)
            if known is None or rank(endpoint) < rank(known):
                best[endpoint.area] = endpoint
        return list(best.values())


def rank(endpoint: Endpoint) -> tuple[bool, bool, int]:
    """What makes an endpoint the better one of its area to look at."""
    return not endpoint.is_probe, not endpoint.is_plain, len(endpoint.path)


def servers(sources: Mapping[str, bytes]) -> list[Server]:
    """The servers that the files of one package set up, the one with the most routes first."""
    package = Package(sources)
    mounted: set[str] = set()
    found = [Server(name, tuple(package.routes(name, "", mounted))) for name in package.functions]
    own = [server for server in found if server.endpoints and server.constructor not in mounted]
    return sorted(own, key=lambda server: -len(server.endpoints))


class Package:
    """The functions of one Go package, by name."""

    def __init__(self, sources: Mapping[str, bytes]) -> None:
        self._sources = sources

    @cached_property
    def functions(self) -> dict[str, tuple[str, Node]]:
        """File and body of every function and method."""
        parser = Parser(Language(tree_sitter_go.language()))
        found = {}
        for path, content in sorted(self._sources.items()):
            for node in parser.parse(content).root_node.children:
                name, body = node.child_by_field_name("name"), node.child_by_field_name("body")
                if (
                    node.type in ("function_declaration", "method_declaration")
                    and name is not None
                    and body is not None
                ):
                    found[text(name)] = (path, body)
        return found

    def routes(self, function: str, prefix: str, mounted: set[str], open_: tuple[str, ...] = ()) -> Iterator[Endpoint]:
        """The routes that a function sets up below `prefix`; the functions it mounts are added to `mounted`.

        `open_` names the functions that are being read: one that mounts itself is not followed.
        """
        file, body = self.functions[function]
        yield from self._walk(body, body, file, prefix, mounted, (*open_, function))

    def _walk(
        self, node: Node, body: Node, file: str, prefix: str, mounted: set[str], open_: tuple[str, ...]
    ) -> Iterator[Endpoint]:
        called = route(node)
        below = prefix
        if called is not None:
            verb, method, path, arguments = called
            full = joined(prefix, path)
            if verb in METHODS or verb in ("Handle", "HandleFunc"):
                yield Endpoint(method or METHODS.get(verb, ANY), full, file, node.start_point[0] + 1)
            elif verb == "Mount":
                constructor = self._constructor(arguments[1], body) if len(arguments) > 1 else None
                if constructor is None:
                    yield Endpoint(ANY, joined(full, "/*"), file, node.start_point[0] + 1)
                elif constructor not in open_:
                    mounted.add(constructor)
                    yield from self.routes(constructor, full, mounted, open_)
            elif verb == "Route":
                below = full
        for child in node.named_children:
            yield from self._walk(child, body, file, below, mounted, open_)

    def _constructor(self, argument: Node, body: Node) -> str | None:
        """The function of this package that made what is mounted: called here, or for a variable of this body."""
        call: Node | None = argument
        if argument.type == "identifier":
            call = next(assigned(body, text(argument)), None)
        function = call.child_by_field_name("function") if call is not None and call.type == "call_expression" else None
        name = text(function) if function is not None else ""
        return name if name in self.functions else None


def route(node: Node) -> tuple[str, str, str, list[Node]] | None:
    """Verb, method and path of a call such as `r.Get("/health", …)`, with its arguments."""
    if node.type != "call_expression":
        return None
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is None or function.type != "selector_expression" or arguments is None or not arguments.named_children:
        return None
    field, first = function.child_by_field_name("field"), arguments.named_children[0]
    if field is None or first.type not in ("interpreted_string_literal", "raw_string_literal"):
        return None
    verb, pattern = text(field), PATTERN.fullmatch(text(first)[1:-1])
    if pattern is None or verb not in (*METHODS, "Handle", "HandleFunc", "Mount", "Route"):
        return None
    return verb, pattern[1] or "", pattern[2], list(arguments.named_children)


def assigned(body: Node, name: str) -> Iterator[Node]:
    """What is assigned to a variable by `name := …` or `name, err := …`, anywhere in a body."""
    for node in descendants(body):
        if node.type == "short_var_declaration":
            left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
            names, values = (side.named_children if side is not None else [] for side in (left, right))
            if names and values and text(names[0]) == name:
                yield values[0]


def descendants(node: Node) -> Iterator[Node]:
    """Every node below one, in the order of the source."""
    for child in node.named_children:
        yield child
        yield from descendants(child)


def joined(prefix: str, path: str) -> str:
    """A path below a prefix; `/` below a prefix is the prefix itself."""
    return prefix if prefix and path == "/" else prefix.rstrip("/") + path


def text(node: Node) -> str:
    """The source of a node."""
    return (node.text or b"").decode("utf-8", "replace")
