"""The documents of the commands that replay have just the keys that are documented."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from migrate.stack.entries import EntryKind
from tests.story import Story, prepared

STATUS = {
    *("migration", "title", "base", "shallow", "unfetched", "phases"),
    *("reverts", "orphans", "more_orphans", "conclusion", "next"),
}
FIRST, SECOND, THIRD = (f"migrate/tidy/{name}" for name in ("p01-move-old", "p02-add-guide", "p03-drop-notes"))
PAGE = Path(__file__).parents[2] / "docs/commands.md"


def documented(command: str) -> set[str]:
    """The words in code that the page says of a command's JSON."""
    section = PAGE.read_text().partition(f"\n## {command}\n")[2].partition("\n## ")[0]
    sentence = section.rpartition("`--json`")[2].partition("\n\n")[0]
    return set(re.findall(r"`([a-z_]+)`", sentence))


@pytest.fixture
@prepared
def begun(story: Story) -> Story:
    """A stack whose base has gone on, with a hand edit, and a colleague's branch."""
    story.begin()
    story.git("switch", "--quiet", "-c", "feature")
    story.commit("Edit b", {"old/b.txt": "b\nmine\n"})
    story.git("switch", "--quiet", "main")
    story.made("run")
    story.git("switch", "--quiet", FIRST)
    story.commit("By hand", {"new/a.txt": "a\nby hand\n"})
    story.git("switch", "--quiet", "main")
    story.commit("Else", {"else.txt": ""})
    return story


def document(story: Story, *arguments: str, code: int = 0) -> Any:
    return story.type(*arguments, "--json").ended(code).json


def test_restack_has_the_status_and_what_was_restacked(begun: Story) -> None:
    before = begun.git("rev-parse", FIRST)
    said = document(begun, "restack")
    assert set(said) == STATUS | {"restacked"}
    assert [row["id"] for row in said["restacked"]] == ["p01-move-old", "p02-add-guide", "p03-drop-notes"]
    assert {key for row in said["restacked"] for key in row} == documented("restack") - {"status", "restacked"}
    first = said["restacked"][0]
    assert (first["before"], first["after"]) == (before, begun.git("rev-parse", FIRST))
    assert (first["carried"], first["dropped"]) == ([before], [])
    again = document(begun, "restack", code=4)
    assert set(again) == STATUS | {"restacked"}
    assert again["restacked"] == []


def test_land_has_the_status_and_what_landed_in_part_stays_and_was_restacked(begun: Story) -> None:
    begun.git("worktree", "add", "--quiet", str(begun.path / ".git/beside"), SECOND)
    begun.git("rm", "-q", "old/b.txt")
    begun.commit("Half of it", {"new/b.txt": "b\n"})
    oid = begun.commit("Guide", {"guide.md": "Read new/a.txt first.\n"})
    said = document(begun, "land", "--yes")
    assert set(said) == STATUS | {"landed", "partial", "kept", "restacked"}
    rows = {"landed": {"id", "how", "commit", "request"}, "partial": {"id", "files"}, "kept": {"branch", "why"}}
    assert documented("land") - {"status", "restacked", "number", "method"} == {*rows, *set().union(*rows.values())}
    assert {name: [set(row) for row in said[name]] for name in rows} == {name: [keys] for name, keys in rows.items()}
    assert said["landed"] == [{"id": "p02-add-guide", "how": "patch", "commit": oid, "request": None}]
    assert said["partial"][0]["files"]["new/b.txt"] == "there"
    assert said["kept"][0]["branch"] == SECOND
    assert [row["id"] for row in said["restacked"]] == ["p01-move-old", "p03-drop-notes"]


def test_carry_has_a_document_a_branch_and_a_list_of_all(begun: Story, tmp_path: Path) -> None:
    begun.made("restack")
    commit = begun.git("rev-parse", "feature")
    keys = documented("carry") - {"carried", "same", "conflicts", "stays"} | {"conflicts"}
    said = document(begun, "carry", "feature")
    assert set(said) == keys
    assert said == {
        "name": "feature",
        "branch": "migrate/tidy/carried/feature",
        "outcome": "carried",
        "commits": [commit],
        "dropped": [],
        "conflicts": [],
        "why": None,
    }
    assert document(begun, "carry", "feature", code=4)["outcome"] == "same"
    begun.git("init", "--quiet", "--bare", str(tmp_path / "o.git"))
    begun.git("remote", "add", "origin", str(tmp_path / "o.git"))
    begun.git("push", "--quiet", "origin", "feature", "main:refs/heads/empty")
    rows = document(begun, "carry", "--all")
    assert [(row["name"], row["outcome"], bool(row["why"])) for row in rows] == [
        ("empty", "stays", True),
        ("feature", "same", False),
    ]
    assert all(set(row) == keys for row in rows)


def test_undo_and_redo_say_what_moved(begun: Story) -> None:
    before, old = begun.refs("refs/heads"), begun.git("rev-parse", FIRST)
    begun.made("restack")
    for command, other in (("undo", "redo"), ("redo", "undo")):
        said = document(begun, command, "--yes")
        assert set(said) == documented(command) == {command, "operation", "refs"}
        assert said[command].startswith("restack p01-move-old")
        assert other not in said
        assert {key for row in said["refs"] for key in row} == {"ref", "old", "new"}
        moved = {row["ref"]: (row["old"], row["new"]) for row in said["refs"]}
        assert (moved[f"refs/heads/{FIRST}"][0 if command == "redo" else 1]) == old
        if command == "undo":
            assert begun.refs("refs/heads") == before
    assert said["operation"] == begun.type("journal", "-n", "1", "--json").json[0]["number"]


def test_the_journal_is_a_list_of_operations(begun: Story) -> None:
    begun.type("undo", "--yes").ended(6)  # There is a commit by hand.
    rows = document(begun, "journal")
    kinds = set(map(str, EntryKind))
    assert {key for row in rows for key in row} == documented("journal") - kinds - {"ref", "old", "new"}
    assert {key for row in rows for ref in row["refs"] for key in ref} == {"ref", "old", "new"}
    assert {row["kind"] for row in rows} <= kinds
    assert [row["number"] for row in rows] == [*range(len(rows), 0, -1)]
    assert document(begun, "journal", "-n", "1") == rows[:1]


def test_abort_says_which_command_is_given_up(begun: Story) -> None:
    begun.commit("Theirs", {"old/a.txt": "theirs\n"})
    begun.type("restack", "--no-validate", "--json").ended(5, "conflict in new/a.txt")
    said = document(begun, "abort")
    assert set(said) == documented("abort") == {"aborted"}
    assert said == {"aborted": ["restack", "--no-validate"]}
