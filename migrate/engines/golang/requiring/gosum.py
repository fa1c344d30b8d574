"""Lines of `go.sum`: one hash of a module, one of its `go.mod`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from migrate.engines.golang.requiring.versions import VersionKey, semver

CODE, MANIFEST = "", "/go.mod"
"""What a hash covers: the module's files, or only its `go.mod`."""


@dataclass(frozen=True)
class Checksums:
    """The lines of one or more `go.sum` files."""

    lines: Sequence[str]

    @classmethod
    def of(cls, *sources: str) -> Checksums:
        """The lines of some files' text."""
        return cls(tuple(line for source in sources for line in source.splitlines() if line.strip()))

    def has_code(self, path: str, version: str) -> bool:
        """Whether a build needed the files of a module, not just its `go.mod`."""
        return any(line.split()[:2] == [path, version] for line in self.lines)

    def of_module(self, path: str, version: str) -> list[str]:
        """The lines of one version of a module."""
        wanted = [[path, version + kind] for kind in (CODE, MANIFEST)]
        return [line for line in self.lines if line.split()[:2] in wanted]


def with_checksums(source: str, lines: Iterable[str]) -> str:
    """The text of a `go.sum` with more lines, each where the go command would put it."""
    newline = "\r\n" if "\r\n" in source else "\n"
    present = source.splitlines()
    known = {tuple(line.split()) for line in present}
    for line in lines:
        if tuple(line.split()) not in known:
            known.add(tuple(line.split()))
            place = next(
                (n for n, other in enumerate(present) if _checksum_key(other) > _checksum_key(line)), len(present)
            )
            present.insert(place, line)
    return "".join(f"{line}{newline}" for line in present)


def _checksum_key(line: str) -> tuple[str, VersionKey, str, str]:
    """The order of golang.org/x/mod/module.Sort: path, version, then the module's files before its `go.mod`."""
    path, version, checksum = [*line.split(), "", "", ""][:3]
    number, _, kind = version.partition("/")
    return path, semver(number), kind, checksum
