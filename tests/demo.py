"""The whole story on the embedded sample, with the real commands: `make demo`.

A Go repository in the old layout; nine phases; a validation that fails; a rollback; the fix; the pull-request
descriptions; the log. Everything happens in `.demo/pllm`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
REPO = TOP / ".demo" / "pllm"
SLIP = '\n    ws.write("internal/core/config/slip.go", "package config\\n\\nvar Slip int = \\"a text\\"\\n")\n'


def say(text: str) -> None:
    """Tell the reader what comes."""
    print(f"\n\033[1m# {text}\033[0m" if sys.stdout.isatty() else f"\n# {text}", flush=True)


def shell(command: str, *, expect: int = 0) -> None:
    """Show a command, run it in the sample, and insist on its exit code."""
    print(f"$ {command}", flush=True)
    done = subprocess.run(
        ["sh", "-c", command], cwd=REPO, stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT, check=False
    )
    if done.returncode != expect:
        sys.exit(f'the demo stopped: "{command}" exited with {done.returncode}, not {expect}')


def prepare() -> None:
    """A repository of the sample, with the nine phases beside it, untracked."""
    shutil.rmtree(REPO.parent, ignore_errors=True)
    shutil.copytree(TOP / "tests" / "sample" / "tree", REPO, symlinks=True)
    git = ["git", "-c", "user.name=Demo", "-c", "user.email=demo@example.com"]
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A", "-f"], ["commit", "-q", "-m", "The old layout"]):
        subprocess.run([*git, *arguments], cwd=REPO, check=True)
    for key, value in (("user.name", "Demo"), ("user.email", "demo@example.com")):
        subprocess.run(["git", "config", key, value], cwd=REPO, check=True)


def main() -> None:
    """Tell the story."""
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    os.environ["GOFLAGS"] = "-mod=mod"
    prepare()
    say("The structure today, and the plan: nine phases that ship with migrate")
    shell("migrate analyze | head -n 14")
    shell("migrate init --example pllm")
    shell("migrate plan | tail -n 6")
    say("Step by step: one phase, one commit, one branch, validated")
    shell("migrate next")
    shell("migrate run --to p03")
    say("A phase with a slip in it: the build fails, and nothing is built on top")
    module = next((REPO / "phases").glob("p04_*.py"))
    good = module.read_text(encoding="utf-8")
    module.write_text(good.rstrip("\n") + "\n" + SLIP, encoding="utf-8")
    shell("migrate next", expect=1)
    shell("migrate next", expect=6)
    shell("migrate status")
    say("Take it back, fix the phase, go on")
    shell("migrate rollback --yes")
    module.write_text(good, encoding="utf-8")
    shell("migrate run --to p08")
    say("A person confirms the gate; the last phase")
    shell("migrate approve p08 smoke --note 'make smoke: every endpoint answers'")
    shell("migrate run")
    shell("migrate status")
    shell("migrate verify")
    say("One description for each pull request, and the log")
    shell("migrate pr --all --out ../pull-requests")
    shell("cat ../pull-requests/p03-*.md")
    shell("migrate log | head -n 24")
    shell("git log --oneline --decorate=short | cat")
    say("What commands left in the cache")
    shell("migrate clean --yes")
    place = REPO.relative_to(TOP)
    print(
        f"\nThe repository is in {place}, the descriptions beside it. Look around: .venv/bin/migrate -C {place} status"
    )


if __name__ == "__main__":
    main()
