"""Moving modules with rope, in a Python that has it: `python by_rope.py FOLDER OLD NEW [OLD NEW ...]`."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from posixpath import basename, dirname, splitext


def move(folder: Path, old: str, new: str) -> None:
    """Move one module or package, and rename it where it gets another name."""
    project = import_module("rope.base.project").Project(str(folder), ropefolder=None)
    resource = project.get_resource(old)
    if new == f"{splitext(old)[0]}/__init__.py":
        project.do(import_module("rope.refactor.topackage").ModuleToPackage(project, resource).get_changes())
        return
    if dirname(old) != dirname(new):
        (folder / dirname(new)).mkdir(parents=True, exist_ok=True)
        target = project.get_resource(dirname(new)) if dirname(new) else project.root
        project.do(import_module("rope.refactor.move").create_move(project, resource).get_changes(target))
        resource = project.get_resource(f"{dirname(new)}/{basename(old)}".lstrip("/"))
    if basename(old) != basename(new):
        name = splitext(basename(new))[0]
        project.do(import_module("rope.refactor.rename").Rename(project, resource).get_changes(name))
    project.close()


if __name__ == "__main__":
    for pair in zip(sys.argv[2::2], sys.argv[3::2], strict=True):
        move(Path(sys.argv[1]), *pair)
