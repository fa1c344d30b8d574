"""Filters that must succeed for a checkout, such as the one of `git lfs install`.

When such a filter is missing, `git switch` stops half-way: files are missing, HEAD has not moved, and no git command
restores them. So the filter is tried on one file before a switch.
"""

from __future__ import annotations

from dataclasses import dataclass

from migrate.errors import GitFailedError
from migrate.git.repository import Repository


@dataclass(frozen=True)
class BrokenFilter:
    """A filter that does not work here, and a file that needs it."""

    name: str
    path: str


def broken_filter(repository: Repository, branch: str) -> BrokenFilter | None:
    """A required filter that does not give the content of a file that a switch to a branch would write."""
    required = required_filters(repository)
    if not required:
        return None
    changed = repository.git.run(
        *("diff", "--name-only", "-z", "--no-renames", "--diff-filter=d", "--ignore-submodules=all"),
        *("--end-of-options", "HEAD", branch),
    )
    attributes = repository.git.run("check-attr", "-z", "--stdin", "filter", stdin=changed.stdout).fields()
    samples = {name: path for path, name in zip(attributes[::3], attributes[2::3], strict=True) if name in required}
    for name, path in samples.items():
        try:
            repository.git.run("cat-file", "--filters", f"{branch}:{path}")
        except GitFailedError:
            return BrokenFilter(name, path)
    return None


def required_filters(repository: Repository) -> set[str]:
    """The names of filters that must succeed."""
    if not any(key.startswith("filter.") and key.endswith(".required") for key in repository.settings):
        return set()
    found = repository.git.run("config", "-z", "--type=bool", "--get-regexp", r"^filter\..*\.required$", accept=(0, 1))
    values = [field.partition("\n") for field in found.fields()]
    return {key.split(".", 1)[1].rpartition(".")[0] for key, _, value in values if value == "true"}
