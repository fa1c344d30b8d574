"""A repository that cannot be written or read is said in one clear sentence, and nothing is lost by trying."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.chaos.judge import MACHINERY
from tests.conftest import BOUND_BY_PERMISSIONS
from tests.story import PROGRAM, Ran, Story, prepared

GATE = """
[[validation]]
name = "look"
manual = "look at it"
phases = ["p01-*"]
"""
COMMANDS = ("next", "run --no-validate", "validate p01 --again", "approve p01 look", "rollback p01 --yes")
NOTES, JOURNAL, FIRST = "refs/notes/migrate/tidy", "refs/migrate/tidy/journal", "migrate/tidy/p01-move-old"


@pytest.fixture
@prepared
def begun(story: Story) -> Story:
    """One phase that passed and waits for a person, two that are not run."""
    story.begin()
    story.plan(extra=GATE)
    story.commit("Ask a person")
    story.made("next")
    story.git("switch", "--quiet", "main")
    return story


def as_a_user(story: Story, command: str) -> Ran:
    """Run the program as one whom permissions bind."""
    words = [*BOUND_BY_PERMISSIONS, *PROGRAM, *command.split()]
    done = subprocess.run(words, cwd=story.path, capture_output=True, text=True, check=False)
    return Ran(done.returncode, done.stdout, done.stderr)


@contextmanager
def read_only(top: Path) -> Iterator[None]:
    """Nothing below a folder can be written for a while."""
    modes = {path: path.stat().st_mode for path in (top, *top.rglob("*")) if not path.is_symlink()}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for path, mode in modes.items():
            path.chmod(mode)


def refused(done: Ran) -> None:
    """Assert that a command said in clear words that it could not do its work."""
    assert done.code in (1, 2, 6), done
    assert done.err.strip(), done
    assert not MACHINERY.search(done.text), done


@pytest.mark.parametrize("part", [".", "objects", "refs", "migrate"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_of_git_that_cannot_be_written_is_said(begun: Story, command: str, part: str) -> None:
    before = begun.refs()
    with read_only(begun.path / ".git" / part):
        refused(as_a_user(begun, command))
        assert begun.refs() == before
        as_a_user(begun, "status").ended(0, "p01-move-old")
    begun.sound()
    begun.untouched()
    begun.type(*command.split()).ended(0)


OBJECTS: dict[str, str] = {
    "the commit of the base": "main",
    "the tree of the base": "main^{tree}",
    "a file of the base": "main:notes.txt",
    "a file that moves": "main:old/a.txt",
    "a file that is rewritten": "main:README.md",
    "the commit of a phase": FIRST,
    "the tree of a phase": FIRST + "^{tree}",
    "the last entry of the journal": JOURNAL,
    "the notes": NOTES,
    "the tree of the notes": NOTES + "^{tree}",
    "a receipt": "RECEIPT",
}


INTENT = "refs/migrate/tidy/intent"


def named(story: Story, name: str) -> str:
    """An object by its name, or the blob of the only receipt."""
    if name != "RECEIPT":
        return story.git("rev-parse", name)
    return story.git("notes", "--ref", NOTES, "list", f"{FIRST}^{{tree}}")


def without(file: Path) -> None:
    """Take an object away."""
    file.unlink()


def garbled(file: Path) -> None:
    """Overwrite an object with what is none."""
    file.chmod(0o644)
    file.write_bytes(b"no object")


@pytest.mark.parametrize("damage", [without, garbled])
@pytest.mark.parametrize("what", OBJECTS)
def test_an_object_that_cannot_be_read_is_said(begun: Story, what: str, damage: Callable[[Path], None]) -> None:
    oid = named(begun, OBJECTS[what])
    file = begun.path / ".git/objects" / oid[:2] / oid[2:]
    for command in COMMANDS:
        whole, before = file.read_bytes(), places(begun)
        damage(file)
        done = begun.type(*command.split())
        file.unlink(missing_ok=True)
        file.write_bytes(whole)
        if done.code != 0:
            refused(done)
            # git stops in the middle of a switch to a tree with a file that it cannot read. The next command finds that
            # by the intent, and puts it right.
            assert {**places(begun), INTENT: ""} == {**before, INTENT: ""}
        begun.sound()
        begun.git("reset", "--quiet", "--hard")
    begun.type("status").ended(0)
    assert begun.type("run", "--no-validate").code in (0, 4)
    assert INTENT not in places(begun)


def places(story: Story) -> dict[str, str]:
    """Every ref and what it names, read from files: git passes over a ref whose object is gone."""
    top = story.path / ".git"
    return {str(file.relative_to(top)): file.read_text() for file in (top / "refs").rglob("*") if file.is_file()}


ENTRIES = {
    "nothing": "",
    "a number in a list": '{"version": 1, "number": [6], "refs": []}',
    "refs that are none": '{"version": 1, "number": 6, "refs": [{"ref": "--all", "old": 1, "new": {}}]}',
    "no JSON": "{",
    "no object": "[1, 2]",
    "no number": '{"version": 1, "refs": []}',
    "a number that is none": '{"version": 1, "number": "six", "refs": []}',
    "a number without an end": '{"version": 1, "number": 1e999, "refs": []}',
    "a number of far too many digits": '{"version": 1, "number": 1%s, "refs": []}' % ("0" * 5000),
    "brackets without an end": "[" * 100_000,
}


@pytest.mark.parametrize("entry", ENTRIES)
def test_an_entry_that_cannot_be_read_is_named_and_stops_nothing(begun: Story, entry: str) -> None:
    body = f"An entry\n\n{ENTRIES[entry]}\n".encode()
    made = ["git", "commit-tree", "-p", JOURNAL, "-F", "-", f"{JOURNAL}^{{tree}}"]
    done = subprocess.run(made, cwd=begun.path, input=body, capture_output=True, check=True)
    strange = done.stdout.decode().strip()
    begun.git("update-ref", JOURNAL, strange)
    begun.type("status").ended(0)
    begun.type("journal").ended(0, f"{strange[:12]} is no entry of the journal, and is ignored")
    begun.type("approve", "p01", "look").ended(0, f"holds {strange[:12]}, which is no entry of the journal")
    for command in ("undo --yes", "next", "run --no-validate", "validate p01 --again", "rollback p01 --yes"):
        assert strange[:12] not in begun.type(*command.split()).ended(0).text
    begun.type("journal").ended(0, f"{strange[:12]} is no entry of the journal, and is ignored")


def test_a_journal_of_a_newer_program_asks_for_that_and_is_kept(begun: Story) -> None:
    body = b'An entry\n\n{"version": 2, "number": 9, "refs": []}\n'
    made = ["git", "commit-tree", "-p", JOURNAL, "-F", "-", f"{JOURNAL}^{{tree}}"]
    done = subprocess.run(made, cwd=begun.path, input=body, capture_output=True, check=True)
    begun.git("update-ref", JOURNAL, done.stdout.decode().strip())
    before = begun.refs()
    for command in (*COMMANDS, "journal", "undo --yes"):
        ran = begun.type(*command.split()).ended(
            2, "written by a newer migrate (version 2)", "pip install . in a checkout"
        )
        assert "update-ref" not in ran.text
        assert begun.refs() == before
    begun.type("status").ended(0)


WRONG_NOTES = {
    "no JSON": b"{",
    "no text": b"\xff\x00\xfe",
    "a list": b"[1, 2]",
    "an outcome that there is none of": b'{"validation": "check", "key": "1", "outcome": "great", "seconds": 1}',
    "brackets without an end": b"[" * 100_000,
    "seconds that are no number": b'{"validation": "check", "key": "1", "outcome": "passed", "seconds": NaN, "when": "",'
    b' "who": "", "commit": ""}',
    "seconds without an end": b'{"validation": "check", "key": "1", "outcome": "passed", "seconds": 1e308, "when": "",'
    b' "who": "", "commit": ""}',
    "seconds that are too many": b'{"validation": "check", "key": "1", "outcome": "passed", "seconds": 1%s, "when": "",'
    b' "who": "", "commit": ""}' % (b"0" * 400),
}


@pytest.mark.parametrize("note", WRONG_NOTES)
def test_a_note_that_is_no_receipt_is_said_and_kept(begun: Story, note: str) -> None:
    tree = begun.git("rev-parse", f"{FIRST}^{{tree}}")
    file = begun.path / ".git/note"
    file.write_bytes(WRONG_NOTES[note] + b"\n")
    blob = begun.git("hash-object", "-w", str(file))
    begun.git("notes", "--ref", NOTES, "add", "--force", "-C", blob, tree)
    begun.type("status").ended(0, f"a note on {tree} is no receipt", f"git notes --ref=migrate/tidy show {tree}")
    for command in ("validate p01", "approve p01 look"):
        begun.type(*command.split()).ended(0)
    assert begun.states()[0] == "passed"
    kept = subprocess.run(
        ["git", "notes", "--ref", NOTES, "show", tree], cwd=begun.path, capture_output=True, check=True
    )
    assert WRONG_NOTES[note] in kept.stdout
