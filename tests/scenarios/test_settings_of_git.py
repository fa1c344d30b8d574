"""What a user has set in git changes neither the commits nor what is run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.story import PHASES, Story

ODD = '''\
    """Höre auf # hier.

    # No comment.


    Two empty lines above, and a space behind this. 
    """


    def apply(ws):
        ws.move("old", "nëw")
    '''  # noqa: W291
SETTINGS = {
    "commit.cleanup": "strip",
    "commit.template": "/nowhere/template",
    "commit.status": "false",
    "commit.verbose": "true",
    "core.commentChar": "M",
    "core.ignoreCase": "true",
    "core.fileMode": "false",
    "core.symlinks": "false",
    "core.precomposeUnicode": "true",
    "core.quotePath": "false",
    "core.editor": "false",
    "core.pager": "false",
    "diff.noprefix": "true",
    "diff.renames": "copies",
    "diff.external": "false",
    "diff.orderFile": "/nowhere/order",
    "diff.ignoreSubmodules": "all",
    "status.showUntrackedFiles": "all",
    "status.branch": "true",
    "log.showSignature": "true",
    "log.date": "relative",
    "log.follow": "true",
    "log.mailmap": "false",
    "log.decorate": "full",
    "format.pretty": "oneline",
    "color.ui": "always",
    "column.ui": "always",
    "grep.patternType": "fixed",
    "grep.lineNumber": "true",
    "grep.fullName": "false",
    "i18n.commitEncoding": "ISO-8859-1",
    "i18n.logOutputEncoding": "ISO-8859-1",
    "init.defaultRefFormat": "files",
    "checkout.guess": "true",
    "checkout.defaultRemote": "elsewhere",
    "push.default": "matching",
    "push.autoSetupRemote": "true",
    "branch.autoSetupMerge": "always",
    "branch.autoSetupRebase": "always",
    "merge.renames": "false",
    "merge.conflictStyle": "diff3",
    "notes.displayRef": "refs/notes/*",
    "notes.rewriteRef": "refs/notes/*",
    "trailer.separators": "#",
    "extensions.worktreeConfig": "true",
}


def stepped(story: Story) -> list[str]:
    """What `run` and the revert of a landed phase make."""
    story.made("run")
    story.git("branch", "--force", "main", "migrate/tidy/p02-drop-notes")
    story.made("rollback", "p02", "--yes")
    branches = ("migrate/tidy/p01-odd", "migrate/tidy/p02-drop-notes", "migrate/tidy/revert-p02-drop-notes")
    return [story.git("cat-file", "commit", branch) for branch in branches]


@pytest.fixture
def expected(story: Story, tmp_path: Path) -> list[str]:
    """The commits that are made of the same repository without any setting."""
    story.begin(p01_odd=ODD, p02_drop_notes=PHASES["p03_drop_notes.py"])
    story.git("clone", "--quiet", ".", str(tmp_path / "plain"))
    other = Story(tmp_path / "plain")
    other.capture = story.capture
    other.git("remote", "remove", "origin")
    return stepped(other)


def test_all_settings_together_change_no_byte_of_a_commit(story: Story, expected: list[str]) -> None:
    for key, value in SETTINGS.items():
        story.git("config", key, value)
    assert stepped(story) == expected
    story.type("log").ended(0, "Höre auf")
    assert story.type("where", "old/a.txt").out == "nëw/a.txt\n"


def test_settings_of_one_work_tree_are_heeded_there(story: Story, tmp_path: Path) -> None:
    story.begin()
    linked = tmp_path / "linked"
    story.git("worktree", "add", "--quiet", "-b", "beside", str(linked))
    story.git("config", "extensions.worktreeConfig", "true")
    story.git("config", "--worktree", "user.name", "Somebody Else", cwd=linked)
    story.migrate("next", cwd=linked).ended(0)
    story.migrate("next", "--plan", str(story.path / "migrate.toml")).ended(0)
    authors = story.git("log", "--format=%an", "-2", "migrate/tidy/p02-add-guide")
    assert authors.split("\n") == ["Ada Lovelace", "Somebody Else"]


def test_names_that_differ_only_in_case_are_kept_apart_where_git_is_told_to_ignore_it(story: Story) -> None:
    story.begin(p01_move='"""Move."""\n\n\ndef apply(ws):\n    ws.move("old", "new")\n')
    story.git("config", "core.ignoreCase", "false")
    story.commit("Case", {"Twin/x.txt": "1\n", "twin/y.txt": "2\n", "README": "3\n", "readme": "4\n"})
    story.git("config", "core.ignoreCase", "true")
    story.made("next")
    assert {"Twin/x.txt", "twin/y.txt", "README", "readme", "new/a.txt"} <= story.files("HEAD")
    assert (story.path / "readme").read_text() == "4\n"
    story.untouched()


def test_nobody_s_commits_are_refused_where_git_must_not_guess(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.begin()
    for name in ("name", "email"):
        story.git("config", "--global", "--unset", f"user.{name}")
    story.git("config", "user.useConfigOnly", "true")
    before = story.refs()
    story.type("next").ended(1, "git does not know who you are", 'git config user.name "Your Name"')
    assert story.refs() == before
    story.git("config", "user.name", "Ada")
    story.git("config", "user.email", "ada@example.com")
    story.made("next")


def test_a_monitor_of_the_file_system_is_never_started(story: Story, tmp_path: Path) -> None:
    story.begin()
    monitor = tmp_path / "monitor"
    monitor.write_text('#!/bin/sh\ntouch "$0.ran"\n')
    monitor.chmod(0o755)
    story.git("config", "core.fsmonitor", str(monitor))
    story.made("next").made("run").made("status").made("log").made("rollback", "p02", "--yes")
    assert not (tmp_path / "monitor.ran").exists()


def test_git_tidies_nothing_up_while_a_step_is_made(
    story: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.begin()
    for key in ("gc.auto", "gc.autoPackLimit", "maintenance.commit-graph.auto", "maintenance.loose-objects.auto"):
        story.git("config", key, "1")
    story.git("config", "maintenance.auto", "true")
    story.git("config", "gc.autoDetach", "false")
    story.git("config", "core.looseCompression", "1")  # Now git writes each object.
    tidying, trace = re.compile(r"gc --auto|maintenance|repack"), tmp_path / "trace"
    monkeypatch.setenv("GIT_TRACE", str(trace))
    story.commit("Many objects", {f"many/{number}": f"{number}\n" for number in range(600)})
    assert tidying.search(trace.read_text()), "git itself would"
    trace.unlink()
    story.made("run").made("rollback", "p02", "--yes").made("validate", "--again")
    assert "fast-import" in trace.read_text()
    assert not tidying.search(trace.read_text())
