"""Group the services by domain.

`internal/services/` listed every service side by side, so that finding one meant reading all names. They are grouped by
what they are about: language models, monitoring, data, integrations. What several layers share and none owns
(middleware, logging, help for tests) goes to `internal/infrastructure/`.

The metrics code was not even in a folder of its own: it was the package `services` itself. It becomes package `metrics`
in `internal/services/monitoring/metrics`, and callers say `metrics.` where they said `services.`. A test that stood
beside it but tests the Redis services goes to them as an external test package.

This is the last phase that moves anything.
"""

from collections.abc import Iterator
from posixpath import basename

from migrate import Phase, Problem, Workspace

from . import layout

PHASE = Phase()

REDIS = f"{layout.DATA.folder}/redis"


def preflight(ws: Workspace) -> Iterator[Problem]:
    """The destinations must be free."""
    yield from layout.occupied(ws, (layout.INFRASTRUCTURE, *layout.SERVICE_GROUPS))


def apply(ws: Workspace) -> None:
    here = [basename(path) for path in ws.glob(f"{layout.SERVICES}/*.go")]
    has_redis = ws.is_folder(f"{layout.SERVICES}/redis")
    layout.move_packages(ws, [layout.INFRASTRUCTURE, *layout.SERVICE_GROUPS])
    move_metrics(ws, here)
    if has_redis:
        move_redis_tests(ws, here)
    layout.update_references(ws)
    say_what_stays(ws)


def move_metrics(ws: Workspace, here: list[str]) -> None:
    """Make a package of the metrics files at the root of services, `here`."""
    files = [name for name in here if name.startswith("metrics_") or name == "metrics.go"]
    if files:
        ws.go.split(layout.SERVICES, {layout.METRICS: files}, rename="metrics", qualifiers="alias")


def move_redis_tests(ws: Workspace, here: list[str]) -> None:
    """Send the tests of the Redis services among the files at the root of services, `here`, to what they test."""
    files = [name for name in here if name.startswith("redis_") and name.endswith("_test.go")]
    if files:
        ws.go.split(layout.SERVICES, {REDIS: files}, rename="redis_test")
        ws.note(
            f"{', '.join(files)} is compiled with the tests of {REDIS} now: if it does not compile, they do not run; "
            f"until now it was the tests in {layout.SERVICES} that depended on it"
        )


def say_what_stays(ws: Workspace) -> None:
    """State which parts of services the plan names nowhere."""
    planned = {group.folder for group in layout.SERVICE_GROUPS}
    forwarding = set(ws.go.forwarding())
    here = [path for path in ws.files(layout.SERVICES) if path not in forwarding]
    below = {path.split("/")[2] for path in here if path.count("/") > 2}
    staying = sorted({f"{layout.SERVICES}/{name}" for name in below} - planned)
    root = [basename(path) for path in here if path.count("/") == 2 and path.endswith(".go")]
    if staying:
        ws.note(f"not named in the plan and left where they are: {', '.join(staying)}")
    if root:
        ws.note(f"files still at the root of {layout.SERVICES}: {', '.join(root)}")
