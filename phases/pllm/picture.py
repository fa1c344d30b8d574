"""The tree of a program's folders as documents draw it, with a few words behind each name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from migrate import Workspace

from . import layout

TOPS = ("cmd", "pkg", "internal")
LINE = re.compile(r"(?P<indent>[│├└─|`+\- \t]*)(?P<name>[\w.@-]+)/?(?:[ \t]+(?:#|//|-|—)[ \t]*(?P<words>\S.*))?")


def draw(name: str, folders: Iterable[str], words: Mapping[str, str]) -> str:
    """Draw folders below the folder `name`; `words` are set behind them, in one column."""
    shown = sorted(set(folders))
    lines = [(f"{name}/", "")]
    lines += [(stem(folder, shown) + folder.rpartition("/")[2] + "/", words.get(folder, "")) for folder in shown]
    width = max(len(line) for line, said in lines if said or line) + 1
    return "\n".join(f"{line:<{width}} # {said}" if said else line for line, said in lines)


def stem(folder: str, shown: list[str]) -> str:
    """The branches in front of a folder's name."""
    parts = folder.split("/")
    marks = []
    for depth in range(1, len(parts) + 1):
        place = "/".join(parts[:depth])
        parent = place.rpartition("/")[0]
        last = max(other for other in shown if other.rpartition("/")[0] == parent) == place
        if depth == len(parts):
            marks.append("└── " if last else "├── ")
        else:
            marks.append("    " if last else "│   ")
    return "".join(marks)


def program_folders(ws: Workspace) -> list[str]:
    """The folders below cmd/, pkg/ and internal/ that hold Go files, and those above them."""
    found = set()
    for path in ws.glob(*(f"{top}/**/*.go" for top in TOPS)):
        folder = path.rpartition("/")[0]
        while folder and "testdata" not in folder.split("/"):
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return sorted(found)


def words_of(ws: Workspace, drawing: str) -> dict[str, str]:
    """What to say of each folder: the words that a drawing had for it before it moved, else the plan's."""
    said = {group.folder: group.title for group in layout.GROUPS}
    said |= {package.new: package.holds for group in layout.GROUPS for package in group.packages}
    said |= {"cmd": "Programs", "internal": "What only this repository's programs need"}
    said |= {layout.SERVICES: "Business logic, grouped by domain"}
    moved = ws.history.then(ws.moved)
    return said | {moved.resolve(path): words for path, words in read(drawing).items()}


def read(drawing: str) -> dict[str, str]:
    """The words behind each folder of a drawing."""
    open_: list[tuple[int, str]] = []
    said = {}
    for line in drawing.split("\n")[1:]:
        found = LINE.fullmatch(line)
        if found is None:
            continue
        indent = len(found["indent"])
        open_ = [(depth, name) for depth, name in open_ if depth < indent] + [(indent, found["name"])]
        if found["words"]:
            said["/".join(name for _, name in open_)] = found["words"].strip()
    return said
