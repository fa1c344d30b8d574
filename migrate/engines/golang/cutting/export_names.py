"""Exports names of a package, by giving them a capital letter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from migrate.engines.golang.checking.relevance import SOURCES
from migrate.engines.golang.crossing import declared_names, kinds_of_types
from migrate.engines.golang.edit import edit_go
from migrate.engines.golang.names import implied_names
from migrate.engines.golang.scope import Scopes, ScopeUse
from migrate.engines.golang.tree import GoTree
from migrate.engines.splice import Splice, line_number_at
from migrate.errors import PhaseError
from migrate.git.paths import folder_of
from migrate.text import decode, encode, joined_list


def exported(tree: GoTree, folder: str, names: Iterable[str]) -> dict[str, bytes]:
    """The contents of the files of a package in which `names` are exported, by their paths.

    Raises `PhaseError` with a list when a name cannot be exported, or when syntax does not tell what it means.
    """
    package = tree.package_name(folder)
    files = [p for p in tree.folders[folder] if (header := tree.header(p)) is not None and header.package == package]
    declared = declared_names(tree, files)
    new = {name: name[:1].upper() + name[1:] for name in names}
    kinds = kinds_of_types(declared)
    problems = [problem for name in new for problem in _taken_names(tree, files, declared, name, new[name])]
    contents = {}
    for path in files:
        scopes, header = tree.scopes(path, new), tree.header(path)
        assert header is not None
        uses = scopes.free(new, kinds)
        problems += [problem for use in uses for problem in _doubts(scopes, path, use, new[use.name])]
        # Declarations bind at package level, where nothing shadows them: they are not uses.
        places = {(use.start, use.end): new[use.name] for use in uses} | dict(_declared_at(scopes, new))
        edits = [Splice(*place, encode(name)) for place, name in places.items()]
        edits += _comment_edits(scopes, new)
        contents[path] = edit_go(tree.content(path), header, edits)
    problems += list(_outside(tree, folder, new))
    if problems:
        raise PhaseError(
            f'not everything in "{folder}" can be exported:\n{joined_list(list(dict.fromkeys(problems)))}',
            advice="rename those by hand first",
        )
    return {path: content for path, content in contents.items() if content != tree.content(path)}


def _taken_names(
    tree: GoTree, files: Iterable[str], declared: Mapping[str, object], name: str, new: str
) -> Iterator[str]:
    if new == name:
        yield f'"{name}" has no capital form'
    elif new in declared:
        (path, declaration), *_ = declared_names(tree, files)[new]
        yield f"{path}:{declaration.line} declares {new} already"
    for path in files:
        header = tree.header(path)
        for spec in () if header is None else header.imports:
            if new in ({spec.name} if spec.name else implied_names(tree, spec.path)):
                yield f'{path}:{line_number_at(tree.content(path), spec.start)} imports "{spec.path}" as {new}'


def _doubts(scopes: Scopes, path: str, use: ScopeUse, new: str) -> Iterator[str]:
    """Why one use cannot simply get the new name."""
    node = scopes.tree.root_node.descendant_for_byte_range(use.start, use.end)
    assert node is not None
    if use.may_be_field:
        yield f"{path}:{use.line} {use.name} may be that name or a field"
    if scopes.binds(new, [use.start]):
        yield f"{path}:{use.line} {use.name}: a local {new} hides the new name there"
    place = node.parent
    while place is not None and place.type in ("pointer_type", "generic_type"):
        if place.child_by_field_name("type") not in (None, node) and place.type == "generic_type":
            return
        node, place = place, place.parent
    if place is not None and place.type == "field_declaration" and not place.children_by_field_name("name"):
        yield f"{path}:{use.line} {use.name} is embedded, so a field has its name too"


def _declared_at(scopes: Scopes, new: Mapping[str, str]) -> Iterator[tuple[tuple[int, int], str]]:
    for node in scopes.tree.root_node.named_children:
        inner = [child for part in node.named_children for child in (part, *part.named_children)]
        specs = [child for child in inner if child.type in ("var_spec", "const_spec", "type_spec", "type_alias")]
        for owner in specs or ([node] if node.type == "function_declaration" else []):
            for name in owner.children_by_field_name("name"):
                called = decode(name.text or b"")
                if called in new:
                    yield (name.start_byte, name.end_byte), new[called]


def _comment_edits(scopes: Scopes, new: Mapping[str, str]) -> Iterator[Splice]:
    """The edits of comments: documentation begins with the name that it describes."""
    for name, exported_name in new.items():
        pattern = re.compile(rb"^[ \t]*//[ \t]?(" + re.escape(encode(name)) + rb")(?=[ \t\r\n(,.:]|$)", re.MULTILINE)
        for (start, _), called in _declared_at(scopes, {name: exported_name}):
            line = scopes.content.rfind(b"\n", 0, start) + 1
            first = line
            while scopes.content[scopes.content.rfind(b"\n", 0, first - 1) + 1 : first].strip().startswith(b"//"):
                first = scopes.content.rfind(b"\n", 0, first - 1) + 1
            found = pattern.match(scopes.content, first) if first < line else None
            if found is not None:
                yield Splice(found.start(1), found.end(1), encode(called))


def _outside(tree: GoTree, folder: str, new: Mapping[str, str]) -> Iterator[str]:
    """Assembly and compiler directives that name what is exported."""
    words = b"|".join(re.escape(encode(name)) for name in new)
    symbol = re.compile(
        rb"\xc2\xb7(" + words + rb")(?![\w\x80-\xff])|^//(?:go:linkname|export)[ \t].*?\b(" + words + rb")\b", re.M
    )
    for path in tree.entries:
        if folder_of(path) == folder and path.endswith(SOURCES):
            content = tree.content(path)
            for found in symbol.finditer(content):
                line, name = line_number_at(content, found.start()), (found[1] or found[2]).decode()
                yield f"{path}:{line} names {name} for the linker"
