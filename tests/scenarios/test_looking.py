"""Looking runs nothing: no phase, no hook, no program of the repository, and no template that does more than render."""

from __future__ import annotations

import subprocess
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from migrate.git.process import Git, Result
from migrate.stack.project import Project
from tests.scenarios.clones import Clones
from tests.story import PHASES, PLAN, Story, prepared

LOOKS = (
    ("status",),
    ("status", "--json"),
    ("status", "p01"),
    ("status", "p01", "--json"),
    ("log",),
    ("journal",),
    ("journal", "--json"),
    ("--help",),
    ("next", "--help"),
    ("pr",),
    ("pr", "--all"),
    ("pr", "p01", "--json"),
    ("where", "old/a.txt"),
    ("verify",),
    ("analyze",),
)
SIGNER = """#!/bin/sh
cat >/dev/null
echo "[GNUPG:] SIG_CREATED D" >&2
printf -- "-----BEGIN PGP SIGNATURE-----\\n\\nAA\\n-----END PGP SIGNATURE-----\\n"
"""
PROGRAMS = (
    *("core.fsmonitor", "core.pager", "pager.log", "core.editor", "sequence.editor", "gpg.program", "gpg.ssh.program"),
    *("diff.external", "diff.trap.command", "diff.trap.textconv", "merge.trap.driver", "core.sshCommand"),
    *("core.gitProxy", "core.askPass", "credential.helper", "core.alternateRefsCommand", "interactive.diffFilter"),
    *("remote.origin.uploadpack", "remote.origin.receivepack", "uploadpack.packObjectsHook"),
)
"""Settings whose value git runs."""
HOOKS = ("post-checkout", "post-index-change", "reference-transaction", "pre-commit", "post-commit", "query-watchman")


@pytest.fixture
@prepared
def trapped(story: Story) -> Story:
    """A migration with one phase made, in a repository in which everything that is run leaves a trace."""
    trace = story.path / ".git/trace"
    story.write("templates/unused.md.j2", "")
    phases = {
        file: dedent(text) + f'\n\n__import__("pathlib").Path("{trace}").touch()\n' for file, text in PHASES.items()
    }
    plan = PLAN.replace('title = "Tidy up"', 'title = "Tidy up"\ntemplates = "templates"')
    story.begin(plan, **{file.removesuffix(".py"): text for file, text in phases.items()})
    assert not trace.exists()
    story.made("next")
    trace.unlink()  # Making a phase does run it.
    signer = story.write(".git/signer", SIGNER)
    signer.chmod(0o755)
    story.git("-c", f"gpg.program={signer}", "commit", "--quiet", "--amend", "--no-edit", "--gpg-sign")
    program = f"#!/bin/sh\necho ran >>'{trace}'\nexit 1\n"
    for hook in HOOKS:
        file = story.write(f".git/hooks/{hook}", program)
        file.chmod(0o755)
    for key in PROGRAMS:
        story.git("config", key, str(story.path / ".git/hooks/pre-commit"))
    for command in ("log", "ls-tree", "for-each-ref", "cat-file"):
        story.git("config", f"alias.{command}", f"!{story.path / '.git/hooks/pre-commit'}")
    for key, value in (("log.showSignature", "true"), ("color.ui", "always")):
        story.git("config", key, value)
    story.write(".gitattributes", "* diff=trap filter=trap merge=trap\n")
    story.git("config", "filter.trap.clean", f"echo ran >>'{trace}'")
    story.git("config", "filter.trap.smudge", f"echo ran >>'{trace}'")
    return story


@pytest.mark.parametrize("arguments", LOOKS, ids=" ".join)
def test_a_look_leaves_no_trace(trapped: Story, arguments: tuple[str, ...]) -> None:
    before = snapshot(trapped.path)
    assert trapped.migrate(*arguments).code == 0
    assert snapshot(trapped.path) == before


def test_completion_leaves_no_trace(trapped: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    before = snapshot(trapped.path)
    for words, current in (("migrate rollback ", 2), ("migrate approve p01 ", 3), ("migrate ", 1)):
        monkeypatch.setenv("_MIGRATE_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(current))
        assert trapped.migrate().err == ""
    assert snapshot(trapped.path) == before


def test_the_traps_are_set(trapped: Story) -> None:
    for command in (
        ["git", "status"],
        ["git", "log", "-1"],
        ["git", "switch", "--detach", "main"],
        ["git", "commit", "--allow-empty", "-mx"],
    ):
        (trapped.path / ".git/trace").unlink(missing_ok=True)
        subprocess.run(command, cwd=trapped.path, capture_output=True, check=False)
        assert (trapped.path / ".git/trace").exists(), command


@pytest.mark.parametrize(
    "template", ["{{ ''.__class__.__mro__ }}", "{{ phase.__init__.__globals__ }}", "{% include '/etc/passwd' %}"]
)
def test_a_template_of_the_plan_can_only_render(trapped: Story, template: str) -> None:
    without_traps = ("core.hooksPath=/dev/null", "filter.trap.clean=", "filter.trap.smudge=")
    options = [word for option in without_traps for word in ("-c", option)]
    trapped.git(*options, "switch", "--quiet", "--discard-changes", "main")
    trapped.write("templates/pull_request.md.j2", template)
    done = trapped.type("pr").ended(2, "pull_request.md.j2" if "include" not in template else "there is no template")
    assert "root:" not in done.text
    assert "<class" not in done.text


def snapshot(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below a folder with its time and content, but for what may be deleted: caches of what git says."""
    caches = (folder / ".git/migrate/cache", folder / ".git/migrate/plans")
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and not set(caches) & set(path.parents))
    return {str(path): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}


def test_git_is_asked_once_for_its_settings_however_often_a_clone_is_looked_at(
    clones: Clones, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, ...]] = []
    real = Git.run

    def counted(self: Git, *arguments: str, **options: Any) -> Result:
        asked.append(arguments)
        return real(self, *arguments, **options)

    monkeypatch.setattr(Git, "run", counted)
    project = Project.open(clones.bob.path, None)
    for _ in range(3):
        project.look()
    assert len([words for words in asked if words[0] == "config"]) == 1
