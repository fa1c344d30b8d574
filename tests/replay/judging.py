"""What became of each file that a replay or the people touched, held against what the people left."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from posixpath import basename

from migrate.engines.golang.header import decode as decoded
from migrate.engines.golang.header import scan
from migrate.engines.references.formats import format_of
from migrate.tree.moves import MoveMap
from tests.replay.regions import Region, regions
from tests.replay.spoken import spoken


class Class(Enum):
    """What a difference is taken for; those that end with a question mark a person has to read."""

    SAME = "same"
    STYLE = "style"
    """Another order or grouping of imports, an alias or an import comment more or less, white space."""
    MORE = "edited more"
    """They did something that the moves do not ask for."""
    FOLLOWED = "followed?"
    """We alone changed it: they left it stale, or we should not have."""
    DIFFERENT = "different?"
    """Both changed it, not to the same."""
    MISSED = "missed?"
    """They alone changed it, and the lines name what moved."""


ORDER = list(Class)


@dataclass(frozen=True)
class Difference:
    """One place where both are not the same."""

    what: Class
    region: Region


@dataclass(frozen=True)
class Judged:
    """A file, and every difference in it."""

    path: str
    differences: tuple[Difference, ...] = ()

    @property
    def kind(self) -> str:
        """The family of files that it belongs to."""
        return format_of(self.path).kind

    @property
    def what(self) -> Class:
        """The gravest of its differences."""
        return max((each.what for each in self.differences), key=ORDER.index, default=Class.SAME)


@dataclass(frozen=True)
class Moved:
    """What moved, as texts may spell it."""

    moves: MoveMap
    names: Mapping[str, str]
    """Package names that changed."""
    module: str
    """The import path of the tree's top."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What old and new places are called, whole or by their last names."""
        paths = {path for pair in self.moves for path in pair if path}
        words = paths | {basename(path) for path in paths} | {*self.names, *self.names.values()}
        longest = sorted(map(re.escape, words), key=len, reverse=True)
        return re.compile(rf"(?<![\w])(?:{'|'.join(longest)})(?!\w)")

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of old and new places."""
        return frozenset(words([*(path for pair in self.moves for path in pair), *self.names, *self.names.values()]))

    def concerns(self, base: Iterable[str], theirs: Iterable[str]) -> bool:
        """Whether lines spell what moved, and stand no more, and other lines differ from them by words of places."""
        gone = set(base) - set(theirs)
        return any(map(self.pattern.search, gone)) and not self.words.isdisjoint(words(base) ^ words(theirs))

    def qualifiers(self, base: Source, source: Source) -> set[str]:
        """What a file calls the packages that moved and that it, as it was at first, imports."""
        moved = {path: now for path in base.imported if (now := self.place_now(path)) != path}
        return {source.imported[path] or usual(path) for path in {*moved, *moved.values()} & source.imported.keys()}

    def place_now(self, imported: str) -> str:
        """The import path that a package of the tree has now."""
        folder = imported.removeprefix(f"{self.module}/")
        return imported if folder == imported else f"{self.module}/{self.moves.resolve(folder)}"


def judge(path: str, moved: Moved, base: bytes, ours: bytes, theirs: bytes) -> Judged:
    """Compare a file that is not the same."""
    texts = [decoded(content) for content in (base, ours, theirs)]
    if "\0" in "".join(texts):
        return Judged(path, (Difference(Class.MORE, Region(0, (), (), ("binary",))),))
    found: list[Difference] = []
    said: dict[str, str] = {}
    if path.endswith(".go"):
        sources = [Source.of(content) for content in (base, ours, theirs)]
        found += imports(moved, *sources)
        names = sources[1].called_otherwise(sources[2])
        texts = [source.called(names) for source in sources]
        qualifiers = [moved.qualifiers(sources[0], source) for source in sources]
        said = spoken(texts[2], qualifiers[2]) | spoken(texts[0], qualifiers[0])
    for region in regions(*(each.splitlines() for each in texts)):
        what = class_of(region, moved, said)
        if what is not Class.SAME:
            found.append(Difference(what, region))
    return Judged(path, tuple(found) or (Difference(Class.STYLE, Region(0, (), ("order of imports",), ())),))


def class_of(region: Region, moved: Moved, said: Mapping[str, str]) -> Class:
    """What a stretch of lines is taken for; `said` holds what of a line can name a place, where not all of it can."""
    base, ours, theirs = region.base, region.ours, region.theirs
    if ours == theirs:
        return Class.SAME
    if squeezed(ours) == squeezed(theirs):
        return Class.STYLE
    if ours == base:
        speaks = moved.concerns(*([said.get(line, line) for line in lines] for lines in (base, theirs)))
        return Class.MISSED if speaks else Class.MORE
    if theirs == base:
        return Class.FOLLOWED
    return Class.MORE if words(ours) - words(base) <= words(theirs) else Class.DIFFERENT


def words(lines: Iterable[str]) -> set[str]:
    """The words of some lines; what a path or a qualified name is put together from counts one by one."""
    return set(re.findall(r"\w+", "\n".join(lines)))


def squeezed(lines: Iterable[str]) -> str:
    """Lines without any white space."""
    return "".join("".join(lines).split())


@dataclass(frozen=True)
class Source:
    """A Go file: what it imports, by path, under which name, and all the rest."""

    imported: Mapping[str, str]
    body: str

    @classmethod
    def of(cls, content: bytes) -> Source:
        """Take a file apart."""
        header = scan(content)
        if header is None:
            return cls({}, decoded(content))
        body, end = [], 0
        if header.comment is not None:
            body, end = [content[: header.package_end]], content.find(b"\n", header.comment.end)
        for each in header.declarations:
            body.append(content[end : each.start])
            end = each.end
        return cls({spec.path: spec.name for spec in header.imports}, decoded(b"".join([*body, content[end:]])))

    def called_otherwise(self, other: Source) -> dict[str, str]:
        """The names of packages that another file calls otherwise, and what it calls them."""
        names = {
            name or usual(path): other.imported[path] or usual(path)
            for path, name in self.imported.items()
            if path in other.imported
        }
        return {mine: theirs for mine, theirs in names.items() if mine != theirs}

    def called(self, names: Mapping[str, str]) -> str:
        """The body with some names in place of others, where a name of a package may stand."""
        body = self.body
        for mine, theirs in names.items():
            body = re.sub(rf"\b{re.escape(mine)}\.(?=\w)", f"{theirs}.", body)
        return body


def usual(path: str) -> str:
    """The name that a package of an import path has as a rule."""
    return re.sub(r"^go-|[.-]go$", "", basename(re.sub(r"/v\d+$", "", path)))


def imports(moved: Moved, base: Source, ours: Source, theirs: Source) -> Iterator[Difference]:
    """What two files do not both import."""
    for path in ours.imported.keys() | theirs.imported.keys():
        mine, others = ours.imported.get(path), theirs.imported.get(path)
        shown = Region(
            0, (), () if mine is None else (f'{mine} "{path}"',), () if others is None else (f'{others} "{path}"',)
        )
        if mine is not None and others is not None:
            if mine != others:
                yield Difference(Class.STYLE, shown)
        elif mine is None:
            follows = any(moved.place_now(each) == path != each for each in base.imported)
            stale = moved.place_now(path) != path
            if follows or not stale:
                yield Difference(Class.MISSED if follows else Class.MORE, shown)
        else:
            left = any(moved.place_now(each) == path != each for each in theirs.imported)
            yield Difference(Class.FOLLOWED if left else Class.MORE, shown)
