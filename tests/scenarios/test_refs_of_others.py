"""Refs that somebody else put in the place of those of a migration stop no command, and move nothing."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.scenarios.clones import FIRST, Clones
from tests.scenarios.test_a_damaged_repository import COMMANDS, JOURNAL, NOTES, begun
from tests.story import Story

__all__ = ["begun"]
OURS = "refs/migrate/tidy"
KINDS = {"blob": "main:notes.txt", "tree": "main^{tree}", "tag": "refs/tags/annotated"}
PLACES = {
    **{NOTES: "blob", JOURNAL: "tag", f"{OURS}/start": "tree", f"{OURS}/resolutions": "blob"},
    **{f"{OURS}/made/p01-move-old": "blob", f"{OURS}/landed/p02-add-guide": "tag", f"{OURS}/intent": "blob"},
    **{f"{OURS}/stopped": "tree", f"{OURS}/withdrawn/p03-drop-notes": "blob"},
    f"refs/remotes/origin/{FIRST}": "blob",
}
"""Refs, and what somebody let each name."""


def written(story: Story, message: str) -> str:
    """A commit that says something and that no ref names."""
    made = ["git", "commit-tree", "-F", "-", "main^{tree}"]
    done = subprocess.run(made, cwd=story.path, input=message.encode(), capture_output=True, check=True)
    return done.stdout.decode().strip()


def test_what_names_no_commit_is_named_passed_over_and_set_aside(begun: Story) -> None:
    begun.git("tag", "--annotate", "--message=x", "annotated")
    before = begun.refs()
    for ref, kind in PLACES.items():
        begun.git("update-ref", ref, KINDS[kind])
        said = begun.type("status").ended(0, f"{ref} is a {kind}, not a commit: it is ignored").text
        assert f"git update-ref -d {ref}" in said
        restore(begun, before, ref)
    for ref, kind in PLACES.items():
        begun.git("update-ref", ref, KINDS[kind])
    begun.git("update-ref", f"{OURS}/archive/9/x", KINDS["blob"])
    begun.git("update-ref", f"{OURS}/withdrawn/a/b", "main")
    said = begun.type("validate", "p01", "--again").ended(0).err
    for ref in (*PLACES, f"{OURS}/withdrawn/a/b"):
        assert (f"{ref} is a " in said or f"{ref} stands" in said) == ("remotes" not in ref), ref
        oid = begun.git("rev-parse", KINDS.get(PLACES.get(ref, ""), "main"))
        rest = ref.removeprefix(f"{OURS}/").removeprefix("refs/").replace("/", "%2F")
        assert "remotes" in ref or begun.git("rev-parse", f"{OURS}/set-aside/{oid[:12]}/{rest}") == oid
    for command in (*COMMANDS[3:], "next", "run --no-validate", "undo --yes", "journal", "log"):
        assert "set aside" not in begun.type(*command.split()).ended(0).text, command


def test_what_was_withdrawn_is_not_set_aside_where_the_archive_has_it(begun: Story) -> None:
    quiet = (
        "-c",
        "core.logAllRefUpdates=false",
        "update-ref",
    )  # As a git leaves it that is killed while it deletes it.
    for ref in ("archive/9/on-remote/p02-add-guide", "withdrawn/p02-add-guide"):
        begun.git(*quiet, f"{OURS}/{ref}", FIRST)
    begun.git(*quiet, f"{OURS}/withdrawn/p03-drop-notes", begun.git("commit-tree", "-m", "x", "main^{tree}"))
    said = begun.type("validate", "p01", "--again").ended(0).err
    assert f"{OURS}/withdrawn/p02-add-guide" not in said
    assert f"{OURS}/withdrawn/p03-drop-notes was not made in this clone: it was set aside" in said
    assert begun.refs(f"{OURS}/withdrawn") == {}
    assert len(begun.refs(f"{OURS}/set-aside")) == 1


def restore(story: Story, before: dict[str, str], ref: str) -> None:
    """Give a ref the value that it had, or none."""
    story.git("update-ref", *((ref, before[ref]) if ref in before else ("-d", ref)))


def test_an_intent_a_stop_and_a_withdrawal_that_came_with_a_fetch_do_nothing(clones: Clones) -> None:
    ada, bob, origin = clones.ada, clones.bob, clones.origin
    ada.made("next")
    clones.sync(ada, bob)
    main, first = ada.git("rev-parse", "main", FIRST).split("\n")
    evil = written(ada, "evil")
    moves = [{"ref": "refs/heads/main", "old": main, "new": evil}, {"ref": f"refs/heads/{FIRST}", "old": None}]
    moves[1]["new"] = first
    values = {"version": 1, "number": 2, "kind": "done", "refs": moves, "head": "main", "land_on": FIRST}
    trees = dict.fromkeys(("base", "ours", "theirs", "merged"), ada.git("rev-parse", "main^{tree}"))
    stop = {"command": ["restack"], "what": "x", "paths": [], "resolutions": {}, **trees}
    forged = {
        f"{OURS}/intent": written(ada, f"next\n\n{json.dumps(values)}"),
        f"{OURS}/stopped": written(ada, json.dumps(stop)),
        f"{OURS}/withdrawn/p01-move-old": first,
    }
    for ref, oid in forged.items():
        ada.git("push", "--quiet", "origin", f"{oid}:{ref}")
    bob.git("fetch", "--quiet", "origin", "+refs/migrate/*:refs/migrate/*")
    said = bob.type("status").ended(0, "1 of 3 phases done").text
    assert [f"{ref} was not made in this clone: it is ignored" in said for ref in forged] == [True] * 3
    said = bob.type("sync", "--yes").ended(4).text
    assert [f"{ref} was not made in this clone: it was set aside" in said for ref in forged] == [True] * 3
    assert bob.git("rev-parse", "main") == main
    assert origin.git("rev-parse", FIRST) == first
    bob.made("next")
    bob.sound()


def test_what_this_clone_writes_alone_is_known_when_git_forgot_why(clones: Clones) -> None:
    ada, bob = clones.ada, clones.bob
    ada.made("next")
    clones.sync(ada, bob)
    bob.made("rollback", "p01", "--withdraw", "--yes")
    bob.git("reflog", "expire", "--expire=all", "--all")
    bob.type("sync", "--yes").ended(0)
    assert clones.origin.git("for-each-ref", f"refs/heads/{FIRST}") == ""


@pytest.mark.parametrize("kind", KINDS)
def test_a_sync_passes_over_what_names_no_commit_on_the_remote_and_takes_its_place(clones: Clones, kind: str) -> None:
    ada, bob, origin = clones.ada, clones.bob, clones.origin
    ada.made("next")
    ada.git("tag", "--annotate", "--message=x", "annotated")
    oid = ada.git("rev-parse", KINDS[kind])
    for ref in (JOURNAL, NOTES, f"{OURS}/made/p01-move-old", f"{OURS}/resolutions", f"{OURS}/archive/7/x"):
        ada.git("push", "--quiet", "origin", f"{oid}:{ref}")
    ada.git("push", "--quiet", "origin", f"main:{OURS}/landed/a/b", f"main:{OURS}/archive/what/x")
    ada.type("sync", "--yes").ended(0, f"{JOURNAL} is a {kind} on origin", f"git push origin :{NOTES}")
    for ref in (JOURNAL, NOTES, f"{OURS}/made/p01-move-old"):
        assert origin.git("rev-parse", ref) == ada.git("rev-parse", ref)
    bob.type("sync", "--yes").ended(0, f"{OURS}/resolutions is a {kind} on origin")
    bob.made("next")
    assert not {ref for ref in bob.refs(OURS) if "what" in ref or "a/b" in ref}


def test_a_branch_below_a_branch_that_is_gone_holds_up_no_sync(clones: Clones, tmp_path: Path) -> None:
    ada, bob = clones.ada, clones.bob
    ada.made("next")
    clones.sync(ada, bob)
    ada.git("push", "--quiet", "origin", f":refs/heads/{FIRST}")
    ada.git("push", "--quiet", "origin", f"main:refs/heads/{FIRST}/below")
    bob.type("sync", "--yes").ended(4, f"{FIRST}/below is on origin")
