"""`make compare`: every tool moves the modules of every case of the engine's tests, and the imports run afterwards.

    python -m tests.compare.python BIN

BIN is the folder with the programs of the virtual environment in which the other tools are. Cases in which a move alone
breaks nothing are left out: they tell no tool from another.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from tests.compare.__main__ import RIGHT, git
from tests.compare.python.tools import Tool, by_hand, tools_in
from tests.compare.tools import CrashError, RefusalError
from tests.engines.python.cases import IMPORTS, RELATIVE, ROOTS, TEXTS, Case
from tests.engines.python.conftest import write

GROUPS = {"imports": IMPORTS, "relative imports": RELATIVE, "roots": ROOTS, "names in texts": TEXTS}


def runs(folder: Path, code: str) -> str:
    """What a new Python says to some code that imports from a tree: "" when all is well, else its last line."""
    paths = [str(folder / root) for root in ("src", "lib")]
    program = f"import sys; sys.dont_write_bytecode = True; sys.path[:0] = {paths!r}\n{code}"
    command = [sys.executable, "-I", "-S", "-c", program]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)
    return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["it failed"])[-1]


def verdict(tool: Tool, case: Case) -> tuple[str, str]:
    """What a tool makes of a case, and why it is not right."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = write(case.files, Path(scratch).resolve() / "tree")
        for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "base"]):
            git(folder, *arguments)
        try:
            tool(folder, case.moves)
        except CrashError as crash:
            return "crashes", str(crash)
        except RefusalError as refusal:
            return ("half done" if git(folder, "status", "--porcelain") else "refuses"), str(refusal)
        said = runs(folder, case.run if case.run_after is None else case.run_after)
        return (RIGHT, "") if not said else ("wrong", said)


def table(tools: Mapping[str, Tool]) -> int:
    """Print the table in Markdown, the sums, and the reasons; returns in how many cases `migrate` is not right."""
    print(f"| what moves | {' | '.join(tools)} |")
    print("| --- |" + " --- |" * len(tools))
    reasons: list[str] = []
    right: dict[str, Counter[str]] = {}
    for group, all_cases in GROUPS.items():
        cases = [case for case in all_cases if case.run and verdict(by_hand, case)[0] != RIGHT]
        right[f"{group}, {len(cases)} cases"] = sums = Counter()
        for case in cases:
            verdicts = {name: verdict(tool, case) for name, tool in tools.items()}
            print(f"| {case.name} | " + " | ".join(found for found, _ in verdicts.values()) + " |", flush=True)
            reasons += [f"{name}, {case.name}: {why}" for name, (_, why) in verdicts.items() if why]
            sums.update(name for name, (found, _) in verdicts.items() if found == RIGHT)
            sums["cases"] += 1
    print()
    for group, sums in right.items():
        print(f"| {group} | " + " | ".join(str(sums[name]) for name in tools) + " |")
    print("", *reasons, sep="\n")
    return sum(sums["cases"] - sums["migrate"] for sums in right.values())


if __name__ == "__main__":
    sys.exit(int(table(tools_in(Path(sys.argv[1]).absolute())) > 0))
