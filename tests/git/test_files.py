"""Files of our own are written whole, removed whatever their permissions are, and measured as the disk has them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from migrate.git.files import remove_tree, size_of, write_file
from tests.conftest import BOUND_BY_PERMISSIONS

REMOVE = (
    "import sys; from pathlib import Path; from migrate.git.files import remove_tree; remove_tree(Path(sys.argv[1]))"
)


@pytest.mark.parametrize("mode", [0o555, 0o444, 0o111, 0])
def test_folders_are_removed_whatever_their_permissions_are(tmp_path: Path, mode: int) -> None:
    top = tmp_path / "top"
    deep = top / "a/b"
    deep.mkdir(parents=True)
    (deep / "file").touch()
    (deep / "link").symlink_to(tmp_path)
    for folder in (deep, deep.parent, top):
        folder.chmod(mode)
    subprocess.run([*BOUND_BY_PERMISSIONS, sys.executable, "-c", REMOVE, str(top)], check=True)
    assert not top.exists()
    assert tmp_path.is_dir()


def test_folders_are_removed_however_deep_they_are(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    place = os.open(top, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=place)
        below = os.open("d", os.O_RDONLY, dir_fd=place)
        os.close(place)
        place = below
    os.close(place)
    remove_tree(top)
    assert not os.path.lexists(top)


def test_removing_follows_no_symlink(tmp_path: Path) -> None:
    (tmp_path / "kept/below").mkdir(parents=True)
    (tmp_path / "kept").chmod(0o555)
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder/link").symlink_to(tmp_path / "kept")
    for name in ("link", "folder", "not there"):
        remove_tree(tmp_path / name)
    assert [place.name for place in tmp_path.rglob("*")] == ["kept", "below"]
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o555
    (tmp_path / "kept").chmod(0o755)


def test_writing_replaces_what_is_there_and_follows_no_symlink(tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_bytes(b"theirs")
    (tmp_path / "link").symlink_to(target)
    (tmp_path / "folder/x").mkdir(parents=True)
    for name in ("link", "folder", "new", "target"):
        write_file(tmp_path / name, b"ours")
        assert (tmp_path / name).read_bytes() == b"ours"
        assert not (tmp_path / name).is_symlink()
        if name == "link":
            assert target.read_bytes() == b"theirs"
    assert sorted(place.name for place in tmp_path.iterdir()) == ["folder", "link", "new", "target"]


def test_writing_what_is_there_already_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "file"
    write_file(file, b"same")
    before = file.stat().st_ino
    write_file(file, b"same")
    assert file.stat().st_ino == before


def test_size_is_what_the_disk_has_with_each_file_counted_once(tmp_path: Path) -> None:
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/file").write_bytes(b"x" * 100_000)
    os.link(tmp_path / "a/file", tmp_path / "a/b/again")
    (tmp_path / "a/link").symlink_to("/usr")
    said = subprocess.check_output(["du", "--block-size=1", "-s", str(tmp_path / "a")], text=True)
    assert size_of(tmp_path / "a") == int(said.split()[0])
    assert size_of(tmp_path / "not there") == 0
