"""Clean up the import statements.

Every branch before this one compiles, either because it rewrote the imports of what it moved, or, with
`imports = "forward"` in the plan, because a package at each old place forwards to the new one. Those packages go, and
whoever imports one names the new place. Left over are the aliases that kept callers compiling where a package got
another name; they are replaced by the new names, so that code reads the way it would if it had been written today.

Then the proof. Group by group, every package stands at its new place and nothing is left at the old one; and no file
of any kind (imports, build scripts, workflows, images, documents, strings, comments) names a path that has moved, but
for changelogs and the records of this restructuring, which say what was. If one did, this phase would have failed and
named the file and the line.
"""

from collections import Counter

from migrate import Phase, PhaseError, Workspace
from migrate.engines.references.verify.stale import stale_references
from migrate.text import plural

from . import layout

PHASE = Phase(may_be_empty=True)


def apply(ws: Workspace) -> None:
    followed = ws.go.unforward()
    if followed:
        ws.note(f"{plural(followed, 'file')} named packages that forwarded from old places, which are gone now")
    changed = ws.go.unalias()
    if changed:
        ws.note(f"import names that the moves left behind give way to the packages' own in {plural(changed, 'file')}")
    checked = [check_group(ws, group) for group in layout.GROUPS]
    ws.note(f"at their new places alone: {'; '.join(said for said in checked if said)}")
    check_references(ws)


def check_group(ws: Workspace, group: layout.Group) -> str:
    """Check that the packages of a group stand at their new places alone; returns which they are.

    Raises `PhaseError` when something is still, or again, at an old one.
    """
    back = [package.old for package in group.packages if ws.is_folder(package.old)]
    if back:
        raise PhaseError(
            f'"{back[0]}" is there, though {group.folder} has its package now',
            advice="something was added at the old place: move it in the phase that moves the rest",
        )
    there = layout.present(ws, group.packages)
    return f"{group.folder} ({', '.join(package.name for package in there)})" if there else ""


def check_references(ws: Workspace) -> None:
    """Check that nothing names a path that has moved. Raises `PhaseError` with every place that does."""
    found = stale_references(ws.overlay, ws.history.then(ws.moved), ws.allowed)
    left = [item for item in found if item.reason is None]
    if left:
        places = "".join(f"\n    {item.path}:{item.line}: {item.old} is now {item.new}" for item in left)
        raise PhaseError(
            f"{plural(len(left), 'reference')} to moved paths left:{places}",
            advice="mend them in the phase that moves what they name, or allow them with a reason: [[allow]]",
        )
    reasons = Counter(item.reason for item in found)
    kept = "; ".join(f"{count} kept ({reason})" for reason, count in sorted(reasons.items(), key=str))
    ws.note(f"no stale reference to {plural(len(ws.history), 'moved path')}" + (f"; {kept}" if kept else ""))
