"""The ignore rules of a tree, against git's own reading of them."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from migrate.errors import PathError
from migrate.git.objects import SYMLINK, TreeEntry
from migrate.phase.workspace import Workspace
from migrate.text import decode, encode
from migrate.tree.gitignore import Gitignore, Rule
from migrate.tree.overlay import Overlay
from migrate.tree.searches import Searches
from migrate.tree.written import Written

if TYPE_CHECKING:
    from tests.conftest import Sandbox

PROPERTY = settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

names = st.sampled_from(["a", "b", "ab", "data", "a b", "a.go", "[a]", "*", "!a", "#a", "a ", "ä"])
files = st.lists(names, min_size=1, max_size=4).map("/".join)
pieces = st.sampled_from(
    [
        *("a", "b", "data", "a*", "*", "**", "a**", "?", "[ab]", "[!a]", "[a-c]", "[]a]", "[[]a]", "[\\]]"),
        *("[[:alpha:]]", "[[:foo:]]", "[a", "[z-a]", "[:a]", "*.go", "\\a", "\\*", "\\", "a b", "ä", "a\\ "),
    ]
)
patterns = st.builds(
    lambda bang, head, parts, tail: bang + head + "/".join(parts) + tail,
    st.sampled_from(["", "", "", "!", "\\!", "#", "\\#"]),
    st.sampled_from(["", "", "/", "**/"]),
    st.lists(pieces, min_size=1, max_size=3),
    st.sampled_from(["", "", "/", "/*", "/**", " ", "\r", "\t"]),
)
ignore_files = st.lists(patterns | st.sampled_from(["", " ", "# comment"]), max_size=5).map("\n".join)


def tree(repo: Sandbox, files: dict[str, str]) -> Overlay:
    """A tree in memory."""
    objects = repo.repository.objects
    overlay = Overlay(objects, "", {}, {}, {}, Searches(objects, "", {}, in_memory=True), Written(objects))
    for path, text in files.items():
        overlay.put(path, encode(text))
    return overlay


def answers(repo: Sandbox, ignores: dict[str, str], asked: list[str]) -> dict[str, Rule | None]:
    """What `git check-ignore` says of each path."""
    for path, text in ignores.items():
        repo.write(path, text)
    stdin = encode("".join(f"{path}\0" for path in asked))
    command = ["git", "check-ignore", "--no-index", "-v", "-n", "-z", "--stdin"]
    done = subprocess.run(command, cwd=repo.path, input=stdin, capture_output=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    said = iter(decode(done.stdout).split("\0")[:-1])
    found = {}
    for file, line, pattern, path in zip(said, said, said, said, strict=True):
        found[path] = None if not file or pattern.startswith("!") else Rule(file, int(line), pattern)
    return found


def agree(repo: Sandbox, ignores: dict[str, str], asked: list[str]) -> None:
    ignore = Gitignore(tree(repo, ignores))
    for path, rule in answers(repo, ignores, asked).items():
        found = ignore.hiding(path)
        assert (found and (found.file, found.line)) == (rule and (rule.file, rule.line)), (path, found, rule)


@PROPERTY
@given(ignore_files, st.lists(files, min_size=10, max_size=30))
@example("data/\n!data/kept", ["data/kept", "x/data/y", "data"])
@example("/a/*\n!/a/b\n", ["a/b", "a/c", "a/b/c", "b/a/c"])
@example("data/\n!services", ["services/data/x", "data/services", "services"])
@example("\ufeffa\n", ["a", "b/a"])
@example("a\r\nb\r\n", ["a", "b"])
@example("\n\n  \n# x\na", ["a"])
def test_the_top_ignore_file_is_read_as_git_reads_it(repo: Sandbox, text: str, asked: list[str]) -> None:
    agree(repo, {".gitignore": text}, asked)


@PROPERTY
@given(ignore_files, ignore_files, st.lists(files.map(lambda path: "data/" + path), min_size=10, max_size=30))
def test_a_nearer_ignore_file_has_the_last_word(repo: Sandbox, top: str, near: str, asked: list[str]) -> None:
    agree(repo, {".gitignore": top, "data/.gitignore": near}, asked)


@PROPERTY
@given(ignore_files, ignore_files, files.map(lambda path: "data/" + path))
@example("data/", "", "data/[a]/a b")
@example("*", "*", "data/!a/*/a ")
@example("[[]a]", "", "data/[a]")
def test_what_was_unhidden_git_adds(repo: Sandbox, top: str, near: str, path: str) -> None:
    overlay = tree(repo, {".gitignore": top, "data/.gitignore": near})
    Gitignore(overlay).unhide(path)
    ignores = {file: decode(overlay.content(entry.oid)) for file, entry in overlay.entries.items()}
    assert answers(repo, ignores, [path])[path] is None
    assert not Gitignore(overlay).hides(path)


def test_unhiding_a_folder_shows_everything_in_it_and_nothing_beside_it(repo: Sandbox) -> None:
    overlay = tree(repo, {".gitignore": "build\ndata/\n*.log\n"})
    Gitignore(overlay).unhide("services/data")
    text = overlay.content(overlay.entries[".gitignore"].oid).decode()
    assert text == "build\ndata/\n!/services/data/\n*.log\n"
    said = answers(repo, {".gitignore": text}, ["services/data/a/b.go", "data/a", "services/data/x.log"])
    assert [rule is None for rule in said.values()] == [True, False, False]


def test_unhiding_what_nothing_hides_changes_nothing(repo: Sandbox) -> None:
    overlay = tree(repo, {".gitignore": "data/\n"})
    before = dict(overlay.entries)
    Gitignore(overlay).unhide("internal/x")
    assert overlay.entries == before


def test_a_path_that_no_rule_can_name_is_refused(repo: Sandbox) -> None:
    overlay = tree(repo, {".gitignore": "*\n"})
    with pytest.raises(PathError, match="still hidden"):
        Gitignore(overlay).unhide("a\nb")


def test_the_refusal_names_the_rule_and_the_way_out(repo: Sandbox) -> None:
    workspace = Workspace(tree(repo, {".gitignore": "# data\n\ndata/\n"}))
    with pytest.raises(PathError) as refused:
        workspace.write("services/data/cache/x.go", "package cache\n")
    assert refused.value.message == (
        '.gitignore:3 "data/" hides "services/data/cache/x.go": new files there would never be added'
    )
    assert refused.value.advice == 'allow it in the phase first: ws.gitignore.unhide("services/data")'
    workspace.gitignore.unhide("services/data")
    workspace.write("services/data/cache/x.go", "package cache\n")
    assert workspace.read_text("services/data/cache/x.go") == "package cache\n"


def test_an_ignore_file_that_is_a_symlink_hides_nothing(repo: Sandbox) -> None:
    overlay = tree(repo, {"rules": "*\n"})
    overlay.entries[".gitignore"] = TreeEntry(SYMLINK, overlay.entries["rules"].oid)
    assert not Gitignore(overlay).hides("a")
