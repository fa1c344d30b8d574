"""Turns a split by declarations into a split by files: declarations that move get files of their own, in memory.

The plan that follows knows only files. `PreparedSplit` knows the origin of each of their lines, so that a refusal names
the file and line that a person sees.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import basename, join

from migrate.engines.golang.cutting.declaration_blocks import DeclarationBlock, declaration_blocks
from migrate.engines.golang.cutting.extract import Piece, cut_file
from migrate.engines.golang.cutting.file_names import free_name, with_free_names
from migrate.engines.golang.cutting.followers import Following, followers
from migrate.engines.golang.cutting.prepared_split import PreparedSplit
from migrate.engines.golang.cutting.target_file import can_join, target_name
from migrate.engines.golang.cutting.test_data import with_what_they_read
from migrate.engines.golang.declarations import Declaration, declarations
from migrate.engines.golang.generated import is_generated
from migrate.engines.golang.header import Header, ImportSpec
from migrate.engines.golang.names import implied_names
from migrate.engines.golang.requests import FileMove, RequestedMove, Split
from migrate.engines.golang.tree import GoTree
from migrate.engines.notes import Note, Remark
from migrate.engines.splice import line_number_at
from migrate.errors import PhaseError
from migrate.git.paths import folder_of
from migrate.text import decode


def prepare_split(tree: GoTree, requested: Sequence[RequestedMove]) -> PreparedSplit:
    """Work out which files and which parts of files the requests mean. Raises `PhaseError` when a part cannot go."""
    prepared = PreparedSplit(tree, [request for request in requested if not isinstance(request, Split)])
    contents: dict[str, bytes] = {}
    for folder in dict.fromkeys(request.old for request in requested if isinstance(request, Split)):
        mine = [request for request in requested if isinstance(request, Split) and request.old == folder]
        contents |= _Cut(tree, folder, mine, prepared).carry_out()
    prepared.update(contents)
    prepared.requests, along = with_what_they_read(prepared.tree, prepared.requests)
    prepared.requests, renamed = with_free_names(prepared.tree, prepared.requests)
    prepared.notes += [*along, *renamed]
    return prepared


class _Cut:
    """Works out what the splits of one package do to its files."""

    def __init__(self, tree: GoTree, folder: str, requests: Sequence[Split], prepared: PreparedSplit) -> None:
        self._tree = tree
        self._folder = folder
        self._requests = requests
        self._prepared = prepared
        self._taken = {path.lower() for path in tree.entries}
        self._places: dict[int, list[tuple[str, str]]] = {number: [] for number in range(len(requests))}
        self._files: dict[str, int] = {}
        self._names: dict[str, int] = {}
        self._units: dict[str, list[DeclarationBlock]] = {}
        self._unread: list[str] = []
        self._copied = {name for request in requests for name in request.copy}
        self._left = {name for request in requests for name in request.leave} | self._copied
        self._left_files = {path for request in requests for path in request.leave_files}
        self._targets: dict[str, str] = {}
        """The files that were made so far, each with a file that has the same build constraints."""
        self._opened: dict[str, int] = {}
        """Files that move as a whole except for declarations that stay."""

    def carry_out(self) -> dict[str, bytes]:
        """Add the requests that move files; returns the contents of the files that are cut."""
        self._assign()
        self._open_files()
        contents: dict[str, bytes] = {}
        parts = {path: self._parts(path) for path in self._read()}
        named = {
            path for path, destinations in parts.items() if any(destination is not None for destination in destinations)
        }
        followed: dict[str, list[Note]] = {}
        if parts:
            self._check_declared_elsewhere()
            followed = self._follow(parts)
        for path, destinations in parts.items():
            if destinations and None not in destinations and len(set(destinations)) == 1:
                self._prepared.notes += followed.get(path, [])
                self._files[path] = destinations[0] or 0
                self._place(path, destinations[0] or 0)
        for number, request in enumerate(self._requests):
            whole = (path for path in request.files if path not in self._opened)
            self._places[number] += [
                (path, join(request.new, target_name(request.target, basename(path)))) for path in whole
            ]
        self._follow_files(named)
        for path, destinations in parts.items():
            if path not in self._files and (
                any(destination is not None for destination in destinations) or self._copies(path)
            ):
                contents |= self._cut(path, destinations)
                self._prepared.notes += followed.get(path, [])
                self._note_what_stays(path, destinations)
        for number, request in enumerate(self._requests):
            if self._places[number]:
                places = tuple(dict.fromkeys(self._places[number]))
                self._prepared.requests.append(
                    FileMove(self._folder, request.new, places, request.rename, request.qualifiers, request.copy)
                )
        return contents

    def _assign(self) -> None:
        """Note which request names each file and each name. Raises `PhaseError` when two requests do."""
        first: dict[tuple[str, str | None, str], int] = {}
        for number, request in enumerate(self._requests):
            place = first.setdefault((request.new, request.rename, request.target), number)
            for kind, items in ((self._files, request.files), (self._names, request.names)):
                for item in items:
                    other = kind.setdefault(item, place)
                    if self._requests[other].new != request.new:
                        raise PhaseError(
                            f'"{item}" would move to two places, "{self._requests[other].new}" and "{request.new}"'
                        )

    def _open_files(self) -> None:
        """Treat a file that moves without some of its declarations as a list of declarations."""
        for path in [path for path in self._files if path.endswith(".go")]:
            if any((each.receiver or each.name) in self._left for each in self._declared(path)):
                self._opened[path] = self._files.pop(path)

    def _read(self) -> list[str]:
        """The Go files of the package that are not named as a whole, with their blocks in `_units`.

        A file that cannot be parsed stays. Raises `PhaseError` if it declares something that moves.
        """
        name = self._tree.package_name(self._folder)
        found = []
        for path in self._tree.folders.get(self._folder, ()):
            header = self._tree.header(path)
            if path not in self._files and header is not None and header.package in (name, f"{name}_test"):
                named = path in self._opened
                named |= any((each.receiver or each.name) in self._names for each in self._declared(path))
                if named or not self._tree.syntax(path).is_broken:
                    self._units[path] = declaration_blocks(self._tree.scopes(path))
                    found.append(path)
                else:
                    self._unread.append(path)
        return found

    def _declared(self, path: str) -> Iterator[Declaration]:
        return declarations(self._tree.syntax(path))

    def _parts(self, path: str) -> list[int | None]:
        """The request for each block of a file, None for a block that stays."""
        destinations: list[int | None] = []
        default = self._opened.get(path)
        for block in self._units[path]:
            wanted = {None if key in self._left else self._names.get(key, default) for key in block.keys} or {default}
            if len(wanted) > 1:
                raise self._refusal(path, block, f"{block.title} are declared together", block.bond)
            destinations.append(wanted.pop() if wanted else None)
        return destinations

    def _check_declared_elsewhere(self) -> None:
        """Raise `PhaseError` for a name that moves and is also declared in a file that goes to another place."""
        for path, number in self._files.items():
            if path.endswith(".go"):
                for each in self._declared(path):
                    other = self._names.get(each.receiver or each.name)
                    if other is not None and self._requests[other].new != self._requests[number].new:
                        raise PhaseError(
                            f'"{each.receiver or each.name}" would move to two places: {path}:{each.line} goes to '
                            f'"{self._requests[number].new}", the name to "{self._requests[other].new}"'
                        )

    def _follow(self, parts: dict[str, list[int | None]]) -> dict[str, list[Note]]:
        """Let tests, and assertions such as `var _ I = T{}`, move with what they use; returns notes by file."""
        notes: dict[str, list[Note]] = {}
        left = {
            (path, number)
            for path, found in self._units.items()
            for number, block in enumerate(found)
            if path in self._left_files or not self._left.isdisjoint(block.keys)
        }
        destinations = self._destination_of_names()
        exports_all = any(request.exports_all for request in self._requests)
        exported = (
            destinations.keys() if exports_all else {name for request in self._requests for name in request.export}
        )
        by_name = bool(self._names or self._opened)
        following = Following(self._units, parts, destinations, left, self._copied, exported, tests=by_name)
        for path, number, destination in followers(self._tree, self._folder, following):
            block = self._units[path][number]
            if not block.problem and not self._why_not_cut(path):
                parts[path][number] = destination
                line = line_number_at(self._tree.content(path), block.start)
                to = f'along to "{self._requests[destination].new}"'
                remark = Remark(f"{path}:{line} {block.title}", f"goes {to}", f"declarations go {to}")
                notes.setdefault(path, []).append(remark)
        return notes

    def _note_what_stays(self, path: str, destinations: Sequence[int | None]) -> None:
        for block, destination in zip(self._units[path], destinations, strict=True):
            if destination is None and block.title in ("_", "init"):
                line = line_number_at(self._tree.content(path), block.start)
                place = f"{path}:{line} {block.title}"
                self._prepared.notes.append(Remark(place, "stays where it is", "declarations stay where they are"))

    def _destination_of_names(self) -> dict[str, int | None]:
        """The destination of each package-level name, including those of files that move as a whole."""
        destinations: dict[str, int | None] = {}
        for path in (*self._units, *self._unread, *(path for path in self._files if path.endswith(".go"))):
            for each in self._declared(path):
                if not each.receiver:
                    wanted = self._names.get(each.name, self._opened.get(path))
                    destinations[each.name] = self._files.get(path, None if each.name in self._left else wanted)
        return destinations

    def _follow_files(self, named: set[str]) -> None:
        """Let `x_test.go` move with `x.go`, unless something in it is `named`."""
        here = set(self._tree.folders.get(self._folder, ()))
        for path, number in list(self._files.items()):
            test = f"{path.removesuffix('.go')}_test.go"
            is_free = test in here and test not in self._files and test not in named
            if path.endswith(".go") and is_free and test not in self._left_files:
                self._files[test] = number
                self._place(test, number)
                to = f'to "{self._requests[number].new}"'
                self._prepared.notes.append(
                    Remark(test, f"goes {to} with {path}", f"test files go {to} with their files")
                )

    def _cut(self, path: str, destinations: Sequence[int | None]) -> dict[str, bytes]:
        reason = self._why_not_cut(path)
        if reason is not None:
            raise PhaseError(f'"{path}" cannot be split by declaration: {reason}', advice="name the file instead")
        copied = self._copies(path)
        for number, (block, destination) in enumerate(zip(self._units[path], destinations, strict=True)):
            places = (
                [destination]
                if destination is not None
                else [other for other, blocks in copied.items() if number in blocks]
            )
            if places and block.problem:
                raise self._refusal(path, block, f"{block.title} cannot go alone", block.problem)
            if places and destination is None:
                where = f"{path}:{line_number_at(self._tree.content(path), block.start)} {block.title}"
                to = " and ".join(f'"{self._requests[other].new}"' for other in places)
                self._prepared.notes.append(Remark(where, f"is copied to {to}", f"declarations are copied to {to}"))
        content, header = self._tree.content(path), self._tree.header(path)
        assert header is not None
        going = dict.fromkeys(destination for destination in (*destinations, *copied) if destination is not None)
        numbers = {destination: index for index, destination in enumerate(going, 1)}
        parts = [0 if destination is None else numbers[destination] for destination in destinations]
        copies = {numbers[destination]: found for destination, found in copied.items()}
        pieces = cut_file(content, header, self._units[path], parts, self._import_names(path, header), copies)
        head = decode(content[: header.package_start])
        if is_generated(head, len(head)):
            self._prepared.notes.append(
                f"{path} is generated: what writes it will write what was taken out of it again"
            )
        contents = {path: self._note_origin(path, path, pieces[0])}
        for destination, index in numbers.items():
            own = join(self._folder, f"{self._requests[destination].new.replace('/', '~')}~{basename(path)}")
            while own in self._tree.entries or own in self._prepared.created:
                own = join(self._folder, f"~{basename(own)}")
            self._prepared.created[own] = path
            self._places[destination].append((own, self._piece_place(path, destination)))
            contents[own] = self._note_origin(own, path, pieces[index])
        return contents

    def _copies(self, path: str) -> dict[int, list[int]]:
        """The blocks of a file that are copied, by the requests that get them."""
        found: dict[int, list[int]] = {}
        first = {request.new: number for number, request in reversed([*enumerate(self._requests)])}
        for number in first.values():
            copy = self._requests[number].copy
            mine = [n for n, block in enumerate(self._units[path]) if not copy.isdisjoint(block.keys)]
            if mine:
                found[number] = mine
        return found

    def _note_origin(self, path: str, origin: str, piece: Piece) -> bytes:
        self._prepared.origins[path] = (origin, piece.lines)
        return piece.content

    def _why_not_cut(self, path: str) -> str | None:
        header = self._tree.header(path)
        for spec in () if header is None else header.imports:
            if spec.path == "C":
                return "it uses cgo"
            if spec.name == ".":
                return f'it has a dot import of "{spec.path}"'
        return None

    def _import_names(self, path: str, header: Header) -> dict[ImportSpec, set[str]]:
        """The possible names of each import in a file. Raises `PhaseError` when a path does not tell."""
        tree = self._tree
        guesses = {s: {s.name} if s.name else implied_names(tree, s.path) for s in header.imports}
        scopes = tree.scopes(path)
        used = {use.name for use in scopes.free(scopes.words) if use.selected}
        unclear = [s for s, names in guesses.items() if not names & used and s.name != "_"]
        if unclear:
            known = {name for names in guesses.values() for name in names} | set(self._destination_of_names())
            left = used - known
            if len(unclear) > 1 or len(left) != 1:
                line = line_number_at(scopes.content, unclear[0].start)
                raise PhaseError(
                    f'{path}:{line} imports "{unclear[0].path}" under a name that does not follow from the path',
                    advice="write the name before the path",
                )
            guesses[unclear[0]] = left
        return guesses

    def _piece_place(self, path: str, number: int) -> str:
        """The place of a part of a file; it is joined to the target file of its request at the end, if there is one."""
        request = self._requests[number]
        name = target_name(request.target, basename(path))
        target = join(request.new, name)
        here = self._targets.get(target, target if self._tree.has(target) else "")
        place = join(request.new, self._free_name(request.new, name))
        if request.target and here and can_join(self._tree, here, path):
            self._prepared.joins[place] = target
        elif place == target:
            self._targets[target] = path
        return place

    def _place(self, path: str, number: int) -> None:
        """Send a whole file to the folder of a request, under a name that is free there."""
        folder = self._requests[number].new
        name = target_name(self._requests[number].target, basename(path))
        self._targets.setdefault(join(folder, name), path)
        self._places[number].append((path, join(folder, self._free_name(folder, name))))

    def _free_name(self, folder: str, name: str) -> str:
        """A file name that is not taken."""
        here = {basename(path) for path in self._taken if folder_of(path) == folder.lower()}
        free = free_name(name, here)
        self._taken.add(join(folder, free).lower())
        return free

    def _refusal(self, path: str, block: DeclarationBlock, what: str, why: str) -> PhaseError:
        line = line_number_at(self._tree.content(path), block.start)
        return PhaseError(f"{path}:{line} {what}{': ' + why if why else ''}", advice="name all of them, or the file")
