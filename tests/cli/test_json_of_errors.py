"""With `--json` standard output is one JSON value however a command ends, and an error in it has a stable code."""

from __future__ import annotations

import errno
import importlib
import json
import pkgutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

import migrate
from migrate.cli.command_names import COMMANDS
from migrate.errors import Exit, MigrateError
from migrate.journal.lock import locked
from tests.forges.on_github import on_github
from tests.scenarios.clones import Clones, clone, clones
from tests.story import BREAKING, PLAN, PROGRAM, Ran, Story

__all__ = ["clones"]
ARGUMENTS = {
    "approve": ("p01", "smoke"),
    "carry": ("feature",),
    "where": ("old/a.txt",),
    "validate": ("p01",),
    "rollback": ("p01",),
}
"""What a command needs, or should be given here."""
PLANLESS = {"init", "where", "analyze", "clean"}
MANY = ("submit",)
"""The commands that take any number of words."""
LOCKLESS = {"status", "plan", "log", "journal", "pr", "where", "analyze", "verify", "init", "clean"}
"""Commands that take no lock."""
FIRST = "migrate/tidy/p01-move-old"
RAISES = '''\
    """Raise."""


    def apply(ws):
        raise ValueError("no")
    '''


def words(command: str) -> tuple[str, ...]:
    return (command, *ARGUMENTS.get(command, ()))


def failed(done: Ran, code: str, exit_code: int) -> dict[str, Any]:
    """The error of a command, whose standard output must be one JSON object with it."""
    assert "Traceback" not in done.err
    assert done.code == exit_code, done
    said = done.json
    assert isinstance(said, dict), done
    assert set(said["error"]) == {"code", "message", "where", "advice"}
    assert said["error"]["code"] == code
    assert said["error"]["message"]
    assert done.err, "a person is told as well"
    return said["error"]


@pytest.mark.parametrize("command", COMMANDS)
def test_wrong_words(story: Story, command: str) -> None:
    for typed in (
        (*words(command), "--no-such-option", "--json"),
        ("--json", *words(command), "--no-such-option"),
        (*words(command), "one", "too", "many", "words", "--json"),
        ("-C", "nowhere", command, "--json"),
        (*words(command), "--color", "sometimes", "--json"),
    ):
        if command in MANY and "words" in typed:
            continue  # It takes any number of phases.
        error = failed(story.type(*typed), "usage", 2)
        assert error["advice"].endswith("--help")


@pytest.mark.parametrize("typed", [("stauts", "--json"), ("--json",), ("approve", "--json"), ("--json", "where")])
def test_words_that_name_no_command_or_lack_one(story: Story, typed: tuple[str, ...]) -> None:
    failed(story.type(*typed), "usage", 2)


def test_behind_two_dashes_it_is_no_option(story: Story) -> None:
    assert story.type("where", "--no-such-option", "--", "--json").ended(2).out == ""


def test_help_stays_help(story: Story) -> None:
    assert story.type("status", "--json", "--help").ended(0).out.startswith("Usage: migrate status")


@pytest.mark.parametrize("command", COMMANDS)
def test_outside_of_a_repository(story: Story, command: str, tmp_path: Path) -> None:
    error = failed(story.type(*words(command), "--json", cwd=tmp_path), "repository", 2)
    assert "is not in a git repository" in error["message"]


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in PLANLESS])
def test_a_wrong_plan(story: Story, command: str) -> None:
    story.begin(PLAN + "[[validation]]\nname = 7\n")
    error = failed(story.type(*words(command), "--json"), "plan", 2)
    assert error["where"].startswith("migrate.toml:")
    assert error["advice"] == f"fix that; then: migrate {' '.join(words(command))} --json"


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("raised", "code", "exit_code"),
    [
        (KeyboardInterrupt(), "interrupted", 130),
        (RuntimeError("ours"), "bug", 3),
        (OSError(errno.ENOSPC, "No space left on device"), "machine", 1),
    ],
    ids=["an interrupt", "a bug", "a full disk"],
)
def test_what_nobody_expects(
    story: Story,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    command: str,
    raised: BaseException,
    code: str,
    exit_code: int,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise raised

    story.begin()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("migrate.git.repository.Repository.open", broken)
    error = failed(story.type(*words(command), "--json"), code, exit_code)
    assert error["advice"]
    assert (error["where"] is not None) == (code == "bug")


@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in LOCKLESS])
def test_another_command_at_work(story: Story, command: str) -> None:
    story.begin().made("next")
    with locked(story.repository, "migrate run"):
        done = story.type(*words(command), "--yes", "--json")
    failed(done, "locked", 7)


def pending(story: Story) -> None:
    story.begin()


def made(story: Story) -> None:
    story.begin().made("next")


def broken(story: Story) -> None:
    story.begin(p01_break=BREAKING).type("next").ended(1)


def conflicting(story: Story) -> None:
    """A hand edit that does not fit on a base that has gone on."""
    story.begin()
    story.made("run")
    story.git("switch", "--quiet", FIRST)
    story.commit("By hand", {"new/a.txt": "by hand\n"})
    story.git("switch", "--quiet", "main")
    story.commit("Theirs", {"old/a.txt": "theirs\n"})


def colliding(story: Story) -> None:
    """A branch that does not fit on a base that has gone on."""
    story.begin()
    story.git("switch", "--quiet", "-c", "feature")
    story.commit("Mine", {"old/a.txt": "mine\n"})
    story.git("switch", "--quiet", "main")
    story.commit("Theirs", {"old/a.txt": "theirs\n"})
    story.made("next")


def pending_conflict(story: Story) -> None:
    conflicting(story)
    story.type("restack").ended(5)


def raising(story: Story) -> None:
    story.begin(p01_raise=RAISES)


def raises_now(story: Story) -> None:
    """A phase that ran, and raises on the base as it is now."""
    made(story)
    story.git("switch", "--quiet", "main")
    story.commit("Away", {"new/a.txt": "in the way\n"})


def fails_now(story: Story) -> None:
    """A phase that passed, and fails its validation on the base as it is now."""
    made(story)
    story.git("switch", "--quiet", "main")
    story.plan(PLAN.replace("test -e broken", "test -e guide.md -a ! -e old"))
    story.commit("Guide", {"guide.md": ""})


def referring(story: Story) -> None:
    story.begin(p01_move='"""Move."""\n\n\ndef apply(ws):\n    ws.move("old", "new")\n').made("next")


Row = tuple[Callable[[Story], None], tuple[str, ...], str, int]
ENDS: list[Row] = [
    (pending, ("validate",), "refused", 6),
    (pending, ("validate", "p01"), "refused", 6),
    (pending, ("verify",), "refused", 6),
    (pending, ("rollback",), "refused", 6),
    (pending, ("rollback", "p01"), "refused", 6),
    (pending, ("undo",), "refused", 6),
    (pending, ("redo",), "refused", 6),
    (pending, ("continue",), "refused", 6),
    (pending, ("abort",), "refused", 6),
    (pending, ("carry", "nowhere"), "refused", 6),
    (made, ("init",), "refused", 6),
    (pending, ("pr", "p01"), "refused", 6),
    (pending, ("pr", "p01", "--revert"), "refused", 6),
    (broken, ("next",), "refused", 6),
    (broken, ("run",), "refused", 6),
    (broken, ("plan",), "refused", 6),
    (pending, ("sync",), "repository", 2),
    (pending, ("analyze", "nowhere"), "repository", 2),
    (pending, ("status", "--plan", "nowhere.toml"), "plan", 2),
    (pending, ("approve", "p01", "smoke"), "plan", 2),
    (pending, ("pr", "p09"), "plan", 2),
    (pending, ("where", "../x"), "path", 2),
    (made, ("rollback", "p01"), "unanswered", 6),
    (made, ("undo",), "unanswered", 6),
    (raising, ("next",), "phase-failed", 1),
    (raising, ("run",), "phase-failed", 1),
    (raising, ("plan",), "phase-failed", 1),
    (raises_now, ("plan",), "phase-failed", 1),
    (raises_now, ("restack",), "phase-failed", 1),
    (broken, ("validate",), "validation-failed", 1),
    (fails_now, ("restack",), "validation-failed", 1),
    (conflicting, ("restack",), "conflict", 5),
    (colliding, ("carry", "feature"), "conflict", 5),
    (conflicting, ("plan",), "does-not-fit", 5),
    (pending_conflict, ("continue",), "unresolved", 5),
    (pending_conflict, ("next",), "refused", 6),
    (referring, ("verify",), "found", 1),
]


@pytest.mark.parametrize(
    ("begin", "typed", "code", "exit_code"), ENDS, ids=[f"{r[0].__name__}-{'-'.join(r[1])}" for r in ENDS]
)
def test_every_other_end(
    story: Story, begin: Callable[[Story], None], typed: tuple[str, ...], code: str, exit_code: int
) -> None:
    begin(story)
    done = story.type(*typed, "--json")
    error = failed(done, code, exit_code)
    assert error["message"] in done.err


def test_a_validation_that_fails_in_a_step(story: Story) -> None:
    for command in ("next", "run"):
        story.begin(p01_break=BREAKING)
        error = failed(story.type(command, "--json"), "validation-failed", 1)
        assert error["message"] == "p01-break failed check: main.c:7: it is broken"
        story.made("rollback", "--yes")


def test_what_failed_has_its_result_too(story: Story) -> None:
    story.begin(p01_break=BREAKING)
    done = story.type("next", "--json")
    assert done.json["made"] == ["p01-break"]
    assert done.json["phases"][0]["state"] == "failed"
    assert done.json["error"]["code"] == "validation-failed"


def test_what_verify_found_is_beside_its_error(story: Story) -> None:
    referring(story)
    assert story.type("verify", "--json").json["stale"]


def test_a_revert_that_fails_its_validations(clones: Clones) -> None:
    clones.ada.made("run")
    clones.ada.git("push", "--quiet", "origin", FIRST)
    clones.ada.git("switch", "--quiet", "main")
    clones.ada.plan(PLAN.replace("test -e broken", "test -e old"))
    error = failed(clones.ada.type("rollback", "p01", "--yes", "--json"), "validation-failed", 1)
    assert "revert-p01-move-old" in error["message"]


def test_what_a_remote_refuses(clones: Clones, tmp_path: Path) -> None:
    clones.ada.made("next")
    failed(clones.ada.type("sync", "--json"), "unanswered", 6)
    clones.bob.made("next", "--no-validate")
    clones.ada.made("sync", "--yes")
    clones.bob.write("mine.txt")
    clones.bob.commit("Mine")
    failed(clones.bob.type("sync", "--yes", "--json"), "refused", 6)
    other = clone(clones.ada, clones.origin, tmp_path / "c", "Cleo")
    other.git("remote", "set-url", "origin", str(tmp_path / "nowhere"))
    for command in ("sync", "restack", "land"):
        fetch = () if command == "sync" else ("--fetch",)
        failed(other.type(command, *fetch, "--json"), "repository", 2)


def test_an_answer_that_is_no(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    made(story)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("click.confirm", lambda *_, **__: False)
    before = story.refs()
    for command in (("rollback", "p01"), ("undo",)):
        done = story.type(*command, "--json")
        failed(done, "declined", 1)
        assert done.err.endswith("Nothing was changed.\n")
    assert story.refs() == before


@pytest.mark.parametrize("command", COMMANDS)
def test_what_succeeds_has_no_error(story: Story, tmp_path: Path, command: str) -> None:
    with prepared(story, tmp_path, command) as typed:
        done = story.type(*typed, "--json")
    assert done.code in (Exit.DONE, Exit.NOTHING_LEFT), done
    said = done.json
    assert isinstance(said, (dict, list))
    assert not isinstance(said, dict) or said.get("error") is None


@contextmanager
def prepared(story: Story, tmp_path: Path, command: str) -> Iterator[tuple[str, ...]]:
    """A repository in which a command succeeds, and how it is typed."""
    gate = '\n[[validation]]\nname = "smoke"\nmanual = "Look"\n'
    if command == "submit":
        with on_github(story, tmp_path):
            yield (*words(command), "--yes")
        return
    if command == "init":
        story.commit("Begin")
    elif command in ("continue", "abort"):
        pending_conflict(story)
        (slot,) = (
            Path(line[9:]) for line in story.git("worktree", "list", "--porcelain").split("\n") if "conflict-" in line
        )
        (slot / "new/a.txt").write_text("both\n")
    else:
        story.begin(PLAN + gate)
        story.git("branch", "feature")
        story.git("init", "--quiet", "--bare", str(tmp_path / "origin.git"))
        story.git("remote", "add", "origin", str(tmp_path / "origin.git"))
        story.made("next")
    if command == "redo":
        story.made("undo", "--yes")
    if command == "carry":
        story.git("switch", "--quiet", "feature")
        story.commit("Mine", {"mine.txt": ""})
    yield (*words(command), *(("--abandon",) if command == "finish" else ()), "--yes")


def test_an_interrupt_before_anything_is_imported(story: Story) -> None:
    early = "import sys, types; m = types.ModuleType('a'); m.__getattr__ = lambda name: (_ for _ in ()).throw(KeyboardInterrupt); "
    script = early + "sys.modules['migrate.cli.app'] = m; import migrate.__main__ as main; main.main()"
    for more in ([], ["--json"]):
        command = [PROGRAM[0], "-c", script, "status", *more]
        done = subprocess.run(command, cwd=story.path, capture_output=True, text=True, check=False)
        assert done.returncode == 130
        said = json.loads(done.stdout)["error"] if more else done.stdout
        assert said == (
            {"code": "interrupted", "message": "interrupted", "where": None, "advice": "migrate status"} if more else ""
        )


def test_what_cannot_be_written_is_a_bug_and_still_a_document(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.begin()
    monkeypatch.setattr("migrate.cli.status.phase_json", lambda _: {"id": object()})
    failed(story.type("status", "--json"), "bug", 3)


def test_status_says_by_its_error_what_its_exit_code_says(story: Story) -> None:
    story.begin()
    asked = ("status", "--exit-code", "--json")
    error = failed(story.type(*asked), "incomplete", 8)
    assert (error["message"], error["advice"]) == ("0 of 3 phases done", "migrate next")
    story.made("run")
    assert "error" not in story.type(*asked).ended(0).json
    story.commit("Break it", {"broken": ""})
    story.type("validate").ended(1)
    assert failed(story.type(*asked), "validation-failed", 1)["message"].startswith("p03-drop-notes failed check")
    story.git("reset", "--quiet", "--hard", "HEAD^")
    story.git("switch", "--quiet", FIRST)
    story.commit("By hand", {"new/a.txt": "by hand\n"})
    story.git("switch", "--quiet", "main")
    story.commit("On the base", {"old/a.txt": "on the base\n"})
    story.type("restack").ended(5)
    assert failed(story.type(*asked), "unresolved", 5)["advice"] == "migrate continue"


@pytest.mark.parametrize("command", [("status",), ("status", "p01"), ("log",), ("validate",), ("plan",)])
def test_the_next_command_is_that_of_a_person(story: Story, command: tuple[str, ...]) -> None:
    story.begin()
    (story.path / "migrate.toml").rename(story.path / "other.toml")
    story.made("--plan", "other.toml", "run", "--to", "p01")
    place = ("-C", str(story.path), "--plan", "other.toml")
    said = story.type(*place, *command, "--json", cwd=Path("/")).ended(0).json["next"]
    assert said == f"migrate -C {story.path} --plan other.toml next"


def test_every_kind_of_error_has_a_code_of_its_own() -> None:
    for module in pkgutil.walk_packages(migrate.__path__, "migrate."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    kinds = list(every_kind(MigrateError))
    assert all("code" in vars(kind) for kind in kinds)
    codes = [kind.code for kind in kinds]
    assert len(set(codes)) == len(codes)
    assert not {"usage", "bug", "interrupted"} & set(codes)
    assert all(isinstance(kind.exit_code, Exit) for kind in kinds)
    assert {Exit.DONE, Exit.BUG, Exit.NOTHING_LEFT}.isdisjoint(kind.exit_code for kind in kinds)


def every_kind(kind: type[MigrateError]) -> Iterator[type[MigrateError]]:
    yield kind
    for below in kind.__subclasses__():
        yield from every_kind(below)


def test_a_full_disk_does_not_print_half_of_it_and_a_message_twice(story: Story) -> None:
    story.begin()
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*PROGRAM, "status", "--json"], cwd=story.path, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr == "No space left on device\nNext: migrate status --json   (when that is fixed)\n"
