"""Move files that arrived at old places.

Since some phases have landed, colleagues put new files into folders that these phases took away: their branches began
before. This takes them to where everything else went, and lets what names the old places follow.
"""

from migrate.phase.relocation import relocate_late_files
from migrate.phase.workspace import Workspace


def apply(ws: Workspace) -> None:
    """Move each file to where the phases that landed moved its folder."""
    done = relocate_late_files(ws.overlay, ws.history, allowed=ws.allowed)
    ws.overlay.reset(done.overlay.entries)
    ws.moved = done.moves
    for note in done.notes:
        ws.note(note)
