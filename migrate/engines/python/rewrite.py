"""Rewrites one Python file, or one piece of Python code, after a step: its imports, and the uses of their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from posixpath import basename

from migrate.engines.notes import Remark
from migrate.engines.python.bindings import Bindings, NameUse, Scope
from migrate.engines.python.dotted import Dotted
from migrate.engines.python.header import ImportStatement, import_statements
from migrate.engines.python.import_targets import ImportTargets, WantedImport, stated_target
from migrate.engines.python.layout import ImportLayout
from migrate.engines.python.places import INIT, joined_name, place_of_module
from migrate.engines.python.step import PythonStep
from migrate.engines.python.syntax import PythonSource
from migrate.engines.python.tree import FoundModule
from migrate.engines.splice import Splice, line_number_at
from migrate.errors import PhaseError
from migrate.git.paths import is_under
from migrate.text import encode

Borrowed = Collection[tuple[str, str]]
"""Places, and the names that other files import from them."""


@dataclass
class ImportBinder:
    """A name that an import statement binds to a module: `item` of the statement with this number."""

    number: int
    position: int
    name: str
    root: str
    place: str
    is_plain: bool
    """Whether it is a plain `import a.b`, which binds `a`."""
    scope: Scope = (-1, -1)


@dataclass
class PythonRewrite:
    """Makes the edits of one piece of code; `wants` is what its statements must say."""

    step: PythonStep
    path: str
    content: bytes
    borrowed: Borrowed = ()
    original: bytes | None = None
    """For an example in a text: the whole text. `content` has the same length, with everything else blank."""
    remarks: list[Remark] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.statements = import_statements(self.content)
        firsts = Counter(
            item.name.partition(".")[0] for s in self.statements if not s.is_from for item in s.items if not item.alias
        )
        self.wanted = ImportTargets(self.step, self.path, {name for name, count in firsts.items() if count > 1})
        self.wants = [self.wanted.of(statement) for statement in self.statements]
        self.more: dict[int, list[WantedImport]] = {}

    @cached_property
    def source(self) -> PythonSource:
        """The syntax tree, parsed only when a name must be followed."""
        return PythonSource(self.content)

    def edits(self) -> list[Splice]:
        """All edits."""
        binders = [binder for binder in self._binders() if self._needs_work(binder)]
        uses = list(self._follow(binders)) if binders else []
        wanted = [
            (statement, [*wants, *(want for want in self.more.get(number, ()) if want not in wants)])
            for number, (statement, wants) in enumerate(zip(self.statements, self.wants, strict=True))
        ]
        is_code = self.original is None
        if not is_code:
            uses += self._unbound()
        return [*ImportLayout(self.content if is_code else self.original or b"", is_code).write(wanted), *uses]

    def _binders(self) -> Iterator[ImportBinder]:
        for number, statement in enumerate(self.statements):
            module = self.wanted.module(statement) if statement.is_from else None
            for position, item in enumerate(statement.items):
                if statement.is_from:
                    target = self.wanted.member(module, item) if module else None
                else:
                    target = self.wanted.target(item.name)
                if target is None:
                    continue
                name, place, is_plain = item.alias or item.name, target.place, False
                if not statement.is_from and item.alias is None:
                    name = item.name.partition(".")[0]
                    place = joined_name(target.found.root, name)
                    is_plain = not self.wants[number][position].head
                yield ImportBinder(number, position, name, target.found.root, place, is_plain)

    def _want(self, binder: ImportBinder) -> WantedImport:
        return self.wants[binder.number][binder.position]

    def _needs_work(self, binder: ImportBinder) -> bool:
        """Whether a name, or a name after it, changes."""
        if binder.is_plain:
            return any(is_under(place, binder.place) for place in self.step.tops)
        if self._want(binder).bound != binder.name:
            return True
        new = self.step.destination(binder.place)
        return any(
            place != binder.place
            and is_under(place, binder.place)
            and self.step.destination(place) != new + place[len(binder.place) :]
            for place in self.step.tops
        )

    def _follow(self, binders: list[ImportBinder]) -> Iterator[Splice]:
        """The edits of uses; also decides which names are kept, and which imports must be added."""
        bindings = Bindings(self.source, frozenset(binder.name for binder in binders))
        everything: dict[tuple[Scope, str], list[ImportBinder]] = {}
        names = {binder.name for binder in binders}
        for binder in self._binders():
            if binder.name in names:
                binder.scope = bindings.scope_at(self.statements[binder.number].start, binder.name)
                everything.setdefault((binder.scope, binder.name), []).append(binder)
        for (scope, name), group in everything.items():
            self._settle_name(bindings, scope, name, group)
        for (scope, name), group in everything.items():
            yield from self._follow_deletions(bindings.deletions.get((scope, name), ()), name, group)
        for use in bindings.uses:
            scopes = [scope for scope, name in everything if name == use.name]
            if (there := bindings.binder(use, scopes)) is not None and (there, use.name) in everything:
                group = everything[there, use.name]
                offsets = [self.statements[binder.number].start for binder in group]
                yield from self._follow_use(use, group, is_doubtful=bindings.is_doubtful(use, there, offsets))

    def _unbound(self) -> Iterator[Splice]:
        """The edits of names that an example uses without importing them, if only a module can be meant."""
        dotted = Dotted(self.step, self.path)
        bound = {want.bound for each in self.statements for want in stated_target(each)}
        bindings = Bindings(self.source, frozenset(name.partition(".")[0] for name in self.step.names()) - bound)
        for use in bindings.uses:
            found = dotted.module(".".join(use.names)) if bindings.binder(use, ()) is None else None
            if found is None or found.place not in self.step.moved:
                continue
            count = found.name.count(".") + 1
            is_used = count > 1 or (len(use.names) > 1 and self.step.defines(found.place, use.names[1]))
            new = self.step.spelled(found, self.path)
            if is_used and new is not None and new != found.name:
                yield Splice(use.start, use.ends[count - 1], encode(new))

    def _settle_name(self, bindings: Bindings, scope: Scope, name: str, group: list[ImportBinder]) -> None:
        """Keep the old name as an alias of an import when not every use can be renamed."""
        for binder in group:
            want = self._want(binder)
            if binder.is_plain or want.bound == name:
                continue
            if not self._can_rename(bindings, scope, name, group):
                self.wants[binder.number][binder.position] = replace(want, alias=name)
                self._remark(
                    self.statements[binder.number].start,
                    f'keeps the name "{name}" for {want.name}',
                    "imports keep the old name of a module as an alias",
                )

    def _can_rename(self, bindings: Bindings, scope: Scope, name: str, group: list[ImportBinder]) -> bool:
        wants = {self._want(binder).bound for binder in group}
        new = next(iter(wants))
        if len(wants) > 1 or bindings.is_other(scope, name) or any(binder.is_plain for binder in group):
            return False
        there = Bindings(self.source, frozenset({new}))
        imported = {
            want.bound
            for number, wants_of in enumerate(self.wants)
            for position, want in enumerate(wants_of)
            if not any((b.number, b.position) == (number, position) for b in group)
        }
        if there.others or there.uses or new in imported:
            return False
        if scope != (-1, -1):
            return not bindings.is_class(scope)
        here = place_of_module(self.path)
        if any(basename(path).startswith(f"{INIT}.") for path in (self.path, self.wanted.now)):
            return all(binder.place == joined_name(here, name) for binder in group)
        return (here, name) not in self.borrowed and not self._is_exported(name)

    def _is_exported(self, name: str) -> bool:
        return any(self.source.text(node)[1:-1] == name for node in self.source.strings)

    def _follow_use(self, use: NameUse, group: list[ImportBinder], *, is_doubtful: bool) -> Iterator[Splice]:
        if len({binder.is_plain for binder in group}) > 1:
            return
        # A namespace package may be spread over several roots: the longest match counts.
        first = max(group, key=lambda binder: self._reached(binder.place, use.names)[1])
        if len({binder.place for binder in group}) > 1 and not first.is_plain:
            return
        group = [binder for binder in group if binder.place == first.place]
        place, count = self._reached(first.place, use.names)
        text = self._plain_text(group, place) if first.is_plain else self._item_text(first, place)
        if text is None or text == ".".join(use.names[:count]):
            return
        if is_doubtful and text.partition(".")[0] != use.name:
            raise PhaseError(
                f'"{use.name}" is bound by an import and by something else, so what it means here is not certain',
                where=f"{self.path}:{line_number_at(self.content, use.start)}",
                advice=f'give one of the two another name there first: "import … as {use.name}_module"',
            )
        yield Splice(use.start, use.ends[count - 1], encode(text))

    def _follow_deletions(self, deletions: Iterable[Scope], name: str, group: list[ImportBinder]) -> Iterator[Splice]:
        """The edits of `del shop` after `import shop.cart`: the new name must be deleted instead."""
        if not all(binder.is_plain for binder in group):
            return
        said = [want.bound for binder in group for want in (self._want(binder), *self.more.get(binder.number, ()))]
        text = ", ".join(dict.fromkeys(said))
        if text != name:
            yield from (Splice(*span, text.encode("utf-8", "surrogateescape")) for span in deletions)

    def _reached(self, place: str, names: tuple[str, ...]) -> tuple[str, int]:
        """The module that the longest prefix of a dotted name means, and the number of names in that prefix."""
        count = 1
        for name in names[1:]:
            below = joined_name(place, name)
            if not self.step.before.has(below) or self.step.defines(place, name):
                break
            place, count = below, count + 1
        return place, count

    def _item_text(self, binder: ImportBinder, place: str) -> str | None:
        """The expression for a module, starting with a name that means the module or one of its packages."""
        bound = self._want(binder).bound
        top, new = self.step.destination(binder.place), self.step.destination(place)
        if is_under(new, top):
            return bound + new[len(top) :].replace("/", ".")
        name = self.step.spelled(FoundModule(binder.root, place), self.path)
        return None if name is None else self._imported(binder, name)

    def _plain_text(self, group: list[ImportBinder], place: str) -> str | None:
        """The full name of a module, which some plain import of the scope must import."""
        name = self.step.spelled(FoundModule(group[0].root, place), self.path)
        if name is None:
            return None
        said = FoundModule(group[0].root, place).name
        was_said = any(_covers_span(self.statements[b.number].items[b.position].name, said) for b in group)
        if not was_said and self._stays_below(group, place):
            return name
        return self._imported(group[0], name, [self._want(binder).name for binder in group])

    def _stays_below(self, group: list[ImportBinder], place: str) -> bool:
        """Whether a module that was reached without its own import is still below an imported one."""
        tops = [self.wanted.target(self.statements[b.number].items[b.position].name) for b in group]
        above = [top.place for top in tops if top is not None and is_under(place, top.place)] or [group[0].place]
        top = max(above, key=len)
        return self.step.destination(place) == self.step.destination(top) + place[len(top) :]

    def _imported(self, binder: ImportBinder, name: str, said: Collection[str] = ()) -> str:
        """A full name; adds an import beside that of a binder unless one covers it already."""
        if not any(_covers_span(each, name) for each in said):
            self.more.setdefault(binder.number, [])
            if not any(_covers_span(want.name, name) for want in self.more[binder.number]):
                self.more[binder.number].append(WantedImport("", name))
        return name

    def _remark(self, offset: int, of_one: str, of_many: str) -> None:
        line = line_number_at(self.content, offset)
        self.remarks.append(Remark(f"{self.wanted.now}:{line}", of_one, of_many))


def _covers_span(imported: str, name: str) -> bool:
    """Whether a plain import of one name makes another name usable."""
    return imported == name or imported.startswith(f"{name}.")


def borrowed_names(step: PythonStep, path: str, found: Sequence[ImportStatement]) -> Iterator[tuple[str, str]]:
    """The names that a file imports from other modules of the tree."""
    wanted = ImportTargets(step, path)
    for statement in found:
        module = wanted.module(statement) if statement.is_from else None
        if module is not None:
            yield from ((module.place, item.name) for item in statement.items)
