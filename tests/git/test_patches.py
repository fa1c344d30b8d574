"""Changes that are the same in another commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from migrate.git.patches import patch_of, patches_of

if TYPE_CHECKING:
    from tests.conftest import Sandbox

LINES = "".join(f"line {number}\n" for number in range(30))


def change(repo: Sandbox, files: dict[str, str | bytes]) -> str:
    """A commit of its own on the first one; back where we were."""
    here = repo.git("rev-parse", "HEAD")
    repo.git("switch", "--quiet", "--detach", "main")
    oid = repo.commit("change", files)
    repo.git("switch", "--quiet", "--detach", here)
    return oid


def id_of(repo: Sandbox, commit: str) -> str | None:
    return patch_of(repo.repository, f"{commit}^", commit)


def test_a_change_that_was_rebased_and_told_otherwise_is_the_same(repo: Sandbox) -> None:
    repo.commit("base", {"a": LINES, "b": LINES})
    one = change(repo, {"a": LINES.replace("line 20\n", "changed\n"), "new": "new\n"})
    later = repo.commit("later", {"a": "above\n" + LINES, "b": "else\n"})
    repo.git("cherry-pick", "--no-commit", one)
    repo.git("commit", "--quiet", "-m", "An emptied message (#1)")
    again = repo.git("rev-parse", "HEAD")
    found = patches_of(repo.repository, [again, later])
    assert found[id_of(repo, one) or ""] == again
    assert found[id_of(repo, later) or ""] == later
    assert len(found) == 2


def test_white_space_counts(repo: Sandbox) -> None:
    repo.commit("base", {"a": LINES})
    ids = {
        id_of(repo, change(repo, {"a": LINES.replace("line 20\n", text)}))
        for text in ("\tif x\n", "  if x\n", "if x\n", "ifx\n", "if x \n", "if x\r\n")
    }
    assert len(ids) == 6


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"b": b"\0one"}, {"b": b"\0two"}),
        ({"empty": ""}, {"blank": ""}),
        ({"x": "x\n"}, {"y": "x\n"}),
        ({"x": "x\n"}, {"x": "x"}),
    ],
    ids=["binary", "empty files", "names", "last line feed"],
)
def test_changes_that_differ_have_ids_that_differ(
    repo: Sandbox, one: dict[str, str | bytes], other: dict[str, str | bytes]
) -> None:
    repo.commit("base", {"b": b"\0base", "a": LINES})
    first, second = change(repo, one), change(repo, other)
    assert id_of(repo, first) == id_of(repo, change(repo, one))
    assert id_of(repo, first) != id_of(repo, second)
    assert set(patches_of(repo.repository, [first, second]).values()) == {first, second}


def test_a_mode_counts_and_so_does_its_direction(repo: Sandbox) -> None:
    base = repo.commit("base", {"a": LINES})
    repo.git("update-index", "--chmod=+x", "a")
    repo.git("commit", "--quiet", "-m", "on")
    on = repo.git("rev-parse", "HEAD")
    assert len({id_of(repo, on), patch_of(repo.repository, on, base), id_of(repo, change(repo, {"a": "x\n"}))}) == 3


def test_nothing_changed_has_no_id(repo: Sandbox) -> None:
    base, empty = repo.commit("base", {"a": "a\n"}), repo.commit("empty")
    assert patch_of(repo.repository, base, empty) is None
    assert patches_of(repo.repository, [empty]) == {}
    assert patches_of(repo.repository, []) == {}


def test_merges_are_left_out(repo: Sandbox) -> None:
    repo.commit("base", {"a": LINES})
    side = change(repo, {"b": "b\n"})
    main = repo.commit("main", {"c": "c\n"})
    repo.git("merge", "--quiet", "--no-ff", "-m", "merge", side)
    merge = repo.git("rev-parse", "HEAD")
    assert set(patches_of(repo.repository, [merge, main, side]).values()) == {main, side}


def test_of_several_commits_with_one_change_the_first_is_named(repo: Sandbox) -> None:
    repo.commit("base", {"a": "a\n"})
    there = repo.commit("there", {"a": "b\n"})
    back = repo.commit("back", {"a": "a\n"})
    again = repo.commit("again", {"a": "b\n"})
    found = patches_of(repo.repository, [again, back, there])
    assert found == {id_of(repo, there): again, id_of(repo, back): back}


def test_a_range_of_commits_is_the_same_as_their_squash(repo: Sandbox) -> None:
    base = repo.commit("base", {"a": LINES})
    repo.git("switch", "--quiet", "--detach")
    repo.commit("one", {"a": LINES + "more\n"})
    last = repo.commit("two", {"b": "b\n"})
    squash = change(repo, {"a": LINES + "more\n", "b": "b\n"})
    tree = repo.git("rev-parse", f"{last}^{{tree}}")
    assert patches_of(repo.repository, [squash]) == {patch_of(repo.repository, base, tree): squash}


def test_a_message_that_looks_like_a_patch_changes_nothing(repo: Sandbox) -> None:
    repo.commit("base", {"a": LINES})
    plain = change(repo, {"b": "b\n"})
    patch = repo.git("show", "--format=commit %H", plain)
    repo.git("commit", "--quiet", "--allow-empty", "-m", f"Quote\n\n{patch}")
    quoting = repo.git("rev-parse", "HEAD")
    hostile = repo.commit(f"commit {quoting}\n\n{patch}", {"c": "c\n"})
    assert patches_of(repo.repository, [hostile, quoting]) == {id_of(repo, hostile): hostile}


SETTINGS = [
    ("diff.external", "false"),
    ("diff.noprefix", "true"),
    ("diff.mnemonicPrefix", "true"),
    ("diff.algorithm", "patience"),
    ("diff.algorithm", "histogram"),
    ("diff.indentHeuristic", "false"),
    ("diff.context", "0"),
    ("diff.interHunkContext", "20"),
    ("diff.orderFile", "/nowhere/order"),
    ("diff.relative", "true"),
    ("diff.renames", "copies"),
    ("diff.submodule", "log"),
    ("diff.ignoreSubmodules", "all"),
    ("diff.suppressBlankEmpty", "true"),
    ("diff.wsErrorHighlight", "all"),
    ("diff.colorMoved", "zebra"),
    ("diff.tool.textconv", "false"),
    ("diff.tool.command", "false"),
    ("diff.tool.binary", "true"),
    ("color.ui", "always"),
    ("color.diff", "always"),
    ("core.quotePath", "false"),
    ("core.abbrev", "4"),
    ("core.whitespace", "trailing-space"),
    ("format.pretty", "oneline"),
    ("log.decorate", "full"),
    ("log.showRoot", "false"),
    ("log.showSignature", "true"),
    ("log.diffMerges", "first-parent"),
    ("log.follow", "true"),
    ("notes.displayRef", "refs/notes/*"),
    ("patchid.stable", "false"),
    ("patchid.verbatim", "false"),
]


@pytest.mark.parametrize(("key", "value"), SETTINGS, ids=lambda value: value)
def test_no_setting_of_a_user_keeps_a_change_from_being_known(repo: Sandbox, key: str, value: str) -> None:
    """An id is never kept, so all that counts is that a setting does not tell the two ways of asking apart."""
    blocks = "".join(f"func f{number}() {{\n\treturn\n}}\n\n" for number in range(6))
    root = repo.commit("base", {"a.go": blocks, "ünï": LINES, "tool": "x\n", ".gitattributes": "tool diff=tool\n"})
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{root},sub")
    repo.git("commit", "--quiet", "-m", "submodule")
    below = repo.git("rev-parse", "HEAD")
    repo.git("update-index", "--cacheinfo", f"160000,{below},sub")
    moved = blocks.replace("func f3() {\n", "func g() {\n\treturn\n}\n\nfunc f3() {\n").replace("f1()", "h()")
    (repo.path / "a.go").rename(repo.path / "b.go")
    repo.write("b.go", moved)
    repo.write("copy", LINES)
    repo.write("ünï", LINES.replace("line 20\n", "\n").replace("line 5\n", "5 \n").replace("line 12\n", ""))
    repo.write("tool", "y\n")
    repo.git("add", "a.go", "b.go", "copy", "ünï", "tool")
    repo.git("commit", "--quiet", "-m", "change")
    change = repo.git("rev-parse", "HEAD")
    repo.git("notes", "add", "-m", "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-x\n+y\n", change)
    plain = patch_of(repo.repository, below, change)
    repo.git("config", key, value)
    assert patches_of(repo.repository, [change]) == {patch_of(repo.repository, below, change): change}
    if not key.startswith(("core.quotePath", "diff.tool.binary", "diff.suppressBlankEmpty", "patchid.")):
        assert patch_of(repo.repository, below, change) == plain
