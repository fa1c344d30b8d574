"""`make compare`: every tool on every case, judged by the same commands. A tool that is not installed is left out."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.compare.cases import CASES, MODULE, Case
from tests.compare.tools import TOOLS, CrashError, RefusalError

RIGHT = "right"


def said(folder: Path, command: tuple[str, ...]) -> tuple[int, str]:
    """The exit code and the standard output of a check, and what went wrong in it."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout if done.returncode == 0 else done.stdout + done.stderr


def git(folder: Path, *arguments: str) -> str:
    """What a git command prints."""
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout


def made(folder: Path, case: Case) -> None:
    """A repository with the files of a case."""
    for path, content in case.files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(content)
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "base"]):
        git(folder, *arguments)


def verdict(tool: str, case: Case) -> tuple[str, str]:
    """What a tool makes of a case, and why it is not right."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "gopath" / "src" / MODULE
        folder.mkdir(parents=True)
        made(folder, case)
        before = [said(folder, check) for check in case.checks]
        assert all(code == 0 for code, _ in before), f"{case.title}: wrong before anything moved: {before}"
        try:
            TOOLS[tool](folder, case)
        except CrashError as crash:
            return "crashes", str(crash)
        except RefusalError as refusal:
            return ("half done" if git(folder, "status", "--porcelain") else "refuses"), str(refusal)
        for check, expected in zip(case.checks, before, strict=True):
            now = said(folder, check)
            if now != expected:
                return "wrong", f"{' '.join(check)}: {now[1].strip().splitlines()[-1:] or now}"
        return RIGHT, ""


def main() -> int:
    """Print the table in Markdown, then the reasons; 1 when `migrate` is not right everywhere."""
    tools = [tool for tool in TOOLS if tool == "migrate" or shutil.which(tool)]
    print("| what moves | " + " | ".join(tools) + " |")
    print("| --- |" + " --- |" * len(tools))
    reasons, wrong = [], 0
    for case in CASES:
        verdicts = {tool: verdict(tool, case) for tool in tools}
        print(f"| {case.title} | " + " | ".join(found for found, _ in verdicts.values()) + " |", flush=True)
        reasons += [f"{tool}, {case.title}: {why}" for tool, (_, why) in verdicts.items() if why]
        wrong += verdicts["migrate"][0] != RIGHT
    print("", *reasons, sep="\n")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
