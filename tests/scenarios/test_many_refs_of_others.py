"""However many refs somebody else pushes, a command starts no more programs for them, and reads few of their
commits."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from migrate import limits
from migrate.git import refs
from tests.conftest import Sandbox
from tests.scenarios.clones import Clones
from tests.story import Story

OURS = "refs/migrate/tidy"
FOLDERS = ("made/x", "made/a/x", "landed/x", "archive/9/x", "journal", "what/x")
PLACES = (
    *(f"refs/heads/{branch}-{{}}" for branch in ("migrate/tidy/x", "migrate/tidy/revert", "anything")),
    *(f"{OURS}/{place}-{{}}" for place in FOLDERS),
)
"""Where whoever can push makes refs."""
WITHDRAWN = f"{OURS}/withdrawn/x-{{}}"
"""What only `git fetch origin '+refs/*:refs/*'` brings."""
FEW, MANY = 5, 40
"""More than are looked into, and put on one command line, here; 40 of each place are so many more."""
COMMANDS = ("status", "sync --yes", "rollback p03 --yes", "undo --yes", "restack", "land", "journal")


def commits_on(place: Sandbox, tip: str, count: int) -> list[str]:
    """That many commits of somebody else on one."""
    each = "commit refs/tmp\nmark :{0}\ncommitter A <a@b> {0} +0000\ndata 1\nx\nfrom {1}\n\nget-mark :{0}\n"
    stream = "".join(each.format(number, tip) for number in range(1, count + 1))
    options = ["git", "fast-import", "--quiet", "--force"]
    done = subprocess.run(options, cwd=place.path, input=stream.encode(), capture_output=True, check=True)
    place.git("update-ref", "-d", "refs/tmp")
    return done.stdout.decode().split()


def packed(place: Sandbox, folder: Path, more: dict[str, str]) -> None:
    """Let a repository have refs, in the one file in which git keeps many."""
    place.git("pack-refs", "--all")
    lines = (folder / "packed-refs").read_text().splitlines()[1:]
    there = {line.split(" ")[1]: line.split(" ")[0] for line in lines if line[0] != "^"} | more
    rows = "".join(f"{oid} {ref}\n" for ref, oid in sorted(there.items()))
    (folder / "packed-refs").write_text(f"# pack-refs with: peeled fully-peeled sorted \n{rows}")


def pushed(clones: Clones, count: int) -> None:
    """Somebody pushes that many refs to each place, and this clone fetches everything."""
    ada, origin = clones.ada, clones.origin
    oids = commits_on(ada, ada.git("rev-parse", "main"), count)
    ada.git("push", "--quiet", "origin", *(f"{oid}:refs/tmp/{number}" for number, oid in enumerate(oids)))
    named = {place.format(number): oid for place in PLACES for number, oid in enumerate(oids)}
    packed(origin, origin.path, named)
    tracking = {f"refs/remotes/origin/{ref[11:]}": oid for ref, oid in named.items() if ref.startswith("refs/heads/")}
    withdrawn = {WITHDRAWN.format(number): oid for number, oid in enumerate(oids)}
    packed(ada, ada.path / ".git", tracking | withdrawn)


def processes(story: Story, trace: Path, command: str) -> int:
    """How many gits a command starts here, as the trace of git tells."""
    trace.write_bytes(b"")
    story.type(*command.split())
    return trace.read_text().count("built-in: git")


@pytest.fixture
def pushing(clones: Clones) -> Clones:
    """Ada made all phases and shared them."""
    clones.ada.made("run")
    return clones.sync(clones.ada)


def test_no_command_starts_more_processes_for_more_refs(
    pushing: Clones, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ada, trace = pushing.ada, tmp_path / "trace"
    monkeypatch.setattr(limits, "UNOWNED_BRANCHES", 3)
    monkeypatch.setattr(refs, "AT_ONCE", 4)
    counted = []
    for count in (FEW, MANY):
        pushed(pushing, count)
        with monkeypatch.context() as patched:
            patched.setenv("GIT_TRACE", str(trace))
            counted.append({command: processes(ada, trace, command) for command in COMMANDS})
        ada.made("sync", "--yes")
    few, many = counted
    # What was read before the refs came is read again after it.
    assert {command: many[command] - few[command] for command in COMMANDS if many[command] - few[command] > 4} == {}


def test_status_counts_what_it_does_not_look_into(pushing: Clones, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = pushing.ada
    ada.git("branch", "migrate/tidy/z-mine", "main")
    pushed(pushing, FEW)
    assert (len(ada.status()["orphans"]), ada.status()["more_orphans"]) == (FEW + 1, 0)
    monkeypatch.setattr(limits, "UNOWNED_BRANCHES", 2)
    said = ada.status()
    assert [each["branch"] for each in said["orphans"]] == ["migrate/tidy/z-mine", "migrate/tidy/x-0"]
    assert said["more_orphans"] == 2 * FEW + 1 - 2 - 2
    ada.type("status").ended(0, "and 7 more, which are not looked into   (git branch --all --list")
