"""What tools name after a path: a program after its folder, a workflow after its file, a build after a suffix."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from migrate.implied.places import Place, places
from migrate.overlay import Overlay
from migrate.text import some

# https://go.dev/src/internal/syslist/syslist.go
SYSTEMS = re.compile(
    "aix|android|darwin|dragonfly|freebsd|hurd|illumos|ios|js|linux|nacl|netbsd|openbsd|plan9|solaris|wasip1|windows|zos"
)
PROCESSORS = re.compile(
    "386|amd64|amd64p32|arm|arm64|arm64be|armbe|loong64|mips|mips64|mips64le|mips64p32|mips64p32le|mipsle|"
    "ppc|ppc64|ppc64le|riscv|riscv64|s390|s390x|sparc|sparc64|wasm"
)
WORKFLOWS = ".github/workflows/"


def name_notes(overlay: Overlay, moved: Mapping[str, str], programs: Mapping[str, str]) -> Iterator[str]:
    """A note for each name that tools derive from a path, where it is another one now.

    `moved` maps old paths of files to new ones, `programs` old folders of main packages to new ones.
    """
    yield from program_notes(overlay, programs)
    yield from workflow_notes(overlay, moved)
    yield from build_notes(moved)


def program_notes(overlay: Overlay, programs: Mapping[str, str]) -> Iterator[str]:
    """A note for each program that `go build` and `go install` call by another name."""
    for old, new in programs.items():
        was, now = old.rpartition("/")[2], new.rpartition("/")[2]
        if was != now and was and now:
            found = places(overlay, [f"bin/{was}"], re.compile(rf"\bbin/{re.escape(was)}(?![\w.-]*/|[\w-])"))
            yield f"go build and go install make the program {now} of {new}, not {was}{spelled(found, was)}"


def workflow_notes(overlay: Overlay, moved: Mapping[str, str]) -> Iterator[str]:
    """A note for each workflow whose file has another name, where badges or commands still have the old one."""
    for old, new in moved.items():
        was, now = old.rpartition("/")[2], new.rpartition("/")[2]
        if old.startswith(WORKFLOWS) and was != now:
            pattern = re.compile(
                rf"workflows/{re.escape(was)}(?![\w-])|gh workflow \w+[^\n]*[ =]{re.escape(was)}(?![\w-])"
            )
            found = places(overlay, [was], pattern)
            if found:
                yield f"the workflow {was} is {now} now, and is called by its file's name{spelled(found, was)}"


def build_notes(moved: Mapping[str, str]) -> Iterator[str]:
    """A note for each Go file that its name limits to other builds than before."""
    for old, new in moved.items():
        if old.endswith(".go") and new.endswith(".go") and (was := limits(old)) != (now := limits(new)):
            yield f"{new} is built {for_(now)}; as {old} it was built {for_(was)}"


def limits(path: str) -> Sequence[str]:
    """What the name of a Go file limits its build to: `linux`, `amd64`, `test` (https://pkg.go.dev/cmd/go)."""
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


def spelled(found: Sequence[Place], name: str) -> str:
    """Where a name is still spelled; nothing when it is nowhere."""
    return f"; {name} is still spelled in {some([str(place) for place in found])}" if found else ""
