"""Merging three trees without a work tree."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from migrate.git.merge import ConflictError, cherry_pick, conflict_key, merge_trees, synthetic
from migrate.git.repository import Repository

if TYPE_CHECKING:
    from tests.conftest import Sandbox


def tree(repo: Sandbox, files: Mapping[str, str | bytes]) -> str:
    """A tree of just these files."""
    repo.git("rm", "-r", "-q", "--ignore-unmatch", ".")
    return repo.git("rev-parse", f"{repo.commit('tree', files)}^{{tree}}")


def three(repo: Sandbox, path: str = "f") -> dict[str, str]:
    """Three trees that do not merge."""
    return {name: tree(repo, {path: f"{name}\n", "same": "same\n"}) for name in ("base", "ours", "theirs")}


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "expected"),
    [("a", "a", "b", "b"), ("a", "b", "b", "b"), ("a", "b", "a", "b"), ("a", "a", "a", "a")],
)
def test_where_only_one_side_changed_nothing_is_merged(
    tmp_path: Path, base: str, ours: str, theirs: str, expected: str
) -> None:
    # No repository is there at all: whatever ran git would fail.
    nowhere = Repository(tmp_path / "gone", tmp_path / "gone", None, "sha1")
    assert cherry_pick(nowhere, {}, base=base, ours=ours, theirs=theirs) == expected


def test_changes_of_both_sides_come_together(repo: Sandbox) -> None:
    base = tree(repo, {"a": "1\n2\n3\n4\n5\n", "b": "b\n", "gone": ""})
    ours = tree(repo, {"a": "ours\n2\n3\n4\n5\n", "b": "b\n", "gone": "", "new": ""})
    theirs = tree(repo, {"a": "1\n2\n3\n4\ntheirs\n", "b": "b\n"})
    expected = tree(repo, {"a": "ours\n2\n3\n4\ntheirs\n", "b": "b\n", "new": ""})
    before = repo.git("for-each-ref"), repo.git("status", "--porcelain")
    assert cherry_pick(repo.repository, {}, base=base, ours=ours, theirs=theirs) == expected
    assert (repo.git("for-each-ref"), repo.git("status", "--porcelain")) == before


def test_the_order_of_the_trees_in_history_plays_no_part(repo: Sandbox) -> None:
    # In history `base` is the newest of the three: the merge base is what was asked for, not what git would find.
    ours, theirs, base = (tree(repo, {"a": a, "b": b}) for a, b in (("1", ""), ("", "1"), ("", "")))
    merged = merge_trees(repo.repository, base=base, ours=ours, theirs=theirs)
    assert (merged.tree, merged.conflicts) == (tree(repo, {"a": "1", "b": "1"}), ())


def test_a_conflict_says_which_paths_and_shows_both_sides(repo: Sandbox) -> None:
    trees = three(repo)
    with pytest.raises(ConflictError, match="conflict in f") as refused:
        cherry_pick(repo.repository, {}, **trees)
    conflict = refused.value.conflict
    assert (conflict.base, conflict.ours, conflict.theirs) == tuple(trees.values())
    assert conflict.paths == ("f",)
    shown = repo.git("show", f"{conflict.merged}:f").splitlines()
    assert [line[:7] for line in shown] == ["<<<<<<<", "ours", "=======", "theirs", ">>>>>>>"]
    assert repo.git("show", f"{conflict.merged}:same") == "same"
    assert conflict.key == conflict_key(**trees)
    assert refused.value.exit_code == 5


def test_a_file_that_one_side_deleted_and_the_other_changed_conflicts(repo: Sandbox) -> None:
    base = tree(repo, {"f": "1\n", "g": ""})
    ours = tree(repo, {"g": ""})
    theirs = tree(repo, {"f": "2\n", "g": ""})
    with pytest.raises(ConflictError) as refused:
        cherry_pick(repo.repository, {}, base=base, ours=ours, theirs=theirs)
    assert refused.value.conflict.paths == ("f",)


@pytest.mark.parametrize("path", ["with space", "line\nfeed", "ta\tb", "ünï", "raw\udcff", 'quo"te', "-dash", "d/ü/f"])
def test_a_conflict_has_its_path_as_it_is(repo: Sandbox, path: str) -> None:
    with pytest.raises(ConflictError) as refused:
        cherry_pick(repo.repository, {}, **three(repo, path))
    assert refused.value.conflict.paths == (path,)


def test_what_a_person_settled_is_used_and_nothing_else_is(repo: Sandbox) -> None:
    trees = three(repo)
    settled = tree(repo, {"f": "both\n"})
    assert cherry_pick(repo.repository, {conflict_key(**trees): settled}, **trees) == settled
    other = conflict_key(trees["base"], trees["theirs"], trees["ours"])
    with pytest.raises(ConflictError):
        cherry_pick(repo.repository, {other: settled}, **trees)


def test_a_resolution_is_not_asked_where_only_one_side_changed(repo: Sandbox) -> None:
    a, b = tree(repo, {"f": "a"}), tree(repo, {"f": "b"})
    assert cherry_pick(repo.repository, {conflict_key(a, a, b): a}, base=a, ours=a, theirs=b) == b


def test_the_key_of_a_conflict_is_of_these_trees_in_these_places() -> None:
    keys = {conflict_key(*trees) for trees in ("abc", "acb", "bac", "bca", "cab", "cba")}
    assert len(keys) == 6
    assert conflict_key("a", "b", "c") == conflict_key("a", "b", "c")
    assert all(len(key) == 16 and set(key) <= set("0123456789abcdef") for key in keys)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("merge.conflictStyle", "diff3"),
        ("merge.renames", "false"),
        ("merge.ff", "only"),
        ("merge.verifySignatures", "true"),
        ("merge.renormalize", "true"),
        ("diff.renames", "copies"),
        ("diff.algorithm", "patience"),
        ("core.quotePath", "false"),
        ("color.ui", "always"),
        ("i18n.commitEncoding", "ISO-8859-1"),
        ("commit.gpgSign", "true"),
        ("user.useConfigOnly", "true"),
    ],
)
def test_no_setting_of_a_user_changes_what_merges_and_what_conflicts(repo: Sandbox, key: str, value: str) -> None:
    trees = three(repo)
    lines = "".join(f"{number}\n" for number in range(20))
    base = tree(repo, {"old/a": lines, "old/b": lines + "b\n"})
    ours = tree(repo, {"new/a": lines, "new/b": lines + "b\n"})
    theirs = tree(repo, {"old/a": "first\n" + lines, "old/b": lines + "b\n", "old/c": "c\n"})

    def outcomes() -> list[object]:
        found: list[object] = []
        for case in (trees, {"base": base, "ours": ours, "theirs": theirs}):
            merged = merge_trees(repo.repository, **case)
            found.append(merged.conflicts or merged.tree)
        return found

    before = outcomes()
    repo.git("config", key, value)
    assert outcomes() == before


def test_a_commit_that_nothing_names_is_the_same_whenever_it_is_made(repo: Sandbox) -> None:
    oid = tree(repo, {"f": ""})
    one = synthetic(repo.repository, oid, message="x")
    assert one == synthetic(repo.repository, oid, message="x")
    assert repo.repository.tree_of(one) == oid
    child = synthetic(repo.repository, oid, one)
    assert repo.git("rev-parse", f"{child}^") == one
