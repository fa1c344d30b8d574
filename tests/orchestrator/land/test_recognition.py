"""How the base has one file that a phase moved, rewrote, wrote or deleted."""

from __future__ import annotations

import pytest

from migrate.git.objects import TreeEntry
from migrate.orchestrator.land.recognition import Presence, presence
from migrate.tree.changes import FileChange

OLD, NEW, OTHER = (TreeEntry("100644", digit * 40) for digit in "123")
RUN = TreeEntry("100755", OLD.oid)

THERE, MISSING, DIFFERENT = Presence.THERE, Presence.MISSING, Presence.DIFFERENT

REWRITTEN = FileChange("f", "f", OLD, NEW)
MODE = FileChange("f", "f", OLD, RUN)
MOVED = FileChange("old/f", "new/f", OLD, OLD)
BOTH = FileChange("old/f", "new/f", OLD, NEW)
WRITTEN = FileChange(None, "f", None, NEW)
DELETED = FileChange("f", None, OLD, None)


@pytest.mark.parametrize(
    ("file", "base", "expected"),
    [
        (REWRITTEN, {"f": NEW}, THERE),
        (REWRITTEN, {"f": OLD}, MISSING),
        (REWRITTEN, {"f": OTHER}, DIFFERENT),
        (REWRITTEN, {}, DIFFERENT),
        (MODE, {"f": RUN}, THERE),
        (MODE, {"f": OLD}, MISSING),
        (MODE, {"f": OTHER}, DIFFERENT),
        (MOVED, {"new/f": OLD}, THERE),
        (MOVED, {"old/f": OLD}, MISSING),
        (MOVED, {"old/f": OTHER}, DIFFERENT),
        (MOVED, {"new/f": OTHER}, DIFFERENT),
        (MOVED, {"old/f": OLD, "new/f": OLD}, MISSING),  # A copy: the old place was never taken away.
        (MOVED, {"old/f": OTHER, "new/f": OLD}, DIFFERENT),
        (MOVED, {}, DIFFERENT),
        (BOTH, {"new/f": NEW}, THERE),
        (BOTH, {"new/f": OLD}, DIFFERENT),
        (BOTH, {"old/f": OLD}, MISSING),
        (BOTH, {"old/f": NEW}, DIFFERENT),
        (BOTH, {"old/f": OLD, "new/f": NEW}, MISSING),
        (BOTH, {}, DIFFERENT),
        (WRITTEN, {"f": NEW}, THERE),
        (WRITTEN, {"f": OTHER}, DIFFERENT),
        (WRITTEN, {}, MISSING),
        (DELETED, {}, THERE),
        (DELETED, {"f": OLD}, MISSING),
        (DELETED, {"f": OTHER}, DIFFERENT),
        (DELETED, {"f": RUN}, DIFFERENT),
    ],
)
def test_a_file_is_there_missing_or_different(file: FileChange, base: dict[str, TreeEntry], expected: Presence) -> None:
    made = {(file.new_path, file.new)} if file.new_path else set()
    assert presence({**base, "unrelated": OTHER}, file, made) is expected


@pytest.mark.parametrize(
    ("file", "above", "base", "expected"),
    [
        (REWRITTEN, ("f", OTHER), {"f": OTHER}, THERE),
        (REWRITTEN, ("g", NEW), {"g": NEW}, THERE),
        (REWRITTEN, ("g", NEW), {"f": OLD}, MISSING),
        (REWRITTEN, ("g", NEW), {"f": OLD, "g": NEW}, MISSING),
        (REWRITTEN, ("f", None), {}, THERE),
        (MOVED, ("newer/f", OLD), {"newer/f": OLD}, THERE),
        (MOVED, ("newer/f", OLD), {"old/f": OLD, "newer/f": OLD}, MISSING),
        (MOVED, ("newer/f", OLD), {"newer/f": OTHER}, DIFFERENT),
        (MOVED, ("new/f", None), {}, THERE),
        (MOVED, ("new/f", None), {"old/f": OLD}, MISSING),
        (WRITTEN, ("g", NEW), {"g": NEW}, THERE),
        (WRITTEN, ("g", NEW), {"g": OTHER}, DIFFERENT),
        (WRITTEN, ("g", NEW), {}, MISSING),
    ],
)
def test_a_file_counts_as_there_also_as_a_phase_above_makes_it(
    file: FileChange, above: tuple[str, TreeEntry | None], base: dict[str, TreeEntry], expected: Presence
) -> None:
    assert presence(base, file, {(file.new_path or "", file.new), above}) is expected
