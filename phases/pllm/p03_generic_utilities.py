"""Move generic utilities to pkg/.

Retry, circuit breaking and load balancing know nothing of this program. Under `internal/services/` they look like
business logic and no other program may import them; under `pkg/` their path says what they are.

The cache package is two things in one. The general half (a cache interface with its implementations) goes to
`pkg/cache` with its tests. The half that knows prices stays with the application, in `internal/services/data/cache`.
Nothing unexported is shared between the halves, so the cut needs no new API; callers import the half that they use.
"""

from collections.abc import Iterator
from posixpath import basename

from migrate import Phase, Problem, Workspace

from . import layout

PHASE = Phase()

GENERIC, APPLICATION = layout.SPLIT


def preflight(ws: Workspace) -> Iterator[Problem]:
    """The destinations must be free."""
    yield from layout.occupied(ws, (layout.PKG,))


def apply(ws: Workspace) -> None:
    split_cache(ws)
    layout.move_packages(ws, [layout.PKG])
    layout.update_references(ws)


def split_cache(ws: Workspace) -> None:
    """Send the general files of the cache package to pkg/ and the rest, with all that travels along, to data/."""
    if not ws.is_folder(layout.CACHE):
        return
    files = [path for path in ws.files(layout.CACHE) if path.endswith(".go")]
    pricing = [path for path in files if "pricing" in basename(path)]
    generic = [path for path in files if path not in pricing]
    if not pricing:
        ws.go.move(layout.CACHE, GENERIC)
        ws.note("the cache package holds nothing of this application: all of it is in pkg/cache")
        return
    ws.go.split(layout.CACHE, {GENERIC: [basename(path) for path in generic]})
    ws.go.move(layout.CACHE, APPLICATION)
    ws.note(
        f"the cache package is split: {names(generic)} → {GENERIC}, {names(pricing)} → {APPLICATION}; "
        "a file that uses both halves imports both, one of them under another name"
    )


def names(paths: list[str]) -> str:
    """The names of files, in one line."""
    return ", ".join(basename(path) for path in paths)
