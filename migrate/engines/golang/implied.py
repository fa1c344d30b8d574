"""Notes names that tools derive from the place of Go code: of programs, of packages, and build constraints of files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from migrate.engines.golang.generators import Renamed, generator_notes
from migrate.engines.golang.tree import GoTree
from migrate.engines.implied.places import spelled_texts, text_places
from migrate.git.paths import folder_of
from migrate.tree.overlay import Overlay

# https://go.dev/src/internal/syslist/syslist.go
SYSTEMS = re.compile(
    "aix|android|darwin|dragonfly|freebsd|hurd|illumos|ios|js|linux|nacl|netbsd|openbsd|plan9|solaris|wasip1|windows|zos"
)
PROCESSORS = re.compile(
    "386|amd64|amd64p32|arm|arm64|arm64be|armbe|loong64|mips|mips64|mips64le|mips64p32|mips64p32le|mipsle|"
    "ppc|ppc64|ppc64le|riscv|riscv64|s390|s390x|sparc|sparc64|wasm"
)


def go_implied_notes(overlay: Overlay, moved: Mapping[str, str]) -> Iterator[str]:
    """A note for each such name that a phase changed."""
    renamed = list(packages(overlay.before(), overlay, moved))
    yield from program_notes(overlay, {p.old_folder: p.folder for p in renamed if p.old == p.name == "main"})
    yield from build_notes(moved)
    yield from generator_notes(overlay, [each for each in renamed if each.old != each.name])


def packages(before: Overlay, after: Overlay, moved: Mapping[str, str]) -> Iterator[Renamed]:
    """The packages whose folder moved as a whole, with their names."""
    old_tree, new_tree = GoTree.of(before), GoTree.of(after)
    pairs = {(folder_of(old), folder_of(new)) for old, new in moved.items() if old.endswith(".go")}
    for old, new in sorted(pairs):
        names = old_tree.package_name(old), new_tree.package_name(new)
        if old != new and old not in new_tree.folders and names[0] and names[1]:
            yield Renamed(old, names[0], new, names[1])


def program_notes(overlay: Overlay, programs: Mapping[str, str]) -> Iterator[str]:
    """A note for each program that `go build` and `go install` give another name."""
    for old, new in programs.items():
        was, now = old.rpartition("/")[2], new.rpartition("/")[2]
        if was != now and was and now:
            found = text_places(overlay, [f"bin/{was}"], re.compile(rf"\bbin/{re.escape(was)}(?![\w.-]*/|[\w-])"))
            yield f"go build and go install make the program {now} of {new}, not {was}{spelled_texts(found, was)}"


def build_notes(moved: Mapping[str, str]) -> Iterator[str]:
    """A note for each Go file whose name limits it to other builds than before."""
    for old, new in moved.items():
        if old.endswith(".go") and new.endswith(".go") and (was := limits(old)) != (now := limits(new)):
            yield f"{new} is built {for_(now)}; as {old} it was built {for_(was)}"


def limits(path: str) -> Sequence[str]:
    """The limits on builds in the name of a Go file: `linux`, `amd64`, `test` (https://pkg.go.dev/cmd/go)."""
    name = path.rpartition("/")[2].removesuffix(".go")
    parts = name.split("_")[1:]
    found = []
    if parts and parts[-1] == "test":
        found.append(parts.pop())
    if parts and PROCESSORS.fullmatch(parts[-1]):
        found.append(parts.pop())
        found += [parts[-1]] if parts and SYSTEMS.fullmatch(parts[-1]) else []
    elif parts and SYSTEMS.fullmatch(parts[-1]):
        found.append(parts[-1])
    return tuple(found)


def for_(found: Sequence[str]) -> str:
    """The limits in words."""
    systems = [each for each in reversed(found) if each != "test"]
    said = [f"for {'/'.join(systems)}"] if systems else []
    said += ["as a test"] if "test" in found else []
    return " ".join(said) if said else "everywhere"
