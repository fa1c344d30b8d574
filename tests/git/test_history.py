"""Commits, read many at once."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from migrate.git.history import TreeChange, read_history

if TYPE_CHECKING:
    from tests.conftest import Sandbox


def test_a_commit_is_read_with_everything_that_it_says(repo: Sandbox) -> None:
    base = repo.commit("base", {"a": "1", "b": "2"})
    (repo.path / "b").unlink()
    head = repo.commit("Title ü\n\nBody\nlines", {"a": "3", "c": "4"})
    (commit,) = read_history(repo.repository, [head], [base]).values()
    null, name = repo.repository.null_oid, repo.repository.objects.hash_blob
    assert (commit.oid, commit.tree, commit.parents) == (head, repo.git("rev-parse", "HEAD^{tree}"), (base,))
    assert (commit.author, commit.date) == ("Ada Lovelace <ada@example.com>", "2024-05-01T12:00:00+00:00")
    assert commit.message.rstrip("\n") == "Title ü\n\nBody\nlines"
    assert commit.subject == "Title ü"
    assert commit.changes == (
        TreeChange("M", "a", "100644", "100644", name(b"1"), name(b"3")),
        TreeChange("D", "b", "100644", "000000", name(b"2"), null),
        TreeChange("A", "c", "000000", "100644", null, name(b"4")),
    )


def test_newest_first_and_nothing_that_the_excluded_contain(repo: Sandbox) -> None:
    a, b, c, d = (repo.commit(name, {"f": name}) for name in "abcd")
    assert list(read_history(repo.repository, [d, c, d], [a])) == [d, c, b]
    assert read_history(repo.repository, [a], [d]) == {}
    assert read_history(repo.repository, []) == {}


def test_a_message_cannot_be_taken_for_the_next_commit(repo: Sandbox) -> None:
    hostile = "a" * 40 + "\n\n:100644 100644 " + "b" * 40 + " " + "c" * 40 + " M\n" + "d" * 40
    base = repo.commit(hostile, {"a": "1"})
    head = repo.commit("next", {"b" * 40: "1", "M": "2", ":100644": "3"})
    found = read_history(repo.repository, [head])
    assert found[base].message.strip() == hostile
    assert [change.path for change in found[head].changes] == [":100644", "M", "b" * 40]
    assert set(found) == {base, head}


def test_empty_messages_and_commits_without_changes_keep_their_place(repo: Sandbox) -> None:
    a = repo.commit("a", {"a": "1"})
    repo.git("commit", "--quiet", "--allow-empty", "--allow-empty-message", "-m", "")
    b = repo.git("rev-parse", "HEAD")
    c = repo.commit("c", {"c": "1"})
    found = read_history(repo.repository, [c])
    assert [(oid, commit.message.strip(), len(commit.changes)) for oid, commit in found.items()] == [
        (c, "c", 1),
        (b, "", 0),
        (a, "a", 1),
    ]


def test_strange_paths_and_changed_types_survive(repo: Sandbox) -> None:
    paths = ["with \n feed", "ta\tb", "raw\udcff", 'quo"te\\', "deadbeef"]
    repo.commit("a", dict.fromkeys(paths, "1"))
    (repo.path / "deadbeef").unlink()
    (repo.path / "deadbeef").symlink_to("x")
    head = repo.commit("b", dict.fromkeys(paths[:4], "2"))
    (commit, _) = read_history(repo.repository, [head]).values()
    assert {change.path: change.status for change in commit.changes} == {
        **dict.fromkeys(paths[:4], "M"),
        "deadbeef": "T",
    }


def test_a_merge_has_two_parents_and_no_changes(repo: Sandbox) -> None:
    a = repo.commit("a", {"a": "1"})
    repo.git("switch", "--quiet", "-c", "side")
    b = repo.commit("b", {"b": "1"})
    repo.git("switch", "--quiet", "main")
    c = repo.commit("c", {"c": "1"})
    repo.git("merge", "--quiet", "--no-ff", "-m", "merge", "side")
    found = read_history(repo.repository, [repo.git("rev-parse", "HEAD")], [a])
    merge = found[repo.git("rev-parse", "HEAD")]
    assert (merge.parents, merge.changes) == ((c, b), ())
    assert set(found) == {merge.oid, b, c}


def test_without_changes_only_the_commits_are_read(repo: Sandbox) -> None:
    a = repo.commit("a", {"a": "1"})
    assert read_history(repo.repository, [a], changes=False)[a].changes == ()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("log.showRoot", "false"),
        ("log.showSignature", "true"),
        ("i18n.logOutputEncoding", "ISO-8859-1"),
        ("color.ui", "always"),
        ("diff.renames", "copies"),
        ("diff.ignoreSubmodules", "all"),
        ("log.decorate", "full"),
        ("format.pretty", "oneline"),
        ("log.abbrevCommit", "true"),
        ("log.date", "relative"),
        ("log.diffMerges", "first-parent"),
        ("core.quotePath", "false"),
        ("diff.noprefix", "true"),
        ("log.mailmap", "false"),
    ],
)
def test_no_setting_of_a_user_changes_what_is_read(repo: Sandbox, key: str, value: str) -> None:
    root = repo.commit("Äpfel", {"a": "1", "d/b": "1"})
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{root},sub")
    repo.git("mv", "a", "c")
    repo.git("commit", "--quiet", "-m", "b")
    signed = repo.repository.git.run("cat-file", "commit", "HEAD").stdout.replace(
        b"\n\n", b"\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n -----END PGP SIGNATURE-----\n\n", 1
    )
    tip = repo.repository.git.run("hash-object", "-t", "commit", "-w", "--stdin", stdin=signed).text
    before = read_history(repo.repository, [tip])
    repo.git("config", key, value)
    assert read_history(repo.repository, [tip]) == before
    assert len(before[root].changes) == 2
    assert {change.path for change in before[tip].changes} == {"a", "c", "sub"}


def test_a_message_in_another_encoding_comes_as_text(repo: Sandbox) -> None:
    repo.commit("a")
    command = ["git", "-c", "i18n.commitEncoding=ISO-8859-1", "commit", "--quiet", "--allow-empty", "-F", "-"]
    subprocess.run(command, cwd=repo.path, input="Äpfel".encode("latin-1"), check=True)
    head = repo.git("rev-parse", "HEAD")
    assert read_history(repo.repository, [head])[head].subject == "Äpfel"
