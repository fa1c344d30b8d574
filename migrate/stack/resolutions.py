"""How conflicts were resolved before, kept for the next time that they come: one commit under a ref of its own.

A conflict comes again after one more commit of the base, and in the clone of a colleague. So what a person made of it
is kept when the command that asked is done, and shared like all else. The newest stand last, and the oldest go.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from migrate.errors import GitFailedError
from migrate.git.objects import CommitId, TreeId
from migrate.git.repository import Repository
from migrate.text import encode

KEY = re.compile(r"(?:file-)?[0-9a-f]{16}")
"""What a conflict is known by (`merging.digest`); what is pushed may have other names."""
MOST = 200
"""So many are kept."""


def read_resolutions(repository: Repository, oid: CommitId | None) -> dict[str, TreeId]:
    """What is kept, oldest first; nothing where nobody can read it: then a person is asked again."""
    if oid is None:
        return {}
    try:
        shown = repository.git.text("log", "-1", "--no-show-signature", "--encoding=UTF-8", "--format=%b", oid)
        listed = json.loads(shown)
        lines = (line.partition("\t") for line in repository.git.run("ls-tree", "-z", oid).fields())
        there = {
            name: TreeId(about.split()[2]) for about, _, name in lines if KEY.fullmatch(name) and " tree " in about
        }
        return {str(key): there[key] for key in listed if key in there}
    except (GitFailedError, ValueError, TypeError, RecursionError):
        return {}


def write_resolutions(repository: Repository, old: CommitId | None, new: Mapping[str, TreeId]) -> CommitId:
    """A commit with what was kept and what is new, on top of the old one. No ref moves."""
    before = {key: tree for key, tree in read_resolutions(repository, old).items() if key not in new}
    trees = dict([*before.items(), *new.items()][-MOST:])
    listed = "".join(f"040000 tree {oid}\t{key}\n" for key, oid in trees.items())
    tree = repository.git.run("mktree", stdin=listed.encode()).text
    message = f"Resolved conflicts\n\n{json.dumps(list(trees))}\n"
    parents = ("-p", old) if old is not None else ()
    return CommitId(repository.git.run("commit-tree", tree, *parents, "-F", "-", stdin=encode(message)).text)
