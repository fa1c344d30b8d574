"""A real Gitea for tests: built once from the Go module proxy, and kept in the user's cache folder by its version.

`go install` refuses the module because its go.mod has `replace` lines, so a module of our own takes them over.

    python -m tests.live.gitea_build
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import subprocess
import sys
from pathlib import Path

VERSION = "v1.26.0"
MODULE = "code.gitea.io/gitea"
TAGS = "sqlite sqlite_unlock_notify"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "git-phases-tests" / f"gitea-{VERSION}"
"""As it is when this module is imported: tests have another home."""
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


def go(*arguments: str, cwd: Path) -> str:
    """What a go command prints. Building takes all that a machine has, so it is asked to take what others leave."""
    env = {**ENVIRONMENT, "GOFLAGS": "-mod=mod -p=1 -buildvcs=false", "GOTOOLCHAIN": "auto"}
    done = subprocess.run(
        ["nice", "-n", "15", "go", *arguments], cwd=cwd, capture_output=True, text=True, env=env, check=False
    )
    assert done.returncode == 0, f"go {' '.join(arguments)} said: {done.stderr}"
    return done.stdout


def module_of(gitea: str) -> str:
    """The go.mod of a module that builds Gitea: its own requirements and replacements."""
    text = re.sub(r"^module .*$", "module gitea.build", gitea, count=1, flags=re.MULTILINE)
    text = re.sub(r"^tool .*$", "", text, flags=re.MULTILINE)
    return text.replace("\nrequire (", f"\nrequire {MODULE} {VERSION}\n\nrequire (", 1)


def source() -> Path:
    """Gitea's folder in the module cache, which also holds its templates and its language files."""
    CACHE.mkdir(parents=True, exist_ok=True)
    return Path(json.loads(go("mod", "download", "-json", f"{MODULE}@{VERSION}", cwd=CACHE))["Dir"])


def built() -> tuple[Path, Path]:
    """The program and the folder of its static files; built when it is not there, by one process at a time."""
    folder = source()
    program = CACHE / "gitea"
    with (CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            place = CACHE / "build"
            place.mkdir(exist_ok=True)
            (place / "go.mod").write_text(module_of((folder / "go.mod").read_text()))
            (place / "go.sum").write_bytes((folder / "go.sum").read_bytes())
            (place / "build.go").write_text("package build\n")
            go("build", "-tags", TAGS, "-o", str(CACHE / "gitea.new"), MODULE, cwd=place)
            (CACHE / "gitea.new").rename(program)
    return program, folder


if __name__ == "__main__":
    print(f"building Gitea {VERSION}, which takes some minutes the first time …", file=sys.stderr)
    print(built()[0])
