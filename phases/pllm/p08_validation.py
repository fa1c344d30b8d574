"""Validate the restructured program.

Every branch of this chain builds and passes `go vet`. On this one the whole program is validated as before a release:
`go.mod` is tidy, all tests run, the linter is content, the containers come up. What machines cannot judge is a manual
gate: `docs/refactoring/SMOKE_TEST.md` lists what a person should look at, with the key endpoints read from the router's
source and the files that the program opens by name while it runs, which no compiler checks.
"""

import re
from dataclasses import dataclass

from migrate import Phase, Workspace

from . import endpoints, layout

PHASE = Phase()

CHECK_LIST = f"{layout.RECORDS}/SMOKE_TEST.md"

OPENED = re.compile(r'"((?:\./)?(?:internal|pkg)/[^"\s]*)"')
EMBEDDED = re.compile(r"//go:embed\s+(.*)")
PORT = re.compile(r'^\s*-\s*"?(?:[\d.]+:)?(\d+):\d+"?\s*$')
TARGETS = {
    "docker-up": "the services that the program needs",
    "generate": "",
    "ui-build": "the UI that is embedded",
    "docs-build": "the documentation that is embedded",
    "build": "",
    "smoke": "the program's own check",
    "run": "",
}


@dataclass(frozen=True)
class Command:
    """One line to type, and what it is for."""

    line: str
    why: str = ""


def apply(ws: Workspace) -> None:
    router = f"{layout.API.folder}/router"
    sources = {path: ws.read(path) for path in ws.glob(f"{router}/*.go") if not path.endswith("_test.go")}
    servers = endpoints.servers(sources)
    ws.render(
        "smoke_test.md.j2",
        CHECK_LIST,
        phase=ws.phase,
        commands=commands(ws),
        port=port(ws),
        opened=opened(ws),
        embedded=embedded(ws),
        servers=servers,
        key=servers[0].key() if servers else [],
    )
    if not servers:
        ws.note(f"no routes found in {router}/: the smoke test lists no endpoints")


def commands(ws: Workspace) -> list[Command]:
    """How to start the program: the Makefile's own targets, or `go run`."""
    makefile = ws.read_text("Makefile") if ws.exists("Makefile") else ""
    known = set(re.findall(r"^([\w-]+)[ \t]*:(?!=)", makefile, re.MULTILINE))
    found = [Command(f"make {target}", why) for target, why in TARGETS.items() if target in known]
    if "run" not in known:
        mains = [path for path in ws.glob("cmd/*/main.go") if path.split("/")[1] in ("server", "api", "gateway")]
        found += [Command(f"go run ./{path.rpartition('/')[0]}") for path in mains[:1]]
    return found


def port(ws: Workspace) -> str:
    """The first port that the compose file publishes for what it builds itself; 8080 when it does not say."""
    for path in ws.glob("docker-compose.y*ml", "compose.y*ml"):
        _, _, after = ws.read_text(path).partition("build:")
        for line in after.split("\n"):
            if (found := PORT.match(line)) is not None:
                return found[1]
    return "8080"


@dataclass(frozen=True)
class Place:
    """A string in the source that names a path; `line` counts from 1."""

    text: str
    file: str
    line: int


def opened(ws: Workspace) -> list[Place]:
    """The strings in Go code, tests aside, that name something below internal/ or pkg/ as seen from the top."""
    places = []
    for match in ws.grep(OPENED, "**/*.go"):
        found = OPENED.search(match.text)
        comment = match.text.find("//")
        if found is None or match.path.endswith("_test.go") or 0 <= comment < found.start():
            continue
        if ws.exists(found[1].removeprefix("./")):
            places.append(Place(found[1], match.path, match.line))
    return places


def embedded(ws: Workspace) -> list[str]:
    """The embedded folders of which git holds nothing: a build step makes them."""
    folders = set()
    for match in ws.grep(EMBEDDED, "**/*.go"):
        found = EMBEDDED.search(match.text)
        for pattern in found[1].split() if found is not None else ():
            first = pattern.strip('"`').removeprefix("all:").split("/")[0]
            folder = f"{match.path.rpartition('/')[0]}/{first}"
            if not any(char in first for char in "*?[") and not ws.exists(folder):
                folders.add(f"{folder}/")
    return sorted(folders)
