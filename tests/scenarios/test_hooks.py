"""The user's commit hooks look at every phase, as they look at every `git commit`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.story import PHASES, Story

FIRST, SECOND, THIRD = "migrate/tidy/p01-move-old", "migrate/tidy/p02-add-guide", "migrate/tidy/p03-drop-notes"
GERRIT = """\
git interpret-trailers --in-place --trailer "Change-Id: I0123" "$1"
"""
EVERY_HOOK = (
    *("applypatch-msg", "commit-msg", "fsmonitor-watchman", "post-applypatch", "post-checkout", "post-commit"),
    *("post-index-change", "post-merge", "post-rewrite", "post-update", "pre-applypatch", "pre-auto-gc", "pre-commit"),
    *("pre-merge-commit", "pre-push", "pre-rebase", "prepare-commit-msg", "reference-transaction", "update"),
)


def hook(story: Story, name: str, script: str, folder: str = ".git/hooks") -> Path:
    """Write a hook; `$SEEN` is a file in which it can leave what it saw."""
    file = story.write(f"{folder}/{name}", f"#!/bin/sh\nSEEN={seen_by(story)}\n{script}")
    file.chmod(0o755)
    return file


def seen_by(story: Story) -> Path:
    """Where hooks leave what they saw."""
    return story.path / ".git/seen"


def seen(story: Story) -> list[str]:
    """What the hooks saw, line by line."""
    return seen_by(story).read_text().splitlines() if seen_by(story).exists() else []


def message(story: Story, branch: str) -> str:
    """The message of a branch's last commit."""
    return story.git("log", "-1", "--format=%B", branch)


@pytest.mark.parametrize("options", [(), ("--no-validate",)])
def test_a_hook_sees_the_parent_as_head_and_the_phase_in_index_and_work_tree(
    story: Story, options: tuple[str, ...]
) -> None:
    story.begin()
    hook(
        story,
        "pre-commit",
        'git log -1 --format=%s >> "$SEEN"\n'
        'git diff --cached -M --name-status >> "$SEEN"\n'
        'git diff --name-only >> "$SEEN"\ngit ls-files --others -- ":(glob)**" >> "$SEEN"\n'
        'test -e new/a.txt -a ! -e old/a.txt && echo there >> "$SEEN"\n',
    )
    story.made("run", *options)
    assert seen(story) == [
        *("Begin", "M\tREADME.md", "R100\told/a.txt\tnew/a.txt", "R100\told/b.txt\tnew/b.txt", "there"),
        *("Move old to new", "A\tguide.md", "there"),
        *("Add a guide", "D\tnotes.txt", "there"),
    ]
    story.untouched()
    story.sound()


@pytest.mark.parametrize("options", [(), ("--no-validate",)])
def test_a_hook_that_refuses_leaves_nothing_of_the_phase_and_is_quoted(story: Story, options: tuple[str, ...]) -> None:
    story.begin()
    hook(story, "pre-commit", "if test -e guide.md; then echo 'guide.md:1: no guides here' >&2; exit 3; fi\n")
    ran = story.type("run", *options).ended(1)
    assert "phases/p02_add_guide.py: the pre-commit hook exited with 3:\n    guide.md:1: no guides here" in ran.err
    assert "--no-verify leaves hooks out" in ran.err
    assert set(story.refs("refs/heads")) == {"refs/heads/main", f"refs/heads/{FIRST}"}
    assert story.states() == ["passed" if not options else "waiting", "pending", "pending"]
    assert story.branch() == FIRST
    story.untouched()
    story.type("next", "--no-verify").ended(0)
    assert story.branch() == SECOND


def test_a_refusal_is_the_error_in_json(story: Story) -> None:
    story.begin()
    hook(story, "pre-commit", "exit 1\n")
    ran = story.migrate("next", "--json").ended(1)
    error = ran.json["error"]
    assert (error["code"], error["where"]) == ("phase-failed", "phases/p01_move_old.py")
    assert error["message"] == "the pre-commit hook exited with 1 and said nothing"
    assert ran.json["made"] == []


def test_no_verify_runs_neither_hook(story: Story) -> None:
    story.begin()
    hook(story, "pre-commit", "exit 1\n")
    hook(story, "commit-msg", "exit 1\n")
    story.made("next", "--no-verify").made("run", "--no-verify")
    assert story.branch() == THIRD


def test_a_hook_that_is_not_executable_is_passed_over_as_git_does(story: Story) -> None:
    story.begin()
    hook(story, "pre-commit", "exit 1\n").chmod(0o644)
    story.made("next")
    assert not (story.slots / "hooks-1").exists()


def test_without_a_hook_no_slot_is_made_for_them(story: Story) -> None:
    story.begin().made("run", "--no-validate")
    assert not story.slots.exists()


def test_what_a_hook_changes_in_files_stays_out_of_the_commit(story: Story) -> None:
    story.begin()
    hook(story, "pre-commit", "echo changed >> README.md; echo new > made.txt\n")
    story.made("next")
    assert story.git("show", f"{FIRST}:README.md") == "See new/a.txt."
    assert "made.txt" not in story.files(FIRST)
    story.made("run")
    assert "made.txt" not in story.files(THIRD)


@pytest.mark.parametrize("options", [(), ("--no-validate",)])
def test_what_a_hook_adds_to_the_index_is_in_the_commit_and_the_next_phase_sees_it(
    story: Story, options: tuple[str, ...]
) -> None:
    reads = '"""Read."""\n\n\ndef apply(ws):\n    ws.write("found.txt", "\\n".join(ws.holding("added by a hook")))\n'
    story.begin(p01_move_old=PHASES["p01_move_old.py"], p02_read=reads)
    hook(
        story,
        "pre-commit",
        "echo added by a hook > made.txt; git add made.txt; git rm -q --cached --ignore-unmatch new/b.txt\n",
    )
    story.made("run", *options)
    assert story.git("show", f"{FIRST}:made.txt") == "added by a hook"
    assert "new/b.txt" not in story.files(FIRST)
    assert story.git("show", "migrate/tidy/p02-read:found.txt") == "made.txt\nphases/p02_read.py"
    assert story.git("rev-parse", "migrate/tidy/p02-read^") == story.git("rev-parse", FIRST)
    assert story.status()["phases"][0]["files"] == {"moved": 1, "rewritten": 1, "written": 1, "deleted": 1}
    story.sound()


@pytest.mark.parametrize("options", [(), ("--no-validate",)])
def test_what_a_hook_adds_to_the_message_is_kept_and_the_phase_is_known_by_it(
    story: Story, options: tuple[str, ...]
) -> None:
    story.begin()
    hook(story, "commit-msg", GERRIT)
    story.made("run", *options)
    for branch in (FIRST, SECOND, THIRD):
        assert message(story, branch).rstrip().endswith("Change-Id: I0123")
    assert story.type("where", "old/a.txt").out == "new/a.txt\n"
    story.made("validate", "--all")
    assert story.states() == ["passed"] * 3
    story.git("switch", "--quiet", "main")
    story.git("merge", "--quiet", "--squash", FIRST)
    story.git("commit", "--quiet", "--no-verify", "--message", message(story, FIRST))
    assert story.states()[0] == "landed"


def test_a_message_is_refused_by_its_hook(story: Story) -> None:
    story.begin()
    hook(story, "commit-msg", 'head -1 "$1" | grep -q "^feat:" || { echo "say feat: or fix:"; exit 1; }\n')
    before = story.refs()
    story.type("next").ended(1, "the commit-msg hook exited with 1:\n    say feat: or fix:", "--no-verify")
    assert story.refs() == before


@pytest.mark.parametrize("edit", ['head -1 "$1" > t; mv t "$1"', 'fold -w 10 "$1" > t; mv t "$1"', 'rm "$1"'])
def test_a_hook_that_takes_our_trailers_away_is_refused(story: Story, edit: str) -> None:
    story.begin()
    hook(story, "commit-msg", edit + "\n")
    before = story.refs()
    story.type("next").ended(1, "the commit-msg hook changed the lines by which", "--no-verify")
    assert story.refs() == before


def test_hooks_are_found_where_core_hooks_path_says_also_beside_the_files(story: Story) -> None:
    story.begin()
    story.git("config", "core.hooksPath", ".hooks")
    hook(story, "pre-commit", 'echo "$0" >> "$SEEN"\n', folder=".hooks")
    hook(story, "pre-commit", "exit 1\n")
    story.made("next", "--no-validate")
    assert seen(story) == [str(story.path / ".hooks/pre-commit")]


def test_hooks_are_found_from_a_folder_and_from_a_linked_work_tree(story: Story, tmp_path: Path) -> None:
    story.begin()
    hook(story, "pre-commit", 'git diff --cached --name-only >> "$SEEN"\n')
    linked = tmp_path / "linked"
    story.git("worktree", "add", "--quiet", "-b", "beside", str(linked))
    story.migrate("run", "--to", "p02", cwd=linked / "phases").ended(0)
    assert seen(story)[-1] == "guide.md"
    story.migrate("--plan", str(story.path / "migrate.toml"), "next", cwd=story.path / "phases").ended(0)
    assert seen(story)[-1] == "notes.txt"


def test_a_hook_has_the_environment_that_git_gives_it_and_none_of_ours(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    story.begin()
    hook(story, "pre-commit", 'env | grep ^GIT_ | cut -d= -f1 >> "$SEEN"; git config core.fsmonitor >> "$SEEN"\n')
    story.git("config", "core.fsmonitor", "theirs")
    story.made("next")
    ours = {"GIT_LITERAL_PATHSPECS", "GIT_OPTIONAL_LOCKS", "GIT_CEILING_DIRECTORIES"}
    assert ours.isdisjoint(seen(story))
    assert {"GIT_INDEX_FILE", "GIT_EDITOR", "theirs"} <= set(seen(story))


def test_a_hook_s_changes_to_the_slot_are_gone_for_the_next_one(story: Story) -> None:
    story.begin()
    hook(
        story, "pre-commit", 'ls junk >> "$SEEN" 2>/dev/null; touch junk; rm README.md; git checkout -q --orphan lost\n'
    )
    story.made("run", "--no-validate")
    assert seen(story) == []
    assert "README.md" in story.files(THIRD)


def test_looking_and_planning_run_no_hook(story: Story) -> None:
    uses_tool = '"""Use a tool."""\n\n\ndef apply(ws):\n    ws.run("sh", "-c", "echo x > x.txt")\n'
    story.begin(p01_move_old=PHASES["p01_move_old.py"], p02_tool=uses_tool)
    story.made("next")
    log_every_hook(story)
    for command in ("status", "plan", "log", "pr", "verify", "where old", "analyze"):
        story.type(*command.split()).ended(0)
    assert seen(story) == []


def test_a_step_runs_the_hooks_of_a_commit_and_those_of_the_switch_and_no_others(story: Story) -> None:
    story.begin()
    log_every_hook(story)
    story.made("next")
    ran = [name for name in seen(story) if name not in ("reference-transaction", "post-index-change")]
    assert ran == ["pre-commit", "commit-msg", "post-checkout"]
    story.made("validate", "--again").made("rollback", "p01", "--yes")
    assert [seen(story).count(name) for name in ("pre-commit", "commit-msg")] == [1, 1]


def log_every_hook(story: Story) -> None:
    """Hooks of every kind that write down their names."""
    for name in EVERY_HOOK:
        hook(story, name, f'echo {name} >> "$SEEN"\n')


def test_an_interrupt_ends_a_hook_and_the_step_works_again(story: Story, tmp_path: Path) -> None:
    story.begin()
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    hook(story, "pre-commit", f"touch left; echo begun > {fifo}; exec tail -f /dev/null\n")
    with story.started("next") as process:
        assert fifo.read_text() == "begun\n"
        process.terminate()
        assert process.wait() == 130
    assert set(story.refs("refs/heads")) == {"refs/heads/main"}
    hook(story, "pre-commit", 'ls >> "$SEEN"\n')
    story.made("next")
    assert "left" not in seen(story)
