"""The environment of commands in a slot: the user's own, in another folder, with `migrate` on PATH."""

from __future__ import annotations

import hashlib
import os
import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from migrate.errors import RepositoryError
from migrate.execution.slots import Slot
from migrate.git.files import write_file
from migrate.git.process import user_environment
from migrate.text import encode

NAMES = ("migrate", "git-migrate")


def command_env(place: Slot, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a command in a slot: the user's and `extra`, with a folder that has `migrate` last on PATH.

    It comes last and holds nothing else, because the environment in which `migrate` is installed has its own Python and
    often other tools, which are not the user's. Raises `RepositoryError` when that folder cannot be written.
    """
    ceiling = {"GIT_CEILING_DIRECTORIES": str(place.path.parent)}
    env = {**user_environment(place.path), **ceiling, **(extra or {})}
    try:
        programs = program_folder(place.folder)
    except OSError as error:
        raise RepositoryError(f'"{place.folder}" cannot be written: {error.strerror}') from error
    env["PATH"] = os.pathsep.join([env.get("PATH") or os.defpath, str(programs)])
    return env


def program_folder(folder: Path) -> Path:
    """A folder with only `migrate` and `git-migrate`, which run this program in the same way as now.

    Each installation has its own folder, because two of them may work on one repository.
    """
    text = encode(launcher())
    programs = folder / "bin" / hashlib.sha256(text).hexdigest()[:12]
    programs.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        program = programs / name
        if not os.access(program, os.X_OK) or program.read_bytes() != text:
            new = programs / f"{name}.{os.getpid()}"
            write_file(new, text)
            new.chmod(0o755)
            new.replace(program)
    return programs


def launcher() -> str:
    """A shell script that starts this program: the same Python, which looks for modules where this one does.

    A module named `migrate` where the script is started must not come first, and where this program runs from its
    sources it is installed nowhere.
    """
    source = str(Path(__file__).resolve().parents[2])
    places = [str(Path(place).absolute()) for place in sys.path if place]
    if source not in places or "" in sys.path:
        places.insert(0, source)
    start = "sys.argv[0] = 'migrate'; from migrate.__main__ import main; main()"
    code = f"import sys; sys.path[:] = {places!a}; {start}"
    return f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c {shlex.quote(code)} "$@"\n'
