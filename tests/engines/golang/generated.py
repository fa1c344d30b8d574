"""Go modules and move maps drawn at random, for properties that must hold of every one.

What is drawn compiles, on every system. Words that are package names here are drawn as names of variables, fields,
labels and import names everywhere, so that a rename meets every kind of scope.
"""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TypeVar

Drawn = TypeVar("Drawn")

MODULE = "example.com/m"
NESTED = "example.com/other"
WORDS = ("alpha", "beta", "core", "metrics", "store")
PLACES = (
    "alpha",
    "alpha/beta",
    "alphabet",
    "beta/v2",
    "internal/core",
    "internal/core/store",
    "svc",
    "svc/internal/deep",
)
FRESH = ("alpha/inner", "internal/zz", "lib/alpha", "lib/store", "metrics", "new", "new/v3", "svc/core")
STANDARD = ("errors", "strconv")


@dataclass(frozen=True)
class Move:
    """One request to the engine."""

    old: str
    new: str
    rename: str | None = None
    undo: str | None = None
    """The name that takes the rename back."""

    def inverse(self) -> Move:
        """The request that takes this one back."""
        return Move(self.new, self.old, self.undo, self.rename)


@dataclass(frozen=True)
class Case:
    """A tree, and what is to move in it."""

    files: dict[str, bytes]
    moves: tuple[Move, ...]
    qualifiers: str
    cgo: bool

    def __repr__(self) -> str:
        listed = "\n".join(f"--- {path}\n{content.decode('utf-8')}" for path, content in sorted(self.files.items()))
        return f"{self.qualifiers} {self.moves}\n{listed}"


class Chance:
    """What is drawn, by name."""

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)

    def pick(self, among: Sequence[Drawn]) -> Drawn:
        """One of several."""
        return self._random.choice(among)

    def some(self, among: Sequence[Drawn], least: int, most: int) -> list[Drawn]:
        """Several different ones, in any order."""
        return self._random.sample(among, min(self._random.randint(least, most), len(among)))

    def often(self) -> bool:
        """Yes or no."""
        return self._random.random() < 1 / 2

    def rarely(self) -> bool:
        """No, mostly."""
        return self._random.random() < 1 / 4


@dataclass(eq=False)
class Package:
    """A package to be; `number` makes the names in it its own."""

    folder: str
    name: str
    number: int
    path: str
    word: str = ""
    """A variable that it declares beside what every package has."""
    called: set[str] = field(default_factory=set)
    """The names that files have chosen for it."""


@dataclass
class Source:
    """A Go file to be."""

    package: str
    constraint: str = ""
    imports: list[str] = field(default_factory=list)
    body: list[str] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)
    """The names that its imports, and its package, have already."""

    def text(self, chance: Chance) -> str:
        """The file; gofmt has yet to lay it out."""
        lines = [f"//go:build {self.constraint}\n"] if self.constraint else []
        lines.append(f"// Package {self.package} is made up.\npackage {self.package}\n")
        standard = [path for path in STANDARD if path not in self.taken and chance.often()]
        style = chance.pick(["blocks", "one", "lines"]) if self.imports or standard else "none"
        specs = [f'"{path}"' for path in standard]
        if style == "one":
            lines.append("import (\n" + "\n".join([*specs, "", *self.imports]) + "\n)\n")
        elif style == "blocks":
            lines += ["import (\n" + "\n".join(block) + "\n)\n" for block in (specs, self.imports) if block]
        elif style == "lines":
            lines += [f"import {spec}" for spec in [*specs, *self.imports] if not spec.startswith("//")]
        lines.append("")
        lines += ["var _ = errors.New" if path == "errors" else "var _ = strconv.Itoa" for path in standard]
        return "\n".join([*lines, *self.body]) + "\n"


def case_of(seed: int, *, cgo: bool = False, comes_back: bool = False) -> Case:
    """A tree and a move map: the same for the same seed.

    When it `comes_back`, no package gets a name that a file had chosen for it. Whether a person wrote that or an
    earlier rename left it there cannot be told by the way back.
    """
    chance = Chance(seed)
    packages = _packages(chance)
    files: dict[str, str] = {}
    for package in packages:
        files |= _package(chance, package, packages[: package.number])
    nested = _nested(chance, packages, files)
    if cgo:
        files |= _cgo(packages)
    files |= _program(chance, packages)
    moves = _moves(chance, packages, nested, strict=comes_back)
    laid_out = {path: text.encode() for path, text in files.items()}
    return Case(laid_out, moves, chance.pick(["rewrite", "rewrite", "alias"]), cgo)


def lay_out(case: Case, folder: Path) -> dict[str, bytes]:
    """The files as gofmt lays them out, but for those that are to have CRLF or imports out of order."""
    for path, content in case.files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    subprocess.run(["gofmt", "-w", "."], cwd=folder, check=True)
    files = {path: (folder / path).read_bytes() for path in case.files}
    for path, content in files.items():
        if path.endswith("crlf.go"):
            files[path] = b"\xef\xbb\xbf" + content.replace(b"\n", b"\r\n")
        elif path.endswith("messy.go"):
            files[path] = content.replace(b'\t"errors"\n\t"strconv"\n', b'\t"strconv"\n\t"errors"\n')
    return files


def _packages(chance: Chance) -> list[Package]:
    folders = chance.some(PLACES, 3, 6)
    found = []
    for number, folder in enumerate(folders):
        name = chance.pick([folder.rpartition("/")[2], *WORDS])
        found.append(Package(folder, "v2pkg" if name == "v2" else name, number, f"{MODULE}/{folder}"))
    return found


def _package(chance: Chance, package: Package, below: Sequence[Package]) -> dict[str, str]:
    """The files of one package; it imports some of those that come before it."""
    n, folder = package.number, package.folder
    visible = [other for other in below if _may_see(package.path, other.path)]
    files: dict[str, Source] = {}
    own = Source(package.name)
    own.body += [
        f"const K{n} = {n}",
        f"type T{n} struct {{\nA int // a\nLongName string // long\n}}",
        f"func F{n}(x int) int {{ return x + K{n} }}",
        f"func (T{n}) M{n}() int {{ return K{n} }}",
        f"func inside{n}() int {{ return K{n} }}",
    ]
    files["own.go"] = own
    for place in ("user.go", "crlf.go", "messy.go"):
        source = files[place] = Source(package.name)
        for other in chance.some(visible, 0, 2):
            _use(chance, source, other, f"{n}{other.number}{place[0]}")
    for system, constraint in (("linux", ""), ("windows", ""), ("rest", "!linux && !windows"), ("tag", "sometimes")):
        source = files[f"on_{system}.go"] = Source(package.name, constraint)
        source.body.append(f"var System{n}{'Tag' if system == 'tag' else ''} = K{n}")
        for other in chance.some(visible, 0, 1):
            _use(chance, source, other, f"{n}{other.number}{system}")
    inside = files["in_test.go"] = Source(package.name)
    inside.body.append(f"var Inside{n} = inside{n}")
    outside = files["out_test.go"] = Source(f"{package.name}_test")
    _use(chance, outside, package, f"{n}own", also=f"var _ = {{}}.Inside{n}()")
    for source in (inside, outside):
        for other in chance.some(visible, 0, 1):
            _use(chance, source, other, f"{n}{other.number}{source.package[-1]}t")
    program = files["gen.go"] = Source("main", "ignore")
    _use(chance, program, package, "gen")
    program.body.append("func main() {}")
    used = set().union(*(source.taken for source in files.values() if source.package == package.name))
    free = [word for word in WORDS if word not in used]
    if free and chance.rarely():
        package.word = chance.pick(free)
        own.body.append(f"var {package.word} = 1\n\nvar _ = {package.word}")
    extra: dict[str, str] = {}
    if chance.rarely():
        own.imports.append('_ "embed"')
        own.body.append(f"//go:embed files/*.txt\nvar text{n} string\n\nvar _ = text{n}")
        extra[f"{folder}/files/a.txt"] = "a\n"
    return {f"{folder}/{name}": source.text(chance) for name, source in files.items()} | extra


def _may_see(user: str, used: str) -> bool:
    above, inside, _ = used.partition("/svc/internal/")
    return not inside or user.startswith(f"{above}/svc")


def _use(chance: Chance, source: Source, other: Package, mark: str, also: str = "") -> None:
    """An import of a package in a form that is drawn, and code that uses it under names that are drawn."""
    form = chance.pick(["plain", "plain", "plain", "named", "raw", "comment", "above", "dot", "blank", "twice"])
    quoted = f'"{other.path}"'
    name = other.name
    if form in ("named", "twice") or name in source.taken:
        free = [word for word in (*WORDS, f"x{other.number}", f"y{other.number}") if word not in source.taken | {name}]
        name = chance.pick(free)
        other.called.add(name)
    if form in ("blank", "dot") and not also:
        dots = form == "dot" and other.name != source.package.removesuffix("_test")
        source.imports.append(f"{'.' if dots else '_'} {quoted}")
        if dots:
            source.body.append(f"var _ = F{other.number}(K{other.number})")
        return
    source.taken.add(name)
    written = "" if name == other.name else f"{name} "
    source.imports += {
        "raw": [f"{written}`{other.path}`"],
        "comment": [f"{written}{quoted} // why not"],
        "above": ["// What follows is needed.", f"{written}{quoted}"],
    }.get(form, [f"{written}{quoted}"])
    if form == "twice" and other.name not in source.taken:
        source.taken.add(other.name)
        source.imports.append(quoted)
        source.body.append(f"var _ = {other.name}.F{other.number}")
    source.body += _body(chance, name, other.number, mark)
    if also:
        source.body.append(also.format(name))


def _body(chance: Chance, q: str, n: int, mark: str) -> list[str]:
    """Code that uses the package `n` as `q`, and a word that means something else in it."""
    word = chance.pick(WORDS)
    outer = f" + {q}.K{n}" if word != q else ""
    drawn = [
        f"func local{mark}({word} int) int {{\n{word}++\nreturn {word}{outer}\n}}",
        f"func block{mark}() int {{\nif {word} := {q}.K{n}; {word} > 0 {{\nreturn {word}\n}}\nreturn {q}.F{n}({q}.K{n})\n}}",
        f"func label{mark}() int {{\n{word}:\nfor {{\nbreak {word}\n}}\nreturn {q}.K{n}\n}}",
        f"type held{mark} struct {{\n{word} {q}.T{n} // one\nother *{q}.T{n} // two\n{word}s int\n}}",
        f"type in{mark} struct {{ {q}.T{n} }}\n\nvar _ = in{mark}{{}}.T{n}.M{n}",
        f"var key{mark} = struct{{ {word} int }}{{{word}: {q}.K{n}}}\n\nvar _ = key{mark}.{word}",
        f"var table{mark} = map[int]string{{\n{q}.K{n}: `one`, // 1\n1000 + {q}.K{n}: `two`, // 2\n}}",
        f"var lit{mark} = {q}.T{n}{{\nA: {q}.K{n},\nLongName: `{q}.K{n}`,\n}}",
        f"// doc{mark} calls [{q}.F{n}] for a {word}.\nfunc doc{mark}() (r func(int) int) {{ r = {q}.F{n}; return }}",
        f"const (\nc{mark} = {q}.K{n} // a\nlonger{mark} = {q}.K{n} + 1 // b\n)",
        f"func many{mark}(a {q}.T{n}, f func({word} {q}.T{n}) int) int {{ return f(a) }}",
    ]  # fmt: skip
    return [*chance.some(drawn, 1, 4), f"var _ = {q}.F{n}"]


def _nested(chance: Chance, packages: list[Package], files: dict[str, str]) -> str:
    """How the tree holds another module: not at all, by `replace` or by `go.work`."""
    kind = chance.pick(["none", "replace", "work"])
    files["go.mod"] = f"module {MODULE}\n\ngo 1.21\n"
    if kind == "none":
        return kind
    package = Package("nested/thing", "thing", len(packages), f"{NESTED}/thing")
    files |= _package(chance, package, [])
    files["nested/go.mod"] = f"module {NESTED}\n\ngo 1.21\n"
    files["go.mod"] += f"\nrequire {NESTED} v0.0.0\n\nreplace {NESTED} => ./nested\n"
    if kind == "work":
        files["go.work"] = "go 1.21\n\nuse (\n\t.\n\t./nested\n)\n"
    source = Source(packages[0].name)
    _use(chance, source, package, "nested")
    files[f"{packages[0].folder}/nested.go"] = source.text(chance)
    packages.append(package)
    return kind


def _cgo(packages: Sequence[Package]) -> dict[str, str]:
    """A package with C in it, and what stands for it where there is no C."""
    used = packages[0]
    go = f'import (\n\t"{used.path}"\n)\n\nvar _ = {used.name}.K{used.number}\n'
    return {
        "withc/c.go": f'package withc\n\n// #define N 1\nimport "C"\n\n{go}\nfunc N() int {{ return C.N }}\n',
        "withc/none.go": f"//go:build !cgo\n\npackage withc\n\n{go}\nfunc N() int {{ return 1 }}\n",
    }


def _program(chance: Chance, packages: Sequence[Package]) -> dict[str, str]:
    source = Source("main")
    for package in packages:
        if _may_see(f"{MODULE}/cmd/tool", package.path):
            _use(chance, source, package, f"{package.number}")
    source.body.append("func main() {}")
    return {"cmd/tool/main.go": source.text(chance)}


def _moves(chance: Chance, packages: Sequence[Package], nested: str, *, strict: bool) -> tuple[Move, ...]:
    """A map: some packages to new places, to each other's, or in a chain; some get another name."""
    own = [package for package in packages if package.folder.partition("/")[0] != "nested"]
    sources = chance.some(own, 1, 3)
    kind = chance.pick(["fresh", "fresh", "swap", "chain", "parent"])
    fresh = chance.some([place for place in FRESH if place not in {p.folder for p in own}], 4, 4)
    moves: list[Move] = []
    if kind == "swap" and len(sources) > 1 and not _overlap(sources[0], sources[1]):
        one, two = sources[:2]
        moves = [_named(chance, one, two.folder, strict=strict), _named(chance, two, one.folder, strict=strict)]
    elif kind == "chain" and len(sources) > 1 and not _overlap(sources[0], sources[1]):
        one, two = sources[:2]
        moves = [_named(chance, one, two.folder, strict=strict), _named(chance, two, fresh[0], strict=strict)]
    elif kind == "parent":
        above = sorted({folder for p in own if (folder := p.folder.rpartition("/")[0]) not in ("", "internal")})
        moves = [Move(chance.pick(above), fresh[0])] if above else []
    if not moves:
        moves = [_named(chance, source, place, strict=strict) for source, place in zip(sources, fresh, strict=False)]
    if nested != "none" and chance.rarely():
        moves.append(Move("nested/thing", chance.pick(["nested/deep/thing", "nested/other"])))
    elif nested != "none" and chance.rarely():
        moves.append(Move("nested", "libs/nested"))
    return tuple(moves)


def _overlap(one: Package, two: Package) -> bool:
    return f"{one.folder}/".startswith(f"{two.folder}/") or f"{two.folder}/".startswith(f"{one.folder}/")


def _named(chance: Chance, package: Package, new: str, *, strict: bool) -> Move:
    rename = chance.pick([None, *WORDS])
    if rename in (None, package.name) or (strict and rename in package.called):
        return Move(package.folder, new)
    return Move(package.folder, new, rename, package.name)
