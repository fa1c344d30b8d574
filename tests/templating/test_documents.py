"""What people wrote is never half gone: a file is whole, the old or the new one, and it is the one that was meant."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from migrate.describe.markers import mark_generated, renew_generated
from migrate.errors import RefusedError
from migrate.git import files
from migrate.templating.documents import create_document, read_document, write_document
from tests.conftest import BOUND_BY_PERMISSIONS

OLD, NEW = mark_generated("pllm p03", "old text"), mark_generated("pllm p03", "new text")


def test_what_was_there_is_never_written_into(tmp_path: Path) -> None:
    file, same = tmp_path / "p.md", tmp_path / "same file"
    file.write_bytes(b"old\r\n")
    os.link(file, same)
    write_document(tmp_path, file, b"new\r\n")
    assert (file.read_bytes(), same.read_bytes()) == (b"new\r\n", b"old\r\n")


@pytest.mark.parametrize("call", ["fchmod", "fdopen"])
def test_a_write_that_ends_early_leaves_the_old_file_and_nothing_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    file = tmp_path / "p.md"
    file.write_bytes(b"old")

    def broken(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(files.os, call, broken)
    with pytest.raises(KeyboardInterrupt):
        write_document(tmp_path, file, b"new")
    with pytest.raises(KeyboardInterrupt):
        create_document(tmp_path, tmp_path / "q.md", b"new")
    assert [(place.name, place.read_bytes()) for place in tmp_path.iterdir()] == [("p.md", b"old")]


def test_permissions_stay_and_a_new_file_has_the_usual_ones(tmp_path: Path) -> None:
    (tmp_path / "usual").touch()
    for name, mode in (("a", 0o640), ("b", 0o755)):
        (tmp_path / name).touch(mode)
        (tmp_path / name).chmod(mode)
        write_document(tmp_path, tmp_path / name, b"new")
        assert (tmp_path / name).stat().st_mode & 0o7777 == mode
    write_document(tmp_path, tmp_path / "new", b"")
    create_document(tmp_path, tmp_path / "newer", b"")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "newer").stat().st_mode
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_file_that_may_not_be_written_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "p.md"
    file.write_bytes(b"old")
    file.chmod(0o444)
    asked = "import sys; from pathlib import Path; from migrate.templating.documents import *; p = Path(sys.argv[1])"
    done = subprocess.run(
        [*BOUND_BY_PERMISSIONS, sys.executable, "-c", f"{asked}; read_document(p.parent, p, 100)", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "PermissionError" in done.stderr


def test_no_symlink_leads_out_of_the_folder(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    for place in (outside, folder):
        place.mkdir()
    (outside / "p.md").write_bytes(b"theirs")
    (folder / "p.md").symlink_to(outside / "p.md")
    (folder / "q.md").symlink_to("../outside/new.md")
    (folder / "sub").symlink_to(outside)
    for name in ("p.md", "q.md", "sub/r.md"):
        for act in (lambda at: write_document(folder, at, b"x"), lambda at: read_document(folder, at, 9)):
            with pytest.raises(RefusedError, match="is a symlink that leads out of"):
                act(folder / name)
    with pytest.raises(RefusedError):
        create_document(folder, folder / "sub/r.md", b"x")
    assert [(place.name, place.read_bytes()) for place in outside.iterdir()] == [("p.md", b"theirs")]


def test_a_symlink_inside_the_folder_stays_one(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_bytes(b"old")
    (tmp_path / "p.md").symlink_to("real.md")
    write_document(tmp_path, tmp_path / "p.md", b"new")
    assert (tmp_path / "p.md").is_symlink()
    assert (tmp_path / "real.md").read_bytes() == b"new"


@pytest.mark.parametrize("has_links", [True, False])
def test_a_new_file_never_takes_the_place_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_links: bool
) -> None:
    if not has_links:

        def refused(*_: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(files.os, "link", refused)
    create_document(tmp_path, tmp_path / "p.md", b"first")
    with pytest.raises(FileExistsError):
        create_document(tmp_path, tmp_path / "p.md", b"second")
    assert [(place.name, place.read_bytes()) for place in tmp_path.iterdir()] == [("p.md", b"first")]


def test_a_new_file_whose_other_name_cannot_be_taken_away_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlink, failed = Path.unlink, []

    def fails_once(path: Path, missing_ok: bool = False) -> None:
        if not failed:
            failed.append(path)
            raise PermissionError(13, "Permission denied", str(path))
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", fails_once)
    with pytest.raises(PermissionError):
        create_document(tmp_path, tmp_path / "p.md", b"first")
    assert failed
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_and_a_file_without_end_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"x" * 11)
    for name, said in (("pipe", "not a regular file"), ("large", "larger than")):
        with pytest.raises(OSError, match=said) as found:
            read_document(tmp_path, tmp_path / name, 10)
        assert found.value.filename == str(tmp_path / name)


@pytest.mark.parametrize("start", ["", "\ufeff", "Mine.\n\n", "\ufeffMine  \n\n"])
def test_line_ends_are_those_of_the_person_and_every_byte_of_theirs_stays(start: str) -> None:
    there = f"{start}{OLD}\nThanks!  \n".replace("\n", "\r\n")
    assert renew_generated(there, NEW) == there.replace("old", "new")
    assert renew_generated(renew_generated(there, OLD), NEW) == there.replace("old", "new")


def test_the_first_description_beside_a_persons_text_has_their_line_ends() -> None:
    assert renew_generated("Mine.\r\n", NEW) == "Mine.\r\n\r\n" + NEW.replace("\n", "\r\n")
