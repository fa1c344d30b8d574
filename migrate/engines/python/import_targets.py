"""Computes what an import statement must say after a step."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace

from migrate.engines.python.header import ImportItem, ImportStatement
from migrate.engines.python.places import joined_name
from migrate.engines.python.step import PythonStep
from migrate.engines.python.tree import FoundModule


@dataclass(frozen=True)
class WantedImport:
    """One name that is imported afterwards: `from head import name as alias`, or `import name as alias`."""

    head: str
    name: str
    alias: str | None = None

    @property
    def text(self) -> str:
        """The text in the list of names."""
        return f"{self.name} as {self.alias}" if self.alias else self.name

    @property
    def bound(self) -> str:
        """The name that it binds."""
        return self.alias or (self.name if self.head else self.name.partition(".")[0])


@dataclass(frozen=True)
class ImportTarget:
    """The module that a name means: its place before, and how it was found; `level` counts dots."""

    found: FoundModule
    level: int = 0
    rest: str = ""
    """The rest of the name, which is not in the tree: an extension module, or a file that a build makes."""

    @property
    def place(self) -> str:
        """The whole place, including the part that is not in the tree."""
        return joined_name(self.found.place, self.rest.replace(".", "/"))

    def below(self, name: str) -> ImportTarget:
        """A module inside of this one."""
        return replace(self, found=FoundModule(self.found.root, joined_name(self.place, name)), rest="")


class ImportTargets:
    """What the import statements of one file mean, and what they must say afterwards."""

    def __init__(self, step: PythonStep, path: str, shared: Collection[str] = ()) -> None:
        """`shared` are first names that several plain imports of the file have in common."""
        self.step = step
        self.path = path
        self.now = step.moves.resolve(path)
        self._shared = shared

    def target(self, name: str) -> ImportTarget | None:
        """The module that an absolute name means; None when the tree does not even have its package."""
        found = self.step.before.longest(name, self.path)
        if found is None:
            return None
        rest = name[len(found.name) + 1 :] if found.root != found.place else ""
        if rest and not self.step.before.is_package(found.place):
            return None
        return ImportTarget(found, rest=rest)

    def module(self, statement: ImportStatement) -> ImportTarget | None:
        """The module from which a from-import takes names."""
        if not statement.level:
            return self.target(statement.module)
        place = self.step.before.relative(self.path, statement.level, statement.module)
        if place is None:
            return None
        return ImportTarget(FoundModule(self.step.before.owner(place), place), statement.level)

    def member(self, module: ImportTarget, item: ImportItem) -> ImportTarget | None:
        """The module that a name of a from-import means; None for a name that a module defines."""
        below = self._portion(module.below(item.name), module)
        if module.rest or not self.step.before.has(below.place):
            return None
        return None if self.step.defines(module.place, item.name) else below

    def _portion(self, below: ImportTarget, module: ImportTarget) -> ImportTarget:
        """A module in a namespace package, which may be spread over several roots."""
        if module.level or module.rest or self.step.before.has(below.place):
            return below
        found = self.step.before.find(below.found.name, self.path)
        return below if found is None else replace(below, found=found)

    def of(self, statement: ImportStatement) -> list[WantedImport]:
        """What a statement must say, name by name; a star import says `*`."""
        if not statement.is_from:
            return [self._plain(item) for item in statement.items]
        module = self.module(statement)
        if module is None:
            return stated_target(statement)
        head = self.head(module, statement.source)
        if statement.is_star:
            return [WantedImport(head, "*")]
        wants = []
        for item in statement.items:
            member = self.member(module, item)
            want = (
                WantedImport(head, item.name, item.alias) if member is None else self._member(member, item, statement)
            )
            # An alias that kept the old name is not needed when the name returns.
            is_needless = want.head and want.alias == want.name != item.name
            wants.append(replace(want, alias=None) if is_needless else want)
        return wants

    def head(self, module: ImportTarget, said: str) -> str:
        """The name of a module after `from`; unchanged when it is still right."""
        if module.level:
            return self._relative(self.step.destination(module.place), module.level, said)
        return self.absolute(module) or said

    def absolute(self, module: ImportTarget) -> str | None:
        """The absolute name of a module afterwards; None when no root finds it there."""
        name = self.step.spelled(module.found, self.path)
        if name is None or not module.rest:
            return name
        whole, part = self.step.destination(module.place), self.step.destination(module.found.place)
        return f"{name}.{module.rest}" if whole == joined_name(part, module.rest.replace(".", "/")) else None

    def _relative(self, new: str, level: int, said: str) -> str:
        after = self.step.after
        if after.relative(self.now, level, said[level:]) == new:
            return said
        found = self.step.relative(new, self.now)
        if found is None:
            return FoundModule(after.owner(new), new).name
        return "." * found[0] + found[1]

    def _member(self, member: ImportTarget, item: ImportItem, statement: ImportStatement) -> WantedImport:
        """A module that is imported from its package."""
        new = self.step.destination(member.place)
        parent, _, name = new.rpartition("/")
        if member.level:
            if parent == self.step.after.owner(new):
                return WantedImport("", name, item.alias)
            said = statement.source
            return WantedImport(self._relative(parent, member.level, said), name, item.alias)
        whole = self.absolute(member)
        if whole is None:
            return WantedImport(statement.source, item.name, item.alias)
        package, _, name = whole.rpartition(".")
        return WantedImport(package, name, item.alias)

    def _plain(self, item: ImportItem) -> WantedImport:
        module = self.target(item.name)
        name = self.absolute(module) if module is not None else None
        if name is None or name == item.name:
            return WantedImport("", item.name, item.alias)
        if "." in name and "." not in item.name and item.alias is None and item.name not in self._shared:
            # It stays a single name, so nothing else in the file changes.
            package, _, last = name.rpartition(".")
            return WantedImport(package, last, None)
        return WantedImport("", name, item.alias)


def stated_target(statement: ImportStatement) -> list[WantedImport]:
    """The module and name that a statement states now."""
    head = statement.source if statement.is_from else ""
    if statement.is_star:
        return [WantedImport(head, "*")]
    return [WantedImport(head, item.name, item.alias) for item in statement.items]
