"""`ws.run`: a tool edits a checkout of the tree, and what it changed becomes part of it."""

from __future__ import annotations

import pytest

from migrate.errors import PhaseError
from migrate.execution.tools import tool_runner
from migrate.git.objects import EXECUTABLE
from migrate.phase.workspace import Workspace
from migrate.tree.overlay import Overlay


@pytest.fixture
def workspace(repo):
    """A workspace over a commit with two files and an ignore rule."""
    commit = repo.commit("first", {"a.txt": "a\n", "sub/b.txt": "b\n", ".gitignore": "*.tmp\n"})
    repository = repo.repository
    return Workspace(Overlay.of(repository.objects, commit), run_tool=tool_runner(repository))


def test_tool_sees_what_the_phase_did_and_its_changes_are_taken(workspace):
    workspace.write("new.txt", "new\n")
    workspace.move("sub", "moved")
    workspace.run("sh", "-c", "cat new.txt moved/b.txt > both.txt; rm a.txt; chmod +x new.txt; touch x.tmp")
    assert sorted(workspace.overlay.entries) == [".gitignore", "both.txt", "moved/b.txt", "new.txt"]
    assert workspace.read_text("both.txt") == "new\nb\n"
    assert workspace.overlay.entries["new.txt"].mode == EXECUTABLE


def test_second_tool_sees_what_the_first_did_and_no_ignored_file_of_it(workspace):
    workspace.run("sh", "-c", "echo 1 > one.txt; touch x.tmp")
    workspace.write("two.txt", "2\n")
    workspace.run("sh", "-c", "test ! -e x.tmp && cat one.txt two.txt > both.txt")
    assert workspace.read_text("both.txt") == "1\n2\n"


def test_what_a_tool_wrote_is_found_by_the_searches_that_follow(workspace):
    workspace.run("sh", "-c", "echo needle >> a.txt; echo needle > new.txt")
    assert workspace.holding("needle") == ["a.txt", "new.txt"]
    workspace.overlay = workspace.overlay.next()
    assert workspace.holding("needle") == ["a.txt", "new.txt"]


def test_line_ends_that_git_would_warn_of_do_not_keep_a_tool_from_running(repo, workspace):
    repo.git("config", "core.autocrlf", "input")
    repo.git("config", "core.safecrlf", "true")
    workspace.run("sh", "-c", r"printf 'x\r\n' > new.txt")
    assert workspace.read("new.txt") == b"x\n"


@pytest.mark.parametrize("bit", ["--skip-worktree", "--assume-unchanged"])
def test_what_a_tool_changed_is_taken_though_it_told_git_not_to_look(workspace, bit):
    workspace.run("sh", "-c", f"git update-index {bit} a.txt sub/b.txt; echo changed > a.txt; rm sub/b.txt")
    assert workspace.read_text("a.txt") == "changed\n"
    assert not workspace.exists("sub/b.txt")


def test_tool_that_changes_nothing_changes_nothing(workspace):
    workspace.run("true")
    assert workspace.overlay.changes() == {}


def test_stored_line_ends_are_not_changed_by_a_tool_that_does_not_touch_them(repo):
    repo.commit("first", {"crlf.txt": "a\r\n"})
    commit = repo.commit("second", {".gitattributes": "* text\n"})
    before = repo.repository.objects.tree(commit)
    repo.git("config", "core.autocrlf", "true")
    workspace = Workspace(Overlay.of(repo.repository.objects, commit), run_tool=tool_runner(repo.repository))
    workspace.run("sh", "-c", "echo x > new.txt")
    assert workspace.overlay.entries["crlf.txt"] == before["crlf.txt"]
    assert workspace.overlay.changes().keys() == {"new.txt"}


def test_same_tree_and_tool_give_the_same_tree(repo, workspace):
    again = Workspace(workspace.overlay.next(), run_tool=tool_runner(repo.repository))
    for one in (workspace, again):
        one.run("sh", "-c", "date +%Y > /dev/null; tr a-z A-Z < a.txt > upper.txt")
    assert workspace.overlay.entries == again.overlay.entries


def test_refs_and_work_tree_of_the_user_stay(repo, workspace):
    before = repo.git("for-each-ref"), repo.git("status", "--porcelain")
    workspace.run("sh", "-c", "echo x > new.txt")
    assert (repo.git("for-each-ref"), repo.git("status", "--porcelain")) == before


def test_tool_that_is_not_installed_is_an_error(workspace):
    with pytest.raises(PhaseError, match=r"^ws\.run: no-such-tool is not installed$"):
        workspace.run("no-such-tool", "x")


def test_tool_that_fails_is_an_error_with_what_it_said(workspace):
    with pytest.raises(PhaseError) as caught:
        workspace.run("sh", "-c", "echo that was wrong; exit 3")
    assert str(caught.value).startswith('ws.run("sh -c echo that was wrong; exit 3") exited with 3:')
    assert str(caught.value).endswith("\n    that was wrong")
    assert "tools-1.log" in caught.value.advice
    assert workspace.overlay.changes() == {}
