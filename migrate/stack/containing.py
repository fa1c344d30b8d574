"""Whether a commit has what changes from one commit to another, as the files of both show.

It only reads: no driver of a merge runs, and nothing is written into the repository.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from migrate.errors import GitFailedError
from migrate.git.merge import changed_paths
from migrate.git.objects import CommitId, TreeEntry
from migrate.git.repository import Repository
from migrate.limits import SEARCHED_TEXT_BYTES
from migrate.tree.moves import MoveMap


def has_change(
    repository: Repository, commit: CommitId, before: CommitId, after: CommitId, moves: MoveMap, start: CommitId
) -> bool:
    """Whether a commit has all that changes from `before` to `after`, and did not have it all along, since `start`.

    Others may have changed the same files besides; `moves` tells where these were before. What this clone lacks shows
    nothing.
    """
    try:
        paths = sorted(changed_paths(repository, before, after))
        origins = {path: moves.inverse().resolve(path) for path in paths}
        old = repository.objects.entries_of(before, sorted({*paths, *origins.values()}))
        new, there, first = (repository.objects.entries_of(each, paths) for each in (after, commit, start))
        return first != there and all(
            is_in(repository, old.get(path, old.get(origins[path])), new.get(path), there.get(path)) for path in paths
        )
    except GitFailedError:
        return False


def is_in(repository: Repository, old: TreeEntry | None, new: TreeEntry | None, there: TreeEntry | None) -> bool:
    """Whether a file has what changes from `old` to `new`: a merge of it with `new` is the file as it is."""
    if new == there:
        return True
    if old is None or new is None or there is None or new.mode not in (old.mode, there.mode):
        return False
    if new.oid in (old.oid, there.oid):
        return True
    if there.oid == old.oid or not all(each.is_text_candidate for each in (old, new, there)):
        return False
    wanted = [there.oid, old.oid, new.oid]
    if max(repository.objects.sizes_of(wanted).values()) > SEARCHED_TEXT_BYTES:
        return False
    with TemporaryDirectory(prefix="migrate-") as folder:
        files = [Path(folder) / name for name in ("there", "old", "new")]
        for file, oid in zip(files, wanted, strict=True):
            file.write_bytes(repository.objects.blob(oid))
        # It ends with the number of conflicts, or with 255 where a file is no text.
        merged = repository.git.run("merge-file", "-p", *map(str, files), accept=range(256))
        return merged.code == 0 and merged.stdout == files[0].read_bytes()
