"""How each tool is asked to move Python modules: as somebody would who means well by it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from tests.compare.language_server import LanguageServer, ServerSilentError
from tests.compare.tools import CrashError, RefusalError, call

PATIENCE = 60
"""Seconds after which a tool is taken to hang; the trees have a handful of files."""

PHASE = '''"""Move modules."""

from migrate import Workspace


def apply(ws: Workspace) -> None:
    for old, new in {moves}.items():
        ws.python.move(old, new)
    ws.references.update()
'''


class Server(NamedTuple):
    """How a language server is started, the file that says to it where modules are, and its settings."""

    command: tuple[str, ...]
    file: str
    text: str
    settings: Mapping[str, object] = MappingProxyType({})


PYRIGHT = {"diagnosticMode": "workspace", "extraPaths": ["src", "lib"]}
SERVERS = {
    "pyrefly": Server(("pyrefly", "lsp"), "pyrefly.toml", 'search-path = ["src", "lib", "."]\n'),
    "basedpyright": Server(
        ("basedpyright-langserver", "--stdio"),
        "pyrightconfig.json",
        '{"include": ["."], "extraPaths": ["src", "lib"]}\n',
        {"basedpyright": {"analysis": PYRIGHT}, "basedpyright.analysis": PYRIGHT, "python.analysis": PYRIGHT},
    ),
    "ty": Server(("ty", "server"), "ty.toml", '[environment]\nroot = ["src", "lib", "."]\n'),
}

Tool = Callable[[Path, Mapping[str, str]], None]


def by_migrate(folder: Path, moves: Mapping[str, str]) -> None:
    """A plan with one phase, kept outside the repository."""
    home = folder.parent / "plan"
    (home / "phases").mkdir(parents=True)
    (home / "migrate.toml").write_text('[migration]\nname = "compare"\ntitle = "Compare"\nbase = "main"\n')
    (home / "phases" / "p01_move.py").write_text(PHASE.format(moves=json.dumps(dict(moves))))
    program = [sys.executable, "-m", "migrate"]
    call(folder, *program, "--plan", str(home / "migrate.toml"), "run", "--no-validate", "--yes", patience=PATIENCE)


def by_hand(folder: Path, moves: Mapping[str, str]) -> None:
    """Nothing but the moves: what breaks then is what a tool has to see to."""
    waiting = {}
    for number, (old, new) in enumerate(moves.items()):
        for ending in ("", "i"):
            if (folder / f"{old}{ending}").exists():
                between = folder / f".moving{number}{ending}"
                (folder / f"{old}{ending}").rename(between)
                waiting[between] = folder / f"{new}{ending}"
    for between, target in waiting.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        between.rename(target)


def rope(tools: Path) -> Tool:
    """`MoveModule`, `Rename` and `ModuleToPackage`, one after the other."""

    def by_rope(folder: Path, moves: Mapping[str, str]) -> None:
        script = Path(__file__).parent / "by_rope.py"
        call(
            folder, str(tools / "python"), str(script), str(folder), *(path for pair in moves.items() for path in pair)
        )

    return by_rope


def language_server(tools: Path, name: str) -> Tool:
    """`workspace/willRenameFiles` as an editor sends it, with all files open, and then the moves."""

    def by_server(folder: Path, moves: Mapping[str, str]) -> None:
        known = SERVERS[name]
        command = [str(tools / known.command[0]), *known.command[1:]]
        (folder / known.file).write_text(known.text)
        server = LanguageServer(folder, command, {}, PATIENCE, known.settings)
        try:
            for file in sorted(folder.rglob("*.py")):
                server.open(file, "python")
            server.ask("workspace/symbol", {"query": "Cart"})  # It answers when it has read the files.
            server.before_moves({folder / old: folder / new for old, new in moves.items()})
        except (RuntimeError, UnicodeDecodeError) as error:
            raise RefusalError(str(error)) from error
        except ServerSilentError as error:
            raise CrashError(f"no answer in {PATIENCE} s") from error
        finally:
            server.stop()
            (folder / known.file).unlink()
        by_hand(folder, moves)

    return by_server


def tools_in(folder: Path) -> Mapping[str, Tool]:
    """Every tool, those of others from the programs of a virtual environment."""
    return {
        "migrate": by_migrate,
        "rope": rope(folder),
        **{name: language_server(folder, name) for name in SERVERS},
    }
