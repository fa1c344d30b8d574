"""Whatever moves in whatever module: it compiles on three systems, comes back byte for byte, and settles.

The cases are the same each time. `PROPERTY_EXAMPLES=500` draws that many of each, other ones each time:

    PROPERTY_EXAMPLES=500 pytest tests/engines/golang/test_property.py
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from difflib import unified_diff
from pathlib import Path

from hypothesis import HealthCheck, Phase, event, given, note, settings
from hypothesis import strategies as st

from migrate.engines.golang.checking.soundness import examine_go
from migrate.engines.verdict import EngineVerdict
from migrate.errors import MigrateError
from migrate.git.repository import Repository
from migrate.phase.workspace import Workspace
from migrate.tree.changes import from_trees
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay
from tests.engines.golang.generated import Case, Move, case_of, lay_out

MANY = int(os.environ.get("PROPERTY_EXAMPLES", "0"))
SEEDS = st.integers(0, 2**32)
COMMON = {
    # A case comes from a seed, of which no part can be left out: there is nothing to shrink.
    "phases": (Phase.explicit, Phase.generate),
    "print_blob": bool(MANY),
    "suppress_health_check": list(HealthCheck),
}


@contextmanager
def workspaces(files: Mapping[str, bytes], top: Path) -> Iterator[Workspace]:
    """A workspace on a commit of these files."""
    folder = top / "repo"
    subprocess.run(["git", "init", "-q", "--template=", str(folder)], check=True)
    stream = [b"commit refs/heads/main\ncommitter A <a@example.com> 1700000000 +0000\ndata 4\nBase\n"]
    stream += [b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(text), text) for path, text in files.items()]
    subprocess.run(["git", "fast-import", "--quiet"], cwd=folder, input=b"".join(stream), check=True)
    repository = Repository.open(folder)
    commit = repository.commit("refs/heads/main")
    assert commit is not None
    yield Workspace(Overlay.of(repository.objects, commit))


def contents(ws: Workspace) -> dict[str, bytes]:
    """Every file."""
    ws.flush()
    return {path: ws.overlay.content(entry.oid) for path, entry in ws.overlay.entries.items()}


def difference(one: Mapping[str, bytes], two: Mapping[str, bytes]) -> str:
    """The lines in which two trees differ."""
    found = []
    for path in sorted({*one, *two}):
        lines = [files.get(path, b"(not there)").decode("utf-8", "replace").splitlines() for files in (one, two)]
        found += unified_diff(*lines, path, path, n=0, lineterm="")
    return "\n".join(found)


def apply(ws: Workspace, moves: Iterable[Move], qualifiers: str) -> None:
    """Ask the engine for moves; one that was done is passed over, as in a phase that may run twice."""
    for move in [move for move in moves if ws.exists(move.old)]:
        ws.go.move(move.old, move.new, rename=move.rename, qualifiers=qualifiers)  # type: ignore[arg-type]
    ws.flush()


def verdict(ws: Workspace) -> EngineVerdict:
    """What needs no compiler."""
    files = from_trees(ws.overlay.base, ws.overlay.changes(), ws.moved)
    return examine_go(ws.overlay, files, ws.moved, MoveMap())


def write(files: Mapping[str, bytes], folder: Path) -> Path:
    """Files on disk."""
    for path, content in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return folder


def vetted(files: Mapping[str, bytes], folder: Path, *, cgo: bool) -> str:
    """What `go vet` says of every module on three systems at once."""
    write(files, folder)
    running = []
    modules = [path.rpartition("/")[0] for path in files if path.rpartition("/")[2] == "go.mod"]
    for system in ("linux", "darwin", "windows"):
        env = {**os.environ, "GOOS": system, "GOARCH": "amd64", "GOFLAGS": "", "CGO_ENABLED": str(int(cgo))}
        env |= {} if system == "linux" else {"CGO_ENABLED": "0"}
        for module in modules:
            command = ["go", "vet", "./..."]
            running.append(
                subprocess.Popen(command, cwd=folder / module, env=env, stdout=-1, stderr=subprocess.STDOUT, text=True)
            )
    return "".join(process.communicate()[0] for process in running)


def unformatted(files: Mapping[str, bytes], folder: Path) -> set[str]:
    """The files that gofmt would change."""
    write({path: content for path, content in files.items() if path.endswith(".go")}, folder)
    done = subprocess.run(["gofmt", "-l", "."], cwd=folder, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def moved(ws: Workspace, case: Case) -> bool:
    """Whether the engine does what a case asks for; what it refuses leaves the tree as it was."""
    before = contents(ws)
    try:
        apply(ws, case.moves, case.qualifiers)
    except MigrateError as error:
        event(f"refused: {' '.join(error.message.split()[-6:])}")
        assert contents(ws) == before
        return False
    return True


@settings(max_examples=MANY or 7, **COMMON)  # type: ignore[arg-type]
@given(seed=SEEDS)
def test_what_compiled_compiles_after_any_move(seed: int) -> None:
    case = case_of(seed, cgo=True)
    note(repr(case))
    with tempfile.TemporaryDirectory() as place:
        top = Path(place)
        files = lay_out(case, top / "layout")
        with workspaces(files, top) as ws:
            if moved(ws, case):
                assert verdict(ws) == EngineVerdict("Go")
                said = vetted(contents(ws), top / "after", cgo=case.cgo)
                assert said == "" or vetted(files, top / "before", cgo=case.cgo) != "", said


@settings(max_examples=MANY or 30, **COMMON)  # type: ignore[arg-type]
@given(seed=SEEDS)
def test_a_move_comes_back_and_settles_and_keeps_the_format(seed: int) -> None:
    case = case_of(seed, comes_back=True)
    note(repr(case))
    with tempfile.TemporaryDirectory() as place:
        top = Path(place)
        files = lay_out(case, top / "layout")
        with workspaces(files, top) as ws:
            if not moved(ws, case):
                return
            after = contents(ws)
            keep = {path for path in files if path.endswith(("crlf.go", "messy.go"))}
            assert unformatted(after, top / "after") <= {ws.moved.resolve(path) for path in keep}
            if case.qualifiers == "alias":
                ws.go.unalias()
                plain = contents(ws)
                assert ws.go.unalias() == 0
                assert difference(contents(ws), plain) == ""
        with workspaces(after, top / "twice") as again:
            if not any(again.exists(move.old) for move in case.moves):
                apply(again, case.moves, case.qualifiers)
                assert difference(contents(again), after) == ""
            apply(again, [move.inverse() for move in case.moves], case.qualifiers)
            assert difference(contents(again), files) == ""
