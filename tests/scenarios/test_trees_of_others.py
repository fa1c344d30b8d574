"""Trees and messages that somebody else made by hand: nothing is written where it should not be, and nothing stops."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from migrate.errors import PathError
from migrate.git.paths import check_entry
from tests.scenarios.clones import FIRST, Clones
from tests.story import Story

BLOB, FOLDER, LINK = "100644", "40000", "120000"
NAMES = (
    *("..", ".", ".git", ".GIT", "git~1", "GIT~1 .", ".git ", ".git..", ".g\u200cit", "\ufeff.git", ".git\u202e"),
    *("a\\.git", "\\.git", "a\\git~1", ".git\\x", ".git:x", ".git::$INDEX_ALLOCATION", "x\\GIT~1. "),
)
FINE = ("git~2", ".gitx", ".gitmodules", "..x", "...", "a..", "a:.git", ".git\u0301", "a\\..")


def tree(story: Story, *entries: tuple[str, str, str]) -> str:
    """A tree of some modes, names and objects, as no git would make it."""
    raw = b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(oid) for mode, name, oid in entries)
    return written(story, "tree", raw)


def written(story: Story, kind: str, raw: bytes) -> str:
    """An object of any content."""
    made = ["git", "hash-object", "-w", "-t", kind, "--literally", "--stdin"]
    done = subprocess.run(made, cwd=story.path, input=raw, capture_output=True, check=True)
    return done.stdout.decode().strip()


def commit(story: Story, tree: str, parent: str, message: str = "Theirs") -> str:
    """A commit of a tree that git would not check out."""
    return story.git("commit-tree", tree, "-p", parent, "-m", message)


def with_entry(story: Story, revision: str, mode: str, name: str, oid: str) -> str:
    """The tree of a revision with one entry more at its top."""
    rows = (line.partition("\t") for line in story.git("ls-tree", revision).split("\n"))
    there = [(about.split()[0].lstrip("0"), path, about.split()[2]) for about, _, path in rows]
    return tree(story, *sorted([*there, (mode, name, oid)], key=lambda row: row[1] + "/" * (row[0] == FOLDER)))


def test_what_fsck_refuses_in_a_tree_is_refused_and_nothing_else(story: Story) -> None:
    blob = written(story, "blob", b"x")
    for name in (*NAMES, *FINE):
        oid = tree(story, (BLOB, name, blob))
        found = subprocess.run(["git", "fsck", "--strict", oid], cwd=story.path, capture_output=True, check=False)
        assert (oid.encode() in found.stdout + found.stderr) == (name in NAMES), name
        for path in (name, f"a/{name}", f"{name}/a"):
            assert is_refused(path, is_link=False) == (name in NAMES), path
    for name in (".gitmodules", ".GITMODULES", "gitmod~1", "GI7EBA~1", ".gitm\u200codules", "a\\.gitmodules"):
        assert (is_refused(name, is_link=True), is_refused(name, is_link=False)) == (True, False), name


def is_refused(path: str, *, is_link: bool) -> bool:
    """Whether an entry is refused."""
    try:
        check_entry(path, is_link=is_link)
    except PathError:
        return True
    return False


@pytest.mark.parametrize("name", ["..", ".git", "git~1", "a\\.GIT"])
def test_a_branch_with_what_git_checks_out_nowhere_is_not_carried_and_holds_up_no_other(
    story: Story, name: str
) -> None:
    story.begin().made("next")
    main = story.git("rev-parse", "main")
    evil = tree(story, (BLOB, "config", written(story, "blob", b"[core]\n")))
    bad = commit(story, with_entry(story, main, FOLDER, name, evil), main)
    good = commit(story, with_entry(story, main, BLOB, "z.txt", written(story, "blob", b"z")), main)
    story.git("update-ref", "refs/remotes/origin/bad", bad)
    story.git("update-ref", "refs/remotes/origin/good", good)
    said = story.type("carry", "--all").text
    assert f'{bad[:7]} "Theirs" holds what git can check out nowhere' in said
    assert set(story.refs("refs/heads/migrate/tidy/carried")) == {"refs/heads/migrate/tidy/carried/good"}
    story.type("carry", "origin/bad").ended(
        6, "holds what git can check out nowhere", f"git rebase --interactive {bad[:7]}^"
    )


def test_a_hand_edit_with_what_git_checks_out_nowhere_is_not_taken_along(clones: Clones) -> None:
    ada = clones.ada
    ada.made("next")
    ada.git("switch", "--quiet", "main")
    tip = ada.git("rev-parse", FIRST)
    evil = tree(ada, (BLOB, "config", written(ada, "blob", b"[core]\n")))
    bad = commit(ada, with_entry(ada, tip, FOLDER, ".GIT", evil), tip)
    ada.git("update-ref", f"refs/heads/{FIRST}", bad)
    ada.commit("Newer", {"old/new.txt": "new\n"})
    for look in ("status", "log", "pr"):
        ada.type(look).ended(0)
    ada.type("restack", "--yes").ended(
        6, "holds what git can check out nowhere", f"git rebase --interactive {bad[:7]}^"
    )
    ada.made("rollback", "p01", "--yes").made("next")


def test_a_plan_that_is_laid_out_stays_where_it_is_laid(story: Story) -> None:
    story.begin()
    main = story.git("rev-parse", "main")
    escape = tree(story, (BLOB, "escaped", written(story, "blob", b"x")))
    phases = with_entry(story, "main:phases", FOLDER, "..", tree(story, (FOLDER, "..", escape)))
    phases = with_entry(story, phases, FOLDER, ".git", escape)
    rows = [line.split(None, 3) for line in story.git("ls-tree", main).split("\n")]
    entries = [(mode.lstrip("0"), name, phases if name == "phases" else oid) for mode, _, oid, name in rows]
    evil = commit(story, tree(story, *entries), main)
    story.git("update-ref", "--no-deref", "HEAD", main)
    story.git("update-ref", "refs/heads/main", evil)
    story.type("status").ended(0, "p03-drop-notes", "on main at")
    assert [str(path) for path in Path(story.path).rglob("escaped")] == []


def test_a_branch_of_the_remote_that_git_cannot_read_is_passed_over(story: Story) -> None:
    story.begin().made("next")
    blob = written(story, "blob", b"x")
    for name, broken in (
        ("p02-add-guide", tree(story, (BLOB, "", blob))),
        ("p01-move-old", written(story, "tree", b"x")),
    ):
        ref = f"refs/remotes/origin/migrate/tidy/{name}"
        story.git("update-ref", ref, commit(story, broken, FIRST))
        story.type("status").ended(0, "✓ p01-move-old", f"{ref} leads to an object that git cannot read: it is ignored")
    story.made("next").made("log").made("validate", "p01", "--again").made("undo", "--yes")


MESSAGES = (
    "Migration-Landed: --output=mark",
    "Migration-Landed: " + "1" * 40,
    "Migration-Landed: " + "1" * 64,
    "Migration-Base: " + "2" * 40,
    "Moved: nothing",
    "Moved: old => ../../../../escaped\nMoved: a => .git/hooks/x\nMoved: %1b[2J => b%0ac",
    "Migration-Reverts: \x1b[2J",
    "Migration-Note: " + "x" * 100_000,
)
EVERYTHING = "\n".join(MESSAGES)


@pytest.mark.parametrize("place", ["main", FIRST])
def test_no_trailer_of_somebody_else_stops_or_leads_a_command(story: Story, place: str) -> None:
    story.begin().made("next")
    story.git("switch", "--quiet", "--detach", "main")
    before = story.git("rev-parse", place)
    for trailers in (*MESSAGES, EVERYTHING):
        story.git("update-ref", f"refs/heads/{place}", before)
        for phase in ("p01-move-old", "p02-add-guide"):
            said = f"Theirs\n\nMigration: tidy\nMigration-Phase: {phase}\nMigration-Source: 1\n{trailers}\n"
            tip = commit(story, f"{place}^{{tree}}", place, f"{said}\n\nThis reverts commit {'3' * 40}.\n\x1b[2J")
            story.git("update-ref", f"refs/heads/{place}", tip)
        at_the_end = trailers == EVERYTHING
        for look in (
            ("status", "p01"),
            ("where", "old/a.txt"),
            *((("log",), ("pr", "--all"), ("verify",)) * at_the_end),
        ):
            done = story.type(*look)
            assert done.code in (0, 1, 4, 6), (trailers, look, done)
            assert "\x1b" not in done.err, look
            if look == ("status",) and "Moved" in trailers:
                assert "not valid, and ignored" in done.err
            assert "\x1b" not in done.out or look[0] in ("log", "pr"), look  # A pipe gets Markdown as it is.
        for step in ("next", "validate p01 --again", "undo --yes") * at_the_end:
            done = story.type(*step.split())
            assert done.code in (0, 1, 4, 6), (trailers, step, done)
    assert not (story.path / "mark").exists()
