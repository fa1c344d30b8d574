"""Modules from outside, served to the go command from a folder: no test asks the network."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping
from pathlib import Path

Release = tuple[str, str]


def serve(root: Path, releases: Mapping[Release, Mapping[str, str]]) -> dict[str, str]:
    """Lay out releases, (module path, version) → files, as https://go.dev/ref/mod#goproxy-protocol has it.

    Returns the variables that make the go command use them, with a module cache of its own, and change no `go.mod`.
    """
    for (path, version), files in releases.items():
        folder = root / "proxy" / path / "@v"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{version}.info").write_text(json.dumps({"Version": version, "Time": "2024-05-01T12:00:00Z"}))
        (folder / f"{version}.mod").write_text(files["go.mod"])
        with zipfile.ZipFile(folder / f"{version}.zip", "w") as archive:
            for name, content in files.items():
                archive.writestr(f"{path}@{version}/{name}", content)
    return {
        "GOPROXY": (root / "proxy").as_uri(),
        "GONOSUMDB": "*",
        "GOMODCACHE": str(root / "modules"),
        "GOFLAGS": "-mod=readonly -modcacherw",
    }
