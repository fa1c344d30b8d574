"""The order of versions: of modules, as semver.org has it, and of Go itself."""

from __future__ import annotations

import re

VersionKey = tuple[tuple[int, ...], bool, tuple[tuple[bool, int, str], ...]]

_SEMVER = re.compile(r"v(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:-([^+]+))?(?:\+.*)?")
_GO = re.compile(r"(\d+)(?:\.(\d+))?(?:\.(\d+))?(?:(beta|rc)(\d+))?")


def semver(version: str) -> VersionKey:
    """The sort key of versions of modules; anything that is not a version comes first."""
    found = _SEMVER.fullmatch(version)
    if found is None:
        return (), False, ()
    parts = found[4].split(".") if found[4] else []
    # A number is lower than a word, and a version before its release lower than the release.
    before = tuple((not part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts)
    return tuple(int(number or 0) for number in found.groups()[:3]), not parts, before


def release(version: str) -> tuple[int, int, int, int, int]:
    """The key by which releases of Go are sorted: `1.21` (the language) < `1.21rc1` < `1.21.0`."""
    found = _GO.match(version)
    if found is None:
        return 0, 0, 0, 0, 0
    kind = {"beta": 1, "rc": 2}.get(found[4] or "", 0)
    # From 1.21 on `1.21` is the language version, older than every release candidate.
    stage = kind or (3 if found[3] is not None else 0)
    return int(found[1]), int(found[2] or 0), stage, int(found[3] or 0), int(found[5] or 0)


def is_older(version: str, other: str) -> bool:
    """Whether one Go version (`1.21`, `1.22.3`, `1.23rc1`) is older than another."""
    return release(version) < release(other)


def language(version: str) -> str:
    """The language version of a Go version: `1.21` of `1.21.3`."""
    found = re.match(r"\d+\.\d+", version)
    return found[0] if found else version
