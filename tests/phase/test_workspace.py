"""What a phase's `apply` edits."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.errors import MigrateError, PathError, PhaseError
from migrate.git.objects import EXECUTABLE, REGULAR, SUBMODULE, SYMLINK, Objects, TreeEntry
from migrate.git.writer import CommitWriter, commit_identity
from migrate.phase.workspace import Workspace
from migrate.text import encode
from migrate.tree.editable_tree import Match
from migrate.tree.globs import glob_matches, glob_regex
from migrate.tree.moves import MoveMap
from migrate.tree.overlay import Overlay

if TYPE_CHECKING:
    from tests.conftest import Sandbox

STRANGE = [
    'a b/it\'s "x".txt',
    "ä/日本\n語.txt",
    "back\\slash/tab\there",
    "-rf",
    "raw/\udcff\udcfe.bin",
    "#x",
    " lead/trail ",
]


@pytest.fixture
def ws(repo: Sandbox) -> Workspace:
    """A small tree with a file of every kind."""
    (repo.path / "lib").mkdir()
    (repo.path / "lib/link").symlink_to("../target")
    repo.write("lib/run.sh", "#!/bin/sh\n").chmod(0o755)
    repo.commit(
        "base",
        {
            "README.md": "see lib/a.go\nand lib/a.go\n",
            "lib/a.go": "package lib\n",
            "lib/deep/b.go": "package deep\n",
            "other/c.go": "package other\n",
            ".gitignore": "*.log\ndata/\n",
        },
    )
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{repo.git('rev-parse', 'HEAD')},lib/module")
    repo.git("commit", "--quiet", "-m", "submodule")
    return Workspace(Overlay.of(repo.repository.objects, repo.git("rev-parse", "HEAD")))


def committed(repo: Sandbox, ws: Workspace) -> str:
    """A commit of what the workspace made."""
    with CommitWriter(repo.repository, commit_identity(repo.repository)) as writer:
        return writer.commit("x", (ws.overlay.anchor,), ws.overlay.changes(), ws.overlay.written.get)


# -- reading ----------------------------------------------------------------------------------------------------


def test_reading_gives_what_the_commit_holds(ws: Workspace) -> None:
    assert ws.read("lib/a.go") == b"package lib\n"
    assert ws.read_text("README.md").startswith("see lib")
    assert ws.files("lib/deep") == ["lib/deep/b.go"]
    assert ws.exists("lib/deep/")
    assert ws.is_folder("")
    assert not ws.exists("lib/none")


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("lib/A.go", 'there is no file "lib/A.go"; did you mean "lib/a.go"?'),
        ("lib/link", '"lib/link" is a symlink, not a file'),
        ("lib/module", '"lib/module" is a submodule, not a file'),
        ("lib", 'there is no file "lib"'),
    ],
)
def test_what_is_no_file_cannot_be_read(ws: Workspace, path: str, why: str) -> None:
    with pytest.raises(PathError) as refused:
        ws.read(path)
    assert refused.value.message.startswith(why)


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", ".git/config", "a/.GIT/x", "", "a\0b", "git~1/x"])
def test_every_verb_refuses_a_path_out_of_the_tree(ws: Workspace, path: str) -> None:
    for verb in (
        lambda: ws.read(path),
        lambda: ws.write(path, "x"),
        lambda: ws.move("README.md", path),
        lambda: ws.move(path, "x"),
        lambda: ws.exists(path),
        lambda: ws.render("t", path),
    ):
        with pytest.raises(MigrateError):
            verb()
    assert ws.overlay.changes() == {}


def test_globs_find_files_by_name_and_folder(ws: Workspace) -> None:
    assert ws.glob("**/*.go") == ["lib/a.go", "lib/deep/b.go", "other/c.go"]
    assert ws.glob("lib/*.go", "READ?E.md") == ["README.md", "lib/a.go"]
    assert ws.glob("lib/**") == ["lib/a.go", "lib/deep/b.go", "lib/link", "lib/module", "lib/run.sh"]
    assert ws.glob("[lo]*/[!a]*.go") == ["other/c.go"]
    assert ws.glob("li**b.go") == ["lib/deep/b.go"]
    assert glob_matches("a/b.md", ["*.md", "a/*"])
    assert not glob_matches("a/b.md", ["*.md"])


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.lists(
        st.sampled_from(["a", "b*", "*", "**", "?", "[ab]c", "[!a]", "*.go", "[]a]", "[[]", "[&&a]", "[a-c]"]),
        min_size=1,
        max_size=4,
    ).map("/".join),
    st.lists(
        st.lists(st.sampled_from(["a", "b", "bc", "ac", "x.go", "[", "]", "&"]), min_size=1, max_size=4).map("/".join),
        min_size=20,
        max_size=40,
    ),
)
def test_a_path_pattern_means_what_it_means_to_git(repo: Sandbox, pattern: str, paths: list[str]) -> None:
    repo.write(".gitattributes", f"/{pattern} seen\n")
    command = ["git", "check-attr", "-z", "--stdin", "seen"]
    stdin = "".join(f"{path}\0" for path in paths).encode()
    fields = subprocess.run(command, cwd=repo.path, input=stdin, capture_output=True, check=True).stdout.decode()
    said = iter(fields.split("\0")[:-1])
    regex = glob_regex(pattern)
    for path, _, value in zip(said, said, said, strict=True):
        assert (regex.fullmatch(path) is not None) == (value == "set"), path


def test_grep_gives_lines_that_count_from_one(ws: Workspace) -> None:
    assert ws.grep("lib/a.go") == [Match("README.md", 1, "see lib/a.go"), Match("README.md", 2, "and lib/a.go")]
    assert ws.grep(re.compile(r"^package \w+$"), "lib/**") == [
        Match("lib/a.go", 1, "package lib"),
        Match("lib/deep/b.go", 1, "package deep"),
    ]
    assert ws.grep("package", "*.md") == []


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The blobs whose content was read, in a tree that is too large to be read whole."""
    monkeypatch.setattr("migrate.tree.overlay.IN_MEMORY", -1)
    monkeypatch.setattr("migrate.tree.editable_tree.READ_AT_ONCE", 1)
    names: list[str] = []
    blobs = Objects.blobs

    def noted(self: Objects, oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        for oid, content in blobs(self, oids):
            names.append(oid)
            yield oid, content

    monkeypatch.setattr(Objects, "blobs", noted)
    return names


@pytest.mark.parametrize("pattern", ["wanted", re.compile(r"^wanted( \w+)?$")])
def test_only_files_that_may_match_are_read(repo: Sandbox, read: list[str], pattern: str | re.Pattern[str]) -> None:
    repo.commit("base", {f"f{number}.txt": f"{number}\n" for number in range(9)} | {"at/here.txt": "1\nwanted\n"})
    ws = Workspace(Overlay.of(repo.repository.objects, repo.git("rev-parse", "HEAD")))
    assert ws.grep(pattern, "**/*.txt") == [Match("at/here.txt", 2, "wanted")]
    assert ws.replace(re.compile("wanted$"), "found", "**") == 1
    assert {path for path, entry in ws.overlay.base.items() if entry.oid in read} == {"at/here.txt"}


def test_a_file_that_is_too_large_is_named_and_not_read(
    repo: Sandbox, read: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("migrate.limits.SEARCHED_TEXT_BYTES", 100)
    repo.commit("base", {"small.txt": "wanted\n", "large.txt": "wanted\n" * 20, "other.bin": "x" * 200})
    ws = Workspace(Overlay.of(repo.repository.objects, repo.git("rev-parse", "HEAD")))
    assert ws.grep("wanted", "**") == [Match("small.txt", 1, "wanted")]
    assert ws.replace("wanted", "found", "**") == 1
    assert ws.notes == ["1 file was not searched, because of more than 16 MB: large.txt"]
    assert {path for path, entry in ws.overlay.base.items() if entry.oid in read} == {"small.txt"}


# -- writing ----------------------------------------------------------------------------------------------------


def test_a_file_keeps_its_mode_unless_told_otherwise(ws: Workspace) -> None:
    ws.write("lib/run.sh", "#!/bin/bash\n")
    ws.write("lib/a.go", "x", executable=True)
    ws.write("new", "x")
    modes = [ws.overlay.entries[path].mode for path in ("lib/run.sh", "lib/a.go", "new")]
    assert modes == [EXECUTABLE, EXECUTABLE, REGULAR]
    ws.write("lib/run.sh", "x", executable=False)
    assert ws.overlay.entries["lib/run.sh"].mode == REGULAR


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("lib/link", "is a symlink or a submodule"),
        ("lib/module", "is a symlink or a submodule"),
        ("lib/link/x", 'goes through the symlink "lib/link"'),
        ("lib/link/x/y", 'goes through the symlink "lib/link"'),
        ("lib/module/x", 'goes through the file "lib/module"'),
        ("README.md/x", 'goes through the file "README.md"'),
        ("lib", '"lib" is a folder'),
        ("x/debug.log", '.gitignore:1 "*.log" hides'),
    ],
)
def test_writing_through_a_link_over_a_folder_or_where_git_would_not_look_is_refused(
    ws: Workspace, path: str, why: str
) -> None:
    with pytest.raises(PathError) as refused:
        ws.write(path, "x")
    assert why in refused.value.message
    assert ws.overlay.changes() == {}


def test_a_tracked_file_that_a_rule_hides_can_still_be_written(repo: Sandbox) -> None:
    repo.commit("a", {"debug.log": "1"})
    repo.commit("b", {".gitignore": "*.log\n"})
    ws = Workspace(Overlay.of(repo.repository.objects, repo.git("rev-parse", "HEAD")))
    ws.write("debug.log", "2")
    assert ws.read("debug.log") == b"2"


def test_bytes_that_are_no_utf8_survive_reading_and_writing_as_text(ws: Workspace) -> None:
    ws.write("x", b"\xff\xfe caf\xe9\r\n")
    ws.write("y", ws.read_text("x"))
    assert ws.read("y") == b"\xff\xfe caf\xe9\r\n"


def test_deleting_takes_a_file_or_a_whole_folder(ws: Workspace) -> None:
    ws.delete("README.md")
    ws.delete("lib/")
    assert ws.files() == [".gitignore", "other/c.go"]
    with pytest.raises(PathError, match=r'nothing at "othr/c.go" to delete; did you mean "other/c.go"\?'):
        ws.delete("othr/c.go")


# -- moving -----------------------------------------------------------------------------------------------------


def test_modes_links_and_submodules_in_a_moved_folder_survive(repo: Sandbox, ws: Workspace) -> None:
    before = {path: entry for path, entry in ws.overlay.entries.items() if path.startswith("lib/")}
    ws.move("lib", "pkg/lib")
    after = repo.repository.objects.tree(committed(repo, ws))
    assert {path: after.get("pkg/" + path) for path in before} == before
    assert {entry.mode for entry in before.values()} == {REGULAR, EXECUTABLE, SYMLINK, SUBMODULE}
    assert not any(path.startswith("lib/") for path in after)


def test_swaps_chains_and_a_child_that_goes_elsewhere_are_one_step(ws: Workspace) -> None:
    ws.relocate({"lib": "other", "other": "lib", "lib/deep": "deep", "lib/run.sh": "lib/run.sh"})
    assert ws.files() == [
        ".gitignore",
        "README.md",
        "deep/b.go",
        "lib/c.go",
        "lib/run.sh",
        "other/a.go",
        "other/link",
        "other/module",
    ]
    assert ws.moved.resolve("lib/run.sh") == "lib/run.sh"
    assert ws.moved.resolve("lib/deep/b.go") == "deep/b.go"


def test_a_folder_can_move_below_itself_but_a_file_cannot(ws: Workspace) -> None:
    ws.move("lib", "lib/inner")
    assert ws.exists("lib/inner/deep/b.go")
    with pytest.raises(PathError, match="cannot move below itself"):
        ws.move("README.md", "README.md/x")


def test_a_folder_can_change_the_case_of_its_name(repo: Sandbox, ws: Workspace) -> None:
    repo.git("config", "core.ignoreCase", "true")
    ws.move("lib/deep", "lib/Deep")
    assert "lib/Deep/b.go" in repo.repository.objects.tree(committed(repo, ws))


def test_moves_of_one_phase_are_recorded_as_one_map_of_what_was_there_before(ws: Workspace) -> None:
    ws.move("lib", "tmp")
    ws.move("tmp", "pkg/lib")
    ws.write("fresh/x", "x")
    ws.move("fresh", "elsewhere")
    assert ws.moved == MoveMap({"lib": "pkg/lib"})


def test_a_move_from_where_nothing_is_may_be_passed_over(ws: Workspace) -> None:
    ws.move("nope", "b", missing="skip")
    ws.relocate({"nope": "b", "other": "b"}, missing="skip")
    assert ws.files("b") == ["b/c.go"]
    assert dict(ws.moved) == {"other": "b"}


def test_a_place_that_the_same_phase_emptied_is_passed_over_too(ws: Workspace) -> None:
    ws.move("other", "b")
    ws.move("other", "c", missing="skip")
    assert dict(ws.moved) == {"other": "b"}


def test_a_verb_says_more_of_missing_places_than_its_workspace(ws: Workspace) -> None:
    lenient = Workspace(ws.overlay, missing="skip")
    lenient.move("nope", "b")
    assert not lenient.overlay.changes()
    for verb in (lambda: lenient.move("nope", "b", missing="fail"), lambda: ws.move("nope", "b")):
        with pytest.raises(PathError) as refused:
            verb()
        assert refused.value.message.startswith('there is nothing at "nope" to move')


def test_a_passed_over_move_is_still_checked_for_what_can_never_be_meant(ws: Workspace) -> None:
    with pytest.raises(PathError):
        ws.move("nope", "../b", missing="skip")
    with pytest.raises(PhaseError) as refused:
        ws.move("other", "b", missing="ignore")  # type: ignore[arg-type]
    assert refused.value.message == 'missing="ignore" is neither "fail" nor "skip"'


@pytest.mark.parametrize(
    ("moves", "why"),
    [
        ({"lib/a.go": "README.md"}, '"README.md" is there already'),
        ({"lib/a.go": "readme.MD"}, '"README.md" is there already'),
        ({"lib/a.go": "README.md/a.go"}, '"README.md" is there already'),
        ({"lib/a.go": "lib/link/a.go"}, '"lib/link" is there already'),
        ({"lib/a.go": "other"}, '"other" is a folder'),
        ({"lib/a.go": "x", "README.md": "x"}, '"x" is there already'),
        ({"lib/a.go": "x", "README.md": "X"}, '"x" is there already'),
        ({"lib/a.go": "x", "README.md": "x/y"}, '"x" is there already'),
        ({"README.md": "x/y", "lib/a.go": "x"}, '"x" is a folder'),
        ({"lib/none": "x"}, 'there is nothing at "lib/none" to move'),
        ({"othr": "x"}, 'there is nothing at "othr" to move; did you mean "other"?'),
        ({"other": "data/other"}, '.gitignore:2 "data/" hides "data/other/c.go"'),
        ({"README.md": "x.log"}, '.gitignore:1 "*.log" hides "x.log"'),
    ],
)
def test_a_move_onto_something_is_refused_and_nothing_moves(ws: Workspace, moves: dict[str, str], why: str) -> None:
    with pytest.raises(PathError) as refused:
        ws.relocate(moves)
    assert why in refused.value.message
    assert ws.overlay.changes() == {}
    assert ws.moved == MoveMap()


def test_the_way_out_of_a_hidden_destination_works(repo: Sandbox, ws: Workspace) -> None:
    with pytest.raises(PathError) as refused:
        ws.move("other", "services/data/other")
    assert refused.value.advice == 'allow it in the phase first: ws.gitignore.unhide("services/data")'
    ws.gitignore.unhide("services/data")
    ws.move("other", "services/data/other")
    repo.git("checkout", "--quiet", committed(repo, ws))
    repo.write("services/data/other/new.go", "package other\n")
    repo.git("add", "services/data/other/new.go")
    assert "services/data/other/new.go" in repo.git("ls-files")


@pytest.mark.parametrize("old", STRANGE)
def test_strange_paths_survive_from_the_overlay_to_the_tree(repo: Sandbox, old: str) -> None:
    repo.commit("base", {old: "old\n", "gone": ""})
    ws = Workspace(Overlay.of(repo.repository.objects, repo.git("rev-parse", "HEAD")))
    ws.move(old, "moved/" + old)
    ws.write(old, "new\n")
    ws.delete("gone")
    listed = repo.git("ls-tree", "-r", "-z", "--name-only", committed(repo, ws)).split("\0")[:-1]
    assert listed == sorted([old, "moved/" + old], key=encode)
    assert ws.grep("old") == [Match("moved/" + old, 1, "old")]


# -- replacing, rendering, running ------------------------------------------------------------------------------


def test_replacing_takes_text_as_it_is_and_expressions_with_groups(ws: Workspace) -> None:
    ws.write("docs/a.md", "a.b a.b axb\n")
    assert ws.replace("a.b", r"\1", "docs/*.md") == 2
    assert ws.read_text("docs/a.md") == "\\1 \\1 axb\n"
    assert ws.replace(re.compile(r"package (\w+)"), r"package x\1", "**/*.go", expect=3) == 3
    assert ws.read_text("lib/a.go") == "package xlib\n"


def test_replacing_nothing_or_another_number_of_places_is_an_error(ws: Workspace) -> None:
    with pytest.raises(PhaseError, match="found 0 places for 'nowhere', not any"):
        ws.replace("nowhere", "x", "**")
    with pytest.raises(PhaseError, match="found 2 places"):
        ws.replace("lib/a.go", "x", "README.md", expect=1)
    with pytest.raises(PhaseError, match="needs the files"):
        ws.replace("lib/a.go", "x")


def test_a_template_of_the_plan_is_rendered_to_a_file(repo: Sandbox, ws: Workspace, tmp_path: Path) -> None:
    (tmp_path / "readme.j2").write_text("# {{ title }}\n")
    ws = Workspace(ws.overlay, templates=tmp_path)
    ws.render("readme.j2", "pkg/README.md", title="Packages")
    assert ws.read_text("pkg/README.md") == "# Packages\n"


def test_what_a_tool_leaves_behind_becomes_the_tree(repo: Sandbox, ws: Workspace) -> None:
    asked: list[tuple[str, ...]] = []

    def tool(overlay: Overlay, command: object) -> dict[str, TreeEntry]:
        asked.append(tuple(command))  # type: ignore[arg-type]
        return {path: entry for path, entry in overlay.entries.items() if path != "README.md"}

    ws = Workspace(ws.overlay, run_tool=tool)
    ws.run("gofmt", "-w", ".")
    assert asked == [("gofmt", "-w", ".")]
    assert ws.overlay.changes() == {"README.md": None}


def test_without_a_slot_no_tool_runs(ws: Workspace) -> None:
    with pytest.raises(PhaseError, match="no slot"):
        ws.run("true")


def test_notes_and_todos_become_one_line_each(ws: Workspace) -> None:
    ws.note("two\n  lines ")
    ws.todo("decide\nthis")
    assert ws.notes == ["two lines"]
    assert ws.todos == ["decide this"]
