"""How each tool is asked to move a package: as somebody would who means well by it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.compare.cases import MODULE, NEW, OLD, Case
from tests.compare.language_server import LanguageServer, ServerSilentError

PATIENCE = 10
"""Seconds after which a tool is taken to hang; the modules have a handful of files."""

PHASE = '''"""Move a package."""

from migrate import Phase, Workspace

PHASE = Phase()


def apply(ws: Workspace) -> None:
    ws.go.move({old!r}, {new!r}{rename})
    ws.references.update()
'''


class RefusalError(Exception):
    """A tool says no."""


class CrashError(Exception):
    """A tool panics, or does not come to an end."""


def call(folder: Path, *command: str, patience: float = PATIENCE, **env: str) -> None:
    """Run a command. Raises `RefusalError` with its last words when it fails, `CrashError` when it does so badly."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **env},
            capture_output=True,
            text=True,
            check=False,
            timeout=patience,
        )
    except subprocess.TimeoutExpired:
        raise CrashError(f"no answer in {patience} s") from None
    said = (done.stderr or done.stdout).strip().splitlines()
    if any(line.startswith("panic") for line in said):
        raise CrashError(next(line for line in said if line.startswith("panic: ")))
    if done.returncode != 0:
        raise RefusalError(said[-1] if said else f"exit {done.returncode}")


def by_migrate(folder: Path, case: Case) -> None:
    """A plan with one phase, kept outside the repository."""
    home = folder.parent / "plan"
    (home / "phases").mkdir(parents=True)
    (home / "migrate.toml").write_text('[migration]\nname = "compare"\ntitle = "Compare"\nbase = "main"\n')
    rename = f", rename={case.rename!r}" if case.rename else ""
    phase = PHASE.format(old=OLD, new=place(case), rename=rename)
    (home / "phases" / "p01_move.py").write_text(phase)
    program = [sys.executable, "-m", "migrate"]
    call(folder, *program, "--plan", str(home / "migrate.toml"), "run", "--no-validate", "--yes")


def by_sed(folder: Path, case: Case) -> None:
    """`git mv`, then sed over every file that names the import path."""
    old, new = f"{MODULE}/{OLD}", f"{MODULE}/{place(case)}"
    (folder / place(case)).parent.mkdir(parents=True, exist_ok=True)
    call(folder, "git", "mv", OLD, place(case))
    call(folder, "sh", "-c", f"git grep -lF {old} | xargs sed -i 's|{old}|{new}|g'")
    if case.rename:
        script = f"s/^package {OLD}/package {case.rename}/; s/\\b{OLD}\\./{case.rename}./g"
        call(folder, "sh", "-c", f"git ls-files '*.go' | xargs sed -i '{script}'")


def by_gomvpkg(folder: Path, case: Case) -> None:
    """In GOPATH mode, the only one that it knows."""
    (folder / place(case)).parent.mkdir(parents=True)
    call(
        folder, "gomvpkg", "-from", f"{MODULE}/{OLD}", "-to", f"{MODULE}/{place(case)}",
        GO111MODULE="off", GOPATH=str(folder.parents[2]), GOFLAGS="",
    )  # fmt: skip


def by_gopls(folder: Path, case: Case) -> None:
    """A rename of the package clause to the new import path, as an editor asks for it."""
    server = LanguageServer(folder, ["gopls"], {"packageMove": True}, PATIENCE)
    try:
        server.rename(folder / OLD / "store.go", 0, len("package "), f"{MODULE}/{place(case)}")
    except RuntimeError as error:
        raise RefusalError(str(error)) from error
    except ServerSilentError as error:
        raise CrashError(f"no answer in {PATIENCE} s") from error
    finally:
        server.stop()


def by_rf(folder: Path, case: Case) -> None:
    """`rf mv` of every file: it cannot move a folder."""
    files = sorted(path.name for path in (folder / OLD).glob("*.go"))
    (folder / place(case)).mkdir(parents=True)
    up = "/".join(".." for _ in OLD.split("/"))
    call(folder / OLD, "rf", f"mv {' '.join(files)} {up}/{place(case)}")


def place(case: Case) -> str:
    """Where the package goes: a package with another name gets a folder of that name."""
    return NEW.removesuffix(OLD) + (case.rename or OLD)


TOOLS: dict[str, Callable[[Path, Case], None]] = {
    "migrate": by_migrate,
    "gopls": by_gopls,
    "gomvpkg": by_gomvpkg,
    "rf": by_rf,
    "sed": by_sed,
}
