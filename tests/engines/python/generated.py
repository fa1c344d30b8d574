"""Random packages whose modules import each other in every form, and random moves of them."""

from __future__ import annotations

import random
from dataclasses import dataclass, field

PACKAGES = ("shop", "shop/data", "store", "store/front", "lib", "lib/deep/er")
WORDS = ("cart", "money", "tax", "user", "order", "stock", "price", "mail", "task", "view")


@dataclass
class Case:
    """A tree, the root of its modules, and a map of moves."""

    files: dict[str, str] = field(default_factory=dict)
    root: str = ""
    moves: dict[str, str] = field(default_factory=dict)

    @property
    def comes_back(self) -> bool:
        """Whether nothing is lost: a relative import of what leaves its top package becomes absolute for good."""
        skip = len(self.root) + 1 if self.root else 0
        leaves = any(old[skip:].partition("/")[0] != new[skip:].partition("/")[0] for old, new in self.moves.items())
        return not leaves or not any("from ." in text for text in self.files.values())

    def modules(self, paths: list[str]) -> list[str]:
        """The names of some files as modules."""
        skip = len(self.root) + 1 if self.root else 0
        stems = [path[skip:].removesuffix(".py").removesuffix("/__init__") for path in paths if path.endswith(".py")]
        return [stem.replace("/", ".") for stem in stems]


def case_of(seed: int) -> Case:
    """The case of a seed."""
    rng = random.Random(seed)
    case = Case(root=rng.choice(["src", "", "python/lib"]))
    top = f"{case.root}/" if case.root else ""
    packages = rng.sample(PACKAGES, rng.randint(2, 5))
    if case.root:
        case.files["pyproject.toml"] = f'[tool.pytest.ini_options]\npythonpath = ["{case.root}"]\n'
    modules: list[str] = []
    for number in range(rng.randint(4, 9)):
        place = f"{rng.choice(packages)}/{rng.choice(WORDS)}{number}"
        case.files[f"{top}{place}.py"] = module(rng, place, modules)
        modules.append(place)
    regular = [p for p in dict.fromkeys(p for each in packages for p in above(each)) if rng.random() < 0.7]
    for package in regular:
        if all(p in regular for p in above(package)):
            inside = [m for m in modules[:2] if m.rpartition("/")[0] == package]
            case.files[f"{top}{package}/__init__.py"] = init(rng, inside)
    case.moves = moves(rng, case, packages, top)
    return case


def above(package: str) -> list[str]:
    parts = package.split("/")
    return ["/".join(parts[: n + 1]) for n in range(len(parts))]


def module(rng: random.Random, place: str, others: list[str]) -> str:
    """A module that imports some of those before it; the first two import nothing."""
    wanted = rng.sample(others, min(len(others), rng.randint(1, 4))) if len(others) >= 2 else []
    imports, uses, local = [], [], []
    for other in sorted(wanted):
        dotted = other.replace("/", ".")
        package, _, name = dotted.rpartition(".")
        form = rng.randrange(8)
        if form == 0:
            imports.append(f"import {dotted}")
            uses.append(f"{dotted}.VALUE")
        elif form == 1:
            imports.append(f"import {dotted} as {name}_x")
            uses.append(f"{name}_x.VALUE")
        elif form == 2:
            imports.append(f"from {dotted} import VALUE as {name}_v")
            uses.append(f"{name}_v")
        elif form == 3:
            imports.append(f"from {package} import {name}")
            uses.append(f"{name}.VALUE")
        elif form == 4:
            imports.append(
                f"from {relative(place, other)} import VALUE as {name}_r"
                if related(place, other)
                else f"from {package} import {name} as {name}_y"
            )
            uses.append(f"{name}_r" if related(place, other) else f"{name}_y.VALUE")
        elif form == 5:
            local.append((f"from {package} import {name}", f"{name}.VALUE"))
        elif form == 6:
            local.append((f"import {dotted}", f"{dotted}.VALUE"))
        else:
            imports.append(f"try:\n    from {package} import {name} as {name}_t\nexcept ImportError:\n    raise")
            uses.append(f"{name}_t.VALUE")
    lines = [f'VALUE = "{place}"', f"SEEN = [{', '.join(uses)}]", f'TEXT = "{place} imports {len(wanted)}"  # why']
    for number, (statement, use) in enumerate(local):
        lines += [
            "",
            "",
            f"def f{number}(shop=1):",
            f"    {statement}",
            "",
            f"    return {use}",
            "",
            "",
            f"SEEN.append(f{number}())",
        ]
    newline = rng.choice(["\n", "\n", "\r\n"])
    return newline.join(["\n".join(blocks(imports)), *lines, ""]).replace("\r\n", "\n").replace("\n", newline)


def blocks(imports: list[str]) -> list[str]:
    """Statements in the order of isort; each compound one by itself."""
    plain = sorted((line for line in imports if line.startswith("import")), key=str.lower)
    taken = sorted(
        (line for line in imports if line.startswith("from ") and line[5] != "."), key=lambda line: line.split()[1]
    )
    near = [line for line in imports if line.startswith("from .")]
    rest = [line for line in imports if line.startswith("try")]
    separate = [part for line in [*near, *rest] for part in (line, "")]
    return [*plain, "", *[part for line in taken for part in (line, "")], *separate, ""]


def related(one: str, two: str) -> bool:
    return one.partition("/")[0] == two.partition("/")[0]


def relative(place: str, other: str) -> str:
    here, there = place.split("/")[:-1], other.split("/")
    level = 1
    while there[: len(here)] != here:
        here, level = here[:-1], level + 1
    return "." * level + ".".join(there[len(here) :])


def init(rng: random.Random, inside: list[str]) -> str:
    """A package's own file, which may export what stands in it."""
    names = [place.rpartition("/")[2] for place in inside]
    return "".join(f"from .{name} import VALUE as {name}_value\n\n" for name in sorted(names) if rng.random() < 0.5)


def moves(rng: random.Random, case: Case, packages: list[str], top: str) -> dict[str, str]:
    """Some moves to places where nothing is, which do not meet."""
    files = [path for path in case.files if path.endswith(".py") and not path.endswith("__init__.py")]
    found: dict[str, str] = {}
    for number in range(rng.randint(1, 4)):
        path = rng.choice(files)
        kind = rng.randrange(5)
        folder, _, name = path.rpartition("/")
        if kind == 0:
            found[path] = f"{folder}/fresh{number}.py"
        elif kind == 1:
            found[path] = f"{top}{rng.choice(packages)}/moved{number}.py"
        elif kind == 2:
            found[path] = f"{top}{rng.choice(packages)}/new{number}/{name}"
        elif kind == 3:
            found[path] = path.removesuffix(".py") + "/__init__.py"
        elif folder != case.root and not any(is_related(folder, old) for old in found):
            found[folder] = f"{top}other{number}"
    tops = [old for old in found if not old.endswith(".py")]
    return {
        old: new
        for old, new in found.items()
        if not any((is_related(old, t) and old != t) or is_related(new, t) for t in tops)
    }


def is_related(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/") or folder.startswith(f"{path}/")
