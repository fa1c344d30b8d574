"""The layout that the plan asks for: which package goes where, and what each group of packages is for.

The phases and the documents that they write read the same tables, so that a README cannot say anything else than what
a phase does. A package that a repository does not have is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from migrate import Problem, Workspace


@dataclass(frozen=True)
class Package:
    """One folder of the target tree; `old` is where the plan finds it, `holds` what it says of it."""

    new: str
    old: str
    holds: str

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.new.rpartition("/")[2]


@dataclass(frozen=True)
class Group:
    """One folder that groups packages.

    `belongs` and `does_not_belong` finish the sentence that begins with what a new package does.
    """

    folder: str
    title: str
    belongs: str
    does_not_belong: str
    packages: tuple[Package, ...]


def group(folder: str, title: str, belongs: str, does_not_belong: str, origin: str, packages: dict[str, str]) -> Group:
    """A group whose packages all come from below `origin` under the names that they have."""
    return Group(
        folder,
        title,
        belongs,
        does_not_belong,
        tuple(Package(f"{folder}/{name}", f"{origin}/{name}", holds) for name, holds in packages.items()),
    )


SERVICES = "internal/services"
CACHE = f"{SERVICES}/cache"

PKG = group(
    "pkg",
    "Reusable packages",
    "it solves a general problem and would serve any other program as it stands: no settings, data types or "
    "vocabulary of this one",
    "it imports anything from `internal/`; then it belongs there",
    SERVICES,
    {
        "retry": "Retry logic with backoff",
        "circuitbreaker": "Circuit breaker pattern",
        "cache": "Generic caching utilities",
        "loadbalancer": "Load balancing algorithms",
    },
)
CORE = group(
    "internal/core",
    "Foundation",
    "nearly every other part of the program builds on it, and it would make sense without any of them",
    "it serves one business domain (`internal/services/`) or speaks HTTP (`internal/api/`)",
    "internal",
    {
        "auth": "Authentication & authorization",
        "config": "Configuration management",
        "database": "Database connection & migrations",
        "models": "Data models & schemas",
    },
)
API = group(
    "internal/api",
    "HTTP layer",
    "it turns requests into calls of services and results into responses: routes, handlers, what is served to browsers",
    "it decides anything that would also be true without HTTP; that is business logic (`internal/services/`)",
    "internal",
    {
        "handlers": "HTTP request handlers",
        "router": "Route configuration",
        "docs": "Embedded documentation",
        "ui": "Embedded UI assets",
    },
)
INFRASTRUCTURE = group(
    "internal/infrastructure",
    "Cross-cutting concerns",
    "several layers need it and it belongs to none of them",
    "any program could use it (`pkg/`), or one domain alone needs it (`internal/services/`)",
    "internal",
    {
        "middleware": "HTTP middleware chain",
        "logger": "Logging infrastructure",
        "testutil": "Test utilities",
    },
)
LLM = group(
    f"{SERVICES}/llm",
    "LLM provider management",
    "it talks to a provider of language models, or decides which one answers",
    "it measures or limits requests (`internal/services/monitoring/`)",
    SERVICES,
    {
        "providers": "OpenAI, Anthropic and the other providers",
        "models": "Model registry & configuration",
        "realtime": "WebSocket & streaming sessions",
    },
)
MONITORING = group(
    f"{SERVICES}/monitoring",
    "Observability",
    "it records, counts or limits what the program does",
    "it stores what the program works on (`internal/services/data/`)",
    SERVICES,
    {
        "metrics": "Metrics collection & staging",
        "audit": "Audit logging",
        "ratelimit": "Rate limiting",
    },
)
DATA = group(
    f"{SERVICES}/data",
    "Data layer services",
    "it keeps what the program works on: in Redis, in a cache, in a ledger",
    "it is a general cache (`pkg/cache/`), or opens the database (`internal/core/database/`)",
    SERVICES,
    {
        "redis": "Redis operations",
        "cache": "Application caching (prices)",
        "budget": "Budget tracking",
    },
)
INTEGRATIONS = group(
    f"{SERVICES}/integrations",
    "Integrations",
    "it connects the program to something that others own: teams, their keys, filters for content",
    "it talks to a language model (`internal/services/llm/`)",
    SERVICES,
    {
        "guardrails": "Content filtering",
        "team": "Team management",
        "key": "API key management",
    },
)

SERVICE_GROUPS = (LLM, MONITORING, DATA, INTEGRATIONS)
GROUPS = (PKG, CORE, API, INFRASTRUCTURE, *SERVICE_GROUPS)

# Which packages need more than a move of their folder, and so have a few lines of their own in a phase.
SPLIT = (f"{PKG.folder}/cache", f"{DATA.folder}/cache")
METRICS = f"{MONITORING.folder}/metrics"

RECORDS = "docs/refactoring"

RATIONALE = (
    ("Clear separation", "between reusable packages (`pkg/`) and what only this program needs (`internal/`)"),
    ("Reduced directory depth", "where it is crowded: a folder holds a handful of things instead of two dozen"),
    ("Domain-based grouping", "so that related functionality stands together"),
    ("Cleaner imports", "whose paths say which layer they reach into"),
    ("Better testability", "through clear boundaries between layers"),
    ("Easier onboarding", "by a structure that can be guessed"),
)
"""The plan's "Benefits", each a name and the rest of its sentence."""


def move_packages(ws: Workspace, moved: Iterable[Group]) -> None:
    """Move every package of the groups that the repository has; those that need more than that are left out.

    One after the other without a look at the tree in between: the engine makes one map of them.
    """
    for package in (package for group in moved for package in group.packages):
        if package.new not in (*SPLIT, METRICS):
            ws.go.move(package.old, package.new, missing="skip")


def occupied(ws: Workspace, groups: Iterable[Group]) -> Iterator[Problem]:
    """What stands in the way of the packages of some groups: the check that a phase makes before it moves anything."""
    for package in (package for group in groups for package in group.packages):
        if package.new not in SPLIT and ws.is_folder(package.old) and ws.is_folder(package.new):
            yield Problem(
                f'"{package.new}" exists already, so "{package.old}" cannot move there',
                advice="merge the two by hand on the base branch first, or take the package out of phases/layout.py",
            )


def present(ws: Workspace, packages: Iterable[Package]) -> list[Package]:
    """The packages that are at their new place."""
    return [package for package in packages if ws.is_folder(package.new)]


def module_path(ws: Workspace) -> str:
    """The module path that `go.mod` at the top declares."""
    for line in ws.read_text("go.mod").splitlines():
        word, _, rest = line.partition(" ")
        if word == "module":
            return rest.split("//")[0].strip().strip('"`')
    return ""


def update_references(ws: Workspace) -> None:
    """Let everything follow the moves but the records of the restructuring, which say what was where before."""
    records = {path: ws.read(path) for path in ws.glob(f"{RECORDS}/*.md")}
    ws.references.update()
    for path, content in records.items():
        ws.write(path, content)
